import type { Message } from './subscribe-options.ts';

declare global {
  // For compilers whose libraries do not have it yet.
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

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
export interface Subscription<M = Message> extends AsyncIterable<M> {
  /** Whether it has ended: nothing is received any more. */
  readonly closed: boolean;

  /** How many messages wait to be read. */
  readonly size: number;

  /** How many messages were dropped, because the buffer was full. */
  readonly dropped: number;

  /**
   * Ends the subscription: the listener is called no more. Messages that wait in the buffer can still be read, then
   * the loop ends. Does nothing if it has ended already.
   */
  unsubscribe(): void;

  /**
   * Reads the messages one by one as they come, and unsubscribes when the loop is left.
   *
   * @throws TypeError if the subscription has a listener: that gets the messages
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<M>;

  /** `using subscription = store.subscribe(…)` unsubscribes at the end of the block, where the host knows of such blocks. */
  [Symbol.dispose](): void;
}
