import { Queue, Worker } from 'bullmq';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectorFor } from '../../src/clients/ioredis.ts';
import { Store } from '../../src/index.ts';
import { lua } from '../../src/scripting/index.ts';

// What no server can: jobs that are due much later, in a test that does not wait for them.

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("delays and retries follow a test runner's fake timers", async () => {
  const connection = { Connector: connectorFor(new Store({ scripting: lua() })) };
  const queue = new Queue('mails', { connection });
  const worker = new Worker(
    'mails',
    (job) => (job.attemptsMade === 0 ? Promise.reject(new Error('busy')) : Promise.resolve(job.data.to)),
    { connection },
  );
  const told: string[] = [];
  worker.on('failed', (job) => told.push(`failed ${job?.attemptsMade}`));
  worker.on('completed', (_job, result) => told.push(`sent to ${result}`));

  const HOUR_MS = 3_600_000;
  const options = { delay: HOUR_MS, attempts: 2, backoff: { type: 'fixed', delay: HOUR_MS } };
  await queue.add('reminder', { to: 'ada' }, options);
  await vi.advanceTimersByTimeAsync(HOUR_MS - 1000);
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(2000);
  await vi.waitFor(() => expect(told).toEqual(['failed 1']));
  await vi.advanceTimersByTimeAsync(HOUR_MS - 10_000);
  expect(told).toEqual(['failed 1']);
  await vi.advanceTimersByTimeAsync(20_000);
  await vi.waitFor(() => expect(told).toEqual(['failed 1', 'sent to ada']));

  await worker.close();
  await queue.close();
});
