import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bytes, toBytes } from '../../src/bytes/byte-string.ts';
import { connect, Store } from '../../src/index.ts';
import { InstantWalk } from '../../src/persistence/instant/instant-walk.ts';
import { payloadOf } from '../../src/persistence/rdb/dump-operations.ts';
import { lua } from '../../src/scripting/index.ts';
import { settled } from '../support/turns.ts';
import { randomCommand, STAGE, Subject } from '../transactions/support.ts';
import { check } from './support.ts';

const SEED = 20_261_123;

describe('restoring a snapshot', () => {
  test('breaks the watches of keys that become others, and of no more', () => {
    const store = new Store();
    store.mset({ changed: '1', untouched: '1', gone: '1', back: '1' });
    const snapshot = store.snapshot();
    store.set('changed', '2');
    store.set('back', '2');
    store.set('back', '1');
    store.del('gone');
    store.set('new', '1');
    const names = ['changed', 'untouched', 'gone', 'back', 'new', 'absent'];
    const watches = names.map((name) => store.watch(name));
    store.restore(snapshot);
    expect(names.filter((_, at) => watches[at]!.changed)).toEqual(['changed', 'gone', 'new']);
  });

  test('breaks the watches of all that was there, or is now, if a database was flushed', () => {
    const store = new Store();
    store.mset({ a: '1', b: '1' });
    const snapshot = store.snapshot();
    store.flushdb();
    store.set('c', '1');
    const names = ['a', 'b', 'c', 'd'];
    const watches = names.map((name) => store.watch(name));
    store.restore(snapshot);
    expect(names.filter((_, at) => watches[at]!.changed)).toEqual(['a', 'b', 'c']);
  });

  test('serves those who wait for what is back', async () => {
    const store = new Store();
    store.rpush('jobs', ['a', 'b']);
    store.zadd('board', { ada: 1 });
    const snapshot = store.snapshot();
    store.del('jobs');
    store.flushdb();
    const popped = store.blocking.blpop('jobs');
    const least = store.blocking.bzpopmin('board');
    await settled();
    store.restore(snapshot);
    expect(await popped).toMatchObject({ key: 'jobs', element: 'a' });
    expect(await least).toMatchObject({ key: 'board', member: 'ada' });
    expect(store.lrange('jobs', 0, -1)).toEqual(['b']);
    check(store);
  });

  test('tells those who wait in a group that the group is gone', async () => {
    const store = new Store();
    store.xadd('log', { n: '1' });
    const snapshot = store.snapshot();
    store.xgroupCreate('log', 'g', '$');
    const read = store.blocking.xreadgroup('g', 'c', 'log', { block: 0 });
    const failed = read.then(
      () => 'read',
      (error: unknown) => String(error),
    );
    await settled();
    store.restore(snapshot);
    expect(await failed).toContain('NOGROUP');
  });

  test('invalidates what clients have cached', async () => {
    const store = new Store();
    store.mset({ a: '1', b: '1' });
    const told: unknown[] = [];
    const client = connect(store, { protocol: 3 });
    client.onMessage = (message) => told.push(message);
    client.call('CLIENT', 'TRACKING', 'ON');
    const snapshot = store.snapshot();
    store.set('a', '2');
    client.call('GET', 'a');
    client.call('GET', 'b');
    store.restore(snapshot);
    await settled();
    expect(told).toEqual([['invalidate', ['a']]]);
    store.flushall();
    client.call('GET', 'a');
    await settled();
    told.length = 0;
    store.restore(snapshot);
    await settled();
    expect(told).toEqual([['invalidate', null]]);
  });

  test('is no keyspace notification, and counts as changes', () => {
    const store = new Store({ notifyKeyspaceEvents: 'KEAnoc' });
    store.set('k', '1');
    const snapshot = store.snapshot();
    store.set('k', '2');
    store.flushdb();
    store.set('k', '3');
    const told: string[] = [];
    store.psubscribe('*', (message, channel) => told.push(`${channel} ${message}`));
    const { dirty } = store.keyspace;
    store.restore(snapshot);
    store.keyspace.hub.flush();
    expect(told).toEqual([]);
    expect(store.keyspace.dirty).toBeGreaterThan(dirty);
  });

  test('brings back functions', () => {
    const store = new Store({ scripting: lua() });
    const library = (answer: number) =>
      `#!lua name=l\nredis.register_function('f', function() return ${answer} end)`;
    const empty = store.snapshot();
    store.functionLoad(library(1));
    const one = store.snapshot();
    store.functionLoad(library(2), { replace: true });
    const two = store.snapshot();
    store.functionFlush();
    const { effects } = recorded(store);
    store.restore(one);
    expect(store.fcall('f', [], [])).toBe(1);
    store.restore(two);
    expect(store.fcall('f', [], [])).toBe(2);
    store.restore(empty);
    expect(() => store.fcall('f', [], [])).toThrow('ERR Function not found');
    expect(effects.map(({ command }) => command.slice(0, 2).join(' '))).toEqual([
      'FUNCTION RESTORE',
      'FUNCTION RESTORE',
      'FUNCTION FLUSH',
    ]);
  });

  test('removes by itself what expired while it was aside', () => {
    const clock = { nowMs: 1_700_000_000_000 };
    const store = new Store({ clock: { now: () => clock.nowMs } });
    store.set('key', 'v', { px: 1000 });
    store.set('late', 'v', { px: 9000 });
    store.hset('hash', { a: '1', b: '2' });
    store.hpexpire('hash', 1000, ['a']);
    const snapshot = store.snapshot();
    store.flushall();
    store.advance(5000);
    expect(store.keyspace.expiredCount).toBe(0);
    store.restore(snapshot);
    check(store);
    store.advance(1);
    expect([store.dbsize(), store.hlen('hash')]).toEqual([2, 1]);
    expect(store.keyspace.expiredCount).toBe(1);
    check(store);
    store.advance(4000);
    expect(store.keys('*')).toEqual(['hash']);
  });

  test('leaves the walk of a save at its instant', () => {
    const subject = new Subject({ isObserved: false });
    const { store } = subject;
    for (const tokens of STAGE) subject.run(tokens);
    store.flushdb();
    const empty = store.snapshot();
    for (const tokens of STAGE) subject.run(tokens);
    const full = store.snapshot();
    store.flushall();
    store.set('only', 'x');
    const visited: string[] = [];
    for (const [before, after] of [
      [full, empty],
      [empty, full],
    ] as const) {
      store.restore(before);
      const expected = [...store.keyspace.databases[0]!.map.keys()].sort();
      visited.length = 0;
      const walk = new InstantWalk(store.keyspace, (_index, key) => visited.push(key));
      walk.step(() => visited.length > 2);
      store.restore(after);
      walk.step(() => visited.length > 4);
      store.restore(before);
      store.set('k6', 'changed');
      walk.finish();
      expect(visited.sort()).toEqual(expected);
    }
  });

  test('does not make SCAN miss a key that is there throughout', () => {
    const store = new Store();
    for (let at = 0; at < 3000; at++) store.set(`k${at}`, 'x');
    const snapshot = store.snapshot();
    for (let at = 0; at < 3000; at += 2) store.del(`k${at}`);
    const seen = new Set<string>();
    let cursor = 0;
    let round = 0;
    do {
      const [next, keys] = store.scan(cursor, { count: 100 });
      cursor = next;
      for (const key of keys) seen.add(key);
      store.restore(snapshot);
      for (let at = 0; at < 3000; at += 2) if ((at + round) % 3 === 0) store.del(`k${at}`);
      round++;
    } while (cursor !== 0);
    for (let at = 1; at < 3000; at += 2) expect(seen.has(`k${at}`)).toBe(true);
  });
});

interface Effect {
  readonly index: number;
  readonly command: readonly Bytes[];
}

function recorded(store: Store): { effects: Effect[] } {
  const effects: Effect[] = [];
  store.keyspace.observe({ effect: ({ index }, command) => effects.push({ index, command }) });
  return { effects };
}

test('a restored snapshot is recorded as commands that make of what there was what there is', () => {
  const seeds = fc.array(fc.noShrink(fc.nat(0x7fffffff)), { maxLength: 15, size: 'max' });
  let recordedCount = 0;
  fc.assert(
    fc.property(seeds, seeds, fc.constantFrom('', 'FLUSHDB', 'SWAPDB 0 1'), (first, second, between) => {
      const subject = new Subject({ isObserved: false });
      const { store } = subject;
      for (const tokens of STAGE) subject.run(tokens);
      for (const seed of first) subject.run(randomCommand(seed));
      const snapshot = store.snapshot();
      if (between !== '') subject.run(between.split(' '));
      for (const seed of second) subject.run(randomCommand(seed));
      const replica = store.fork();
      const { effects } = recorded(store);
      store.restore(snapshot);
      const connection = connect(replica);
      for (const { index, command } of effects) {
        connection.call('SELECT', String(index));
        // Strings are the inner form of bytes here.
        const [, ...others] = command.map((part) => (typeof part === 'string' ? toBytes(part) : part));
        connection.call(String(command[0]), ...others);
      }
      recordedCount += effects.length;
      expect(dumpsOf(replica)).toEqual(dumpsOf(store));
    }),
    { seed: SEED, numRuns: 100 },
  );
  expect(recordedCount).toBeGreaterThan(100);
});

/** What every key holds, as DUMP tells it, and when it expires. */
function dumpsOf({ keyspace }: Store): unknown {
  return keyspace.databases.map((database) =>
    [...database.map.keys()].sort().map((key) => {
      const stored = database.storedOf(database.map.get(key))!;
      return [key, typeof stored === 'object' ? stored.expiresAtMs : 0, payloadOf(stored, keyspace)];
    }),
  );
}
