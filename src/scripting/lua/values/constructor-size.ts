/**
 * The size a constructor asks for, for so many items or fields: the reference keeps it in eight bits, rounded up.
 */
export function constructorSize(count: number): number {
  let mantissa = count;
  let exponent = 0;
  while (mantissa >= 16) {
    mantissa = (mantissa + 1) >> 1;
    exponent++;
  }
  return mantissa * 2 ** exponent;
}
