import { ReplyError } from '../errors.ts';
import type { Store } from '../store.ts';
import { RequestParser } from '../wire/resp/request-parser.ts';
import { RespWriter } from '../wire/resp/resp-writer.ts';
import type { Peer } from './peer.ts';
import { serverOf } from './server.ts';
import { Session } from './session.ts';

/** What an endpoint needs of what carries its bytes. */
export interface Carrier {
  /** As CLIENT LIST shows where the client comes from. */
  readonly address: string;
  /** Takes bytes to be sent. Their buffer is the carrier's to keep. */
  write(bytes: Uint8Array): void;
  /** No more bytes will come: ends the stream once those written are sent. */
  end(): void;
}

/**
 * The store's end of a byte stream: bytes of requests in, bytes of replies out. Knows no kind of stream.
 *
 *     carrier ── receive(bytes) ──▶ RequestParser ──▶ Session ──▶ RespWriter ── write(bytes) ──▶ carrier
 *
 * Replies to what one chunk asked leave as one chunk.
 */
export class Endpoint {
  private readonly parser = new RequestParser();
  private readonly writer = new RespWriter();
  private readonly session: Session;
  private readonly carrier: Carrier;
  private isReading = false;

  constructor(store: Store, carrier: Carrier) {
    this.carrier = carrier;
    const { writer } = this;
    const peer: Peer = {
      replies: writer,
      messages: writer,
      address: carrier.address,
      setProtocol: (protocol) => {
        writer.protocol = protocol;
      },
      flush: () => {
        if (!this.isReading) this.flush();
      },
      resume: () => this.read(),
      close: () => {
        this.flush();
        this.carrier.end();
      },
    };
    this.session = new Session(serverOf(store.keyspace), peer);
  }

  /** The session's number, as CLIENT ID tells it. */
  get id(): number {
    return this.session.id;
  }

  /** Bytes have come. They must not change afterwards. */
  receive(bytes: Uint8Array): void {
    this.parser.feed(bytes);
    this.read();
  }

  /** The client is gone. */
  closed(): void {
    this.session.end();
  }

  private read(): void {
    if (this.isReading) return;
    this.isReading = true;
    try {
      while (!this.session.isWaiting && !this.session.isClosed) {
        const tokens = this.parser.next();
        if (tokens === undefined) break;
        this.session.execute(tokens);
      }
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      this.writer.error(error);
      this.session.close();
    } finally {
      this.isReading = false;
      this.flush();
    }
  }

  private flush(): void {
    if (this.writer.pendingLength > 0) this.carrier.write(this.writer.take());
  }
}
