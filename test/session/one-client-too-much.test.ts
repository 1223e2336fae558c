import { describe, expect, test } from 'vitest';
import { Store } from '../../src/index.ts';
import { lua } from '../../src/scripting/index.ts';
import { type Connection, connect } from '../../src/session/connection.ts';
import { serverOf } from '../../src/session/server.ts';

// One client that takes without end: what a store holds for it counts as memory that is used, keeps within
// maxmemory-clients, and is given back when it is gone.

const MANY = 2000;
const LIMIT_BYTES = 160 * 1024;

interface Greed {
  /** Asks for one more. Each time so much is held at least, in bytes: what it names. */
  readonly once: (client: Connection, at: number) => void;
  readonly leastBytes: number;
  readonly begin?: (client: Connection) => void;
  /** Whether what is held goes by other limits: tracking-table-max-keys. */
  readonly isShared?: true;
}

/** Sent, and not awaited: what comes of it is for nobody. */
function send(client: Connection, name: string, ...args: string[]): void {
  client.send(name, ...args).catch(() => {});
}

const greeds: Readonly<Record<string, Greed>> = {
  'subscribes to channels': {
    once: (client, at) => send(client, 'SUBSCRIBE', `a channel of some length ${at}`),
    leastBytes: 28,
  },
  'subscribes to patterns': {
    once: (client, at) => send(client, 'PSUBSCRIBE', `a pattern ${at} of *`),
    leastBytes: 18,
  },
  'subscribes to shards': {
    once: (client, at) => send(client, 'SSUBSCRIBE', `a channel ${at}`),
    leastBytes: 14,
  },
  'queues commands': {
    begin: (client) => client.call('MULTI'),
    once: (client, at) => client.call('SET', `key:${at}`, 'a value that waits for EXEC'),
    leastBytes: 35,
  },
  'watches keys': { once: (client, at) => client.call('WATCH', `a key ${at}`), leastBytes: 10 },
  'waits for keys': {
    once: (client, at) => {
      if (at > 0) return;
      const keys = Array.from({ length: MANY }, (_, number) => `a list ${number}`);
      send(client, 'BLPOP', ...keys, '0');
    },
    leastBytes: 10,
  },
  'waits for streams': {
    once: (client, at) => {
      if (at > 0) return;
      const keys = Array.from({ length: MANY }, (_, number) => `stream ${number}`);
      send(client, 'XREAD', 'BLOCK', '0', 'STREAMS', ...keys, ...keys.map(() => '$'));
    },
    leastBytes: 10,
  },
  'prepares field names': {
    once: (client, at) => client.call('HIMPORT', 'PREPARE', `set ${at}`, 'one field', 'another'),
    leastBytes: 20,
  },
  'has itself told of prefixes': {
    begin: (client) => client.call('HELLO', '3'),
    once: (client, at) => client.call('CLIENT', 'TRACKING', 'ON', 'BCAST', 'PREFIX', `${10_000 + at}:`),
    leastBytes: 6,
  },
  'takes a long name': {
    once: (client, at) => client.call('CLIENT', 'SETNAME', 'n'.repeat(at * 100)),
    leastBytes: 99,
  },
  'has keys remembered for it': {
    begin: (client) => {
      client.call('HELLO', '3');
      client.call('CLIENT', 'TRACKING', 'ON');
    },
    once: (client, at) => client.call('GET', `a key ${at}`),
    leastBytes: 10,
    isShared: true,
  },
};

function clientOf(store: Store): Connection {
  const client = connect(store);
  client.call('PING');
  return client;
}

describe.each(Object.entries(greeds))('a client that %s', (_, { once, leastBytes, begin, isShared }) => {
  test('is seen in what is used, until it is gone', () => {
    const store = new Store({ scripting: lua() });
    const memory = store.keyspace.countMemory();
    clientOf(store).close();
    const before = memory.usedBytes;
    const client = clientOf(store);
    begin?.(client);
    for (let at = 0; at < MANY; at++) once(client, at);
    expect(memory.usedBytes - before).toBeGreaterThan(MANY * leastBytes);
    client.close();
    expect(memory.usedBytes).toBe(before);
    serverOf(store.keyspace).clients.checkInvariants();
  });

  if (isShared) return;
  test('is disconnected before it takes more than all may take together', () => {
    const store = new Store();
    const other = clientOf(store);
    other.call('CONFIG', 'SET', 'maxmemory-clients', String(LIMIT_BYTES));
    const client = clientOf(store);
    const { clients } = serverOf(store.keyspace);
    begin?.(client);
    for (let at = 0; at < MANY * 2 && !client.isClosed; at++) {
      once(client, at);
      if (!client.isClosed) expect(clients.totalBytes).toBeLessThanOrEqual(LIMIT_BYTES);
    }
    expect(client.isClosed).toBe(true);
    expect(clients.evictedCount).toBe(1);
    expect(clients.totalBytes).toBeLessThan(LIMIT_BYTES / 2);
    expect(other.call('PING')).toBe('PONG');
  });
});

describe('what no client is charged with', () => {
  test('keys that are tracked keep within tracking-table-max-keys', () => {
    const store = new Store();
    const client = clientOf(store);
    client.call('HELLO', '3');
    client.call('CONFIG', 'SET', 'tracking-table-max-keys', '100');
    client.call('CLIENT', 'TRACKING', 'ON');
    for (let at = 0; at < MANY; at++) client.call('GET', `k${at}`);
    expect(serverOf(store.keyspace).tracking.keyCount).toBeLessThanOrEqual(100);
  });

  test('scripts of EVAL are forgotten but for the last 500; those that are loaded count as memory', () => {
    const store = new Store({ scripting: lua() });
    const memory = store.keyspace.countMemory();
    for (let at = 0; at < 600; at++) store.eval(`return ${at}`);
    const after600 = memory.usedBytes;
    for (let at = 0; at < 600; at++) store.eval(`return ${1000 + at}`);
    expect(memory.usedBytes - after600).toBeLessThan(after600 / 10);
    for (let at = 0; at < 600; at++) store.scriptLoad(`return ${2000 + at}`);
    expect(memory.usedBytes - after600).toBeGreaterThan(600 * 100);
    store.scriptFlush();
    expect(memory.usedBytes).toBeLessThan(after600 / 2);
  });

  test('codes of errors that a script makes up are told apart up to a point', () => {
    const store = new Store({ scripting: lua() });
    const client = clientOf(store);
    for (let at = 0; at < 300; at++) {
      expect(() =>
        client.call('EVAL', "return redis.error_reply('CODE' .. ARGV[1])", '0', String(at)),
      ).toThrow(`CODE${at}`);
    }
    expect(serverOf(store.keyspace).statistics.errors.size).toBeLessThanOrEqual(129);
  });

  test('a scan leaves nothing behind for its cursors', () => {
    const store = new Store();
    for (let at = 0; at < MANY; at++) store.set(`k${at}`, 'v');
    store.scan(0);
    const before = store.keyspace.countMemory().usedBytes;
    for (let at = 0; at < MANY; at++) store.scan(0, { count: 1 + (at % 50) });
    expect(store.keyspace.countMemory().usedBytes).toBe(before);
  });
});
