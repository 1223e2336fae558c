import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JobEvent, type Producer, runPool, type Worker } from '../../examples/worker-pool.ts';
import { Store } from '../../src/index.ts';
import { toldBy } from '../support/told.ts';
import { settled } from '../support/turns.ts';

// The pool of workers, in many random schedules: who is how fast, and who dies when. Time is the test's.

const STEP_MS = 10;
const LONGEST_MS = 600_000;
const MOST_ATTEMPTS = 3;

interface Told {
  readonly event: JobEvent;
  readonly who: string;
  readonly job: string;
  readonly id: string;
  readonly attempt: number;
}

/** A worker whose jobs take so long, one after the other and again from the start; it dies in the middle of some job. */
interface Fate {
  readonly pacesMs: readonly number[];
  /** In the middle of its how manieth job, from 0; never, if it has not so many. */
  readonly diesInJob: number | undefined;
}

interface Schedule {
  readonly producers: readonly { readonly jobs: number; readonly pauseMs: number }[];
  readonly fates: readonly Fate[];
}

/** A store and its time, which passes while everybody waits. */
class Simulation {
  readonly store = new Store({ clock: { now: () => 1_800_000_000_000 } });
  readonly told: Told[] = [];
  /** Jobs that were done to the end, whoever is told so. */
  readonly performed: string[] = [];
  private nowMs = 0;
  private sleepers: { readonly dueMs: number; readonly wake: () => void }[] = [];

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((wake) => this.sleepers.push({ dueMs: this.nowMs + ms, wake }));

  readonly tell = (event: JobEvent, who: string, job: string, id: string, attempt: number): void => {
    this.told.push({ event, who, job, id, attempt });
  };

  /** Time passes until it is done. */
  async until<T>(all: Promise<T>): Promise<T> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    all.then(over, over);
    for (await settled(); !isOver; await settled()) {
      if (this.nowMs > LONGEST_MS) throw new Error('it does not end');
      this.nowMs += STEP_MS;
      this.store.advance(STEP_MS);
      const due = this.sleepers.filter(({ dueMs }) => dueMs <= this.nowMs);
      this.sleepers = this.sleepers.filter(({ dueMs }) => dueMs > this.nowMs);
      for (const { wake } of due) wake();
    }
    return all;
  }

  worker(name: string, { pacesMs, diesInJob }: Fate): Worker {
    let begun = 0;
    return {
      name,
      perform: async (job) => {
        const number = begun++;
        await this.sleep(pacesMs[number % pacesMs.length]!);
        if (number === diesInJob) throw new Error('dead');
        this.performed.push(job);
      },
    };
  }
}

async function play({ producers, fates }: Schedule) {
  const simulation = new Simulation();
  const { store, told, performed } = simulation;
  const { effects } = toldBy(store);
  const cast = producers.map(
    ({ jobs, pauseMs }, at): Producer => ({
      name: `producer ${at}`,
      jobs: Array.from({ length: jobs }, (_, number) => `job ${at}.${number}`),
      pauseMs,
    }),
  );
  const workers = fates.map((fate, at) => simulation.worker(`worker ${at}`, fate));
  const dead = await simulation.until(runPool(simulation, cast, workers));
  const of = (...events: JobEvent[]) => told.filter(({ event }) => events.includes(event));
  const acknowledged = effects
    .map((effect) => effect.split(' '))
    .filter(([name]) => name === 'XACK')
    .flatMap(([, , , ...ids]) => ids);
  store.keyspace.checkInvariants();
  return { store, of, performed, dead, acknowledged };
}

const fate = (diesInJob: fc.Arbitrary<number | undefined>): fc.Arbitrary<Fate> =>
  fc.record({
    // Some jobs take longer than the pool has patience for: then somebody else takes them over too.
    pacesMs: fc.array(
      fc.integer({ min: 0, max: 60 }).map((steps) => steps * STEP_MS),
      { minLength: 1, maxLength: 6 },
    ),
    diesInJob,
  });

const schedules: fc.Arbitrary<Schedule> = fc.record({
  producers: fc.array(
    fc.record({
      jobs: fc.integer({ min: 1, max: 8 }),
      pauseMs: fc.integer({ min: 1, max: 10 }).map((steps) => steps * STEP_MS),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  fates: fc
    .tuple(
      fate(fc.constant(undefined)),
      fc.array(fate(fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined })), { maxLength: 6 }),
    )
    .chain(([survivor, others]) =>
      fc.shuffledSubarray([survivor, ...others], { minLength: others.length + 1 }),
    ),
});

const sorted = (texts: readonly string[]) => [...texts].sort();

describe('a pool of workers', () => {
  it('loses no job and acknowledges none twice, whoever dies when', async () => {
    let deaths = 0;
    let takenOver = 0;
    let late = 0;
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        const { store, of, performed, dead, acknowledged } = await play(schedule);
        const added = of('added').map(({ id }) => id);
        expect(added).toHaveLength(schedule.producers.reduce((sum, { jobs }) => sum + jobs, 0));
        // Each job has one end, by what the workers say and by what the store did.
        expect(sorted(of('done', 'set aside').map(({ id }) => id))).toEqual(sorted(added));
        expect(sorted(acknowledged)).toEqual(sorted(added));
        // What is said to be done was done; what is not, was tried often enough and is kept elsewhere.
        for (const { job } of of('done')) expect(performed).toContain(job);
        const setAside = of('set aside').map(({ id }) => id);
        const attempts = of('taken').filter(({ id }) => setAside.includes(id));
        expect(attempts).toHaveLength(setAside.length * MOST_ATTEMPTS);
        const kept = store.xrange('jobs:failed', '-', '+').map(({ fields }) => fields['id'] ?? '');
        expect(kept).toEqual(setAside);
        // Nothing is left to do, nobody has anything, and nobody else has died.
        expect(store.xinfoGroups('jobs')).toMatchObject([
          { pending: 0, lag: 0, entriesRead: added.length, lastDeliveredId: added.at(-1) },
        ]);
        for (const { pending } of store.xinfoConsumers('jobs', 'workers')) expect(pending).toBe(0);
        expect(dead.length).toBeLessThanOrEqual(
          schedule.fates.filter(({ diesInJob }) => diesInJob !== undefined).length,
        );
        deaths += dead.length;
        takenOver += of('taken').filter(({ attempt }) => attempt > 1).length;
        late += of('too late').length;
      }),
      { seed: 20_261_121, numRuns: 60 },
    );
    // The schedules were worth playing.
    expect([deaths > 20, takenOver > 20, late > 20]).toEqual([true, true, true]);
  });

  it('waits as long as it is patient, and then somebody takes the job over', async () => {
    const { of, dead } = await play({
      producers: [{ jobs: 3, pauseMs: 10 }],
      fates: [
        { pacesMs: [100], diesInJob: 0 },
        { pacesMs: [50], diesInJob: undefined },
      ],
    });
    expect(dead).toEqual(['worker 0']);
    expect(of('taken', 'done').map(({ event, who, job, attempt }) => [event, who, job, attempt])).toEqual([
      ['taken', 'worker 0', 'job 0.0', 1],
      ['taken', 'worker 1', 'job 0.1', 1],
      ['done', 'worker 1', 'job 0.1', 1],
      ['taken', 'worker 1', 'job 0.2', 1],
      ['done', 'worker 1', 'job 0.2', 1],
      ['taken', 'worker 1', 'job 0.0', 2],
      ['done', 'worker 1', 'job 0.0', 2],
    ]);
  });

  it('puts a job aside that three have died of', async () => {
    const { of, dead } = await play({
      producers: [{ jobs: 1, pauseMs: 10 }],
      fates: [0, 0, 0, undefined].map((diesInJob) => ({ pacesMs: [10], diesInJob })),
    });
    expect(dead).toHaveLength(3);
    expect(of('set aside')).toMatchObject([{ job: 'job 0.0', attempt: 4 }]);
  });

  it('leaves the jobs in the stream if everybody dies', async () => {
    const { store, of, dead } = await play({
      producers: [{ jobs: 3, pauseMs: 10 }],
      fates: [{ pacesMs: [10], diesInJob: 1 }],
    });
    expect([dead, of('done').length]).toEqual([['worker 0'], 1]);
    expect(store.xinfoGroups('jobs')).toMatchObject([{ pending: 1, lag: 1 }]);
  });

  it('tells a story when it is run by hand', async () => {
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', `${root}examples/worker-pool.ts`],
      { cwd: root },
    );
    expect(stderr).toBe('');
    const [, taken] = /^10 jobs added, 10 acknowledged, (\d+) times taken\.$/m.exec(stdout) ?? [];
    expect(Number(taken)).toBeGreaterThan(10);
    expect(stdout).toMatch(/^ *\d+ ms {2}bob {4}dies in {5}\w+ \d$/m);
    expect(stdout).toMatch(/takes over {2}\w+ \d, which lay for 400 ms \(attempt 2\)$/m);
    expect(stdout).toContain('Undelivered: 0. Delivered and unacknowledged: 0.');
  });
});
