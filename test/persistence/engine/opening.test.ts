import { describe, expect, test, vi } from 'vitest';
import { connect, Store } from '../../../src/index.ts';
import { memoryFiles } from '../../../src/persistence/index.ts';
import { nodeFiles } from '../../../src/persistence/node.ts';
import { persistent } from '../../../src/persistence/persistent.ts';
import { FaultyStorage } from '../../../src/persistence/storage/faults.ts';
import { MemoryStorage } from '../../../src/persistence/storage/memory-storage.ts';
import { lua } from '../../../src/scripting/index.ts';
import { randomFrom } from '../../differential/support/random-sampler.ts';
import { contentOf, fill, openOn } from './support.ts';

/** Text that cannot be compressed. */
function randomText(length: number, seed: number): string {
  const random = randomFrom(seed);
  return Array.from({ length }, () => String.fromCharCode(33 + Math.floor(random() * 90))).join('');
}

describe('options', () => {
  test.each([
    [{ appendfsnyc: 'always' }, /unknown option appendfsnyc; there are storage, save, .*databases/],
    [{ appendfsync: 'sometimes' }, "appendfsync must be 'always', 'everysec' or 'no'"],
    [{ appendonly: 'yes' }, 'appendonly must be true or false'],
    [{ save: '60 1' }, 'save must be pairs'],
    [{ save: [[0, 1]] }, 'the seconds of a save point must be a whole number from 1'],
    [{ save: [[1, 2, 3]] }, 'save must be pairs'],
    [{ dbfilename: '../dump.rdb' }, "dbfilename can't be a path"],
    [{ appenddirname: '' }, "appenddirname can't be a path"],
    [{ autoAofRewriteMinSize: -1 }, 'autoAofRewriteMinSize, in bytes, must be a whole number from 0'],
    [{ onWarning: 'console' }, 'onWarning must be a function'],
    [{ appendOnly: true }, 'Did you mean appendonly?'],
    [{ 'auto-aof-rewrite-percentage': 50 }, 'Did you mean autoAofRewritePercentage?'],
    [{ maxmemory: '1mb' }, 'Did you mean maxMemory?'],
    [{ appendfsync: 'everySec' }, "got 'everySec'"],
    [
      { autoAofRewriteMinSize: '64mb' },
      "autoAofRewriteMinSize, in bytes, must be a whole number from 0, got '64mb'",
    ],
    [{ databases: 0 }, 'databases must be a whole number from 1'],
  ])('%j is refused, and the storage stays free', async (options, message) => {
    const storage = new MemoryStorage();
    await expect(openOn(storage, options as never)).rejects.toThrow(message);
    await (await openOn(storage)).store.close();
  });

  test('without a storage there is nothing to open; new Store() says where a storage belongs', async () => {
    await expect(Store.open({} as never)).rejects.toThrow(
      "storage must be nodeFiles(folder) of 'lodis/node'",
    );
    for (const options of [undefined, null, './data', memoryFiles()])
      await expect(Store.open(options as never)).rejects.toThrow('as in Store.open({ storage })');
    for (const options of [{ storage: memoryFiles() }, { appendonly: true }, memoryFiles()])
      expect(() => new Store(options as never)).toThrow('await Store.open({ storage');
  });

  test('what is no storage, and no folder, is refused where it is named', () => {
    const expected = 'expected a Storage, which has a method lock()';
    for (const storage of [undefined, {}, './data', memoryFiles()])
      expect(() => persistent(storage as never)).toThrow(expected);
    const rename = undefined;
    expect(() => persistent(Object.assign(new MemoryStorage(), { rename }) as never)).toThrow('rename()');
    for (const folder of [new URL('file:///tmp/data'), 'file:///tmp/data'])
      expect(() => nodeFiles(folder as never)).toThrow('got a URL: fileURLToPath(url)');
    for (const folder of [undefined, '', 7])
      expect(() => nodeFiles(folder as never)).toThrow('expected the path of a folder, got ');
  });

  test('a store without storage says so', async () => {
    const store = new Store();
    const message = 'this store has no storage';
    await expect(store.save()).rejects.toThrow(message);
    expect(() => store.bgsave()).toThrow(message);
    expect(() => store.bgrewriteaof()).toThrow(message);
    expect(() => store.lastsave()).toThrow(message);
    expect(store.persistence).toBeUndefined();
    await expect(store.blocking.waitaof(1, 0, 1)).rejects.toThrow(
      'WAITAOF cannot be used when numlocal is set',
    );
    expect(await store.blocking.waitaof(0, 1, 1)).toEqual([0, 0]);
    expect(await store.close()).toBeUndefined();
    expect(store.set('k', 'v')).toBe('OK');
  });
});

describe('the lock', () => {
  test('a place has one store at a time', async () => {
    const storage = memoryFiles();
    const store = await Store.open({ storage });
    await expect(Store.open({ storage })).rejects.toThrow(expect.objectContaining({ name: 'StorageLocked' }));
    await store.close();
    await (await Store.open({ storage })).close();
  });

  test('what cannot be loaded is left as it is, and the place is free', async () => {
    const storage = new MemoryStorage();
    const file = await storage.append('dump.rdb');
    await file.append(new TextEncoder().encode('REDIS0011 and then nothing of use'));
    for (let attempt = 0; attempt < 2; attempt++)
      await expect(openOn(storage)).rejects.toThrow(/at byte \d+ of the RDB file dump.rdb in memory/);
    expect(file.sizeBytes).toBe(33);
  });
});

test('that an append-only file is there and not loaded is a warning', async () => {
  const storage = new MemoryStorage();
  const kept = { appendonly: true, save: false } as const;
  const { store, warnings: none } = await openOn(storage, kept);
  store.set('k', 'v');
  await store.close();
  const { store: without, warnings } = await openOn(storage, { save: false });
  expect(without.dbsize()).toBe(0);
  await without.close();
  expect(warnings).toEqual([
    'appendonly is off: what the append-only file in appendonlydir holds has not been loaded',
  ]);
  const { store: again, warnings: noneAgain } = await openOn(storage, kept);
  expect(again.get('k')).toBe('v');
  await again.close();
  expect([none, noneAgain]).toEqual([[], []]);
});

describe.each([
  ['an RDB file', {}],
  ['an append-only file', { appendonly: true, save: false }],
  ['an append-only file of commands', { appendonly: true, save: false, aofUseRdbPreamble: false }],
  ['both', { appendonly: true }],
] as const)('kept in %s', (_, options) => {
  test('everything comes back: all types, databases and times', async () => {
    const storage = new MemoryStorage();
    const { store } = await openOn(storage, options);
    fill(store);
    const content = contentOf(store);
    await store.close();
    for (let times = 0; times < 2; times++) {
      const { store: again, warnings } = await openOn(storage, options);
      expect(contentOf(again)).toEqual(content);
      expect(again.persistence).toMatchObject({ changesSinceSave: 0, isLoading: false });
      again.keyspace.checkInvariants();
      await again.close();
      expect(warnings).toEqual([]);
    }
  });

  test('functions come back, if scripts can be run', async () => {
    const storage = new MemoryStorage();
    const { store } = await openOn(storage, { ...options, scripting: lua() });
    store.functionLoad(
      "#!lua name=l\nredis.register_function('f', function(keys) return redis.call('INCR', keys[1]) end)",
    );
    store.fcall('f', 'n');
    await store.close();
    await expect(openOn(storage, options)).rejects.toThrow(/lua\(\)|scripting/);
    const { store: again } = await openOn(storage, { ...options, scripting: lua() });
    expect(again.fcall('f', 'n')).toBe(2);
    await again.close();
  });
});

describe('loading', () => {
  test('nobody is told of what is loaded, and nothing of it is a change', async () => {
    const storage = new MemoryStorage();
    const options = { appendonly: true, notifyKeyspaceEvents: 'KEA' };
    const { store } = await openOn(storage, options);
    fill(store);
    store.rpush('jobs', 'a');
    await store.close();
    const { store: again } = await openOn(storage, options);
    const { expiredCount, hitCount, missCount, dirty } = again.keyspace;
    expect([expiredCount, hitCount, missCount]).toEqual([0, 0, 0]);
    expect(again.persistence!.changesSinceSave).toBe(0);
    expect(await again.blocking.blpop('jobs')).toEqual({ key: 'jobs', element: 'a' });
    expect(again.keyspace.dirty).toBe(dirty + 1);
    await again.close();
  });

  test('says how far it is', async () => {
    const storage = new MemoryStorage();
    const { store } = await openOn(storage);
    for (let at = 0; at < 5000; at++) store.set(`key ${at}`, randomText(500, at));
    await store.close();
    const told: number[] = [];
    const onLoadProgress = vi.fn(({ file, loadedBytes, totalBytes, keys }) => {
      expect([file, loadedBytes <= totalBytes, keys <= 5000]).toEqual(['dump.rdb', true, true]);
      told.push(loadedBytes);
    });
    const { store: again } = await openOn(storage, { onLoadProgress });
    expect(told.length).toBeGreaterThan(1);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(again.persistence!.lastLoadKeysLoaded).toBe(5000);
    await again.close();
  });

  test('what a listener throws is its own affair', async () => {
    const storage = new MemoryStorage();
    await (await openOn(storage)).store.close();
    const later: (() => void)[] = [];
    const spy = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((run) => void later.push(run));
    try {
      const onLoadProgress = () => {
        throw new Error('of the listener');
      };
      const { store } = await openOn(storage, { onLoadProgress });
      expect(store.set('k', 'v')).toBe('OK');
      await store.close();
    } finally {
      spy.mockRestore();
    }
    expect(later.length).toBeGreaterThan(0);
    for (const run of later) expect(run).toThrow('of the listener');
  });

  test('keys that expired meanwhile are left out of an RDB file, and go from an append-only file once it is loaded', async () => {
    let nowMs = 1_700_000_000_000;
    const clock = { now: () => nowMs };
    for (const appendonly of [false, true]) {
      const storage = new MemoryStorage();
      const { store } = await openOn(storage, { appendonly, clock });
      store.set('short', 'v', { ex: 10 });
      store.set('long', 'v', { ex: 1000 });
      await store.close();
      nowMs += 20_000;
      const { store: again } = await openOn(storage, { appendonly, clock });
      expect(again.keys('*')).toEqual(['long']);
      if (!appendonly) expect(again.persistence!.lastLoadKeysExpired).toBe(1);
      await again.close();
    }
  });

  test('a key that was written to while it lived does not come back without its end', async () => {
    let nowMs = 1_700_000_000_000;
    const clock = { now: () => nowMs };
    const disk = new FaultyStorage();
    const { store } = await openOn(disk, { appendonly: true, appendfsync: 'always', clock });
    store.set('n', '1', { ex: 10 });
    store.incr('n');
    store.hset('h', { a: '1', b: '2' });
    store.hexpire('h', 10, ['a', 'b']);
    store.hincrby('h', 'a', 5);
    // Killed, and opened again when the time is over.
    const left = disk.afterProcessDied();
    nowMs += 20_000;
    const { store: again } = await openOn(left, { appendonly: true, clock });
    expect([again.get('n'), again.hgetall('h'), again.dbsize()]).toEqual([null, {}, 0]);
    await again.close();
  });

  test('more is loaded than may be held, and goes with the next write', async () => {
    const storage = new MemoryStorage();
    const { store } = await openOn(storage, { appendonly: true });
    for (let at = 0; at < 2000; at++) store.set(`key ${at}`, 'x'.repeat(100));
    await store.close();
    const options = { appendonly: true, maxMemory: 50_000, maxMemoryPolicy: 'allkeys-lru' } as const;
    const { store: again } = await openOn(storage, options);
    expect(again.dbsize()).toBe(2000);
    again.set('one more', 'v');
    expect(again.dbsize()).toBeLessThan(1000);
    const left = again.keys('*').sort();
    await again.close();
    // That they went is in the file.
    const { store: third } = await openOn(storage, { appendonly: true });
    expect(third.keys('*').sort()).toEqual(left);
    await third.close();
  });

  test('appendonly for the first time begins with what the RDB file has', async () => {
    const storage = new MemoryStorage();
    const { store } = await openOn(storage);
    store.set('k', 'v');
    await store.close();
    const { store: second } = await openOn(storage, { appendonly: true, save: false });
    second.set('l', 'w');
    await second.close();
    // The RDB file is the old one still, and what counts is the append-only file.
    const { store: third } = await openOn(storage, { appendonly: true, save: false });
    expect(third.keys('*').sort()).toEqual(['k', 'l']);
    await third.close();
  });
});

describe('closing', () => {
  test('is done once, however often it is asked for', async () => {
    const { store } = await openOn(new MemoryStorage());
    const first = store.close();
    expect(store.close()).toBe(first);
    await first;
    await store.select(1).close();
  });

  test('writes are refused from then on, on every surface; reads are not', async () => {
    const { store } = await openOn(new MemoryStorage());
    store.set('k', 'v');
    const connection = connect(store);
    const closed = store.close();
    for (let times = 0; times < 2; times++) {
      const message = 'ERR the store is closed';
      expect(() => store.set('k', 'w')).toThrow(message);
      expect(() => store.transaction((tx) => tx.del('k'))).toThrow(message);
      expect(() => store.multi().del('k').exec()).toThrow(message);
      expect(() => store.bytes.append('k', 'x')).toThrow(message);
      await expect(store.blocking.blpop('none')).rejects.toThrow(message);
      expect(() => connection.call('SET', 'k', 'w')).toThrow(message);
      expect(store.get('k')).toBe('v');
      await closed;
    }
  });

  test("its files are left alone from then on: they may be another store's", async () => {
    const storage = new MemoryStorage();
    const { store } = await openOn(storage, { appendonly: true });
    store.set('k', 'v');
    const connection = connect(store);
    await store.close();
    const files = (await storage.list()).sort();
    const message = 'ERR the store is closed: its files are no longer its own';
    await expect(store.save()).rejects.toThrow(message);
    expect(() => store.bgsave()).toThrow(message);
    expect(() => store.bgrewriteaof()).toThrow(message);
    for (const [name, ...words] of [
      ['SAVE'],
      ['BGSAVE'],
      ['BGREWRITEAOF'],
      ['DEBUG', 'RELOAD'],
      ['DEBUG', 'RELOAD', 'NOSAVE'],
      ['DEBUG', 'LOADAOF'],
    ] as [string, ...string[]][])
      await expect(connection.send(name, ...words), `${name} ${words.join(' ')}`).rejects.toThrow(
        'the store is closed',
      );
    await expect(connection.send('CONFIG', 'SET', 'appendonly', 'no')).rejects.toThrow('CONFIG SET failed');
    expect((await storage.list()).sort()).toEqual(files);
    expect(store.get('k')).toBe('v');
  });

  test('what was not as it should be is printed, unless somebody else is told', async () => {
    const storage = new MemoryStorage();
    const { store } = await openOn(storage, { appendonly: true });
    await store.close();
    const printed: string[] = [];
    const warn = vi.spyOn(console, 'warn').mockImplementation((text: string) => void printed.push(text));
    const other = await Store.open({ storage: persistent(storage) });
    expect(printed).toEqual([
      'lodis: appendonly is off: what the append-only file in appendonlydir holds has not been loaded',
    ]);
    warn.mockRestore();
    await other.close();
  });

  test('with save: false leaves the RDB file as it was', async () => {
    const storage = new MemoryStorage();
    const { store } = await openOn(storage);
    store.set('k', 'v');
    await store.save();
    store.set('lost', 'v');
    await store.close({ save: false });
    const { store: again } = await openOn(storage);
    expect(again.keys('*')).toEqual(['k']);
    await again.close();
  });

  test('without save points does not save, unless it is told to', async () => {
    for (const save of [undefined, true]) {
      const storage = new MemoryStorage();
      const { store } = await openOn(storage, { save: false });
      store.set('k', 'v');
      await store.close(save === undefined ? {} : { save });
      expect(await storage.list()).toEqual(save === true ? ['dump.rdb'] : []);
    }
  });

  test('waits for the save that is under way, and saves what came after it', async () => {
    const storage = new MemoryStorage();
    const { store } = await openOn(storage);
    store.set('before', 'v');
    store.bgsave();
    store.set('after', 'v');
    await store.close();
    const { store: again } = await openOn(storage);
    expect(again.keys('*').sort()).toEqual(['after', 'before']);
    await again.close();
  });

  test('frees the place though it could not save, and says what went wrong', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage);
    store.set('k', 'v');
    storage.plan = ({ kind }) => (kind === 'sync' ? { code: 'EIO' } : undefined);
    await expect(store.close()).rejects.toThrow('EIO');
    storage.plan = () => undefined;
    const { store: again } = await openOn(storage);
    expect(again.dbsize()).toBe(0);
    await again.close();
  });

  test('is done at the end of a block of its own', async () => {
    const storage = memoryFiles();
    const store = await Store.open({ storage });
    await store[Symbol.asyncDispose]();
    expect(() => store.set('k', 'v')).toThrow('closed');
    await (await Store.open({ storage })).close();
  });

  test('rejects calls that wait', async () => {
    const { store } = await openOn(new MemoryStorage());
    const waiting = expect(store.blocking.blpop('l')).rejects.toThrow('the store was closed');
    await store.close();
    await waiting;
  });
});

test('nothing is begun by importing, nor by naming a place', () => {
  const storage = new FaultyStorage();
  persistent(storage);
  expect(storage.log).toEqual([]);
});
