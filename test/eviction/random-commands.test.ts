import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReplyError, Store } from '../../src/index.ts';
import type { Database } from '../../src/keyspace/database.ts';
import { NEVER } from '../../src/keyspace/entry.ts';
import { isVolatile, type MaxMemoryPolicy, policies, rankingOf } from '../../src/keyspace/eviction/policy.ts';
import { checkCount } from '../keyspace/memory/support.ts';

// Random commands on a small memory, beside a model that knows when each key was used and written and when it expires:
// never is more used than allowed by more than one value, and what goes is what the policy would have go.

const KEYS = Array.from({ length: 12 }, (_, number) => `k${number}`);
const START_MS = 1_700_000_000_000;
const SAMPLES = 1000;

type Use = 'read' | 'write';
interface Command {
  readonly use: Use;
  /** Whether it may add something, so that room is made before it. */
  readonly mayAdd: boolean;
  run(store: Store, key: string, size: number): unknown;
}

const commands: Readonly<Record<string, Command>> = {
  set: { use: 'write', mayAdd: true, run: (store, key, size) => store.set(key, 'x'.repeat(size)) },
  setExpiring: {
    use: 'write',
    mayAdd: true,
    run: (store, key, size) => store.set(key, 'x'.repeat(size), { px: 1000 + 37 * size }),
  },
  append: { use: 'write', mayAdd: true, run: (store, key, size) => store.append(key, 'x'.repeat(size)) },
  rpush: { use: 'write', mayAdd: true, run: (store, key, size) => store.rpush(key, 'x'.repeat(size)) },
  hset: { use: 'write', mayAdd: true, run: (store, key, size) => store.hset(key, { [`f${size}`]: 'x' }) },
  zincrby: { use: 'write', mayAdd: true, run: (store, key, size) => store.zincrby(key, 1, `m${size}`) },
  xadd: { use: 'write', mayAdd: true, run: (store, key, size) => store.xadd(key, { f: 'x'.repeat(size) }) },
  get: { use: 'read', mayAdd: false, run: (store, key) => store.get(key) },
  llen: { use: 'read', mayAdd: false, run: (store, key) => store.llen(key) },
  hlen: { use: 'read', mayAdd: false, run: (store, key) => store.hlen(key) },
  touch: { use: 'read', mayAdd: false, run: (store, key) => store.touch(key) },
  del: { use: 'write', mayAdd: false, run: (store, key) => store.del(key) },
  expire: { use: 'write', mayAdd: false, run: (store, key, size) => store.pexpire(key, 500 + 41 * size) },
  persist: { use: 'write', mayAdd: false, run: (store, key) => store.persist(key) },
};

interface Step {
  readonly name: string;
  readonly key: number;
  readonly database: number;
  readonly size: number;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    name: fc.constantFrom(...Object.keys(commands), 'set', 'setExpiring', 'advance'),
    key: fc.nat(KEYS.length - 1),
    database: fc.nat(1),
    size: fc.integer({ min: 1, max: 80 }),
  }),
  { minLength: 30, maxLength: 120, size: 'max' },
);

/** When each key of each database was last used and written. Of no meaning for keys that are gone. */
class Model {
  private time = 0;
  private readonly used = new Map<string, number>();
  private readonly written = new Map<string, number>();

  note(id: string, use: Use): void {
    this.time++;
    this.used.set(id, this.time);
    if (use === 'write') this.written.set(id, this.time);
  }

  /** The one with the least goes first; `undefined` where that is left to chance. */
  rank(id: string, policy: MaxMemoryPolicy, expiresAtMs: number): number | undefined {
    switch (rankingOf(policy)) {
      case 'lru':
        return this.used.get(id);
      case 'lrm':
        return this.written.get(id);
      case 'ttl':
        return expiresAtMs;
      default:
        return undefined;
    }
  }
}

function idOf({ index }: Database, key: string): string {
  return `${index}:${key}`;
}

/** All keys with when they expire. */
function keysOf(store: Store): Map<string, number> {
  const keys = new Map<string, number>();
  for (const database of store.keyspace.databases) {
    for (const [key, stored] of database.map)
      keys.set(idOf(database, key), typeof stored === 'object' ? stored.expiresAtMs : NEVER);
  }
  return keys;
}

let evictions = 0;
let refusals = 0;

function run(policy: MaxMemoryPolicy, maxMemory: number, all: readonly Step[]): void {
  const clock = { ms: START_MS, now: () => clock.ms };
  const store = new Store({
    clock,
    databases: 2,
    maxMemory,
    maxMemoryPolicy: policy,
    maxMemorySamples: SAMPLES,
  });
  store.close();
  const { keyspace } = store;
  const memory = keyspace.countMemory();
  const model = new Model();
  let gone: string[] = [];
  const effects: string[] = [];
  let evictedCount = 0;
  keyspace.observe({
    changed: (database, key, event) => {
      if (event.name === 'evicted') gone.push(idOf(database, key));
    },
    effect: (_, command) => effects.push(command.join(' ')),
  });
  for (const { name, key: number, database, size } of all) {
    if (name === 'advance') {
      clock.ms += 20 * size;
      continue;
    }
    const key = KEYS[number]!;
    const view = store.select(database);
    const command = commands[name]!;
    const before = keysOf(store);
    const usedBefore = memory.usedBytes;
    gone = [];
    effects.length = 0;
    let refusal: string | undefined;
    try {
      command.run(view, key, size);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      refusal = error.code;
    }
    // Whoever finds another type has used the key all the same. Only who changed it has written.
    const isWrongType = refusal === 'WRONGTYPE';
    const id = `${database}:${key}`;
    if (refusal !== 'OOM') model.note(id, isWrongType ? 'read' : command.use);

    expect(gone.length === 0 || command.mayAdd).toBe(true);
    evictions += gone.length;
    evictedCount += gone.length;
    expect(keyspace.evictedCount).toBe(evictedCount);
    expect(effects.filter((effect) => effect.startsWith('DEL')).length).toBeGreaterThanOrEqual(gone.length);
    for (const evicted of gone) {
      const expiresAtMs = before.get(evicted);
      expect(expiresAtMs, `${evicted} was there`).toBeDefined();
      if (isVolatile(policy)) expect(expiresAtMs).not.toBe(NEVER);
      before.delete(evicted);
    }
    if (command.mayAdd && refusal === 'OOM') {
      refusals++;
      // Nothing was left that might have gone.
      const left = [...before.values()].filter((at) => !isVolatile(policy) || at !== NEVER);
      expect(policy === 'noeviction' ? 0 : left.length).toBe(0);
      expect(memory.usedBytes).toBeGreaterThan(maxMemory);
    } else if (command.mayAdd) {
      // There was room before it, and it has added one value at most: the largest takes less than this.
      expect(memory.usedBytes).toBeLessThanOrEqual(Math.max(maxMemory, 0) + 8000);
      if (usedBefore <= maxMemory) expect(gone).toEqual([]);
    }
    checkCount(store);
  }
}

test.each(policies)('%s', (policy) => {
  evictions = 0;
  refusals = 0;
  fc.assert(
    fc.property(steps, fc.constantFrom(700, 1500, 4000), (all, maxMemory) => run(policy, maxMemory, all)),
    { seed: 20_261_122, numRuns: 30 },
  );
  // The test would pass if nothing ever had to go.
  if (policy === 'noeviction') expect(refusals).toBeGreaterThan(50);
  else expect(evictions).toBeGreaterThan(50);
});

test.each(['allkeys-lru', 'allkeys-lrm', 'volatile-lru', 'volatile-lrm', 'volatile-ttl'] as const)(
  '%s: of all keys, the first by the model goes first',
  (policy) => {
    let compared = 0;
    fc.assert(
      fc.property(steps, (all) => {
        const clock = { ms: START_MS, now: () => clock.ms };
        const store = new Store({ clock, databases: 2, maxMemoryPolicy: policy, maxMemorySamples: SAMPLES });
        store.close();
        const model = new Model();
        for (const { name, key: number, database, size } of all) {
          // What only looks for a key, or does not find it, or finds another type, would need a model of its own.
          if (!['set', 'setExpiring', 'get', 'touch'].includes(name)) continue;
          const key = KEYS[number]!;
          const command = commands[name]!;
          command.run(store.select(database), key, size);
          model.note(`${database}:${key}`, command.use);
        }
        const left = keysOf(store);
        if (isVolatile(policy)) for (const [id, at] of left) if (at === NEVER) left.delete(id);
        const ranks = [...left].map(([id, at]) => ({ id, rank: model.rank(id, policy, at)! }));
        const gone: string[] = [];
        store.keyspace.observe({
          changed: (database, key, event) => {
            if (event.name === 'evicted') gone.push(idOf(database, key));
          },
        });
        store.keyspace.memoryLimit.maxBytes = 1;
        // Keys that expire at the same time go in any order.
        const rankById = new Map(ranks.map(({ id, rank }) => [id, rank]));
        expect(gone.map((id) => rankById.get(id))).toEqual(
          ranks.map(({ rank }) => rank).sort((a, b) => a - b),
        );
        compared += gone.length;
      }),
      { seed: 20_261_122, numRuns: 30 },
    );
    expect(compared).toBeGreaterThan(50);
  },
);
