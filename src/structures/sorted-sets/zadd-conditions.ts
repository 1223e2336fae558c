import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { requireOptions } from '../../keyspace/arguments.ts';
import type { SetOutcome } from './set-outcome.ts';
import type { ZaddConditions } from './sorted-set-options.ts';
import type { SortedSetLimits, SortedSetValue } from './sorted-set-value.ts';

/** Besides what giving a score did: a condition did not hold. */
export type PutOutcome = SetOutcome | 'refused';

/** With `incr` as the wire has it, where it chose the method already. */
const ZADD_OPTIONS: ReadonlySet<string> = new Set(['nx', 'xx', 'gt', 'lt', 'ch', 'incr']);

/** @throws ReplyError if conditions exclude each other */
export function requireConditions(conditions: ZaddConditions): void {
  requireOptions(conditions, ZADD_OPTIONS);
  const { nx, xx, gt, lt } = conditions;
  if (nx === true && xx === true) throw errors.zaddNxAndXx();
  if ((nx === true && (gt === true || lt === true)) || (gt === true && lt === true))
    throw errors.zaddGtLtNx();
}

/** Gives a member a score if the conditions hold. */
export function putUnder(
  conditions: ZaddConditions,
  value: SortedSetValue,
  member: ByteString,
  score: number,
  limits: SortedSetLimits,
): PutOutcome {
  const { nx, xx, gt, lt } = conditions;
  if (nx === true || xx === true || gt === true || lt === true) {
    const current = value.score(member);
    if (current === undefined) {
      if (xx === true) return 'refused';
    } else {
      if (nx === true) return 'refused';
      if (gt === true && score <= current) return 'refused';
      if (lt === true && score >= current) return 'refused';
    }
  }
  return value.put(member, score, limits);
}
