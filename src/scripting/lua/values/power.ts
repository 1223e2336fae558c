/**
 * C's `pow`, which is `^` and `math.pow`: as JavaScript's, but that 1 to any power is 1, and so is -1 to an infinite one.
 */
export function power(base: number, exponent: number): number {
  if (exponent === 2) return base * base;
  if (base === 1) return 1;
  if (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY) return 1;
  return base ** exponent;
}
