/** `a % b`: what is left of a after floor(a / b) times b, with the sign of b. */
export function remainder(a: number, b: number): number {
  // As the reference computes it, rounding errors and infinities included.
  return a - Math.floor(a / b) * b;
}

/** `a ^ b` as C's pow has it, which knows an answer where JavaScript's says NaN. */
export function power(a: number, b: number): number {
  if (a === 1 || (a === -1 && (b === Infinity || b === -Infinity))) return 1;
  return a ** b;
}
