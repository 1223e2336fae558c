import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Store } from '../../src/store.ts';

// What SCAN and its kin promise, with everything that can happen between their steps: what is there from the first step to
// the last is returned, what is not there throughout is returned only if it was there at some time, and every scan ends.

const seed = 2806;
const START_MS = 1_700_000_000_000;
const TYPES = ['string', 'list', 'hash'] as const;

type Step =
  | {
      readonly do: 'set' | 'delete' | 'expire' | 'rename' | 'retype';
      readonly from: number;
      readonly count: number;
    }
  | { readonly do: 'advance' | 'random' | 'undone' | 'swap'; readonly count: number };

const size = fc.integer({ min: 1, max: 120 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'set' as const,
        'delete' as const,
        'expire' as const,
        'rename' as const,
        'retype' as const,
      ),
      from: fc.nat(800),
      count: size,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('advance' as const, 'random' as const, 'undone' as const, 'swap' as const),
      count: size,
    }),
  },
);

/** Names that are let be: every fourth of those there are at the beginning. */
const stays = (at: number) => at % 4 === 0;

function put(store: Store, key: string, at: number): void {
  const type = TYPES[at % TYPES.length]!;
  if (type === 'string') store.set(key, 'v');
  else if (type === 'list') store.rpush(key, 'v');
  else store.hset(key, { f: 'v' });
}

/** Whatever may happen to a store. Keys that stay are left alone; those that are there at some time are noted. */
function happen(store: Store, action: Step, everThere: Set<string>): void {
  const name = (at: number) => `k${at}`;
  if (action.do === 'advance') store.advance(action.count);
  else if (action.do === 'random') for (let at = 0; at < action.count; at++) store.randomkey();
  else if (action.do === 'undone') {
    expect(() =>
      store.transaction((tx) => {
        for (const key of tx.keys('*').slice(0, action.count * 10)) tx.del(key);
        for (let at = 0; at < action.count; at++) tx.set(`undone${at}`, 'v');
        tx.scan(0);
        throw new Error('undone');
      }),
    ).toThrow('undone');
  } else if (action.do === 'swap') {
    // There and back: between the steps of the scan it is where it was.
    store.swapdb(0, 1);
    for (let at = 0; at < action.count; at++) store.set(`elsewhere${at}`, 'v');
    store.swapdb(0, 1);
  } else if ('from' in action) {
    for (let at = action.from; at < action.from + action.count; at++) {
      if (at < 800 && stays(at)) continue;
      const key = name(at);
      if (action.do === 'delete') store.del(key);
      else if (action.do === 'expire') store.pexpire(key, 1 + (at % 50));
      else if (action.do === 'retype') {
        store.del(key);
        put(store, key, at + 1);
      } else if (action.do === 'rename') {
        if (store.exists(key) === 1) store.rename(key, `${key}'`);
        everThere.add(`${key}'`);
      } else if (store.exists(key) === 0) put(store, key, at);
      everThere.add(key);
    }
  }
}

const options = fc.record({
  count: fc.integer({ min: 1, max: 300 }),
  match: fc.constantFrom(undefined, 'k*', 'k?1*', '*5', '[^k]*'),
  type: fc.constantFrom(undefined, ...TYPES),
});

function matches(key: string, pattern: string | undefined): boolean {
  if (pattern === undefined) return true;
  return { 'k*': /^k/, 'k?1*': /^k.1/, '*5': /5$/, '[^k]*': /^[^k]/ }[pattern]!.test(key);
}

test('SCAN: keys that are there throughout are returned, whatever comes and goes', () => {
  let returned = 0;
  fc.assert(
    fc.property(
      fc.nat(800),
      fc.array(step, { minLength: 1, maxLength: 12 }),
      options,
      (initial, steps, asked) => {
        const store = new Store({ clock: { now: () => START_MS } });
        const everThere = new Set<string>();
        for (let at = 0; at < initial; at++) {
          put(store, `k${at}`, at);
          everThere.add(`k${at}`);
        }
        const scanOptions = Object.fromEntries(
          Object.entries(asked).filter(([, value]) => value !== undefined),
        );
        const seen = new Set<string>();
        let cursor = 0;
        let turns = 0;
        do {
          const [next, keys] = store.scan(cursor, scanOptions);
          for (const key of keys) {
            expect(everThere.has(key), key).toBe(true);
            expect(matches(key, asked.match)).toBe(true);
            if (asked.type !== undefined) expect(store.type(key)).toBe(asked.type);
            seen.add(key);
          }
          cursor = next;
          happen(store, steps[turns % steps.length]!, everThere);
          turns++;
          expect(turns).toBeLessThan(10_000);
        } while (cursor !== 0);
        for (let at = 0; at < initial; at++) {
          const isAsked =
            matches(`k${at}`, asked.match) &&
            (asked.type ?? TYPES[at % TYPES.length]) === TYPES[at % TYPES.length];
          if (stays(at) && isAsked) expect(seen.has(`k${at}`), `k${at}`).toBe(true);
        }
        returned += seen.size;
        store.keyspace.checkInvariants();
      },
    ),
    { seed, numRuns: 150 },
  );
  expect(returned).toBeGreaterThan(1000);
});

test('SCAN while keys are evicted: what is still there at the end was returned', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 1500 }),
      fc.integer({ min: 1, max: 200 }),
      fc.nat(99),
      (initial, count, salt) => {
        const store = new Store({
          ...{ clock: { now: () => START_MS }, random: seeded(salt), maxMemoryPolicy: 'allkeys-random' },
          maxMemory: 20_000,
        });
        for (let at = 0; at < initial; at++) store.set(`k${at}`, 'v'.repeat(20));
        const before = new Set(store.keys('*'));
        const seen = new Set<string>();
        let cursor = 0;
        let added = 0;
        do {
          const [next, keys] = store.scan(cursor, { count });
          for (const key of keys) seen.add(key);
          cursor = next;
          for (let at = 0; at < 20; at++) store.set(`new${added++}`, 'v'.repeat(20));
        } while (cursor !== 0);
        // A key that was evicted did not come back: what is there was there throughout.
        for (const key of store.keys('k*')) if (before.has(key)) expect(seen.has(key), key).toBe(true);
        for (const key of seen) expect(before.has(key) || key.startsWith('new')).toBe(true);
        store.keyspace.checkInvariants();
      },
    ),
    { seed, numRuns: 40 },
  );
});

test('SCAN of a database that is flushed or swapped meanwhile ends, and returns only what is there', () => {
  for (const end of [(store: Store) => store.flushdb(), (store: Store) => store.swapdb(0, 1)]) {
    const store = new Store();
    for (let at = 0; at < 1000; at++) store.set(`k${at}`, 'v');
    for (let at = 0; at < 10; at++) store.select(1).set(`other${at}`, 'v');
    let [cursor] = store.scan(0, { count: 100 });
    end(store);
    const seen: string[] = [];
    for (let turns = 0; cursor !== 0; turns++) {
      expect(turns).toBeLessThan(2000);
      const [next, keys] = store.scan(cursor, { count: 100 });
      seen.push(...keys);
      cursor = next;
    }
    for (const key of seen) expect(store.exists(key)).toBe(1);
  }
});

function seeded(salt: number): () => number {
  let state = salt + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** The three containers alike: how one is made, changed and stepped through. */
const CONTAINERS = {
  HSCAN: {
    add: (store: Store, member: string) => void store.hset('c', { [member]: 'v' }),
    remove: (store: Store, member: string) => void store.hdel('c', member),
    scan: (store: Store, cursor: number, asked: { count: number; match?: string }): [number, string[]] => {
      const [next, entries] = store.hscan('c', cursor, asked);
      return [next, entries.map(([field]) => field)];
    },
  },
  SSCAN: {
    add: (store: Store, member: string) => void store.sadd('c', member),
    remove: (store: Store, member: string) => void store.srem('c', member),
    scan: (store: Store, cursor: number, asked: { count: number; match?: string }): [number, string[]] =>
      store.sscan('c', cursor, asked),
  },
  ZSCAN: {
    add: (store: Store, member: string) => void store.zadd('c', { [member]: member.length }),
    remove: (store: Store, member: string) => void store.zrem('c', member),
    scan: (store: Store, cursor: number, asked: { count: number; match?: string }): [number, string[]] => {
      const [next, entries] = store.zscan('c', cursor, asked);
      return [next, entries.map(({ member }) => member)];
    },
  },
} as const;

const change = fc.record({
  isAdded: fc.boolean(),
  from: fc.nat(1500),
  count: fc.integer({ min: 1, max: 300 }),
});

test.each(Object.keys(CONTAINERS) as (keyof typeof CONTAINERS)[])(
  '%s: what is in it throughout is returned, however it grows and shrinks',
  (name) => {
    const { add, remove, scan } = CONTAINERS[name];
    fc.assert(
      fc.property(
        fc.nat(1500),
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom(undefined, 'm*', '*7'),
        (initial, changes, count, match) => {
          const store = new Store();
          for (let at = 0; at < initial; at++) add(store, `m${at}`);
          const seen = new Set<string>();
          let cursor = 0;
          let turns = 0;
          do {
            const [next, members] = scan(store, cursor, match === undefined ? { count } : { count, match });
            for (const member of members) seen.add(member);
            cursor = next;
            const { isAdded, from, count: many } = changes[turns % changes.length]!;
            for (let at = from; at < from + many; at++) {
              if (at < initial && stays(at)) continue;
              if (isAdded) add(store, `m${at}`);
              else remove(store, `m${at}`);
            }
            turns++;
            expect(turns).toBeLessThan(10_000);
          } while (cursor !== 0);
          for (let at = 0; at < initial; at++) {
            const isAsked = match !== '*7' || at % 10 === 7;
            if (stays(at) && isAsked) expect(seen.has(`m${at}`), `m${at}`).toBe(true);
          }
        },
      ),
      { seed, numRuns: 60 },
    );
  },
);
