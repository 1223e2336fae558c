import type { ByteString } from '../../bytes/byte-string.ts';
import type { SortedSet } from '../sorted-sets/sorted-set.ts';
import { sortLeast, sortStably } from './nearest-first.ts';
import { OUTSIDE, type SearchArea } from './search-area.ts';
import { scoreRangesOf } from './search-cells.ts';

/**
 * What a search has found: members, their scores, and their distances from the center, in the order in which they are
 * answered.
 *
 * A member outside of the area leaves nothing behind: it is looked at where it is in the set.
 */
export class PointCollector {
  readonly members: ByteString[] = [];
  readonly scores: number[] = [];
  /** In meters. */
  readonly distances: number[] = [];

  /**
   * Looks for what lies in the area. O(log n + members of the cells around it).
   *
   * @param most how many to find before it is enough; 0 for all
   */
  collect(set: SortedSet, area: SearchArea, most: number): void {
    const { members, scores, distances } = this;
    const ranges = scoreRangesOf(area);
    const visit = (member: ByteString, score: number): boolean => {
      const distance = area.distanceInside(score);
      if (distance !== OUTSIDE) {
        members.push(member);
        scores.push(score);
        distances.push(distance);
      }
      return most === 0 || members.length < most;
    };
    for (let at = 0; at < ranges.length; at += 2) {
      if (most > 0 && members.length >= most) return;
      set.forEachScoring(ranges[at]!, ranges[at + 1]!, visit);
    }
  }

  /** Leaves the nearest, or the farthest, `count` of them, in that order. O(found + count · log count) as a rule. */
  order(isDescending: boolean, count: number): void {
    const { members, scores, distances } = this;
    const found = members.length;
    const left = Math.min(count, found);
    const keys = new Float64Array(found);
    const numbers = new Int32Array(found);
    for (let at = 0; at < found; at++) {
      keys[at] = isDescending ? -distances[at]! : distances[at]!;
      numbers[at] = at;
    }
    if (left === found) sortStably(keys, numbers);
    else sortLeast(keys, numbers, left);
    const [sortedMembers, sortedScores] = [new Array<ByteString>(left), new Array<number>(left)];
    for (let at = 0; at < left; at++) {
      sortedMembers[at] = members[numbers[at]!]!;
      sortedScores[at] = scores[numbers[at]!]!;
    }
    this.truncate(left);
    for (let at = 0; at < left; at++) {
      members[at] = sortedMembers[at]!;
      scores[at] = sortedScores[at]!;
      distances[at] = isDescending ? -keys[at]! : keys[at]!;
    }
  }

  /** Leaves the first `count` of them. */
  truncate(count: number): void {
    if (count >= this.members.length) return;
    this.members.length = count;
    this.scores.length = count;
    this.distances.length = count;
  }
}
