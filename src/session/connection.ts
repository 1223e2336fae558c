import { type ByteString, type Bytes, toByteString } from '../bytes/byte-string.ts';
import { ReplyError, traceFromHere } from '../errors.ts';
import { requireOptions } from '../keyspace/arguments.ts';
import type { Store } from '../store.ts';
import type { Reply } from '../wire/resp/reply.ts';
import { ReplyBuilder } from '../wire/resp/reply-builder.ts';
import type { Peer } from './peer.ts';
import { requireStore } from './require-store.ts';
import { serverOf } from './server.ts';
import { Session } from './session.ts';

/** How a connection answers. */
export interface ConnectionOptions {
  /** Whose types of replies: 3 knows maps, sets, doubles and booleans. HELLO changes it. Default 2. */
  readonly protocol?: 2 | 3;
  /** Whether byte strings come as `Uint8Array`. Default: as text. */
  readonly bytes?: boolean;
}

/** Called with each message that answers no command: see {@link Connection.onMessage}. */
export type MessageListener = (message: Reply) => void;

/** Somebody who awaits the reply of a command that waits. */
interface Awaiting {
  resolve(reply: Reply): void;
  reject(error: unknown): void;
}

/** One client of a store, speaking commands: see {@link connect}. */
export class Connection {
  /**
   * Called with what comes unasked, as a client of Redis would decode it: published messages and the confirmations of
   * subscriptions (`['message', channel, text]`, …), invalidated keys, MONITOR's lines. Called after the command
   * that caused it has its reply; what it throws is thrown in a microtask of its own. Default: nobody is told.
   */
  onMessage: MessageListener | undefined = undefined;
  private readonly session: Session;
  private readonly replies: ReplyBuilder;
  private readonly messages: ReplyBuilder;
  /** What {@link send} was asked for while an earlier command waits. */
  private readonly queue: { readonly tokens: ByteString[]; readonly awaiting: Awaiting }[] = [];
  private awaiting: Awaiting | undefined = undefined;

  /** @internal Use {@link connect}. */
  constructor(store: Store, { protocol = 2, bytes = false }: ConnectionOptions) {
    this.replies = new ReplyBuilder({ bytes });
    this.messages = new ReplyBuilder({ bytes });
    const peer: Peer & { address: string } = {
      replies: this.replies,
      messages: this.messages,
      address: 'local:0',
      setProtocol: (version) => {
        this.replies.protocol = version;
        this.messages.protocol = version;
      },
      flush: () => this.flush(),
      resume: () => this.resume(),
      cutOff: () => this.abandon(),
      close: () => this.abandon(),
    };
    this.session = new Session(serverOf(store.keyspace), peer);
    // So that CLIENT KILL ADDR can name it.
    peer.address = `local:${this.session.id}`;
    this.session.setProtocol(protocol);
  }

  /** Its number, as CLIENT ID and CLIENT LIST tell it. */
  get id(): number {
    return this.session.id;
  }

  /** Whether it has ended: by {@link close}, QUIT or CLIENT KILL. */
  get isClosed(): boolean {
    return this.session.isClosed;
  }

  /**
   * Runs a command as a client would send it: its name and arguments, each a string (its UTF-8 bytes) or a
   * `Uint8Array`. Returns what a client would decode from Redis's reply.
   *
   * It never waits: a command that would (BLPOP of nothing) answers at once as if its time were over, as it does inside
   * MULTI; what CLIENT PAUSE holds up it cannot run, and throws. Of SUBSCRIBE and its kin, which Redis confirms
   * channel by channel, it returns the last confirmation.
   *
   * Of a store that is kept with `appendfsync: 'always'` what the command did is on the disk when this returns, unless
   * its storage cannot do that at once (in browsers): then `send` waits for it, and WAITAOF.
   *
   * @throws ReplyError what Redis would have replied; inside arrays, errors are returned in their place
   * @throws Error if the connection is closed, a command of {@link send} is still waiting, or CLIENT PAUSE holds it up
   * @example
   * connection.call('SET', 'k', 'v', 'EX', '60'); // 'OK'
   */
  call(name: string, ...args: readonly Bytes[]): Reply {
    if (this.awaiting !== undefined) {
      throw new Error(
        'a command of this connection is waiting for its reply; use send, or another connection',
      );
    }
    this.requireOpen();
    this.execute(tokensOf(name, args), false);
    const reply = this.taken();
    this.flush();
    // Where the storage takes its time nobody can wait for it here.
    this.written()?.catch(() => {});
    if (reply instanceof ReplyError) throw traceFromHere(reply);
    return reply;
  }

  /**
   * The same for commands that may wait (BLPOP, SAVE, whatever CLIENT PAUSE holds up): resolves to the reply once it
   * comes. Commands sent meanwhile wait their turn. A waiting command does not keep the process alive.
   *
   * Rejects with what {@link call} throws, and with an Error if the connection ends first.
   */
  send(name: string, ...args: readonly Bytes[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.requireOpen();
      this.queue.push({ tokens: tokensOf(name, args), awaiting: { resolve, reject } });
      this.advance();
    });
  }

  /** Ends the connection: its transaction, subscriptions and waiting commands end with it. May be called again. */
  close(): void {
    this.session.end();
    this.abandon();
  }

  private requireOpen(): void {
    if (this.session.isClosed) throw new Error('the connection is closed');
  }

  /** Runs what was sent, until something waits. */
  private advance(): void {
    while (this.awaiting === undefined && !this.session.isClosed) {
      const next = this.queue.shift();
      if (next === undefined) return;
      this.awaiting = next.awaiting;
      try {
        this.execute(next.tokens, true);
      } catch (error) {
        this.awaiting = undefined;
        next.awaiting.reject(error);
        continue;
      }
      if (!this.session.isWaiting) this.settle();
    }
  }

  /** Runs a command. Of one that fails otherwise than Redis would (the store's clock throws, say) no half reply is left. */
  private execute(tokens: readonly ByteString[], mayWait: boolean): void {
    try {
      this.session.execute(tokens, mayWait);
    } catch (error) {
      this.replies.discard();
      throw error;
    }
  }

  /** What a waiting command waited for has come. */
  private resume(): void {
    if (this.awaiting === undefined) return;
    this.settle();
    this.advance();
  }

  private settle(): void {
    const { awaiting } = this;
    this.awaiting = undefined;
    const reply = this.taken();
    this.flush();
    if (awaiting === undefined) return;
    const answer = (): void => {
      if (reply instanceof ReplyError) awaiting.reject(reply);
      else awaiting.resolve(reply);
    };
    try {
      const written = this.written();
      // Promises that wait for the same are settled in the order in which they were asked for.
      if (written === undefined) answer();
      else written.then(answer, awaiting.reject);
    } catch (error) {
      awaiting.reject(error);
    }
  }

  /** What has been done is on the disk, if it must be before anybody is told, or will be. @throws ReplyError if it cannot be */
  private written(): Promise<void> | undefined {
    return this.session.server.keyspace.persistence?.beforeReply();
  }

  /** The reply to a command: its last one, the others being confirmations; none (CLIENT REPLY OFF) is null. */
  private taken(): Reply {
    const replies = this.replies.take();
    const last = replies.pop();
    for (const confirmation of replies) this.tell(confirmation);
    return last ?? null;
  }

  private flush(): void {
    for (const message of this.messages.take()) this.tell(message);
  }

  private tell(message: Reply): void {
    const listener = this.onMessage;
    if (listener === undefined) return;
    try {
      listener(message);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  private abandon(): void {
    const ended = new Error('the connection is closed');
    const { awaiting } = this;
    this.awaiting = undefined;
    awaiting?.reject(ended);
    for (const { awaiting: later } of this.queue.splice(0)) later.reject(ended);
  }
}

function tokensOf(name: string, args: readonly Bytes[]): ByteString[] {
  const tokens = [toByteString(name)];
  for (const arg of args) tokens.push(toByteString(arg));
  return tokens;
}

/**
 * A new connection to a store: the raw door, with exact wire replies. Connections are independent of each other; each
 * has its own selected database, protocol, transaction, subscriptions and name.
 *
 * @throws TypeError if this is no store, or an option is not known; RangeError if there is no such protocol
 */
export function connect(store: Store, options: ConnectionOptions = {}): Connection {
  requireStore(store);
  requireOptions(options, optionNames);
  const { protocol = 2 } = options;
  if (protocol !== 2 && protocol !== 3) throw new RangeError(`protocol must be 2 or 3, got ${protocol}`);
  return new Connection(store, options);
}

const optionNames = new Set<string>(['protocol', 'bytes'] satisfies (keyof ConnectionOptions)[]);
