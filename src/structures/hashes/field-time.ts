import { errors } from '../../errors.ts';
import { EXPIRY_OPTIONS, type ExpiryOptions } from '../../keyspace/expiry-options.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';

/** The latest time at which a field can expire, in Unix milliseconds: Redis keeps 46 bits of it. */
const MAX_FIELD_TIME_MS = 2 ** 46 - 1;

/** How commands are told a time: in which unit, and whether from now on or since the epoch. */
export interface TimeFormat {
  readonly unitMs: number;
  readonly isRelative: boolean;
}

/** The formats of the options, by their names. */
export const EXPIRY_FORMATS: { readonly [K in keyof ExpiryOptions]-?: TimeFormat } = {
  ex: { unitMs: 1000, isRelative: true },
  px: { unitMs: 1, isRelative: true },
  exat: { unitMs: 1000, isRelative: false },
  pxat: { unitMs: 1, isRelative: false },
};

/**
 * Says what is wrong with a time whenever that may be.
 *
 * @throws ReplyError if it is no integer, negative, or too large
 */
export function requireFieldTime(value: number, { unitMs }: TimeFormat, command: string): void {
  if (!Number.isInteger(value)) throw errors.notAnInteger();
  if (value < 0) throw errors.negativeExpireTime();
  if (value * unitMs > MAX_FIELD_TIME_MS) throw errors.invalidExpireTime(command);
}

/** A point in time, and whether it is over (the running millisecond counts as over). */
export interface FieldTime {
  /** Unix milliseconds. */
  readonly atMs: number;
  readonly isPast: boolean;
}

/**
 * The time that is meant.
 *
 * @throws ReplyError if it is no integer, negative, or too large
 */
export function fieldTime(keyspace: Keyspace, value: number, format: TimeFormat, command: string): FieldTime {
  requireFieldTime(value, format, command);
  const nowMs = keyspace.now();
  const atMs = value * format.unitMs + (format.isRelative ? nowMs : 0);
  if (atMs > MAX_FIELD_TIME_MS) throw errors.invalidExpireTime(command);
  return { atMs, isPast: keyspace.isOver(atMs, nowMs) };
}

/** The time that the options name, `undefined` if they name none. See {@link fieldTime}. */
export function namedFieldTime(
  keyspace: Keyspace,
  options: ExpiryOptions,
  command: string,
): FieldTime | undefined {
  for (const name of EXPIRY_OPTIONS) {
    const value = options[name];
    if (value !== undefined) return fieldTime(keyspace, value, EXPIRY_FORMATS[name], command);
  }
  return undefined;
}

/** How many of these options are given. */
export function countGiven<T extends object>(options: T, names: readonly (keyof T)[]): number {
  let count = 0;
  for (const name of names) if (options[name] !== undefined && options[name] !== false) count++;
  return count;
}
