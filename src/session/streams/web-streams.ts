import type { Store } from '../../store.ts';
import { Endpoint } from '../endpoint.ts';
import type { Carrier } from './carrier.ts';

/** What is used of a `ReadableStream` of bytes. */
export interface ByteReadable {
  getReader(): {
    read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
    cancel(reason?: unknown): Promise<void>;
  };
}

/** What is used of a `WritableStream` of bytes. */
export interface ByteWritable {
  getWriter(): {
    readonly closed: Promise<unknown>;
    write(chunk: Uint8Array): Promise<void>;
    close(): Promise<void>;
    abort(reason?: unknown): Promise<void>;
  };
}

/** The two directions of a connection, as `TransformStream`s, `WebTransport`, Deno and edge runtimes have it. */
export interface WebStreams {
  readonly readable: ByteReadable;
  readonly writable: ByteWritable;
}

/** With so much given to the stream, it is asked to say when it has taken it. */
const ENOUGH_BYTES = 64 * 1024;

export function areWebStreams(stream: object): stream is WebStreams {
  return hasObject(stream, 'readable') && hasObject(stream, 'writable');
}

function hasObject(holder: object, name: string): boolean {
  const value: unknown = Reflect.get(holder, name);
  return typeof value === 'object' && value !== null;
}

/** Neither direction's failure may go unhandled; each is told once, through the endpoint. */
const ignore = (): void => {};

class WebCarrier implements Carrier {
  readonly address: string;
  pendingBytes = 0;
  /** Who is told what happens. */
  endpoint: Endpoint | undefined = undefined;
  private readonly reader: ReturnType<ByteReadable['getReader']>;
  private readonly writer: ReturnType<ByteWritable['getWriter']>;
  private isFull = false;
  private isDone = false;
  private isPaused = false;
  /** Goes on reading. */
  private wake: () => void = ignore;

  constructor({ readable, writable }: WebStreams, address: string) {
    this.address = address;
    this.reader = readable.getReader();
    this.writer = writable.getWriter();
    // Also while nothing is being written: the other side may refuse all further bytes at any time.
    this.writer.closed.then(ignore, (reason: unknown) => this.gone(reason));
  }

  /** Brings what comes, until nothing more does. Does not reject. */
  async read(endpoint: Endpoint): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.reader.read();
        if (done) break;
        if (!(value instanceof Uint8Array)) throw new TypeError('expected a stream of Uint8Array');
        endpoint.receive(value);
        if (this.isPaused) await new Promise<void>((resolve) => (this.wake = resolve));
      }
      endpoint.ended();
    } catch (reason) {
      this.gone(reason);
    }
  }

  write(bytes: Uint8Array): boolean {
    if (this.isDone) return true;
    const { length } = bytes;
    this.pendingBytes += length;
    this.writer.write(bytes).then(() => this.taken(length), ignore);
    this.isFull ||= this.pendingBytes >= ENOUGH_BYTES;
    return !this.isFull;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.wake();
  }

  end(): void {
    if (this.isDone) return;
    this.isDone = true;
    this.writer.close().then(
      () => this.gone(undefined),
      (reason: unknown) => this.gone(reason),
    );
  }

  destroy(): void {
    this.gone(undefined);
  }

  private taken(bytes: number): void {
    this.pendingBytes -= bytes;
    if (!this.isFull || this.pendingBytes > 0) return;
    this.isFull = false;
    this.endpoint?.drained();
  }

  private gone(reason: unknown): void {
    this.isDone = true;
    this.reader.cancel(reason).catch(ignore);
    this.writer.abort(reason).catch(ignore);
    this.wake();
    this.endpoint?.closed(reason);
  }
}

/** Answers what comes over a pair of web streams, and sees to their end. */
export function serveWebStreams(
  store: Store,
  streams: WebStreams,
  address: string,
  onClosed: (reason: unknown) => void,
): Endpoint {
  const carrier = new WebCarrier(streams, address);
  const endpoint = new Endpoint(store, carrier, onClosed);
  carrier.endpoint = endpoint;
  void carrier.read(endpoint);
  return endpoint;
}
