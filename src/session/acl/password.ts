/** What a host has that can make up secrets. */
interface RandomBytes {
  getRandomValues(array: Uint8Array): Uint8Array;
}

const BITS_OF_A_DIGIT = 4;
const BITS_OF_A_BYTE = 8;

/**
 * A password that nobody can guess, of so many bits, in hexadecimal digits. Where the host has no source of secrets
 * (`crypto.getRandomValues`), it is only one that nobody will happen to guess.
 */
export function randomPassword(bits: number): string {
  const digits = Math.ceil(bits / BITS_OF_A_DIGIT);
  const bytes = new Uint8Array(Math.ceil((digits * BITS_OF_A_DIGIT) / BITS_OF_A_BYTE));
  const { crypto } = globalThis as { readonly crypto?: RandomBytes };
  if (crypto === undefined) for (let at = 0; at < bytes.length; at++) bytes[at] = Math.random() * 256;
  else crypto.getRandomValues(bytes);
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return text.slice(0, digits);
}
