import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Store } from '../../src/index.ts';
import { until } from '../support/turns.ts';
import { ioredisFamily } from './ioredis-family.ts';
import { nodeRedisFamily } from './node-redis-family.ts';
import { connectionCount, killAll, type TestClient, type TestClientOptions, type Word } from './support.ts';

const OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";
const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value';

const packages = [...ioredisFamily, ...nodeRedisFamily];
const cases = packages.flatMap((client) =>
  client.protocols.map((protocol) => ({ client, protocol, name: `${client.name}, RESP${protocol}` })),
);

/** Every byte there is, and what is no UTF-8. */
const allBytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

describe.each(cases)('$name', ({ client, protocol }) => {
  let store: Store;
  let redis: TestClient;
  const open = (options: TestClientOptions = {}) => client.open(store, { protocol, ...options });
  beforeEach(async () => {
    store = new Store();
    redis = await open();
  });
  afterEach(() => {
    try {
      redis.destroy();
    } catch {
      // It has ended already.
    }
    store.close();
  });

  it('works on the store itself', async () => {
    expect(await redis.call('SET', 'k', 'v', 'PX', '5000')).toBe('OK');
    expect(store.get('k')).toBe('v');
    store.set('k', 'é');
    expect(await redis.call('GET', 'k')).toBe('é');
    store.rpush('l', ['a', 'b']);
    expect(await redis.call('LRANGE', 'l', '0', '-1')).toEqual(['a', 'b']);
    expect(await redis.call('GET', 'none')).toBe(null);
    expect(await redis.call('INCR', 'n')).toBe(1);
  });

  it('rejects with the errors of Redis', async () => {
    store.rpush('l', 'a');
    await expect(redis.call('GET', 'l')).rejects.toThrow(WRONG_TYPE);
    await expect(redis.call('SET', 'k')).rejects.toThrow("wrong number of arguments for 'set' command");
    await expect(redis.call('NOSUCH')).rejects.toThrow("unknown command 'NOSUCH'");
    expect(await redis.call('PING')).toBe('PONG');
  });

  it('is refused what finds no room, keeps its connection, and goes on when there is room', async () => {
    const { memoryLimit } = store.keyspace;
    store.set('large', 'x'.repeat(100_000));
    memoryLimit.maxBytes = 90_000;
    await expect(redis.call('SET', 'k', 'v')).rejects.toThrow(OUT_OF_MEMORY);
    const [refused, read] = await redis.pipeline([
      ['SET', 'k', 'v'],
      ['STRLEN', 'large'],
    ]);
    expect(String(refused)).toContain(OUT_OF_MEMORY);
    expect(read).toBe(100_000);
    expect(connectionCount(store)).toBe(1);

    memoryLimit.policy = 'allkeys-lru';
    expect(await redis.call('SET', 'k', 'v')).toBe('OK');
    expect(store.keys('*')).toEqual(['k']);
  });

  it('carries any bytes', async () => {
    expect(await redis.call('SET', allBytes, allBytes)).toBe('OK');
    expect(await redis.callBytes('GET', allBytes)).toEqual(allBytes);
    expect(store.bytes.get(allBytes)).toEqual(new Uint8Array(allBytes));
  });

  it('carries big values', async () => {
    const text = 'é'.repeat(2_000_000);
    const bytes = Buffer.alloc(3_000_000, allBytes);
    expect(await redis.call('SET', 'text', text)).toBe('OK');
    expect(await redis.call('SET', 'bytes', bytes)).toBe('OK');
    expect((await redis.call('GET', 'text')) === text).toBe(true);
    expect(bytes.equals((await redis.callBytes('GET', 'bytes')) as Buffer)).toBe(true);
  });

  it('works on the database that it is told', async () => {
    const other = await open({ database: 3 });
    await other.call('SET', 'k', 'three');
    expect(store.get('k')).toBe(null);
    expect(store.select(3).get('k')).toBe('three');
    other.destroy();
  });

  it('keeps the order of pipelines, errors in their places', async () => {
    store.rpush('l', 'a');
    const replies = await redis.pipeline([
      ['SET', 'k', '1'],
      ['INCR', 'k'],
      ['INCR', 'l'],
      ['GET', 'k'],
    ]);
    expect(replies).toEqual(['OK', 2, expect.objectContaining({ message: WRONG_TYPE }), '2']);
    const many = Array.from({ length: 5000 }, (_, at): Word[] => ['ECHO', `message ${at}`]);
    expect(await redis.pipeline(many)).toEqual(many.map(([, word]) => word));
  });

  it('answers all that is asked in one turn', async () => {
    const other = await open({ autoPipelining: true });
    const words = Array.from({ length: 1000 }, (_, at) => `v${at}`);
    await Promise.all(words.map((word) => other.call('SET', word, word)));
    expect(await Promise.all(words.map((word) => other.call('GET', word)))).toEqual(words);
    other.destroy();
  });

  it('runs transactions', async () => {
    store.rpush('l', 'a');
    expect(
      await redis.transaction([
        ['SET', 'k', '1'],
        ['INCR', 'k'],
        ['GET', 'k'],
      ]),
    ).toEqual(['OK', 2, '2']);
    const withError = await redis.transaction([
      ['INCR', 'l'],
      ['INCR', 'k'],
    ]);
    expect(withError).toEqual([expect.objectContaining({ message: WRONG_TYPE }), 3]);
    await expect(
      redis.transaction([
        ['SET', 'k', '9'],
        ['GET', 'k', 'k'],
      ]),
    ).rejects.toThrow(/EXECABORT|wrong number of arguments/);
    expect(store.get('k')).toBe('3');
  });

  it('watches keys', async () => {
    await redis.watch('k');
    store.set('k', 'changed by somebody');
    expect(await redis.transaction([['SET', 'k', 'v']])).toBe(null);
    await redis.watch('k');
    expect(await redis.transaction([['SET', 'k', 'v']])).toEqual(['OK']);
    expect(store.get('k')).toBe('v');
  });

  it('receives what is published', async () => {
    const subscriber = await redis.duplicate();
    const messages: string[][] = [];
    await subscriber.subscribe('news', (message, channel) => messages.push([channel, message]));
    await subscriber.psubscribe('n*s', (message, channel) => messages.push(['n*s', channel, message]));
    expect(await redis.call('PUBLISH', 'news', 'one')).toBe(2);
    expect(store.publish('news', 'two')).toBe(2);
    await until(() => messages.length === 4);
    expect(messages).toEqual([
      ['news', 'one'],
      ['n*s', 'news', 'one'],
      ['news', 'two'],
      ['n*s', 'news', 'two'],
    ]);
    await subscriber.unsubscribe('news');
    expect(await redis.call('PUBLISH', 'news', 'three')).toBe(1);
    subscriber.destroy();
  });

  it('waits for elements, and lets others go on', async () => {
    const waiting = await redis.duplicate();
    const popped = waiting.call('BLPOP', 'l', 'm', '0');
    expect(await redis.call('SET', 'k', 'v')).toBe('OK');
    expect(await redis.call('RPUSH', 'm', 'a')).toBe(1);
    expect(await popped).toEqual(['m', 'a']);
    const poppedNext = waiting.call('BLPOP', 'l', '0');
    // Behind a command that waits, others wait.
    const ponged = waiting.call('PING');
    await redis.call('PING');
    store.rpush('l', 'typed');
    expect(await poppedNext).toEqual(['l', 'typed']);
    expect(await ponged).toBe('PONG');
    const timedOut = waiting.call('BLPOP', 'l', '100');
    await redis.call('PING');
    store.advance(100_000);
    expect(await timedOut).toBe(null);
    waiting.destroy();
  });

  it('waits no more when it has ended', async () => {
    const waiting = await redis.duplicate();
    const popped = waiting.call('BLPOP', 'l', '0').catch((error: unknown) => error);
    await redis.call('PING');
    waiting.destroy();
    expect(await popped).toBeInstanceOf(Error);
    await until(() => connectionCount(store) === 1);
    expect(await redis.call('RPUSH', 'l', 'a')).toBe(1);
    expect(store.llen('l')).toBe(1);
  });

  it('connects anew after its connection was cut, and goes on', async () => {
    const subscriber = await redis.duplicate();
    const messages: string[] = [];
    await subscriber.subscribe('news', (message) => messages.push(message));
    const back = [redis.reconnected(), subscriber.reconnected()];
    killAll(store);
    await Promise.all(back);
    expect(await redis.call('SET', 'k', 'v')).toBe('OK');
    await until(() => store.publish('news', 'again') === 1);
    await until(() => messages.length > 0);
    expect(messages).toEqual(['again']);
    expect(connectionCount(store)).toBe(2);
    subscriber.destroy();
  });

  it('leaves nothing behind when it ends', async () => {
    const other = await redis.duplicate();
    expect(connectionCount(store)).toBe(2);
    expect(await other.quit()).toBe('OK');
    expect(connectionCount(store)).toBe(1);
    redis.destroy();
    await until(() => connectionCount(store) === 0);
  });

  it('lets timers run beside an endless loop of commands', async () => {
    let isOver = false;
    setTimeout(() => {
      isOver = true;
    }, 1);
    while (!isOver) await redis.call('INCR', 'n');
    expect(Number(store.get('n'))).toBeGreaterThan(0);
  });

  it('answers under fake timers, and sees their time', async () => {
    // node-redis 4 and 5 themselves send by setImmediate.
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    try {
      await redis.call('SET', 'k', 'v', 'EX', '60');
      vi.advanceTimersByTime(59_000);
      expect(await redis.call('GET', 'k')).toBe('v');
      vi.advanceTimersByTime(1000);
      expect(await redis.call('GET', 'k')).toBe(null);
    } finally {
      vi.useRealTimers();
    }
  });
});
