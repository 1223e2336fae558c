/** Bytes that are written at their end and cut off there: the content of a file in memory. */
export class GrowingBytes {
  private room = new Uint8Array(0);
  private used = 0;

  get sizeBytes(): number {
    return this.used;
  }

  /** Amortised O(appended). */
  append(bytes: Uint8Array): void {
    const needed = this.used + bytes.length;
    if (needed > this.room.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.room.length, 64));
      larger.set(this.room.subarray(0, this.used));
      this.room = larger;
    }
    this.room.set(bytes, this.used);
    this.used = needed;
  }

  /** Cuts off what is behind so many bytes; less than that stays as it is. */
  truncate(sizeBytes: number): void {
    if (sizeBytes >= this.used) return;
    this.used = sizeBytes;
    if (this.room.length > 64 && sizeBytes < this.room.length / 4) this.room = this.room.slice(0, sizeBytes);
  }

  /** A copy of so many bytes from there, fewer where they end. */
  read(offset: number, lengthBytes: number): Uint8Array {
    return this.room.slice(Math.min(offset, this.used), Math.min(offset + lengthBytes, this.used));
  }
}
