import { describe } from '../../bytes/byte-string.ts';
import { type BytePort, isPort, PortChannel } from './port-channel.ts';
import type { ByteReadable, ByteWritable } from './web-streams.ts';

/** `ReadableStream`, where the program's types know one. */
type HostReadable = typeof globalThis extends { ReadableStream: { prototype: infer Stream } }
  ? Stream
  : ByteReadable;
/** `WritableStream`, where the program's types know one. */
type HostWritable = typeof globalThis extends { WritableStream: { prototype: infer Stream } }
  ? Stream
  : ByteWritable;

/** Both directions of a connection to a store that is served elsewhere: see {@link portStream}. */
export interface PortStream {
  readonly readable: HostReadable;
  readonly writable: HostWritable;
}

interface Controller {
  enqueue(chunk: Uint8Array): void;
  close(): void;
  error(reason: unknown): void;
}

/** The host's streams, as far as they are used here. */
interface StreamHost {
  ReadableStream: new (
    source: {
      start(controller: Controller): void;
      pull(): Promise<void> | undefined;
      cancel(reason: unknown): void;
    },
    strategy: { highWaterMark: number },
  ) => HostReadable;
  WritableStream: new (sink: {
    start(controller: Pick<Controller, 'error'>): void;
    write(chunk: Uint8Array): Promise<void> | undefined;
    close(): void;
    abort(reason: unknown): void;
  }) => HostWritable;
}

const CLOSED = 'the connection is closed';
/** So many bytes may be on their way before the other side has taken the first of them. */
const WINDOW_BYTES = 256 * 1024;

/**
 * The client's end of a store that is served over a `MessagePort`: a pair of web streams of bytes that speaks RESP with
 * it, from another worker or tab. `Duplex.fromWeb` makes a stream of Node's of it.
 *
 * Closing the writable side ends the connection once the last reply has come; cancelling the readable side ends it at once.
 *
 * @example
 * // Here:   serve(store, channel.port1); worker.postMessage(channel.port2, [channel.port2]);
 * // There:  const { readable, writable } = portStream(port);
 */
export function portStream(port: BytePort): PortStream {
  if (typeof port !== 'object' || port === null || !isPort(port))
    throw new TypeError(`expected a MessagePort, got ${describe(port)}`);
  const { ReadableStream, WritableStream } = globalThis as unknown as StreamHost;
  const arrived: Uint8Array[] = [];
  const incoming: { controller?: Controller; wake?: (() => void) | undefined } = {};
  const outgoing: { controller?: Pick<Controller, 'error'>; wake?: (() => void) | undefined } = {};
  let isComplete = false;

  const wakeWriter = (): void => {
    const { wake } = outgoing;
    outgoing.wake = undefined;
    wake?.();
  };
  const wakeReader = (): void => {
    const { wake } = incoming;
    incoming.wake = undefined;
    wake?.();
  };

  const channel = new PortChannel(port, {
    receive(bytes) {
      arrived.push(bytes);
      wakeReader();
    },
    drained: wakeWriter,
    ended() {
      isComplete = true;
      wakeReader();
    },
    closed(reason) {
      wakeWriter();
      if (!isComplete) {
        const error = reason ?? new Error(CLOSED);
        arrived.length = 0;
        incoming.controller?.error(error);
        outgoing.controller?.error(error);
      }
      wakeReader();
    },
  });

  /** Hands over what has come, one piece for each time it is asked. Only then is that confirmed. */
  const deliver = (): void => {
    const bytes = arrived.shift();
    if (bytes !== undefined) {
      incoming.controller?.enqueue(bytes);
      channel.took(bytes.length);
    } else if (isComplete) {
      incoming.controller?.close();
      channel.end();
    }
  };

  const readable = new ReadableStream(
    {
      start(controller) {
        incoming.controller = controller;
      },
      pull() {
        if (arrived.length > 0 || isComplete) {
          deliver();
          return undefined;
        }
        return new Promise<void>((resolve) => {
          incoming.wake = () => {
            deliver();
            resolve();
          };
        });
      },
      cancel: (reason) => channel.destroy(reason),
    },
    { highWaterMark: 0 },
  );
  const writable = new WritableStream({
    start(controller) {
      outgoing.controller = controller;
    },
    write(chunk) {
      if (channel.isClosed) throw new Error(CLOSED);
      // The writer may go on using its buffer.
      channel.send(new Uint8Array(chunk));
      if (channel.untakenBytes < WINDOW_BYTES) return undefined;
      return new Promise((resolve) => {
        outgoing.wake = resolve;
      });
    },
    close: () => channel.end(),
    abort: (reason) => channel.destroy(reason),
  });
  return { readable, writable };
}
