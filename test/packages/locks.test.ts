import Redlock from 'redlock';
import Redlock5 from 'redlock-5';
import { describe, expect, test } from 'vitest';
import { onBothSites } from './sites.ts';

onBothSites('redlock', (site) => {
  test('locks, extends and unlocks', async () => {
    const redlock = new Redlock([site.redis()], { retryCount: 0 });
    const lock = await redlock.lock('door', 10_000);
    await expect(redlock.lock('door', 10_000)).rejects.toThrow('attempts to lock');
    const redis = site.redis();
    const longer = await lock.extend(60_000);
    expect(await redis.pttl('door')).toBeGreaterThan(50_000);
    await longer.unlock();
    expect(await redis.exists('door')).toBe(0);
    await expect(longer.unlock()).rejects.toThrow();
  });

  test('locks several at once, or none', async () => {
    const redlock = new Redlock([site.redis()], { retryCount: 0 });
    const lock = await redlock.lock('b', 10_000);
    await expect(redlock.lock(['a', 'b'], 10_000)).rejects.toThrow();
    expect(await site.redis().exists('a')).toBe(0);
    await lock.unlock();
    await (await redlock.lock(['a', 'b'], 10_000)).unlock();
  });

  test('waits for a lock that runs out', async () => {
    const redlock = new Redlock([site.redis()], { retryCount: 50, retryDelay: 10 });
    await redlock.lock('door', 60);
    const lock = await redlock.lock('door', 1000);
    expect(lock.resource).toEqual(['door']);
  });

  describe('5', () => {
    test('guards what must not happen twice at a time', async () => {
      const redlock = new Redlock5([site.redis()], { retryDelay: 5, retryCount: -1 });
      let inside = 0;
      let most = 0;
      await Promise.all(
        Array.from({ length: 8 }, () =>
          redlock.using(['room'], 5000, async () => {
            most = Math.max(most, ++inside);
            await new Promise((resolve) => setImmediate(resolve));
            inside--;
          }),
        ),
      );
      expect(most).toBe(1);
      expect(await site.redis().exists('room')).toBe(0);
    });

    test('refuses what is locked, extends and releases', async () => {
      const redlock = new Redlock5([site.redis()], { retryCount: 0 });
      const lock = await redlock.acquire(['a', 'b'], 10_000);
      await expect(redlock.acquire(['b'], 10_000)).rejects.toThrow();
      const longer = await lock.extend(30_000);
      expect(await site.redis().pttl('a')).toBeGreaterThan(20_000);
      await longer.release();
      expect(await site.redis().exists('a', 'b')).toBe(0);
    });
  });
});
