/**
 * How everything here is measured: the contestants of a comparison take turns in one process, round after round, so
 * that whatever else the machine does hits all of them alike; what is reported is the median, over the rounds, of
 * the ratio of their times within one round. Absolute times depend on the machine and are not printed.
 *
 * The time of what runs in this process alone is the processor time it took: on a busy machine the clock on the wall
 * measures the neighbours. Where one contestant is another process, or waits, all are measured by the clock, and the
 * fastest rounds are compared.
 */

/** What the command line asked for. */
export interface Settings {
  /** Fewer rounds and smaller data: to see that everything runs, not to believe the figures. */
  readonly isQuick: boolean;
  /** One of very many comparisons, each of which gets little time. */
  readonly isBrief?: boolean;
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
  /** Whether it waits for something, such as another process. */
  readonly isWaiting?: boolean;
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
  /** The time of an operation in the fastest round: for times by the clock, which preemption only ever makes longer. */
  readonly fastestNs: ReadonlyMap<string, number>;
  /** The median time of an operation, for ratios between contestants other than the first. */
  readonly medianNs: ReadonlyMap<string, number>;
}

const MAX_ROUNDS = 101;
const FULL = { leastRounds: 9, budgetMs: 800, warmUpMs: 100 };
const BRIEF = { leastRounds: 9, budgetMs: 150, warmUpMs: 40 };
const QUICK = { leastRounds: 3, budgetMs: 100, warmUpMs: 20 };

/** Lets the contestants take turns; the first is the subject, the others its peers. */
export async function compare(
  title: string,
  operations: number,
  contestants: readonly Contestant[],
  { isQuick, isBrief }: Settings,
): Promise<Comparison> {
  progress(title);
  const { leastRounds, budgetMs, warmUpMs } = isQuick ? QUICK : isBrief === true ? BRIEF : FULL;
  for (const contestant of contestants) await warmUp(contestant, warmUpMs);
  const clock = contestants.some(({ isWaiting }) => isWaiting === true) ? wallNs : processorNs;
  const times = contestants.map((): number[] => []);
  const started = performance.now();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (round >= leastRounds && performance.now() - started > budgetMs) break;
    // There and back: who runs after another finds what that one left in the caches, and its garbage.
    for (let turn = 0; turn < contestants.length; turn++) {
      const at = round % 2 === 0 ? turn : contestants.length - 1 - turn;
      const contestant = contestants[at]!;
      await contestant.prepare?.();
      times[at]!.push((await timed(contestant, clock)) / (contestant.operations ?? operations));
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
    fastestNs: new Map(times.map((all, at) => [contestants[at]!.name, Math.min(...all)])),
    medianNs: new Map(times.map((all, at) => [contestants[at]!.name, quartiles(all).median])),
  };
}

async function warmUp(contestant: Contestant, leastMs: number): Promise<void> {
  const started = performance.now();
  for (let run = 0; run < 2 || performance.now() - started < leastMs; run++) {
    await contestant.prepare?.();
    await timed(contestant, wallNs);
  }
}

function wallNs(): number {
  return performance.now() * 1e6;
}

/** Of all threads of this process, so that whoever makes garbage pays for its collection. */
function processorNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** The time of one run in nanoseconds. */
async function timed(contestant: Contestant, clock: () => number): Promise<number> {
  const started = clock();
  const result = contestant.run();
  // Only those who wait are awaited: a turn of the microtask queue is no part of a synchronous call.
  const value = typeof result === 'number' ? result : await result;
  const elapsedNs = clock() - started;
  consume(value);
  return elapsedNs;
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
