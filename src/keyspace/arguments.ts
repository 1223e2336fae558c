import { errors } from '../errors.ts';

// What commands ask of their numbers, whether they come from typed callers or over the wire.

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
