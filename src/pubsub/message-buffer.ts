import type { SubscribeOptions } from './subscribe-options.ts';

const DEFAULT_LIMIT = 1024;
/** Below that the array is not worth a copy. */
const LEAST_READ = 32;

type Reader<M> = (result: IteratorResult<M>) => void;

/**
 * What a subscription has received and nobody has read yet, and whoever has asked for what has not come yet: of both,
 * one is always empty.
 *
 *     waiting    ·  ·  c  d  e      first = 2: a and b were read
 */
export class MessageBuffer<M> {
  private readonly limit: number;
  private readonly overflow: NonNullable<SubscribeOptions['overflow']>;
  private waiting: M[] = [];
  private first = 0;
  private readonly readers: Reader<M>[] = [];
  private isEnded = false;
  private failure: Error | undefined = undefined;
  /** How many messages were dropped, because there was no room. */
  dropped = 0;

  constructor({ buffer = DEFAULT_LIMIT, overflow = 'error' }: SubscribeOptions) {
    this.limit = buffer;
    this.overflow = overflow;
  }

  /** How many messages wait. */
  get size(): number {
    return this.waiting.length - this.first;
  }

  /** Takes in a message. Amortised O(1). Returns false if there is no room, and the subscription must end. */
  put(message: M): boolean {
    const reader = this.readers.shift();
    if (reader !== undefined) {
      reader({ value: message, done: false });
      return true;
    }
    if (this.size === this.limit) {
      this.dropped++;
      if (this.overflow === 'drop-newest') return true;
      if (this.overflow === 'error') {
        this.failure = new Error(
          `the subscription ended because ${this.limit} messages waited to be read: give it a larger buffer, or let it drop some`,
        );
        return false;
      }
      this.takeFirst();
    }
    this.waiting.push(message);
    return true;
  }

  /** The next message, as soon as there is one; then the failure, if there was one; then the end. */
  next(): Promise<IteratorResult<M>> {
    if (this.size > 0) return Promise.resolve({ value: this.takeFirst(), done: false });
    if (this.failure !== undefined) {
      const { failure } = this;
      this.failure = undefined;
      return Promise.reject(failure);
    }
    if (this.isEnded) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.readers.push(resolve));
  }

  /** No more will come: whoever waits for it is told. */
  end(): void {
    this.isEnded = true;
    for (const reader of this.readers.splice(0)) reader({ value: undefined, done: true });
  }

  /** Forgets what waits. */
  clear(): void {
    this.waiting = [];
    this.first = 0;
    this.failure = undefined;
  }

  /** Takes what has waited longest. Amortised O(1). */
  private takeFirst(): M {
    const message = this.waiting[this.first]!;
    this.first++;
    // All that was read is let go of at once, when it is the greater part.
    if (this.first === this.waiting.length) {
      this.waiting = [];
      this.first = 0;
    } else if (this.first >= LEAST_READ && this.first * 2 > this.waiting.length) {
      this.waiting = this.waiting.slice(this.first);
      this.first = 0;
    }
    return message;
  }
}
