import { ReplyError } from '../errors.ts';
import type { Store } from '../store.ts';
import { RequestParser } from '../wire/resp/request-parser.ts';
import { RespWriter } from '../wire/resp/resp-writer.ts';
import type { TurnTaker } from './endpoint/endpoint-turns.ts';
import { OutputGuard } from './endpoint/output-guard.ts';
import { type Server, serverOf } from './server.ts';
import { Session } from './session.ts';
import type { Carrier } from './streams/carrier.ts';

/** So many bytes of replies are handed over while further commands run. */
const FLUSH_BYTES = 64 * 1024;
/**
 * With so many bytes that the other side has not taken, no more of its commands run. High, because clients that send
 * all of a pipeline before they read any of its replies would else wait for us, and we for them.
 */
const MOST_PENDING_BYTES = 16 * 1024 * 1024;
/** With so many bytes of requests that cannot run now, no more are read. */
const MOST_HELD_BYTES = 1024 * 1024;
/** A request of so many bytes takes longer to be read than the clock does. */
const LONG_REQUEST_BYTES = 4096;
/** Commands that are refused, or queued, do not look at the clock: it is looked at for them so often. */
const COMMANDS_PER_TICK = 128;

/**
 * The store's end of a byte stream: bytes of requests in, bytes of replies out. Knows no kind of stream.
 *
 *     carrier ── receive(bytes) ──▶ RequestParser ──▶ Session ──▶ RespWriter ── write(bytes) ──▶ carrier
 *        ▲                               │ too much that cannot run                                 │
 *        └───────────── pause ◀──────────┴──────────◀────── too much that is not taken ◀────────────┘
 *
 * 1. Requests run in the order in which they came, and only in this endpoint's turn ({@link EndpointTurns}).
 * 2. Replies to what one slice ran leave as one chunk, or several big ones.
 * 3. Nothing that a peer sends makes anything throw: what breaks the protocol ends the connection with Redis's error, and
 *    so does a defect of ours, of which `closed` tells.
 * 4. Once the session is closed nothing is kept for it.
 */
export class Endpoint implements TurnTaker {
  readonly session: Session;
  private readonly server: Server;
  private readonly carrier: Carrier;
  private readonly onClosed: (reason: unknown) => void;
  private readonly parser: RequestParser;
  private readonly writer = new RespWriter();
  private readonly output: OutputGuard;
  private readonly totalBytes = { received: 0, written: 0 };
  private reason: unknown = undefined;
  private isGone = false;
  /** The other side has said that nothing more will come. */
  private hasEnded = false;
  /** The other side does not take what is written: wait for {@link drained}. */
  private isFull = false;
  /** Whether the carrier is told to bring nothing. */
  private isPaused = false;
  /** What leaves once the storage says that it may. */
  private sealed: Uint8Array | undefined = undefined;
  /** The session is closed, and the stream ends once what was written is sent. */
  private isLeaving = false;

  /** @param onClosed called once, when the stream is gone; with the error that ended it, if one did */
  constructor(store: Store, carrier: Carrier, onClosed: (reason: unknown) => void = () => {}) {
    this.server = serverOf(store.keyspace);
    this.carrier = carrier;
    this.onClosed = onClosed;
    this.parser = new RequestParser({ maxBulkLength: this.server.limits.protoMaxBulkLen });
    const { parser, writer } = this;
    const pendingBytes = () => writer.pendingLength + (this.sealed?.length ?? 0) + carrier.pendingBytes;
    this.session = new Session(this.server, {
      replies: writer,
      messages: writer,
      address: carrier.address,
      pendingBytes: {
        get received() {
          return parser.pendingBytes;
        },
        get written() {
          return pendingBytes();
        },
      },
      totalBytes: this.totalBytes,
      setProtocol: (protocol) => {
        writer.protocol = protocol;
      },
      flush: () => this.flushSoon(),
      resume: () => {
        this.flushSoon();
        this.server.turns.run(this);
      },
      cutOff: () => this.cutOff(),
      close: () => this.letGo(),
    });
    this.output = new OutputGuard(this.session, pendingBytes, () => {
      this.server.statistics.outputLimitCutOffs++;
      this.cutOff();
    });
  }

  /** The session's number, as CLIENT ID tells it. */
  get id(): number {
    return this.session.id;
  }

  // ── what the carrier tells ───────────────────────────────────────────────────────────────────────────────

  /** Bytes have come. They must not change afterwards. */
  receive(bytes: Uint8Array): void {
    const { parser, session } = this;
    if (session.isClosed) return;
    this.totalBytes.received += bytes.length;
    this.server.statistics.inputBytes += bytes.length;
    this.server.statistics.reads++;
    parser.feed(bytes);
    if (this.canRun) this.server.turns.run(this);
    if (parser.pendingBytes > 0 || session.transaction !== undefined) this.bound();
    this.recount();
  }

  /** The other side has taken what was written. */
  drained(): void {
    this.isFull = false;
    this.output.check();
    this.recount();
    if (!this.session.isClosed) this.server.turns.run(this);
  }

  /** The other side will send no more: runs what is complete, answers, and ends too. What waits has nobody to wait for. */
  ended(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    if (!this.session.isClosed) this.server.turns.run(this);
  }

  /** The stream is gone, for this reason if it did not end in an orderly way. May be called again. */
  closed(reason?: unknown): void {
    if (this.isGone) return;
    this.isGone = true;
    this.release();
    this.session.end();
    this.onClosed(this.reason ?? reason);
  }

  // ── turns ────────────────────────────────────────────────────────────────────────────────────────────────

  private get canRun(): boolean {
    return !this.isFull && !this.session.isWaiting && !this.session.isClosed;
  }

  runUntil(endMs: number): boolean {
    const { parser, session, server, writer } = this;
    let isOver = false;
    let untilTick = COMMANDS_PER_TICK;
    let written = 0;
    try {
      while (this.canRun) {
        parser.maxBulkLength = server.limits.protoMaxBulkLen;
        parser.authenticated = !session.access.mustAuthenticate;
        const { pendingBytes } = parser;
        const tokens = parser.next();
        if (tokens === undefined) break;
        // To read it took a while, which was not the command's.
        if (pendingBytes - parser.pendingBytes > LONG_REQUEST_BYTES) server.tick();
        written = writer.pendingLength;
        session.execute(tokens);
        if (writer.pendingLength >= FLUSH_BYTES) {
          this.flushNow();
          if (server.turns.isHeld) {
            isOver = parser.hasBytes;
            break;
          }
        }
        if (--untilTick === 0) {
          untilTick = COMMANDS_PER_TICK;
          server.tick();
        }
        if (server.clockMs >= endMs) {
          isOver = parser.hasBytes;
          break;
        }
      }
    } catch (error) {
      this.fail(error, written);
    }
    if (server.keyspace.persistence === undefined) this.flush();
    else this.flushSoon();
    if (server.clients.isCounting) server.clients.enforce();
    if (session.isClosed) return false;
    const hasMore = isOver && this.canRun;
    if (this.hasEnded && !hasMore && !this.isFull) session.close();
    else this.throttle(hasMore);
    return hasMore;
  }

  flush(): void {
    const { writer } = this;
    if (writer.pendingLength > 0) {
      // As in Redis a reply that is too long counts before it is known how much of it the other side takes.
      this.output.check();
      if (this.isGone) writer.discard();
      else this.write(writer.take());
    }
    if (this.isLeaving) this.leave();
  }

  private write(bytes: Uint8Array): void {
    const { carrier } = this;
    this.totalBytes.written += bytes.length;
    this.server.statistics.outputBytes += bytes.length;
    this.server.statistics.writes++;
    if (!carrier.write(bytes) && carrier.pendingBytes >= MOST_PENDING_BYTES) this.isFull = true;
    this.output.check();
    this.recount();
  }

  seal(): void {
    if (this.writer.pendingLength === 0) return;
    this.sealed = this.writer.take();
    this.output.check();
  }

  flushSealed(): void {
    const { sealed } = this;
    this.sealed = undefined;
    if (sealed !== undefined && !this.isGone) this.write(sealed);
    if (this.isLeaving && this.writer.pendingLength === 0) this.leave();
  }

  /** More, or less, is pending. */
  private recount(): void {
    const { clients, current } = this.server;
    if (!clients.isCounting) return;
    clients.update(this.session);
    if (current === undefined) clients.enforce();
  }

  private flushSoon(): void {
    const { writer, server } = this;
    if (writer.pendingLength === 0) return;
    const isMuch = writer.pendingLength >= FLUSH_BYTES;
    if (server.keyspace.persistence !== undefined) {
      if (isMuch) this.output.check();
      if (!this.isGone) server.turns.flushSoon(this);
    } else if (isMuch) this.flush();
    else server.turns.flushSoon(this);
  }

  private flushNow(): void {
    const { server } = this;
    if (server.keyspace.persistence === undefined) this.flush();
    else if (!this.isGone) server.turns.flushNow(this);
  }

  // ── bounds ───────────────────────────────────────────────────────────────────────────────────────────────

  /** Bytes have come that cannot run yet, or were queued by MULTI. */
  private bound(): void {
    const { parser, server, session } = this;
    if (session.isClosed) return;
    const heldBytes = parser.pendingBytes + session.queuedBytes;
    if (heldBytes > server.limits.clientQueryBufferLimit) {
      server.statistics.inputLimitCutOffs++;
      this.cutOff();
    } else this.throttle(!this.canRun || server.turns.isWaiting(this));
  }

  private throttle(isHeld: boolean): void {
    const mustPause = (isHeld || !this.canRun) && this.parser.pendingBytes > MOST_HELD_BYTES;
    if (mustPause === this.isPaused) return;
    this.isPaused = mustPause;
    if (mustPause) this.carrier.pause();
    else this.carrier.resume();
  }

  // ── the end ──────────────────────────────────────────────────────────────────────────────────────────────

  /** The request is no request, or a defect of ours came to light while it ran. */
  private fail(error: unknown, written: number): void {
    const { session, writer } = this;
    if (error instanceof ReplyError) {
      writer.error(error);
    } else {
      this.reason = error;
      // Half a reply, and then an error, would be no reply.
      writer.rewind(written);
      writer.error(new ReplyError(`ERR internal error: ${error instanceof Error ? error.message : error}`));
    }
    session.close();
  }

  /** The session is closed: the stream ends after what was written, unless nobody takes that. */
  private letGo(): void {
    const hasUnsent = this.writer.pendingLength > 0 || this.sealed !== undefined;
    if (hasUnsent && this.server.keyspace.persistence !== undefined && !this.isGone) {
      this.isLeaving = true;
      this.server.turns.flushSoon(this);
      return;
    }
    this.flush();
    this.leave();
  }

  /** All that was written is sent. */
  private leave(): void {
    this.isLeaving = false;
    this.release();
    if (this.isFull) this.carrier.destroy();
    else this.carrier.end();
    // What still comes is dropped, so that the stream can come to its end.
    if (this.isPaused) this.carrier.resume();
    this.isPaused = false;
  }

  /** It has passed a limit, or must not be told of what the storage has not got. */
  cutOff(): void {
    this.isLeaving = false;
    this.session.end();
    this.release();
    this.writer.discard();
    this.sealed = undefined;
    this.carrier.destroy();
  }

  private release(): void {
    this.server.turns.forget(this);
    this.output.release();
    this.parser.clear();
  }
}
