import { Blocked } from '../../../src/blocking/blocked.ts';
import { BlockingOperations } from '../../../src/blocking/blocking-operations.ts';
import type { Waiter } from '../../../src/blocking/waiter.ts';
import { waitersOf } from '../../../src/blocking/waiters.ts';
import type { ByteString } from '../../../src/bytes/byte-string.ts';
import { ReplyError } from '../../../src/errors.ts';
import type { Raw } from '../../../src/keyspace/operations.ts';
import { RawView } from '../../../src/session/raw-view.ts';
import { registry } from '../../../src/session/registry.ts';
import type { Store } from '../../../src/store.ts';
import type { ReplyNode } from '../../../src/wire/resp/reply-node.ts';
import { ReplyParser } from '../../../src/wire/resp/reply-parser.ts';
import { RespWriter } from '../../../src/wire/resp/resp-writer.ts';

type Tokens = readonly ByteString[];

/** The least a session has to do about commands that wait: runs tokens, and replies at once or later. */
export class WaitingClient {
  readonly replies: ReplyNode[] = [];
  private readonly store: Store;
  private readonly view: RawView;
  private readonly blocking: BlockingOperations<Raw>;
  private readonly writer = new RespWriter();
  private readonly parser = new ReplyParser();
  private waiter: Waiter | undefined;

  constructor(store: Store, protocol: 2 | 3 = 2) {
    this.store = store;
    this.view = new RawView(store.keyspace, 0);
    this.blocking = new BlockingOperations<Raw>(this.view);
    this.writer.protocol = protocol;
  }

  get isWaiting(): boolean {
    return this.waiter !== undefined;
  }

  /** How long its last wait is, or was, to last; 0 for ever. */
  timeoutMs = 0;

  /** Runs a command of its own; then all are served who can be. */
  run(tokens: Tokens): void {
    this.execute(tokens, true);
    this.store.keyspace.waiters?.serve();
  }

  /** MULTI, the commands, EXEC: nobody waits in there, and all are served in the end. */
  exec(commands: readonly Tokens[]): void {
    const waiters = waitersOf(this.store.keyspace);
    waiters.hold();
    this.writer.array(commands.length);
    for (const tokens of commands) this.execute(tokens, false);
    waiters.release();
    this.take();
  }

  /** Ends its wait from outside. Whether it was waiting. */
  unblock(how: 'timeout' | 'error'): boolean {
    return this.waiter?.unblock(how) ?? false;
  }

  private execute(tokens: Tokens, mayWait: boolean): void {
    try {
      const command = registry.find(tokens);
      if (command.facts.name === 'SELECT') {
        this.view.selectDatabase(Number(tokens[1]));
        this.writer.simple('OK');
      } else if (command.facts.target !== 'blocking') {
        command.run(this.view, tokens, this.writer);
      } else if (!mayWait) {
        command.run(this.blocking, tokens, this.writer);
      } else {
        const { result, reply } = command.evaluate(this.blocking, tokens);
        if (result instanceof Blocked) {
          this.wait(result, (value) => reply.write(value, this.writer));
          return;
        }
        reply.write(result, this.writer);
      }
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      this.writer.error(error);
    }
    if (mayWait) this.take();
  }

  private wait(blocked: Blocked<unknown>, reply: (value: unknown) => void): void {
    const ended = (write: () => void): void => {
      this.waiter = undefined;
      write();
      this.take();
    };
    this.timeoutMs = blocked.timeoutMs;
    this.waiter = waitersOf(this.store.keyspace).wait(blocked, {
      served: (result) => ended(() => reply(result)),
      timedOut: () => ended(() => this.writer.nilArray()),
      failed: (error) => ended(() => this.writer.error(error as ReplyError)),
    });
  }

  private take(): void {
    this.parser.feed(this.writer.take());
    for (let node = this.parser.next(); node !== undefined; node = this.parser.next())
      this.replies.push(node);
  }
}
