import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReplyError } from '../../src/errors.ts';
import { type Connection, connect, type Store } from '../../src/index.ts';
import { lua } from '../../src/scripting/index.ts';
import { serverOf } from '../../src/session/server.ts';
import { settled, turn } from '../support/turns.ts';
import { FakePersistence, storeKeptBy } from './support/fake-persistence.ts';
import { TestCarrier } from './support/test-carrier.ts';

// Nobody is told what a command has answered before the storage says so; and what one command does is told to it as one.

const FULL = new ReplyError('MISCONF Errors writing to the AOF file: No space left on device');
let fake: FakePersistence;
let store: Store;
let client: TestCarrier;
let other: TestCarrier;
let connection: Connection;
beforeEach(() => {
  // No slice is ever over.
  vi.spyOn(performance, 'now').mockReturnValue(0);
  fake = new FakePersistence();
  store = storeKeptBy(fake, { scripting: lua() });
  client = new TestCarrier(store);
  other = new TestCarrier(store);
  connection = connect(store);
});
afterEach(() => vi.restoreAllMocks());

/** What was asked since the last time. */
function asked(): string[] {
  return fake.calls.splice(0);
}

describe('one command is one group', () => {
  it('alone, in a transaction, in a script', () => {
    connection.call('SET', 'k', 'v');
    expect(asked()).toStrictEqual(['begin', 'end', 'beforeReply']);
    for (const name of ['MULTI', 'PING', 'PING']) connection.call(name);
    asked();
    connection.call('EXEC');
    expect(asked()).toStrictEqual(['begin', 'end', 'beforeReply']);
    connection.call('EVAL', "redis.call('SET', 'a', 1) redis.call('SET', 'b', 1)", '0');
    expect(asked()).toStrictEqual(['begin', 'end', 'beforeReply']);
  });

  it('also if it fails, or is refused', () => {
    expect(() => connection.call('LPUSH', 'k')).toThrow('wrong number of arguments');
    expect(asked()).toStrictEqual(['begin', 'end', 'beforeReply']);
  });

  it('each of those that are served after another one is one of its own', async () => {
    client.send('BLPOP list 0\r\n');
    other.send('BLPOP list 0\r\n');
    await turn();
    asked();
    connection.call('RPUSH', 'list', 'a', 'b');
    expect(asked().slice(0, 6)).toStrictEqual(['begin', 'end', 'begin', 'end', 'begin', 'end']);
    await turn();
    expect(client.received()).toContain('$1\r\na\r\n');
    expect(other.received()).toContain('$1\r\nb\r\n');
  });
});

describe('byte streams', () => {
  it('the storage is asked once for all that a slice did, before any of it leaves', () => {
    vi.spyOn(fake, 'beforeReply').mockImplementation(() => {
      expect(client.chunks).toStrictEqual([]);
      fake.calls.push('beforeReply');
      return undefined;
    });
    client.send('SET k v\r\n'.repeat(50));
    expect(client.received()).toBe('+OK\r\n'.repeat(50));
    expect(asked().filter((call) => call === 'beforeReply')).toHaveLength(1);
  });

  it('LATENCY is told of a sync that took long; no command is', () => {
    let nowMs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    vi.spyOn(fake, 'beforeReply').mockImplementation(() => {
      nowMs += 7;
      return undefined;
    });
    connection.call('CONFIG', 'SET', 'latency-monitor-threshold', '5');
    client.send('SET k v\r\n');
    expect(connection.call('LATENCY', 'LATEST')).toStrictEqual([
      ['aof-fsync-always', expect.any(Number), 7, 7],
    ]);
  });

  it('messages to others leave with the replies', () => {
    other.send('SUBSCRIBE c\r\n');
    other.received();
    client.send('PUBLISH c hello\r\n');
    expect(other.received()).toContain('hello');
    expect(client.received()).toBe(':1\r\n');
  });

  it('much leaves amid a slice, and the storage is asked before that, too', () => {
    store.set('k', 'x'.repeat(10_000));
    asked();
    client.send('GET k\r\n'.repeat(100));
    expect(client.chunks.length).toBeGreaterThan(5);
    expect(asked().filter((call) => call === 'beforeReply')).toHaveLength(client.chunks.length);
    expect(client.received().length).toBe(100 * 10_010);
  });

  it('QUIT: what was answered before it leaves, and then the stream ends', () => {
    client.send('SET k v\r\nQUIT\r\nPING\r\n');
    expect(client.received()).toBe('+OK\r\n+OK\r\n');
    expect(client.events).toStrictEqual(['end']);
    expect(asked().at(-1)).toBe('beforeReply');
  });

  it('what breaks the protocol is answered, and then the stream ends', () => {
    client.send('SET k v\r\n*x\r\n');
    expect(client.received()).toBe('+OK\r\n-ERR Protocol error: invalid multibulk length\r\n');
    expect(client.events).toStrictEqual(['end']);
  });

  it('that have said that nothing more will come are answered first', () => {
    client.send('SET k v\r\n');
    client.endpoint.ended();
    expect(client.received()).toBe('+OK\r\n');
    expect(client.events).toStrictEqual(['end']);
  });
});

describe('a storage that fails', () => {
  it('whoever was to be told something is cut off, and nobody else', () => {
    other.send('SUBSCRIBE c\r\n');
    other.received();
    const third = new TestCarrier(store);
    fake.failure = FULL;
    client.send('PUBLISH c hello\r\nSET k v\r\n');
    expect(client.received()).toBe('');
    expect(other.received()).toBe('');
    expect([client.events, other.events, third.events]).toStrictEqual([['destroy'], ['destroy'], []]);
    expect(serverOf(store.keyspace).sessions.size).toBe(2);
    third.send('GET k\r\n');
    expect(third.received()).toBe('$1\r\nv\r\n');
  });

  it('amid a slice it ends it for that client', () => {
    store.set('k', 'x'.repeat(100_000));
    fake.failure = FULL;
    client.send('GET k\r\nSET after 1\r\n');
    expect(client.received()).toBe('');
    expect(client.events).toStrictEqual(['destroy']);
    expect(store.exists('after')).toBe(0);
  });

  it('call throws, send rejects', async () => {
    fake.failure = FULL;
    expect(() => connection.call('SET', 'k', 'v')).toThrow('MISCONF');
    expect(connection.call('GET', 'k')).toBe('v');
    fake.failure = FULL;
    await expect(connection.send('SET', 'k', 'v')).rejects.toThrow('MISCONF');
    expect(await connection.send('GET', 'k')).toBe('v');
  });
});

describe('a storage that takes its time', () => {
  beforeEach(() => {
    fake.isSlow = true;
  });

  it('replies wait for it, and so do the requests of all byte streams', async () => {
    client.send('SET k v\r\n');
    other.send('GET k\r\n');
    client.send('GET k\r\n');
    await turn();
    expect(client.received() + other.received()).toBe('');
    fake.writes[0]!.resolve();
    await settled();
    expect(client.received()).toBe('+OK\r\n');
    await turn();
    expect(fake.writes).toHaveLength(2);
    expect(client.received() + other.received()).toBe('');
    fake.writes[1]!.resolve();
    await settled();
    expect(client.received()).toBe('$1\r\nv\r\n');
    expect(other.received()).toBe('$1\r\nv\r\n');
  });

  it('what comes of other calls meanwhile waits for its own turn', async () => {
    other.send('BLPOP list 0\r\n');
    client.send('SET k v\r\n');
    expect(fake.writes).toHaveLength(1);
    connection.call('RPUSH', 'list', 'a');
    await turn();
    fake.writes[0]!.resolve();
    await settled();
    expect(client.received()).toBe('+OK\r\n');
    expect(other.received()).toBe('');
    for (const write of fake.writes.slice(1)) write.resolve();
    await settled();
    expect(other.received()).toBe('*2\r\n$4\r\nlist\r\n$1\r\na\r\n');
  });

  it('a store beside it goes on', () => {
    client.send('SET k v\r\n');
    const elsewhere = new TestCarrier(storeKeptBy(new FakePersistence()));
    elsewhere.send('PING\r\n');
    expect(elsewhere.received()).toBe('+PONG\r\n');
  });

  it('should it fail those who waited are cut off', async () => {
    client.send('SET k v\r\n');
    fake.writes[0]!.reject(FULL);
    await settled();
    expect(client.received()).toBe('');
    expect(client.events).toStrictEqual(['destroy']);
    other.send('GET k\r\n');
    await turn();
    fake.writes[1]!.resolve();
    await settled();
    expect(other.received()).toBe('$1\r\nv\r\n');
  });

  it('QUIT waits too', async () => {
    client.send('SET k v\r\nQUIT\r\n');
    expect(client.events).toStrictEqual([]);
    fake.writes[0]!.resolve();
    await settled();
    expect(client.received()).toBe('+OK\r\n+OK\r\n');
    expect(client.events).toStrictEqual(['end']);
  });

  it('who is killed meanwhile is sent what it was answered before', async () => {
    client.send('SET k v\r\n');
    connection.call('CLIENT', 'KILL', 'ID', String(client.endpoint.id));
    expect(client.events).toStrictEqual([]);
    for (const write of fake.writes) write.resolve();
    await turn();
    expect(client.received()).toBe('+OK\r\n');
    expect(client.events).toStrictEqual(['end']);
  });

  it('who goes away meanwhile is forgotten', async () => {
    client.send('SET k v\r\n');
    client.endpoint.closed();
    fake.writes[0]!.resolve();
    await settled();
    expect(client.received()).toBe('');
  });

  it('send waits, and answers come in order; call does not wait', async () => {
    const replies: unknown[] = [];
    for (const name of ['SET', 'APPEND', 'GETSET']) {
      connection.send(name, 'k', name).then((reply) => replies.push(reply));
    }
    await turn();
    expect(replies).toStrictEqual([]);
    for (const write of fake.writes) write.resolve();
    await turn();
    expect(replies).toStrictEqual(['OK', 9, 'SETAPPEND']);
    expect(connection.call('GET', 'k')).toBe('GETSET');
    fake.writes.at(-1)!.reject(FULL);
    await turn();
  });
});
