import type { ByteString } from '../bytes/byte-string.ts';

/** What is subscribed to: a channel by its name, channels by a pattern, a shard channel by its name. */
export type SubscriptionKind = 'channel' | 'pattern' | 'shard';

/** Somebody who receives messages: a typed subscription, or a session. */
export interface Subscriber {
  /**
   * Takes a message, while it is published. Once for each subscription that it reached: a subscriber to a channel and
   * to two patterns that match it is called three times.
   *
   * @param kind by which kind of subscription the message came
   * @param pattern the pattern, where it came by one
   */
  deliver(
    kind: SubscriptionKind,
    channel: ByteString,
    message: ByteString,
    pattern: ByteString | undefined,
  ): void;
  /** The store was closed. Those who have no such method stay subscribed. */
  storeClosed?(): void;
}
