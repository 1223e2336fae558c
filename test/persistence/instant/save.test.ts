import { describe, expect, test } from 'vitest';
import { Store } from '../../../src/index.ts';
import { Save } from '../../../src/persistence/instant/save.ts';
import { saveRdb } from '../../../src/persistence/instant/save-rdb.ts';
import { beginRdb } from '../../../src/persistence/rdb/file/begin-rdb.ts';
import { readRdb } from '../../../src/persistence/rdb/file/whole-rdb.ts';
import { FaultyStorage, failAt } from '../../../src/persistence/storage/faults.ts';
import { MemoryStorage } from '../../../src/persistence/storage/memory-storage.ts';
import type { Storage } from '../../../src/persistence/storage/storage.ts';
import { randomCommand, Subject } from '../../transactions/support.ts';
import { stage, stateOf } from './support.ts';

const NAME = 'temp-1.rdb';
const TEXT = 'text '.repeat(200);

/** Some megabytes, so that it takes a good many slices. */
function fill(store: Store): void {
  for (let at = 0; at < 4000; at++) store.set(`text:${at}`, `${at}${TEXT}`);
  for (let at = 0; at < 500; at++) store.hset(`hash:${at}`, { number: String(at), text: TEXT });
}

async function bytesOf(storage: Storage, name = NAME): Promise<Uint8Array> {
  const file = (await storage.open(name))!;
  const bytes = await file.read(0, file.sizeBytes);
  await file.close();
  return bytes;
}

/** The store that comes of the file. */
async function loaded(storage: Storage, databases = 16): Promise<Store> {
  // At the time at which the other store was filled, nothing has expired.
  const store = new Store({ databases, clock: { now: () => 0 } });
  readRdb(store, await bytesOf(storage));
  return store;
}

describe('saveRdb', () => {
  test('writes what there was at the moment of the call, whatever happens between its slices', async () => {
    const subject = new Subject({ isObserved: false });
    fill(subject.store);
    stage(subject);
    const { keyspace } = subject.store;
    const state = stateOf(keyspace);
    const storage = new MemoryStorage();
    const progress: number[] = [];
    const saving = saveRdb(keyspace, storage, NAME, {
      compress: false,
      onProgress: (keys, total) => {
        expect(total).toBe(state.size);
        progress.push(keys);
        const seed = progress.length * 1000;
        for (let at = 0; at < 40; at++) subject.run(randomCommand(seed + at));
        for (let at = seed % 77; at < 4000; at += 77) subject.store.append(`text:${at}`, 'more');
        if (progress.length === 2) {
          subject.run(['SWAPDB', '0', '1']);
          subject.run(['FLUSHALL']);
          stage(subject);
        }
      },
    });
    // Nothing is written yet, and it is too late all the same.
    subject.store.set('text:7', 'changed');
    subject.store.del('text:8');
    subject.store.set('new', 'text');
    const saved = await saving;
    expect(saved).toEqual({ sizeBytes: (await bytesOf(storage)).length, keys: state.size });
    expect(progress.length).toBeGreaterThan(5);
    expect(progress.at(-1)).toBe(state.size);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(keyspace.keeper).toBeUndefined();
    expect(await storage.list()).toEqual([NAME]);
    expect(stateOf((await loaded(storage, 3)).keyspace)).toEqual(state);
  });

  test('an empty store is a file too', async () => {
    const storage = new MemoryStorage();
    const { keys } = await saveRdb(new Store().keyspace, storage, NAME);
    expect(keys).toBe(0);
    expect((await loaded(storage)).dbsize()).toBe(0);
  });

  test('takes the place of a file that is there', async () => {
    const storage = new MemoryStorage();
    const file = await storage.append(NAME);
    await file.append(new Uint8Array(100_000));
    const store = new Store();
    store.set('k', 'v');
    await saveRdb(store.keyspace, storage, NAME);
    expect((await loaded(storage)).get('k')).toBe('v');
  });

  test('what only a newer version can say is put into the header, and the checksum is right', async () => {
    const store = new Store();
    fill(store);
    store.hset('hash', { a: '1' });
    store.vadd('vectors', [1, 2, 3], 'element');
    const storage = new MemoryStorage();
    const { sizeBytes } = await saveRdb(store.keyspace, storage, NAME);
    const bytes = await bytesOf(storage);
    expect(String.fromCharCode(...bytes.subarray(0, 9))).toBe('REDIS0012');
    expect(bytes.length).toBe(sizeBytes);
    expect(await storage.list()).toEqual([NAME]);
    expect((await loaded(storage)).vcard('vectors')).toBe(1);
    // The next file knows that, and is written but once.
    const next = new FaultyStorage();
    await saveRdb(store.keyspace, next, NAME);
    expect(next.log.filter(({ kind }) => kind === 'create')).toHaveLength(1);
  });

  test('one at a time or several, each has its own moment', async () => {
    const store = new Store();
    fill(store);
    store.set('moment', 'first');
    const storages = [new MemoryStorage(), new MemoryStorage()];
    const first = saveRdb(store.keyspace, storages[0]!, NAME);
    store.set('moment', 'second');
    const second = saveRdb(store.keyspace, storages[1]!, NAME);
    store.set('moment', 'third');
    await Promise.all([first, second]);
    expect((await loaded(storages[0]!)).get('moment')).toBe('first');
    expect((await loaded(storages[1]!)).get('moment')).toBe('second');
    expect(store.get('moment')).toBe('third');
  });

  test('not in a transaction, which may be undone', async () => {
    const store = new Store();
    const storage = new MemoryStorage();
    expect(() => store.transaction(() => void saveRdb(store.keyspace, storage, NAME))).toThrow(
      'a walk cannot begin inside a transaction, which may be undone',
    );
    expect(store.keyspace.keeper).toBeUndefined();
    expect(await storage.list()).toEqual([]);
  });
});

describe('a save that fails', () => {
  function filled(): Store {
    const store = new Store();
    fill(store);
    // A newer version than is guessed at first, so that the file is copied in the end.
    store.vadd('vectors', [1, 2, 3], 'element');
    return store;
  }

  test('whatever operation of the storage it is that fails, nothing is left of it', async () => {
    const counting = new FaultyStorage();
    await saveRdb(filled().keyspace, counting, NAME);
    const operations = counting.log.map(({ kind }) => kind);
    expect(new Set(operations)).toEqual(
      new Set(['create', 'append', 'sync', 'close', 'open', 'read', 'rename']),
    );
    for (let number = 0; number < operations.length; number++) {
      const store = filled();
      const storage = new FaultyStorage();
      const done = number % 2 === 0 ? 'nothing' : 'all';
      storage.plan = failAt(number, { code: 'EIO', done: operations[number] === 'append' ? 3 : done });
      const saving = saveRdb(store.keyspace, storage, NAME);
      await expect(saving, `${number}: ${operations[number]}`).rejects.toThrow('EIO');
      expect(await storage.list()).toEqual([]);
      expect(store.keyspace.keeper).toBeUndefined();
    }
  });

  test('a storage that cannot remove it either leaves a file that nobody takes for whole', async () => {
    const storage = new FaultyStorage();
    storage.plan = ({ kind }) => (kind === 'create' ? undefined : { code: 'EIO' });
    await expect(saveRdb(filled().keyspace, storage, NAME)).rejects.toThrow('EIO');
    storage.plan = () => undefined;
    expect(await storage.list()).toEqual([NAME]);
  });

  test('when a signal says so', async () => {
    const controller = new AbortController();
    const storage = new MemoryStorage();
    const store = filled();
    const seen: number[] = [];
    const saving = saveRdb(store.keyspace, storage, NAME, {
      signal: controller.signal,
      onProgress: (keys) => {
        seen.push(keys);
        if (seen.length === 2) controller.abort('enough');
      },
    });
    await expect(saving).rejects.toBe('enough');
    expect(seen.length).toBe(2);
    expect(await storage.list()).toEqual([]);
    expect(store.keyspace.keeper).toBeUndefined();
  });
});

describe('Save', () => {
  test('appends one chunk after the other, and makes no more meanwhile than the next', async () => {
    const store = new Store();
    fill(store);
    const writer = beginRdb(store.keyspace, { compress: false });
    let isUnderWay = false;
    let count = 0;
    const chunks: number[] = [];
    await new Save(store.keyspace, writer).writeTo({
      append: async ({ length }) => {
        expect(isUnderWay).toBe(false);
        isUnderWay = true;
        chunks.push(length);
        for (let turns = 0; turns < 10; turns++) await new Promise((resolve) => setImmediate(resolve));
        isUnderWay = false;
        count++;
      },
    });
    expect(count).toBe(chunks.length);
    expect(count).toBeGreaterThan(5);
    expect(Math.max(...chunks)).toBeLessThan(2 ** 20);
  });

  test('a writer that throws ends it, also when a command brought that about, which goes on', async () => {
    const store = new Store();
    store.set('a', '1');
    store.set('b', '2');
    const broken = new Error('cannot be written');
    const writer = {
      bufferedBytes: 0,
      key: () => {
        throw broken;
      },
      end: () => {},
      take: () => new Uint8Array(0),
    };
    const save = new Save(store.keyspace, writer);
    expect(store.set('b', '3')).toBe('OK');
    expect(store.keyspace.keeper).toBeUndefined();
    await expect(save.writeTo({ append: async () => {} })).rejects.toBe(broken);
    await expect(new Save(store.keyspace, writer).writeTo({ append: async () => {} })).rejects.toBe(broken);
    expect(store.keyspace.keeper).toBeUndefined();
  });

  test('cancelled before it has begun, it leaves nothing behind', () => {
    const store = new Store();
    store.set('a', '1');
    const writer = { bufferedBytes: 0, key: () => {}, end: () => {}, take: () => new Uint8Array(0) };
    const save = new Save(store.keyspace, writer);
    expect(save.keyCount).toBe(1);
    save.cancel();
    expect(store.keyspace.keeper).toBeUndefined();
  });
});
