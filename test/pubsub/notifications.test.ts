import { describe, expect, test } from 'vitest';
import { connect, Store } from '../../src/index.ts';
import { parseNotificationClasses, printNotificationClasses } from '../../src/pubsub/notification-classes.ts';

/** A store whose notifications are written down as they are published, as `channel message`. */
function recorded(notifyKeyspaceEvents: string, nowMs = 1_000_000): { store: Store; published: string[] } {
  const store = new Store({ notifyKeyspaceEvents, clock: { now: () => nowMs } });
  const published: string[] = [];
  store.keyspace.hub.subscribe('pattern', '__*', {
    deliver: (_kind, channel, message) => published.push(`${channel} ${message}`),
  });
  return { store, published };
}

describe('the letters of notify-keyspace-events', () => {
  // What the reference server prints, but for `a` (Redis 8.8), without which `A` is not whole.
  test.each([
    ['', ''],
    ['KEA', 'AKE'],
    ['AKEmn', 'AKEm'],
    ['KEg$', 'g$KE'],
    ['nmKE', 'nKEm'],
    ['mg', 'gm'],
    ['KEgg', 'gKE'],
    ['tKzsd', 'sztdK'],
    ['g$lshzxetE', 'g$lshzxetE'],
    ['g$lshzxetdKE', 'g$lshzxetdKE'],
    ['g$lshzxetdaKE', 'AKE'],
    ['nA', 'A'],
    ['VITSAoc', 'ASTIV'],
    ['ocKE', 'ocKE'],
    ['hVITS', 'hSTIV'],
    ['E', 'E'],
  ])('%s is printed as %s', (given, printed) => {
    expect(printNotificationClasses(parseNotificationClasses(given)!)).toBe(printed);
  });

  test.each(['r', 'KEb', 'k', ' ', 'KE A', 'é', '😀'])('%s means nothing', (given) => {
    expect(parseNotificationClasses(given)).toBeUndefined();
  });

  test('a store refuses what means nothing, and keeps what it had', () => {
    expect(() => new Store({ notifyKeyspaceEvents: 'KEb' })).toThrow(RangeError);
    const { keyspace } = new Store({ notifyKeyspaceEvents: 'KEA' });
    expect(keyspace.setNotifyKeyspaceEvents('b')).toBe(false);
    expect(keyspace.notifyKeyspaceEvents).toBe('AKE');
    expect(keyspace.observed).toBe(true);
    expect(keyspace.setNotifyKeyspaceEvents('')).toBe(true);
    expect([keyspace.notifyKeyspaceEvents, keyspace.observed]).toEqual(['', false]);
  });
});

describe('what is published', () => {
  test('the keyspace message, then the keyevent message, in the database of the key', () => {
    const { store, published } = recorded('KEA');
    store.set('k', 'v');
    store.select(3).lpush('l', 'a');
    store.select(3).lpop('l');
    expect(published).toEqual([
      '__keyspace@0__:k set',
      '__keyevent@0__:set k',
      '__keyspace@3__:l lpush',
      '__keyevent@3__:lpush l',
      '__keyspace@3__:l lpop',
      '__keyevent@3__:lpop l',
      '__keyspace@3__:l del',
      '__keyevent@3__:del l',
    ]);
  });

  test('nothing without a kind of channel, and nothing is observed then', () => {
    const { store, published } = recorded('A');
    store.set('k', 'v');
    expect(store.keyspace.observed).toBe(false);
    store.keyspace.setNotifyKeyspaceEvents('KE');
    store.set('k', 'v');
    expect(published).toEqual([]);
  });

  test('only the classes that were asked for', () => {
    const { store, published } = recorded('E$n');
    store.set('k', 'v', { ex: 10 });
    store.del('k');
    store.sadd('s', 'a');
    expect(published).toEqual(['__keyevent@0__:new k', '__keyevent@0__:set k', '__keyevent@0__:new s']);
    published.length = 0;
    store.keyspace.setNotifyKeyspaceEvents('Koc');
    store.set('s', 'v');
    store.set('s', 'w');
    expect(published).toEqual([
      '__keyspace@0__:s overwritten',
      '__keyspace@0__:s type_changed',
      '__keyspace@0__:s overwritten',
    ]);
  });

  test('keys that are no text', () => {
    const { store } = recorded('KE$');
    const messages: unknown[] = [];
    store.keyspace.hub.subscribe('channel', '__keyspace@0__:\udcff', {
      deliver: (...args) => messages.push(args),
    });
    store.keyspace.hub.subscribe('channel', '__keyevent@0__:set', {
      deliver: (...args) => messages.push(args),
    });
    store.set(Uint8Array.of(0xff), 'v');
    expect(messages).toEqual([
      ['channel', '__keyspace@0__:\udcff', 'set', undefined],
      ['channel', '__keyevent@0__:set', '\udcff', undefined],
    ]);
  });

  test('after SWAPDB, the number of the database that one now works on', () => {
    const { store, published } = recorded('E$x');
    store.set('k', 'v', { px: 10 });
    store.swapdb(0, 1);
    store.advance(10);
    expect(published).toEqual(['__keyevent@0__:set k', '__keyevent@1__:expired k']);
  });
});

describe('key misses', () => {
  test('are told of reads, and of nothing else', () => {
    const { store, published } = recorded('KEm');
    expect(store.get('a')).toBe(null);
    expect(store.hget('b', 'f')).toBe(null);
    store.incr('c');
    store.del('d');
    expect(published).toEqual([
      '__keyspace@0__:a keymiss',
      '__keyevent@0__:keymiss a',
      '__keyspace@0__:b keymiss',
      '__keyevent@0__:keymiss b',
    ]);
    store.keyspace.setNotifyKeyspaceEvents('KEA');
    expect(store.keyspace.missesObserved).toBe(false);
  });

  test('come after the expiry that made them', () => {
    let nowMs = 0;
    const store = new Store({ notifyKeyspaceEvents: 'Exm', clock: { now: () => nowMs } });
    store.close();
    const published: string[] = [];
    store.keyspace.hub.subscribe('pattern', '*', {
      deliver: (_kind, channel, message) => published.push(`${channel} ${message}`),
    });
    store.set('a', 'v', { px: 10 });
    nowMs = 10;
    expect(store.get('a')).toBe(null);
    expect(published).toEqual(['__keyevent@0__:expired a', '__keyevent@0__:keymiss a']);
  });

  test('are none where the wire looks at a key before it reads the rest', () => {
    const { store, published } = recorded('Em');
    for (const command of [
      'HEXPIRE nok 10 FIELDS 1 f',
      'HGETEX nok FIELDS 1 f',
      'HTTL nok FIELDS 1 f',
      'LCS nok nok2',
    ]) {
      published.length = 0;
      const [name, ...args] = command.split(' ');
      connect(store).call(name!, ...args);
      const misses = { HTTL: ['nok'], LCS: ['nok', 'nok2'] }[name!] ?? [];
      expect(published).toEqual(misses.map((key) => `__keyevent@0__:keymiss ${key}`));
    }
  });

  test('are told when a transaction is committed, in their place', () => {
    const { store, published } = recorded('E$m');
    store.transaction((transaction) => {
      transaction.set('a', '1');
      transaction.get('b');
      transaction.set('c', '1');
      expect(published).toEqual([]);
    });
    expect(published).toEqual(['__keyevent@0__:set a', '__keyevent@0__:keymiss b', '__keyevent@0__:set c']);
  });
});

describe('expired', () => {
  test('is told when time passes', () => {
    const { store, published } = recorded('KEx');
    store.set('b', 'v', { px: 20 });
    store.set('a', 'v', { px: 10 });
    store.set('c', 'v', { px: 5_000 });
    store.advance(1000);
    expect(published).toEqual([
      '__keyspace@0__:a expired',
      '__keyevent@0__:expired a',
      '__keyspace@0__:b expired',
      '__keyevent@0__:expired b',
    ]);
  });

  test('is told when the key is found to be gone', () => {
    let nowMs = 0;
    const store = new Store({ notifyKeyspaceEvents: 'Ex', clock: { now: () => nowMs } });
    store.close();
    const published: string[] = [];
    store.keyspace.hub.subscribe('channel', '__keyevent@0__:expired', {
      deliver: (_kind, _channel, message) => published.push(message),
    });
    store.set('k', 'v', { px: 10 });
    nowMs = 10;
    expect(published).toEqual([]);
    expect(store.get('k')).toBe(null);
    expect(published).toEqual(['k']);
  });

  test('is heard by listeners before `advance` returns', () => {
    const { store } = recorded('Ex');
    const heard: string[] = [];
    store.subscribe('__keyevent@0__:expired', (key) => heard.push(`${key} ${store.exists(key)}`));
    store.set('k', 'v', { px: 10 });
    store.advance(10);
    expect(heard).toEqual(['k 0']);
  });
});

describe('listeners to notifications', () => {
  test('are called when the command is over, in a microtask', async () => {
    const { store } = recorded('KEA');
    const heard: string[] = [];
    store.psubscribe('__keyspace@*', (event, channel) => heard.push(`${channel} ${event}`));
    store.mset({ a: '1', b: '2' });
    expect(heard).toEqual([]);
    await Promise.resolve();
    expect(heard).toEqual(['__keyspace@0__:a set', '__keyspace@0__:b set']);
  });

  test('and before whatever is published next', () => {
    const { store } = recorded('KEA');
    const heard: string[] = [];
    store.psubscribe('*', (message) => heard.push(message));
    store.set('k', 'v');
    store.publish('news', 'a');
    expect(heard).toEqual(['set', 'k', 'a']);
  });

  test('may do to the store what they like: no command is in the midst of its work', async () => {
    const { store } = recorded('KEA');
    const script: string[] = [];
    store.psubscribe('__keyevent@0__:*', (key, channel) => {
      script.push(`${channel.slice('__keyevent@0__:'.length)} ${key}`);
      store.flushall();
    });
    store.rpush('source', ['a', 'b']);
    expect(store.lmove('source', 'destination', 'left', 'right')).toBe('a');
    expect(store.lrange('destination', 0, -1)).toEqual(['a']);
    await Promise.resolve();
    expect(script).toEqual(['rpush source', 'rpush destination', 'lpop source']);
    expect(store.dbsize()).toBe(0);
    store.keyspace.checkInvariants();
  });

  test('iterators get them like all other messages', async () => {
    const { store } = recorded('Ex');
    const subscription = store.subscribe('__keyevent@0__:expired');
    store.set('k', 'v', { px: 1 });
    store.advance(1);
    expect(subscription.size).toBe(1);
    for await (const { message } of subscription) {
      expect(message).toBe('k');
      break;
    }
  });
});

describe('subkey notifications', () => {
  test('the four kinds of channels, as documented', () => {
    const { store, published } = recorded('STIVh');
    store.hset('myhash', { field1: 'val1', field2: 'val2' });
    expect(published).toEqual([
      '__subkeyspace@0__:myhash hset|6:field1,6:field2',
      '__subkeyevent@0__:hset 6:myhash|6:field1,6:field2',
      '__subkeyspaceitem@0__:myhash\nfield1 hset',
      '__subkeyspaceitem@0__:myhash\nfield2 hset',
      '__subkeyspaceevent@0__:hset|myhash 6:field1,6:field2',
    ]);
  });

  test('come after the key’s own, and need no K or E', () => {
    const { store, published } = recorded('KESh');
    store.hset('h', { f: 'v' });
    expect(published).toEqual([
      '__keyspace@0__:h hset',
      '__keyevent@0__:hset h',
      '__subkeyspace@0__:h hset|1:f',
    ]);
    published.length = 0;
    store.keyspace.setNotifyKeyspaceEvents('Tg');
    store.hset('h', { f: 'v' });
    expect(published).toEqual([]);
  });

  test('lengths are in bytes, and names any bytes', () => {
    const { store, published } = recorded('STh');
    store.hset('é', [[Uint8Array.of(0xff, 0x2c), 'v']]);
    expect(published).toEqual(['__subkeyspace@0__:é hset|2:\udcff,', '__subkeyevent@0__:hset 2:é|2:\udcff,']);
  });

  test('a key with a newline has no item channels', () => {
    const { store, published } = recorded('IVh');
    store.hset('a\nb', { f: 'v' });
    expect(published).toEqual(['__subkeyspaceevent@0__:hset|a\nb 1:f']);
  });

  test('every command says which fields it touched', () => {
    const { store, published } = recorded('Sh');
    const told = (run: () => unknown) => {
      published.length = 0;
      run();
      return published.map((line) => line.replace('__subkeyspace@0__:h ', ''));
    };
    expect(told(() => store.hset('h', { a: '1', b: '2' }))).toEqual(['hset|1:a,1:b']);
    expect(told(() => store.hmset('h', { a: '1', c: '2' }))).toEqual(['hset|1:a,1:c']);
    expect(told(() => store.hsetnx('h', 'a', '1'))).toEqual([]);
    expect(told(() => store.hsetnx('h', 'd', '1'))).toEqual(['hset|1:d']);
    expect(told(() => store.hincrby('h', 'a', 1))).toEqual(['hincrby|1:a']);
    expect(told(() => store.hincrbyfloat('h', 'e', 1))).toEqual(['hincrbyfloat|1:e']);
    expect(told(() => store.hdel('h', ['a', 'nok', 'b']))).toEqual(['hdel|1:a,1:b']);
    expect(told(() => store.hgetdel('h', ['c', 'nok']))).toEqual(['hdel|1:c']);
    expect(told(() => store.hpexpire('h', 100, ['d', 'nok', 'e']))).toEqual(['hexpire|1:d,1:e']);
    expect(told(() => store.hpersist('h', ['d', 'nok']))).toEqual(['hpersist|1:d']);
    expect(told(() => store.hgetex('h', ['d', 'e'], { px: 50 }))).toEqual(['hexpire|1:d,1:e']);
    expect(told(() => store.hgetex('h', ['e', 'nok'], { persist: true }))).toEqual(['hpersist|1:e']);
    expect(told(() => store.hgetex('h', ['e'], { pxat: 1 }))).toEqual(['hdel|1:e']);
    expect(told(() => store.hsetex('h', { x: '1', y: '2' }))).toEqual(['hset|1:x,1:y']);
    expect(told(() => store.hsetex('h', { x: '1', y: '2' }, { px: 50 }))).toEqual([
      'hset|1:x,1:y',
      'hexpire|1:x,1:y',
    ]);
    expect(told(() => store.hsetex('h', { z: '1' }, { pxat: 1 }))).toEqual(['hset|1:z', 'hdel|1:z']);
    expect(told(() => store.hpexpireat('h', 1, ['x']))).toEqual(['hdel|1:x']);
    expect(told(() => store.advance(50))).toEqual(['hexpired|1:d,1:y']);
    expect(store.exists('h')).toBe(0);
  });
});
