import { describe, expect, test } from 'vitest';
import { connect } from '../../../src/index.ts';
import { FaultyStorage } from '../../../src/persistence/storage/faults.ts';
import { contentOf, fill, openOn, until } from './support.ts';

const clock = { now: () => 1_700_000_000_000 };
const kept = { appendonly: true, save: false } as const;
const always = { ...kept, appendfsync: 'always' } as const;

/** What is found after the machine has lost power: of files and names only what was synced. */
async function afterPowerLoss(storage: FaultyStorage) {
  return (await openOn(storage.afterPowerLoss(), { ...kept, clock })).store;
}

describe('appendfsync always', () => {
  test('what a typed call has answered survives the machine', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, { ...always, clock });
    const steps: (() => unknown)[] = [
      () => store.set('a', '1'),
      () => store.bytes.append('a', 'x'),
      () => store.bigints.incr('n'),
      () => store.select(2).rpush('l', ['a', 'b']),
      () => store.transaction((tx) => tx.hset('h', { f: tx.incr('n').toString() })),
      () => store.multi().sadd('s', ['m']).del('a').exec(),
      () => connect(store).call('ZADD', 'z', '1', 'm'),
    ];
    for (const step of steps) {
      step();
      const found = await afterPowerLoss(storage);
      expect(contentOf(found)).toEqual(contentOf(store));
      await found.close();
    }
    await store.close();
  });

  test('what a blocking call has resolved to is taken for good', async () => {
    for (const immediate of [true, false]) {
      const storage = new FaultyStorage({ immediate });
      const { store } = await openOn(storage, always);
      const popped = store.blocking.blpop('jobs');
      store.rpush('jobs', ['a', 'b']);
      expect(await popped).toEqual({ key: 'jobs', element: 'a' });
      const found = await afterPowerLoss(storage);
      expect(found.lrange('jobs', 0, -1)).toEqual(['b']);
      await found.close();
      await store.close();
    }
  });

  test('a blocking call whose effect could not be kept is rejected', async () => {
    for (const immediate of [true, false]) {
      const storage = new FaultyStorage({ immediate });
      const { store } = await openOn(storage, always);
      store.rpush('jobs', ['a', 'b']);
      await store.blocking.waitaof(1, 0, 0);
      storage.plan = ({ kind }) => (kind === 'append' ? { code: 'ENOSPC' } : undefined);
      await expect(store.blocking.blpop('jobs')).rejects.toThrow('MISCONF');
      storage.plan = () => undefined;
      await store.close();
    }
  });

  test('where the storage cannot sync at once, waitaof tells when it has', async () => {
    const storage = new FaultyStorage({ immediate: false });
    const { store } = await openOn(storage, always);
    store.set('k', 'v');
    expect(await store.blocking.waitaof(0, 0, 0)).toEqual([0, 0]);
    expect(await store.blocking.waitaof(1, 0, 0)).toEqual([1, 0]);
    const found = await afterPowerLoss(storage);
    expect(found.get('k')).toBe('v');
    expect(await store.blocking.waitaof(0, 0, 0)).toEqual([1, 0]);
    await found.close();
    await store.close();
  });

  test('a transaction is found whole, or not at all, wherever the file is cut', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, { ...kept, appendfsync: 'no' });
    store.set('before', '1');
    await until(() => store.persistence!.bufferedBytes === 0);
    store.transaction((tx) => {
      tx.set('a', '1');
      tx.rpush('l', ['x', 'y']);
      tx.select(1).set('b', '2');
    });
    await until(() => store.persistence!.bufferedBytes === 0);
    let whole = 0;
    let none = 0;
    for (const left of storage.powerLosses()) {
      // Where the names of the files were lost there is nothing to look at.
      if (!(await left.list()).some((name) => name.endsWith('manifest'))) continue;
      const { store: found } = await openOn(left, kept);
      const isThere = [found.exists('a'), found.exists('l'), found.select(1).exists('b')];
      expect(new Set(isThere).size).toBe(1);
      if (isThere[0] === 1) whole++;
      else none++;
      await found.close();
    }
    expect(whole).toBeGreaterThan(0);
    expect(none).toBeGreaterThan(10);
    await store.close();
  });
});

describe('a full disk', () => {
  test('refuses writes on every surface, and lets them go on when there is room', async () => {
    const storage = new FaultyStorage();
    const { store, warnings } = await openOn(storage, { ...always, clock });
    store.set('k', 'v');
    store.rpush('l', ['a']);
    const connection = connect(store);
    storage.plan = ({ kind }) => (kind === 'append' ? { code: 'ENOSPC', done: 3 } : undefined);
    const message = 'MISCONF Errors writing to the AOF file: No space left on device';
    // It is done in memory, but acknowledged to nobody.
    expect(() => store.set('k', 'w')).toThrow(message);
    for (let times = 0; times < 2; times++) {
      expect(() => store.set('k', 'x')).toThrow(message);
      expect(() => store.transaction((tx) => tx.set('k', 'x'))).toThrow(message);
      expect(() => store.multi().set('k', 'x').exec()).toThrow(message);
      expect(() => connection.call('SET', 'k', 'x')).toThrow(message);
      await expect(store.blocking.blpop('l')).rejects.toThrow(message);
    }
    expect(store.get('k')).toBe('w');
    expect(store.persistence!.lastWriteStatus).toBe('err');
    expect(store.lrange('l', 0, -1)).toEqual(['a']);
    storage.plan = () => undefined;
    expect(store.set('after', 'v')).toBe('OK');
    expect(store.persistence!.lastWriteStatus).toBe('ok');
    expect(warnings.length).toBeGreaterThan(0);
    const found = await afterPowerLoss(storage);
    expect(contentOf(found)).toEqual(contentOf(store));
    await found.close();
    await store.close();
  });

  test('with everysec is noticed by the next write', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, kept);
    storage.plan = ({ kind }) => (kind === 'append' ? { code: 'ENOSPC' } : undefined);
    expect(store.set('k', 'v')).toBe('OK');
    await until(() => store.persistence!.lastWriteStatus === 'err');
    expect(() => store.set('k', 'w')).toThrow('MISCONF Errors writing to the AOF file');
    storage.plan = () => undefined;
    store.advance(1000);
    await until(() => store.persistence!.lastWriteStatus === 'ok');
    expect(store.set('k', 'w')).toBe('OK');
    await store.close();
  });

  test('a sync that fails: the file is trusted no more, and written anew', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, { ...always, clock });
    store.set('k', 'v');
    storage.plan = ({ kind, name }) =>
      kind === 'sync' && name.endsWith('.1.incr.aof') ? { code: 'EIO' } : undefined;
    expect(() => store.set('k', 'w')).toThrow('MISCONF Errors writing to the AOF file: Input/output error');
    expect(() => store.set('k', 'x')).toThrow('MISCONF');
    store.advance(1000);
    await until(() => store.persistence!.rewriteCount === 1 && !store.persistence!.isRewriting);
    expect(store.set('k', 'y')).toBe('OK');
    const found = await afterPowerLoss(storage);
    expect(found.get('k')).toBe('y');
    await found.close();
    await store.close();
  });
});

describe('at run time', () => {
  test('it is turned on and off: what is on is kept', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, { save: false, clock });
    fill(store);
    const persistence = store.keyspace.persistence!;
    await persistence.setAppendOnly(true);
    store.set('more', 'v');
    await until(() => store.persistence!.rewriteCount === 1 && !store.persistence!.isRewriting);
    expect(await store.blocking.waitaof(1, 0, 0)).toEqual([1, 0]);
    const found = await afterPowerLoss(storage);
    expect(contentOf(found)).toEqual(contentOf(store));
    await found.close();
    await persistence.setAppendOnly(false);
    store.set('lost', 'v');
    await expect(store.blocking.waitaof(1, 0, 0)).rejects.toThrow('appendonly is disabled');
    expect(() => store.bgrewriteaof()).toThrow('the append-only file is off');
    await store.close();
    const { store: again } = await openOn(storage, { ...kept, clock });
    expect([again.exists('more'), again.exists('lost')]).toEqual([1, 0]);
    await again.close();
  });

  test('who waits for a sync when it is turned off is told so', async () => {
    const storage = new FaultyStorage({ immediate: false });
    const { store } = await openOn(storage, { ...kept, appendfsync: 'no' });
    const connection = connect(store);
    store.set('k', 'v');
    const waits = [
      store.blocking.waitaof(1, 0, 0),
      store.blocking.waitaof(1, 0, 5000),
      connection.send('WAITAOF', '1', '0', '0'),
    ];
    const told = Promise.allSettled(waits);
    await connect(store).send('CONFIG', 'SET', 'appendonly', 'no');
    for (const one of await told) {
      expect(one.status).toBe('rejected');
      expect(String((one as PromiseRejectedResult).reason)).toContain(
        'ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.',
      );
    }
    expect(await store.blocking.waitaof(0, 0, 0)).toEqual([0, 0]);
    await store.close();
  });

  test('turned off in the midst of a transaction it has all of that', async () => {
    for (const immediate of [false, true]) {
      const storage = new FaultyStorage({ immediate });
      const { store } = await openOn(storage, kept);
      const connection = connect(store);
      store.set('k', 'v');
      for (const command of ['MULTI', 'SET a 1', 'CONFIG SET appendonly no', 'SET b 1', 'EXEC'])
        await connection.send(...(command.split(' ') as [string, ...string[]]));
      store.set('lost', 'v');
      await store.close();
      const { store: found } = await openOn(storage, kept);
      expect(found.keys('*').sort()).toEqual(['a', 'b', 'k']);
      await found.close();
    }
  });

  test('who waits while it is turned on is told when the first base is on the disk', async () => {
    for (const immediate of [false, true]) {
      const storage = new FaultyStorage({ immediate });
      const { store } = await openOn(storage, { save: false, clock });
      fill(store);
      const persistence = store.keyspace.persistence!;
      const on = persistence.setAppendOnly(true);
      expect(await store.blocking.waitaof(0, 0, 0)).toEqual([0, 0]);
      const [first] = await Promise.all([store.blocking.waitaof(1, 0, 0), on]);
      const second = store.blocking.waitaof(1, 0, 0);
      expect(first).toEqual([1, 0]);
      const found = await afterPowerLoss(storage);
      expect(contentOf(found)).toEqual(contentOf(store));
      expect(await second).toEqual([1, 0]);
      await found.close();
      await store.close();
    }
  });

  test('turned on and off faster than files are made, it is at last what was said last', async () => {
    for (const isOn of [true, false]) {
      const storage = new FaultyStorage();
      const { store } = await openOn(storage, { save: false, clock });
      const persistence = store.keyspace.persistence!;
      const switched = [true, false, true, false, true, isOn].map((one) => persistence.setAppendOnly(one));
      store.set('k', 'v');
      await Promise.all(switched);
      expect(persistence.settings.appendonly).toBe(isOn);
      if (isOn) expect(await store.blocking.waitaof(1, 0, 0)).toEqual([1, 0]);
      store.set('l', 'w');
      await store.close();
      const { store: again } = await openOn(storage, kept);
      expect(again.keys('*').sort()).toEqual(isOn ? ['k', 'l'] : []);
      await again.close();
    }
  });

  test('INFO tells how far loading is', async () => {
    const storage = new FaultyStorage();
    const told: string[] = [];
    const info = () => String(connect(store).call('INFO', 'persistence'));
    const { store } = await openOn(storage, {
      ...kept,
      clock,
      onLoadProgress: () => told.push(info()),
    });
    fill(store);
    const count = store.dbsize();
    for (const reload of ['RELOAD', 'LOADAOF']) {
      told.length = 0;
      await connect(store).send('DEBUG', reload);
      expect(store.dbsize()).toBe(count);
      expect(told.length).toBeGreaterThan(0);
      for (const text of told) {
        expect(text).toContain('\r\nloading:1\r\n');
        const fields = /(loading_start_time[\s\S]*)$/.exec(text)?.[1]?.trim();
        expect(fields?.replace(/bytes:\d+/g, 'bytes:#').replace(/perc:\d+\.\d\d$/m, 'perc:#')).toBe(
          [
            ...['loading_start_time:1700000000', 'loading_total_bytes:#', 'loading_rdb_used_mem:0'],
            ...['loading_loaded_bytes:#', 'loading_loaded_perc:#', 'loading_eta_seconds:1'],
          ].join('\r\n'),
        );
        const figures = [...text.matchAll(/(loaded|total)_bytes:(\d+)/g)].map(([, , digits]) =>
          Number(digits),
        );
        expect(figures[0]).toBeGreaterThan(0);
        expect(figures[1]).toBeLessThanOrEqual(figures[0]!);
      }
      expect(info()).not.toContain('loading_');
    }
    await store.close();
  });

  test('turned on again, it begins with what there is now', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, kept);
    const persistence = store.keyspace.persistence!;
    store.set('old', '1');
    await persistence.setAppendOnly(false);
    store.del('old');
    store.set('between', '1');
    await persistence.setAppendOnly(true);
    store.set('new', '1');
    await store.close();
    const { store: again } = await openOn(storage, kept);
    expect(again.keys('*').sort()).toEqual(['between', 'new']);
    await again.close();
  });
});

describe('loading what is there, in a store that is open', () => {
  test('reload() saves, and holds the same again', async () => {
    for (const options of [{ save: false }, kept] as const) {
      const storage = new FaultyStorage();
      const { store } = await openOn(storage, { ...options, clock });
      fill(store);
      const content = contentOf(store);
      await store.keyspace.persistence!.reload({ save: true, flush: true, merge: false });
      expect(contentOf(store)).toEqual(content);
      store.keyspace.checkInvariants();
      store.set('after', 'v');
      const after = contentOf(store);
      await store.close({ save: true });
      const { store: again } = await openOn(storage, { ...options, clock });
      expect(contentOf(again)).toEqual(after);
      await again.close();
    }
  });

  test('without saving it holds what was saved last, and so does the append-only file', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, kept);
    store.set('saved', '1');
    await store.save();
    store.set('unsaved', '1');
    const reloaded = store.keyspace.persistence!.reload({ save: false, flush: true, merge: false });
    await Promise.resolve();
    expect(() => store.set('k', 'v')).toThrow('LOADING');
    await reloaded;
    expect(store.keys('*')).toEqual(['saved']);
    await store.close();
    const { store: again } = await openOn(storage, kept);
    expect(again.keys('*')).toEqual(['saved']);
    await again.close();
  });

  test('loadAppendOnly() holds the same again, and goes on writing', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, { ...kept, clock });
    fill(store);
    const content = contentOf(store);
    await store.keyspace.persistence!.loadAppendOnly();
    expect(contentOf(store)).toEqual(content);
    store.set('after', 'v');
    const after = contentOf(store);
    await store.close();
    const { store: again } = await openOn(storage, { ...kept, clock });
    expect(contentOf(again)).toEqual(after);
    await again.close();
  });
});

test('what expires, and is evicted, is in the file', async () => {
  const storage = new FaultyStorage();
  const { store } = await openOn(storage, { ...always, clock });
  store.set('short', 'v', { px: 10 });
  store.hset('h', { f: 'v', g: 'w' });
  store.hpexpire('h', 10, 'f');
  store.advance(20);
  const found = await openOn(storage.afterPowerLoss(), kept);
  expect([found.store.exists('short'), found.store.hgetall('h')]).toEqual([0, { g: 'w' }]);
  await found.store.close();
  await store.close();
});

test('restoring a snapshot is one group, and is found again', async () => {
  const storage = new FaultyStorage();
  const { store } = await openOn(storage, { ...always, clock });
  fill(store);
  const snapshot = store.snapshot();
  const content = contentOf(store);
  store.flushall();
  store.set('other', 'v');
  store.restore(snapshot);
  expect(contentOf(store)).toEqual(content);
  const found = await afterPowerLoss(storage);
  expect(contentOf(found)).toEqual(content);
  await found.close();
  await store.close();
});
