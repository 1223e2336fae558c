import type { ByteString } from '../bytes/byte-string.ts';
import type { Database } from './database.ts';
import { Entry, NEVER, type Stored } from './entry.ts';
import type { AccessTracker } from './eviction/access-tracker.ts';
import { accessOf, note } from './eviction/uses.ts';
import { release, restore } from './undo.ts';

/** What a key held. */
export interface SavedKey {
  /** Nothing, a bare string, or an entry that held the following. */
  readonly stored: Stored | undefined;
  /** The value itself, as long as nothing has changed it in place. */
  readonly value: unknown;
  /** What makes one like it, once, if something has. */
  makeValue: (() => unknown) | undefined;
  readonly expiresAtMs: number;
  /** What was noted of its uses. */
  readonly access: number;
}

/**
 * Keys of any database, each as it was before it was changed for the first time. No databases have been exchanged
 * meanwhile.
 */
export class SavedKeys {
  readonly databases = new Map<Database, Map<ByteString, SavedKey>>();
  /** What noted the uses of keys when the first of these was saved. */
  tracker: AccessTracker | undefined = undefined;
  /** Most keys that follow one another are of the same database. */
  private lastDatabase: Database | undefined = undefined;
  private lastKeys: Map<ByteString, SavedKey> | undefined = undefined;

  /** `undefined` if the key was saved before. O(1). */
  save(database: Database, key: ByteString): SavedKey | undefined {
    const keys = this.keysOf(database);
    if (keys.has(key)) return undefined;
    if (this.databases.size === 1 && keys.size === 0) this.tracker = database.keyspace.access;
    const saved = savedOf(database, key);
    keys.set(key, saved);
    return saved;
  }

  protected keysOf(database: Database): Map<ByteString, SavedKey> {
    if (database === this.lastDatabase) return this.lastKeys!;
    let keys = this.databases.get(database);
    if (keys === undefined) {
      keys = this.added(database);
      this.databases.set(database, keys);
    }
    this.lastDatabase = database;
    this.lastKeys = keys;
    return keys;
  }

  /** A key of this database is saved for the first time. */
  protected added(_database: Database): Map<ByteString, SavedKey> {
    return new Map();
  }

  has(database: Database, key: ByteString): boolean {
    return this.databases.get(database)?.has(key) === true;
  }

  get size(): number {
    let size = 0;
    for (const keys of this.databases.values()) size += keys.size;
    return size;
  }

  get(database: Database, key: ByteString): SavedKey | undefined {
    return this.databases.get(database)?.get(key);
  }

  set(database: Database, key: ByteString, saved: SavedKey): void {
    this.keysOf(database).set(key, saved);
  }

  /** Knows nothing of this database any more; answers what it knew. */
  take(database: Database): ReadonlyMap<ByteString, SavedKey> | undefined {
    const keys = this.databases.get(database);
    this.databases.delete(database);
    if (database === this.lastDatabase) this.lastDatabase = undefined;
    return keys;
  }

  get all(): SavedKey[] {
    return Array.from(this.databases.values(), (keys) => [...keys.values()]).flat();
  }

  /**
   * Every key holds again what was saved. O(keys).
   *
   * @param appeared called for each that is in the map again, where it was not just now
   */
  putBack(appeared?: (database: Database, key: ByteString) => void): void {
    // An entry may have moved from key to key, so all of them are let go of before any comes back.
    for (const [database, keys] of this.databases) for (const key of keys.keys()) release(database, key);
    for (const [database, keys] of this.databases) {
      const isNoted = database.keyspace.access === this.tracker;
      for (const [key, saved] of keys) {
        if (restore(database, key, saved)) appeared?.(database, key);
        if (!isNoted) startNoting(database, key);
      }
    }
  }
}

/** What was noted of the key's uses, meant something to another tracker. */
function startNoting(database: Database, key: ByteString): void {
  const held = database.map.get(key);
  if (held !== undefined) note(database, held, database.keyspace.access?.start() ?? 0);
}

function savedOf(database: Database, key: ByteString): SavedKey {
  const held = database.map.get(key);
  const stored = database.storedOf(held);
  const access = accessOf(database, held);
  return typeof stored === 'object'
    ? { stored, value: stored.value, makeValue: undefined, expiresAtMs: stored.expiresAtMs, access }
    : { stored, value: undefined, makeValue: undefined, expiresAtMs: NEVER, access };
}

/**
 * Saved values that are still the very ones that they were: nothing has changed them in place since. They are known by
 * themselves, whichever entry and key have them now, and copied once something is about to.
 */
export class UncopiedValues {
  private readonly savedKeys = new Map<unknown, SavedKey[]>();

  add(saved: SavedKey): void {
    // Strings of JavaScript never change.
    if (typeof saved.value !== 'object') return;
    const others = this.savedKeys.get(saved.value);
    if (others === undefined) this.savedKeys.set(saved.value, [saved]);
    else others.push(saved);
  }

  /** What the key holds is about to be changed in place. O(n of the value), the first time. */
  copy(database: Database, key: ByteString): void {
    const entry = database.map.get(key);
    if (!(entry instanceof Entry)) return;
    const { kind, value } = entry;
    const savedKeys = this.savedKeys.get(value);
    if (savedKeys === undefined) return;
    // One each: what is brought back first may change again before the next is.
    for (const saved of savedKeys) saved.makeValue = kind.save?.(value) ?? always(kind.clone(value));
    this.savedKeys.delete(value);
  }

  /** This one will not be brought back any more. O(1), unless very many have the same value. */
  forget(saved: SavedKey): void {
    const savedKeys = this.savedKeys.get(saved.value);
    const at = savedKeys?.indexOf(saved) ?? -1;
    if (at < 0) return;
    if (savedKeys!.length === 1) this.savedKeys.delete(saved.value);
    else savedKeys!.splice(at, 1);
  }

  get size(): number {
    return this.savedKeys.size;
  }
}

function always<T>(value: T): () => T {
  return () => value;
}
