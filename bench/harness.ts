/**
 * How everything here is measured: the contestants of a comparison take turns in one process, round after round, so
 * that whatever else the machine does hits all of them alike; what is reported is the median, over the rounds, of
 * the ratio of their times within one round. Absolute times depend on the machine and are not printed.
 */

/** What the command line asked for. */
export interface Settings {
  /** Fewer rounds and smaller data: to see that everything runs, not to believe the figures. */
  readonly isQuick: boolean;
}

/** One part of the benchmark: `npm run bench -- --only name`. */
export interface Section {
  readonly name: string;
  readonly title: string;
  run(settings: Settings): void | Promise<void>;
}

/** One of those who are compared. */
export interface Contestant {
  readonly name: string;
  /**
   * Does the work once, and returns something made of all its results, so that no engine can leave the work out.
   * Loops stand in here, not around it: a call per operation would be measured along.
   */
  readonly run: () => number | Promise<number>;
  /** How many operations one run is, where it differs from the comparison's. */
  readonly operations?: number;
  /** Puts things back before each run. Not timed. */
  readonly prepare?: () => void | Promise<void>;
}

/** A ratio of times, over all rounds. */
export interface Ratio {
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

/** What came out: how the first contestant's time relates to each other's. */
export interface Comparison {
  readonly ratios: ReadonlyMap<string, Ratio>;
  /** The median time of an operation, for ratios between comparisons of the same run. */
  readonly medianNs: ReadonlyMap<string, number>;
}

const MIN_ROUNDS = 11;
const MAX_ROUNDS = 101;
const BUDGET_MS = 2000;
const WARM_UP_MS = 150;
const QUICK_ROUNDS = 3;
const QUICK_BUDGET_MS = 100;
const QUICK_WARM_UP_MS = 20;

/** Lets the contestants take turns; the first is the subject, the others its peers. */
export async function compare(
  title: string,
  operations: number,
  contestants: readonly Contestant[],
  { isQuick }: Settings,
): Promise<Comparison> {
  progress(title);
  for (const contestant of contestants) await warmUp(contestant, isQuick ? QUICK_WARM_UP_MS : WARM_UP_MS);
  const times = contestants.map((): number[] => []);
  const started = performance.now();
  const [leastRounds, budgetMs] = isQuick ? [QUICK_ROUNDS, QUICK_BUDGET_MS] : [MIN_ROUNDS, BUDGET_MS];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (round >= leastRounds && performance.now() - started > budgetMs) break;
    // Not always in the same order: who runs first after a collection of garbage pays for it.
    for (let turn = 0; turn < contestants.length; turn++) {
      const at = (turn + round) % contestants.length;
      const contestant = contestants[at]!;
      await contestant.prepare?.();
      times[at]!.push((await timed(contestant)) / (contestant.operations ?? operations));
    }
  }
  const [own, ...others] = times;
  return {
    ratios: new Map(
      others.map((other, at) => [
        contestants[at + 1]!.name,
        quartiles(own!.map((time, round) => time / other[round]!)),
      ]),
    ),
    medianNs: new Map(times.map((all, at) => [contestants[at]!.name, quartiles(all).median])),
  };
}

async function warmUp(contestant: Contestant, leastMs: number): Promise<void> {
  const started = performance.now();
  for (let run = 0; run < 2 || performance.now() - started < leastMs; run++) {
    await contestant.prepare?.();
    await timed(contestant);
  }
}

/** The time of one run in nanoseconds. */
async function timed(contestant: Contestant): Promise<number> {
  const started = process.hrtime.bigint();
  const result = contestant.run();
  // Only those who wait are awaited: a turn of the microtask queue is no part of a synchronous call.
  consume(typeof result === 'number' ? result : await result);
  return Number(process.hrtime.bigint() - started);
}

let consumed = 0;

/** Makes sure that a result counts as used. */
export function consume(result: number): void {
  consumed = (consumed + result) % 1_000_003;
  if (Number.isNaN(consumed)) throw new Error('a run answered NaN: it did not do what it should');
}

export function quartiles(values: readonly number[]): Ratio {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { median: at(0.5), lowerQuartile: at(0.25), upperQuartile: at(0.75) };
}

/** A line on stderr that says what is being measured, replaced by the next where it is a terminal. */
export function progress(what: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K… ${what}` : `… ${what}\n`);
}

export function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
}
