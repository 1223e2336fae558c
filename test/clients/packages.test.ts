import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import KeyvRedis from '@keyv/redis';
import { createAdapter, createShardedAdapter } from '@socket.io/redis-adapter';
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter';
import { createCache } from 'cache-manager';
import { RedisStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import { Redis } from 'ioredis';
import Keyv from 'keyv';
import {
  BurstyRateLimiter,
  RateLimiterRedis,
  RateLimiterRedisNonAtomic,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import { createClient } from 'redis';
import { Server as IoServer } from 'socket.io';
import { type Socket as IoSocket, io } from 'socket.io-client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { connectorFor } from '../../src/clients/ioredis.ts';
import { socketFor } from '../../src/clients/node-redis.ts';
import { Store } from '../../src/index.ts';
import { until } from '../support/turns.ts';

// Published packages, as they are, doing what they are for, on a store in this process.

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

function ioredis(store: Store): Redis {
  const redis = new Redis({ Connector: connectorFor(store) });
  endings.push(() => redis.disconnect());
  return redis;
}

async function nodeRedis(store: Store) {
  const client = createClient({ socket: socketFor(store) });
  endings.push(() => client.destroy());
  return await client.connect();
}

describe('connect-redis', () => {
  async function openSite(store: Store) {
    const app = express();
    app.use(
      session({
        store: new RedisStore({ client: await nodeRedis(store) }),
        secret: 'secret',
        resave: false,
        saveUninitialized: false,
        cookie: { maxAge: 60_000 },
      }),
    );
    app.get('/count', (request, response) => {
      const kept = request.session as typeof request.session & { count?: number };
      kept.count = (kept.count ?? 0) + 1;
      response.json(kept.count);
    });
    app.get('/leave', (request, response) => {
      request.session.destroy(() => response.json('gone'));
    });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    endings.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    let cookie = '';
    return async (path: string): Promise<unknown> => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        headers: { cookie, connection: 'close' },
      });
      cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
      return response.json();
    };
  }

  test('keeps the sessions of an express app', async () => {
    const store = new Store();
    const get = await openSite(store);
    expect([await get('/count'), await get('/count'), await get('/count')]).toEqual([1, 2, 3]);
    const [key] = store.keys('sess:*');
    expect(JSON.parse(store.get(key!)!)).toMatchObject({ count: 3 });
    expect(store.pttl(key!)).toBeGreaterThan(59_000);
    store.advance(61_000);
    expect(await get('/count')).toBe(1);
    expect(await get('/leave')).toBe('gone');
    expect(store.dbsize()).toBe(0);
    store.close();
  });

  test('lists and clears sessions', async () => {
    const store = new Store();
    const sessions = new RedisStore({ client: await nodeRedis(store) });
    const cookie = new session.Cookie();
    for (let at = 0; at < 250; at++) await sessions.set(`s${at}`, { cookie });
    const count = await new Promise((resolve) => {
      void sessions.length((_error, length) => resolve(length));
    });
    expect(count).toBe(250);
    await sessions.clear(() => {});
    expect(store.dbsize()).toBe(0);
  });
});

describe('rate-limiter-flexible', () => {
  test('limits, without scripts', async () => {
    const store = new Store();
    const limiter = new RateLimiterRedisNonAtomic({ storeClient: ioredis(store), points: 3, duration: 10 });
    expect((await limiter.consume('me', 2)).remainingPoints).toBe(1);
    expect((await limiter.consume('me')).remainingPoints).toBe(0);
    await expect(limiter.consume('me')).rejects.toBeInstanceOf(RateLimiterRes);
    expect((await limiter.consume('you')).remainingPoints).toBe(2);
    store.advance(10_000);
    expect((await limiter.consume('me')).consumedPoints).toBe(1);
    store.close();
  });

  test('limits over node-redis, in bursts', async () => {
    const store = new Store();
    const options = { storeClient: await nodeRedis(store), useRedisPackage: true };
    const limiter = new BurstyRateLimiter(
      new RateLimiterRedisNonAtomic({ ...options, keyPrefix: 'slow', points: 1, duration: 1 }),
      new RateLimiterRedisNonAtomic({ ...options, keyPrefix: 'burst', points: 2, duration: 10 }),
    );
    for (let at = 0; at < 3; at++) await limiter.consume('me');
    await expect(limiter.consume('me')).rejects.toBeDefined();
    store.advance(1000);
    await limiter.consume('me');
    store.close();
  });

  test('counts what never expires, blocks and forgets', async () => {
    const store = new Store();
    // With a duration it needs EVAL.
    const limiter = new RateLimiterRedis({ storeClient: ioredis(store), points: 2, duration: 0 });
    expect((await limiter.consume('me')).remainingPoints).toBe(1);
    await limiter.block('me', 60);
    await expect(limiter.consume('me')).rejects.toBeInstanceOf(RateLimiterRes);
    expect((await limiter.get('me'))?.consumedPoints).toBe(4);
    expect(await limiter.delete('me')).toBe(true);
    expect(await limiter.get('me')).toBe(null);
    store.close();
  });
});

describe('@keyv/redis', () => {
  async function keyvOn(store: Store, namespace: string): Promise<Keyv> {
    const keyv = new Keyv(new KeyvRedis({ socket: socketFor(store) }), { namespace, useKeyPrefix: false });
    endings.push(() => keyv.disconnect());
    return keyv;
  }

  test('keeps values', async () => {
    const store = new Store();
    const keyv = await keyvOn(store, 'cache');
    expect(await keyv.set('k', { deep: [1, 'é'] }, 5000)).toBe(true);
    expect(await keyv.get('k')).toEqual({ deep: [1, 'é'] });
    expect(await keyv.has('k')).toBe(true);
    store.advance(5000);
    expect(await keyv.get('k')).toBeUndefined();
    await keyv.setMany([
      { key: 'a', value: 1 },
      { key: 'b', value: 2 },
    ]);
    expect(await keyv.getMany(['a', 'b', 'c'])).toEqual([1, 2, undefined]);
    expect(await keyv.delete('a')).toBe(true);
    store.close();
  });

  test('clears its own namespace', async () => {
    const store = new Store();
    const [one, two] = [await keyvOn(store, 'one'), await keyvOn(store, 'two')];
    for (let at = 0; at < 100; at++) await Promise.all([one.set(`k${at}`, at), two.set(`k${at}`, at)]);
    const seen: unknown[] = [];
    for await (const entry of one.iterator!({})) seen.push(entry);
    expect(seen.length).toBe(100);
    await one.clear();
    expect(await one.get('k1')).toBeUndefined();
    expect(await two.get('k1')).toBe(1);
    store.close();
  });

  test('is a store of cache-manager', async () => {
    const store = new Store();
    const keyv = await keyvOn(store, 'manager');
    const cache = createCache({ stores: [keyv] });
    const load = vi.fn(async () => 'loaded');
    expect(await cache.wrap('k', load, 1000)).toBe('loaded');
    expect(await cache.wrap('k', load, 1000)).toBe('loaded');
    expect(load).toHaveBeenCalledTimes(1);
    store.advance(1001);
    expect(await cache.wrap('k', load, 1000)).toBe('loaded');
    expect(load).toHaveBeenCalledTimes(2);
    await cache.mset([
      { key: 'a', value: 1 },
      { key: 'b', value: 2 },
    ]);
    expect(await cache.mget(['a', 'b'])).toEqual([1, 2]);
    await cache.clear();
    expect(await cache.get('a')).toBeUndefined();
    store.close();
  });
});

type Adapter =
  | ReturnType<typeof createAdapter>
  | ReturnType<typeof createShardedAdapter>
  | ReturnType<typeof createStreamsAdapter>;

describe('the socket.io Redis adapters', () => {
  /** Two servers that know each other only through the store, and a client of each, all in one room. */
  async function openTwo(adapter: () => Promise<Adapter>) {
    const open = async () => {
      const http = createServer();
      const server = new IoServer(http, { adapter: await adapter() });
      endings.push(() => server.close());
      http.listen(0, '127.0.0.1');
      await once(http, 'listening');
      server.on('connection', (socket) => {
        socket.on('join', async (room: string, joined: () => void) => {
          await socket.join(room);
          joined();
        });
      });
      const { port } = http.address() as AddressInfo;
      const client: IoSocket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'] });
      endings.push(() => client.close());
      await new Promise<void>((resolve) => client.on('connect', resolve));
      return { server, client };
    };
    return [await open(), await open()] as const;
  }

  const adapters = {
    'over ioredis': async (store: Store) => {
      const redis = ioredis(store);
      const subscriber = redis.duplicate();
      endings.push(() => subscriber.disconnect());
      return createAdapter(redis, subscriber);
    },
    'over node-redis': async (store: Store) => createAdapter(await nodeRedis(store), await nodeRedis(store)),
    'sharded, over node-redis': async (store: Store) =>
      createShardedAdapter(await nodeRedis(store), await nodeRedis(store)),
    'by a stream, over ioredis': async (store: Store) => createStreamsAdapter(ioredis(store)),
    'by a stream, over node-redis': async (store: Store) => {
      const client = createClient({ socket: socketFor(store) });
      // It says goodbye without waiting for the answer, which must come before the connection goes.
      endings.push(() => client.close());
      return createStreamsAdapter(await client.connect());
    },
  };

  test.each(Object.entries(adapters))('%s: two servers share their rooms', async (_name, adapter) => {
    const store = new Store();
    const [one, two] = await openTwo(() => adapter(store));
    const heard: string[] = [];
    one.client.on('said', (text: string) => heard.push(`one: ${text}`));
    two.client.on('said', (text: string) => heard.push(`two: ${text}`));
    await two.client.emitWithAck('join', 'room');
    one.server.to('room').emit('said', 'to the room');
    await until(() => heard.length === 1);
    one.server.emit('said', 'to all');
    await until(() => heard.length === 3);
    expect(heard.sort()).toEqual(['one: to all', 'two: to all', 'two: to the room']);
    expect((await one.server.in('room').fetchSockets()).map((socket) => socket.id)).toEqual([two.client.id]);
    expect((await one.server.fetchSockets()).length).toBe(2);
    store.close();
  });
});
