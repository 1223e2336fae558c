import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';

/** One word of CLIENT LIST's lines: visible ASCII without spaces. Nothing at all is one too. */
const WORD = /^[!-~]*$/;

/**
 * A client's name (CLIENT SETNAME, HELLO).
 *
 * @throws ReplyError if it holds anything but visible ASCII
 */
export function requireClientName(name: ByteString): ByteString {
  if (!WORD.test(name)) throw errors.clientNameInvalid();
  return name;
}

/**
 * What a client says of itself (CLIENT SETINFO), under the attribute's name.
 *
 * @throws ReplyError if it holds anything but visible ASCII
 */
export function requireClientAttribute(attribute: ByteString, value: ByteString): ByteString {
  if (!WORD.test(value)) throw errors.clientAttributeInvalid(attribute);
  return value;
}
