import { describe, expect, test } from 'vitest';
import type { AppendFsync } from '../../../src/index.ts';
import { DIES, type Fault, FaultyStorage, type Operation } from '../../../src/persistence/storage/faults.ts';
import { numbersFrom } from '../crash/operations.ts';
import { stateOf } from '../crash/state.ts';
import { openOn, Program, Run, told, turns } from './history.ts';
import { EVERYTHING, SMALL } from './programs.ts';

// A program is run as often as its storage has operations, times what can go wrong with each: then what is found, now and
// after the power is lost, is looked at, and the store goes on where that is over.

/** Of all cases every so manieth is tried, another one each time the seed is. 1 for all: that takes minutes. */
const STRIDE = Number(process.env['LODIS_FAULT_STRIDE'] ?? 13);
const SEED = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_261_122);
const PAIRS = Number(process.env['LODIS_FUZZ_RUNS'] ?? 30);

interface Case {
  readonly operation: Operation;
  readonly fault: Fault;
  /** Whether all operations of its kind fail from then on. */
  readonly lasts?: boolean;
}

/** All that can go wrong with an operation; of what is appended, each byte may be the last. */
function* casesOf(operation: Operation): Generator<Case> {
  const { kind, name, bytes = 0 } = operation;
  // A lock that is taken though that has failed is nobody's: the real ones are those of processes.
  if (kind === 'lock' || kind === 'unlock') return;
  for (const done of ['nothing', 'all'] as const) {
    yield { operation, fault: { code: DIES, done } };
    yield { operation, fault: { code: 'EIO', done } };
    yield { operation, fault: { code: 'EIO', done }, lasts: true };
  }
  if (kind !== 'append') return;
  for (let done = 1; done < bytes; done += name.includes('.rdb') || name.includes('temp') ? 40 : 1)
    yield { operation, fault: { code: DIES, done } };
  yield { operation, fault: { code: 'ENOSPC', done: bytes >> 1 } };
  yield { operation, fault: { code: 'ENOSPC', done: bytes >> 1 }, lasts: true };
}

function describeCase({ operation: { number, kind, name, to }, fault: { code, done }, lasts }: Case): string {
  return `${code}${lasts ? ' from then on' : ''} (${done} done) at ${number} ${kind} ${name}${to === undefined ? '' : ` → ${to}`}`;
}

interface Setting {
  readonly appendfsync: AppendFsync;
  readonly immediate: boolean;
  readonly aofUseRdbPreamble?: boolean;
}

async function operationsOf(program: Program, { immediate, ...options }: Setting): Promise<Operation[]> {
  const run = await new Run(program, new FaultyStorage({ immediate }), options).go();
  expect(run.failure).toBe(undefined);
  expect(run.keptCount).toBe(options.appendfsync === 'always' ? run.done.length : 0);
  await run.store!.close();
  await run.check(run.storage.afterPowerLoss(), 'nothing fails', run.done.length);
  return [...run.storage.log];
}

/** What a run leaves behind is looked at: if this process dies here, or the machine. */
async function checkLeft(run: Run, what: string, isAll: boolean): Promise<void> {
  const { storage } = run;
  await run.check(storage.afterProcessDied(), what, Math.max(run.keptCount, run.writtenCount));
  let count = 0;
  for (const left of storage.powerLosses()) {
    await run.check(left, `${what}, and the power is lost`);
    if (++count >= (isAll ? 30 : 5)) return;
  }
}

/** Whatever failed does so no more: the same store goes on, and all that is in it is kept. */
async function checkRecovery(run: Run, what: string): Promise<void> {
  const { storage, store } = run;
  storage.plan = () => undefined;
  if (store === undefined) {
    // It could not be opened: nobody has the lock, and nothing is damaged.
    await run.check(storage, what, run.done.length);
    return;
  }
  for (let tries = 0; tries < 3; tries++) {
    store.advance(61_000);
    await turns(5);
  }
  store.select(3).set('last', '1');
  expect([what, await told(store)]).toEqual([what, true]);
  const state = stateOf(store);
  const kept = store.blocking.waitaof(1, 0, 0);
  store.advance(1000);
  expect([what, await kept]).toEqual([what, [1, 0]]);
  await store.close();
  const found = await openOn(storage.afterPowerLoss());
  expect([what, found.select(3).get('last'), stateOf(found)]).toEqual([what, '1', state]);
  await found.close();
}

async function tryCase(program: Program, { immediate, ...options }: Setting, one: Case): Promise<void> {
  const { operation, fault, lasts } = one;
  const storage = new FaultyStorage({ immediate });
  storage.plan = ({ number, kind }) =>
    number === operation.number || (lasts && number > operation.number && kind === operation.kind)
      ? fault
      : undefined;
  const what = describeCase(one);
  const run = await new Run(program, storage, options).go();
  await checkLeft(run, what, typeof fault.done !== 'number');
  if (!storage.hasDied && options.appendfsync !== 'no') await checkRecovery(run, what);
  run.abandon();
}

const everything = new Program(EVERYTHING);
const small = new Program(SMALL);

describe('one thing that goes wrong', () => {
  test.each([
    ['always', everything, { appendfsync: 'always', immediate: true }, 1],
    ['always, waiting', everything, { appendfsync: 'always', immediate: false }, 2],
    [
      'always, the base as commands',
      small,
      { appendfsync: 'always', immediate: true, aofUseRdbPreamble: false },
      1,
    ],
    ['everysec', everything, { appendfsync: 'everysec', immediate: true }, 3],
    ['everysec, waiting', small, { appendfsync: 'everysec', immediate: false }, 2],
    ['no', small, { appendfsync: 'no', immediate: true }, 3],
  ] satisfies [string, Program, Setting, number][])(
    'appendfsync %s',
    async (_, program, setting, sparseness) => {
      const cases = (await operationsOf(program, setting)).flatMap((operation) => [...casesOf(operation)]);
      const stride = STRIDE === 1 ? 1 : STRIDE * sparseness;
      let count = 0;
      for (let at = SEED % stride; at < cases.length; at += stride) {
        await tryCase(program, setting, cases[at]!);
        count++;
      }
      expect(count).toBeGreaterThan(1);
    },
  );
});

test('several things that go wrong, one after the other', async () => {
  for (let round = 0; round < PAIRS; round++) {
    const next = numbersFrom(SEED + round);
    const immediate = next() < 0.6;
    const appendfsync = next() < 0.7 ? 'always' : 'everysec';
    const rate = 0.01 + next() * 0.2;
    const diesAt = next() < 0.5 ? 20 + Math.floor(next() * 100) : -1;
    const storage = new FaultyStorage({ immediate });
    storage.plan = ({ number, kind, bytes = 0 }) => {
      const isDeath = number === diesAt;
      if (kind === 'lock' || kind === 'unlock' || (!isDeath && next() > rate)) return undefined;
      const done = next() < 0.3 ? 'all' : kind === 'append' ? Math.floor(next() * bytes) : 'nothing';
      return { code: isDeath ? DIES : 'EIO', done };
    };
    const what = `round ${round} (LODIS_FUZZ_SEED=${SEED})`;
    const run = await new Run(everything, storage, { appendfsync }).go();
    await checkLeft(run, what, false);
    if (!storage.hasDied) await checkRecovery(run, what);
    run.abandon();
  }
});
