import { describe } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';

// What commands ask of their arguments, whether they come from typed callers or over the wire.

/**
 * For callers without types: an option that is misspelt (`EX`) and silently ignored would be a key without a TTL.
 *
 * @returns how many options are named
 * @throws TypeError if these are no options, or one of them is not known
 */
export function requireOptions(options: object, known: ReadonlySet<string>): number {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`expected an object of options, got ${describe(options)}`);
  }
  let count = 0;
  for (const name in options) {
    count++;
    if (!known.has(name)) {
      const meant = [...known].find((other) => plain(other) === plain(name));
      const hint = meant === undefined ? '' : `. Did you mean ${meant}?`;
      throw new TypeError(`unknown option ${name}; there are ${[...known].join(', ')}${hint}`);
    }
  }
  return count;
}

/** What names have in common that somebody knows from redis.conf, from another client, or by ear. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

/** @throws ReplyError if this is no integer */
export function requireInteger(value: number): void {
  if (!Number.isInteger(value)) throw errors.notAnInteger();
}

/**
 * @param error what to say instead of the usual text
 * @throws ReplyError if this is not exactly an integer of 64 bits
 */
export function requireInt64(value: number | bigint, error = errors.notAnInteger): number | bigint {
  const isInt64 =
    typeof value === 'number'
      ? Number.isSafeInteger(value)
      : typeof value === 'bigint' && BigInt.asIntN(64, value) === value;
  if (!isInt64) throw error();
  return value;
}
