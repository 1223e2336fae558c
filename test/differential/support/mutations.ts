import { randomFrom } from './random-sampler.ts';

/** Bytes that mean something where lengths and kinds are told. */
const TELLING = [
  0, 1, 2, 3, 19, 20, 63, 64, 127, 128, 129, 191, 192, 193, 194, 195, 224, 240, 241, 244, 254, 255,
];
const MOST_CHANGES = 3;

/** Damages values, as RDB writes them: what was a value comes out as one that is nearly so. */
export class Mutator {
  private readonly random: () => number;
  private readonly bodies: readonly Uint8Array[];

  constructor(seed: number, bodies: readonly Uint8Array[]) {
    this.random = randomFrom(seed);
    this.bodies = bodies;
  }

  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  next(): Uint8Array {
    let bytes: Uint8Array = this.pick().slice();
    for (let left = 1 + this.below(MOST_CHANGES); left > 0; left--) bytes = this.change(bytes);
    return bytes;
  }

  private pick(): Uint8Array {
    return this.bodies[this.below(this.bodies.length)]!;
  }

  private change(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const { length } = bytes;
    if (length < 2) return Uint8Array.from(this.pick());
    const at = this.below(length);
    switch (this.below(8)) {
      case 0:
      case 1:
        return Uint8Array.from(bytes).with(at, bytes[at]! ^ (1 << this.below(8)));
      case 2:
      case 3:
        return Uint8Array.from(bytes).with(at, TELLING[this.below(TELLING.length)]!);
      case 4:
        return Uint8Array.from(bytes).with(at, (bytes[at]! + (this.below(2) === 0 ? 1 : 255)) & 255);
      case 5:
        return Uint8Array.from(bytes.subarray(0, at + 1));
      case 6: {
        const count = 1 + this.below(9);
        const kept = [...bytes.subarray(0, at), ...bytes.subarray(Math.min(at + count, length))];
        return Uint8Array.from(kept);
      }
      default: {
        const other = this.pick();
        const from = this.below(other.length);
        const part = other.subarray(from, from + 1 + this.below(40));
        return Uint8Array.from([...bytes.subarray(0, at), ...part, ...bytes.subarray(at)]);
      }
    }
  }
}
