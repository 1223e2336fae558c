import { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import { type Carrier, Endpoint } from '../session/endpoint.ts';
import type { Store } from '../store.ts';

/** A chunk as a stream without `decodeStrings` hands it over. */
export type Chunk = string | Uint8Array;
/** One of the chunks that `writev` is given. */
export interface ChunkWithEncoding {
  readonly chunk: Chunk;
  readonly encoding: BufferEncoding;
}
/** How a stream is told that it may go on, or that it has failed. */
export type Done = (error?: Error | null) => void;

/** After so many deliveries in a row, one lets the event loop turn: see {@link Link}. */
const DELIVERIES_PER_TURN = 32;

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
export class Link {
  private readonly stream: Duplex;
  private readonly endpoint: Endpoint;
  private replies: Uint8Array[] = [];
  private isScheduled = false;
  private isEnding = false;
  /** Whether the stream has as much as it wants for now. */
  private isFull = false;
  private deliveries = 0;

  /** @param stream the client's end; its hooks are to call the methods here */
  constructor(store: Store, stream: Duplex) {
    this.stream = stream;
    const carrier: Carrier = {
      address: 'local:0',
      write: (bytes) => {
        this.replies.push(bytes);
        this.schedule();
      },
      end: () => {
        this.isEnding = true;
        this.schedule();
      },
    };
    this.endpoint = new Endpoint(store, carrier);
  }

  /** The client writes. */
  write(chunk: Chunk, encoding: BufferEncoding, done: Done): void {
    this.receive(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk, done);
  }

  /** The client has written several chunks at once: as one they are read in one go. */
  writev(chunks: readonly ChunkWithEncoding[], done: Done): void {
    this.receive(joined(chunks), done);
  }

  /** The client can take more. */
  read(): void {
    if (!this.isFull) return;
    this.isFull = false;
    this.schedule();
  }

  /** The client will not write any more: what it has been replied is still delivered, then the stream ends. */
  final(done: Done): void {
    this.endpoint.closed();
    this.isEnding = true;
    this.schedule();
    done();
  }

  /** The client has let go of the stream. */
  destroy(): void {
    this.endpoint.closed();
    this.replies = [];
  }

  private receive(bytes: Uint8Array, done: Done): void {
    try {
      this.endpoint.receive(bytes);
    } catch (error) {
      // A defect, not an error of Redis's: it ends this connection as a failing socket would.
      done(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    done();
  }

  private schedule(): void {
    if (this.isScheduled || this.isFull) return;
    this.isScheduled = true;
    if (++this.deliveries % DELIVERIES_PER_TURN === 0) inNextTurn(deliver, this);
    else nextTick(deliver, this);
  }

  /** Hands over what has been replied. */
  deliver(): void {
    this.isScheduled = false;
    const { stream, replies } = this;
    if (stream.destroyed) return;
    this.replies = [];
    let at = 0;
    while (at < replies.length && !this.isFull) this.isFull = !stream.push(replies[at++]);
    if (at < replies.length) this.replies = replies.slice(at).concat(this.replies);
    else if (this.isEnding && this.replies.length === 0) stream.push(null);
  }
}

function deliver(link: Link): void {
  link.deliver();
}

/** The chunks' bytes, one after the other. A character is never split between two chunks of text. */
function joined(chunks: readonly ChunkWithEncoding[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let text = '';
  for (const { chunk, encoding } of chunks) {
    if (typeof chunk === 'string' && (encoding === 'utf8' || encoding === 'utf-8')) text += chunk;
    else {
      if (text !== '') parts.push(Buffer.from(text));
      text = '';
      parts.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    }
  }
  if (text !== '') parts.push(Buffer.from(text));
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}
