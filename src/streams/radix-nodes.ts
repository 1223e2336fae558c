import type { Integer } from '../numbers/integer.ts';
import type { StreamId } from './stream-id.ts';

/** An id, each of its numbers with its most significant byte first. */
const KEY_BYTES = 16;
const NOWHERE = -1;

/**
 * How many nodes the radix tree has that Redis keeps the blocks of a stream in, by the 16 bytes of their first ids.
 *
 * Each key ends in a node of its own. Where keys part there is a *fork*, a node with a child for each next byte. What
 * lies between a fork's byte and the next fork, or the end of a key, is one node more unless it is nothing; so is what all
 * keys begin with.
 *
 *     keys  1 2 3 4 5        ┌─────┐    ┌─ 3 ── 4 5 ── ○
 *           1 2 7 4 5        │ 1 2 │ ── ┤─ 7 ── 4 5 ── ○       8 nodes
 *           1 2 8 9 9        └─────┘    └─ 8 ── 9 9 ── ○
 *
 * @param ids of the blocks, ascending
 *
 * O(ids).
 */
export function countRadixNodes(ids: Iterable<StreamId>): number {
  let count = 0;
  let before: StreamId | undefined;
  let depth = NOWHERE;
  /** The depths of the forks that the last key comes through. */
  const forks: number[] = [];

  /** The last key parts from the next one at this depth. */
  const partAt = (next: number): void => {
    count += nodesBetween(Math.max(depth, next), KEY_BYTES);
    for (let top = forks[forks.length - 1]; top !== undefined && top > next; ) {
      forks.pop();
      const above = forks[forks.length - 1] ?? NOWHERE;
      count += nodesBetween(Math.max(above, next), top);
      top = above;
    }
    depth = next;
  };

  for (const id of ids) {
    if (before !== undefined) {
      partAt(commonBytes(before, id));
      if (forks[forks.length - 1] !== depth) forks.push(depth);
    }
    before = { ms: id.ms, seq: id.seq };
  }
  if (before === undefined) return 1;
  partAt(NOWHERE);
  return count;
}

/** The node at `depth`, and the one for the bytes between it and the fork above, if there are any. */
function nodesBetween(forkDepth: number, depth: number): number {
  return depth > forkDepth + 1 ? 2 : 1;
}

/** With how many equal bytes two different keys begin. */
function commonBytes(a: StreamId, b: StreamId): number {
  return a.ms === b.ms ? KEY_BYTES / 2 + commonBytesOf(a.seq, b.seq) : commonBytesOf(a.ms, b.ms);
}

function commonBytesOf(a: Integer, b: Integer): number {
  const high = highHalf(a) ^ highHalf(b);
  return high === 0 ? 4 + (Math.clz32(lowHalf(a) ^ lowHalf(b)) >> 3) : Math.clz32(high) >> 3;
}

function highHalf(value: Integer): number {
  return typeof value === 'bigint' ? Number(value >> 32n) : Math.floor(value / 2 ** 32);
}

function lowHalf(value: Integer): number {
  return typeof value === 'bigint' ? Number(value & 0xffffffffn) : value % 2 ** 32;
}
