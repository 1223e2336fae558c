/**
 * Bytes that have come in and are not dealt with yet. What comes while there are none is not copied.
 *
 *     buffer  [ dropped | bytes (start … end) | room ]
 */
export class ByteBacklog {
  #buffer: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  /** Whether the buffer is the caller's, and must not be changed. */
  #isBorrowed = true;

  get length(): number {
    return this.#end - this.#start;
  }

  /** A view, until the next call of {@link add}. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /** Puts more bytes behind them. They are the caller's again when all have been dropped, or more are added. Amortised O(bytes). */
  add(bytes: Uint8Array): void {
    const { length } = this;
    if (length === 0) {
      this.#buffer = bytes;
      this.#start = 0;
      this.#end = bytes.length;
      this.#isBorrowed = true;
      return;
    }
    const needed = length + bytes.length;
    if (this.#isBorrowed || this.#buffer.length < needed) {
      const larger = new Uint8Array(Math.max(needed, 2 * length));
      larger.set(this.bytes);
      this.#buffer = larger;
      this.#isBorrowed = false;
      this.#start = 0;
    } else if (this.#buffer.length - this.#end < bytes.length) {
      this.#buffer.copyWithin(0, this.#start, this.#end);
      this.#start = 0;
    }
    this.#buffer.set(bytes, this.#start + length);
    this.#end = this.#start + needed;
  }

  /** The first so many are dealt with. */
  drop(count: number): void {
    this.#start += count;
  }
}
