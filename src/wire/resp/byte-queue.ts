/** The smallest buffer that is allocated to join chunks. */
const SMALLEST_BUFFER = 256;
const EMPTY = new Uint8Array(0);

/**
 * Bytes that have arrived and are not consumed yet, always in one piece: `bytes[start, end)`.
 *
 *     bytes   consumed      pending          room (only in a buffer of its own)
 *            |-------------|================|--------------|
 *            0             start            end            bytes.length
 *
 * A chunk that finds the queue empty is used where it lies, so whole requests are never copied. A chunk that
 * finds a rest is joined to it in a buffer of the queue's own, which doubles when it is full: feeding n bytes
 * costs O(n) however small the chunks are. The reader consumes by moving `start`.
 */
export class ByteQueue {
  bytes: Uint8Array = EMPTY;
  start = 0;
  end = 0;
  /** Whether `bytes` was allocated here. A caller's chunk is never written to. */
  private owned = false;

  /** How many bytes are pending. */
  get length(): number {
    return this.end - this.start;
  }

  /** Adds a chunk at the end. The chunk must not change until it is consumed. Amortised O(chunk). */
  append(chunk: Uint8Array): void {
    const pending = this.end - this.start;
    if (pending === 0) {
      this.bytes = chunk;
      this.start = 0;
      this.end = chunk.length;
      this.owned = false;
      return;
    }
    const needed = pending + chunk.length;
    if (!this.owned || this.end + chunk.length > this.bytes.length) this.makeRoom(needed);
    this.bytes.set(chunk, this.end);
    this.end += chunk.length;
  }

  /** Moves what is pending to the front of a buffer of at least `needed` bytes. */
  private makeRoom(needed: number): void {
    const pending = this.end - this.start;
    if (this.owned && needed <= this.bytes.length >> 1) {
      // At least half of the buffer becomes free, which pays for the move.
      this.bytes.copyWithin(0, this.start, this.end);
    } else {
      const doubled = this.owned ? this.bytes.length * 2 : 0;
      const grown = new Uint8Array(Math.max(needed, doubled, SMALLEST_BUFFER));
      grown.set(this.bytes.subarray(this.start, this.end));
      this.bytes = grown;
      this.owned = true;
    }
    this.start = 0;
    this.end = pending;
  }

  /** Forgets everything. */
  clear(): void {
    this.bytes = EMPTY;
    this.start = 0;
    this.end = 0;
    this.owned = false;
  }
}
