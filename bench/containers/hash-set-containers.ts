/**
 * Hash and set containers against Map, Set and plain objects, in one run: `npx tsx --expose-gc bench/containers/hash-set-containers.ts`.
 * Ratios are to the first peer named in each line: below 1 is faster (or smaller).
 */
import { HashTable } from '../../src/structures/hashes/hash-table.ts';
import { MemberSet } from '../../src/structures/sets/member-set.ts';
import { freshString } from '../data.ts';
import { usedBytes } from '../heap.ts';

const ROUNDS = 7;

/** The best of several rounds, in ns per operation: on a shared machine the others measure the neighbours. */
function bestNs(operations: number, run: () => unknown, prepare?: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    prepare?.();
    const start = process.hrtime.bigint();
    sink(run());
    best = Math.min(best, Number(process.hrtime.bigint() - start) / operations);
  }
  return best;
}

let sunk: unknown;
function sink(value: unknown): void {
  sunk = value;
}

function report(title: string, lines: [name: string, figure: number][], unit: string): void {
  const base = lines[0]![1];
  console.log(`\n${title}`);
  for (const [name, figure] of lines) {
    const ratio = (figure / base).toFixed(2);
    console.log(`  ${name.padEnd(16)} ${figure.toFixed(1).padStart(8)} ${unit}   ×${ratio}`);
  }
}

type Plain = Record<string, string>;
const FIELDS = ['name', 'email', 'age', 'city', 'plan', 'country', 'phone', 'status'];

function benchHashes(label: string, hashes: number, fieldCount: number, freshNames: boolean): void {
  const names =
    fieldCount === 8
      ? FIELDS
      : Array.from({ length: fieldCount }, (_, number) => freshString(`field:${number}`));
  const operations = 400_000;
  const values = Array.from({ length: 1024 }, (_, number) => freshString(`value ${number}`));
  const maps: Map<string, string>[] = [];
  const objects: Plain[] = [];
  const ours: HashTable[] = [];
  for (let number = 0; number < hashes; number++) {
    const [map, object, hash] = [new Map<string, string>(), {} as Plain, new HashTable()];
    names.forEach((name, index) => {
      const value = freshString(`value ${(number * 7 + index) % 10_000}`);
      const own = freshNames ? freshString(name) : name;
      map.set(own, value);
      object[own] = value;
      hash.set(own, value);
    });
    maps.push(map);
    objects.push(object);
    ours.push(hash);
  }
  let keys: string[] = [];
  const renew = (): void => {
    if (keys.length > 0 && !freshNames) return;
    const count = Math.min(operations, Math.max(8192, fieldCount));
    keys = Array.from({ length: count }, (_, n) => {
      const name = names[(n * 7919 + (n >> 3)) % fieldCount]!;
      return freshNames ? freshString(name) : name;
    });
  };
  const each = <T>(all: T[], run: (one: T, key: string, value: string) => unknown) => {
    let found = 0;
    let at = 0;
    for (let n = 0; n < operations; n++) {
      at = (at + 7919) % all.length;
      if (run(all[at]!, keys[n % keys.length]!, values[n & 1023]!) !== undefined) found++;
    }
    return found;
  };
  report(
    `${label}: get`,
    [
      ['Map', bestNs(operations, () => each(maps, (map, key) => map.get(key)), renew)],
      ['plain object', bestNs(operations, () => each(objects, (object, key) => object[key]), renew)],
      ['HashTable', bestNs(operations, () => each(ours, (hash, key) => hash.get(key)), renew)],
    ],
    'ns',
  );
  const setObject = (object: Plain, key: string, value: string): void => {
    object[key] = value;
  };
  report(
    `${label}: set`,
    [
      ['Map', bestNs(operations, () => each(maps, (map, key, value) => map.set(key, value)), renew)],
      ['plain object', bestNs(operations, () => each(objects, setObject), renew)],
      ['HashTable', bestNs(operations, () => each(ours, (hash, key, value) => hash.set(key, value)), renew)],
    ],
    'ns',
  );
}

function benchSets(label: string, size: number): void {
  const members = Array.from({ length: size }, (_, number) =>
    freshString(`member:${(number * 7919) % size}`),
  );
  const repeats = Math.max(1, Math.floor(200_000 / size));
  const operations = size * repeats;
  const fillSets = () => Array.from({ length: repeats }, () => new Set(members));
  const fillOurs = () =>
    Array.from({ length: repeats }, () => {
      const set = new MemberSet();
      for (const member of members) set.add(member);
      return set;
    });
  let sets = fillSets();
  let ours = fillOurs();
  const over = <T>(all: T[], run: (one: T, member: string) => unknown) => {
    let found = 0;
    for (const one of all) for (const member of members) if (run(one, member)) found++;
    return found;
  };
  report(
    `${label}: add`,
    [
      ['Set', bestNs(operations, () => addOneByOne(repeats, members))],
      ['MemberSet', bestNs(operations, fillOurs)],
    ],
    'ns',
  );
  report(
    `${label}: has`,
    [
      ['Set', bestNs(operations, () => over(sets, (set, member) => set.has(member)))],
      ['MemberSet', bestNs(operations, () => over(ours, (set, member) => set.has(member)))],
    ],
    'ns',
  );
  const random = () => over(ours, (set) => set.memberAtRandom(Math.random));
  const arrays = sets.map((set) => [...set]);
  const randomOfArray = () => over(arrays, (array) => array[Math.floor(Math.random() * array.length)]);
  report(
    `${label}: random member`,
    [
      ['array', bestNs(operations, randomOfArray)],
      ['MemberSet', bestNs(operations, random)],
    ],
    'ns',
  );
  const renewSets = () => {
    sets = fillSets();
  };
  const renewOurs = () => {
    ours = fillOurs();
  };
  const deleteFromSets = () => over(sets, (set, member) => set.delete(member));
  const deleteFromOurs = () => over(ours, (set, member) => set.delete(member));
  report(
    `${label}: delete`,
    [
      ['Set', bestNs(operations, deleteFromSets, renewSets)],
      ['MemberSet', bestNs(operations, deleteFromOurs, renewOurs)],
    ],
    'ns',
  );
}

/** One by one, as commands add them: `new Set(array)` has a faster way of its own. */
function addOneByOne(repeats: number, members: string[]): Set<string>[] {
  return Array.from({ length: repeats }, () => {
    const set = new Set<string>();
    for (const member of members) set.add(member);
    return set;
  });
}

/** Bytes for each of `count`, held in a Map by a key as a keyspace holds them, key and slot included. */
function bytesEach<T>(count: number, make: (number: number) => T): number {
  const before = usedBytes();
  const all = new Map<string, T>();
  for (let number = 0; number < count; number++) all.set(freshString(`user:${number}`), make(number));
  const bytes = (usedBytes() - before) / count;
  sink(all.size);
  return bytes;
}

function pairsOf(number: number): [string, string][] {
  const pairs: [string, string][] = [
    ['name', `user ${number}`],
    ['email', `u${number}@ex.org`],
    ['age', String(18 + (number % 80))],
    ['city', `city ${number}`],
    ['plan', `plan-${number % 1000}`],
  ];
  return pairs.map(([field, value]) => [freshString(field), freshString(value)]);
}

function fill<T>(container: T, number: number, put: (container: T, field: string, value: string) => void): T {
  for (const [field, value] of pairsOf(number)) put(container, field, value);
  return container;
}

function benchMemory(): void {
  const many = 100_000;
  const ours = (number: number) =>
    fill(new HashTable(), number, (hash, field, value) => hash.set(field, value));
  report(
    '100,000 hashes of 5 fields, each with its key: bytes per hash (redis-server 7.0: 171)',
    [
      ['Map', bytesEach(many, (n) => fill(new Map(), n, (map, field, value) => map.set(field, value)))],
      [
        'plain object',
        bytesEach(many, (n) =>
          fill({} as Plain, n, (object, field, value) => {
            object[field] = value;
          }),
        ),
      ],
      ['HashTable', bytesEach(many, ours)],
      ['key alone', bytesEach(many, () => true)],
    ],
    'B ',
  );
  for (const [kind, member] of [
    ['strings (redis-server 7.0: 474)', (set: number, index: number) => freshString(`m${set}:${index}`)],
    [
      'integers (redis-server 7.0: 107)',
      (set: number, index: number) => freshString(String(set * 5 + index)),
    ],
  ] as const) {
    report(
      `100,000 sets of 5 ${kind}, each with its key: bytes per set`,
      [
        ['Set', bytesEach(many, (n) => new Set([0, 1, 2, 3, 4].map((index) => member(n, index))))],
        [
          'MemberSet',
          bytesEach(many, (n) => {
            const set = new MemberSet();
            for (let index = 0; index < 5; index++) set.add(member(n, index));
            return set;
          }),
        ],
      ],
      'B ',
    );
  }
  const million = 1_000_000;
  const ofOne = <T>(make: () => T): number => {
    const before = usedBytes();
    const one = make();
    const bytes = (usedBytes() - before) / million;
    sink(one);
    return bytes;
  };
  report(
    'one set of 1,000,000: bytes per member (redis-server 7.0: 56)',
    [
      ['Set', ofOne(() => addMillion(new Set<string>()))],
      ['MemberSet', ofOne(() => addMillion(new MemberSet()))],
    ],
    'B ',
  );
  const setMillion = <T extends { set(field: string, value: string): unknown }>(hash: T): T => {
    for (let n = 0; n < million; n++) hash.set(freshString(`field:${n}`), freshString(`value:${n}`));
    return hash;
  };
  report(
    'one hash of 1,000,000: bytes per field (redis-server 7.0: 72)',
    [
      ['Map', ofOne(() => setMillion(new Map<string, string>()))],
      ['HashTable', ofOne(() => setMillion(new HashTable()))],
    ],
    'B ',
  );

  function addMillion<T extends { add(member: string): unknown }>(set: T): T {
    for (let n = 0; n < million; n++) set.add(freshString(`member:${n}`));
    return set;
  }
}

benchMemory();
benchHashes('one hash of 8 fields', 1, 8, false);
benchHashes('1,000 hashes of 8 fields, names fresh', 1000, 8, true);
benchHashes('20,000 hashes of 8 fields, names fresh', 20_000, 8, true);
benchHashes('one hash of 100,000 fields', 1, 100_000, false);
benchHashes('one hash of 100,000 fields, names fresh', 1, 100_000, true);
benchSets('sets of 5', 5);
benchSets('a set of 100,000', 100_000);
if (sunk === null) throw new Error('nothing was measured');
