import { DIGEST_BYTES, sha1 } from '../session/debug/sha1.ts';

/** The SHA-1 digest of a text of one char per byte, as 40 hexadecimal digits. O(length). */
export function sha1Text(text: string): string {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
  const digest = sha1(bytes);
  let hex = '';
  for (let at = 0; at < DIGEST_BYTES; at++) hex += digest[at]!.toString(16).padStart(2, '0');
  return hex;
}
