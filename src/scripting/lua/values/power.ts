/**
 * C's `pow`, which is `^` and `math.pow`. JavaScript's may be off by a few units in the last place (`10 ** -278` of V8 is),
 * where that of the reference is not: so whole powers are made with twice the digits, and rounded once.
 */
export function power(base: number, exponent: number): number {
  if (exponent === 2) return base * base;
  if (exponent === 0.5 && base > 0) return Math.sqrt(base);
  // 1 to any power is 1, and so is -1 to an infinite one.
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1;
  const result = base ** exponent;
  const magnitude = Math.abs(result);
  if (!Number.isInteger(exponent) || !(magnitude >= LEAST && magnitude <= MOST)) return result;
  return wholePower(base, exponent);
}

/** Results between these, and what it takes to get at them, have all their digits. */
const LEAST = 1e-290;
const MOST = 1e290;

/** Cuts a double of 53 bits into two of 26. */
const SPLITTER = 2 ** 27 + 1;
/** Where mantissas are brought back into the middle, so that no product leaves the range. */
const LARGE = 2 ** 100;

/**
 * By squaring, with numbers that are sums of two doubles. Both the power so far and the square are kept near 1, their
 * powers of 2 beside them.
 */
function wholePower(base: number, exponent: number): number {
  let high = 1;
  let low = 0;
  let scale = 0;
  let squareHigh = base;
  let squareLow = 0;
  let squareScale = 0;
  for (let rest = Math.abs(exponent); ; ) {
    if (Math.abs(squareHigh) > LARGE) {
      squareHigh /= LARGE;
      squareLow /= LARGE;
      squareScale += 100;
    } else if (Math.abs(squareHigh) < 1 / LARGE) {
      squareHigh *= LARGE;
      squareLow *= LARGE;
      squareScale -= 100;
    }
    if (rest % 2 === 1) {
      const product = high * squareHigh;
      const error = productError(high, squareHigh, product) + (high * squareLow + low * squareHigh);
      high = product + error;
      low = error - (high - product);
      scale += squareScale;
      if (Math.abs(high) > LARGE) {
        high /= LARGE;
        low /= LARGE;
        scale += 100;
      } else if (Math.abs(high) < 1 / LARGE) {
        high *= LARGE;
        low *= LARGE;
        scale -= 100;
      }
    }
    rest = Math.floor(rest / 2);
    if (rest === 0) break;
    const square = squareHigh * squareHigh;
    const error = productError(squareHigh, squareHigh, square) + 2 * squareHigh * squareLow;
    squareHigh = square + error;
    squareLow = error - (squareHigh - square);
    squareScale *= 2;
  }
  if (exponent > 0) return scaled(high, scale);
  const inverse = 1 / high;
  const product = inverse * high;
  // 1 - inverse × (high + low), which is what is missing.
  const missing = 1 - product - productError(inverse, high, product) - inverse * low;
  return scaled(inverse + inverse * missing, -scale);
}

/** left × right - product, exactly. */
function productError(left: number, right: number, product: number): number {
  const leftUp = left * SPLITTER;
  const leftHigh = leftUp - (leftUp - left);
  const leftLow = left - leftHigh;
  const rightUp = right * SPLITTER;
  const rightHigh = rightUp - (rightUp - right);
  const rightLow = right - rightHigh;
  return leftLow * rightLow - (product - leftHigh * rightHigh - leftLow * rightHigh - leftHigh * rightLow);
}

/** value × 2^scale, exactly: in two steps, since the power may be out of range where the product is not. */
function scaled(value: number, scale: number): number {
  const half = Math.trunc(scale / 2);
  return value * 2 ** half * 2 ** (scale - half);
}
