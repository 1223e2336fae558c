import Bull from 'bull';
import { expect, test } from 'vitest';
import { onBothSites, type Site } from './sites.ts';

function openQueue(site: Site): Bull.Queue {
  const queue = new Bull('jobs', {
    createClient: () => site.redis({ enableReadyCheck: false }),
    settings: { stalledInterval: 0 },
  });
  site.atEnd(() => queue.close());
  return queue;
}

onBothSites('Bull', (site) => {
  test('works off jobs by priority, delays and tries again', async () => {
    const queue = openQueue(site);
    await queue.add('low', {}, { priority: 10 });
    await queue.add('high', {}, { priority: 1 });
    await queue.add('again', {}, { priority: 20, attempts: 2 });
    await queue.add('later', {}, { delay: 40 });
    const names: string[] = [];
    const isOver = new Promise<void>((resolve) => {
      queue.on('completed', (job) => {
        if (job.name === 'later') resolve();
      });
    });
    void queue.process('*', (job) => {
      names.push(job.name);
      if (job.name === 'again' && job.attemptsMade === 0) return Promise.reject(new Error('once more'));
      return Promise.resolve({ of: job.name });
    });
    await isOver;
    expect(names.slice(0, 3)).toEqual(['high', 'low', 'again']);
    expect(names.filter((name) => name === 'again')).toHaveLength(2);
    const counts = await queue.getJobCounts();
    expect(counts).toMatchObject({ waiting: 0, delayed: 0, failed: 0 });
    expect((await queue.getCompleted()).map((job) => job.returnvalue.of).sort()).toEqual([
      'again',
      'high',
      'later',
      'low',
    ]);
  });

  test('pauses, empties and cleans', async () => {
    const queue = openQueue(site);
    await queue.pause();
    await queue.addBulk([1, 2, 3].map((n) => ({ data: { n } })));
    expect(await queue.getPausedCount()).toBe(3);
    await queue.empty();
    expect(await queue.count()).toBe(0);
    await queue.resume();
    const job = await queue.add({ n: 4 }, { jobId: 'own' });
    expect(await job.getState()).toBe('waiting');
    await job.remove();
    expect(await queue.getJob('own')).toBe(null);
  });
});
