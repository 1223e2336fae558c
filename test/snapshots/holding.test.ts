import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { Store } from '../../src/index.ts';
import { lua } from '../../src/scripting/index.ts';
import { until } from '../support/turns.ts';
import { check, contentOf } from './support.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('holding snapshots', () => {
  test('costs nothing once they are released', () => {
    const store = new Store();
    const snapshot = store.snapshot();
    expect(store.keyspace.keeper).toBeDefined();
    snapshot.release();
    snapshot.release();
    expect(store.keyspace.keeper).toBeUndefined();
    expect(store.keyspace.timeline).toBeUndefined();
    expect(() => store.restore(snapshot)).toThrow('this snapshot has been released');
  });

  test('costs nothing once nobody holds them any more', async () => {
    const store = new Store();
    store.set('k', 'v');
    (() => {
      store.snapshot();
      store.flushall();
      store.snapshot();
    })();
    await until(() => {
      collectGarbage();
      return store.keyspace.keeper === undefined;
    });
    check(store);
  });

  test('keeps only what leads to those that are held', () => {
    const store = new Store();
    store.set('k', '0');
    const first = store.snapshot();
    for (let at = 1; at <= 1000; at++) {
      store.set('k', String(at));
      store.rpush('list', 'x');
      store.snapshot().release();
    }
    const { timeline } = store.keyspace;
    const { latest } = timeline as unknown as { latest: { steps: unknown[]; previous: Set<unknown> } };
    expect([latest.steps.length, latest.previous.size]).toEqual([1, 0]);
    store.restore(first);
    expect([store.get('k'), store.dbsize()]).toEqual(['0', 1]);
  });

  test('keeps no more of what is flushed again and again than the first', () => {
    const store = new Store();
    store.mset({ a: '1', b: '2' });
    const first = store.snapshot();
    for (let at = 0; at < 100; at++) {
      store.set(`k${at}`, 'x', { ex: 100 });
      store.flushall();
    }
    const { latest } = store.keyspace.timeline as unknown as { latest: { steps: unknown[] } };
    expect(latest.steps.length).toBeLessThan(4);
    // What was put aside has it, for the flush took it for a part of what there was.
    expect(store.keyspace.wheel.size).toBe(1);
    store.restore(first);
    expect(store.keys('*').sort()).toEqual(['a', 'b']);
    check(store);
  });

  test('is the same snapshot as long as nothing changes', () => {
    const store = new Store();
    store.set('k', '1');
    const [a, b] = [store.snapshot(), store.snapshot()];
    a.release();
    store.set('k', '2');
    store.restore(b);
    expect(store.get('k')).toBe('1');
  });

  test('ends with the block, where the host knows of such', () => {
    const store = new Store();
    const snapshot = store.snapshot();
    if (Symbol.dispose !== undefined) snapshot[Symbol.dispose]();
    else snapshot.release();
    expect(store.keyspace.keeper).toBeUndefined();
    expect(Object.hasOwn(Object.getPrototypeOf(snapshot), 'undefined')).toBe(false);
  });

  test('counts as no memory that is used', () => {
    const store = new Store({ maxMemory: 400_000 });
    for (let at = 0; at < 500; at++) store.set(`k${at}`, 'x'.repeat(400), { ex: 1000 });
    const snapshot = store.snapshot();
    const content = contentOf(store);
    for (let round = 0; round < 4; round++) {
      store.flushall();
      expect(store.keyspace.memory!.dataBytes).toBe(0);
      for (let at = 0; at < 500; at++) store.set(`other${at}`, 'x'.repeat(400));
      store.restore(snapshot);
      expect(contentOf(store)).toEqual(content);
      check(store);
    }
  });
});

describe('what is refused', () => {
  test('in a transaction', () => {
    const store = new Store();
    const snapshot = store.snapshot();
    store.transaction((tx) => {
      tx.set('k', 'v');
      expect(() => store.snapshot()).toThrow('a snapshot cannot be taken inside a transaction');
      expect(() => store.restore(snapshot)).toThrow('a snapshot cannot be restored inside a transaction');
    });
    expect(store.get('k')).toBe('v');
  });

  test('in a script', () => {
    const errors: string[] = [];
    const store: Store = new Store({
      scripting: lua({
        onLog: () => {
          try {
            store.snapshot();
          } catch (error) {
            errors.push(String(error));
          }
        },
      }),
    });
    store.eval("redis.log(redis.LOG_WARNING, 'x')");
    expect(errors).toEqual(['Error: a snapshot cannot be taken inside a transaction, nor a script']);
  });

  test('releasing one in a transaction is done when that is over', async () => {
    const store = new Store();
    store.set('k', 'v');
    const snapshot = store.snapshot();
    expect(() =>
      store.transaction((tx) => {
        tx.flushall();
        snapshot.release();
        throw new Error('undone');
      }),
    ).toThrow('undone');
    await until(() => store.keyspace.keeper === undefined);
    expect(store.get('k')).toBe('v');
    check(store);
  });

  test('a snapshot of another store', () => {
    const snapshot = new Store().snapshot();
    expect(() => new Store().restore(snapshot)).toThrow(TypeError);
    expect(() => new Store().restore(snapshot)).toThrow('fork()');
  });

  test('and RESTORE of a key is what it was', () => {
    const store = new Store();
    store.rpush('list', ['a', 'b']);
    const payload = store.dump('list')!;
    expect(store.restore('copy', 0, payload)).toBe('OK');
    expect(() => store.restore('copy', 0, payload)).toThrow('BUSYKEY');
    expect(store.restore('copy', 0, payload, { replace: true })).toBe('OK');
    expect(store.lrange('copy', 0, -1)).toEqual(['a', 'b']);
    expect(() => (store.restore as (what: unknown) => void)({})).toThrow(TypeError);
  });
});
