import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Stored } from '../../keyspace/entry.ts';
import type { ComparisonOptions } from './string-options.ts';
import { digestOf, isSameString, stringOf } from './string-value.ts';

/**
 * Whether the comparison in the options, if there is one, holds for what the key holds. A missing key differs from
 * everything.
 *
 * @param input how the caller's bytes take their inner form
 * @throws ReplyError WRONGTYPE if there is something else than a string to compare; an error if a digest is not
 * 16 digits long
 */
export function holds(
  options: ComparisonOptions,
  stored: Stored | undefined,
  input: (value: Bytes) => ByteString,
): boolean {
  const { ifeq, ifne, ifdeq, ifdne } = options;
  if (ifeq === undefined && ifne === undefined && ifdeq === undefined && ifdne === undefined) return true;
  if (stored === undefined) return ifeq === undefined && ifdeq === undefined;
  const value = stringOf(stored);
  if (ifeq !== undefined) return isSameString(value, input(ifeq));
  if (ifne !== undefined) return !isSameString(value, input(ifne));
  const wanted = input((ifdeq ?? ifdne)!);
  if (wanted.length !== 16) throw errors.digestLength();
  return (digestOf(value) === wanted.toLowerCase()) === (ifdeq !== undefined);
}

/**
 * A condition that got lost on its way (`{ ifeq: token }` without a token) must not turn into no condition. Each name
 * is written out, because SET pays for this on every call with options.
 *
 * @throws TypeError if a comparison is given as `undefined`
 */
export function requireComparisons(options: ComparisonOptions): void {
  if (options.ifeq === undefined && 'ifeq' in options) throw lost('ifeq');
  if (options.ifne === undefined && 'ifne' in options) throw lost('ifne');
  if (options.ifdeq === undefined && 'ifdeq' in options) throw lost('ifdeq');
  if (options.ifdne === undefined && 'ifdne' in options) throw lost('ifdne');
}

function lost(name: string): TypeError {
  return new TypeError(`the option ${name} is undefined`);
}
