import { expect, it } from 'vitest';
import { type PersistenceOptions, Store } from '../../../src/index.ts';
import { persistent } from '../../../src/persistence/index.ts';
import { DIES, type Fault, FaultyStorage, failAt } from '../../../src/persistence/storage/faults.ts';
import { stateOf } from './state.ts';

const OPTIONS: PersistenceOptions = {
  appendonly: true,
  appendfsync: 'always',
  save: false,
  onWarning: () => {},
};
const NOW = 1_900_000_000_000;

function open(storage: FaultyStorage): Promise<Store> {
  return Store.open({ ...OPTIONS, storage: persistent(storage), clock: { now: () => NOW } });
}

/** One step each: acknowledged once it returns. */
const STEPS: readonly ((store: Store) => unknown)[] = [
  (store) => store.set('a', '1'),
  (store) => store.set('b', 'x', { px: 100_000 }),
  (store) => store.rpush('list', ['one', 'two']),
  (store) =>
    store.transaction((tx) => {
      tx.set('a', '2');
      tx.hset('hash', { f: 'v' });
      tx.del('b');
    }),
  (store) => store.bgrewriteaof(),
  (store) => store.zadd('zset', { m: 1.5 }),
  (store) => store.save(),
  (store) => store.xadd('stream', { f: 'v' }),
  (store) => store.bgrewriteaof(),
  (store) => store.lpop('list'),
  (store) => store.close(),
];

/** What a store holds after so many steps. */
const EXPECTED: readonly string[] = (() => {
  const store = new Store({ clock: { now: () => NOW } });
  const states = [stateOf(store)];
  for (const step of STEPS) {
    if (!/bgrewriteaof|save|close/.test(String(step))) step(store);
    states.push(stateOf(store));
  }
  return states;
})();

/** The host's event loop turns until what goes on beside is over. */
async function turns(store: Store): Promise<void> {
  for (let i = 0; i < 12 && store.persistence?.isRewriting === true; i++)
    await new Promise((resolve) => setImmediate(resolve));
}

/** @returns how many steps were acknowledged */
async function work(storage: FaultyStorage): Promise<number> {
  let done = 0;
  try {
    const store = await open(storage);
    for (const step of STEPS) {
      await step(store);
      done++;
      await turns(store);
    }
  } catch (error) {
    if (!storage.hasDied) throw error;
  }
  return done;
}

async function held(storage: FaultyStorage): Promise<string> {
  const store = await open(storage);
  const state = stateOf(store);
  await store.close();
  return state;
}

it('the process killed at any operation of the storage: all that was acknowledged is found, nothing else', async () => {
  const counted = new FaultyStorage();
  expect(await work(counted)).toBe(STEPS.length);
  expect(await held(counted)).toBe(EXPECTED.at(-1));
  const faults: readonly Fault[] = [
    { code: DIES },
    { code: DIES, done: 1 },
    { code: DIES, done: 30 },
    { code: DIES, done: 'all' },
  ];
  let states = 0;
  for (const { number, kind, bytes } of counted.log)
    for (const fault of faults) {
      if (typeof fault.done === 'number' && (kind !== 'append' || fault.done >= (bytes ?? 0))) continue;
      const storage = new FaultyStorage();
      storage.plan = failAt(number, fault);
      const done = await work(storage);
      const possible = [EXPECTED[done], EXPECTED[Math.min(done + 1, STEPS.length)]];
      // What a machine loses when an operation is over it also does before the next, and of a write no less than of a part;
      // only a rename is then sure that may not have been.
      const isOther = fault.done === undefined || kind === 'rename';
      const losses = isOther ? storage.powerLosses(['cut']) : [];
      for (const found of [storage.afterProcessDied(), ...losses]) {
        states++;
        const at = `killed at ${number}: ${kind}, ${JSON.stringify(fault.done)}; ${done} steps done`;
        expect(possible, at).toContain(await held(found));
      }
    }
  expect(states).toBeGreaterThan(1000);
}, 300_000);
