import type { ByteString } from '../../bytes/byte-string.ts';
import type { Database } from '../../keyspace/database.ts';
import { Entry } from '../../keyspace/entry.ts';
import { eventsOf } from '../../keyspace/events.ts';
import { formatDouble } from '../../numbers/double.ts';
import type { ZaddOptions } from './sorted-set-options.ts';
import { type SortedSetLimits, SortedSetValue, ZSET } from './sorted-set-value.ts';
import { putUnder } from './zadd-conditions.ts';

/** What ZADD, and GEOADD, which is one, are known as. */
export const ZADD = eventsOf('z')('zadd');

/**
 * Gives `members[i]` the score `scores[i]` under the conditions of `zadd`, in a sorted set that is made anew if need be. All
 * of them were checked before, and there is at least one.
 *
 * @returns how many were added; with `ch`, how many were added or got another score
 * @throws ReplyError WRONGTYPE
 */
export function putMembers(
  database: Database,
  name: ByteString,
  members: readonly ByteString[],
  scores: readonly number[],
  options: ZaddOptions,
  limits: SortedSetLimits,
): number {
  const found = database.getForWrite(name, ZSET);
  if (found === undefined && options.xx === true) return 0;
  const value = found ?? SortedSetValue.forMembers(members.length, members[0]!, limits);
  if (found !== undefined) found.prepareFor(members.length, limits);
  let added = 0;
  let moved = 0;
  for (let at = 0; at < members.length; at++) {
    const outcome = putUnder(options, value, members[at]!, scores[at]!, limits);
    if (outcome === 'added') added++;
    else if (outcome === 'moved') moved++;
  }
  if (found === undefined) database.put(name, new Entry(ZSET, value) as Entry);
  if (added + moved > 0 && database.changed(name, ZADD)) {
    // All of it, with the conditions: how many members a command names says something of the encoding.
    const effect: ByteString[] = ['ZADD', name];
    if (options.nx === true) effect.push('NX');
    if (options.xx === true) effect.push('XX');
    if (options.gt === true) effect.push('GT');
    if (options.lt === true) effect.push('LT');
    for (let at = 0; at < members.length; at++) effect.push(formatDouble(scores[at]!), members[at]!);
    database.effectOf(effect);
  }
  return options.ch === true ? added + moved : added;
}
