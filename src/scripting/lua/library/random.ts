/** 0x5DEECE66D, the multiplier of the generator, in two parts. */
const MULTIPLIER_HIGH = 0x5de;
const MULTIPLIER_LOW = 0xec_e66d;
const INCREMENT = 11;
/** What the lower 16 bits are after seeding. */
const SEEDED_LOW = 0x330e;
/** The seed of a generator that nobody has seeded. */
const FIRST_SEED = 0x1234_abcd;
const LARGEST = 0x7fff_ffff;

/**
 * The random numbers of Redis's scripts: the 48-bit generator of `lrand48`. A server begins with one seed, always the
 * same, and goes on from script to script until one seeds it.
 */
export class RandomState {
  /** The upper and the lower 24 of the 48 bits. */
  private high = 0;
  private low = 0;

  constructor() {
    this.seed(FIRST_SEED);
  }

  /** Begins anew, with an integer of 32 bits. */
  seed(seed: number): void {
    this.high = seed >>> 8;
    this.low = ((seed & 0xff) << 16) | SEEDED_LOW;
  }

  /** The next number, from 0 up to but without 1. */
  next(): number {
    // state × multiplier + increment, modulo 2^48: no product of halves is beyond 2^53.
    const low = this.low * MULTIPLIER_LOW + INCREMENT;
    const carry = Math.floor(low / 2 ** 24);
    const cross = this.high * MULTIPLIER_LOW + this.low * MULTIPLIER_HIGH + carry;
    this.low = low % 2 ** 24;
    this.high = cross % 2 ** 24;
    // The upper 31 bits.
    const drawn = this.high * 2 ** 7 + (this.low >>> 17);
    return (drawn % LARGEST) / LARGEST;
  }
}
