/**
 * The sorted set container beside `sorted-btree` (a BTree keyed by [score, member], with the Map from member to
 * score that ZSCORE and updates need), in one process. Prints ratios; both sides get the same work.
 *
 *     npx tsx --expose-gc bench/containers/sorted-set-container.ts [members]
 */
import { SortedSet } from '../../src/structures/sorted-sets/sorted-set.ts';
import { freshString } from '../data.ts';
import { usedBytes } from '../heap.ts';
import { ScoreMap } from '../score-map.ts';

const SIZE = Number(process.argv[2] ?? 1_000_000);
const SAMPLES = Math.min(SIZE, 200_000);
const SMALL_SETS = 100_000;

let state = 1;
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

/** Nanoseconds per operation. */
function time(operations: number, run: () => void): number {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / operations;
}

interface Row {
  name: string;
  ours: number;
  theirs?: number;
  note?: string;
}
const rows: Row[] = [];
let sink = 0;

/** Fresh strings, so that a set's memory includes its members; joined and flattened as a parser's would be. */
function memberNames(count: number): string[] {
  return Array.from({ length: count }, (_, number) => freshString(`member:${number}`));
}

const order = Array.from({ length: SAMPLES }, () => Math.floor(random() * SIZE));
const scores = Float64Array.from({ length: SIZE }, () => random() * 1e6);
const deltas = Float64Array.from({ length: SAMPLES }, () => random() * 10);

// Members are made twice, as commands bring them: the strings asked with are not the strings stored.
const asked = memberNames(SIZE);
// A string's hash is computed once: not at the expense of whoever is measured first.
const hashed = new Set(asked);
sink += hashed.size;
hashed.clear();

function fill(add: (member: string, score: number) => void): number {
  let members: string[] = memberNames(SIZE);
  const ns = time(SIZE, () => {
    for (let at = 0; at < SIZE; at++) add(members[at]!, scores[at]!);
  });
  members = [];
  return ns;
}

const before = usedBytes();
const set = new SortedSet();
const oursFill = fill((member, score) => set.set(member, score));
const between = usedBytes();
const other = new ScoreMap();
const theirsFill = fill((member, score) => other.set(member, score));
const after = usedBytes();
rows.push({ name: 'ZADD, new, random scores', ours: oursFill, theirs: theirsFill });

function measure(name: string, ours: (at: number) => void, theirs?: (at: number) => void): void {
  const run = (operation: (at: number) => void) => (): void => {
    for (const at of order) operation(at);
  };
  const row: Row = { name, ours: time(SAMPLES, run(ours)) };
  if (theirs !== undefined) row.theirs = time(SAMPLES, run(theirs));
  rows.push(row);
}

measure(
  'ZSCORE',
  (at) => {
    sink += set.score(asked[at]!)!;
  },
  (at) => {
    sink += other.scores.get(asked[at]!)!;
  },
);
measure(
  'ZINCRBY, by up to 10 in 1e6',
  (at) => {
    set.set(asked[at]!, set.score(asked[at]!)! + deltas[at % SAMPLES]!);
  },
  (at) => {
    other.set(asked[at]!, other.scores.get(asked[at]!)! + deltas[at % SAMPLES]!);
  },
);
measure(
  'ZADD, update to any score',
  (at) => {
    set.set(asked[at]!, scores[SIZE - 1 - at]!);
  },
  (at) => {
    other.set(asked[at]!, scores[SIZE - 1 - at]!);
  },
);
measure(
  'ZCOUNT bound (theirs: no rank, the seek alone)',
  (at) => {
    sink += set.countBelowScore(scores[at]!, false);
  },
  (at) => {
    sink += other.tree.nextHigherKey([scores[at]!, ''])?.[0] ?? 0;
  },
);
measure('ZRANK', (at) => {
  sink += set.rank(asked[at]!);
});
measure('ZRANGE, 10 by rank', (at) => {
  set.forEach(at, at + 9, false, (member) => {
    sink += member.length;
  });
});
// A BTree has no ranks: one walks. A few, or this would take minutes.
const WALKS = 20;
const middles = order.slice(0, WALKS);
const walk = time(WALKS, () => {
  for (const at of middles) {
    let rank = 0;
    for (const [, member] of other.tree.keys()) {
      if (rank >= at + 10) break;
      if (rank++ >= at) sink += member.length;
    }
  }
});
for (const row of rows.slice(-2)) row.theirs = walk;
measure(
  'ZRANGEBYSCORE, 10 (theirs: from the key on)',
  (at) => {
    const start = set.countBelowScore(scores[at]!, false);
    set.forEach(start, start + 9, false, (member) => {
      sink += member.length;
    });
  },
  (at) => {
    let left = 10;
    for (const [, member] of other.tree.keys([scores[at]!, ''])) {
      sink += member.length;
      if (--left === 0) break;
    }
  },
);
measure(
  'ZREM + ZADD of the same',
  (at) => {
    set.delete(asked[at]!);
    set.set(asked[at]!, scores[at]!);
  },
  (at) => {
    other.delete(asked[at]!);
    other.set(asked[at]!, scores[at]!);
  },
);
measure(
  'ZPOPMIN',
  () => {
    set.delete(set.memberAt(0)!);
  },
  () => {
    other.delete(other.tree.minKey()![1]);
  },
);
const half = Math.floor(set.size / 2);
rows.push({
  name: `ZREMRANGEBYRANK of ${half}, per member`,
  ours: time(half, () => {
    set.deleteRange(0, half - 1);
  }),
  theirs: time(half, () => {
    for (const [, member] of other.tree.keysArray().slice(0, half)) other.delete(member);
  }),
});
const clones = time(set.size, () => {
  sink += set.clone().size;
});
rows.push({ name: 'COPY, per member', ours: clones });

const inOrder: string[] = [];
const inOrderScores: number[] = [];
set.forEach(0, set.size - 1, false, (member, score) => {
  inOrder.push(member);
  inOrderScores.push(score);
});
rows.push({
  name: 'from(), in order, per member',
  ours: time(inOrder.length, () => {
    sink += SortedSet.from(inOrder, inOrderScores).size;
  }),
});

console.log(`${SIZE} members; nanoseconds per operation on this machine now, and how many times faster\n`);
for (const { name, ours, theirs } of rows) {
  const ratio =
    theirs === undefined ? '' : `${theirs.toFixed(0).padStart(12)}  ${(theirs / ours).toFixed(1)}x`;
  console.log(`${name.padEnd(48)}${ours.toFixed(0).padStart(8)}${ratio}`);
}

const oursBytes = (between - before) / SIZE;
const theirsBytes = (after - between) / SIZE;
console.log(
  `\nbytes per member, its string included: ${oursBytes.toFixed(0)}, sorted-btree + Map ${theirsBytes.toFixed(0)}`,
);

function bytesPerSet(make: (number: number) => unknown): number {
  const start = usedBytes();
  const sets = Array.from({ length: SMALL_SETS }, (_, number) => make(number));
  const bytes = (usedBytes() - start) / SMALL_SETS;
  sink += sets.length;
  return bytes;
}

/** Shared members, so that this counts what the container adds. */
for (const size of [1, 5, 20]) {
  const names = asked.slice(0, size);
  const bytes = bytesPerSet(() => {
    const small = new SortedSet();
    names.forEach((member, at) => {
      small.set(member, scores[at]!);
    });
    return small;
  });
  const theirs = bytesPerSet(() => {
    const small = new ScoreMap();
    names.forEach((member, at) => {
      small.set(member, scores[at]!);
    });
    return small;
  });
  console.log(
    `bytes per set of ${size}, ${SMALL_SETS} sets, members not counted: ${bytes.toFixed(0)}, ` +
      `sorted-btree + Map ${theirs.toFixed(0)}`,
  );
}
if (sink === 0) console.log(sink);
