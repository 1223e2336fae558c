import type { Store } from '../../../src/index.ts';
import { Endpoint } from '../../../src/session/endpoint.ts';
import type { Carrier } from '../../../src/session/streams/carrier.ts';
import { latin1 } from '../../wire/support.ts';

/** A stream in the test's own hands: nothing happens that it does not do. */
export class TestCarrier implements Carrier {
  readonly address = 'test:0';
  readonly chunks: Uint8Array[] = [];
  readonly endpoint: Endpoint;
  /** What the endpoint did to the stream, in order. */
  readonly events: string[] = [];
  /** Whether what is written stays with us. */
  isClogged = false;
  pendingBytes = 0;
  reason: unknown = 'not closed';

  constructor(store: Store) {
    this.endpoint = new Endpoint(store, this, (reason) => {
      this.reason = reason;
    });
  }

  send(...parts: readonly (string | Uint8Array)[]): void {
    for (const part of parts) this.endpoint.receive(typeof part === 'string' ? latin1(part) : part);
  }

  /** The client takes all that was written. */
  drain(): void {
    this.pendingBytes = 0;
    this.endpoint.drained();
  }

  /** All that was written since the last time. */
  received(): string {
    return Buffer.concat(this.chunks.splice(0)).toString('latin1');
  }

  write(bytes: Uint8Array): boolean {
    this.chunks.push(bytes);
    if (this.isClogged) this.pendingBytes += bytes.length;
    return !this.isClogged;
  }

  pause(): void {
    this.events.push('pause');
  }

  resume(): void {
    this.events.push('resume');
  }

  end(): void {
    this.events.push('end');
    this.endpoint.closed();
  }

  destroy(): void {
    this.events.push('destroy');
    this.endpoint.closed();
  }
}
