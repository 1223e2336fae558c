import type { Store } from '../../store.ts';
import { Endpoint } from '../endpoint.ts';
import type { Carrier } from './carrier.ts';

/** What is used of Node's duplex streams and sockets. */
export interface NodeStream {
  readonly destroyed: boolean;
  readonly writableEnded: boolean;
  readonly writableLength: number;
  allowHalfOpen?: boolean;
  on(event: string, listener: (...values: never[]) => void): unknown;
  write(chunk: Uint8Array): boolean;
  end(): unknown;
  destroy(): unknown;
  pause(): unknown;
  resume(): unknown;
}

/** What sockets have beside it. */
interface Socket {
  readonly remoteAddress?: unknown;
  readonly remotePort?: unknown;
  setNoDelay?: (isOn: boolean) => unknown;
}

export function isNodeStream(stream: object): stream is NodeStream {
  return 'on' in stream && 'write' in stream && 'resume' in stream;
}

class NodeCarrier implements Carrier {
  readonly address: string;
  private readonly stream: NodeStream;

  constructor(stream: NodeStream, address: string) {
    this.stream = stream;
    const { remoteAddress, remotePort } = stream as Socket;
    this.address = typeof remoteAddress === 'string' ? `${remoteAddress}:${String(remotePort)}` : address;
  }

  get pendingBytes(): number {
    return this.stream.writableLength;
  }

  write(bytes: Uint8Array): boolean {
    const { stream } = this;
    return stream.destroyed || stream.writableEnded || stream.write(bytes);
  }

  pause(): void {
    this.stream.pause();
  }

  resume(): void {
    this.stream.resume();
  }

  end(): void {
    const { stream } = this;
    if (stream.destroyed) return;
    // As Redis does: once the last reply is sent the connection is closed, whatever the client may still be sending.
    stream.on('finish', () => stream.destroy());
    if (!stream.writableEnded) stream.end();
  }

  destroy(): void {
    this.stream.destroy();
  }
}

/** Answers what comes over a stream of Node's, and sees to its end. */
export function serveNodeStream(
  store: Store,
  stream: NodeStream,
  address: string,
  onClosed: (reason: unknown) => void,
): Endpoint {
  // A client that has said all may still want its answers.
  if (stream.allowHalfOpen === false) stream.allowHalfOpen = true;
  (stream as Socket).setNoDelay?.(true);
  const endpoint = new Endpoint(store, new NodeCarrier(stream, address), onClosed);
  const encoder = new TextEncoder();
  stream.on('data', (chunk: Uint8Array | string) => {
    endpoint.receive(typeof chunk === 'string' ? encoder.encode(chunk) : chunk);
  });
  stream.on('drain', () => endpoint.drained());
  stream.on('end', () => endpoint.ended());
  // Kept for good: a stream that is destroyed may still say why.
  stream.on('error', (error: unknown) => endpoint.closed(error));
  stream.on('close', () => endpoint.closed());
  if (stream.destroyed) endpoint.closed();
  else stream.resume();
  return endpoint;
}
