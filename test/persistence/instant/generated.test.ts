import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StoreOptions } from '../../../src/store.ts';
import { checkHashes } from '../../structures/hashes/support.ts';
import { randomCommand, Subject } from '../../transactions/support.ts';
import { after, stage, stateOf, walkOf } from './support.ts';

// Walks between whose steps anything happens: what they find must be what was there when they began.

const SEED = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_261_122);
const RUNS = Number(process.env['LODIS_FUZZ_RUNS'] ?? 150);

type Step =
  | { readonly command: number }
  | { readonly walk: number }
  | { readonly pauseMs: number; readonly isTold: boolean }
  | { readonly policy: number }
  | { readonly inner: readonly Step[]; readonly isThrown: boolean };

const { steps } = fc.letrec<{ step: Step; steps: readonly Step[] }>((tie) => ({
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 12, arbitrary: fc.record({ command: fc.noShrink(fc.nat(0x7fffffff)) }) },
    { weight: 4, arbitrary: fc.record({ walk: fc.integer({ min: 1, max: 8 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({ pauseMs: fc.constantFrom(1, 110_000, 310_000), isTold: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ policy: fc.nat(2) }) },
    { weight: 2, arbitrary: fc.record({ inner: tie('steps'), isThrown: fc.boolean() }) },
  ),
  steps: fc.array(tie('step'), { maxLength: 30, size: 'max' }),
}));
const seeds = fc.array(fc.noShrink(fc.nat(0x7fffffff)), { maxLength: 60, size: 'max' });

/** With a policy of the first two, texts have slots. */
const POLICIES = ['allkeys-lru', 'allkeys-lfu', 'noeviction'];

class Undone extends Error {}

interface Walker {
  readonly walk: { step(isSpent: () => boolean): boolean };
}

function run(subject: Subject, { walk }: Walker, step: Step, isInner = false): void {
  const { keyspace } = subject.store;
  if ('command' in step) subject.run(randomCommand(step.command));
  else if ('walk' in step) {
    if (!isInner) walk.step(after(step.walk));
  } else if ('policy' in step) {
    if (!isInner) subject.run(['CONFIG', 'SET', 'maxmemory-policy', POLICIES[step.policy]!]);
  } else if ('pauseMs' in step) {
    subject.nowMs += step.pauseMs;
    if (step.isTold && !isInner) keyspace.advance(0);
  } else {
    try {
      subject.store.transaction(() => {
        for (const each of step.inner) run(subject, { walk }, each, true);
        if (step.isThrown) throw new Undone();
      });
    } catch (error) {
      if (!(error instanceof Undone)) throw error;
    }
  }
}

test.each<[string, StoreOptions]>([
  ['bare texts', {}],
  ['texts whose uses are noted', { maxMemory: '1gb', maxMemoryPolicy: 'allkeys-lru' }],
])('a walk amid random commands, transactions and expiry finds what there was: %s', (_, options) => {
  let foundCount = 0;
  fc.assert(
    fc.property(seeds, steps, (before, during) => {
      const subject = new Subject({ isObserved: false }, options);
      for (const tokens of before.map(randomCommand)) subject.run(tokens);
      stage(subject);
      const { keyspace } = subject.store;
      const state = stateOf(keyspace);
      const { walk, found } = walkOf(keyspace);
      expect(walk.keyCount).toBe(state.size);
      for (const step of during) run(subject, { walk }, step);
      walk.finish();
      expect(found).toEqual(state);
      expect(walk.visitedCount).toBe(state.size);
      expect(keyspace.keeper).toBeUndefined();
      foundCount += state.size;
      for (const { texts, map } of keyspace.databases) texts?.checkInvariants(map);
      if (keyspace.memory === undefined) checkHashes(subject.store);
    }),
    { seed: SEED, numRuns: RUNS },
  );
  expect(foundCount).toBeGreaterThan(10 * RUNS);
});
