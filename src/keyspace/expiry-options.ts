import { errors } from '../errors.ts';
import { MAX_INT64 } from '../numbers/integer.ts';
import type { Keyspace } from './keyspace.ts';

/** The ways in which commands are told when something expires. At most one may be given. */
export interface ExpiryOptions {
  /** In so many seconds from now. */
  ex?: number;
  /** In so many milliseconds from now. */
  px?: number;
  /** At this Unix time in seconds. */
  exat?: number;
  /** At this Unix time in milliseconds. */
  pxat?: number;
}

/** Those of which at most one may be given. */
export const EXPIRY_OPTIONS = [
  'ex',
  'px',
  'exat',
  'pxat',
] as const satisfies readonly (keyof ExpiryOptions)[];

/** The longest time Redis can hold, 2^63 - 1 milliseconds, to the nearest number. */
export const MAX_TIME_MS = 2 ** 63;

/**
 * The Unix time in milliseconds that the options mean, or `undefined` if they name none.
 *
 * @throws ReplyError if the number is no integer, not positive, or too large
 */
export function expiryAtMs(keyspace: Keyspace, options: ExpiryOptions, command: string): number | undefined {
  return namesExpiry(options) ? expiryFrom(keyspace.now(), options, command) : undefined;
}

/** Whether the options say when something expires. */
export function namesExpiry(options: ExpiryOptions): boolean {
  return (
    options.ex !== undefined ||
    options.px !== undefined ||
    options.exat !== undefined ||
    options.pxat !== undefined
  );
}

/** {@link expiryAtMs} for options that name an expiry, where the command has asked for the time itself. */
export function expiryFrom(nowMs: number, options: ExpiryOptions, command: string): number {
  if (options.ex !== undefined) return afterMs(nowMs, durationMs(options.ex, 1000, command), command);
  if (options.px !== undefined) return afterMs(nowMs, durationMs(options.px, 1, command), command);
  if (options.exat !== undefined) return durationMs(options.exat, 1000, command);
  return durationMs(options.pxat!, 1, command);
}

function durationMs(value: number, unitMs: number, command: string): number {
  if (!Number.isInteger(value)) throw errors.notAnInteger();
  if (value <= 0 || value * unitMs > MAX_TIME_MS) throw errors.invalidExpireTime(command);
  return value * unitMs;
}

function afterMs(nowMs: number, delayMs: number, command: string): number {
  if (nowMs + delayMs >= MAX_TIME_MS) throw errors.invalidExpireTime(command);
  return nowMs + delayMs;
}

/**
 * For typed callers, who can give two options that exclude each other.
 *
 * @throws ReplyError the syntax error
 */
export function requireAtMostOne<T extends object>(options: T, names: readonly (keyof T)[]): void {
  let count = 0;
  for (const name of names) if (options[name] !== undefined && options[name] !== false) count++;
  if (count > 1) throw errors.syntax();
}

/** A time in milliseconds as the 64-bit integer Redis would say; exact up to 2^53. */
export function timeInteger(timeMs: number): number | bigint {
  if (Number.isSafeInteger(timeMs)) return timeMs;
  return timeMs >= MAX_TIME_MS ? MAX_INT64 : BigInt(timeMs);
}
