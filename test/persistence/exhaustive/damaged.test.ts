import { afterEach, beforeEach, expect, test } from 'vitest';
import { toBytes } from '../../../src/bytes/byte-string.ts';
import { connect } from '../../../src/index.ts';
import { AofCorrupt } from '../../../src/persistence/aof/aof-errors.ts';
import { RdbError } from '../../../src/persistence/rdb/file/rdb-error.ts';
import { FaultyStorage } from '../../../src/persistence/storage/faults.ts';
import { registry } from '../../../src/session/registry.ts';
import { numbersFrom } from '../crash/operations.ts';
import { stateOf } from '../crash/state.ts';
import { openOn, Program, Run, turns } from './history.ts';
import { SMALL } from './programs.ts';

const FOLDER = 'appendonlydir/';
const MANIFEST = `${FOLDER}appendonly.aof.manifest`;

const rejections: unknown[] = [];
const note = (reason: unknown): void => void rejections.push(reason);
beforeEach(() => void process.on('unhandledRejection', note));
afterEach(() => {
  process.off('unhandledRejection', note);
  expect(rejections.splice(0)).toEqual([]);
});

/** A storage with these files. */
async function storageOf(files: ReadonlyMap<string, Uint8Array>): Promise<FaultyStorage> {
  const storage = new FaultyStorage();
  for (const [name, bytes] of files) {
    const file = await storage.append(name);
    await file.append(bytes);
    await file.sync();
  }
  storage.log.length = 0;
  return storage;
}

async function filesOf(storage: FaultyStorage): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const name of (await storage.list()).sort()) {
    const file = (await storage.open(name))!;
    files.set(name, await file.read(0, file.sizeBytes));
  }
  return files;
}

/** What comes of opening it: the state, or `undefined` if it is refused as it should be. */
async function outcomeOf(files: ReadonlyMap<string, Uint8Array>, options = {}): Promise<string | undefined> {
  const storage = await storageOf(files);
  try {
    const store = await openOn(storage, options);
    // Keys that are no text cannot be asked for as such.
    const isText = store.keys('*').every((key) => !key.includes('\ufffd'));
    const state = isText ? stateOf(store) : String(connect(store).call('DEBUG', 'DIGEST'));
    store.keyspace.checkInvariants();
    await store.close();
    return state;
  } catch (error) {
    if (
      !(error instanceof AofCorrupt) &&
      !(error instanceof RdbError) &&
      (error as { code?: string }).code !== 'EINVAL'
    )
      throw error;
    // What is refused is left as it is, and can be looked at.
    expect(await filesOf(storage)).toEqual(files);
    return undefined;
  }
}

async function sample(): Promise<{ files: Map<string, Uint8Array>; states: string[]; state: string }> {
  const program = new Program(SMALL);
  const run = await new Run(program, new FaultyStorage(), { appendfsync: 'always' }).go();
  const state = stateOf(run.store!);
  await run.store!.close();
  const states = run.done.map((_, count) => program.stateAfter(run.done.slice(0, count)));
  return { files: await filesOf(run.storage), states: [...states, state], state };
}

const named = (files: Map<string, Uint8Array>, part: string): string =>
  [...files.keys()].find((name) => name.includes(part))!;

test('a base of which any byte is another, is missing or is one too many is refused', async () => {
  const { files } = await sample();
  const base = named(files, '.base.');
  const bytes = files.get(base)!;
  for (let at = 0; at < bytes.length; at++) {
    const flipped = bytes.with(at, bytes[at]! ^ (1 << (at % 8)));
    expect([at, await outcomeOf(new Map(files).set(base, flipped))]).toEqual([at, undefined]);
    if (at % 3 > 0) continue;
    const cut = bytes.subarray(0, at);
    expect([at, await outcomeOf(new Map(files).set(base, cut))]).toEqual([at, undefined]);
    const more = Uint8Array.from([...bytes.subarray(0, at), 0x2a, ...bytes.subarray(at)]);
    expect([at, await outcomeOf(new Map(files).set(base, more))]).toEqual([at, undefined]);
  }
  for (const nothing of [new Uint8Array(), new Uint8Array(bytes.length), toBytes('*1\r\n$4\r\nPING\r\n')]) {
    const incremental = named(files, '.incr.');
    expect(await outcomeOf(new Map(files).set(base, nothing))).toBe(undefined);
    expect(await outcomeOf(new Map(files).set(base, nothing).set(incremental, new Uint8Array()))).toBe(
      undefined,
    );
  }
});

test('a manifest that is cut, changed or gone is refused, or says all the same', async () => {
  const { files, state } = await sample();
  const bytes = files.get(MANIFEST)!;
  const next = numbersFrom(20_261_122);
  for (let at = 0; at < bytes.length; at++) {
    for (const changed of [
      bytes.subarray(0, at),
      bytes.with(at, bytes[at]! ^ (1 << (at % 8))),
      bytes.with(at, Math.floor(next() * 256)),
      Uint8Array.from([...bytes.subarray(0, at), Math.floor(next() * 256), ...bytes.subarray(at)]),
    ]) {
      // A line that has become a remark: without a word of the base, the format cannot tell that there is one.
      if (/^#/m.test(new TextDecoder().decode(changed))) continue;
      const found = await outcomeOf(new Map(files).set(MANIFEST, changed));
      // White space and the like: nothing else.
      if (found !== undefined)
        expect([at, new TextDecoder().decode(changed), found]).toEqual([
          at,
          new TextDecoder().decode(changed),
          state,
        ]);
    }
  }
  const without = new Map(files);
  without.delete(MANIFEST);
  expect(await outcomeOf(without)).toBe(undefined);
});

test('files that a manifest names and are not there, are twice or in each other’s place', async () => {
  const { files } = await sample();
  const base = named(files, '.base.');
  const incremental = named(files, '.incr.');
  for (const name of [base, incremental]) {
    const without = new Map(files);
    without.delete(name);
    expect(await outcomeOf(without)).toBe(undefined);
  }
  const swapped = new Map(files).set(base, files.get(incremental)!).set(incremental, files.get(base)!);
  expect(await outcomeOf(swapped)).toBe(undefined);
  expect(await outcomeOf(new Map(files).set(incremental, files.get(base)!))).toBe(undefined);
  const [b, i] = [base.slice(FOLDER.length), incremental.slice(FOLDER.length)];
  for (const manifest of [
    `file ${b} seq 2 type b\nfile ${b} seq 2 type h\nfile ${i} seq 2 type i\n`,
    `file ${b} seq 2 type b\nfile ${i} seq 2 type h\nfile ${i} seq 2 type i\n`,
    `file ${b} seq 2 type b\nfile ${i} seq 2 type i\nfile ${i} seq 3 type i\n`,
    `file ${b} seq 2 type b\nfile appendonly.aof.manifest seq 1 type h\nfile ${i} seq 2 type i\n`,
    `file ${b} seq 2 type b\n`,
    `file ../x seq 2 type b\nfile ${i} seq 2 type i\n`,
    `file .. seq 2 type b\nfile ${i} seq 2 type i\n`,
    `file "a\\x00b" seq 2 type b\nfile ${i} seq 2 type i\n`,
    `file ..\\x seq 2 type b\nfile ${i} seq 2 type i\n`,
    `file ${b} seq 2 type b\nfile .. seq 1 type h\nfile ${i} seq 2 type i\n`,
    `file ${b} seq 99999999999999999999 type b\nfile ${i} seq 2 type i\n`,
    `file ${i} seq 2 type i\nfile ${b} seq 2 type b\nfile ${b} seq 3 type b\n`,
  ])
    expect([manifest, await outcomeOf(new Map(files).set(MANIFEST, toBytes(manifest)))]).toEqual([
      manifest,
      undefined,
    ]);
});

test('commands that are cut, changed or garbage: a beginning, another text, or refused', async () => {
  const { files, states } = await sample();
  const incremental = named(files, '.incr.');
  const bytes = files.get(incremental)!;
  const next = numbersFrom(7);
  for (let at = 0; at < bytes.length; at++) {
    const found = await outcomeOf(new Map(files).set(incremental, bytes.subarray(0, at)));
    expect(states).toContain(found);
    await outcomeOf(new Map(files).set(incremental, bytes.with(at, bytes[at]! ^ (1 << (at % 8)))));
    await outcomeOf(new Map(files).set(incremental, bytes.with(at, Math.floor(next() * 256))));
    const more = [...bytes.subarray(0, at), Math.floor(next() * 256), ...bytes.subarray(at)];
    await outcomeOf(new Map(files).set(incremental, Uint8Array.from(more)));
  }
  for (let length = 1; length < 60; length += 3) {
    const garbage = Uint8Array.from({ length }, () => 1 + Math.floor(next() * 255));
    if (garbage[0] === 0x2a || garbage[0] === 0x23) continue;
    expect(await outcomeOf(new Map(files).set(incremental, garbage))).toBe(undefined);
  }
});

test('no command that stands in a file does anything to who reads it', async () => {
  const empty = await openOn(new FaultyStorage());
  await empty.close();
  const { files } = await sample();
  const incremental = named(files, '.incr.');
  const encode = (tokens: readonly string[]): string =>
    `*${tokens.length}\r\n${tokens.map((token) => `$${token.length}\r\n${token}\r\n`).join('')}`;
  let refused = 0;
  for (const { fullName } of registry.all) {
    for (const args of [[], ['0'], ['a', '0'], ['a', 'b', '0'], ['1', 'a', '0', '1']]) {
      const text = encode([...fullName.split('|'), ...args]);
      const storage = await storageOf(new Map(files).set(incremental, toBytes(text)));
      try {
        const store = await openOn(storage, { save: false });
        store.keyspace.checkInvariants();
        expect([text, store.set('works', '1')]).toEqual([text, 'OK']);
        await store.close();
      } catch (error) {
        if (!(error instanceof AofCorrupt))
          throw new Error(`${text}: ${(error as Error).stack}`, { cause: error });
        refused++;
      }
      const writes = storage.log.filter(({ kind, name }) => kind === 'append' && !name.includes('.incr.'));
      expect([text, writes]).toEqual([text, []]);
    }
  }
  await turns(3);
  expect(refused).toBeGreaterThan(500);
});

test('an RDB file that is refused is left as it is', async () => {
  const storage = new FaultyStorage();
  const store = await openOn(storage, { appendonly: false });
  for (const step of SMALL) if (step.kind === 'data') step.run(store);
  await store.save();
  await store.close();
  const files = await filesOf(storage);
  const bytes = files.get('dump.rdb')!;
  for (const appendonly of [false, true])
    for (let at = 0; at < bytes.length; at += appendonly ? 7 : 2) {
      for (const changed of [bytes.subarray(0, at), bytes.with(at, bytes[at]! ^ (1 << (at % 8)))]) {
        const found = await outcomeOf(new Map(files).set('dump.rdb', changed), { appendonly });
        expect([at, found]).toEqual([at, undefined]);
      }
    }
});
