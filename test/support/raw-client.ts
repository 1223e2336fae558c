import { connect, type Socket } from 'node:net';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { ReplyParser } from '../../src/wire/resp/reply-parser.ts';
import { RespWriter } from '../../src/wire/resp/resp-writer.ts';

export type Command = readonly (string | Uint8Array)[];

interface Waiting {
  resolve(node: ReplyNode): void;
  reject(error: Error): void;
}

/**
 * A client that interprets nothing: tokens out, exact reply trees in. Error replies are trees like all others.
 *
 * Replies answer commands in order. What answers no command (pushes, and what arrives while no command is waiting,
 * such as RESP2's pub/sub messages) is for {@link receive}.
 */
export class RawClient {
  private readonly socket: Socket;
  private readonly parser = new ReplyParser({ keepAttributes: true });
  private readonly writer = new RespWriter();
  private readonly commands = new Queue<Waiting>();
  private readonly receivers = new Queue<Waiting>();
  private readonly unasked = new Queue<ReplyNode>();
  private failure: Error | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.read(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the connection is closed')));
  }

  /** Connects to a port on the loopback interface. Rejects if nobody listens there. */
  static connect(port: number, host = '127.0.0.1'): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, host);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RawClient(socket));
      });
    });
  }

  /** How much it has been sent, and has sent itself. */
  get traffic(): { readonly bytesRead: number; readonly bytesWritten: number } {
    return this.socket;
  }

  /** Sends a command and answers its reply. Rejects only if the connection is lost. */
  send(tokens: Command): Promise<ReplyNode> {
    this.writer.writeCommand(tokens);
    const reply = this.wait(this.commands);
    this.flush();
    return reply;
  }

  /** Sends commands in one write and answers their replies in order. */
  pipeline(commands: readonly Command[]): Promise<ReplyNode[]> {
    const replies = commands.map((tokens) => {
      this.writer.writeCommand(tokens);
      return this.wait(this.commands);
    });
    this.flush();
    return Promise.all(replies);
  }

  /** Sends a command that is answered by pushes only, or not at all (SUBSCRIBE in RESP3, CLIENT REPLY OFF). */
  write(tokens: Command): void {
    this.writer.writeCommand(tokens);
    this.flush();
  }

  /** Sends bytes as they are, and expects nothing: for requests no client would write. */
  writeRaw(bytes: Uint8Array): void {
    if (this.failure === undefined) this.socket.write(bytes);
  }

  /** The next reply that answers no command. Rejects if the connection is lost before it comes. */
  receive(): Promise<ReplyNode> {
    const node = this.unasked.shift();
    return node === undefined ? this.wait(this.receivers) : Promise.resolve(node);
  }

  /** Switches the protocol and answers HELLO's reply. */
  hello(protocol: 2 | 3): Promise<ReplyNode> {
    return this.send(['HELLO', String(protocol)]);
  }

  /** Closes the connection. What is still waited for is rejected. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.socket.closed) {
        resolve();
        return;
      }
      this.socket.once('close', () => resolve());
      this.socket.destroy();
    });
  }

  private wait(queue: Queue<Waiting>): Promise<ReplyNode> {
    const failure = this.failure;
    if (failure !== undefined) return Promise.reject(failure);
    return new Promise((resolve, reject) => queue.push({ resolve, reject }));
  }

  private flush(): void {
    const bytes = this.writer.take();
    if (this.failure === undefined) this.socket.write(bytes);
  }

  private read(chunk: Uint8Array): void {
    try {
      this.parser.feed(chunk);
      for (let node = this.parser.next(); node !== undefined; node = this.parser.next()) this.deliver(node);
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
      this.socket.destroy();
    }
  }

  private deliver(node: ReplyNode): void {
    const waiting = (node.type === '>' ? undefined : this.commands.shift()) ?? this.receivers.shift();
    if (waiting === undefined) this.unasked.push(node);
    else waiting.resolve(node);
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const queue of [this.commands, this.receivers]) {
      for (let waiting = queue.shift(); waiting !== undefined; waiting = queue.shift()) waiting.reject(error);
    }
  }
}

/** First in, first out; long pipelines must not pay for `Array.shift`. */
class Queue<Item> {
  private items: Item[] = [];
  private taken = 0;

  push(item: Item): void {
    this.items.push(item);
  }

  shift(): Item | undefined {
    if (this.taken === this.items.length) return undefined;
    const item = this.items[this.taken++];
    if (this.taken === this.items.length) {
      this.items = [];
      this.taken = 0;
    }
    return item;
  }
}
