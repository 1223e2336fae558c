import { expect, test } from 'vitest';
import { FaultyStorage, type Operation } from '../../../src/persistence/storage/faults.ts';
import { afterTurn } from '../../../src/ttl/host-turn.ts';
import { keep } from './support.ts';

// When what is written and synced, what happens when that fails, and how it goes on.

const turn = () => new Promise<void>(afterTurn);
async function turns(count: number): Promise<void> {
  for (let at = 0; at < count; at++) await turn();
}
const kinds = (storage: FaultyStorage, from = 0) =>
  storage.log.slice(from).map(({ kind, outcome }) => (outcome === 'ok' ? kind : `${kind}: ${outcome}`));
const time = (startMs = 1_700_000_000_000) => ({ clock: { now: () => startMs } });
const MISCONF = 'MISCONF Errors writing to the AOF file: ';

test('always: written and synced before the command returns', async () => {
  const storage = new FaultyStorage();
  const { run, aof } = await keep(storage);
  const before = storage.log.length;
  run((store) => store.set('k', 'v'));
  expect(kinds(storage, before)).toEqual(['append', 'sync']);
  expect(aof.isSynced).toBe(true);
  run((store) => store.get('k'));
  expect(storage.log.length).toBe(before + 2);
  await aof.stop();
});

test('everysec: written in a microtask, synced a second later, once for all', async () => {
  const storage = new FaultyStorage();
  const { run, aof, store } = await keep(storage, { appendfsync: 'everysec' }, time());
  const before = storage.log.length;
  run((to) => to.set('k', 'v'));
  run((to) => to.set('k', 'w'));
  expect(kinds(storage, before)).toEqual([]);
  await Promise.resolve();
  expect(kinds(storage, before)).toEqual(['append']);
  store.advance(500);
  await turn();
  expect(kinds(storage, before)).toEqual(['append']);
  expect(aof.isSynced).toBe(false);
  const synced = aof.synced();
  store.advance(500);
  await synced;
  expect(kinds(storage, before)).toEqual(['append', 'sync']);
  store.advance(5000);
  await turn();
  expect(kinds(storage, before)).toEqual(['append', 'sync']);
  await aof.stop();
});

test('everysec: while a sync takes long, writes wait for it, but for two seconds at most', async () => {
  const storage = new FaultyStorage();
  const { run, aof, store } = await keep(storage, { appendfsync: 'everysec' }, time());
  run((to) => to.set('k', 'v'));
  await turn();
  storage.hold();
  store.advance(1000);
  expect(aof.log.isSyncing).toBe(true);
  const before = storage.log.length;
  run((to) => to.set('k', 'w'));
  await turn();
  expect(kinds(storage, before)).toEqual([]);
  expect(aof.log.bufferedBytes).toBeGreaterThan(0);
  store.advance(1000);
  store.advance(1000);
  await turn();
  expect(kinds(storage, before)).toEqual(['append']);
  expect(aof.log.delayedSyncs).toBe(1);
  storage.release();
  await aof.stop();
});

test('no: never synced, unless it ends', async () => {
  const storage = new FaultyStorage();
  const { run, aof, store } = await keep(storage, { appendfsync: 'no' }, time());
  const before = storage.log.length;
  run((to) => to.set('k', 'v'));
  await turn();
  store.advance(60_000);
  await turn();
  expect(kinds(storage, before)).toEqual(['append']);
  await aof.stop();
  expect(kinds(storage, before)).toEqual(['append', 'sync', 'close']);
});

for (const immediate of [true, false]) {
  const name = immediate ? 'at once' : 'waiting';

  test(`a full disk: writes are refused, and go on when there is room (${name})`, async () => {
    const storage = new FaultyStorage({ immediate });
    const { aof, store, warnings } = await keep(storage, {}, time());
    const attempt = async (value: string) => {
      aof.requireWritable();
      aof.begin();
      store.rpush('l', value);
      aof.end();
      await aof.beforeReply();
    };
    await attempt('one');
    // Room for ten bytes: a short write.
    storage.capacityBytes = storage.disk.usedBytes + 10;
    await expect(attempt('two')).rejects.toThrow(`${MISCONF}No space left on device`);
    expect(aof.log.lastWriteStatus).toBe('err');
    await expect(attempt('three')).rejects.toThrow(MISCONF);
    expect(store.lrange('l', 0, -1)).toEqual(['one', 'two']);
    storage.capacityBytes = Number.POSITIVE_INFINITY;
    // The attempt that is under way may come too early yet.
    for (let at = 0; at < 2; at++) {
      store.advance(1000);
      await turns(3);
    }
    expect(aof.log.lastWriteStatus).toBe('ok');
    await attempt('four');
    expect(warnings).toHaveLength(2);
    const again = await keep(storage.afterPowerLoss());
    expect(again.store.lrange('l', 0, -1)).toEqual(['one', 'two', 'four']);
    await again.aof.stop();
    await aof.stop();
  });

  test(`a sync that fails: nothing is believed before all is rewritten (${name})`, async () => {
    const storage = new FaultyStorage({ immediate });
    const { aof, store } = await keep(storage, {}, time());
    const attempt = async (value: string) => {
      aof.requireWritable();
      aof.begin();
      store.rpush('l', value);
      aof.end();
      await aof.beforeReply();
    };
    await attempt('one');
    const isSync = ({ kind, name: file }: Operation) => kind === 'sync' && file.includes('.1.incr.');
    storage.plan = (operation) => (isSync(operation) ? { code: 'EIO' } : undefined);
    await expect(attempt('two')).rejects.toThrow(`${MISCONF}Input/output error`);
    storage.plan = (operation) => (operation.kind === 'rename' ? { code: 'EROFS' } : undefined);
    store.advance(10);
    await turns(20);
    expect(aof.rewriter.lastStatus).toBe('err');
    await expect(attempt('three')).rejects.toThrow(MISCONF);
    storage.plan = () => undefined;
    store.advance(1000);
    for (let at = 0; at < 50 && aof.log.lastWriteStatus === 'err'; at++) await turn();
    expect(aof.rewriter.lastStatus).toBe('ok');
    await attempt('four');
    const again = await keep(storage.afterPowerLoss());
    expect(again.store.lrange('l', 0, -1)).toEqual(['one', 'two', 'four']);
    await again.aof.stop();
    await aof.stop();
  });

  test(`turned on at run time, with an old file there (${name})`, async () => {
    const storage = new FaultyStorage({ immediate });
    const first = await keep(storage);
    first.run((store) => store.set('old', '1'));
    await first.aof.stop();
    first.store.flushall();
    first.store.set('n', '1');
    first.aof.startAnew();
    await turn();
    // The base is in the making: what is done meanwhile belongs behind it.
    first.run((store) => store.incr('n'));
    while (first.aof.rewriter.isRewriting) await turn();
    first.run((store) => store.incr('n'));
    await first.aof.synced();
    const again = await keep(storage.afterPowerLoss());
    expect(again.store.keys('*')).toEqual(['n']);
    expect(again.store.get('n')).toBe('3');
    await again.aof.stop();
    await first.aof.stop();
  });
}

test('it is rewritten when it has grown, and not before', async () => {
  const storage = new FaultyStorage();
  const changes = { autoAofRewritePercentage: 100, autoAofRewriteMinSize: 2000 };
  const { run, aof, store } = await keep(storage, changes, time());
  const { rewriter } = aof;
  for (let at = 0; at < 20; at++) run((to) => to.set('k', 'v'.repeat(20)));
  expect(rewriter.isDue).toBe(false);
  for (let at = 0; at < 40; at++) run((to) => to.set('k', 'v'.repeat(20)));
  expect(rewriter.isDue).toBe(true);
  rewriter.check();
  store.advance(10);
  while (rewriter.isRewriting) await turn();
  expect(rewriter.rewriteCount).toBe(1);
  expect(rewriter.isDue).toBe(false);
  expect(rewriter.sizeBytes).toBeLessThan(400);
  await aof.stop();
});

test('rewrites that fail by themselves are put off, longer and longer', async () => {
  const storage = new FaultyStorage();
  const changes = { autoAofRewritePercentage: 100, autoAofRewriteMinSize: 100 };
  const { run, aof, store } = await keep(storage, changes, time());
  const { rewriter } = aof;
  for (let at = 0; at < 40; at++) run((to) => to.set('k', 'v'.repeat(20)));
  storage.plan = ({ kind, to = '' }) =>
    kind === 'rename' && to.includes('base') ? { code: 'EIO' } : undefined;
  const settle = async (ms: number) => {
    store.advance(ms);
    await turns(30);
  };
  rewriter.check();
  for (let at = 0; at < 5; at++) await settle(10);
  expect(rewriter.consecutiveFailures).toBe(3);
  await settle(59_000);
  expect(rewriter.consecutiveFailures).toBe(3);
  await settle(1100);
  expect(rewriter.consecutiveFailures).toBe(4);
  await settle(61_000);
  expect(rewriter.consecutiveFailures).toBe(4);
  storage.plan = () => undefined;
  await settle(61_000);
  expect(rewriter.lastStatus).toBe('ok');
  await aof.stop();
  const again = await keep(storage);
  expect(again.store.get('k')).toBe('v'.repeat(20));
  await again.aof.stop();
});

test('what expires is found expired, however it is replayed', async () => {
  const storage = new FaultyStorage();
  const first = await keep(storage, {}, time(1_000_000));
  first.run((store) => store.set('n', '5', { px: 1000 }));
  first.run((store) => store.hset('h', { f: '1', g: '2' }));
  first.run((store) => store.hpexpire('h', 1000, ['f']));
  first.run((store) => store.set('kept', '1', { px: 1000 }));
  first.run((store) => store.persist('kept'));
  await first.aof.stop();
  // Long after. What is due goes, and that is written down before anything that follows.
  const second = await keep(storage, {}, time(9_000_000));
  second.run((store) => store.incr('n'));
  expect(second.store.get('n')).toBe('1');
  expect(second.store.hgetall('h')).toEqual({ g: '2' });
  await second.aof.stop();
  const third = await keep(storage, {}, time(9_000_001));
  expect(third.store.get('n')).toBe('1');
  expect(third.store.get('kept')).toBe('1');
  expect(third.store.hgetall('h')).toEqual({ g: '2' });
  await third.aof.stop();
});
