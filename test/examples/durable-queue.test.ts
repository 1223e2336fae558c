import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DurableQueue } from '../../examples/durable-queue.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lodis-queue-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a queue that survives kill -9', () => {
  it('has on the disk what it has answered, at each moment', async () => {
    const [data, copy] = [join(folder, 'data'), join(folder, 'copy')];
    const queue = await DurableQueue.open(data);
    /** What a process that starts now would find, if this one were killed. */
    const found = async () => {
      rmSync(copy, { recursive: true, force: true });
      for (const files of ['appendonlydir'])
        cpSync(join(data, files), join(copy, files), { recursive: true });
      const other = await DurableQueue.open(copy);
      const state = { ...other.counts(), results: other.results() };
      await other.close();
      return state;
    };
    expect(queue.add(['a', 'b'])).toBe(2);
    expect(await found()).toEqual({ waiting: 2, taken: 0, done: 0, results: {} });
    expect(queue.take()).toBe('a');
    expect(queue.counts()).toEqual({ waiting: 1, taken: 1, done: 0 });
    // Who was taken waits again, after a crash.
    expect(await found()).toEqual({ waiting: 2, taken: 0, done: 0, results: {} });
    queue.done('a', 'well');
    expect(await found()).toEqual({ waiting: 1, taken: 0, done: 1, results: { a: 'well' } });
    await queue.close();
    expect(() => queue.add(['c'])).toThrow('the store is closed');
  });

  it('begins again with what was under way', async () => {
    const queue = await DurableQueue.open(folder);
    queue.add(['a', 'b', 'c']);
    queue.take();
    queue.take();
    await queue.close();
    const again = await DurableQueue.open(folder);
    expect([again.take(), again.take(), again.take(), again.take()]).toEqual(['a', 'b', 'c', null]);
    await again.close();
  });

  it('tells a story when it is run by hand, and ends by itself', async () => {
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', `${root}examples/durable-queue.ts`, '--folder', folder],
      { cwd: root },
    );
    expect(stderr).toBe('');
    expect(stdout.match(/It was killed\./g)).toHaveLength(2);
    // Of these two one had been taken when the worker was killed, one done.
    expect(stdout.match(/worker has done bill bob/g)).toHaveLength(1);
    expect(stdout.match(/worker has done thank carol/g)).toHaveLength(1);
    expect(stdout.match(/worker takes bill bob/g)).toHaveLength(2);
    expect(stdout).toContain('5 jobs were done, each once; 0 wait, 0 are taken.');
  });
});
