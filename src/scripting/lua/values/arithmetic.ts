export { power } from './power.ts';

/** `a % b`: what is left of a after floor(a / b) times b, with the sign of b. */
export function remainder(a: number, b: number): number {
  // As the reference computes it, rounding errors and infinities included.
  return a - Math.floor(a / b) * b;
}
