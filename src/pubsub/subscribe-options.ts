import type { CancelSignal } from '../keyspace/cancel-signal.ts';

/** A message as a subscription to channels receives it. `T` is `string`, or `Uint8Array` on `store.bytes`. */
export interface Message<T = string> {
  /** The channel to which it was published. */
  readonly channel: T;
  readonly message: T;
}

/** A message as a subscription to patterns receives it. */
export interface PatternMessage<T = string> extends Message<T> {
  /** The pattern that the channel matched. A message that several patterns match is received once for each. */
  readonly pattern: T;
}

/** Is called for every message. */
export type MessageListener<T = string> = (message: T, channel: T) => void;

/** Is called for every message, and for each pattern that its channel matches. */
export type PatternMessageListener<T = string> = (message: T, channel: T, pattern: T) => void;

/** How a subscription receives. */
export interface SubscribeOptions {
  /** An `AbortSignal` that ends the subscription. */
  readonly signal?: CancelSignal;
  /** How many messages may wait for whoever iterates over the subscription: a whole number from 1. Default 1024. */
  readonly buffer?: number;
  /**
   * What happens to a message for which the buffer has no room:
   *
   * - `'error'` (the default): the subscription ends. Whoever iterates gets the messages that wait, then an error; as
   *   Redis disconnects a subscriber that does not keep up.
   * - `'drop-oldest'`: it is kept, and the one that has waited longest is dropped.
   * - `'drop-newest'`: it is dropped itself.
   *
   * `subscription.dropped` says how many were.
   */
  readonly overflow?: 'error' | 'drop-oldest' | 'drop-newest';
}
