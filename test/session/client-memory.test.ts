import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Connection, connect, Store } from '../../src/index.ts';
import { clientBytes } from '../../src/session/client/client-bytes.ts';
import { type Server, serverOf } from '../../src/session/server.ts';
import { request } from '../support/requests.ts';
import { TestCarrier } from './support/test-carrier.ts';

const KILOBYTE = 1024;
const MEGABYTE = 1024 * KILOBYTE;

let store: Store;
let server: Server;
beforeEach(() => {
  store = new Store({ clock: { now: () => 1_700_000_000_000 } });
  server = serverOf(store.keyspace);
});

/** A field of INFO. */
function info(client: Connection, field: string): number {
  const text = String(client.call('INFO', 'everything'));
  const line = text.split('\r\n').find((candidate) => candidate.startsWith(`${field}:`));
  if (line === undefined) throw new Error(`there is no ${field}`);
  return Number(line.slice(field.length + 1));
}

/** `tot-mem` of a client, as CLIENT LIST shows it. */
function shownBytes(id: number): number {
  const line = String(connect(store).call('CLIENT', 'LIST', 'ID', String(id)));
  return Number(/ tot-mem=(\d+) /.exec(line)![1]);
}

describe('what a client takes', () => {
  const long = 'x'.repeat(10 * KILOBYTE);

  test.for([
    ['a channel', ['SUBSCRIBE', long], ['UNSUBSCRIBE']],
    ['a pattern', ['PSUBSCRIBE', long], ['PUNSUBSCRIBE']],
    ['a shard channel', ['SSUBSCRIBE', long], ['SUNSUBSCRIBE']],
    ['a watched key', ['WATCH', long], ['UNWATCH']],
    ['a prefix', ['CLIENT', 'TRACKING', 'ON', 'BCAST', 'PREFIX', long], ['CLIENT', 'TRACKING', 'OFF']],
    ['a fieldset', ['HIMPORT', 'PREPARE', 'f', long], ['HIMPORT', 'DISCARD', 'f']],
  ] as [string, [string, ...string[]], [string, ...string[]]][])(
    '%s counts while it is there',
    ([, begin, end]) => {
      const client = connect(store, { protocol: 3 });
      const before = shownBytes(client.id);
      client.call(...begin);
      const grown = shownBytes(client.id) - before;
      expect(grown).toBeGreaterThanOrEqual(long.length);
      expect(grown).toBeLessThan(1.2 * long.length);
      // The same again is nothing more; of prefixes that is an error.
      if (begin[0] !== 'CLIENT') client.call(...begin);
      expect(shownBytes(client.id) - before).toBe(grown);
      client.call(...end);
      expect(shownBytes(client.id)).toBe(before);
    },
  );

  test('queued commands count until they have run', () => {
    const client = connect(store);
    const before = shownBytes(client.id);
    client.call('MULTI');
    for (let count = 0; count < 10; count++) client.call('SET', 'k', long);
    expect(shownBytes(client.id) - before).toBeGreaterThan(10 * long.length);
    client.call('EXEC');
    expect(shownBytes(client.id)).toBe(before);
  });

  test('a watched key that has changed is not kept', () => {
    const client = connect(store);
    const before = shownBytes(client.id);
    client.call('WATCH', long);
    store.set(long, 'v');
    expect(shownBytes(client.id)).toBe(before);
  });

  test('the arguments of a command that waits', () => {
    const client = connect(store);
    const before = shownBytes(client.id);
    void client.send('BLPOP', long, '0');
    expect(shownBytes(client.id) - before).toBeGreaterThanOrEqual(long.length);
    store.rpush(long, 'x');
    store.advance(0);
    expect(shownBytes(client.id)).toBe(before);
  });

  test('requests that are not complete, and replies that are not taken', () => {
    const carrier = new TestCarrier(store);
    const { id } = carrier.endpoint;
    const before = shownBytes(id);
    carrier.send(`*2\r\n$4\r\nECHO\r\n$20000\r\n${long}`);
    expect(shownBytes(id) - before).toBeGreaterThanOrEqual(long.length);
    carrier.send('x'.repeat(20_000 - long.length), '\r\n');
    expect(shownBytes(id)).toBe(before);
    carrier.isClogged = true;
    carrier.send(request('ECHO', long));
    expect(shownBytes(id) - before).toBeGreaterThanOrEqual(long.length);
    carrier.drain();
    expect(shownBytes(id)).toBe(before);
  });
});

describe('maxmemory-clients', () => {
  /** A client that takes about so much. */
  function holding(bytes: number): Connection {
    const client = connect(store);
    client.call('SUBSCRIBE', 'x'.repeat(bytes));
    return client;
  }

  test('disconnects those who take most', () => {
    const admin = connect(store);
    const [small, middle, large] = [
      holding(100 * KILOBYTE),
      holding(300 * KILOBYTE),
      holding(500 * KILOBYTE),
    ];
    admin.call('CONFIG', 'SET', 'maxmemory-clients', '600kb');
    expect([small, middle, large].map(({ isClosed }) => isClosed)).toEqual([false, false, true]);
    expect(info(admin, 'evicted_clients')).toBe(1);
    const another = holding(250 * KILOBYTE);
    expect([small, middle, another].map(({ isClosed }) => isClosed)).toEqual([false, true, false]);
    expect(info(admin, 'evicted_clients')).toBe(2);
    expect(info(admin, 'pubsub_clients')).toBe(2);
    expect(() => large.call('PING')).toThrow('closed');
    admin.call('CONFIG', 'RESETSTAT');
    expect(info(admin, 'evicted_clients')).toBe(0);
    server.clients.checkInvariants();
  });

  test('spares those who asked for it, whom it counts all the same', () => {
    const admin = connect(store);
    const spared = connect(store);
    spared.call('CLIENT', 'NO-EVICT', 'ON');
    spared.call('SUBSCRIBE', 'x'.repeat(MEGABYTE));
    admin.call('CLIENT', 'NO-EVICT', 'ON');
    admin.call('CONFIG', 'SET', 'maxmemory-clients', '500kb');
    const other = connect(store);
    other.call('PING');
    expect([admin, spared, other].map(({ isClosed }) => isClosed)).toEqual([false, false, true]);
  });

  test('is never so little that nobody could talk', () => {
    const admin = connect(store);
    const other = holding(10 * KILOBYTE);
    admin.call('CONFIG', 'SET', 'maxmemory-clients', '1');
    expect(admin.call('CONFIG', 'GET', 'maxmemory-clients')).toEqual(['maxmemory-clients', '1']);
    expect(other.isClosed).toBe(false);
    expect(holding(130 * KILOBYTE).isClosed).toBe(true);
  });

  test('as a percentage is one of maxmemory, and nothing without that', () => {
    const admin = connect(store);
    admin.call('CONFIG', 'SET', 'maxmemory-clients', '10%');
    const large = holding(2 * MEGABYTE);
    expect(large.isClosed).toBe(false);
    admin.call('CONFIG', 'SET', 'maxmemory', '30mb');
    expect(large.isClosed).toBe(false);
    admin.call('CONFIG', 'SET', 'maxmemory', '10mb');
    expect(large.isClosed).toBe(true);
  });

  test('the command that was too much has its reply first', () => {
    connect(store).call('CONFIG', 'SET', 'maxmemory-clients', '200kb');
    const carrier = new TestCarrier(store);
    carrier.send(request('MULTI'), request('SET', 'k', 'x'.repeat(MEGABYTE)));
    expect(carrier.received()).toBe('+OK\r\n+QUEUED\r\n');
    expect(carrier.events).toEqual(['destroy']);
    expect(server.sessions.size).toBe(1);
  });

  test('one who does not read what others publish goes, and they do not', () => {
    connect(store).call('CONFIG', 'SET', 'maxmemory-clients', '300kb');
    const reader = new TestCarrier(store);
    reader.send(request('SUBSCRIBE', 'news'));
    reader.isClogged = true;
    const publisher = new TestCarrier(store);
    for (let count = 0; count < 50; count++) {
      publisher.send(request('PUBLISH', 'news', 'x'.repeat(10 * KILOBYTE)));
    }
    expect(reader.events).toEqual(['destroy']);
    expect(publisher.events).toEqual([]);
    expect(publisher.received()).toMatch(/^(:1\r\n)+(:0\r\n)+$/);
  });

  test('a request that is never complete', () => {
    connect(store).call('CONFIG', 'SET', 'maxmemory-clients', '300kb');
    const carrier = new TestCarrier(store);
    carrier.send('*2\r\n$4\r\nECHO\r\n$1000000\r\n');
    for (let count = 0; count < 50 && carrier.events.length === 0; count++)
      carrier.send('x'.repeat(10 * KILOBYTE));
    expect(carrier.events).toEqual(['destroy']);
  });

  test('a million subscriptions are not to be had', () => {
    const admin = connect(store);
    admin.call('CONFIG', 'SET', 'maxmemory-clients', '10mb');
    const greedy = connect(store);
    let count = 0;
    while (!greedy.isClosed && count < 1_000_000) {
      const channels = Array.from({ length: 1000 }, (_, at) => `channel:${count + at}`);
      greedy.call('SUBSCRIBE', ...channels);
      count += channels.length;
    }
    expect(count).toBeLessThan(200_000);
    expect(info(admin, 'pubsub_channels')).toBe(0);
    expect(info(admin, 'used_memory')).toBeLessThan(100 * KILOBYTE);
  });
});

describe('what is held beside the keys is used memory', () => {
  test('subscriptions, of clients and typed ones, and it is given back', () => {
    const admin = connect(store);
    const client = connect(store);
    const used = info(admin, 'used_memory');
    client.call('SUBSCRIBE', ...Array.from({ length: 1000 }, (_, at) => `channel:${at}`));
    const withClient = info(admin, 'used_memory');
    expect(withClient - used).toBeGreaterThan(100_000);
    const live = Array.from({ length: 1000 }, (_, at) => store.subscribe(`typed:${at}`, () => {}));
    expect(info(admin, 'used_memory') - withClient).toBeGreaterThan(200_000);
    for (const one of live) one.unsubscribe();
    expect(info(admin, 'used_memory')).toBe(withClient);
    client.close();
    expect(info(admin, 'used_memory')).toBeLessThan(used);
  });

  test('what clients have read, while it is tracked', () => {
    const admin = connect(store);
    const reader = connect(store, { protocol: 3 });
    reader.call('CLIENT', 'TRACKING', 'ON');
    const used = info(admin, 'used_memory');
    reader.call('MGET', ...Array.from({ length: 1000 }, (_, at) => `key:${at}`));
    expect(info(admin, 'used_memory') - used).toBeGreaterThan(100_000);
    server.tracking.checkInvariants();
    admin.call('FLUSHALL');
    expect(info(admin, 'used_memory')).toBe(used);
    server.tracking.checkInvariants();
  });

  test('what is remembered of what was denied', () => {
    const admin = connect(store);
    const used = info(admin, 'used_memory');
    admin.call('CONFIG', 'SET', 'acllog-max-len', '5');
    for (let count = 0; count < 20; count++) {
      expect(() => admin.call('AUTH', `nobody:${count}${'x'.repeat(1000)}`, 'x')).toThrow('WRONGPASS');
    }
    expect(info(admin, 'used_memory') - used).toBeGreaterThan(5 * 1000);
    expect(info(admin, 'used_memory') - used).toBeLessThan(6 * 2500);
    admin.call('ACL', 'LOG', 'RESET');
    expect(info(admin, 'used_memory')).toBe(used);
  });

  test('so it counts for maxmemory', () => {
    const bounded = new Store({ maxMemory: '1mb' });
    const live = Array.from({ length: 5000 }, (_, at) => bounded.subscribe(`typed:${at}`, () => {}));
    expect(() => bounded.set('k', 'v')).toThrow('OOM');
    for (const one of live) one.unsubscribe();
    expect(bounded.set('k', 'v')).toBe('OK');
  });
});

test('clients, whatever they do, are counted for what they take', () => {
  const doing = fc.record({
    client: fc.nat(3),
    command: fc.constantFrom(
      ...['SUBSCRIBE a b', 'SUBSCRIBE c', 'UNSUBSCRIBE a', 'UNSUBSCRIBE', 'PSUBSCRIBE a*', 'PUNSUBSCRIBE'],
      ...[
        'SSUBSCRIBE a',
        'SUNSUBSCRIBE',
        'MULTI',
        'SET a 1',
        'SET b 2',
        'GET a',
        'EXEC',
        'DISCARD',
        'WATCH a b a',
      ],
      ...[
        'UNWATCH',
        'CLIENT TRACKING ON',
        'CLIENT TRACKING ON BCAST PREFIX a',
        'CLIENT TRACKING OFF',
        'RESET',
      ],
      ...[
        'HIMPORT PREPARE f a b',
        'HIMPORT PREPARE g c',
        'HIMPORT DISCARDALL',
        'PUBLISH a m',
        'FLUSHALL',
        'QUIT',
      ],
    ),
  });
  fc.assert(
    fc.property(fc.array(doing, { maxLength: 60 }), (steps) => {
      const ours = new Store();
      const common = serverOf(ours.keyspace);
      ours.keyspace.countMemory();
      const clients = Array.from({ length: 4 }, () => connect(ours, { protocol: 3 }));
      for (const { client, command } of steps) {
        if (clients[client]!.isClosed) clients[client] = connect(ours, { protocol: 3 });
        const [name, ...args] = command.split(' ') as [string];
        try {
          clients[client]!.call(name, ...args);
        } catch {
          // An error is a reply like another.
        }
        common.clients.checkInvariants();
        common.tracking.checkInvariants();
      }
      // What one does changes what another holds: a watched key is let go.
      for (const session of common.sessions.values()) {
        common.clients.update(session);
        expect(session.countedBytes).toBe(clientBytes(session).total);
      }
      expect(ours.keyspace.memory!.overheadBytes).toBe(ours.keyspace.overheadBytes);
      for (const client of clients) client.close();
      ours.flushall();
      expect(ours.keyspace.memory!.usedBytes).toBe(0);
    }),
    { seed: 8_100_231, numRuns: 150 },
  );
});
