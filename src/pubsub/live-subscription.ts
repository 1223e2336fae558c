import type { ByteString } from '../bytes/byte-string.ts';
import type { CancelSignal } from '../keyspace/cancel-signal.ts';
import type { Hub, Subscriber, SubscriptionKind } from './hub.ts';
import { MessageBuffer } from './message-buffer.ts';
import type { PatternMessage, SubscribeOptions } from './subscribe-options.ts';
import type { Subscription } from './subscription.ts';

/** What is called for a message. Those for channels take no pattern. */
export type AnyListener<T> = (message: T, channel: T, pattern: T) => void;

/** What a listener of channels is, where messages are received as text. */
type ChannelListener = (message: string, channel: string) => void;

/** The messages of patterns have one more property than those of channels. */
type AnyMessage<T> = Omit<PatternMessage<T>, 'pattern'> & { readonly pattern?: T };

/** What one takes that has no messages to be read: itself, and what it was made with. */
const LIVE_SUBSCRIPTION_BYTES = 180;

/** The implementation of {@link Subscription}, of which callers see no more than that. There may be very many. */
export class LiveSubscription<T> implements Subscription<AnyMessage<T>>, Subscriber {
  private readonly hub: Hub;
  private readonly kind: SubscriptionKind;
  private readonly names: readonly ByteString[];
  /** The form in which messages are received. */
  private readonly output: (value: ByteString) => T;
  /** Whether that leaves well-formed text as it is. */
  private readonly isText: boolean;
  private readonly listener: AnyListener<T> | undefined;
  private readonly signal: CancelSignal | undefined;
  private readonly onAbort: (() => void) | undefined;
  /** What waits to be read, if there is no listener. */
  private readonly buffer: MessageBuffer<AnyMessage<T>> | undefined;
  private isClosed: boolean;

  constructor(
    hub: Hub,
    kind: SubscriptionKind,
    names: readonly ByteString[],
    output: (value: ByteString) => T,
    listener: AnyListener<T> | undefined,
    options: SubscribeOptions,
  ) {
    this.hub = hub;
    this.kind = kind;
    this.names = names;
    this.output = output;
    this.isText = typeof output('') === 'string';
    this.listener = listener;
    this.buffer = listener === undefined ? new MessageBuffer(options) : undefined;
    const { signal } = options;
    this.signal = signal;
    this.onAbort = signal === undefined ? undefined : () => this.unsubscribe();
    this.isClosed = signal?.aborted === true;
    if (this.isClosed) return;
    for (const name of names) hub.subscribe(kind, name, this);
    hub.overhead.add(LIVE_SUBSCRIPTION_BYTES);
    if (this.onAbort !== undefined) signal?.addEventListener('abort', this.onAbort);
  }

  get closed(): boolean {
    return this.isClosed;
  }

  get size(): number {
    return this.buffer?.size ?? 0;
  }

  get dropped(): number {
    return this.buffer?.dropped ?? 0;
  }

  unsubscribe(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const name of this.names) this.hub.unsubscribe(this.kind, name, this);
    this.hub.overhead.add(-LIVE_SUBSCRIPTION_BYTES);
    if (this.onAbort !== undefined) this.signal?.removeEventListener('abort', this.onAbort);
    this.buffer?.end();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<AnyMessage<T>> {
    const { buffer } = this;
    if (buffer === undefined) {
      throw new TypeError(
        'a subscription with a listener cannot be iterated over: the listener gets the messages',
      );
    }
    const iterator: AsyncIterableIterator<AnyMessage<T>> = {
      next: () => buffer.next(),
      return: () => {
        this.unsubscribe();
        buffer.clear();
        return Promise.resolve({ value: undefined, done: true });
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  deliver(
    _kind: SubscriptionKind,
    channel: ByteString,
    message: ByteString,
    pattern: ByteString | undefined,
  ): void {
    if (this.buffer !== undefined) {
      const isKept = this.buffer.put(this.form(channel, message, pattern));
      if (!isKept) this.unsubscribe();
    } else if (this.hub.isDeferring) {
      this.hub.postpone(() => {
        if (!this.isClosed) this.call(channel, message, pattern);
      });
    } else if (this.isText && this.hub.deliversText && pattern === undefined) {
      (this.listener as ChannelListener)(message, channel);
    } else {
      this.call(channel, message, pattern);
    }
  }

  private form(channel: ByteString, message: ByteString, pattern: ByteString | undefined): AnyMessage<T> {
    const { output } = this;
    const received = { channel: output(channel), message: output(message) };
    return pattern === undefined ? received : { ...received, pattern: output(pattern) };
  }

  private call(channel: ByteString, message: ByteString, pattern: ByteString | undefined): void {
    const { output } = this;
    const listener = this.listener as (message: T, channel: T, pattern?: T) => void;
    if (pattern === undefined) listener(output(message), output(channel));
    else listener(output(message), output(channel), output(pattern));
  }

  storeClosed(): void {
    this.unsubscribe();
  }
}

export interface LiveSubscription<T> extends Subscription<AnyMessage<T>> {
  [Symbol.dispose](): void;
}

// Where the host has no such symbol, there must be no method named `undefined` either.
if (Symbol.dispose !== undefined) {
  LiveSubscription.prototype[Symbol.dispose] = LiveSubscription.prototype.unsubscribe;
}
