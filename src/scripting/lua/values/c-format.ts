/**
 * Numbers as C's `printf` writes them, to the last digit: halves that are exact go to the even digit, where JavaScript's
 * `toFixed` and `toPrecision` go up.
 */

export interface FormatSpecification {
  /** Any of `-+ #0`. */
  readonly flags: string;
  /** The least number of chars. */
  readonly width: number;
  /** Digits, meaning what the conversion makes of it; `undefined`: its default. At most 99. */
  readonly precision: number | undefined;
  readonly conversion: string;
}

const DEFAULT_PRECISION = 6;

/** A double by `%e %E %f %g %G`. Where NaN has a sign nobody sees, it has a minus: `-nan`. */
export function formatDouble(value: number, specification: FormatSpecification): string {
  const { flags, conversion } = specification;
  const precision = specification.precision ?? DEFAULT_PRECISION;
  const isNegative = value < 0 || Object.is(value, -0) || Number.isNaN(value);
  const sign = isNegative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const isUpper = conversion === 'E' || conversion === 'G' || conversion === 'F';
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? 'nan' : 'inf';
    return pad(sign, isUpper ? name.toUpperCase() : name, {
      ...specification,
      flags: flags.replaceAll('0', ''),
    });
  }
  const magnitude = Math.abs(value);
  const keepsPoint = flags.includes('#');
  let body: string;
  switch (conversion) {
    case 'f':
    case 'F':
      body = fixed(magnitude, precision);
      if (keepsPoint && precision === 0) body += '.';
      break;
    case 'e':
    case 'E':
      body = exponential(magnitude, precision, keepsPoint);
      break;
    default:
      body = general(magnitude, Math.max(precision, 1), keepsPoint);
  }
  return pad(sign, isUpper ? body.toUpperCase() : body, specification);
}

/** An integer of 64 bits by `%d %i` (signed) or `%u %o %x %X` (unsigned: negative ones wrap). */
export function formatInteger(value: bigint, specification: FormatSpecification): string {
  const { flags, conversion, precision } = specification;
  const isSigned = conversion === 'd' || conversion === 'i';
  const integer = isSigned ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  const magnitude = integer < 0n ? -integer : integer;
  let sign = '';
  if (isSigned) sign = integer < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const radix = conversion === 'o' ? 8 : conversion === 'x' || conversion === 'X' ? 16 : 10;
  let digits = precision === 0 && magnitude === 0n ? '' : magnitude.toString(radix);
  if (precision !== undefined) digits = digits.padStart(precision, '0');
  if (flags.includes('#')) {
    if (radix === 8 && !digits.startsWith('0')) digits = `0${digits}`;
    if (radix === 16 && magnitude !== 0n) sign = '0x';
  }
  if (conversion === 'X') {
    digits = digits.toUpperCase();
    sign = sign.toUpperCase();
  }
  // A precision says how many zeros there are: the flag for them is then without effect.
  return pad(
    sign,
    digits,
    precision === undefined ? specification : { ...specification, flags: flags.replaceAll('0', '') },
  );
}

function pad(sign: string, body: string, { flags, width }: FormatSpecification): string {
  const missing = width - sign.length - body.length;
  if (missing <= 0) return sign + body;
  if (flags.includes('-')) return sign + body + ' '.repeat(missing);
  if (flags.includes('0')) return sign + '0'.repeat(missing) + body;
  return ' '.repeat(missing) + sign + body;
}

/** From here on `toFixed` gives no digits. */
const LEAST_WITHOUT_FIXED = 1e21;

function fixed(magnitude: number, decimals: number): string {
  if (magnitude < LEAST_WITHOUT_FIXED && !isHalf(magnitude, decimals)) return magnitude.toFixed(decimals);
  const digits = multiplied(magnitude, decimals)
    .toString()
    .padStart(decimals + 1, '0');
  if (decimals === 0) return digits;
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function exponential(magnitude: number, decimals: number, keepsPoint: boolean): string {
  const { digits, exponent } = significant(magnitude, decimals + 1);
  const point = decimals > 0 || keepsPoint ? '.' : '';
  return `${digits[0]}${point}${digits.slice(1)}${exponentText(exponent)}`;
}

function general(magnitude: number, precision: number, keepsZeros: boolean): string {
  const { digits: all, exponent } = significant(magnitude, precision);
  const digits = keepsZeros ? all : all.replace(/0+$/, '') || '0';
  const point = keepsZeros ? '.' : '';
  if (exponent < -4 || exponent >= precision) {
    const rest = digits.slice(1);
    return `${digits[0]}${rest === '' ? point : `.${rest}`}${exponentText(exponent)}`;
  }
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const rest = digits.slice(exponent + 1);
  return rest === '' ? whole + point : `${whole}.${rest}`;
}

function exponentText(exponent: number): string {
  return `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** So many digits, the first of them not 0 (unless all are), and the power of ten of the first. */
function significant(magnitude: number, count: number): { digits: string; exponent: number } {
  if (magnitude === 0) return { digits: '0'.repeat(count), exponent: 0 };
  const text = magnitude.toExponential(count - 1);
  const at = text.indexOf('e');
  const exponent = Number(text.slice(at + 1));
  const digits = text[0]! + text.slice(2, at);
  // An exact half has one digit more than asked for, the last one a 5: then the digits must be even.
  if (!isHalf(magnitude, count - 1 - exponent) && !isHalf(magnitude, count - exponent))
    return { digits, exponent };
  return exactDigits(magnitude, count);
}

function exactDigits(magnitude: number, count: number): { digits: string; exponent: number } {
  // The power of ten below: never rounded up, as an exponent with all digits is.
  let exponent = Number(magnitude.toExponential(40).split('e')[1]);
  let digits = multiplied(magnitude, count - 1 - exponent).toString();
  if (digits.length > count) {
    digits = digits.slice(0, count);
    exponent++;
  }
  return { digits, exponent };
}

/** Whether a number lies exactly between two of those with so many decimals (negative: tens, hundreds, …). */
function isHalf(magnitude: number, decimals: number): boolean {
  if (decimals >= 0) {
    // Halves of 10^-n are odd multiples of 2^-(n+1) alone: powers of 2, so this is exact.
    const doubled = magnitude * 2 ** (decimals + 1);
    return doubled < 2 ** 53 && Number.isInteger(doubled) && doubled % 2 === 1;
  }
  // No double that is so large has a half beyond what 22 zeros can tell.
  if (decimals < -22) return false;
  const unit = 10 ** -decimals;
  return magnitude % unit === unit / 2;
}

/** magnitude × 10^decimals, rounded to even. */
function multiplied(magnitude: number, decimals: number): bigint {
  bits.setFloat64(0, magnitude);
  const raw = bits.getBigUint64(0);
  const biased = Number(raw >> 52n);
  let numerator = (raw & 0xf_ffff_ffff_ffffn) | (biased === 0 ? 0n : 1n << 52n);
  let denominator = 1n;
  const power = Math.max(biased, 1) - 1075;
  if (power >= 0) numerator <<= BigInt(power);
  else denominator <<= BigInt(-power);
  if (decimals >= 0) numerator *= 10n ** BigInt(decimals);
  else denominator *= 10n ** BigInt(-decimals);
  const quotient = numerator / denominator;
  const twice = (numerator - quotient * denominator) * 2n;
  const goesUp = twice > denominator || (twice === denominator && (quotient & 1n) === 1n);
  return goesUp ? quotient + 1n : quotient;
}

const bits = new DataView(new ArrayBuffer(8));
