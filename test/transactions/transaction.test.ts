import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/keyspace/entry.ts';
import type { Observer } from '../../src/keyspace/observer.ts';
import { connect } from '../../src/session/connection.ts';
import { registry } from '../../src/session/registry.ts';
import { Store } from '../../src/store.ts';
import type { Transaction } from '../../src/transactions/transaction.ts';
import { checkHashes, recordedStore } from '../structures/hashes/support.ts';
import { imageOf } from './support.ts';

const storeMethods = registry.all
  .filter(({ facts }) => (facts.target ?? 'store') === 'store')
  .flatMap(({ forms }) => forms.map(({ method }) => String(method)));

class Undone extends Error {}

/** Runs it in a transaction that throws, and checks that nothing is left of it. */
function undo(store: Store, run: (tx: Transaction) => void): void {
  const before = imageOf(store);
  expect(() =>
    store.transaction((tx) => {
      run(tx);
      throw new Undone();
    }),
  ).toThrow(Undone);
  expect(imageOf(store)).toEqual(before);
  checkHashes(store);
}

function filled(): Store {
  const store = new Store({ clock: { now: () => 1_700_000_000_000 }, random: () => 0.5 });
  store.set('text', 'v');
  store.set('timed', 'v', { ex: 100 });
  store.append('raw', 'abc');
  store.hset('hash', { a: '1', b: '2' });
  store.hexpire('hash', 100, ['a']);
  store.rpush('list', ['a', 'b', 'c']);
  store.sadd('set', ['a', 'b']);
  store.zadd('zset', { a: 1, b: 2 });
  store.select(1).set('other', 'v');
  store.scan(0);
  store.close();
  return store;
}

describe('a transaction', () => {
  test('is kept, and answers what its function returns', () => {
    const store = filled();
    const sum = store.transaction((tx) => {
      tx.set('text', 'w');
      return tx.incr('n') + tx.incrby('n', 5);
    });
    expect(sum).toBe(7);
    expect(store.mget(['text', 'n'])).toEqual(['w', '6']);
    expect(store.keyspace.journal).toBeUndefined();
  });

  test('reads what it has written', () => {
    const store = filled();
    store.transaction((tx) => {
      tx.del('list');
      expect(tx.exists('list')).toBe(0);
      tx.rpush('list', 'x');
      expect(tx.lrange('list', 0, -1)).toEqual(['x']);
      expect(store.lrange('list', 0, -1)).toEqual(['x']);
    });
  });

  test('throws the very error its function threw', () => {
    const error = new Undone();
    let caught: unknown;
    try {
      filled().transaction(() => {
        throw error;
      });
    } catch (thrown) {
      caught = thrown;
    }
    expect(caught).toBe(error);
  });

  test('is undone when a command in it fails, and not when that is caught', () => {
    const store = filled();
    const before = imageOf(store);
    expect(() =>
      store.transaction((tx) => {
        tx.set('text', 'w');
        tx.incr('list');
      }),
    ).toThrow('WRONGTYPE');
    expect(imageOf(store)).toEqual(before);
    store.transaction((tx) => {
      tx.set('text', 'w');
      expect(() => tx.incr('list')).toThrow('WRONGTYPE');
    });
    expect(store.get('text')).toBe('w');
  });

  const undone: Record<string, (tx: Transaction) => void> = {
    'new keys': (tx) => tx.mset({ new1: '1', new2: '2' }),
    'a key of bytes that are no text': (tx) => tx.set(Uint8Array.of(255), 'v'),
    'an overwritten string': (tx) => tx.set('text', 'w'),
    'an overwritten collection': (tx) => tx.set('hash', 'w'),
    'strings edited in place': (tx) => {
      tx.append('raw', 'def');
      tx.setrange('text', 3, 'x');
      tx.append('timed', 'x');
    },
    'a string that another entry takes over, and edits': (tx) => {
      tx.expire('raw', 100);
      tx.getex('raw', { persist: true });
      tx.append('raw', 'def');
    },
    'deleted keys': (tx) => tx.del(['text', 'timed', 'hash', 'list', 'set', 'zset']),
    'times to live': (tx) => {
      tx.expire('text', 5);
      tx.expire('timed', 5);
      tx.persist('timed');
      tx.expire('set', 5);
      tx.pexpireat('zset', 1);
    },
    'times of fields': (tx) => {
      tx.hpersist('hash', 'a');
      tx.hexpire('hash', 5, ['a', 'b']);
      tx.hpexpireat('hash', 1, ['b']);
    },
    'elements of every type': (tx) => {
      tx.hset('hash', { a: '5', c: '3' });
      tx.lpop('list');
      tx.lset('list', 0, 'x');
      tx.spop('set');
      tx.zincrby('zset', 5, 'a');
    },
    'collections that are emptied, and begun anew': (tx) => {
      tx.lpopCount('list', 3);
      tx.rpush('list', 'x');
      tx.spopCount('set', 2);
      tx.sadd('set', 'x');
      tx.zremrangebyrank('zset', 0, -1);
      tx.hdel('hash', ['a', 'b']);
    },
    encodings: (tx) => {
      tx.sadd('set', 'x'.repeat(100));
      tx.zadd('zset', { ['x'.repeat(100)]: 1 });
      tx.hset('hash', { long: 'x'.repeat(100) });
      tx.rpush('list', 'x'.repeat(10_000));
    },
    'renamed keys, changed under their new names': (tx) => {
      tx.rename('list', 'renamed');
      tx.rpush('renamed', 'd');
      tx.rename('renamed', 'again');
      tx.lpop('again');
      tx.rename('timed', 'text');
      tx.rename('hash', 'set');
      tx.hset('set', { z: '1' });
    },
    'a key renamed to one that was just made': (tx) => {
      tx.set('target', 'v');
      tx.rename('timed', 'target');
    },
    'keys that changed places': (tx) => {
      tx.rename('list', 'between');
      tx.rename('set', 'list');
      tx.rename('between', 'set');
      tx.rpush('set', 'd');
      tx.sadd('list', 'd');
    },
    'moved keys': (tx) => {
      tx.move('hash', 1);
      tx.select(1).hset('hash', { a: '9' });
      tx.select(1).move('other', 0);
      tx.append('other', 'x');
    },
    copies: (tx) => {
      tx.copy('hash', 'hash', { db: 1 });
      tx.copy('set', 'zset', { replace: true });
    },
    FLUSHDB: (tx) => {
      tx.sadd('set', 'c');
      tx.flushdb();
      tx.set('set', 'v', { ex: 5 });
      tx.scan(0);
    },
    'FLUSHALL, twice': (tx) => {
      tx.flushall();
      tx.set('timed', 'v', { ex: 5 });
      tx.flushall();
      tx.select(1).set('other', 'w');
    },
    SWAPDB: (tx) => {
      tx.sadd('set', 'c');
      tx.swapdb(0, 1);
      tx.select(1).sadd('set', 'd');
      tx.set('other', 'w');
      tx.swapdb(1, 2);
      tx.select(2).del('set');
    },
    'SWAPDB of what was flushed': (tx) => {
      tx.flushdb();
      tx.set('new', 'v');
      tx.swapdb(0, 1);
      tx.flushdb();
    },
    'results that are stored': (tx) => {
      tx.sunionstore('hash', ['set']);
      tx.zunionstore('text', ['zset', 'set']);
      tx.sortStore('list', { store: 'set', alpha: true });
      tx.sadd('hash', 'c');
    },
    'calls by bytes and big integers': (tx) => {
      tx.bytes.set('text', 'w');
      tx.bigints.incr('n');
    },
  };
  for (const [name, run] of Object.entries(undone)) test(`undoes ${name}`, () => undo(filled(), run));

  test('undoes what is done in other ways inside of it', () => {
    const store = filled();
    const connection = connect(store);
    undo(store, () => {
      store.set('text', 'w');
      connection.call('SADD', 'set', 'x');
      connection.call('FLUSHALL');
      store.multi().set('text', 'w').exec();
    });
    connection.close();
  });

  test('undoes that expired keys were found', () => {
    const { store, clock, events } = recordedStore();
    store.close();
    store.set('k', 'v', { px: 10 });
    store.hsetex('h', { a: '1', b: '2' }, { px: 10 });
    store.hset('h', { c: '3' });
    clock.nowMs += 10;
    events();
    undo(store, (tx) => {
      expect(tx.get('k')).toBeNull();
      expect(tx.hkeys('h')).toEqual(['c']);
    });
    expect(events()).toEqual([]);
    expect(store.get('k')).toBeNull();
    expect(store.hlen('h')).toBe(1);
    expect(events()).toEqual(['expired k', 'hexpired h']);
  });

  test('leaves the timers as they were', () => {
    const { store, events } = recordedStore();
    store.set('k', 'v', { ex: 10 });
    store.hsetex('h', { a: '1' }, { ex: 20 });
    events();
    undo(store, (tx) => {
      tx.del(['k', 'h']);
      tx.set('other', 'v', { ex: 5 });
    });
    undo(store, (tx) => {
      tx.rename('k', 'l');
      tx.expire('l', 5);
      tx.hexpire('h', 5, ['a']);
    });
    undo(store, (tx) => tx.flushall());
    store.advance(9_999);
    expect(events()).toEqual([]);
    store.advance(1);
    expect(events()).toEqual(['expired k']);
    store.advance(10_001);
    expect(events()).toEqual(['hexpired h', 'del h']);
  });

  test('cancels the timers of what it has flushed', () => {
    const { store, events } = recordedStore();
    store.set('k', 'v', { ex: 10 });
    store.hsetex('h', { a: '1' }, { ex: 20 });
    store.transaction((tx) => {
      tx.flushall();
      tx.set('k', 'w');
    });
    checkHashes(store);
    events();
    store.advance(60_000);
    expect(events()).toEqual([]);
    expect(store.get('k')).toBe('w');
  });

  test('undoes changes of large collections, and their scans go on', () => {
    const store = new Store({ random: () => 0.5 });
    const names = Array.from({ length: 2000 }, (_, at) => `n${at}`);
    store.sadd('set', names);
    store.hset('hash', Object.fromEntries(names.map((name) => [name, 'v'])));
    store.hexpire('hash', 100, names.slice(0, 10));
    store.zadd('zset', Object.fromEntries(names.map((name, at) => [name, at])));
    store.rpush('list', names);
    // Holes where members were.
    store.zrem('zset', names.slice(100, 900));
    const [cursor, first] = store.sscan('set', 0, { count: 1000 });
    undo(store, (tx) => {
      tx.srem('set', names.slice(5, 1500));
      tx.sadd('set', ['x', 'y']);
      tx.hdel('hash', names.slice(3, 1500));
      tx.hset('hash', { n1: 'w', x: 'v' });
      tx.zrem('zset', names.slice(0, 100));
      tx.zadd('zset', { n1500: -1, x: 5 });
      tx.ltrim('list', 10, -10);
      tx.linsert('list', 'before', 'n50', 'x');
    });
    for (const { value } of ['set', 'hash', 'zset', 'list'].map(
      (key) => store.keyspace.databases[0]!.map.get(key) as Entry<{ checkInvariants(): void }>,
    ))
      value.checkInvariants();
    expect(store.sismember('set', 'n700')).toBe(1);
    expect(store.zrank('zset', 'n950')).toBe(150);
    const [next, second] = store.sscan('set', cursor, { count: 1000 });
    expect(next).toBe(0);
    expect(new Set([...first, ...second])).toEqual(new Set(names));
    store.close();
  });

  test('keeps a SCAN under way whole, whatever was undone between its steps', () => {
    const store = new Store();
    const keys = Array.from({ length: 3000 }, (_, at) => `k${at}`);
    for (const key of keys) store.set(key, 'v');
    const seen = new Set<string>();
    let cursor = 0;
    do {
      const [next, found] = store.scan(cursor, { count: 100 });
      for (const key of found) seen.add(key);
      cursor = next;
      expect(() =>
        store.transaction((tx) => {
          // So many that the records of dead keys are dropped.
          tx.del(keys);
          for (let at = 0; at < 2000; at++) tx.set(`other${at}`, 'v');
          throw new Undone();
        }),
      ).toThrow(Undone);
    } while (cursor !== 0);
    expect(seen.size).toBe(keys.length);
    expect(new Set(seen)).toEqual(new Set(keys));
  });
});

describe('observers of a transaction', () => {
  test('learn of everything in order when it is committed, and before that of nothing', () => {
    const { store, events, effects } = recordedStore();
    store.transaction((tx) => {
      tx.set('a', '1');
      tx.select(1).rpush('b', ['1', '2']);
      tx.del('a');
      expect(events()).toEqual([]);
      expect(effects()).toEqual([]);
    });
    expect(events()).toEqual(['set a', 'rpush b', 'del a']);
    expect(effects()).toEqual(['SET a 1', 'RPUSH b 1 2', 'DEL a']);
  });

  test('learn nothing of what is undone', () => {
    const { store, events, effects } = recordedStore();
    undo(store, (tx) => {
      tx.set('a', '1');
      tx.flushall();
    });
    expect(events()).toEqual([]);
    expect(effects()).toEqual([]);
  });

  test('find the store as it is after the whole, outside of any transaction', () => {
    const store = new Store();
    const seen: unknown[] = [];
    const observer: Observer = {
      changed: (_database, key) => {
        seen.push([key, store.get('k'), store.keyspace.journal]);
        store.keyspace.unobserve(observer);
        store.set('answer', 'v');
      },
    };
    store.keyspace.observe(observer);
    store.transaction((tx) => {
      tx.set('k', '1');
      tx.set('k', '2');
    });
    expect(seen).toEqual(
      [
        ['k', '2', undefined],
        ['k', '2', undefined],
      ].slice(0, seen.length),
    );
    expect(seen.length).toBeGreaterThan(0);
    expect(store.get('answer')).toBe('v');
  });

  test('messages are published once it is committed', () => {
    const store = new Store();
    const got: string[] = [];
    store.subscribe('news', (message) => got.push(message));
    store.transaction((tx) => {
      expect(tx.publish('news', 'one')).toBe(1);
      expect(got).toEqual([]);
    });
    expect(got).toEqual(['one']);
    undo(store, (tx) => tx.publish('news', 'two'));
    expect(got).toEqual(['one']);
    store.close();
  });
});

describe('those who wait', () => {
  test('are served after the whole, and not of what is undone', async () => {
    const store = new Store();
    const waiting = store.blocking.blpop('l');
    undo(store, (tx) => tx.rpush('l', 'undone'));
    store.transaction((tx) => {
      tx.rpush('l', ['a', 'b']);
      tx.lpop('l');
    });
    expect(await waiting).toEqual({ key: 'l', element: 'b' });
    expect(store.exists('l')).toBe(0);
    store.close();
  });

  test('take nothing while a transaction runs that may bring it back', async () => {
    const store = new Store();
    const waiting = store.blocking.blpop('l');
    store.rpush('l', 'a');
    const connection = connect(store);
    expect(() =>
      store.transaction((tx) => {
        // The end of a command would serve those for whom a key is ready.
        connection.call('PING');
        expect(tx.llen('l')).toBe(1);
        throw new Undone();
      }),
    ).toThrow(Undone);
    expect(await waiting).toEqual({ key: 'l', element: 'a' });
    expect(store.llen('l')).toBe(0);
    connection.close();
    store.close();
  });

  test('cannot begin to wait in it', async () => {
    const store = new Store();
    store.rpush('l', 'a');
    const refused = store.transaction((tx) => {
      tx.rpush('l', 'b');
      return { promise: store.blocking.blpop('l') };
    });
    await expect(refused.promise).rejects.toThrow('a blocking call cannot be part of a transaction');
    expect(store.lrange('l', 0, -1)).toEqual(['a', 'b']);
    store.close();
  });
});

describe('a transaction inside another one', () => {
  test('is undone alone, if the outer one catches its error', () => {
    const { store, effects } = recordedStore();
    store.sadd('set', 'a');
    effects();
    store.transaction((tx) => {
      tx.sadd('set', 'b');
      expect(() =>
        tx.transaction((inner) => {
          inner.sadd('set', 'c');
          inner.set('k', 'v');
          inner.flushdb();
          throw new Undone();
        }),
      ).toThrow(Undone);
      expect(tx.smembers('set')).toEqual(['a', 'b']);
      expect(tx.get('k')).toBeNull();
      tx.sadd('set', 'd');
    });
    expect(store.smembers('set')).toEqual(['a', 'b', 'd']);
    expect(effects()).toEqual(['SADD set b', 'SADD set d']);
    checkHashes(store);
  });

  test('is undone with the outer one', () => {
    const store = filled();
    undo(store, (tx) => {
      tx.sadd('set', 'x');
      tx.transaction((inner) => {
        inner.sadd('set', 'y');
        inner.flushall();
        inner.sadd('set', 'z');
      });
      tx.sadd('set', 'w');
    });
  });

  test('each has a copy of its own of a value that all of them change', () => {
    const store = filled();
    undo(store, (tx) => {
      tx.expire('set', 100);
      for (const member of ['x', 'y']) {
        expect(() =>
          tx.transaction((inner) => {
            inner.expire('set', 50);
            inner.sadd('set', member);
            throw new Undone();
          }),
        ).toThrow(Undone);
        expect(tx.smembers('set')).toEqual(['a', 'b']);
        expect(tx.ttl('set')).toBe(100);
      }
      tx.sadd('set', 'z');
      expect(tx.smembers('set')).toEqual(['a', 'b', 'z']);
    });
  });

  test('may be begun by the store as well', () => {
    const store = filled();
    undo(store, () => {
      store.transaction((inner) => inner.set('text', 'w'));
    });
  });
});

describe('time in a transaction', () => {
  test('stands still', () => {
    let nowMs = 1_700_000_000_000;
    const store = new Store({ clock: { now: () => nowMs++ } });
    store.set('k', 'v', { px: 5 });
    store.transaction((tx) => {
      const first = tx.time();
      for (let count = 0; count < 20; count++) expect(tx.time()).toEqual(first);
      nowMs += 100;
      expect(tx.exists('k')).toBe(1);
    });
    expect(store.exists('k')).toBe(0);
    expect(store.time()).not.toEqual(store.time());
    store.close();
  });

  test('cannot be advanced', () => {
    const store = filled();
    undo(store, () => {
      expect(() => store.advance(1)).toThrow('the clock stands still inside a transaction');
    });
    store.advance(1);
  });
});

describe('the function of a transaction', () => {
  test('must not be async: what it did is undone, and it can do no more', async () => {
    const store = filled();
    const before = imageOf(store);
    let rest: unknown;
    expect(() =>
      store.transaction(async (tx) => {
        tx.set('text', 'w');
        await Promise.resolve();
        try {
          tx.set('text', 'x');
        } catch (error) {
          rest = error;
          throw error;
        }
      }),
    ).toThrow(TypeError);
    expect(imageOf(store)).toEqual(before);
    await Promise.resolve();
    await Promise.resolve();
    expect(rest).toBeInstanceOf(Error);
    expect(imageOf(store)).toEqual(before);
  });

  test('leaves nothing behind that could still be used', () => {
    const store = filled();
    const left = store.transaction((tx) => ({
      tx,
      other: tx.select(1),
      bytes: tx.bytes,
      otherBytes: tx.select(1).bytes,
      bigints: tx.bigints,
      keys: tx.scanIterator(),
    }));
    const over = 'this transaction is over';
    expect(() => left.tx.set('text', 'w')).toThrow(over);
    expect(() => left.tx.get('text')).toThrow(over);
    expect(() => left.tx.flushall()).toThrow(over);
    expect(() => left.tx.time()).toThrow(over);
    expect(() => left.tx.select(1)).toThrow(over);
    expect(() => left.tx.transaction(() => 1)).toThrow(over);
    expect(() => left.other.set('other', 'w')).toThrow(over);
    expect(() => left.bytes.get('text')).toThrow(over);
    expect(() => left.otherBytes.get('other')).toThrow(over);
    expect(() => left.bigints.incr('n')).toThrow(over);
    expect(() => left.keys.next()).toThrow(over);
    expect(store.get('text')).toBe('v');
    store.transaction((tx) => tx.set('text', 'w'));
    expect(store.get('text')).toBe('w');
  });

  test('and every method of what it is given refuses, not only those', () => {
    const store = filled();
    const { tx } = store.transaction((given) => ({ tx: given }));
    const before = imageOf(store);
    const methods = tx as unknown as Record<string, (...args: unknown[]) => unknown>;
    for (const name of storeMethods) expect(() => methods[name]!('text', '1', '1'), name).toThrow();
    expect(imageOf(store)).toEqual(before);
  });
});

test('a command that does not say what it changes is found out', () => {
  const store = filled();
  expect(() =>
    store.transaction(() => {
      store.keyspace.databases[0]!.changed('set', { name: 'sadd', category: 's' });
    }),
  ).toThrow('a command changed "set" without Database.beforeChange');
});

test('what is read, deleted, renamed or given a time is not copied; what is changed in place is, once', () => {
  const store = filled();
  const entry = store.keyspace.databases[0]!.map.get('set') as Entry;
  const kind = entry.kind as { save?: (value: unknown) => () => unknown };
  const { save } = kind;
  let copies = 0;
  kind.save = (value) => {
    copies++;
    return save!(value);
  };
  try {
    undo(store, (tx) => {
      tx.smembers('set');
      tx.sismember('set', 'a');
      tx.expire('set', 5);
      tx.rename('set', 'renamed');
      tx.sunion(['renamed']);
      tx.del('renamed');
    });
    expect(copies).toBe(0);
    undo(store, (tx) => {
      tx.sadd('set', 'x');
      tx.rename('set', 'renamed');
      tx.sadd('renamed', 'y');
      tx.srem('renamed', 'a');
    });
    expect(copies).toBe(1);
  } finally {
    kind.save = save!;
  }
});
