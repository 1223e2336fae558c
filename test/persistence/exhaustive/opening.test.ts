import { expect, test } from 'vitest';
import { DIES, type Fault, FaultyStorage, failAt } from '../../../src/persistence/storage/faults.ts';
import { stateOf } from '../crash/state.ts';
import { openOn, Program, Run } from './history.ts';
import { EVERYTHING, SMALL } from './programs.ts';

// Opening does something with what is there: takes over an append-only file of before Redis 7, makes one of an RDB file, cuts
// off half a command, deletes what a rewrite has left. Whatever of that fails, nothing is damaged.

/** Of all cases every so manieth is tried; 1 for all: that takes ten seconds. */
const STRIDE = Number(process.env['LODIS_FAULT_STRIDE'] ?? 1);

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

async function put(storage: FaultyStorage, name: string, ...contents: readonly Uint8Array[]): Promise<void> {
  const file = await storage.append(name);
  for (const content of contents) await file.append(content);
  await file.sync();
  await file.close();
}

async function rewritten(): Promise<FaultyStorage> {
  const { storage, store } = await new Run(new Program(EVERYTHING), new FaultyStorage(), {}).go();
  await store!.close();
  return storage;
}

/** Some commands, as a server that has died writes them: the last is cut. */
const COMMANDS = text(
  '*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n*3\r\n$5\r\nRPUSH\r\n$1\r\nl\r\n$1\r\nx\r\n*3\r\n$3\r\nSET',
);

const PLACES: readonly (readonly [string, () => Promise<FaultyStorage>])[] = [
  ['nothing', async () => new FaultyStorage()],
  ['an append-only file', rewritten],
  [
    'one with half a command at its end',
    async () => {
      const storage = await rewritten();
      const name = (await storage.list()).find((found) => found.includes('.incr.'))!;
      await put(storage, name, text('*3\r\n$3\r\nSE'));
      return storage;
    },
  ],
  [
    'one that was rewritten when the process died',
    async () => {
      const program = new Program(SMALL);
      const whole = await new Run(program, new FaultyStorage(), {}).go();
      await whole.store!.close();
      const storage = new FaultyStorage();
      const { number } = whole.storage.log.find(
        ({ kind, name }) => kind === 'remove' && name.includes('.1.base.'),
      )!;
      storage.plan = failAt(number, { code: DIES });
      (await new Run(program, storage, {}).go()).abandon();
      return storage.afterProcessDied();
    },
  ],
  [
    'an append-only file of an older server',
    async () => {
      const storage = new FaultyStorage();
      await put(storage, 'appendonly.aof', COMMANDS);
      return storage;
    },
  ],
  [
    'an RDB file, and no append-only file yet',
    async () => {
      const storage = new FaultyStorage();
      const store = await openOn(storage, { appendonly: false });
      for (const step of SMALL) if (step.kind === 'data') step.run(store);
      await store.save();
      await store.close();
      return storage;
    },
  ],
];

test.each(PLACES)('of %s fails anywhere', async (_, make) => {
  const options = { appendfsync: 'always' } as const;
  const original = await make();
  const counted = original.afterProcessDied();
  const store = await openOn(counted, options);
  const state = stateOf(store);
  const operations = [...counted.log];
  await store.close();

  const requireWhole = async (storage: FaultyStorage, what: string): Promise<void> => {
    let found: string;
    try {
      const opened = await openOn(storage, options);
      found = stateOf(opened);
      opened.select(2).set('works', '1');
      await opened.close();
    } catch (cause) {
      throw new Error(`${what}: ${(cause as Error).message}`, { cause });
    }
    expect([what, found]).toEqual([what, state]);
  };
  let count = 0;
  for (const { number, kind, name, bytes = 0 } of operations) {
    if (kind === 'lock') continue;
    const faults: Fault[] = [];
    for (const code of [DIES, 'EIO']) {
      faults.push({ code }, { code, done: 'all' });
      for (let done = 1; done < bytes; done += 29) if (kind === 'append') faults.push({ code, done });
    }
    for (const fault of faults) {
      if (count++ % STRIDE > 0) continue;
      const what = `${fault.code} (${fault.done ?? 'nothing'} done) at ${number} ${kind} ${name}`;
      const storage = original.afterProcessDied();
      storage.plan = failAt(number, fault);
      const opened = await openOn(storage, options).catch((error: Error) => {
        expect([what, error.name]).toEqual([what, fault.code === DIES ? 'ProcessDied' : 'StorageFailure']);
        return undefined;
      });
      await requireWhole(storage.afterProcessDied(), `${what}, found by another process`);
      // Half of what was there may have been unsynced: then that is nobody's promise.
      if (original.disk.files.every(({ unsyncedUnits }) => unsyncedUnits === 0))
        for (const left of storage.powerLosses(['cut']))
          await requireWhole(left, `${what}, and the power is lost`);
      if (storage.hasDied) opened?.keyspace.driver.stop();
      else if (opened !== undefined) await opened.close();
      else if (fault.code !== DIES) {
        storage.plan = () => undefined;
        await requireWhole(storage, `${what}, opened again`);
      }
    }
  }
  expect(count).toBeGreaterThan(40);
});
