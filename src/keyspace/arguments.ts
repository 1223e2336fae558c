import { describe } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';

// What commands ask of their arguments, whether they come from typed callers or over the wire.

/**
 * For callers without types: an option that is misspelt (`EX`) and silently ignored would be a key without a TTL.
 *
 * @throws TypeError if these are no options, or one of them is not known
 */
export function requireOptions(options: object, known: ReadonlySet<string>): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`expected an object of options, got ${describe(options)}`);
  }
  for (const name in options) {
    if (!known.has(name)) throw new TypeError(`unknown option ${name}; there are ${[...known].join(', ')}`);
  }
}

/**
 * A condition that got lost on its way (`{ ifeq: token }` without a token) must not turn into no condition.
 *
 * @throws TypeError if one of these is given as `undefined`
 */
export function requireDefined<T extends object>(options: T, names: readonly (keyof T & string)[]): void {
  for (const name of names) {
    if (options[name] === undefined && name in options)
      throw new TypeError(`the option ${name} is undefined`);
  }
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
