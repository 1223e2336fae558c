/**
 * A stream of bytes in both directions over a `MessagePort`, which has neither an end nor back-pressure of its own.
 * Both sides speak alike. A message is
 *
 *     a Uint8Array   bytes, in order; their buffer is transferred
 *     a number       so many more of your bytes were taken
 *     null           no more bytes will come from here
 *     false          I am gone
 *
 * The store's side closes the port once it has said `null`, the other side once it has also heard it. A side that vanishes
 * is noticed by the port's `close` event, where the host has one.
 */
export interface BytePort {
  postMessage(message: unknown, transfer: never[]): void;
  close(): void;
}

/** What ports have in common beside it. Node's types do not tell of it. */
interface EventPort {
  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void;
  start(): void;
}

/** Who is told what the other side says. */
export interface PortListener {
  /** Bytes have come. They are to be confirmed by {@link PortChannel.took}. */
  receive(bytes: Uint8Array): void;
  /** The other side has taken all that was sent. */
  drained(): void;
  ended(): void;
  /** The other side is gone, or both are done. Called once. */
  closed(reason: unknown): void;
}

export function isPort(stream: object): stream is BytePort {
  return 'postMessage' in stream && 'close' in stream;
}

/** One side of such a stream. */
export class PortChannel {
  /** How many bytes were sent that the other side has not taken. */
  untakenBytes = 0;
  private readonly port: BytePort;
  private readonly listener: PortListener;
  private hasEnded = false;
  private hasHeardEnd = false;
  isClosed = false;

  constructor(port: BytePort, listener: PortListener) {
    this.port = port;
    this.listener = listener;
    const events = port as BytePort & EventPort;
    events.addEventListener('message', ({ data }) => this.hear(data));
    events.addEventListener('messageerror', () => this.destroy(new TypeError('a message cannot be read')));
    events.addEventListener('close', () => this.close(undefined));
    events.start();
  }

  /** Sends bytes, and their buffer with them: it must belong to nobody else. */
  send(bytes: Uint8Array): void {
    if (this.hasEnded || this.isClosed || bytes.length === 0) return;
    this.untakenBytes += bytes.length;
    this.port.postMessage(bytes, [bytes.buffer as never]);
  }

  /** So many of the bytes that came are dealt with: the other side may send as many more. */
  took(bytes: number): void {
    if (!this.isClosed) this.port.postMessage(bytes, []);
  }

  /** Sends no more. */
  end(): void {
    if (this.hasEnded || this.isClosed) return;
    this.hasEnded = true;
    this.port.postMessage(null, []);
    if (this.hasHeardEnd) this.close(undefined);
  }

  /** Sends no more, and hears no more: what was sent still arrives. */
  leave(): void {
    this.end();
    this.close(undefined);
  }

  /** Gives up both directions. */
  destroy(reason: unknown): void {
    if (this.isClosed) return;
    this.port.postMessage(false, []);
    this.close(reason);
  }

  private hear(message: unknown): void {
    if (this.isClosed) return;
    if (message instanceof Uint8Array && !this.hasHeardEnd) {
      // Memory that the other side still holds could change while it is being read.
      const isOurs = message.buffer instanceof ArrayBuffer;
      this.listener.receive(isOurs ? message : new Uint8Array(message));
    } else if (typeof message === 'number' && message >= 0 && message <= this.untakenBytes) {
      this.untakenBytes -= message;
      if (this.untakenBytes === 0) this.listener.drained();
    } else if (message === null && !this.hasHeardEnd) {
      this.hasHeardEnd = true;
      this.listener.ended();
      if (this.hasEnded) this.close(undefined);
    } else if (message === false) {
      this.close(undefined);
    } else {
      this.destroy(new TypeError('the other side of a port sent what is no part of a stream'));
    }
  }

  private close(reason: unknown): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.port.close();
    this.listener.closed(reason);
  }
}
