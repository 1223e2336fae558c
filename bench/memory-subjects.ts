import { Store } from '../src/index.ts';
import { Chance, freshString } from './data.ts';
import { ScoreMap } from './score-map.ts';

/** Something whose memory is measured, in a process that holds nothing else. */
export interface MemorySubject {
  /** Makes it, with strings of its own as they come from a socket. What it returns holds all of it. */
  readonly make: (count: number) => unknown;
}

const FIELD_NAMES = ['name', 'email', 'age', 'city', 'plan'];

/** The commands that make the same on a server: for each of `count`, and for each part of it. */
export type ServerCommands = (number: number, part: number) => string[];

/** One row of the table: the same data in lodis, in what one would use instead, and on a server. */
export interface MemoryCase {
  readonly name: string;
  /** What the bytes are per. */
  readonly unit: string;
  /** What several are called, if not that with an s. */
  readonly units?: string;
  readonly count: number;
  readonly lodis: MemorySubject;
  readonly peer: MemorySubject & { readonly name: string };
  readonly server: ServerCommands;
  /** How many commands one of them takes, if not one. */
  readonly parts?: number;
}

export function keyOf(number: number): string {
  return freshString(`user:${number}`);
}

function textOf(number: number): string {
  return freshString(`value of ${number}`);
}

function scoreOf(number: number): number {
  return new Chance(number * 2 + 1).below(1e6);
}

function fieldsOf(number: number): [field: string, value: string][] {
  const values = [
    `user ${number}`,
    `u${number}@ex.org`,
    String(18 + (number % 80)),
    `city ${number}`,
    `plan-${number % 1000}`,
  ];
  return FIELD_NAMES.map((field, at) => [freshString(field), freshString(values[at]!)]);
}

export function fill<T>(into: T, count: number, add: (into: T, number: number) => void): T {
  for (let number = 0; number < count; number++) add(into, number);
  return into;
}

export const lodis = (add: (store: Store, number: number) => void): MemorySubject => ({
  make: (count) => fill(new Store(), count, add),
});

const MILLION = 1_000_000;
const EXPIRY_SECONDS = 86_400;

export const memoryCases: readonly MemoryCase[] = [
  {
    name: 'small strings',
    unit: 'key',
    count: MILLION,
    lodis: lodis((store, number) => store.set(keyOf(number), textOf(number))),
    peer: {
      name: 'Map',
      make: (count) =>
        fill(new Map<string, string>(), count, (map, number) => map.set(keyOf(number), textOf(number))),
    },
    server: (number) => ['SET', keyOf(number), textOf(number)],
  },
  {
    name: 'small strings with a TTL',
    unit: 'key',
    count: MILLION,
    lodis: lodis((store, number) => store.set(keyOf(number), textOf(number), { ex: EXPIRY_SECONDS })),
    peer: {
      name: 'Map of { value, expiresAtMs }',
      make: (count) =>
        fill(new Map<string, { value: string; expiresAtMs: number }>(), count, (map, number) =>
          map.set(keyOf(number), { value: textOf(number), expiresAtMs: 1e12 + number + 0.5 }),
        ),
    },
    server: (number) => ['SET', keyOf(number), textOf(number), 'EX', String(EXPIRY_SECONDS)],
  },
  {
    name: 'one sorted set',
    unit: 'member',
    count: MILLION,
    lodis: lodis((store, number) => store.zadd('zset', [{ member: keyOf(number), score: scoreOf(number) }])),
    peer: {
      name: 'sorted-btree and Map',
      make: (count) => fill(new ScoreMap(), count, (map, number) => map.set(keyOf(number), scoreOf(number))),
    },
    server: (number) => ['ZADD', 'zset', String(scoreOf(number)), keyOf(number)],
  },
  {
    name: 'hashes of 5 fields',
    unit: 'hash',
    count: 100_000,
    lodis: lodis((store, number) => store.hset(keyOf(number), fieldsOf(number))),
    peer: {
      name: 'Map of Map',
      make: (count) =>
        fill(new Map<string, Map<string, string>>(), count, (map, number) =>
          map.set(keyOf(number), new Map(fieldsOf(number))),
        ),
    },
    server: (number) => ['HSET', keyOf(number), ...fieldsOf(number).flat()],
  },
  {
    name: 'one hash',
    unit: 'field',
    count: MILLION,
    lodis: lodis((store, number) => store.hset('hash', [[keyOf(number), textOf(number)]])),
    peer: {
      name: 'Map',
      make: (count) =>
        fill(new Map<string, string>(), count, (map, number) => map.set(keyOf(number), textOf(number))),
    },
    server: (number) => ['HSET', 'hash', keyOf(number), textOf(number)],
  },
  {
    name: 'one set',
    unit: 'member',
    count: MILLION,
    lodis: lodis((store, number) => store.sadd('set', keyOf(number))),
    peer: {
      name: 'Set',
      make: (count) => fill(new Set<string>(), count, (set, number) => set.add(keyOf(number))),
    },
    server: (number) => ['SADD', 'set', keyOf(number)],
  },
  {
    name: 'sets of 5 members',
    unit: 'set',
    count: 100_000,
    lodis: lodis((store, number) => store.sadd(keyOf(number), smallSetOf(number))),
    peer: {
      name: 'Map of Set',
      make: (count) =>
        fill(new Map<string, Set<string>>(), count, (map, number) =>
          map.set(keyOf(number), new Set(smallSetOf(number))),
        ),
    },
    server: (number) => ['SADD', keyOf(number), ...smallSetOf(number)],
  },
  {
    name: 'one list',
    unit: 'element',
    count: MILLION,
    lodis: lodis((store, number) => store.rpush('list', textOf(number))),
    peer: {
      name: 'array',
      make: (count) => fill([] as string[], count, (array, number) => array.push(textOf(number))),
    },
    server: (number) => ['RPUSH', 'list', textOf(number)],
  },
];

function smallSetOf(number: number): string[] {
  return Array.from({ length: 5 }, (_, at) => freshString(`member ${number}:${at}`));
}
