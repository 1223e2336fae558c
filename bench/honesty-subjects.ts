import type { Store } from '../src/index.ts';
import { Chance } from './data.ts';

/** Data of one sort, or of all sorts. */
export interface HonestySubject {
  readonly name: string;
  /** How many keys are made. */
  readonly count: number;
  /** Makes what is under one key. */
  readonly put: (store: Store, key: string, chance: Chance, number: number) => void;
}

/** A flat string of its own, as a decoder makes it, of one or of two bytes for each unit. */
function fresh(text: string): string {
  return Buffer.from(text).toString();
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const WIDE_ALPHABET = '的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年';

function textOf(chance: Chance, length: number, alphabet = ALPHABET): string {
  let text = '';
  while (text.length < length) text += alphabet[chance.below(alphabet.length)]!;
  return fresh(text);
}

function bytesOf(chance: Chance, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => chance.below(256));
}

/** Mostly near the least, at times near the most. */
function lengthFrom(chance: Chance, least: number, most: number): number {
  return Math.round(least * (most / least) ** (chance.below(1000) / 1000));
}

function many<T>(count: number, make: (at: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => make(at));
}

function hashOf(store: Store, key: string, chance: Chance, size: number, length: number): void {
  for (let from = 0; from < size; from += 100) {
    const part = Math.min(100, size - from);
    store.hset(
      key,
      many(part, (at): [string, string] => [fresh(`field:${from + at}`), textOf(chance, length)]),
    );
  }
}

function listOf(store: Store, key: string, chance: Chance, size: number, length: number): void {
  for (let at = 0; at < size; at++) store.rpush(key, textOf(chance, length));
}

function setOf(store: Store, key: string, chance: Chance, size: number, length: number): void {
  for (let at = 0; at < size; at++) store.sadd(key, textOf(chance, length));
}

function zsetOf(store: Store, key: string, chance: Chance, size: number, length: number): void {
  for (let at = 0; at < size; at++)
    store.zadd(key, [{ member: textOf(chance, length), score: chance.below(1_000_000) / 4 }]);
}

function streamOf(store: Store, key: string, chance: Chance, size: number, length: number): void {
  for (let at = 0; at < size; at++)
    store.xadd(key, [
      [fresh('sensor'), fresh(String(chance.below(1000)))],
      [fresh('text'), textOf(chance, length)],
    ]);
}

function vectorOf(chance: Chance, dimension: number): number[] {
  return many(dimension, () => chance.below(2000) / 1000 - 1);
}

const K = 1000;

export const subjects: readonly HonestySubject[] = [
  {
    name: 'strings of 10 characters',
    count: 100 * K,
    put: (store, key, chance) => store.set(key, textOf(chance, 10)),
  },
  {
    name: 'strings of 100 characters',
    count: 50 * K,
    put: (store, key, chance) => store.set(key, textOf(chance, 100)),
  },
  {
    name: 'strings of 5,000 characters',
    count: 4 * K,
    put: (store, key, chance) => store.set(key, textOf(chance, 5000)),
  },
  {
    name: 'Chinese strings of 10 characters',
    count: 50 * K,
    put: (store, key, chance) => store.set(key, textOf(chance, 10, WIDE_ALPHABET)),
  },
  {
    name: 'Chinese strings of 1,000 characters',
    count: 5 * K,
    put: (store, key, chance) => store.set(key, textOf(chance, 1000, WIDE_ALPHABET)),
  },
  {
    name: 'strings with a TTL',
    count: 50 * K,
    put: (store, key, chance) => store.set(key, textOf(chance, 10), { ex: 1000 + chance.below(100_000) }),
  },
  {
    name: 'strings of 20 bytes that are no text',
    count: 50 * K,
    put: (store, key, chance) => store.set(key, bytesOf(chance, 20)),
  },
  {
    name: 'strings of 500 bytes that are no text',
    count: 20 * K,
    put: (store, key, chance) => store.set(key, bytesOf(chance, 500)),
  },
  {
    name: 'counters',
    count: 100 * K,
    put: (store, key, chance) => store.incrby(key, chance.below(1_000_000)),
  },
  {
    name: 'strings that were appended to',
    count: 20 * K,
    put: (store, key, chance) => many(4, () => store.append(key, textOf(chance, 20))),
  },
  {
    name: 'bitmaps of 1,000 bits',
    count: 20 * K,
    put: (store, key, chance) => many(5, (at) => store.setbit(key, at === 0 ? 999 : chance.below(1000), 1)),
  },
  {
    name: 'hashes of 1 field',
    count: 50 * K,
    put: (store, key, chance) => hashOf(store, key, chance, 1, 10),
  },
  {
    name: 'hashes of 5 fields',
    count: 50 * K,
    put: (store, key, chance) => hashOf(store, key, chance, 5, 12),
  },
  {
    name: 'hashes of 5 fields, one of them long',
    count: 20 * K,
    put: (store, key, chance) => {
      hashOf(store, key, chance, 4, 12);
      store.hset(key, { text: textOf(chance, 300) });
    },
  },
  {
    name: 'hashes of 100 fields',
    count: 2 * K,
    put: (store, key, chance) => hashOf(store, key, chance, 100, 12),
  },
  {
    name: 'hashes of 10,000 fields',
    count: 10,
    put: (store, key, chance) => hashOf(store, key, chance, 10 * K, 12),
  },
  {
    name: 'hashes of 5 fields with TTLs',
    count: 20 * K,
    put: (store, key, chance) => {
      hashOf(store, key, chance, 5, 12);
      store.hexpire(key, 1000 + chance.below(10_000), ['field:0', 'field:3'].map(fresh));
    },
  },
  {
    name: 'lists of 5 elements',
    count: 50 * K,
    put: (store, key, chance) => listOf(store, key, chance, 5, 12),
  },
  {
    name: 'lists of 200 elements',
    count: 1 * K,
    put: (store, key, chance) => listOf(store, key, chance, 200, 12),
  },
  {
    name: 'lists of 100,000 elements',
    count: 2,
    put: (store, key, chance) => listOf(store, key, chance, 100 * K, 12),
  },
  {
    name: 'sets of 8 integers',
    count: 50 * K,
    put: (store, key, chance) => many(8, () => store.sadd(key, fresh(String(chance.below(100_000))))),
  },
  { name: 'sets of 5 members', count: 50 * K, put: (store, key, chance) => setOf(store, key, chance, 5, 12) },
  {
    name: 'sets of 200 members',
    count: 1 * K,
    put: (store, key, chance) => setOf(store, key, chance, 200, 12),
  },
  {
    name: 'sets of 100,000 members',
    count: 2,
    put: (store, key, chance) => setOf(store, key, chance, 100 * K, 12),
  },
  {
    name: 'sorted sets of 5 members',
    count: 50 * K,
    put: (store, key, chance) => zsetOf(store, key, chance, 5, 12),
  },
  {
    name: 'sorted sets of 300 members',
    count: 1 * K,
    put: (store, key, chance) => zsetOf(store, key, chance, 300, 12),
  },
  {
    name: 'sorted sets of 100,000 members',
    count: 2,
    put: (store, key, chance) => zsetOf(store, key, chance, 100 * K, 12),
  },
  {
    name: 'streams of 5 entries',
    count: 10 * K,
    put: (store, key, chance) => streamOf(store, key, chance, 5, 12),
  },
  {
    name: 'streams of 50,000 entries',
    count: 2,
    put: (store, key, chance) => streamOf(store, key, chance, 50 * K, 12),
  },
  {
    name: 'streams of 1,000 entries, pending',
    count: 50,
    put: (store, key, chance) => {
      streamOf(store, key, chance, 1000, 12);
      store.xgroupCreate(key, 'group', '0');
      store.xreadgroup('group', 'consumer', key);
    },
  },
  {
    name: 'arrays of 100 elements',
    count: 5 * K,
    put: (store, key, chance) => many(100, (at) => store.arset(key, at, textOf(chance, 12))),
  },
  {
    name: 'sparse arrays of 100 elements',
    count: 2 * K,
    put: (store, key, chance) =>
      many(100, () => store.arset(key, chance.below(1_000_000), textOf(chance, 12))),
  },
  {
    name: 'HyperLogLogs of 10 elements',
    count: 20 * K,
    put: (store, key, chance) => many(10, () => store.pfadd(key, textOf(chance, 12))),
  },
  {
    name: 'HyperLogLogs of 5,000 elements',
    count: 200,
    put: (store, key, chance) =>
      many(50, () =>
        store.pfadd(
          key,
          many(100, () => textOf(chance, 12)),
        ),
      ),
  },
  {
    name: 'vector sets of 200 elements',
    count: 20,
    put: (store, key, chance) => many(200, () => store.vadd(key, vectorOf(chance, 64), textOf(chance, 12))),
  },
];

/** All types, small and large, with and without a TTL; which, and how large, is the seed's to say. */
export function mixed(seed: number): HonestySubject {
  const makers: ((store: Store, key: string, chance: Chance) => unknown)[] = [
    (store, key, chance) => store.set(key, textOf(chance, lengthFrom(chance, 2, 4000))),
    (store, key, chance) => store.set(key, textOf(chance, lengthFrom(chance, 2, 400), WIDE_ALPHABET)),
    (store, key, chance) => store.set(key, bytesOf(chance, lengthFrom(chance, 2, 2000))),
    (store, key, chance) => store.incrby(key, chance.below(100_000)),
    (store, key, chance) => store.setbit(key, chance.below(10_000), 1),
    (store, key, chance) =>
      hashOf(store, key, chance, lengthFrom(chance, 1, 500), lengthFrom(chance, 2, 100)),
    (store, key, chance) =>
      listOf(store, key, chance, lengthFrom(chance, 1, 500), lengthFrom(chance, 2, 100)),
    (store, key, chance) => setOf(store, key, chance, lengthFrom(chance, 1, 500), lengthFrom(chance, 2, 50)),
    (store, key, chance) => zsetOf(store, key, chance, lengthFrom(chance, 1, 500), lengthFrom(chance, 2, 50)),
    (store, key, chance) =>
      streamOf(store, key, chance, lengthFrom(chance, 1, 300), lengthFrom(chance, 2, 100)),
    (store, key, chance) => many(lengthFrom(chance, 1, 200), () => store.pfadd(key, textOf(chance, 12))),
    (store, key, chance) =>
      many(lengthFrom(chance, 1, 200), (at) => store.arset(key, at, textOf(chance, 12))),
  ];
  const chosen = new Chance(seed * 2 + 1);
  const shares = makers.map(() => 1 + chosen.below(10));
  // Text is what there is most of in most stores.
  shares[0] = 30;
  const ofShares = shares.flatMap((share, at) => many(share, () => makers[at]!));
  return {
    name: `all sorts, mix ${seed}`,
    count: 10 * K,
    put: (store, key, chance) => {
      ofShares[chance.below(ofShares.length)]!(store, key, chance);
      if (chance.below(5) === 0) store.expire(key, 1000 + chance.below(100_000));
    },
  };
}

/** Makes all keys of the subject. */
export function fillWith(store: Store, { count, put }: HonestySubject, share = 1): void {
  const chance = new Chance(11);
  for (let number = 0; number < count * share; number++) put(store, fresh(`key:${number}`), chance, number);
}
