import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { ByteString } from '../src/bytes/byte-string.ts';
import { Store, type StoreOptions } from '../src/index.ts';
import { collectingPeer } from '../src/session/peer.ts';
import { type Server, serverOf } from '../src/session/server.ts';
import { Session } from '../src/session/session.ts';
import { RequestParser } from '../src/wire/resp/request-parser.ts';
import { RespWriter } from '../src/wire/resp/resp-writer.ts';
import type { RedisServer } from '../test/support/redis-server.ts';

/** How many commands are made up at most to find those: some have options of which most combinations are refused. */
const MOST_SAMPLES = 20_000;
const MINUS = '-'.charCodeAt(0);

/** The bytes of requests, one after the other. */
export function encode(commands: readonly (readonly ByteString[])[]): Uint8Array {
  const writer = new RespWriter();
  for (const tokens of commands) writer.writeCommand(tokens);
  return writer.take();
}

/** A store of ours behind its wire, without a socket. */
export class LocalEnd {
  private readonly parser = new RequestParser();
  private readonly writer = new RespWriter();
  /** What it speaks to, for calls of methods. */
  readonly store: Store;
  private readonly server: Server;
  private readonly session: Session;

  constructor(options: StoreOptions = {}) {
    this.store = new Store(options);
    this.server = serverOf(this.store.keyspace);
    this.session = new Session(this.server, collectingPeer(this.writer));
  }

  /** Reads requests, and writes the replies. Returns how many bytes they are. */
  answer(request: Uint8Array): number {
    this.parser.feed(request);
    this.server.inSuccession(() => {
      for (let tokens = this.parser.next(); tokens !== undefined; tokens = this.parser.next()) {
        this.session.execute(tokens, false);
      }
    });
    return this.writer.take().length;
  }

  executeAll(commands: readonly (readonly ByteString[])[]): number {
    this.server.inSuccession(() => {
      for (const tokens of commands) this.session.execute(tokens, false);
    });
    return this.writer.take().length;
  }

  /** A batch of so many commands that follow on each other and are not refused. */
  accepted(count: number, sample: () => ByteString[]): ByteString[][] {
    const batch: ByteString[][] = [];
    for (let tried = 0; tried < MOST_SAMPLES && batch.length < count; tried++) {
      const tokens = sample();
      this.session.execute(tokens, false);
      if (this.writer.take()[0] !== MINUS) batch.push(tokens);
    }
    return batch;
  }
}

/** A socket that costs as little as one can: bytes out, and a look for the last reply's bytes. */
export class ServerLink {
  private readonly socket: Socket;
  private number = 0;

  private constructor(socket: Socket) {
    this.socket = socket;
  }

  static async connect({ port }: RedisServer): Promise<ServerLink> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.setNoDelay(true);
    return new ServerLink(socket);
  }

  /** Sends requests, and resolves to the number of bytes replied when the last one's reply has come. */
  send(request: Uint8Array): Promise<number> {
    const mark = `end of batch ${this.number++}`;
    const ending = Buffer.from(`$${mark.length}\r\n${mark}\r\n`);
    return new Promise((resolve) => {
      let length = 0;
      let tail: Buffer = Buffer.alloc(0);
      const read = (chunk: Buffer) => {
        length += chunk.length;
        tail =
          chunk.length >= ending.length
            ? chunk.subarray(-ending.length)
            : Buffer.concat([tail, chunk]).subarray(-ending.length);
        if (!tail.equals(ending)) return;
        this.socket.off('data', read);
        resolve(length);
      };
      this.socket.on('data', read);
      this.socket.cork();
      this.socket.write(request);
      this.socket.write(encode([['ECHO', mark]]));
      this.socket.uncork();
    });
  }

  close(): void {
    this.socket.destroy();
  }
}
