import { BlockingOperations } from '../blocking/blocking-operations.ts';
import type { ByteString } from '../bytes/byte-string.ts';
import { errors, ReplyError, traceErrors } from '../errors.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import type { Raw } from '../keyspace/operations.ts';
import type { Command } from '../wire/command.ts';
import type { ReplySink } from '../wire/resp/reply-sink.ts';
import { CommandOperations } from './command-operations.ts';
import { RawView } from './raw-view.ts';
import { registry } from './registry.ts';
import { SessionOperations } from './session-operations.ts';

/** Knows no client's state, so one serves all. */
const commandOperations = new CommandOperations(registry);

/**
 * One client's state on a store, and the door through which its commands come: it finds the command, and runs it on
 * the view of the database the client has selected.
 */
export class Session {
  readonly view: RawView;
  private readonly operations: SessionOperations;
  private readonly blocking: BlockingOperations<Raw>;

  constructor(keyspace: Keyspace) {
    this.view = new RawView(keyspace, 0);
    this.operations = new SessionOperations(this);
    this.blocking = new BlockingOperations<Raw>(this.view);
  }

  /** Has all further commands work on this database. */
  selectDatabase(index: number): void {
    if (this.view.keyspace.databases[index] === undefined) throw errors.databaseOutOfRange();
    this.view.selectDatabase(index);
  }

  /**
   * Runs one command and writes exactly one reply. An error Redis would reply with is written; anything else that
   * is thrown is a defect and comes out.
   */
  execute(tokens: readonly ByteString[], sink: ReplySink): void {
    const wasTracing = traceErrors(false);
    try {
      const command = registry.find(tokens);
      command.run(this.targetOf(command), tokens, sink);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      sink.error(error);
    } finally {
      traceErrors(wasTracing);
    }
  }

  /** What the command's methods are called on. */
  private targetOf(
    command: Command,
  ): RawView | SessionOperations | CommandOperations | BlockingOperations<Raw> {
    switch (command.facts.target) {
      case 'session':
        return this.operations;
      case 'commands':
        return commandOperations;
      case 'blocking':
        return this.blocking;
      default:
        return this.view;
    }
  }
}
