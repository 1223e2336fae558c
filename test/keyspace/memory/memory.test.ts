import { describe, expect, test } from 'vitest';
import { textBytes } from '../../../src/bytes/text-bytes.ts';
import { RecencyTracker } from '../../../src/keyspace/eviction/recency-tracker.ts';
import { accessOf } from '../../../src/keyspace/eviction/uses.ts';
import {
  CANDIDATE_BYTES,
  ENTRY_BYTES,
  KEY_BYTES,
  TEXT_SLOT_BYTES,
  TIMER_BYTES,
} from '../../../src/keyspace/memory/heap-sizes.ts';
import type { Memory } from '../../../src/keyspace/memory/memory.ts';
import { Store } from '../../../src/store.ts';
import { checkCount } from './support.ts';

const NAMES = ['k1', 'k2', 'ключ', 'a key with a longer name'];

function countingStore(): { store: Store; memory: Memory } {
  const store = new Store({ clock: { now: () => 1_700_000_000_000 } });
  return { store, memory: store.keyspace.countMemory() };
}

function noteAccesses(store: Store): void {
  const { keyspace } = store;
  keyspace.trackAccess(new RecencyTracker(keyspace, true));
}

/** One of each type, with and without a TTL. */
function fill(store: Store): void {
  store.set('text', 'some text');
  store.set('expiring', 'some text', { ex: 1000 });
  store.set('bytes', Uint8Array.of(1, 255));
  store.append('edited', 'some ');
  store.append('edited', 'text');
  store.setrange('long', 2000, 'x');
  store.hset('hash', { field: 'value' });
  store.hsetex('hash with a TTL', { field: 'value' }, { ex: 1000 });
  store.rpush('list', ['a', 'b']);
  store.sadd('set', ['a', 'b', 'c']);
  store.zadd('zset', [{ member: 'a', score: 1 }]);
  store.xadd('stream', { field: 'value' });
  store.arset('array', 5, 'value');
  store.pfadd('hyperloglog', ['a', 'b']);
  store.vadd('vectors', [1, 2], 'element');
  store.geoadd('places', [{ longitude: 1, latitude: 2, member: 'here' }]);
}

describe('what is counted', () => {
  test('nothing, until somebody asks', () => {
    const store = new Store();
    fill(store);
    store.get('text');
    expect(store.keyspace.memory).toBeUndefined();
    expect(store.keyspace.observed).toBe(false);
    const memory = store.keyspace.countMemory();
    expect(memory.dataBytes).toBeGreaterThan(1000);
    expect(store.keyspace.countMemory()).toBe(memory);
    checkCount(store);
  });

  test('all entries that a group is given at once, or takes over', () => {
    let nowMs = 1_000_000;
    const store = new Store({ clock: { now: () => nowMs } });
    for (let at = 0; at < 200; at++) store.xadd('stream', { field: `value ${at}` });
    store.xgroupCreate('stream', 'group', '0');
    store.keyspace.countMemory();
    store.xreadgroup('group', 'ada', 'stream', { count: 150 });
    checkCount(store);
    nowMs += 1000;
    store.xreadgroupClaim('group', 'bob', 'stream', 500);
    checkCount(store);
  });

  test('text: its key, its place and itself', () => {
    const { store, memory } = countingStore();
    expect(memory.usedBytes).toBe(0);
    for (const key of NAMES) {
      for (const text of ['', 'x', 'text', 'текст', 'long '.repeat(1000)]) {
        store.set(key, text);
        expect(memory.dataBytes).toBe(KEY_BYTES + textBytes(key) + textBytes(text));
      }
      store.del(key);
      expect(memory.usedBytes).toBe(0);
    }
    expect(memory.peakBytes).toBeGreaterThan(5000);
  });

  test('a TTL: the entry and the timer, which is kept', () => {
    const { store, memory } = countingStore();
    store.set('key', 'text');
    const bare = memory.dataBytes;
    store.expire('key', 100);
    expect(memory.dataBytes - bare).toBeGreaterThanOrEqual(ENTRY_BYTES + TIMER_BYTES);
    checkCount(store);
    const expiring = memory.dataBytes;
    store.persist('key');
    expect(memory.dataBytes).toBe(expiring);
    store.set('key', 'text');
    expect(memory.dataBytes).toBe(bare);
    checkCount(store);
  });

  test('a place among the candidates for eviction, while there is one', () => {
    const store = new Store({ maxMemory: '1gb', maxMemoryPolicy: 'volatile-ttl' });
    const { memoryLimit } = store.keyspace;
    const memory = store.keyspace.countMemory();
    fill(store);
    const bytes = memory.dataBytes;
    const { candidates } = store.keyspace.databases[0]!;
    expect(candidates?.size).toBe(1);
    store.expire('hash', 100);
    expect(candidates?.size).toBe(2);
    expect(memory.dataBytes).toBe(bytes + TIMER_BYTES + CANDIDATE_BYTES);
    checkCount(store);
    store.persist('hash');
    expect(memory.dataBytes).toBe(bytes + TIMER_BYTES);
    memoryLimit.policy = 'noeviction';
    expect(memory.dataBytes).toBe(bytes + TIMER_BYTES - CANDIDATE_BYTES);
    memoryLimit.policy = 'allkeys-lru';
    expect(memory.dataBytes).toBeGreaterThan(bytes + TIMER_BYTES + 10 * CANDIDATE_BYTES);
    checkCount(store);
  });

  test('the same in whatever database', () => {
    const { store, memory } = countingStore();
    fill(store);
    const { databases } = store.keyspace;
    const bytes = memory.dataBytes;
    store.swapdb(0, 3);
    expect(databases.map(({ countedBytes }) => countedBytes).slice(0, 4)).toEqual([0, 0, 0, bytes]);
    checkCount(store);
    store.select(3).move('hash', 1);
    store.select(3).move('text', 1);
    expect(memory.dataBytes).toBe(bytes);
    expect(databases[1]!.countedBytes).toBeGreaterThan(0);
    checkCount(store);
    store.select(1).flushdb();
    expect(databases.map(({ countedBytes }) => countedBytes).slice(0, 3)).toEqual([0, 0, 0]);
    checkCount(store);
    store.flushall();
    expect(memory.usedBytes).toBe(0);
  });

  test('a key by its name: RENAME and COPY', () => {
    const { store, memory } = countingStore();
    fill(store);
    for (const key of store.keys('*')) {
      const bytes = memory.dataBytes;
      const name = `${key} renamed, and now so much longer`;
      store.rename(key, name);
      expect(memory.dataBytes - bytes).toBe(textBytes(name) - textBytes(key));
      store.rename(name, key);
      expect(memory.dataBytes).toBe(bytes);
      store.copy(key, 'copy');
      expect(memory.dataBytes).toBeGreaterThan(bytes + KEY_BYTES);
      store.copy('text', 'copy', { replace: true });
      store.rename('copy', key);
      checkCount(store);
    }
  });

  test('what expires, by itself or on the way', () => {
    const { store, memory } = countingStore();
    fill(store);
    store.hexpire('hash with a TTL', 5, 'field');
    for (const key of store.keys('*')) store.expire(key, 10);
    checkCount(store);
    store.advance(6000);
    expect(store.exists('hash with a TTL')).toBe(0);
    checkCount(store);
    store.advance(6000);
    expect(memory.dataBytes).toBe(0);
  });

  test('a string that is kept in another form once its bytes are read', () => {
    const { store } = countingStore();
    const short = 'text';
    const long = 'long '.repeat(1000);
    for (const text of [short, long]) {
      store.set('key', text);
      expect(store.bitcount('key')).toBeGreaterThan(0);
      checkCount(store);
      store.set('key', text, { ex: 100 });
      expect(store.getbit('key', 1)).toBe(1);
      checkCount(store);
      store.set('key', text, { ex: 100 });
      expect(store.setbit('key', 1, 1)).toBe(1);
      checkCount(store);
    }
  });
});

describe('what is undone', () => {
  class Undone extends Error {}

  function undo(store: Store, change: (store: Store) => void): void {
    const undone = (): void => {
      store.transaction(() => {
        change(store);
        throw new Undone();
      });
    };
    expect(undone).toThrow(Undone);
  }

  const changes: Record<string, (store: Store) => void> = {
    'other values': (store) => {
      for (const key of store.keys('*')) store.set(key, 'something else');
    },
    'other TTLs': (store) => {
      for (const key of store.keys('*')) store.expire(key, 5);
    },
    'values changed in place': (store) => {
      store.hset('hash', { another: 'field' });
      store.rpush('list', ['another']);
      store.sadd('set', 'another');
      store.append('edited', '!');
    },
    'other names': (store) => {
      for (const key of store.keys('*')) store.rename(key, `${key} renamed`);
    },
    'keys deleted': (store) => store.del(['text', ...store.keys('*')]),
    'another database': (store) => {
      for (const key of store.keys('*')) store.move(key, 3);
    },
    'databases exchanged and changed': (store) => {
      store.set('text', 'something else');
      store.swapdb(0, 1);
      fill(store);
      store.swapdb(0, 2);
    },
    'everything flushed': (store) => {
      store.hset('hash', { another: 'field' });
      store.flushall();
      fill(store);
      store.flushdb();
      store.set('text', 'other');
    },
  };

  test.each(Object.entries(changes))('%s', (_name, change) => {
    const { store } = countingStore();
    fill(store);
    undo(store, change);
    checkCount(store);
    store.transaction(() => change(store));
    checkCount(store);
  });

  test.each(Object.entries(changes))('%s, when it is counted from within', (_name, change) => {
    const store = new Store();
    fill(store);
    undo(store, () => {
      change(store);
      store.keyspace.countMemory();
      change(store);
    });
    checkCount(store);
    store.flushall();
    expect(store.keyspace.countMemory().usedBytes).toBe(0);
  });

  test.each(Object.entries(changes))('%s, when accesses are noted from within', (_name, change) => {
    const { store } = countingStore();
    fill(store);
    undo(store, () => {
      change(store);
      noteAccesses(store);
      change(store);
    });
    checkCount(store);
  });

  test('what was flushed is there until it is sure that it goes', () => {
    const { store, memory } = countingStore();
    fill(store);
    const bytes = memory.dataBytes;
    store.transaction(() => {
      store.flushall();
      expect(memory.dataBytes).toBe(bytes);
    });
    expect(memory.dataBytes).toBe(0);
    checkCount(store);
  });
});

describe('while accesses are noted', () => {
  test('every text has a slot, and none needs one afterwards', () => {
    const { store, memory } = countingStore();
    fill(store);
    const bytes = memory.dataBytes;
    noteAccesses(store);
    store.set('more', 'text');
    store.mset({ text: 'other text', andMore: 'text' });
    const { map } = store.keyspace.databases[0]!;
    expect([...map.values()].filter((held) => typeof held === 'string')).toEqual([]);
    checkCount(store);
    expect(memory.dataBytes).toBeGreaterThan(bytes + 3 * TEXT_SLOT_BYTES);
    store.keyspace.trackAccess(undefined);
    store.del(['more', 'andMore']);
    store.set('text', 'some text');
    expect(typeof map.get('text')).toBe('string');
    expect(memory.dataBytes).toBe(bytes);
    checkCount(store);
  });

  test('a slot is used again for other text, and for other keys', () => {
    const { store } = countingStore();
    noteAccesses(store);
    store.set('key', 'text');
    const database = store.keyspace.databases[0]!;
    const { map } = database;
    const slot = map.get('key')!;
    const access = accessOf(database, slot);
    store.set('key', 'other text');
    expect(map.get('key')).toBe(slot);
    expect(accessOf(database, slot)).toBeGreaterThan(access);
    store.set('key', 'expiring', { ex: 100 });
    expect(typeof map.get('key')).toBe('object');
    store.set('new', 'text');
    expect(map.get('new')).toBe(slot);
    store.set('key', 'other text');
    expect(store.ttl('key')).toBe(-1);
    expect(store.get('key')).toBe('other text');
    store.del('key');
    store.rpush('key', 'a');
    store.set('key', 'text');
    expect(store.get('key')).toBe('text');
    checkCount(store);
  });

  test('of many slots few that are left lie close together', () => {
    const { store } = countingStore();
    noteAccesses(store);
    for (let number = 0; number < 5000; number++) store.set(`key:${number}`, `text ${number}`);
    const database = store.keyspace.databases[0]!;
    for (let number = 0; number < 5000; number++) if (number % 100 !== 7) store.del(`key:${number}`);
    expect(database.texts!.slotCount).toBeLessThan(2048);
    for (let number = 7; number < 5000; number += 100)
      expect(store.get(`key:${number}`)).toBe(`text ${number}`);
    store.set('new', 'text');
    checkCount(store);
  });
});

test.each(['noeviction', 'allkeys-lru', 'allkeys-lfu'] as const)(
  'the report and the sizes of single keys come to what is counted, %s',
  (maxMemoryPolicy) => {
    const store = new Store({ clock: { now: () => 1_700_000_000_000 }, maxMemory: '1gb', maxMemoryPolicy });
    fill(store);
    const { dataBytes } = store.keyspace.countMemory();
    expect(store.memory().dataBytes).toBe(dataBytes);
    const sizes = store.keys('*').map((key) => store.memoryUsage(key) ?? 0);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(dataBytes);
    const largest = store.bigKeys({ count: 100 });
    expect(largest.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(dataBytes);
  },
);
