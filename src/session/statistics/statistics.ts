import type { ReplyError } from '../../errors.ts';
import type { Command } from '../../wire/command.ts';
import { CommandStatistics } from './command-statistics.ts';

/** More kinds of errors than this are no kinds: somebody makes up codes. */
const MOST_ERROR_CODES = 128;

/** What INFO counts and CONFIG RESETSTAT begins anew. */
export class Statistics {
  /** Connections that came. */
  connections = 0;
  /** Commands that ran. */
  commandCount = 0;
  /** Replies that were errors. */
  errorCount = 0;
  readonly commands = new CommandStatistics();
  /** Errors by their first word. */
  readonly errors = new Map<string, number>();

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
  countError({ code }: ReplyError): void {
    this.errorCount++;
    const known = this.errors.get(code);
    if (known !== undefined || this.errors.size < MOST_ERROR_CODES) this.errors.set(code, (known ?? 0) + 1);
  }

  reset(): void {
    this.connections = 0;
    this.commandCount = 0;
    this.errorCount = 0;
    this.commands.reset();
    this.errors.clear();
  }
}
