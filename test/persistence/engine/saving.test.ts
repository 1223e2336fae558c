import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Store } from '../../../src/index.ts';
import { FaultyStorage } from '../../../src/persistence/storage/faults.ts';
import { contentOf, fill, openOn, until } from './support.ts';

const clock = { now: () => 1_700_000_000_000 };
const isSaving = (store: Store) => store.persistence!.isSaving;
const isRewriting = (store: Store) => store.persistence!.isRewriting;

/** What the RDB file of a storage holds. */
async function saved(storage: FaultyStorage): Promise<unknown> {
  const copy = storage.afterProcessDied();
  const { store } = await openOn(copy, { clock });
  const content = contentOf(store);
  await store.close({ save: false });
  return content;
}

describe('save()', () => {
  test('has the state of the moment of the call, whatever happens meanwhile', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, { clock, save: false });
    fill(store);
    const content = contentOf(store);
    storage.hold();
    const save = store.save();
    store.set('text', 'changed');
    store.rpush('list', 'more');
    store.select(3).flushdb();
    store.set('new', 'v');
    storage.release();
    expect(await save).toBe('OK');
    expect(await saved(storage)).toEqual(content);
    // Four changes were made while it was written, one of which took a key.
    expect(store.persistence!.changesSinceSave).toBe(4);
    expect(store.persistence).toMatchObject({ lastSaveStatus: 'ok', saveCount: 1, isSaving: false });
    await store.close();
  });

  test('inside a transaction it has the state after it', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, { clock, save: false });
    const save = store.transaction((tx) => {
      tx.set('a', '1');
      const promise = store.save();
      tx.set('b', '2');
      return { promise };
    });
    await save.promise;
    const { store: again } = await openOn(storage.afterProcessDied());
    expect(again.keys('*').sort()).toEqual(['a', 'b']);
    await Promise.all([store.close(), again.close()]);
  });

  test('one at a time', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, { save: false });
    storage.hold();
    expect(store.bgsave()).toBe('started');
    const message = 'ERR Background save already in progress';
    expect(() => store.bgsave()).toThrow(message);
    expect(() => store.bgsave({ schedule: true })).toThrow(message);
    await expect(store.save()).rejects.toThrow(message);
    expect(store.persistence!.isSaving).toBe(true);
    storage.release();
    await until(() => !isSaving(store));
    await store.save();
    expect(store.persistence!.saveCount).toBe(2);
    await store.close();
  });

  test('a failure leaves the file as it was, and of writes nothing is refused for it', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, { clock, save: [[1000, 1]] });
    store.set('k', 'old');
    await store.save();
    const content = contentOf(store);
    store.set('k', 'new');
    for (const kind of ['create', 'append', 'sync', 'close', 'rename'] as const) {
      storage.plan = (operation) => (operation.kind === kind ? { code: 'ENOSPC' } : undefined);
      await expect(store.save(), kind).rejects.toThrow('ENOSPC');
      storage.plan = () => undefined;
      expect(await storage.list()).toEqual(['dump.rdb']);
      expect(await saved(storage)).toEqual(content);
      expect(store.set('k', 'new')).toBe('OK');
    }
    await store.save();
    expect(await saved(storage)).toEqual(contentOf(store));
    await store.close();
  });
});

describe('save points', () => {
  test('after so many seconds, if so many changes were made', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, { clock, save: [[60, 3]] });
    store.set('a', '1');
    store.set('b', '1');
    store.advance(70_000);
    await until(() => !isSaving(store));
    expect(store.persistence!.saveCount).toBe(0);
    store.set('c', '1');
    expect(store.persistence!.changesSinceSave).toBe(3);
    store.advance(1000);
    expect(isSaving(store)).toBe(true);
    await until(() => !isSaving(store));
    expect(store.persistence).toMatchObject({ saveCount: 1, changesSinceSave: 0 });
    expect(store.lastsave()).toBe(1_700_000_071);
    for (const key of ['a', 'b', 'c', 'd']) store.set(key, '2');
    store.advance(60_000);
    expect(isSaving(store)).toBe(false);
    store.advance(1000);
    expect(isSaving(store)).toBe(true);
    await until(() => !isSaving(store));
    await store.close();
  });

  test('nothing is saved where nothing was changed, nor without save points', async () => {
    for (const save of [[[1, 1]] as const, [[1, 0]] as const, false as const]) {
      const storage = new FaultyStorage();
      const { store } = await openOn(storage, { clock, save });
      if (save === false) store.set('k', 'v');
      store.advance(100_000);
      await until(() => !isSaving(store));
      expect(store.persistence!.saveCount).toBe(0);
      await store.close({ save: false });
    }
  });

  test('a failure stops writes, is tried again after five seconds, and then they go on', async () => {
    const storage = new FaultyStorage();
    const { store, warnings } = await openOn(storage, { clock, save: [[60, 1]] });
    store.set('k', 'v');
    storage.plan = ({ kind }) => (kind === 'append' ? { code: 'ENOSPC' } : undefined);
    store.advance(61_000);
    await until(() => !isSaving(store));
    expect(store.persistence).toMatchObject({ lastSaveStatus: 'err', changesSinceSave: 1 });
    expect(warnings).toEqual([expect.stringContaining('no space left on device')]);
    expect(() => store.set('k', 'w')).toThrow(/^MISCONF Redis is configured to save RDB snapshots/);
    expect(() => store.transaction((tx) => tx.del('k'))).toThrow('MISCONF');
    expect(store.get('k')).toBe('v');
    store.advance(5000);
    expect(isSaving(store)).toBe(false);
    storage.plan = () => undefined;
    store.advance(1000);
    expect(isSaving(store)).toBe(true);
    await until(() => !isSaving(store));
    expect(store.set('k', 'w')).toBe('OK');
    await store.close();
  });

  test('stopWritesOnBgsaveError: false', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, { clock, stopWritesOnBgsaveError: false });
    storage.plan = ({ kind }) => (kind === 'sync' ? { code: 'EIO' } : undefined);
    store.set('k', 'v');
    store.bgsave();
    await until(() => !isSaving(store));
    expect(store.persistence!.lastSaveStatus).toBe('err');
    expect(store.set('k', 'w')).toBe('OK');
    await store.close({ save: false });
  });
});

describe('beside a rewrite', () => {
  test('BGSAVE is refused, or put off until it is done', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, { appendonly: true, save: false });
    store.set('k', 'v');
    storage.hold();
    expect(store.bgrewriteaof()).toBe('started');
    expect(() => store.bgrewriteaof()).toThrow(
      'ERR Background append only file rewriting already in progress',
    );
    expect(() => store.bgsave()).toThrow(
      "ERR Another child process is active (AOF?): can't BGSAVE right now",
    );
    expect(store.bgsave({ schedule: true })).toBe('scheduled');
    expect(isSaving(store)).toBe(false);
    storage.release();
    await until(() => !isRewriting(store));
    store.advance(1000);
    await until(() => store.persistence!.saveCount === 1 && !isSaving(store));
    await store.close();
  });

  test('BGREWRITEAOF is put off while a save is under way', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, { appendonly: true, save: false });
    storage.hold();
    store.bgsave();
    expect(store.bgrewriteaof()).toBe('scheduled');
    expect(store.persistence).toMatchObject({ isRewriteScheduled: true, isRewriting: false });
    storage.release();
    await until(() => !isSaving(store));
    store.advance(1000);
    await until(() => store.persistence!.rewriteCount === 1 && !isRewriting(store));
    expect(store.persistence!.isRewriteScheduled).toBe(false);
    await store.close();
  });

  test('the append-only file is rewritten when it has grown', async () => {
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, { appendonly: true, save: false, autoAofRewriteMinSize: 2000 });
    for (let at = 0; at < 100; at++) store.set('k', `value ${at}`);
    await store.blocking.waitaof(0, 0, 0);
    store.advance(1000);
    store.advance(1000);
    await until(() => store.persistence!.rewriteCount === 1 && !isRewriting(store));
    expect(store.persistence!.appendedBytes).toBeLessThan(500);
    await store.close();
    const { store: again } = await openOn(storage, { appendonly: true, save: false });
    expect(again.get('k')).toBe('value 99');
    await again.close();
  });
});

describe('with fake timers', () => {
  afterEach(() => void vi.useRealTimers());

  test('save points come when the fake time has passed', async () => {
    const storage = new FaultyStorage();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const { store } = await openOn(storage, { save: [[60, 1]] });
    store.set('k', 'v');
    vi.advanceTimersByTime(59_000);
    expect(isSaving(store)).toBe(false);
    vi.advanceTimersByTime(3000);
    expect(isSaving(store)).toBe(true);
    await until(() => !isSaving(store));
    expect(store.persistence!.saveCount).toBe(1);
    await store.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('all of them faked: opening, saving and closing do not wait for them', async () => {
    vi.useFakeTimers();
    const storage = new FaultyStorage();
    const { store } = await openOn(storage, { appendonly: true });
    store.set('k', 'v', { ex: 10 });
    await store.save();
    vi.advanceTimersByTime(11_000);
    expect(store.dbsize()).toBe(0);
    await store.close();
  });
});
