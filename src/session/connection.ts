import { type Bytes, toByteString } from '../bytes/byte-string.ts';
import { ReplyError, traceFromHere } from '../errors.ts';
import type { Store } from '../store.ts';
import type { Reply } from '../wire/resp/reply.ts';
import { ReplyBuilder } from '../wire/resp/reply-builder.ts';
import { Session } from './session.ts';

/** How a connection answers. */
export interface ConnectionOptions {
  /** Whose types of replies: 3 knows maps, sets, doubles and booleans. Default 2. */
  readonly protocol?: 2 | 3;
  /** Whether byte strings come as `Uint8Array`. Default: as text. */
  readonly bytes?: boolean;
}

/** One client of a store, speaking commands: see {@link connect}. */
export class Connection {
  private readonly session: Session;
  private readonly builder: ReplyBuilder;

  /** @internal Use {@link connect}. */
  constructor(session: Session, options: ConnectionOptions) {
    this.session = session;
    this.builder = new ReplyBuilder(options);
  }

  /**
   * Runs a command as a client would send it: its name and arguments, each a string (its UTF-8 bytes) or a
   * `Uint8Array`. Returns what a client would decode from Redis's reply.
   *
   * @throws ReplyError what Redis would have replied; inside arrays, errors are returned in their place
   * @example
   * connection.call('SET', 'k', 'v', 'EX', '60'); // 'OK'
   */
  call(name: string, ...args: readonly Bytes[]): Reply {
    const tokens = [toByteString(name)];
    for (const arg of args) tokens.push(toByteString(arg));
    this.session.execute(tokens, this.builder);
    const reply = this.builder.finish();
    if (reply instanceof ReplyError) throw traceFromHere(reply);
    return reply;
  }
}

/**
 * A new connection to a store: the raw door, with exact wire replies. Connections are independent of each other; each
 * has its own selected database.
 */
export function connect(store: Store, options: ConnectionOptions = {}): Connection {
  return new Connection(new Session(store.keyspace), options);
}
