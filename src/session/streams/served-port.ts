import type { Store } from '../../store.ts';
import { Endpoint } from '../endpoint.ts';
import type { Carrier } from './carrier.ts';
import { type BytePort, PortChannel, type PortListener } from './port-channel.ts';

/** With so much sent and not taken, the other side is asked to say when it has taken it. */
const ENOUGH_BYTES = 64 * 1024;

class PortCarrier implements Carrier, PortListener {
  readonly address: string;
  /** Who is told what happens. */
  endpoint: Endpoint | undefined = undefined;
  private readonly channel: PortChannel;
  private isPaused = false;
  /** What came and was not confirmed, because too much is held already. */
  private unconfirmedBytes = 0;

  constructor(port: BytePort, address: string) {
    this.address = address;
    this.channel = new PortChannel(port, this);
  }

  get pendingBytes(): number {
    return this.channel.untakenBytes;
  }

  write(bytes: Uint8Array): boolean {
    this.channel.send(bytes);
    return this.channel.untakenBytes < ENOUGH_BYTES;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    if (this.unconfirmedBytes > 0) this.channel.took(this.unconfirmedBytes);
    this.unconfirmedBytes = 0;
  }

  end(): void {
    this.channel.leave();
  }

  destroy(): void {
    this.channel.destroy(undefined);
  }

  receive(bytes: Uint8Array): void {
    const { length } = bytes;
    this.endpoint?.receive(bytes);
    if (this.isPaused) this.unconfirmedBytes += length;
    else this.channel.took(length);
  }

  drained(): void {
    this.endpoint?.drained();
  }

  ended(): void {
    this.endpoint?.ended();
  }

  closed(reason: unknown): void {
    this.endpoint?.closed(reason);
  }
}

/** Answers what comes over a port from {@link portStream}, and sees to its end. */
export function servePort(
  store: Store,
  port: BytePort,
  address: string,
  onClosed: (reason: unknown) => void,
): Endpoint {
  const carrier = new PortCarrier(port, address);
  const endpoint = new Endpoint(store, carrier, onClosed);
  carrier.endpoint = endpoint;
  return endpoint;
}
