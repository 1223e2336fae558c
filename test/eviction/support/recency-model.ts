import { Model } from './model.ts';

/** The least recent key goes: exactly, by a linked list of all. Per key, who is next to it; the last place is the ring's own. */
abstract class RecencyModel extends Model {
  private readonly older: Uint32Array;
  private readonly newer: Uint32Array;
  private readonly ring: number;

  constructor(capacity: number, keyCount: number) {
    super(capacity, keyCount);
    this.ring = keyCount;
    this.older = new Uint32Array(keyCount + 1).fill(keyCount);
    this.newer = new Uint32Array(keyCount + 1).fill(keyCount);
  }

  protected victim(): number {
    return this.newer[this.ring]!;
  }

  protected joined(key: number): void {
    const newest = this.older[this.ring]!;
    this.older[key] = newest;
    this.newer[key] = this.ring;
    this.newer[newest] = key;
    this.older[this.ring] = key;
  }

  protected left(key: number): void {
    this.newer[this.older[key]!] = this.newer[key]!;
    this.older[this.newer[key]!] = this.older[key]!;
  }

  protected wasWritten(key: number): void {
    this.left(key);
    this.joined(key);
  }
}

/** The key goes that was not used for longest. */
export class ExactLru extends RecencyModel {
  protected wasRead(key: number): void {
    this.wasWritten(key);
  }
}

/** The key goes that was not written for longest; that it was read counts for nothing. */
export class ExactLrm extends RecencyModel {
  protected wasRead(): void {}
}
