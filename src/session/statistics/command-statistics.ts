import type { Command } from '../../wire/command.ts';
import { LatencyHistogram } from './latency-histogram.ts';

/** What was counted of one command. */
export interface CommandCounts {
  readonly calls: number;
  /** How long all calls took, in milliseconds. */
  readonly durationMs: number;
  /** Calls that were refused before they ran: their number of arguments, their permission. */
  readonly rejectedCalls: number;
  /** Calls that ran and answered an error. */
  readonly failedCalls: number;
  /** Absent while latencies are not tracked. */
  readonly latencies: LatencyHistogram | undefined;
}

/** How many figures are kept for each command: they lie side by side. */
const WIDTH = 4;
const CALLS = 0;
const DURATION = 1;
const REJECTED = 2;
const FAILED = 3;

/**
 * Counts the calls of every command: INFO's `commandstats` and `latencystats`, LATENCY HISTOGRAM.
 *
 * Each command that runs pays a few additions in one array, at a place that its number tells.
 */
export class CommandStatistics {
  private figures = new Float64Array(0);
  private histograms: (LatencyHistogram | undefined)[] = [];
  /** Whether it is kept how long each call took (`latency-tracking`). */
  isTracking = true;

  /** A command has run. */
  ran(command: Command, durationMs: number): void {
    const at = this.placeOf(command);
    this.figures[at + CALLS]!++;
    this.figures[at + DURATION]! += durationMs;
    if (this.isTracking) this.histogramOf(command).record(durationMs);
  }

  /** A command that has run answered an error. */
  failed(command: Command): void {
    this.figures[this.placeOf(command) + FAILED]!++;
  }

  /** A command was refused. */
  rejected(command: Command): void {
    this.figures[this.placeOf(command) + REJECTED]!++;
  }

  /** What was counted of a command. */
  of(command: Command): CommandCounts {
    const at = this.placeOf(command);
    return {
      calls: this.figures[at + CALLS]!,
      durationMs: this.figures[at + DURATION]!,
      rejectedCalls: this.figures[at + REJECTED]!,
      failedCalls: this.figures[at + FAILED]!,
      latencies: this.histograms[command.number],
    };
  }

  /** Begins anew. */
  reset(): void {
    this.figures = new Float64Array(0);
    this.histograms = [];
  }

  private placeOf(command: Command): number {
    const at = command.number * WIDTH;
    if (at >= this.figures.length) this.growBeyond(at);
    return at;
  }

  private histogramOf(command: Command): LatencyHistogram {
    let histogram = this.histograms[command.number];
    if (histogram === undefined) {
      histogram = new LatencyHistogram();
      this.histograms[command.number] = histogram;
    }
    return histogram;
  }

  private growBeyond(at: number): void {
    const grown = new Float64Array(Math.max(2 * at, 1024));
    grown.set(this.figures);
    this.figures = grown;
  }
}
