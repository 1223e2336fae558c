import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serverOrders } from '../fixtures/server-hit-rates.ts';
import type { Command } from '../support/raw-client.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { hitRate } from './support/hit-rate.ts';
import { serverRate } from './support/server-cache.ts';
import { serverMisplaced } from './support/shrinking.ts';
import { StoreCache } from './support/store-cache.ts';
import { newItems, zipf } from './support/traces.ts';

// The recorded rates are of long traces; here is a server to see that they are what a server does.

let server: RedisServer | undefined;
beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(() => server?.stop());

/** Short traces, so chance has more say in them: both sides deviate by up to half a point from run to run. */
const MOST_POINTS = 2;
const SIZE = { requests: 20_000, keys: 5000, capacity: 500 };

describe('a server, now', () => {
  test.each([
    { trace: zipf(SIZE, 0.9), policy: 'allkeys-lfu' },
    { trace: newItems(SIZE), policy: 'allkeys-lfu' },
    { trace: zipf(SIZE, 0.9), policy: 'allkeys-random' },
  ] as const)('$trace.name, $policy', async ({ trace, policy }) => {
    if (server === undefined) return;
    const settings = { policy, samples: 5, capacity: SIZE.capacity, settings: { 'lfu-decay-time': '0' } };
    await serverRate(server, trace, settings); // The first run takes less memory for other things than keys.
    const found = await serverRate(server, trace, settings);
    const options = { maxMemoryPolicy: policy, lfuDecayTime: 0 };
    const lodis = hitRate(trace, new StoreCache(found.capacity, options));
    expect(Math.abs(found.capacity - SIZE.capacity)).toBeLessThan(200);
    expect(Math.abs(lodis - found.hitRate), `${lodis}, the server ${found.hitRate}`).toBeLessThan(
      MOST_POINTS,
    );
  });

  test('SET NX on a key that is there is one use of it, as GET is', async () => {
    if (server === undefined) return;
    const client = await server.connect();
    const frequency = async (command: Command) => {
      await client.pipeline([
        ['CONFIG', 'SET', 'maxmemory', '0'],
        ['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lfu'],
        ['CONFIG', 'SET', 'lfu-log-factor', '0'],
        ['DEL', 'key'],
        ['SET', 'key', 'v'],
      ]);
      const replies = await client.pipeline([command, command, command, ['OBJECT', 'FREQ', 'key']]);
      return replies.at(-1);
    };
    const read = await frequency(['GET', 'key']);
    expect(read).toEqual({ type: ':', value: 8 });
    expect(await frequency(['SET', 'key', 'v', 'NX'])).toEqual(read);
    await client.send(['CONFIG', 'SET', 'lfu-log-factor', '10']);
    await client.close();
  });

  test('which keys go when the limit is halved', async () => {
    if (server === undefined) return;
    const options = { policy: 'volatile-ttl', order: 'ttl', samples: 5, keys: 2000 } as const;
    const { misplaced } = serverOrders.find((each) => each.policy === 'volatile-ttl' && each.samples === 5)!;
    expect(Math.abs((await serverMisplaced(server, options)) - misplaced)).toBeLessThan(4);
  });
});
