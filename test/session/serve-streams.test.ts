import { PassThrough } from 'node:stream';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServableStream, Store, serve } from '../../src/index.ts';
import { serverOf } from '../../src/session/server.ts';
import { bulk, request } from '../support/requests.ts';
import { turn, until } from '../support/turns.ts';
import { latin1 } from '../wire/support.ts';
import { duplexPair, type FarEnd, kinds } from './support/served-streams.ts';

let store: Store;
beforeEach(() => {
  store = new Store();
});
const sessions = () => serverOf(store.keyspace).sessions.size;

describe.each(Object.entries(kinds))('%s', (_name, open) => {
  let client: FarEnd;
  beforeEach(async () => {
    client = await open(store);
  });
  afterEach(async () => {
    client.destroy();
    await client.connection.closed;
    expect(sessions()).toBe(0);
  });

  it('answers what it is asked', async () => {
    client.write(request('SET', 'k', '\xff\0') + request('GET', 'k'));
    expect(await client.until('$2\r\n\xff\0\r\n')).toBe('+OK\r\n$2\r\n\xff\0\r\n');
    expect(store.bytes.get('k')).toStrictEqual(Uint8Array.of(255, 0));
    client.write('CLIENT\r\n');
    expect(await client.until('\r\n')).toMatch(/^-ERR/);
    expect(sessions()).toBe(1);
  });

  it('reads a command byte by byte', async () => {
    for (const byte of request('APPEND', 'k', 'abc') + request('STRLEN', 'k')) client.write(byte);
    expect(await client.until(':3\r\n:3\r\n')).toBe(':3\r\n:3\r\n');
  });

  it('carries megabytes in both directions', async () => {
    const value = '0123456789abcdef'.repeat(200_000);
    client.write(request('SET', 'k', value));
    await client.until('+OK\r\n');
    client.write(request('GET', 'k').repeat(5));
    expect(await client.until(bulk(value).repeat(5))).toBe(bulk(value).repeat(5));
  });

  it('answers all of a long pipeline, in order', async () => {
    const count = 30_000;
    client.write(Array.from({ length: count }, (_, at) => request('ECHO', String(at))).join(''));
    const expected = Array.from({ length: count }, (_, at) => bulk(String(at))).join('');
    expect(await client.until(bulk(String(count - 1)))).toBe(expected);
  });

  it('answers all that was asked before the client ended, and ends too', async () => {
    client.write(`${request('INCR', 'k').repeat(10_000)}*1\r\n$4\r\nPI`);
    client.end();
    const expected = Array.from({ length: 10_000 }, (_, at) => `:${at + 1}\r\n`).join('');
    expect(await client.toEnd()).toBe(expected);
    expect(await client.connection.closed).toBeUndefined();
  });

  it('ends after QUIT, and runs nothing that comes after it', async () => {
    client.write(`${request('QUIT')}${request('SET', 'k', 'v')}`);
    expect(await client.toEnd()).toBe('+OK\r\n');
    expect(await client.connection.closed).toBeUndefined();
    expect(store.exists('k')).toBe(0);
  });

  it('ends after what is no request, with the error', async () => {
    client.write('*1\r\n$-1\r\nPING\r\n');
    expect(await client.toEnd()).toBe('-ERR Protocol error: invalid bulk length\r\n');
    expect(await client.connection.closed).toBeUndefined();
  });

  it('lets go of a client that is gone in the middle of a command', async () => {
    client.write(`${request('MULTI')}*2\r\n$3\r\nGET\r\n$100\r\nabc`);
    await client.until('+OK\r\n');
    client.destroy();
    await client.connection.closed;
    expect(sessions()).toBe(0);
  });

  it('is closed from this side, after what was written', async () => {
    client.write('PING\r\n');
    await client.until('+PONG\r\n');
    client.connection.close();
    client.connection.close();
    client.write('PING\r\n');
    expect(await client.toEnd()).toBe('');
    expect(await client.connection.closed).toBeUndefined();
  });

  it('brings messages, and the answers of commands that wait', async () => {
    client.write(request('SUBSCRIBE', 'news'));
    await client.until(':1\r\n');
    expect(store.publish('news', 'hello')).toBe(1);
    expect(await client.until('hello\r\n')).toBe(`*3\r\n${bulk('message')}${bulk('news')}${bulk('hello')}`);
    client.write(`${request('UNSUBSCRIBE')}${request('BLPOP', 'list', '0')}${request('PING')}`);
    await client.until(':0\r\n');
    store.rpush('list', 'a');
    expect(await client.until('+PONG\r\n')).toBe(`*2\r\n${bulk('list')}${bulk('a')}+PONG\r\n`);
  });

  it.each(['end', 'destroy'] as const)('lets go of a client that waits when it is gone (%s)', async (way) => {
    client.write(`${request('PING')}${request('BLPOP', 'list', '0')}${request('SET', 'k', 'v')}`);
    await client.until('+PONG\r\n');
    client[way]();
    await client.connection.closed;
    expect(sessions()).toBe(0);
    store.rpush('list', 'a');
    expect(store.lrange('list', 0, -1)).toStrictEqual(['a']);
    expect(store.exists('k')).toBe(0);
  });

  it('cuts off a subscriber that takes nothing', async () => {
    client.write(request('SUBSCRIBE', 'news'));
    await client.until(':1\r\n');
    client.pause();
    const message = 'x'.repeat(1_000_000);
    let sent = 0;
    while (store.publish('news', message) === 1) {
      sent++;
      expect(sent).toBeLessThan(200);
      await turn();
    }
    expect(sent).toBeGreaterThanOrEqual(32);
    expect(sessions()).toBe(0);
    client.resume();
  });

  it('stops reading and running while the client takes nothing, and goes on later', async () => {
    const count = 40;
    store.set('k', 'x'.repeat(1_000_000));
    const { statistics } = serverOf(store.keyspace);
    // Nobody reads: the far end of the stream fills up.
    client.pause();
    client.write(request('GET', 'k').repeat(count));
    await until(() => statistics.commandCount >= 16);
    for (let turns = 0; turns < 300; turns++) await turn();
    expect(statistics.commandCount).toBeLessThan(count);
    client.resume();
    await client.count(count * 1_000_012);
    expect(statistics.commandCount).toBe(count);
    client.write('PING\r\n');
    expect(await client.until('+PONG\r\n')).toBe('+PONG\r\n');
  });
});

describe('a stream of Node', () => {
  it('may be broken, and tells why', async () => {
    const stream = new PassThrough();
    const { closed } = serve(store, stream);
    const cause = new Error('ECONNRESET');
    stream.destroy(cause);
    expect(await closed).toBe(cause);
    expect(sessions()).toBe(0);
  });

  it('may be gone already', async () => {
    const stream = new PassThrough().destroy();
    const connection = serve(store, stream);
    expect(await connection.closed).toBeUndefined();
    connection.close();
    expect(sessions()).toBe(0);
  });

  it('may give text', async () => {
    const [here, there] = duplexPair();
    here.setEncoding('utf8');
    const { closed } = serve(store, here);
    there.write('SET ключ значение\r\nQUIT\r\n');
    await closed;
    expect(store.get('ключ')).toBe('значение');
  });
});

describe('web streams', () => {
  const streams = (chunks: readonly Uint8Array[]) => ({
    readable: new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
      },
    }),
    writable: new WritableStream<Uint8Array>(),
  });

  it('of anything but bytes are broken', async () => {
    expect(await serve(store, streams(['PING\r\n' as unknown as Uint8Array])).closed).toBeInstanceOf(
      TypeError,
    );
    expect(sessions()).toBe(0);
  });

  it('may break in either direction', async () => {
    const cause = new Error('gone');
    const reading = streams([]);
    const failing = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(cause) });
    expect(await serve(store, { readable: failing, writable: reading.writable }).closed).toBe(cause);
    const { readable } = streams([latin1('PING\r\n')]);
    const refusing = new WritableStream<Uint8Array>({ write: () => Promise.reject(cause) });
    expect(await serve(store, { readable, writable: refusing }).closed).toBe(cause);
    expect(sessions()).toBe(0);
  });
});

describe('a port', () => {
  it('that is closed without a word ends the session', async () => {
    const { port1, port2 } = new MessageChannel();
    const { closed } = serve(store, port1);
    expect(sessions()).toBe(1);
    port2.close();
    expect(await closed).toBeUndefined();
    expect(sessions()).toBe(0);
  });

  it.each([['text'], [-1], [1], [Number.NaN], [{}], [true]])('ends when it says %s', async (message) => {
    const { port1, port2 } = new MessageChannel();
    const { closed } = serve(store, port1);
    port2.postMessage(message);
    expect(await closed).toBeInstanceOf(TypeError);
    expect(sessions()).toBe(0);
  });

  it('shares no memory with the other side', async () => {
    const { port1, port2 } = new MessageChannel();
    const { closed } = serve(store, port1);
    const shared = new Uint8Array(new SharedArrayBuffer(14));
    shared.set(latin1('SET k v\r\nQUIT\r'));
    port2.postMessage(shared);
    port2.postMessage(latin1('\n'));
    await closed;
    expect(store.get('k')).toBe('v');
  });
});

it.each<[unknown]>([[{}], [new Uint8Array(1)], [{ readable: true, writable: true }]])(
  '%o is no stream',
  (value) => {
    expect(() => serve(store, value as ServableStream)).toThrow(TypeError);
    expect(sessions()).toBe(0);
  },
);

it('shows where a client comes from', async () => {
  const stream = new PassThrough();
  const { id } = serve(store, stream, { address: 'tab:1' });
  expect(serverOf(store.keyspace).sessions.get(id)?.peer.address).toBe('tab:1');
  stream.destroy();
});
