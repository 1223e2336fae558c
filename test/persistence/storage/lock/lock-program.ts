import cluster from 'node:cluster';
import { closeSync, mkdirSync, openSync, rmdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { NodeStorage } from '../../../../src/persistence/storage/node-storage.ts';
import { StorageLocked } from '../../../../src/persistence/storage/storage.ts';

// What one process does with a lock: the first argument says what, the second is the folder.

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function outcome(folder: string): Promise<string> {
  try {
    await new NodeStorage(folder).lock();
    return 'locked';
  } catch (failure) {
    const { name, message, code } = failure as { name?: string; message?: string; code?: string };
    return `${failure instanceof StorageLocked ? 'StorageLocked' : (code ?? name)}: ${message}`;
  }
}

/** Takes the lock, says how that went, and stays until it is killed. */
async function hold(folder: string): Promise<void> {
  say(await outcome(folder));
  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line === 'block') for (;;) Math.sqrt(2);
  });
}

/**
 * Waits to be told, then asks for the lock until it has it, and shows that nobody else has it by a folder that must not be
 * there. Then it dies, or lets go, as the third argument says, so many times as the fourth.
 */
async function race(folder: string, end: string, times: number): Promise<void> {
  const storage = new NodeStorage(folder);
  const proof = `${folder}.proof`;
  say('ready');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  process.stdin.pause();
  let refusals = 0;
  for (let won = 0; won < times; ) {
    let release: () => Promise<void>;
    try {
      release = await storage.lock();
    } catch (failure) {
      if (!(failure instanceof StorageLocked)) throw failure;
      refusals++;
      await turn();
      continue;
    }
    won++;
    mkdirSync(proof);
    for (let i = 0; i < 3; i++) await turn();
    rmdirSync(proof);
    // Written at once, so that it is said before the process dies.
    closeSync(openSync(`${folder}.won.${process.pid}.${won}`, 'wx'));
    if (end === 'die') process.kill(process.pid, 'SIGKILL');
    await release();
  }
  say(`refused ${refusals}`);
  process.exit(0);
}

/** A worker thread takes the lock, then another, then one after the first has been ended without letting go. */
async function workers(folder: string): Promise<void> {
  const start = (): { readonly worker: Worker; readonly said: Promise<string> } => {
    const worker = new Worker(new URL(import.meta.url), { workerData: folder });
    return { worker, said: new Promise((resolve) => worker.once('message', resolve)) };
  };
  const first = start();
  say(await first.said);
  const second = start();
  say(await second.said);
  say(await outcome(folder));
  await first.worker.terminate();
  const third = start();
  say(await third.said);
  process.exit(0);
}

/** A worker of a cluster takes the lock and dies; its primary process lives on. */
function inCluster(folder: string): void {
  const worker = cluster.fork();
  worker.once('message', (said) => {
    say(String(said));
    worker.once('exit', async () => {
      say(await outcome(folder));
      process.exit(0);
    });
    process.kill(worker.process.pid as number, 'SIGKILL');
  });
}

if (!isMainThread) {
  const { parentPort } = await import('node:worker_threads');
  parentPort?.postMessage(await outcome(String(workerData)));
  setInterval(() => {}, 1000);
} else if (cluster.isWorker) process.send?.(await outcome(process.argv[3] as string));
else {
  const [, , what, folder = '', end = '', times = '1'] = process.argv;
  if (what === 'hold') await hold(folder);
  else if (what === 'race') await race(folder, end, Number(times));
  else if (what === 'workers') await workers(folder);
  else if (what === 'cluster') inCluster(folder);
  else if (what === 'once') say(await outcome(folder));
}
