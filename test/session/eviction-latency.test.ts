import { afterEach, expect, test, vi } from 'vitest';
import { connect, Store } from '../../src/index.ts';

afterEach(() => vi.restoreAllMocks());

/** Has so much time pass with every reading of the clock by which durations are measured. */
function tickBy(stepMs: number): void {
  let nowMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    nowMs += stepMs;
    return nowMs;
  });
}

function events(store: Store): string[] {
  const latest = connect(store).call('LATENCY', 'LATEST') as unknown as [string][];
  return latest.map(([event]) => event).filter((event) => event.startsWith('eviction'));
}

test('what it took to make room is remembered, if it took long and somebody wants to know', () => {
  tickBy(20);
  const store = new Store({ maxMemory: '200kb', maxMemoryPolicy: 'allkeys-random' });
  const client = connect(store);
  const fill = () => {
    for (let at = 0; at < 10; at++) client.call('SET', `k${at}`, 'x'.repeat(50_000));
  };
  fill();
  expect(store.keyspace.evictedCount).toBeGreaterThan(0);
  expect(events(store)).toEqual([]);
  client.call('CONFIG', 'SET', 'latency-monitor-threshold', '30');
  fill();
  expect(events(store)).toEqual([]);
  client.call('CONFIG', 'SET', 'latency-monitor-threshold', '20');
  fill();
  expect(events(store)).toEqual(['eviction-cycle']);
  expect(client.call('LATENCY', 'HISTORY', 'eviction-cycle')).toEqual([[expect.any(Number), 20]]);
});
