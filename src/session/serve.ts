import { describe } from '../bytes/byte-string.ts';
import type { Store } from '../store.ts';
import type { Endpoint } from './endpoint.ts';
import { requireStore } from './require-store.ts';
import { isNodeStream, type NodeStream, serveNodeStream } from './streams/node-stream.ts';
import { type BytePort, isPort } from './streams/port-channel.ts';
import { servePort } from './streams/served-port.ts';
import { areWebStreams, serveWebStreams, type WebStreams } from './streams/web-streams.ts';

/**
 * A stream of bytes in both directions: a duplex stream or socket of Node's, a pair of web streams of `Uint8Array`, or a
 * `MessagePort` with `portStream` at its other end.
 */
export type ServableStream = NodeStream | WebStreams | BytePort;

export interface ServeOptions {
  /** Where CLIENT LIST shows this client to come from, unless the stream is a socket that knows. Default `local:0`. */
  readonly address?: string;
}

/** One client of a store, at the other end of a byte stream: see {@link serve}. */
export interface ServedConnection {
  /** Its number, as CLIENT ID and CLIENT LIST tell it. */
  readonly id: number;
  /**
   * Resolves once the stream is gone and nothing is kept for it: to `undefined`, or to the error that ended it (the
   * stream's, or a defect of the store's). Never rejects.
   */
  readonly closed: Promise<unknown>;
  /** Ends the connection from this side, once what was written is sent. May be called again. */
  close(): void;
}

/**
 * Has a store answer a client of Redis over a byte stream, in RESP2 or RESP3. O(1); each stream is a connection of its own.
 *
 * Whatever the client sends, the store stays sound: what breaks the protocol is answered with Redis's error and ends
 * the connection, and how much may be held for a client has its limits.
 *
 * @example
 * net.createServer((socket) => serve(store, socket)).listen(7000, '127.0.0.1');
 * @throws TypeError if it is no stream that it knows, or no store
 */
export function serve(
  store: Store,
  stream: ServableStream,
  { address = 'local:0' }: ServeOptions = {},
): ServedConnection {
  requireStore(store);
  let tell: (reason: unknown) => void = () => {};
  const closed = new Promise<unknown>((resolve) => {
    tell = resolve;
  });
  const endpoint = open(store, stream, address, tell);
  return { id: endpoint.id, closed, close: () => endpoint.session.close() };
}

function open(
  store: Store,
  stream: ServableStream,
  address: string,
  onClosed: (reason: unknown) => void,
): Endpoint {
  if (typeof stream !== 'object' || stream === null) throw noStream(stream);
  if (isNodeStream(stream)) return serveNodeStream(store, stream, address, onClosed);
  if (areWebStreams(stream)) return serveWebStreams(store, stream, address, onClosed);
  if (isPort(stream)) return servePort(store, stream, address, onClosed);
  throw noStream(stream);
}

function noStream(stream: unknown): TypeError {
  const got = describe(stream);
  return new TypeError(
    `expected a duplex stream of Node, { readable, writable } or a MessagePort, got ${got}`,
  );
}
