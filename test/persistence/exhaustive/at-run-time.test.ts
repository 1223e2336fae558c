import { expect, test } from 'vitest';
import { DIES, type Fault, FaultyStorage, failAt } from '../../../src/persistence/storage/faults.ts';
import { stateOf } from '../crash/state.ts';
import { command, openOn, other, Program, Run, time, told, turns } from './history.ts';

// The append-only file is turned on and off while the store is used, with something that fails at each operation.

const turnOn = other((store) => store.keyspace.persistence!.setAppendOnly(true));
const turnOff = other((store) => store.keyspace.persistence!.setAppendOnly(false));

const program = new Program([
  command('SET', 'a', '1'),
  turnOn,
  command('RPUSH', 'list', 'one', 'two'),
  time(1000),
  command('INCR', 'n'),
  turnOff,
  command('SET', 'a', '2'),
  turnOn,
  time(1000),
  command('DEL', 'list'),
]);
const options = { appendonly: false, appendfsync: 'always' } as const;
const opened = { appendonly: true, appendfsync: 'always' } as const;

test.each([true, false])(
  'whatever fails while it is turned on and off (immediate: %s)',
  async (immediate) => {
    const whole = await new Run(program, new FaultyStorage({ immediate }), options).go();
    expect(whole.keptCount).toBe(whole.done.length);
    const operations = [...whole.storage.log];
    await whole.store!.close();
    let count = 0;
    for (const { number, kind, name } of operations) {
      if (kind === 'lock' || kind === 'unlock') continue;
      const faults: Fault[] = [
        { code: DIES },
        { code: DIES, done: 'all' },
        { code: 'EIO' },
        { code: 'EIO', done: 'all' },
      ];
      for (const fault of faults) {
        const what = `${fault.code}, ${fault.done ?? 'nothing'} done, at ${number} ${kind} ${name}`;
        const storage = new FaultyStorage({ immediate });
        storage.plan = failAt(number, fault);
        const run = await new Run(program, storage, options).go();
        run.options = opened;
        await run.check(storage.afterProcessDied(), what, run.keptCount);
        await run.check(storage.afterPowerLoss(), `${what}, and power is lost`, run.keptCount);
        count++;
        if (fault.code === DIES || run.store === undefined) {
          run.abandon();
          continue;
        }
        storage.plan = () => undefined;
        // It goes on once that is over: where it could not be turned on, it can be.
        const { store } = run;
        const persistence = store.keyspace.persistence!;
        await persistence.setAppendOnly(true);
        for (let tries = 0; tries < 3; tries++) {
          store.advance(61_000);
          await turns(4);
        }
        store.select(3).set('last', '1');
        expect([what, await told(store)]).toEqual([what, true]);
        expect([what, await store.blocking.waitaof(1, 0, 0)]).toEqual([what, [1, 0]]);
        const state = stateOf(store);
        const found = await openOn(storage.afterPowerLoss(), opened);
        expect([what, found.select(3).get('last'), stateOf(found)]).toEqual([what, '1', state]);
        await found.close();
        await store.close();
      }
    }
    expect(count).toBeGreaterThan(200);
  },
);

test('on, off and on again at once: one after the other', async () => {
  const storage = new FaultyStorage();
  const store = await openOn(storage, { appendonly: false, appendfsync: 'always' });
  const persistence = store.keyspace.persistence!;
  store.set('a', '1');
  const switched = [true, false, true, true].map((isOn) => persistence.setAppendOnly(isOn));
  store.set('b', '1');
  await Promise.all(switched);
  expect(persistence.settings.appendonly).toBe(true);
  expect(await store.blocking.waitaof(1, 0, 0)).toEqual([1, 0]);
  store.set('c', '1');
  const found = await openOn(storage.afterPowerLoss(), opened);
  expect(found.keys('*').sort()).toEqual(['a', 'b', 'c']);
  await found.close();
  await store.close();
});

test('closed while it is turned on: nothing is written once the place is given back', async () => {
  for (let patience = 0; patience < 12; patience++) {
    const storage = new FaultyStorage();
    const store = await openOn(storage, { appendonly: false });
    store.set('a', '1');
    const switched = store.keyspace.persistence!.setAppendOnly(true);
    for (let step = 0; step < patience; step++) await undefined;
    await store.close();
    const operations = storage.log.length;
    expect(storage.log.at(-1)?.kind).toBe('unlock');
    await switched;
    await turns(5);
    expect(storage.log.length).toBe(operations);
  }
});

test('what waits for a file that is turned off is told', async () => {
  const storage = new FaultyStorage();
  const store = await openOn(storage, { appendonly: false });
  store.set('a', '1');
  storage.plan = ({ kind }) => (kind === 'rename' ? { code: 'EIO' } : undefined);
  const persistence = store.keyspace.persistence!;
  await persistence.setAppendOnly(true);
  const waiting = store.blocking.waitaof(1, 0, 0);
  await turns(5);
  const told = expect(waiting).rejects.toThrow('appendonly is disabled');
  await persistence.setAppendOnly(false);
  await told;
  await store.close();
});

test('it stays off where what is there cannot be read', async () => {
  const storage = new FaultyStorage();
  const file = await storage.append('appendonlydir/appendonly.aof.manifest');
  await file.append(new TextEncoder().encode('nonsense\n'));
  await file.close();
  const store = await openOn(storage, { appendonly: false });
  const persistence = store.keyspace.persistence!;
  await expect(persistence.setAppendOnly(true)).rejects.toThrow('Invalid AOF manifest file format');
  expect(persistence.settings.appendonly).toBe(false);
  await storage.remove('appendonlydir/appendonly.aof.manifest');
  await persistence.setAppendOnly(true);
  expect(await store.blocking.waitaof(1, 0, 0)).toEqual([1, 0]);
  await store.close();
});
