import { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import { Endpoint } from '../session/endpoint.ts';
import type { Carrier } from '../session/streams/carrier.ts';
import type { Store } from '../store.ts';

/** A chunk as a stream without `decodeStrings` hands it over. */
export type Chunk = string | Uint8Array;
/** One of the chunks that `writev` is given. */
export interface ChunkWithEncoding {
  readonly chunk: Chunk;
  readonly encoding: BufferEncoding;
}
/** How a store answers its clients. */
export interface ClientOptions {
  /**
   * Whether it answers as the only node of a Redis Cluster, as clients for clusters need it: CLUSTER tells of one node,
   * at 127.0.0.1:6379, which has all slots; commands whose keys lie in different slots are refused, and so is
   * every database but the first. Default: false.
   */
  readonly cluster?: boolean;
}

/** How a stream is told that it may go on, or that it has failed. */
export type Done = (error?: Error | null) => void;

/** One delivery in so many lets the event loop turn first: see {@link Link}. */
const DELIVERIES_PER_TURN = 32;

/** Up to so many bytes of replies are handed over as one chunk. */
const JOINED_BYTES = 64 * 1024;

// Kept as they are now: a test runner that replaces the timers must not stop the replies.
const { nextTick } = process;
const inNextTurn = setImmediate;

/**
 * What a client has instead of a socket: the way from its stream to a store and back, within the process.
 *
 *     client ── stream.write ──▶ write ──▶ Endpoint: the commands run, now
 *     client ◀── stream 'data' ── deliver ◀── replies, together, once the client's own code has returned
 *
 * Invariants:
 *
 * 1. Commands run within the client's `write`; nothing is delivered within it. Clients expect their own bookkeeping
 *    for a command to be done when its reply comes.
 * 2. At most one delivery is scheduled. It hands over everything that has been replied until then.
 * 3. An endless loop of awaited commands cannot starve timers and I/O: most deliveries come before the event loop
 *    turns, but one in {@link DELIVERIES_PER_TURN} comes after.
 * 4. Nothing here keeps the process alive while no reply is on its way.
 */
export class Link implements Carrier {
  readonly address = 'local:0';
  private readonly stream: Duplex;
  private readonly endpoint: Endpoint;
  private replies: Uint8Array[] = [];
  private replyBytes = 0;
  private isScheduled = false;
  private isEnding = false;
  /** Whether the client has as much as it wants for now. */
  private isFull = false;
  /** Whether the store waits to hear that the client has taken everything. */
  private isBehind = false;
  /** Whether the client is to write no more for now. */
  private isPaused = false;
  /** What tells the client, once that is over, that its last write is done. */
  private writeDone: Done | undefined = undefined;
  private deliveries = 0;

  /** @param stream the client's end; its hooks are to call the methods for the client */
  constructor(store: Store, stream: Duplex, { cluster = false }: ClientOptions = {}) {
    this.stream = stream;
    this.endpoint = new Endpoint(store, this);
    if (cluster) this.endpoint.session.becomeClusterNode();
  }

  // ── for the client ───────────────────────────────────────────────────────────────────────────────────────

  /** The client writes. */
  receive(chunk: Chunk, encoding: BufferEncoding, done: Done): void {
    this.take(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk, done);
  }

  /** The client has written several chunks at once: as one they are read in one go. */
  receiveMany(chunks: readonly ChunkWithEncoding[], done: Done): void {
    this.take(joined(chunks), done);
  }

  /** The client can take more. */
  read(): void {
    if (!this.isFull) return;
    this.isFull = false;
    this.schedule();
  }

  /** The client will write no more: what it has asked is still answered, then the stream ends. */
  final(done: Done): void {
    this.endpoint.ended();
    done();
  }

  /** The client has let go of the stream. */
  gone(error: Error | null): void {
    this.replies = [];
    this.replyBytes = 0;
    this.endpoint.closed(error ?? undefined);
  }

  private take(bytes: Uint8Array, done: Done): void {
    this.endpoint.receive(bytes);
    if (this.isPaused) this.writeDone = done;
    else done();
  }

  // ── for the store ────────────────────────────────────────────────────────────────────────────────────────

  get pendingBytes(): number {
    return this.replyBytes + this.stream.readableLength;
  }

  write(bytes: Uint8Array): boolean {
    this.replies.push(bytes);
    this.replyBytes += bytes.length;
    this.schedule();
    // What one turn writes at once must be bounded, too.
    if (this.isFull || this.replyBytes > JOINED_BYTES) this.isBehind = true;
    return !this.isBehind;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    const { writeDone } = this;
    this.writeDone = undefined;
    writeDone?.();
  }

  end(): void {
    this.isEnding = true;
    this.schedule();
  }

  destroy(): void {
    this.stream.destroy();
  }

  // ── delivery ─────────────────────────────────────────────────────────────────────────────────────────────

  private schedule(): void {
    if (this.isScheduled || this.isFull) return;
    this.isScheduled = true;
    if (++this.deliveries % DELIVERIES_PER_TURN === 0) inNextTurn(deliver, this);
    else nextTick(deliver, this);
  }

  /** Hands over what has been replied. */
  deliver(): void {
    this.isScheduled = false;
    const { stream } = this;
    const replies = this.replyBytes <= JOINED_BYTES ? joinedReplies(this.replies) : this.replies;
    this.replies = [];
    let at = 0;
    while (at < replies.length && !this.isFull && !stream.destroyed) {
      const bytes = replies[at++]!;
      this.replyBytes -= bytes.length;
      this.isFull = !stream.push(bytes);
    }
    if (stream.destroyed) return;
    if (at < replies.length) this.replies = replies.slice(at).concat(this.replies);
    if (this.isFull || this.replies.length > 0) return;
    if (this.isEnding) stream.push(null);
    else if (this.isBehind) {
      this.isBehind = false;
      this.endpoint.drained();
    }
  }
}

function deliver(link: Link): void {
  link.deliver();
}

/** At most one chunk. Small ones come from Node's pool of buffers, which is what makes them cheap. */
function joinedReplies(replies: readonly Uint8Array[]): Uint8Array[] {
  if (replies.length === 0) return [];
  return [replies.length === 1 ? Buffer.from(replies[0]!) : Buffer.concat(replies)];
}

/** The chunks' bytes, one after the other. A character is never split between two chunks of text. */
function joined(chunks: readonly ChunkWithEncoding[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let text = '';
  for (const { chunk, encoding } of chunks) {
    if (typeof chunk === 'string' && (encoding === 'utf8' || encoding === 'utf-8')) {
      text += chunk;
      continue;
    }
    if (text !== '') parts.push(Buffer.from(text));
    text = '';
    parts.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
  }
  if (text !== '') parts.push(Buffer.from(text));
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}
