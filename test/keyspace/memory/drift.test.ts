import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReplyError } from '../../../src/errors.ts';
import { RecencyTracker } from '../../../src/keyspace/eviction/recency-tracker.ts';
import { lua } from '../../../src/scripting/index.ts';
import { registry } from '../../../src/session/registry.ts';
import { typedArguments } from '../../support/typed-arguments.ts';
import { randomCommand, Subject } from '../../transactions/support.ts';
import { checkCount } from './support.ts';

// Commands of every kind, by all doors, on a store that counts what its keys take: the count must not drift from what one
// counts anew.

const SEED = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_261_122);
const RUNS = Number(process.env['LODIS_FUZZ_RUNS'] ?? 60);

type Step =
  | { readonly wire: number }
  | { readonly typed: number }
  | { readonly script: number }
  | { readonly pauseMs: number }
  | { readonly begin: 'counting' | 'noting' | 'not noting' }
  | { readonly inner: readonly Step[]; readonly isThrown: boolean };

const seed = fc.noShrink(fc.nat(0x7fffffff));
const { steps } = fc.letrec<{ step: Step; steps: readonly Step[] }>((tie) => ({
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 24, arbitrary: fc.record({ wire: seed }) },
    { weight: 24, arbitrary: fc.record({ typed: seed }) },
    { weight: 3, arbitrary: fc.record({ script: seed }) },
    { weight: 2, arbitrary: fc.record({ pauseMs: fc.constantFrom(1, 5000, 150_000) }) },
    {
      weight: 1,
      arbitrary: fc.record({ begin: fc.constantFrom('counting', 'noting', 'not noting') }),
    },
    { weight: 3, arbitrary: fc.record({ inner: tie('steps'), isThrown: fc.boolean() }) },
  ),
  steps: fc.array(tie('step'), { maxLength: 60, size: 'max' }),
}));

class Undone extends Error {}

let undone = 0;
let typed = 0;

function run(subject: Subject, all: readonly Step[], depth: number): void {
  const { store } = subject;
  for (const step of all) {
    if ('wire' in step) subject.run(randomCommand(step.wire));
    else if ('typed' in step) runTyped(subject, randomCommand(step.typed));
    else if ('script' in step) {
      const [name, ...args] = randomCommand(step.script);
      subject.run(['EVAL', 'return redis.pcall(unpack(ARGV))', '0', name!, ...args]);
    } else if ('pauseMs' in step) {
      if (depth === 0) store.advance(step.pauseMs);
    } else if ('begin' in step) begin(subject, step.begin);
    else {
      try {
        store.transaction(() => {
          run(subject, step.inner, depth + 1);
          if (step.isThrown) throw new Undone();
        });
      } catch (error) {
        if (!(error instanceof Undone)) throw error;
        undone++;
      }
      if (depth === 0 && store.keyspace.memory !== undefined) checkCount(store);
    }
  }
}

function begin({ store }: Subject, what: 'counting' | 'noting' | 'not noting'): void {
  if (what === 'counting') store.keyspace.countMemory();
  else {
    const { keyspace } = store;
    keyspace.trackAccess(what === 'noting' ? new RecencyTracker(keyspace, true) : undefined);
  }
}

function runTyped({ store }: Subject, tokens: readonly string[]): void {
  const [first, second] = tokens.map((token) => token.toUpperCase());
  const command = registry.get(`${first} ${second}`) ?? registry.get(first!);
  const args = command === undefined ? undefined : typedArguments(command, tokens);
  if (command === undefined || args === undefined || (command.facts.target ?? 'store') !== 'store') return;
  const form = command.forms.find((candidate) => candidate.when?.(args) ?? true) ?? command.forms[0];
  if (form === undefined) return;
  typed++;
  try {
    (store as unknown as Record<string, (...args: unknown[]) => unknown>)[String(form.method)]!(...args);
  } catch (error) {
    if (!(error instanceof ReplyError || error instanceof RangeError)) throw error;
  }
}

test.each([
  ['from the start', true, false],
  ['from the start, with accesses noted', true, true],
  ['from somewhere in between', false, false],
])('counted %s, memory does not drift', (_when, isCounted, isNoted) => {
  let bytes = 0;
  fc.assert(
    fc.property(steps, fc.boolean(), (all, isObserved) => {
      const subject = new Subject({ isObserved }, { scripting: lua() });
      const { keyspace } = subject.store;
      if (isCounted) begin(subject, 'counting');
      if (isNoted) begin(subject, 'noting');
      run(subject, all, 0);
      begin(subject, 'counting');
      checkCount(subject.store);
      bytes = Math.max(bytes, keyspace.memory!.peakBytes);
      subject.run(['FLUSHALL']);
      expect(keyspace.memory).toMatchObject({ dataBytes: 0 });
    }),
    { seed: SEED, numRuns: RUNS },
  );
  expect(bytes).toBeGreaterThan(1000);
  expect(typed).toBeGreaterThan(10 * RUNS);
  expect(undone).toBeGreaterThan(RUNS / 4);
});
