import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// What a store says it takes, beside what the heap says: in a process of its own, with its garbage collected.

const MIXES = ['mix 1 of 4000', 'mix 2 of 4000', 'mix 3 of 4000'];
const CHURNED = [
  'allkeys-lru, names of 8, values of 8',
  'allkeys-random, names of 8, values of 8',
  'volatile-ttl, names of 12, values of 60',
];
const TOLERANCE = 0.15;

test.each([
  ['mixed data', MIXES],
  ['a store at its limit, in which keys have come and gone,', CHURNED],
])('%s takes what it is said to take', { timeout: 120_000 }, (_what, names) => {
  const file = fileURLToPath(new URL('../../../bench/honesty-child.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', file, ...names],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const results = JSON.parse(stdout) as [bytes: number, estimate: number][];
  expect(results).toHaveLength(names.length);
  for (const [bytes, estimate] of results) {
    expect(bytes).toBeGreaterThan(4_000_000);
    expect(Math.abs(estimate / bytes - 1)).toBeLessThan(TOLERANCE);
  }
});
