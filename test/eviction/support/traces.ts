import { Chance } from '../../../bench/data.ts';

/** What a cache is asked for, in order: the same in every run. One request is one millisecond. */
export interface Trace {
  readonly name: string;
  /** The key of each request: numbers below {@link keyCount}. */
  readonly keys: Uint32Array;
  /** How many numbers keys may have. Not all of them need to be asked for. */
  readonly keyCount: number;
  /** Per request: 1 if it writes, whatever is there. Else it reads, and what is not there is put there. */
  readonly writes?: Uint8Array;
  /** Per key: how long it lives once it is put there, in milliseconds; 0 for ever. */
  readonly lifetimesMs?: Uint32Array;
}

export interface TraceSize {
  readonly requests: number;
  /** How many keys there are to ask for. */
  readonly keys: number;
  /** How many keys the caches hold, for those traces that are made to trouble them. */
  readonly capacity: number;
}

/** All of them, by what they are like. */
export function makeTraces(size: TraceSize): Trace[] {
  return [
    zipf(size, 0.7),
    zipf(size, 0.9),
    zipf(size, 1.1),
    movingZipf(size),
    scannedZipf(size),
    loop(size),
    recencyWalk(size),
    newItems(size),
    readsAndWrites(size),
    expiring(size),
  ];
}

/** The k-th most popular key is asked for in proportion to 1 / k^exponent, independently of what was before. */
export function zipf(size: TraceSize, exponent: number): Trace {
  const rank = zipfRanks(size.keys, exponent, new Chance(101));
  const order = permutation(size.keys, new Chance(103));
  return {
    name: `Zipf ${exponent.toFixed(1)}`,
    keys: drawn(size.requests, () => order[rank()]!),
    keyCount: size.keys,
  };
}

/** Zipf, but what is popular changes: twenty keys at a time, until all have had their day. */
export function movingZipf(size: TraceSize): Trace {
  const rank = zipfRanks(size.keys, 0.9, new Chance(107));
  const order = permutation(size.keys, new Chance(109));
  const stay = Math.ceil((20 * size.requests) / size.keys);
  return {
    name: 'Zipf 0.9, moving',
    keys: drawn(size.requests, (at) => order[(rank() + 20 * Math.floor(at / stay)) % size.keys]!),
    keyCount: size.keys,
  };
}

/** Zipf, and every now and then somebody walks once through as many cold keys as the cache holds. */
export function scannedZipf(size: TraceSize): Trace {
  const rank = zipfRanks(size.keys, 0.9, new Chance(113));
  const order = permutation(size.keys, new Chance(127));
  const period = 5 * size.capacity;
  let scanned = 0;
  return {
    name: 'Zipf 0.9, scans',
    keys: drawn(size.requests, (at) =>
      at % period < period - size.capacity ? order[rank()]! : size.keys + (scanned++ % size.keys),
    ),
    keyCount: 2 * size.keys,
  };
}

/** Round and round through a fifth more keys than the cache holds: the worst there is for an exact LRU. */
export function loop({ requests, capacity }: TraceSize): Trace {
  const length = Math.ceil(1.2 * capacity);
  return { name: 'loop', keys: drawn(requests, (at) => at % length), keyCount: length };
}

/** What was asked for lately is asked for again: how many others were since is spread evenly on a logarithmic scale. */
export function recencyWalk(size: TraceSize): Trace {
  const chance = new Chance(131);
  const stack = permutation(size.keys, new Chance(137));
  return {
    name: 'recency walk',
    keys: drawn(size.requests, () => {
      const depth = Math.floor(size.keys ** (chance.below(2 ** 30) / 2 ** 30)) - 1;
      const key = stack[depth]!;
      stack.copyWithin(1, 0, depth);
      stack[0] = key;
      return key;
    }),
    keyCount: size.keys,
  };
}

/** As news are read: one request in ten is for a thing never seen before, the others are the likelier the newer it is. */
export function newItems(size: TraceSize): Trace {
  const chance = new Chance(139);
  const rank = zipfRanks(size.keys, 0.8, new Chance(149));
  let newest = 0;
  return {
    name: 'new items',
    keys: drawn(size.requests, () => {
      if (chance.below(10) === 0) return ++newest;
      return Math.max(0, newest - rank());
    }),
    keyCount: newest + 1,
  };
}

/** Zipf; one request in four writes, and what is often written is not what is often read. */
export function readsAndWrites(size: TraceSize): Trace {
  const chance = new Chance(151);
  const rank = zipfRanks(size.keys, 0.9, new Chance(157));
  const read = permutation(size.keys, new Chance(163));
  const written = permutation(size.keys, new Chance(167));
  const writes = new Uint8Array(size.requests);
  const keys = drawn(size.requests, (at) => {
    const writesNow = chance.below(4) === 0;
    writes[at] = writesNow ? 1 : 0;
    return (writesNow ? written : read)[rank()]!;
  });
  return { name: 'reads and writes', keys, keyCount: size.keys, writes };
}

/** Twelve days: longer than any trace. */
const LONG_MS = 2 ** 30;

/**
 * {@link readsAndWrites} where all keys expire, so that each takes as much as any other, but only half of them while it runs: they
 * live for half to eight times as many requests as the cache holds keys.
 */
export function expiring(size: TraceSize): Trace {
  const chance = new Chance(173);
  const lifetimesMs = Uint32Array.from({ length: size.keys }, () =>
    chance.below(2) === 0 ? LONG_MS : Math.ceil(size.capacity * (0.5 + chance.below(7500) / 1000)),
  );
  return { ...readsAndWrites(size), name: 'reads, writes, TTLs', lifetimesMs };
}

function drawn(length: number, draw: (at: number) => number): Uint32Array {
  const keys = new Uint32Array(length);
  for (let at = 0; at < length; at++) keys[at] = draw(at);
  return keys;
}

/** What draws ranks from 0, each in proportion to 1 / (rank + 1)^exponent. */
export function zipfRanks(count: number, exponent: number, chance: Chance): () => number {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) {
    sum += (rank + 1) ** -exponent;
    sums[rank] = sum;
  }
  return () => {
    const wanted = (chance.below(2 ** 32) / 2 ** 32) * sum;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sums[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** The numbers below `count` in an order of their own (Fisher and Yates). */
export function permutation(count: number, chance: Chance): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, at) => at);
  for (let at = count - 1; at > 0; at--) {
    const other = chance.below(at + 1);
    const moved = order[at]!;
    order[at] = order[other]!;
    order[other] = moved;
  }
  return order;
}
