import {
  type AppendedFile,
  type Storage,
  StorageLocked,
  type StoredFile,
} from '../../../src/persistence/storage/storage.ts';

/**
 * What every storage must do, as plain functions that throw: they run in a test runner, and in a browser's page or worker.
 */
export interface ConformanceCase {
  readonly title: string;
  /** Given how to open the storage of one place, empty at first. Each call gives another object for the same place. */
  readonly run: (open: () => Storage | Promise<Storage>) => Promise<void>;
}

function check(isTrue: boolean, what: string): asserts isTrue {
  if (!isTrue) throw new Error(`Storage: ${what}`);
}

function same(actual: unknown, expected: unknown, what: string): void {
  const [have, want] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(have === want, `${what}: ${have} where ${want} was expected`);
}

/** What a promise rejects with. */
async function failure(promise: Promise<unknown>, what: string): Promise<unknown> {
  let outcome: { readonly thrown: unknown } | undefined;
  try {
    await promise;
  } catch (thrown) {
    outcome = { thrown };
  }
  check(outcome !== undefined, `${what} did not fail`);
  return outcome.thrown;
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const text = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** Bytes that say where they stand, so that one in the wrong place is seen. */
function pattern(offset: number, lengthBytes: number): Uint8Array {
  const bytes = new Uint8Array(lengthBytes);
  for (let i = 0; i < lengthBytes; i++) bytes[i] = ((offset + i) * 2654435761) >>> 24;
  return bytes;
}

function samePattern(bytes: Uint8Array, offset: number, lengthBytes: number, what: string): void {
  check(bytes.length === lengthBytes, `${what}: ${bytes.length} bytes where ${lengthBytes} were expected`);
  const expected = pattern(offset, lengthBytes);
  const wrong = bytes.findIndex((byte, i) => byte !== expected[i]);
  check(wrong < 0, `${what}: byte ${offset + wrong} is wrong`);
}

async function opened(storage: Storage, name: string): Promise<StoredFile> {
  const file = await storage.open(name);
  check(file !== undefined, `${name} is not there`);
  return file;
}

async function read(storage: Storage, name: string): Promise<Uint8Array> {
  const file = await opened(storage, name);
  const bytes = await file.read(0, file.sizeBytes);
  check(bytes.length === file.sizeBytes, `${name} has not as many bytes as it says`);
  await file.close();
  return bytes;
}

async function write(storage: Storage, name: string, content: string): Promise<void> {
  const file = await storage.append(name);
  await file.append(ascii(content));
  await file.sync();
  await file.close();
}

/** A file's methods, waiting or at once. */
interface Door {
  append(bytes: Uint8Array): Promise<void> | void;
  sync(): Promise<void> | void;
  truncate(sizeBytes: number): Promise<void> | void;
}

/** Every way in which a file can be written: all of them must do the same. */
const DOORS: readonly { readonly word: string; readonly of: (file: AppendedFile) => Door | undefined }[] = [
  { word: 'waiting', of: (file) => file },
  { word: 'at once', of: (file) => file.now },
];

const BAD_NAMES = [
  '',
  '.',
  '..',
  '/',
  '/etc/passwd',
  'a/',
  '/a',
  'a/b/c',
  '../a',
  'a/..',
  './a',
  'a/./b',
  'a\\b',
  'a\0b',
  'a\nb',
  'C:a',
  'lodis.lock',
  'lodis.lock/1',
];

export const CONFORMANCE: readonly ConformanceCase[] = [
  {
    title: 'a place that nobody has written to has no files',
    run: async (open) => {
      const storage = await open();
      same(await storage.list(), [], 'list');
      same(await storage.open('dump.rdb'), undefined, 'a file that is not there');
      same(await storage.open('folder/file'), undefined, 'a file in a folder that is not there');
      check(typeof storage.place === 'string' && storage.place !== '', 'it does not say where it is');
    },
  },
  ...DOORS.flatMap(({ word, of }): ConformanceCase[] => [
    {
      title: `what is appended stands behind what was there (${word})`,
      run: async (open) => {
        const storage = await open();
        const file = await storage.append('a.log');
        same(file.sizeBytes, 0, 'size of a new file');
        const door = of(file);
        if (door === undefined) return file.close();
        await door.append(ascii('one '));
        await door.append(new Uint8Array(0));
        await door.append(ascii('two '));
        same(file.sizeBytes, 8, 'size');
        await door.sync();
        await file.close();
        const again = await storage.append('a.log');
        same(again.sizeBytes, 8, 'size when opened again');
        await of(again)?.append(ascii('three'));
        same(again.sizeBytes, 13, 'size after more');
        await of(again)?.sync();
        await again.close();
        same(text(await read(await open(), 'a.log')), 'one two three', 'content');
      },
    },
    {
      title: `what is cut off is gone, and more goes where it was (${word})`,
      run: async (open) => {
        const storage = await open();
        const file = await storage.append('a.log');
        const door = of(file);
        if (door === undefined) return file.close();
        await door.append(ascii('0123456789'));
        await door.truncate(10);
        same(file.sizeBytes, 10, 'size after nothing was cut');
        await door.truncate(4);
        same(file.sizeBytes, 4, 'size after a cut');
        await door.append(ascii('ab'));
        await door.sync();
        await file.close();
        same(text(await read(storage, 'a.log')), '0123ab', 'content');
        const again = await storage.append('a.log');
        await of(again)?.truncate(0);
        same(again.sizeBytes, 0, 'size after all was cut');
        await of(again)?.sync();
        await again.close();
        same(text(await read(storage, 'a.log')), '', 'content after all was cut');
      },
    },
    {
      title: `a part of a buffer is that part (${word})`,
      run: async (open) => {
        const storage = await open();
        const file = await storage.append('a.log');
        const door = of(file);
        if (door === undefined) return file.close();
        const bytes = ascii('....middle....');
        await door.append(bytes.subarray(4, 10));
        bytes.fill(0);
        await door.append(ascii('!'));
        await door.sync();
        await file.close();
        same(text(await read(storage, 'a.log')), 'middle!', 'content');
      },
    },
    {
      title: `large files, in pieces of all sizes (${word})`,
      run: async (open) => {
        const storage = await open();
        const file = await storage.append('big');
        const door = of(file);
        if (door === undefined) return file.close();
        let size = 0;
        for (const length of [1, 4095, 4096, 4097, 65_536, 1_000_003, 3_000_000, 7]) {
          await door.append(pattern(size, length));
          size += length;
        }
        same(file.sizeBytes, size, 'size');
        await door.sync();
        await file.close();
        const stored = await opened(storage, 'big');
        same(stored.sizeBytes, size, 'size when read');
        for (const [offset, length] of [
          [0, size],
          [0, 1],
          [4095, 2],
          [65_000, 1_000_000],
          [size - 1, 1],
        ] as const)
          samePattern(await stored.read(offset, length), offset, length, `${length} from ${offset}`);
        samePattern(await stored.read(size - 5, 100), size - 5, 5, 'over the end');
        same((await stored.read(size, 100)).length, 0, 'at the end');
        same((await stored.read(size + 10, 100)).length, 0, 'behind the end');
        same((await stored.read(3, 0)).length, 0, 'nothing');
        await stored.close();
      },
    },
  ]),
  {
    title: 'an empty file is a file',
    run: async (open) => {
      const storage = await open();
      const file = await storage.append('empty');
      await file.sync();
      await file.close();
      same(await (await open()).list(), ['empty'], 'list');
      same((await read(storage, 'empty')).length, 0, 'size');
    },
  },
  {
    title: 'files of a folder are listed with it',
    run: async (open) => {
      const storage = await open();
      await write(storage, 'dump.rdb', 'root');
      await write(storage, 'appendonlydir/appendonly.aof.manifest', 'inner');
      await write(storage, 'appendonlydir/dump.rdb', 'other');
      const expected = ['appendonlydir/appendonly.aof.manifest', 'appendonlydir/dump.rdb', 'dump.rdb'];
      same((await storage.list()).sort(), expected, 'list');
      same((await (await open()).list()).sort(), expected, 'list of another object');
      same(text(await read(storage, 'appendonlydir/dump.rdb')), 'other', 'content in a folder');
      same(text(await read(storage, 'dump.rdb')), 'root', 'content beside the folder');
    },
  },
  {
    title: 'a file gets another name, in the place of what had it',
    run: async (open) => {
      const storage = await open();
      await write(storage, 'temp-1.rdb', 'new');
      await write(storage, 'dump.rdb', 'old and longer');
      await storage.rename('temp-1.rdb', 'dump.rdb');
      same(await storage.list(), ['dump.rdb'], 'list');
      same(text(await read(await open(), 'dump.rdb')), 'new', 'content');
      await storage.rename('dump.rdb', 'folder/a');
      await storage.rename('folder/a', 'folder/b');
      same(await storage.list(), ['folder/b'], 'list after moves');
      same(text(await read(storage, 'folder/b')), 'new', 'content after moves');
      await storage.rename('folder/b', 'folder/b');
      same(text(await read(storage, 'folder/b')), 'new', 'content after a rename to its own name');
      const thrown = await failure(storage.rename('nobody', 'folder/b'), 'renaming a file that is not there');
      check(thrown instanceof Error, 'what fails is an Error');
      same(text(await read(storage, 'folder/b')), 'new', 'content after a rename that failed');
    },
  },
  {
    title: 'a removed file is gone, and its name can be taken again',
    run: async (open) => {
      const storage = await open();
      await write(storage, 'a', '1');
      await write(storage, 'folder/a', '2');
      await storage.remove('a');
      await storage.remove('a');
      await storage.remove('nowhere/a');
      same(await storage.list(), ['folder/a'], 'list');
      same(await storage.open('a'), undefined, 'the file');
      await write(storage, 'a', 'again');
      same(text(await read(await open(), 'a')), 'again', 'content');
    },
  },
  {
    title: 'many files at once',
    run: async (open) => {
      const storage = await open();
      const names = Array.from({ length: 20 }, (_, i) => `folder/file.${i}`);
      const files = await Promise.all(names.map((name) => storage.append(name)));
      for (const [i, file] of files.entries()) await file.append(pattern(i, 1000 + i));
      await Promise.all(files.map((file) => file.sync()));
      await Promise.all(files.map((file) => file.close()));
      for (const [i, name] of names.entries()) samePattern(await read(storage, name), i, 1000 + i, name);
    },
  },
  {
    title: 'names that lead elsewhere are refused, by every method',
    run: async (open) => {
      const storage = await open();
      await write(storage, 'good', 'content');
      for (const bad of BAD_NAMES) {
        const shown = JSON.stringify(bad);
        await failure(storage.open(bad), `open ${shown}`);
        await failure(storage.append(bad), `append ${shown}`);
        await failure(storage.remove(bad), `remove ${shown}`);
        await failure(storage.rename(bad, 'good'), `rename from ${shown}`);
        await failure(storage.rename('good', bad), `rename to ${shown}`);
      }
      same(await storage.list(), ['good'], 'list');
      same(text(await read(storage, 'good')), 'content', 'content');
    },
  },
  {
    title: 'names of every harmless kind are taken',
    run: async (open) => {
      const storage = await open();
      const names = ['.hidden', '..dots', 'a b', 'ünï/cödé', 'a.b.c', '-', "it's", 'UPPER', 'lodis.lock2'];
      for (const name of names) await write(storage, name, name === 'ünï/cödé' ? 'unicode' : name);
      same((await storage.list()).sort(), [...names].sort(), 'list');
      for (const name of names)
        same(text(await read(storage, name)), name === 'ünï/cödé' ? 'unicode' : name, name);
    },
  },
  {
    title: 'one has the lock, until it lets go',
    run: async (open) => {
      const [first, second] = [await open(), await open()];
      const release = await first.lock();
      const thrown = await failure(second.lock(), 'a second lock');
      check(thrown instanceof StorageLocked, `a second lock failed with ${String(thrown)}`);
      check((await failure(first.lock(), 'the same lock again')) instanceof StorageLocked, 'the same again');
      same(await second.list(), [], 'the lock is no file of the store');
      await release();
      const releaseSecond = await second.lock();
      // Letting go twice does not take it from who has it now.
      await release();
      check((await failure(first.lock(), 'a third lock')) instanceof StorageLocked, 'released twice');
      await releaseSecond();
      await (await first.lock())();
    },
  },
  {
    title: 'of many who want the lock at once, one gets it',
    run: async (open) => {
      const storages = await Promise.all(Array.from({ length: 8 }, () => open()));
      const outcomes = await Promise.allSettled(storages.map((storage) => storage.lock()));
      const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      same(winners.length, 1, 'how many got it');
      for (const outcome of outcomes)
        if (outcome.status === 'rejected')
          check(outcome.reason instanceof StorageLocked, `failed with ${String(outcome.reason)}`);
      for (const winner of winners) await winner.value();
      await (await (await open()).lock())();
    },
  },
];
