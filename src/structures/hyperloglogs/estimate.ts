import { RANK_BITS, REGISTER_COUNT } from './element-place.ts';

/**
 * How many different elements a HyperLogLog has probably seen: Otmar Ertl's improved estimator ("New cardinality
 * estimation algorithms for HyperLogLog sketches", 2017, algorithm 6). It needs nothing but how many registers hold each
 * value, and neither tables of corrections nor another method for few elements.
 */

/** 1 / (2 ln 2) */
const ALPHA = 0.7213475204444817;
/** What C's rounding of an infinite number to 64 bits gives, which Redis then tells. */
const OVERFLOW = -(2n ** 63n);
const TWO_TO_63 = 2 ** 63;

/**
 * The estimate. A `bigint` beyond 2^53, which only registers bring about that no elements have made.
 *
 * @param histogram how many registers hold each value
 */
export function estimate(histogram: Int32Array): number | bigint {
  let sum = REGISTER_COUNT * tau((REGISTER_COUNT - histogram[RANK_BITS + 1]!) / REGISTER_COUNT);
  for (let value = RANK_BITS; value >= 1; value--) sum = 0.5 * (sum + histogram[value]!);
  sum += REGISTER_COUNT * sigma(histogram[0]! / REGISTER_COUNT);
  const exact = (ALPHA * REGISTER_COUNT * REGISTER_COUNT) / sum;
  if (!(exact < TWO_TO_63)) return OVERFLOW;
  const whole = Math.floor(exact);
  const rounded = exact - whole >= 0.5 ? whole + 1 : whole;
  return Number.isSafeInteger(rounded) ? rounded : BigInt(rounded);
}

/** What registers that hold nothing contribute, `share` of all. */
function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let sum = share;
  for (let power = share, weight = 1, before = Number.NaN; sum !== before; weight += weight) {
    power *= power;
    before = sum;
    sum += power * weight;
  }
  return sum;
}

/** What registers that are as full as elements make them take away; `share` is that of all others. */
function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let sum = 1 - share;
  for (let root = share, weight = 1, before = Number.NaN; sum !== before; ) {
    root = Math.sqrt(root);
    before = sum;
    weight *= 0.5;
    sum -= (1 - root) * (1 - root) * weight;
  }
  return sum / 3;
}
