import {
  FlowProducer,
  type Job,
  Queue,
  QueueEvents,
  RateLimitError,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { expect, test } from 'vitest';
import { onBothSites, type Site } from './sites.ts';

// BullMQ as it is: all it does, it does in Lua.

/** A queue with its worker and its events, made and ended together. */
function openQueue(site: Site, name = 'jobs') {
  const queue = new Queue(name, { connection: site.redis() });
  site.atEnd(() => queue.close());
  return queue;
}

async function openEvents(site: Site, name = 'jobs'): Promise<QueueEvents> {
  const events = new QueueEvents(name, { connection: site.redis() });
  site.atEnd(() => events.close());
  await events.waitUntilReady();
  return events;
}

function openWorker(
  site: Site,
  work: (job: Job, token?: string) => Promise<unknown>,
  options: Partial<WorkerOptions> = {},
  name = 'jobs',
): Worker {
  const worker = new Worker(name, work, { connection: site.redis(), ...options });
  // What it tells of connections that end with the test is no news.
  worker.on('error', () => {});
  site.atEnd(() => worker.close());
  return worker;
}

/** Resolves once so many jobs have completed, or failed for good. */
function ended(worker: Worker, count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    const one = () => {
      if (--left === 0) resolve();
    };
    worker.on('completed', one);
    worker.on('failed', (job) => {
      if (job === undefined || job.finishedOn !== undefined) one();
    });
  });
}

onBothSites('BullMQ', (site) => {
  test('works off a queue in order, and keeps what came of it', async () => {
    const queue = openQueue(site);
    const jobs = await queue.addBulk(
      [1, 2, 3, 4, 5].map((n) => ({ name: 'square', data: { n, text: 'é–✓' } })),
    );
    expect(await queue.getJobCounts('waiting', 'active', 'completed')).toEqual({
      waiting: 5,
      active: 0,
      completed: 0,
    });
    const seen: number[] = [];
    const worker = openWorker(site, (job) => {
      seen.push(job.data.n);
      return Promise.resolve({ square: job.data.n ** 2 });
    });
    await ended(worker, 5);
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    const third = await queue.getJob(jobs[2]!.id!);
    expect(third?.returnvalue).toEqual({ square: 9 });
    expect(third?.data).toEqual({ n: 3, text: 'é–✓' });
    expect(await third?.getState()).toBe('completed');
    expect(await queue.getJobCounts('waiting', 'active', 'completed')).toEqual({
      waiting: 0,
      active: 0,
      completed: 5,
    });
    expect((await queue.getCompleted()).map((job) => job.data.n)).toEqual([5, 4, 3, 2, 1]);
  });

  test('tells of results, progress and ends to those who listen', async () => {
    const queue = openQueue(site);
    const events = await openEvents(site);
    const progress: unknown[] = [];
    events.on('progress', ({ data }) => progress.push(data));
    openWorker(site, async (job) => {
      await job.updateProgress(50);
      await job.updateProgress({ at: 'the end' });
      await job.log('a line');
      return 'done';
    });
    const job = await queue.add('one', {});
    expect(await job.waitUntilFinished(events, 10_000)).toBe('done');
    expect(progress).toEqual([50, { at: 'the end' }]);
    expect(await queue.getJobLogs(job.id!)).toEqual({ logs: ['a line'], count: 1 });
  });

  test('delays jobs, and lets them go early', async () => {
    const queue = openQueue(site);
    const later = await queue.add('later', {}, { delay: 60_000 });
    await queue.add('soon', {}, { delay: 60 });
    expect(await queue.getDelayedCount()).toBe(2);
    const names: string[] = [];
    const worker = openWorker(site, (job) => {
      names.push(job.name);
      return Promise.resolve();
    });
    await ended(worker, 1);
    expect(names).toEqual(['soon']);
    const last = ended(worker, 1);
    await later.promote();
    await last;
    expect(names).toEqual(['soon', 'later']);
    expect(await queue.getDelayedCount()).toBe(0);
  });

  test('puts what is urgent first', async () => {
    const queue = openQueue(site);
    for (const priority of [5, 1, 3, 0, 1]) await queue.add(`p${priority}`, {}, { priority });
    expect(await queue.getCountsPerPriority([0, 1, 3, 5])).toEqual({ 0: 1, 1: 2, 3: 1, 5: 1 });
    const names: string[] = [];
    const worker = openWorker(site, (job) => {
      names.push(job.name);
      return Promise.resolve();
    });
    await ended(worker, 5);
    expect(names).toEqual(['p0', 'p1', 'p1', 'p3', 'p5']);
  });

  test('repeats by a scheduler', async () => {
    const queue = openQueue(site);
    await queue.upsertJobScheduler('often', { every: 50, limit: 3 }, { name: 'tick', data: { of: 'clock' } });
    expect(await queue.getJobSchedulersCount()).toBe(1);
    const seen: unknown[] = [];
    const worker = openWorker(site, (job) => {
      seen.push(job.data);
      return Promise.resolve();
    });
    await ended(worker, 3);
    expect(seen).toEqual([{ of: 'clock' }, { of: 'clock' }, { of: 'clock' }]);
    await queue.upsertJobScheduler('daily', { pattern: '0 0 12 * * *' }, { name: 'noon' });
    expect((await queue.getJobScheduler('daily'))?.pattern).toBe('0 0 12 * * *');
    expect(await queue.removeJobScheduler('daily')).toBe(true);
    expect(await queue.removeJobScheduler('daily')).toBe(false);
  });

  test('tries again what fails, and gives up in the end', async () => {
    const queue = openQueue(site);
    const attempts: number[] = [];
    const worker = openWorker(site, (job) => {
      attempts.push(job.attemptsMade);
      return job.name === 'never' || job.attemptsMade < 2
        ? Promise.reject(new Error(`not ${job.attemptsMade}`))
        : Promise.resolve('at last');
    });
    const isOver = ended(worker, 2);
    const third = await queue.add(
      'third time',
      {},
      { attempts: 3, backoff: { type: 'exponential', delay: 10 } },
    );
    const never = await queue.add('never', {}, { attempts: 2, backoff: 5 });
    await isOver;
    expect(attempts.sort()).toEqual([0, 0, 1, 1, 2]);
    expect(await third.getState()).toBe('completed');
    expect(await never.getState()).toBe('failed');
    expect((await queue.getJob(never.id!))?.failedReason).toBe('not 1');
    expect(await queue.getFailedCount()).toBe(1);
    await queue.retryJobs({ state: 'failed' });
    await ended(worker, 1);
    expect(await queue.getFailedCount()).toBe(1);
  });

  test('runs children before their parents', async () => {
    const flows = new FlowProducer({ connection: site.redis() });
    site.atEnd(() => flows.close());
    const order: string[] = [];
    const worker = openWorker(site, async (job) => {
      order.push(job.name);
      const values = Object.values(await job.getChildrenValues()) as number[];
      return job.data.value ?? values.reduce((sum, value) => sum + value, 0);
    });
    const isOver = ended(worker, 5);
    const tree = await flows.add({
      name: 'total',
      queueName: 'jobs',
      children: [
        { name: 'a', queueName: 'jobs', data: { value: 1 } },
        { name: 'b', queueName: 'jobs', data: { value: 20 } },
        {
          name: 'sum',
          queueName: 'jobs',
          children: [{ name: 'c', queueName: 'jobs', data: { value: 300 } }],
        },
      ],
    });
    await isOver;
    expect(order.at(-1)).toBe('total');
    expect(order.indexOf('sum')).toBeGreaterThan(order.indexOf('c'));
    const total = await openQueue(site).getJob(tree.job.id!);
    expect(total?.returnvalue).toBe(321);
  });

  test('fails a parent whose child fails', async () => {
    const flows = new FlowProducer({ connection: site.redis() });
    site.atEnd(() => flows.close());
    const worker = openWorker(site, () => Promise.reject(new Error('child is ill')));
    const isOver = ended(worker, 2);
    const tree = await flows.add({
      name: 'parent',
      queueName: 'jobs',
      children: [{ name: 'child', queueName: 'jobs', opts: { failParentOnFailure: true } }],
    });
    await isOver;
    expect(await tree.job.getState()).toBe('failed');
  });

  test('works no faster than it may', async () => {
    const queue = openQueue(site);
    await queue.addBulk(Array.from({ length: 5 }, (_, n) => ({ name: `j${n}`, data: {} })));
    const atMs: number[] = [];
    const worker = openWorker(
      site,
      () => {
        atMs.push(Date.now());
        return Promise.resolve();
      },
      { limiter: { max: 2, duration: 150 } },
    );
    await ended(worker, 5);
    // Of any three that follow each other, the last is in another window than the first.
    expect(atMs[4]! - atMs[0]!).toBeGreaterThanOrEqual(150);
  });

  test('lets a worker say that it must slow down', async () => {
    const queue = openQueue(site);
    let refusals = 0;
    const worker: Worker = openWorker(
      site,
      async () => {
        if (refusals++ > 0) return 'ok';
        await worker.rateLimit(50);
        throw Worker.RateLimitError();
      },
      { limiter: { max: 100, duration: 1000 } },
    );
    const isOver = ended(worker, 1);
    const job = await queue.add('one', {});
    await isOver;
    expect((await queue.getJob(job.id!))?.returnvalue).toBe('ok');
    expect(Worker.RateLimitError()).toBeInstanceOf(RateLimitError);
  });

  test('takes jobs from workers that died', async () => {
    const queue = openQueue(site);
    await queue.add('left', { of: 'somebody' });
    const dead = openWorker(site, () => Promise.resolve(), {
      autorun: false,
      lockDuration: 40,
      skipStalledCheck: true,
    });
    const job = await dead.getNextJob('its token');
    expect(await job?.getState()).toBe('active');
    const stalled: string[] = [];
    const alive = openWorker(site, (left) => Promise.resolve(left.data.of), {
      stalledInterval: 50,
      lockDuration: 40,
    });
    alive.on('stalled', (id) => stalled.push(id));
    await ended(alive, 1);
    expect(stalled).toEqual([job!.id]);
    expect((await queue.getJob(job!.id!))?.returnvalue).toBe('somebody');
    await expect(job!.moveToCompleted('late', 'its token', false)).rejects.toThrow(
      /Missing lock|not in the active/,
    );
  });

  test('works on several at a time, and with several workers', async () => {
    const queue = openQueue(site);
    await queue.addBulk(Array.from({ length: 60 }, (_, n) => ({ name: 'n', data: { n } })));
    const seen = new Set<number>();
    const work = (job: Job) => {
      seen.add(job.data.n);
      return new Promise((resolve) => setImmediate(resolve));
    };
    const first = openWorker(site, work, { concurrency: 5 });
    const second = openWorker(site, work, { concurrency: 5 });
    await new Promise<void>((resolve) => {
      let left = 60;
      for (const worker of [first, second]) {
        worker.on('completed', () => {
          if (--left === 0) resolve();
        });
      }
    });
    expect(seen.size).toBe(60);
    expect(await queue.getCompletedCount()).toBe(60);
  });

  test('knows doubles, pauses, drains, cleans and forgets', async () => {
    const queue = openQueue(site);
    const options = { deduplication: { id: 'only one', ttl: 60_000 } };
    const [one, two] = [await queue.add('a', {}, options), await queue.add('b', {}, options)];
    expect(two.id).toBe(one.id);
    await queue.add('own id', {}, { jobId: 'mine' });
    await queue.add('own id', {}, { jobId: 'mine' });
    expect(await queue.count()).toBe(2);
    await queue.pause();
    expect(await queue.isPaused()).toBe(true);
    await queue.resume();
    await (await queue.getJob('mine'))!.remove();
    expect(await queue.count()).toBe(1);
    await queue.drain();
    expect(await queue.count()).toBe(0);
    const worker = openWorker(site, () => Promise.resolve());
    const isOver = ended(worker, 3);
    await queue.addBulk([1, 2, 3].map((n) => ({ name: 'n', data: { n } })));
    await isOver;
    expect(await queue.clean(0, 2, 'completed')).toHaveLength(2);
    expect(await queue.getCompletedCount()).toBe(1);
    await worker.close();
    await queue.obliterate({ force: true });
    expect(await site.redis().keys('bull:jobs:*')).toEqual([]);
  });

  test('keeps only as many as it is told, and counts', async () => {
    const queue = openQueue(site);
    const worker = openWorker(site, () => Promise.resolve(), {
      removeOnComplete: { count: 2 },
      metrics: { maxDataPoints: 10 },
    });
    const isOver = ended(worker, 6);
    await queue.addBulk([1, 2, 3, 4, 5, 6].map((n) => ({ name: 'n', data: { n } })));
    await isOver;
    expect(await queue.getCompletedCount()).toBe(2);
    expect((await queue.getMetrics('completed')).meta.count).toBe(6);
  });

  test('works over node-redis too', async () => {
    const queue = new Queue('jobs', { connection: await site.nodeRedis() });
    site.atEnd(() => queue.close());
    const worker = new Worker('jobs', (job) => Promise.resolve(job.data.n + 1), {
      connection: await site.nodeRedis(),
    });
    worker.on('error', () => {});
    site.atEnd(() => worker.close());
    const isOver = ended(worker, 3);
    const jobs = await queue.addBulk(
      [1, 2, 3].map((n) => ({ name: 'n', data: { n }, opts: { delay: n * 5 } })),
    );
    await isOver;
    const results = await Promise.all(jobs.map(async ({ id }) => (await queue.getJob(id!))?.returnvalue));
    expect(results).toEqual([2, 3, 4]);
  });
});
