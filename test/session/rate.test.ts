import { expect, test } from 'vitest';
import { Rate } from '../../src/session/statistics/rate.ts';

test('a rate is an average since it was last asked, unless that was just now', () => {
  const rate = new Rate();
  expect(rate.of(500, 1000)).toBe(500);
  expect(rate.of(510, 1050)).toBe(500);
  expect(rate.of(600, 1200)).toBe(500);
  expect(rate.of(600, 2200)).toBe(0);
  rate.reset();
  expect(rate.of(10, 3200)).toBe(10);
});
