import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Library, LibraryFunction } from './library.ts';

/**
 * Libraries, and all their functions by name. A function is found whatever the case of its name's letters; libraries are not.
 *
 * Invariants:
 *
 * 1. {@link functions} has exactly the names of the functions of {@link libraries}, in lower case.
 */
export class LibrarySet {
  readonly libraries = new Map<ByteString, Library>();
  private readonly functions = new Map<string, LibraryFunction>();

  get functionCount(): number {
    return this.functions.size;
  }

  find(name: ByteString): LibraryFunction | undefined {
    return this.functions.get(name) ?? this.functions.get(lowerCase(name));
  }

  /**
   * Adds a library, in the place of one of the same name if it may.
   *
   * @throws ReplyError if it may not, or another library has a function of the same name; nothing is changed then
   */
  add(library: Library, isReplacing: boolean): void {
    const old = this.libraries.get(library.name);
    if (old !== undefined && !isReplacing) throw errors.libraryExists(library.name);
    if (old !== undefined) this.removeFunctions(old);
    for (const { name } of library.functions.values()) {
      if (!this.functions.has(lowerCase(name))) continue;
      if (old !== undefined) this.addFunctions(old);
      throw errors.functionExists(name);
    }
    if (old !== undefined) this.libraries.delete(library.name);
    this.libraries.set(library.name, library);
    this.addFunctions(library);
  }

  /**
   * Adds all libraries of another set, in the place of those of the same names if they may.
   *
   * @throws ReplyError if they may not, or a library that stays has a function of the same name; nothing is changed then
   */
  join(others: LibrarySet, isReplacing: boolean): void {
    const before = this.clone();
    try {
      for (const name of others.libraries.keys()) {
        const old = this.libraries.get(name);
        if (old === undefined) continue;
        if (!isReplacing) throw errors.restoredLibraryExists(name);
        this.delete(name);
      }
      for (const library of others.libraries.values()) this.add(library, false);
    } catch (error) {
      this.clear();
      for (const library of before.libraries.values()) this.add(library, false);
      throw error;
    }
  }

  /** @throws ReplyError if there is none of this name */
  delete(name: ByteString): void {
    const library = this.libraries.get(name);
    if (library === undefined) throw errors.libraryNotFound();
    this.libraries.delete(name);
    this.removeFunctions(library);
  }

  clear(): void {
    this.libraries.clear();
    this.functions.clear();
  }

  /** The same libraries, in a set of its own. O(functions). */
  clone(): LibrarySet {
    const copy = new LibrarySet();
    for (const library of this.libraries.values()) copy.add(library, false);
    return copy;
  }

  private addFunctions({ functions }: Library): void {
    for (const one of functions.values()) {
      const key = lowerCase(one.name);
      // A library may have two that differ by the case of their letters: only one of them can be called.
      if (!this.functions.has(key)) this.functions.set(key, one);
    }
  }

  private removeFunctions({ functions }: Library): void {
    for (const { name } of functions.values()) this.functions.delete(lowerCase(name));
  }

  /** For tests: throws if the invariant does not hold. */
  checkInvariants(): void {
    const names = new Set<string>();
    for (const { functions } of this.libraries.values()) {
      for (const { name } of functions.values()) names.add(lowerCase(name));
    }
    const known = [...this.functions.keys()];
    if (known.length !== names.size || known.some((name) => !names.has(name))) {
      throw new Error(`functions ${known.join()}, of ${[...names].join()}`);
    }
  }
}

/** Names are ASCII, so the host's lower case is Redis's. */
function lowerCase(name: ByteString): string {
  return name.toLowerCase();
}
