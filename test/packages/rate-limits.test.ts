import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { expect, test } from 'vitest';
import { onBothSites } from './sites.ts';

onBothSites('rate-limiter-flexible', (site) => {
  test('counts in windows', async () => {
    const limiter = new RateLimiterRedis({ storeClient: site.redis(), points: 3, duration: 60 });
    expect((await limiter.consume('me', 2)).remainingPoints).toBe(1);
    const last = await limiter.consume('me');
    expect(last).toMatchObject({ remainingPoints: 0, consumedPoints: 3, isFirstInDuration: false });
    expect(last.msBeforeNext).toBeGreaterThan(55_000);
    const refusal: unknown = await limiter.consume('me').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RateLimiterRes);
    expect((await limiter.consume('you')).isFirstInDuration).toBe(true);
    expect((await limiter.reward('me', 2)).consumedPoints).toBe(2);
    expect(await limiter.delete('me')).toBe(true);
  });

  test('blocks those who ask too often', async () => {
    const redis = site.redis();
    const limiter = new RateLimiterRedis({ storeClient: redis, points: 1, duration: 1, blockDuration: 600 });
    await limiter.consume('me');
    await expect(limiter.consume('me')).rejects.toBeInstanceOf(RateLimiterRes);
    expect(await redis.pttl('rlflx:me')).toBeGreaterThan(500_000);
  });

  test('starts anew when a window is over', async () => {
    const redis = site.redis();
    const limiter = new RateLimiterRedis({ storeClient: redis, points: 1, duration: 5 });
    await limiter.consume('me');
    await redis.pexpire('rlflx:me', 1);
    await redis.pexpire('rlflx:me', 0);
    expect((await limiter.consume('me')).consumedPoints).toBe(1);
  });
});

onBothSites('express-rate-limit with rate-limit-redis', (site) => {
  test('limits the requests to a site', async () => {
    const redis = site.redis();
    const app = express();
    app.use(
      rateLimit({
        windowMs: 60_000,
        limit: 2,
        standardHeaders: 'draft-8',
        legacyHeaders: false,
        store: new RedisStore({
          sendCommand: (...[name, ...args]: string[]) => redis.call(name!, ...args) as Promise<number>,
        }),
      }),
    );
    app.get('/', (_request, response) => {
      response.send('welcome');
    });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    site.atEnd(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const statuses: number[] = [];
    for (let at = 0; at < 4; at++) {
      statuses.push((await fetch(url, { headers: { connection: 'close' } })).status);
    }
    expect(statuses).toEqual([200, 200, 429, 429]);
    const [key] = await redis.keys('rl:*');
    expect(Number(await redis.get(key!))).toBe(4);
    expect(await redis.pttl(key!)).toBeGreaterThan(50_000);
  });

  test('counts, gives back, tells and forgets', async () => {
    const redis = site.redis();
    const store = new RedisStore({
      prefix: 'hits:',
      sendCommand: (...[name, ...args]: string[]) => redis.call(name!, ...args) as Promise<number>,
    });
    store.init({ windowMs: 60_000 } as Parameters<typeof store.init>[0]);
    expect((await store.increment('me')).totalHits).toBe(1);
    expect((await store.increment('me')).totalHits).toBe(2);
    await store.decrement('me');
    expect((await store.get('me'))?.totalHits).toBe(1);
    await store.resetKey('me');
    expect(await redis.exists('hits:me')).toBe(0);
  });
});
