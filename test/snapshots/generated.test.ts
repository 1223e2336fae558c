import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MaxMemoryPolicy, Snapshot, StoreOptions } from '../../src/index.ts';
import { checkHashes } from '../structures/hashes/support.ts';
import { randomCommand, STAGE, Subject } from '../transactions/support.ts';
import { check, contentOf } from './support.ts';

// Random commands of all families, transactions that are undone or not, flushes, time, and snapshots that are taken, restored
// and released in any order: what is brought back must be what there was, found out by looking at all of it.

const SEED = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_261_122);
const RUNS = Number(process.env['LODIS_FUZZ_RUNS'] ?? 100);

type Action =
  | { readonly do: 'run' | 'undone' | 'committed'; readonly seeds: readonly number[] }
  | { readonly do: 'snapshot' | 'flush' | 'swap' | 'count' }
  | { readonly do: 'policy'; readonly policy: MaxMemoryPolicy; readonly maxBytes: number }
  | { readonly do: 'restore' | 'release'; readonly which: number }
  | { readonly do: 'advance'; readonly ms: number };

const seeds = (maxLength: number) => fc.array(fc.noShrink(fc.nat(0x7fffffff)), { maxLength, size: 'max' });
const which = fc.nat(1000);
const action = fc.oneof<fc.WeightedArbitrary<Action>[]>(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('run' as const), seeds: seeds(12) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('undone' as const), seeds: seeds(6) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('committed' as const), seeds: seeds(6) }) },
  { weight: 4, arbitrary: fc.constant({ do: 'snapshot' as const }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('restore' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), which }) },
  { weight: 1, arbitrary: fc.constant({ do: 'flush' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'swap' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(1, 5000, 200_000) }),
  },
);

const policyChange = fc.record({
  do: fc.constant('policy' as const),
  policy: fc.constantFrom<MaxMemoryPolicy>(
    'noeviction',
    'allkeys-lru',
    'allkeys-lfu',
    'volatile-lru',
    'volatile-ttl',
  ),
  maxBytes: fc.constantFrom(0, 20_000, 2 ** 30),
});

class Undone extends Error {}

interface Taken {
  readonly snapshot: Snapshot;
  readonly content: unknown;
}

class Run {
  readonly subject: Subject;
  private taken: Taken[] = [];
  restoredCount = 0;

  constructor(options: StoreOptions) {
    this.subject = new Subject({ isObserved: false }, options);
    for (const tokens of STAGE) this.subject.run(tokens);
  }

  private runAll(all: readonly number[]): void {
    for (const seed of all) this.subject.run(randomCommand(seed));
  }

  do(action: Action): void {
    const { subject } = this;
    const { store } = subject;
    switch (action.do) {
      case 'run':
        this.runAll(action.seeds);
        break;
      case 'undone':
        expect(() =>
          store.transaction(() => {
            this.runAll(action.seeds);
            throw new Undone();
          }),
        ).toThrow(Undone);
        break;
      case 'committed':
        store.transaction(() => this.runAll(action.seeds));
        break;
      case 'snapshot':
        this.taken.push({ snapshot: store.snapshot(), content: contentOf(store) });
        break;
      case 'restore':
        this.restore(action.which);
        break;
      case 'release': {
        const [gone] = this.taken.splice(action.which % Math.max(1, this.taken.length), 1);
        gone?.snapshot.release();
        break;
      }
      case 'flush':
        store.flushall();
        break;
      case 'swap':
        store.swapdb(0, 1);
        break;
      case 'count':
        store.keyspace.countMemory();
        break;
      case 'policy':
        store.keyspace.memoryLimit.policy = action.policy;
        store.keyspace.memoryLimit.maxBytes = action.maxBytes;
        break;
      case 'advance':
        store.advance(action.ms);
        break;
    }
  }

  private restore(which: number): void {
    const taken = this.taken[which % Math.max(1, this.taken.length)];
    if (taken === undefined) return;
    const { store } = this.subject;
    store.restore(taken.snapshot);
    expect(contentOf(store)).toEqual(taken.content);
    check(store);
    this.restoredCount++;
  }

  end(): void {
    const { store } = this.subject;
    for (const at of this.taken.keys()) this.restore(at);
    for (const { snapshot } of this.taken) snapshot.release();
    check(store);
    expect(store.keyspace.keeper).toBeUndefined();
    checkHashes(store);
    // Nothing is left of what was aside: no timer, and no bytes.
    store.flushall();
    check(store);
    expect(store.keyspace.wheel.size).toBe(0);
    expect(store.keyspace.memory?.dataBytes ?? 0).toBe(0);
  }
}

const settings: readonly [name: string, options: StoreOptions][] = [
  ['nothing is counted', {}],
  ['a limit of memory, allkeys-lru', { maxMemory: 20_000, maxMemoryPolicy: 'allkeys-lru' }],
  ['a limit of memory, volatile-ttl', { maxMemory: '1gb', maxMemoryPolicy: 'volatile-ttl' }],
  ['memory is counted, and policies change', {}],
];

test.each(settings)('snapshots amid random commands: %s', (name, options) => {
  let restored = 0;
  const changing = [policyChange, fc.constant({ do: 'count' as const })];
  const actions = name.includes('change') ? fc.oneof(action, action, action, ...changing) : action;
  fc.assert(
    fc.property(fc.array(actions, { maxLength: 40, size: 'max' }), (all) => {
      const run = new Run(options);
      for (const one of all) run.do(one);
      run.end();
      restored += run.restoredCount;
    }),
    { seed: SEED, numRuns: RUNS },
  );
  expect(restored).toBeGreaterThan(RUNS);
});
