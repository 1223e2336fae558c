import type { ByteString } from '../../bytes/byte-string.ts';
import { parseInteger } from '../../numbers/integer.ts';
import type { Command } from '../../wire/command.ts';
import { isKeyword } from '../../wire/grammar/token-reader.ts';

const FIRST_OPTION = 2;

/**
 * The first option of SORT that reads keys which are not among its arguments: GET, or BY a pattern that depends on the
 * element. None, if a syntax error comes before it: SORT says that one itself.
 */
export function sortOptionBeyondKeys(
  { fullName }: Command,
  tokens: readonly ByteString[],
): 'BY' | 'GET' | undefined {
  if (fullName !== 'sort' && fullName !== 'sort_ro') return undefined;
  for (let at = FIRST_OPTION; at < tokens.length; at++) {
    const option = tokens[at]!;
    const left = tokens.length - at - 1;
    if (isKeyword(option, 'ASC') || isKeyword(option, 'DESC') || isKeyword(option, 'ALPHA')) continue;
    if (isKeyword(option, 'LIMIT') && left >= 2) {
      if (parseInteger(tokens[at + 1]!) === undefined || parseInteger(tokens[at + 2]!) === undefined) {
        return undefined;
      }
      at += 2;
    } else if (isKeyword(option, 'STORE') && left >= 1 && fullName === 'sort') {
      at++;
    } else if (isKeyword(option, 'BY') && left >= 1) {
      if (tokens[at + 1]!.includes('*')) return 'BY';
      at++;
    } else {
      return isKeyword(option, 'GET') && left >= 1 ? 'GET' : undefined;
    }
  }
  return undefined;
}
