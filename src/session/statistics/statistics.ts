import { CountedError, type ReplyError } from '../../errors.ts';
import type { Command } from '../../wire/command.ts';
import { CommandStatistics } from './command-statistics.ts';
import { Rate } from './rate.ts';

/** So many kinds of errors are no kinds: somebody makes up codes. Errors are then no longer told apart. */
const MOST_ERROR_CODES = 128;
const NOT_TOLD_APART = 'ERRORSTATS_DISABLED';

/** What INFO counts and CONFIG RESETSTAT begins anew. */
export class Statistics {
  /** Connections that came. */
  connections = 0;
  /** Commands that ran. */
  commandCount = 0;
  /** Bytes that came from clients on byte streams. */
  inputBytes = 0;
  /** Bytes that went to them. */
  outputBytes = 0;
  /** How often bytes came, and how often they were handed over. */
  reads = 0;
  writes = 0;
  /** Clients that were cut off: what they had sent, or what was written for them, was too much. */
  inputLimitCutOffs = 0;
  outputLimitCutOffs = 0;
  /** Replies that were errors. */
  errorCount = 0;
  readonly commands = new CommandStatistics();
  /** Errors by their first word. */
  readonly errors = new Map<string, number>();

  private readonly commandRate = new Rate();
  private readonly inputRate = new Rate();
  private readonly outputRate = new Rate();

  /** A command has run. */
  ran(command: Command, durationMs: number): void {
    this.commandCount++;
    this.commands.ran(command, durationMs);
  }

  /** A command that ran answered an error. */
  failed(command: Command, error: ReplyError): void {
    this.commands.failed(command);
    this.countError(error);
  }

  /** A command did not come to run. */
  rejected(command: Command | undefined, error: ReplyError): void {
    if (command !== undefined) this.commands.rejected(command);
    this.countError(error);
  }

  /** A reply is an error. */
  countError(error: ReplyError): void {
    if (error instanceof CountedError) return;
    const { code } = error;
    this.errorCount++;
    if (this.errors.has(NOT_TOLD_APART)) return;
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
    if (this.errors.size <= MOST_ERROR_CODES) return;
    this.errors.clear();
    this.errors.set(NOT_TOLD_APART, 1);
  }

  /**
   * How many commands ran in a second, and how many kilobytes came and went, on an average since it was last asked.
   *
   * @param clockMs a reading of the clock by which durations are measured
   */
  ratesAt(clockMs: number): {
    readonly commands: number;
    readonly inputKb: number;
    readonly outputKb: number;
  } {
    return {
      commands: Math.round(this.commandRate.of(this.commandCount, clockMs)),
      inputKb: this.inputRate.of(this.inputBytes, clockMs) / 1024,
      outputKb: this.outputRate.of(this.outputBytes, clockMs) / 1024,
    };
  }

  reset(): void {
    for (const rate of [this.commandRate, this.inputRate, this.outputRate]) rate.reset();
    this.connections = 0;
    this.commandCount = 0;
    this.inputBytes = 0;
    this.outputBytes = 0;
    this.reads = 0;
    this.writes = 0;
    this.inputLimitCutOffs = 0;
    this.outputLimitCutOffs = 0;
    this.errorCount = 0;
    this.commands.reset();
    this.errors.clear();
  }
}
