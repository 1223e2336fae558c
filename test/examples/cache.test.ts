import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import { PageCache, render, visits } from '../../examples/cache.ts';
import type { MaxMemoryPolicy } from '../../src/index.ts';

const LIMIT_BYTES = 64 * 1024;
const VISITS = 5000;

/** As a program of its own: its output, also when it fails. */
async function run(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const file = fileURLToPath(new URL('../../examples/cache.ts', import.meta.url));
  return promisify(execFile)(process.execPath, ['--import', 'tsx', file, ...words]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

/** A cache after its visitors, and what it said meanwhile. */
async function visited(policy: MaxMemoryPolicy) {
  const rendered: string[] = [];
  const gone: string[] = [];
  const cache = new PageCache(
    LIMIT_BYTES,
    policy,
    (path) => {
      rendered.push(path);
      return render(path);
    },
    (path) => gone.push(path),
  );
  let wrong = 0;
  let mostBytes = 0;
  for (const path of visits(VISITS)) {
    if (cache.page(path) !== render(path)) wrong++;
    await null;
    mostBytes = Math.max(mostBytes, cache.store.keyspace.memory!.usedBytes);
  }
  return { cache, rendered, gone, wrong, mostBytes };
}

describe('the cache of pages', () => {
  test.each<MaxMemoryPolicy>(['allkeys-lru', 'allkeys-lrm', 'allkeys-lfu', 'allkeys-random', 'volatile-ttl'])(
    'with %s it gives the right pages, within its memory, and tells which have gone',
    async (policy) => {
      const { cache, rendered, gone, wrong, mostBytes } = await visited(policy);
      expect(wrong).toBe(0);
      const { hits, misses, evicted, keys } = cache.store.memory();
      expect(misses).toBe(rendered.length);
      expect(hits + misses).toBe(VISITS);
      expect(cache.hitRate).toBe(hits / VISITS);
      // Each page that was made was put in, and either has gone or is there.
      expect(gone).toHaveLength(evicted);
      expect(evicted + keys).toBe(misses);
      expect(evicted).toBeGreaterThan(500);
      // One page more than the limit, at most.
      expect(mostBytes).toBeLessThan(LIMIT_BYTES + 2048);
      const left = new Map<string, number>();
      for (const path of rendered) left.set(path, (left.get(path) ?? 0) + 1);
      for (const path of gone) left.set(path, left.get(path)! - 1);
      const kept = Array.from(left).flatMap(([path, times]) =>
        times === 0 ? [] : [`page:${path} ${times}`],
      );
      expect(kept.sort()).toEqual(
        cache.store
          .keys('*')
          .map((key) => `${key} 1`)
          .sort(),
      );
    },
  );

  it('does without what finds no room', async () => {
    const { cache, gone, wrong, mostBytes } = await visited('noeviction');
    expect(wrong).toBe(0);
    expect(gone).toEqual([]);
    expect(cache.store.dbsize()).toBeGreaterThan(50);
    expect(mostBytes).toBeLessThan(LIMIT_BYTES + 2048);
  });

  it('hits more often with a policy that looks at uses than with one that does not', async () => {
    const [lfu, random] = await Promise.all([visited('allkeys-lfu'), visited('allkeys-random')]);
    expect(lfu.cache.hitRate).toBeGreaterThan(random.cache.hitRate + 0.03);
  });

  it('has served nobody before the first', () => {
    expect(new PageCache('1mb', 'allkeys-lru', render).hitRate).toBe(0);
  });
});

describe('as a program', () => {
  it('prints the hit rate and the tables', async () => {
    const { code, stdout } = await run('--memory', '128kb', '--policy', 'allkeys-lfu');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^50000 visits, \d\d\.\d% of them served from the cache \(allkeys-lfu\)\.\n/);
    expect(stdout).toMatch(/\d+ pages are in it, \d{4,} had to make room, \/product\/\d+ the last\.\n/);
    expect(stdout).toContain("│ 'string' │");
    expect(stdout).toContain("│ 'page:/product/");
  });

  it('says what is wrong with a policy, and with a size', async () => {
    expect(await run('--policy', 'allkeys-lur')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^maxMemoryPolicy must be one of .*allkeys-lru.*, got "allkeys-lur"\n$/),
    });
    expect(await run('--memory', '64 mb')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^maxMemory must be .*'256mb' .*, got "64 mb"\n$/),
    });
  });
});
