import { errors } from '../errors.ts';

/** What 64 bits hold. */
const MAX_INT64 = 2 ** 63;

/**
 * A timeout in seconds as whole milliseconds, a fraction of one counting as one; 0 means for ever. As in Redis, so does
 * a negative fraction of a millisecond.
 *
 * @throws ReplyError if it is no number, negative, or would end after the last time that 64 bits can say
 */
export function timeoutMsOf(seconds: number, nowMs: number): number {
  if (seconds === 0) return 0;
  if (typeof seconds !== 'number' || Number.isNaN(seconds)) throw errors.timeoutNotAFloat();
  // 0.07 * 1000 is a little more than 70, which is not meant.
  const timeoutMs = Math.ceil(Number((seconds * 1000).toPrecision(15)));
  if (timeoutMs < 0) throw errors.timeoutIsNegative();
  if (timeoutMs > MAX_INT64 - nowMs) throw errors.timeoutOutOfRange();
  return timeoutMs === 0 ? 0 : timeoutMs;
}
