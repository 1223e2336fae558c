import type { ByteString } from '../bytes/byte-string.ts';
import type { Hub, Subscriber, SubscriptionKind } from './hub.ts';
import type { Message, SubscribeOptions } from './subscribe-options.ts';

declare global {
  // For compilers whose libraries do not have it yet.
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

/** What a subscription is made of, by the operations that make one. */
export interface SubscriptionParts<M> {
  readonly hub: Hub;
  readonly kind: SubscriptionKind;
  /** What is subscribed to, each once or more. */
  readonly names: readonly ByteString[];
  /** The message in the form in which it is received. */
  readonly form: (channel: ByteString, message: ByteString, pattern: ByteString | undefined) => M;
  /** Calls the listener, where there is one. */
  readonly call:
    | ((channel: ByteString, message: ByteString, pattern: ByteString | undefined) => void)
    | undefined;
  readonly options: SubscribeOptions;
}

const DEFAULT_BUFFER = 1024;

/**
 * A subscription to channels or patterns, as `store.subscribe` and its kin return it. It receives what is published
 * from then on, until {@link unsubscribe} is called, its signal is aborted, or the store is closed.
 *
 * With a listener, that is called for every message. Without one, messages wait in a buffer, and the subscription is
 * iterated over:
 *
 * ```
 * for await (const { channel, message } of store.subscribe('news')) { … }
 * ```
 *
 * Leaving the loop unsubscribes. If several loops run over one subscription, each message goes to one of them; make a
 * subscription for each if all are to get all.
 *
 * A subscription starts no timer and keeps no process alive, also while a loop waits for its next message.
 */
export class Subscription<M = Message> implements AsyncIterable<M> {
  private readonly parts: SubscriptionParts<M>;
  private readonly limit: number;
  private readonly overflow: SubscribeOptions['overflow'];
  private readonly onAbort: (() => void) | undefined;
  private isClosed = false;
  /** From {@link first} on, what waits to be read. */
  private buffer: M[] = [];
  private first = 0;
  /** Whoever has asked for a message that has not come yet, in order. */
  private readonly readers: Reader<M>[] = [];
  private droppedCount = 0;
  private failure: Error | undefined = undefined;
  private readonly subscriber: Subscriber;

  /** @internal Use `store.subscribe` and its kin. */
  constructor(parts: SubscriptionParts<M>) {
    const { hub, kind, names, options } = parts;
    this.parts = parts;
    this.limit = options.buffer ?? DEFAULT_BUFFER;
    this.overflow = options.overflow ?? 'error';
    this.subscriber = {
      deliver: (_kind, channel, message, pattern) => this.receive(channel, message, pattern),
      storeClosed: () => this.unsubscribe(),
    };
    const { signal } = options;
    this.onAbort = signal === undefined ? undefined : () => this.unsubscribe();
    if (signal?.aborted === true) {
      this.isClosed = true;
      return;
    }
    for (const name of names) hub.subscribe(kind, name, this.subscriber);
    if (this.onAbort !== undefined) signal?.addEventListener('abort', this.onAbort, { once: true });
  }

  /** Whether it has ended: nothing is received any more. */
  get closed(): boolean {
    return this.isClosed;
  }

  /** How many messages wait to be read. */
  get size(): number {
    return this.buffer.length - this.first;
  }

  /** How many messages were dropped, because the buffer was full. */
  get dropped(): number {
    return this.droppedCount;
  }

  /**
   * Ends the subscription: the listener is called no more. Messages that wait in the buffer can still be read, then
   * the loop ends. Does nothing if it has ended already.
   */
  unsubscribe(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    const { hub, kind, names, options } = this.parts;
    for (const name of names) hub.unsubscribe(kind, name, this.subscriber);
    if (this.onAbort !== undefined) options.signal?.removeEventListener('abort', this.onAbort);
    // Nobody waits for a message while there are some.
    for (const reader of this.readers.splice(0)) reader({ value: undefined, done: true });
  }

  /**
   * Reads the messages one by one as they come, and unsubscribes when the loop is left.
   *
   * @throws TypeError if the subscription has a listener: that gets the messages
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<M> {
    if (this.parts.call !== undefined) {
      throw new TypeError(
        'a subscription with a listener cannot be iterated over: the listener gets the messages',
      );
    }
    const iterator: AsyncIterableIterator<M> = {
      next: () => this.next(),
      return: () => {
        this.unsubscribe();
        this.failure = undefined;
        this.buffer = [];
        this.first = 0;
        return Promise.resolve({ value: undefined, done: true });
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  private next(): Promise<IteratorResult<M>> {
    if (this.size > 0) return Promise.resolve({ value: this.takeFirst(), done: false });
    if (this.failure !== undefined) {
      const failure = this.failure;
      this.failure = undefined;
      return Promise.reject(failure);
    }
    if (this.isClosed) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.readers.push(resolve));
  }

  private receive(channel: ByteString, message: ByteString, pattern: ByteString | undefined): void {
    const { call, form, hub } = this.parts;
    if (call === undefined) {
      this.keep(form(channel, message, pattern));
    } else if (hub.isDeferring) {
      hub.postpone(() => {
        if (!this.isClosed) call(channel, message, pattern);
      });
    } else {
      call(channel, message, pattern);
    }
  }

  private keep(message: M): void {
    const reader = this.readers.shift();
    if (reader !== undefined) {
      reader({ value: message, done: false });
    } else if (this.size < this.limit) {
      this.buffer.push(message);
    } else {
      this.droppedCount++;
      if (this.overflow === 'drop-oldest') {
        this.takeFirst();
        this.buffer.push(message);
      } else if (this.overflow === 'error') {
        this.unsubscribe();
        this.failure = new Error(
          `the subscription ended because ${this.limit} messages waited to be read; give it a larger buffer, or let it drop some`,
        );
      }
    }
  }

  /** Takes what has waited longest. Amortised O(1). */
  private takeFirst(): M {
    const message = this.buffer[this.first]!;
    this.first++;
    // All that was read is let go of at once, when it is the greater part.
    if (this.first === this.buffer.length) {
      this.buffer = [];
      this.first = 0;
    } else if (this.first >= LEAST_READ && this.first * 2 > this.buffer.length) {
      this.buffer = this.buffer.slice(this.first);
      this.first = 0;
    }
    return message;
  }
}

/** Below that the array is not worth a copy. */
const LEAST_READ = 32;

type Reader<M> = (result: IteratorResult<M>) => void;

/** `using subscription = store.subscribe(…)` unsubscribes at the end of the block, where the host knows of such blocks. */
export interface Subscription<M> extends AsyncIterable<M> {
  [Symbol.dispose](): void;
}

if (Symbol.dispose !== undefined) Subscription.prototype[Symbol.dispose] = Subscription.prototype.unsubscribe;
