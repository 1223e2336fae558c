import type { Work } from './work.ts';

/** The tail is at most so long before it is made flat. */
const LONGEST_TAIL = 16_384;

/**
 * A string made of many small pieces. Engines keep a string that was added to as a tree of its pieces, each larger than the bytes
 * in it; so what has been added is made flat from time to time.
 */
export class TextBuilder {
  private readonly work: Work;
  private flat = '';
  private tail = '';

  constructor(work: Work) {
    this.work = work;
  }

  /** @throws LuaError if no string can be so long */
  add(piece: string): void {
    if (piece.length > LONGEST_TAIL) {
      this.flatten();
      this.work.makeString(this.flat.length + piece.length);
      this.flat += piece;
    } else {
      this.tail += piece;
      if (this.tail.length > LONGEST_TAIL) this.flatten();
    }
  }

  /** All that was added. */
  finish(): string {
    return this.flat + this.tail;
  }

  private flatten(): void {
    const { flat, tail } = this;
    this.work.makeString(flat.length + tail.length + LONGEST_TAIL);
    // Asking for a char makes the tree a string.
    if (tail.charCodeAt(0) >= 0) this.flat = flat + tail;
    this.tail = '';
  }
}
