/**
 * A pool of workers on a stream: producers add jobs, a group of workers shares them, and when one dies in the middle of a
 * job, another claims it. Nothing is lost, and nothing is acknowledged twice.
 *
 *     npx tsx examples/worker-pool.ts
 */
import { pathToFileURL } from 'node:url';
import { Store } from '../src/index.ts'; // in your program: from 'lodis'

const JOBS = 'jobs';
const GROUP = 'workers';
const SET_ASIDE = 'jobs:failed';
/** Who has had a job for so long is taken for dead: longer than any job should take. */
const PATIENCE_MS = 400;
/** A job that so many died of is given to nobody else. */
const MOST_ATTEMPTS = 3;
const LOOK_EVERY_MS = 10;

/** What can be told of a job. */
export type JobEvent = 'added' | 'taken' | 'done' | 'too late' | 'set aside';

/** Where the pool is: its store, its time, and who is told what happens. */
export interface Pool {
  readonly store: Store;
  sleep(ms: number): Promise<void>;
  tell(event: JobEvent, who: string, job: string, id: string, attempt: number): void;
}

export interface Producer {
  readonly name: string;
  readonly jobs: readonly string[];
  /** From one job to the next. */
  readonly pauseMs: number;
}

export interface Worker {
  readonly name: string;
  /** Does a job. Who throws in here dies in the middle of it. */
  perform(job: string): Promise<void>;
}

async function produce({ store, sleep, tell }: Pool, { name, jobs, pauseMs }: Producer): Promise<void> {
  for (const job of jobs) {
    // A producer that does not know whether it was heard may say it again: of one name, one is added.
    const id = store.xadd(JOBS, { job }, { idmp: { producer: name, id: job } });
    tell('added', name, job, id, 0);
    await sleep(pauseMs);
  }
}

async function work({ store, tell }: Pool, worker: Worker, signal: AbortSignal): Promise<void> {
  const { name } = worker;
  const entries = store.consume(JOBS, GROUP, name, { claimIdleMs: PATIENCE_MS, signal });
  for await (const entry of entries) {
    const { id, fields, deliveryCount } = entry;
    const job = fields['job'] ?? '';
    const attempt = Number(deliveryCount);
    if (attempt > MOST_ATTEMPTS) {
      store.transaction((tx) => {
        if (tx.xack(JOBS, GROUP, id) === 1) tx.xadd(SET_ASIDE, { job, id });
      });
      tell('set aside', name, job, id, attempt);
      continue;
    }
    tell('taken', name, job, id, attempt);
    await worker.perform(job); // whoever dies in here has not acknowledged, and the entry stays pending
    // It is ours to tell only if nobody lost patience with us, took it over, and was faster.
    tell(entry.ack() ? 'done' : 'too late', name, job, id, attempt);
  }
}

/** Has producers and workers do all there is to do. Resolves to the names of those who died. */
export async function runPool(
  pool: Pool,
  producers: readonly Producer[],
  workers: readonly Worker[],
): Promise<string[]> {
  pool.store.xgroupCreate(JOBS, GROUP, '0', { mkstream: true });
  const closing = new AbortController();
  const dead: string[] = [];
  const production = Promise.all(producers.map((producer) => produce(pool, producer)));
  const shift = Promise.all(
    workers.map((worker) => work(pool, worker, closing.signal).catch(() => dead.push(worker.name))),
  );
  await production;
  while (dead.length < workers.length && !isDrained(pool.store)) await pool.sleep(LOOK_EVERY_MS);
  closing.abort();
  await shift;
  return dead;
}

/** Whether everything that was added was delivered, and everything that was delivered is acknowledged. */
function isDrained(store: Store): boolean {
  return store.xinfoGroups(JOBS).every(({ lag, pending }) => lag === 0 && pending === 0);
}

// ── the story, told in real time ───────────────────────────────────────────────────────────────────────────

async function main(): Promise<void> {
  const startedMs = Date.now();
  const counts = new Map<JobEvent, number>();
  const say = (text: string) => console.log(`${String(Date.now() - startedMs).padStart(5)} ms  ${text}`);
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const store = new Store();
  const pool: Pool = {
    store,
    sleep,
    tell: (event, who, job, _id, attempt) => {
      counts.set(event, (counts.get(event) ?? 0) + 1);
      if (event === 'added') say(`${who.padEnd(6)} adds        ${job}`);
      else if (event !== 'taken') say(`${who.padEnd(6)} ${event.padEnd(11)} ${job}`);
      else if (attempt === 1) say(`${who.padEnd(6)} takes       ${job}`);
      else say(`${who.padEnd(6)} takes over  ${job}, which lay for ${PATIENCE_MS} ms (attempt ${attempt})`);
    },
  };

  let begun = 0;
  const careful = async () => sleep(70 + Math.random() * 60);
  const doomed = async (job: string) => {
    await sleep(50);
    if (++begun < 2) return;
    say(`bob    dies in     ${job}`);
    throw new Error('a heart attack');
  };
  const names = (what: string) => [1, 2, 3, 4, 5].map((number) => `${what} ${number}`);
  await runPool(
    pool,
    [
      { name: 'shop', jobs: names('invoice'), pauseMs: 60 },
      { name: 'news', jobs: names('mail'), pauseMs: 80 },
    ],
    [
      { name: 'ada', perform: careful },
      { name: 'bob', perform: doomed },
      { name: 'carol', perform: careful },
    ],
  );

  const [group] = store.xinfoGroups(JOBS);
  console.log(
    [
      '',
      `${counts.get('added')} jobs added, ${counts.get('done')} acknowledged, ${counts.get('taken')} times taken.`,
      `Undelivered: ${group?.lag}. Delivered and unacknowledged: ${group?.pending}. Consumers of the group:`,
      ...store
        .xinfoConsumers(JOBS, GROUP)
        .map(
          ({ name, pending, inactive }) =>
            `  ${name.padEnd(6)} ${pending} pending, active ${inactive} ms ago`,
        ),
    ].join('\n'),
  );
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
