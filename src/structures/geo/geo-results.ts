import type { ByteString } from '../../bytes/byte-string.ts';
import type { Database } from '../../keyspace/database.ts';
import type { KeyEvent } from '../../keyspace/events.ts';
import { formatDouble } from '../../numbers/double.ts';
import type { SortedSetLimits, SortedSetValue } from '../sorted-sets/sorted-set-value.ts';
import { storeMembers } from '../sorted-sets/store-members.ts';
import { roundDistance } from './distance-digits.ts';
import type { ResultRules, SearchShape } from './geo-arguments.ts';
import type { GeoFound } from './geo-options.ts';
import { latitudeOf, longitudeOf } from './geohash.ts';
import { PointCollector } from './point-collector.ts';

/** What a search has found, and how many meters the unit of its distances is. */
export interface Found {
  readonly collector: PointCollector;
  readonly unitM: number;
}

/** Of a key that is not there. */
export const NOTHING: Found = { collector: new PointCollector(), unitM: 1 };

/** Searches an index. O(log n + members around the area + found · log found). */
export function search(value: SortedSetValue, { area, unitM }: SearchShape, rules: ResultRules): Found {
  const collector = new PointCollector();
  collector.collect(value, area, rules.most);
  if (rules.isSorted) collector.order(rules.isDescending, rules.count);
  else collector.truncate(rules.count);
  return { collector, unitM };
}

/** All there is to tell of what was found. */
export function detailsOf<S>({ collector, unitM }: Found, output: (member: ByteString) => S): GeoFound<S>[] {
  const { members, scores, distances } = collector;
  return members.map((member, at) => {
    const score = scores[at]!;
    return {
      member: output(member),
      distance: roundDistance(distances[at]! / unitM),
      hash: Math.trunc(score),
      longitude: longitudeOf(score),
      latitude: latitudeOf(score),
    };
  });
}

/** Makes a key hold what was found, and nothing else: places, or distances. Returns how many members it has. */
export function storeFound(
  database: Database,
  key: ByteString,
  { collector, unitM }: Found,
  isDistance: boolean,
  limits: SortedSetLimits,
  event: KeyEvent,
): number {
  const { members } = collector;
  const scores = isDistance ? collector.distances.map((distance) => distance / unitM) : collector.scores;
  const isReplaced = database.find(key) !== undefined;
  if (storeMembers(database, key, members, scores, limits, event)) {
    // Not the search itself: other hosts may compute the last bit of a distance otherwise.
    if (isReplaced) database.effect('DEL', key);
    const effect: ByteString[] = ['ZADD', key];
    for (let at = 0; at < members.length; at++) effect.push(formatDouble(scores[at]!), members[at]!);
    database.effectOf(effect);
  }
  return members.length;
}
