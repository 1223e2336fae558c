import { type ByteString, byteLength, compareBytes, sliceBytes } from '../../bytes/byte-string.ts';

/**
 * Values under prefixes of keys, found by a key in O(different lengths of prefixes), however many prefixes there are.
 *
 * A prefix that is text begins a key exactly if its string begins the key's. One that is not may end in the midst of a
 * character of the key: those are few, and compared one by one.
 */
export class KeyPrefixes<V> {
  private readonly texts = new Map<ByteString, V>();
  /** How many texts have so many units. */
  private readonly lengths = new Map<number, number>();
  private readonly others = new Map<ByteString, V>();
  /** In the order of their bytes, until a prefix comes or goes. */
  private inOrder: readonly (readonly [ByteString, V])[] | undefined = undefined;

  get size(): number {
    return this.texts.size + this.others.size;
  }

  get(prefix: ByteString): V | undefined {
    return this.texts.get(prefix) ?? this.others.get(prefix);
  }

  /** Adds a prefix that is not there. */
  set(prefix: ByteString, value: V): void {
    this.inOrder = undefined;
    if (!prefix.isWellFormed()) {
      this.others.set(prefix, value);
      return;
    }
    this.texts.set(prefix, value);
    this.lengths.set(prefix.length, (this.lengths.get(prefix.length) ?? 0) + 1);
  }

  /** Removes a prefix that is there. */
  delete(prefix: ByteString): void {
    this.inOrder = undefined;
    if (this.others.delete(prefix)) return;
    this.texts.delete(prefix);
    const left = this.lengths.get(prefix.length)! - 1;
    if (left === 0) this.lengths.delete(prefix.length);
    else this.lengths.set(prefix.length, left);
  }

  /** Visits what is under each prefix that the key begins with. */
  forEachOf(key: ByteString, visit: (value: V) => void): void {
    for (const length of this.lengths.keys()) {
      if (length > key.length) continue;
      const value = this.texts.get(key.slice(0, length));
      if (value !== undefined) visit(value);
    }
    for (const [prefix, value] of this.others) if (startsWithBytes(key, prefix)) visit(value);
  }

  /** Everything, in the byte order of the prefixes. */
  sorted(): readonly (readonly [ByteString, V])[] {
    this.inOrder ??= [...this.texts, ...this.others].sort(([a], [b]) => compareBytes(a, b));
    return this.inOrder;
  }
}

/** Whether the bytes of `value` begin with those of `prefix`. */
export function startsWithBytes(value: ByteString, prefix: ByteString): boolean {
  if (value.startsWith(prefix)) return true;
  if (prefix.isWellFormed()) return false;
  const length = byteLength(prefix);
  return length <= byteLength(value) && sliceBytes(value, 0, length) === prefix;
}
