import type { ByteString } from '../../bytes/byte-string.ts';
import type { ValueKind } from '../../keyspace/entry.ts';
import type { Limits } from '../../keyspace/limits.ts';
import { exceedsBytes } from '../listpack-limits.ts';
import type { SetOutcome } from './set-outcome.ts';
import { SortedSet } from './sorted-set.ts';

/** The limits that decide how Redis would keep a sorted set. */
export type SortedSetLimits = Pick<Limits, 'zsetMaxListpackEntries' | 'zsetMaxListpackValueBytes'>;

/**
 * A sorted set under a key: the container, and whether Redis would keep it as a listpack or a skiplist.
 *
 * That is more than a name: a listpack keeps integers as integers, so a score of -0 becomes 0 there.
 * It depends on what was once put in, and does not turn back when members go.
 */
export class SortedSetValue extends SortedSet {
  /** Whether Redis would have turned the listpack into a skiplist. Once true, it stays. */
  isSkiplist = false;

  /** An empty one, about to be given so many members, the first of them known. */
  static forMembers(memberCount: number, first: ByteString, limits: SortedSetLimits): SortedSetValue {
    const value = new SortedSetValue();
    value.isSkiplist =
      memberCount > limits.zsetMaxListpackEntries || exceedsBytes(first, limits.zsetMaxListpackValueBytes);
    return value;
  }

  /** A whole one, from distinct members; O(n) if they are in order. */
  static ofMembers(
    members: readonly ByteString[],
    scores: readonly number[],
    limits: SortedSetLimits,
  ): SortedSetValue {
    const value = new SortedSetValue();
    value.isSkiplist =
      members.length > limits.zsetMaxListpackEntries ||
      members.some((member) => exceedsBytes(member, limits.zsetMaxListpackValueBytes));
    value.fill(members, value.isSkiplist ? scores : scores.map(withoutNegativeZero));
    return value;
  }

  /** Says that a command is about to give so many members: Redis counts arguments before it looks at them. */
  prepareFor(memberCount: number, limits: SortedSetLimits): void {
    if (memberCount > limits.zsetMaxListpackEntries) this.isSkiplist = true;
  }

  /** `set`, with an eye on the encoding. O(log n), O(1) if the score is equal. */
  put(member: ByteString, score: number, limits: SortedSetLimits): SetOutcome {
    if (this.isSkiplist) return this.set(member, score);
    if (Object.is(score, -0) && !this.has(member) && exceeds(this.size + 1, member, limits)) {
      this.isSkiplist = true;
      return this.set(member, score);
    }
    const outcome = this.set(member, withoutNegativeZero(score));
    if (outcome === 'added' && exceeds(this.size, member, limits)) this.isSkiplist = true;
    return outcome;
  }

  override clone(): SortedSetValue {
    const copy = new SortedSetValue();
    copy.become(this);
    copy.isSkiplist = this.isSkiplist;
    return copy;
  }

  /** What makes a {@link clone} of what is here now, once, later. O(n), with far less work. */
  save(): () => SortedSetValue {
    const { isSkiplist } = this;
    const fill = this.saveBody();
    return () => {
      const copy = new SortedSetValue();
      fill(copy);
      copy.isSkiplist = isSkiplist;
      return copy;
    };
  }
}

/** The sorted set type. */
export const ZSET: ValueKind<SortedSetValue> = {
  type: 'zset',
  isEmpty: (value) => value.size === 0,
  size: (value) => value.size,
  clone: (value) => value.clone(),
  save: (value) => value.save(),
  heapBytes: (value) => value.heapBytes,
  encoding: (value) => (value.isSkiplist ? 'skiplist' : 'listpack'),
  elements: (value) => {
    const members: ByteString[] = [];
    value.forEach(0, value.size - 1, false, (member) => {
      members.push(member);
    });
    return members;
  },
};

function exceeds(size: number, member: ByteString, limits: SortedSetLimits): boolean {
  return size > limits.zsetMaxListpackEntries || exceedsBytes(member, limits.zsetMaxListpackValueBytes);
}

function withoutNegativeZero(score: number): number {
  return score + 0;
}
