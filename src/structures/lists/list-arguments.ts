import { errors } from '../../errors.ts';
import { requireInteger } from '../../keyspace/arguments.ts';
import type { ListEnd, LmovemOptions } from './list-options.ts';

// What the list commands ask of their arguments, whether they come from typed callers or over the wire.

/** @throws ReplyError if this names no end. */
export function requireEnd(end: ListEnd): void {
  if (end !== 'left' && end !== 'right') throw errors.syntax();
}

/** @throws ReplyError if this is no number of elements to take. */
export function requirePositiveCount(count: number): void {
  if (!(Number.isInteger(count) && count > 0)) throw errors.countMustBePositive();
}

/** @throws ReplyError if this is no RANK of LPOS. */
export function requireRank(rank: number): void {
  requireInteger(rank);
  if (rank === 0) throw errors.rankIsZero();
  // Of the 64-bit integers the least is the only one that has no opposite.
  if (rank <= -(2 ** 63)) throw errors.rankOutOfRange();
}

/** @throws ReplyError if this is no COUNT of LPOS. */
export function requireCount(count: number): void {
  if (!(Number.isInteger(count) && count >= 0)) throw errors.countIsNegative();
}

/** @throws ReplyError if this is no MAXLEN of LPOS. */
export function requireMaxlen(maxlen: number): void {
  if (!(Number.isInteger(maxlen) && maxlen >= 0)) throw errors.maxlenIsNegative();
}

/** @throws ReplyError if these are no options of LMOVEM, or not enough. */
export function requireMove({ count, exactly, order }: LmovemOptions): void {
  if ((count === undefined) === (exactly === undefined)) throw errors.syntax();
  if (order !== 'obo' && order !== 'bulk') throw errors.syntax();
  requirePositiveCount(count ?? exactly!);
}
