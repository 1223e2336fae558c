import { beforeEach, describe, expect, test } from 'vitest';
import { type Connection, connect, Store } from '../../src/index.ts';
import { serverOf } from '../../src/session/server.ts';
import { request } from '../support/requests.ts';
import { turn } from '../support/turns.ts';
import { TestCarrier } from './support/test-carrier.ts';

// What Redis's published tests say of clients that take much memory: without a limit of their own they have keys go; with
// one they go themselves, and the keys stay. And nobody goes because others are told of what goes.

const KILOBYTE = 1024;
const KEYS = 50;

let store: Store;
let admin: Connection;
beforeEach(() => {
  store = new Store({ clock: { now: () => 1_700_000_000_000 }, maxMemoryPolicy: 'allkeys-lru' });
  admin = connect(store);
  admin.call('CLIENT', 'NO-EVICT', 'ON');
});

function used(): number {
  return store.keyspace.countMemory().usedBytes;
}

function statistic(name: string): number {
  return Number(new RegExp(`${name}:(\\d+)`).exec(String(admin.call('INFO', 'stats')))![1]);
}

/** 5 MB of keys, and a megabyte of room beside them. */
function fill(clientLimit: string): void {
  for (let at = 0; at < KEYS; at++) store.set(`k${at}`, 'x'.repeat(100 * KILOBYTE));
  admin.call(
    'CONFIG',
    'SET',
    'maxmemory',
    String(used() + 1024 * KILOBYTE),
    'maxmemory-clients',
    clientLimit,
  );
}

/** Clients that take nothing of what is written to them. */
function deaf(count: number): TestCarrier[] {
  return Array.from({ length: count }, () => {
    const carrier = new TestCarrier(store);
    carrier.isClogged = true;
    return carrier;
  });
}

const burdens: Record<string, () => void> = {
  'replies that nobody takes': () => {
    const clients = deaf(20);
    for (let times = 0; times < 5; times++) for (const client of clients) client.send(request('MGET', 'k1'));
  },
  'requests that never end': () => {
    for (const client of deaf(30)) {
      client.send('*250\r\n');
      for (let at = 0; at < 249; at++) client.send(`$1000\r\n${'x'.repeat(1000)}\r\n`);
    }
  },
  'messages that nobody takes': () => {
    for (const client of deaf(10)) client.send(request('SUBSCRIBE', 'news'));
    for (let at = 0; at < 40; at++) admin.call('PUBLISH', 'news', 'x'.repeat(100_000));
  },
};

describe.each(Object.entries(burdens))('%s', (_name, burden) => {
  test('have keys go, where clients have no limit', () => {
    fill('0');
    burden();
    admin.call('PING');
    expect(statistic('evicted_clients')).toBe(0);
    expect(statistic('evicted_keys')).toBeGreaterThan(0);
    expect(store.dbsize()).toBeLessThan(KEYS);
    store.keyspace.checkInvariants();
  });

  test('have clients go, where they have one, and the keys stay', () => {
    fill('512kb');
    burden();
    admin.call('PING');
    expect(statistic('evicted_clients')).toBeGreaterThan(0);
    expect(statistic('evicted_keys')).toBe(0);
    expect(store.dbsize()).toBe(KEYS);
    serverOf(store.keyspace).clients.checkInvariants();
  });
});

test('to be told of keys that go, which takes memory, has no more keys go', () => {
  const clients = deaf(10);
  for (const client of clients) client.send(request('HELLO', '3'), request('CLIENT', 'TRACKING', 'ON'));
  for (let at = 0; at < 300; at++) {
    const key = `${at}${'x'.repeat(1000)}`;
    store.set(key, 'v');
    for (const client of clients) client.send(request('GET', key));
  }
  const pending = () => clients.map(({ endpoint }) => endpoint.session.peer.pendingBytes!.written);
  const before = pending();
  admin.call('CONFIG', 'SET', 'maxmemory', String(used() - 40_000));
  const gone = store.keyspace.evictedCount;
  expect(gone).toBeGreaterThanOrEqual(10);
  expect(gone).toBeLessThanOrEqual(50);
  expect(store.dbsize()).toBe(300 - gone);
  pending().forEach((bytes, at) => {
    expect(bytes - before[at]!).toBeGreaterThan(1000 * gone);
  });
});

test('a client that waits and is evicted as it is served harms nobody', () => {
  const waiting = new TestCarrier(store);
  const long = 'x'.repeat(200 * KILOBYTE);
  waiting.send(request('XREAD', 'BLOCK', '0', 'STREAMS', 'stream', long, '$', '$'));
  admin.call('MULTI');
  admin.call('CONFIG', 'SET', 'maxmemory-clients', '100000');
  admin.call('XADD', 'stream', '*', 'f', 'v');
  expect(admin.call('EXEC')).toEqual(['OK', expect.any(String)]);
  expect(admin.call('PING')).toBe('PONG');
  expect(waiting.events).toContain('destroy');
  expect(store.xlen('stream')).toBe(1);
  serverOf(store.keyspace).clients.checkInvariants();
});

test('a client that waits and is evicted while another is served takes nothing', async () => {
  const [first, second] = [new TestCarrier(store), new TestCarrier(store)];
  first.send(request('BLPOP', 'list', '0'));
  second.send(request('BLPOP', 'list', '0'));
  second.send(request('GET', 'x'.repeat(2048 * KILOBYTE)));
  admin.call('MULTI');
  admin.call('CONFIG', 'SET', 'maxmemory-clients', '128kb');
  admin.call('RPUSH', 'list', 'a');
  admin.call('EXEC');
  await turn();
  expect(first.received()).toBe('*2\r\n$4\r\nlist\r\n$1\r\na\r\n');
  expect(second.events).toContain('destroy');
  // The element that comes next is for nobody who is gone.
  admin.call('RPUSH', 'list', 'b');
  await turn();
  expect(store.lrange('list', 0, -1)).toEqual(['b']);
  serverOf(store.keyspace).clients.checkInvariants();
});

test('a stream that goes wakes who waits for its group, and not who only reads', async () => {
  store.xgroupCreate('stream', 'group', '$', { mkstream: true });
  const [member, reader] = [connect(store), connect(store)];
  const asked = member.send('XREADGROUP', 'GROUP', 'group', 'c', 'BLOCK', '0', 'STREAMS', 'stream', '>');
  const read = reader.send('XREAD', 'BLOCK', '0', 'STREAMS', 'stream', '0');
  admin.call('CONFIG', 'SET', 'maxmemory', '1');
  admin.call('CONFIG', 'SET', 'maxmemory', '0');
  await expect(asked).rejects.toThrow(/^NOGROUP /);
  store.xadd('stream', { f: 'v' }, { id: '1-1' });
  expect(await read).toEqual([['stream', [['1-1', ['f', 'v']]]]]);
});

test('fields of hashes that expire go with their hash, and their timers with them', () => {
  for (let at = 0; at < 10; at++) {
    store.hset(`h${at}`, { a: '1', b: '2' });
    store.hpexpire(`h${at}`, 1000, ['a', 'b']);
  }
  const { keyspace } = store;
  expect(keyspace.wheel.size).toBeGreaterThan(0);
  keyspace.memoryLimit.maxBytes = 1;
  expect(store.dbsize()).toBe(0);
  expect(keyspace.wheel.size).toBe(0);
  store.advance(5000);
  expect(keyspace.expiredFieldCount).toBe(0);
  expect(keyspace.databases[0]!.home.expiringHashCount).toBe(0);
  keyspace.checkInvariants();
});
