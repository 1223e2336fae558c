import { errors } from '../errors.ts';
import { requireInteger } from '../keyspace/arguments.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import { MAX_INT64 } from '../numbers/integer.ts';
import type { ReadLimits } from './read-options.ts';

// What the commands that read ask of their arguments, whether they come from typed callers or over the wire.

/** @throws ReplyError if a limit is none, or does not go with another */
export function requireLimits({ count, maxcount, maxsize }: ReadLimits): void {
  if (count !== undefined) requireInteger(count);
  if (maxcount !== undefined) requireMaxcount(maxcount);
  if (maxsize !== undefined) requireMaxsize(maxsize);
  if (count !== undefined && count > 0 && maxcount !== undefined && maxcount < count) {
    throw errors.maxcountBelowCount();
  }
}

/** @throws ReplyError if it is no positive integer */
export function requireMaxcount(value: number): void {
  if (!Number.isInteger(value) || value <= 0) throw errors.maxcountNotPositive();
}

/** @throws ReplyError if it is no positive integer */
export function requireMaxsize(value: number): void {
  if (!Number.isInteger(value) || value <= 0) throw errors.maxsizeNotPositive();
}

/** @throws ReplyError if it is no integer, or negative */
export function requireMinIdle(value: number): void {
  if (!Number.isInteger(value)) throw errors.minIdleNotAnInteger();
  if (value < 0) throw errors.minIdleNegative();
}

/** @throws ReplyError if it is no length of time, or would end after the last time that 64 bits can say */
export function requireBlock(blockMs: number, keyspace: Keyspace): void {
  if (!Number.isInteger(blockMs)) throw errors.timeoutNotAnInteger();
  if (blockMs < 0) throw errors.timeoutIsNegative();
  if (blockMs > Number.MAX_SAFE_INTEGER && blockMs > Number(MAX_INT64) - keyspace.now()) {
    throw errors.timeoutOutOfRange();
  }
}
