/**
 * A queue that survives kill -9: what `add`, `take` and `done` have answered is on the disk. Jobs that were under way when
 * the process died are done again, and what a job has brought about is kept together with its end, so each counts once.
 *
 *     npx tsx examples/durable-queue.ts                    a worker that is killed twice amid its work
 *     npx tsx examples/durable-queue.ts --folder ./data    the same, in a folder that stays: look at it with redis-server
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Store } from '../src/index.ts'; // in your program: from 'lodis'
import { nodeFiles } from '../src/persistence/node.ts'; // from 'lodis/node'

/** One process at a time has it open. */
export class DurableQueue {
  private readonly store: Store;

  private constructor(store: Store) {
    this.store = store;
  }

  /** Opens the queue in a folder. Jobs that somebody had taken and not done are waiting again, first of all. */
  static async open(folder: string): Promise<DurableQueue> {
    const store = await Store.open({
      storage: nodeFiles(folder),
      appendonly: true,
      appendfsync: 'always', // each call below returns when what it did is on the disk
      save: false, // the append-only file has everything
    });
    while (store.lmove('taken', 'waiting', 'right', 'left') !== null);
    return new DurableQueue(store);
  }

  /** Adds jobs, all of them or (should the disk be full) none; answers how many wait. */
  add(jobs: readonly string[]): number {
    return this.store.rpush('waiting', [...jobs]);
  }

  /** The next job; null if none waits. */
  take(): string | null {
    return this.store.lmove('waiting', 'taken', 'left', 'right');
  }

  /** A job is done: it goes, and its result comes, in one step. Synced once. */
  done(job: string, result: string): void {
    this.store.transaction((tx) => {
      tx.lrem('taken', 1, job);
      tx.hset('results', [[job, result]]);
      tx.incr('done');
    });
  }

  results(): Record<string, string> {
    return this.store.hgetall('results');
  }

  counts(): { waiting: number; taken: number; done: number } {
    const { store } = this;
    return {
      waiting: store.llen('waiting'),
      taken: store.llen('taken'),
      done: Number(store.get('done') ?? 0),
    };
  }

  close(): Promise<void> {
    return this.store.close();
  }
}

// ── the worker, a process of its own ───────────────────────────────────────────────────────────────────────

async function work(folder: string): Promise<void> {
  const queue = await DurableQueue.open(folder);
  for (let job = queue.take(); job !== null; job = queue.take()) {
    console.log(`takes ${job}`);
    await sleep(20); // what work takes
    queue.done(job, `${job.length} letters`);
    console.log(`has done ${job}`);
  }
  await queue.close();
}

// ── the story ──────────────────────────────────────────────────────────────────────────────────────────────

const JOBS = ['greet ada', 'bill bob', 'thank carol', 'remind dan', 'invite eve'];

/** Has a worker work, and kills it without a warning once it has said this. Answers whether it was killed. */
async function workUntil(folder: string, line: string | undefined): Promise<boolean> {
  const words = [...process.execArgv, fileURLToPath(import.meta.url), '--work', '--folder', folder];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (_code, signal) => resolve(signal));
  });
  for await (const said of createInterface({ input: child.stdout })) {
    console.log(`  worker ${said}`);
    if (said === line) child.kill('SIGKILL');
  }
  return (await ended) === 'SIGKILL';
}

async function main(folder: string): Promise<void> {
  const queue = await DurableQueue.open(folder);
  console.log(`${queue.add(JOBS)} jobs wait.`);
  await queue.close();

  for (const line of ['takes bill bob', 'has done thank carol', undefined]) {
    console.log('A worker begins.');
    if (await workUntil(folder, line)) console.log('It was killed.');
  }

  const after = await DurableQueue.open(folder);
  const { waiting, taken, done } = after.counts();
  console.log(`${done} jobs were done, each once; ${waiting} wait, ${taken} are taken.`);
  console.table(after.results());
  await after.close();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({ options: { folder: { type: 'string' }, work: { type: 'boolean' } } });
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'lodis-queue-'));
  try {
    await (values.work === true ? work(folder) : main(folder));
  } finally {
    if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
  }
}
