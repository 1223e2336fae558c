import { type ByteString, describe } from '../bytes/byte-string.ts';
import type { Many } from '../bytes/many.ts';
import { requireOptions } from '../keyspace/arguments.ts';
import { requireSignal } from '../keyspace/cancel-signal.ts';
import { Operations, type Output } from '../keyspace/operations.ts';
import type { SubscriptionKind } from './hub.ts';
import { type AnyListener, LiveSubscription } from './live-subscription.ts';
import type {
  Message,
  MessageListener,
  PatternMessage,
  PatternMessageListener,
  SubscribeOptions,
} from './subscribe-options.ts';
import type { Subscription } from './subscription.ts';

/** Subscribing from within the program. (Connections subscribe by commands of their own.) */
export abstract class SubscribeOperations<O extends Output> extends Operations<O> {
  /**
   * Subscribes to one channel or several. With a listener, that is called for every message, as
   * `listener(message, channel)`; without one, the messages are iterated over:
   *
   * ```
   * for await (const { channel, message } of store.subscribe('news')) { … }
   * ```
   *
   * Options come third, so with them and no listener it is `subscribe('news', undefined, { buffer: 10 })`. Channels are
   * shared by all databases of a store. O(channels given). Redis 2.0.0.
   *
   * @throws TypeError if the listener is no function, or an option is not known; RangeError if one is out of its range
   */
  subscribe(
    channels: Many,
    listener?: MessageListener<O['string']>,
    options: SubscribeOptions = NO_OPTIONS,
  ): Subscription<Message<O['string']>> {
    return this.subscribeTo('channel', channels, listener, options);
  }

  /**
   * Subscribes to all channels that match one or several glob patterns. The listener is called as
   * `listener(message, channel, pattern)`, once for each pattern that matches. O(patterns given). Redis 2.0.0.
   *
   * @throws TypeError if the listener is no function, or an option is not known; RangeError if one is out of its range
   */
  psubscribe(
    patterns: Many,
    listener?: PatternMessageListener<O['string']>,
    options: SubscribeOptions = NO_OPTIONS,
  ): Subscription<PatternMessage<O['string']>> {
    return this.subscribeTo('pattern', patterns, listener, options) as Subscription<
      PatternMessage<O['string']>
    >;
  }

  /**
   * Subscribes to one shard channel or several: channels of their own, which SPUBLISH publishes to and patterns do not
   * see. (In a Redis cluster they stay within a shard; here they are just another set of channels.) O(channels given).
   * Redis 7.0.0.
   *
   * @throws TypeError if the listener is no function, or an option is not known; RangeError if one is out of its range
   */
  ssubscribe(
    channels: Many,
    listener?: MessageListener<O['string']>,
    options: SubscribeOptions = NO_OPTIONS,
  ): Subscription<Message<O['string']>> {
    return this.subscribeTo('shard', channels, listener, options);
  }

  private subscribeTo(
    kind: SubscriptionKind,
    names: Many,
    listener: AnyListener<O['string']> | undefined,
    options: SubscribeOptions,
  ): Subscription<Message<O['string']>> {
    requireSubscription(listener, options);
    const given = this.inputMany(names);
    let output = outputs.get(this) as ((value: ByteString) => O['string']) | undefined;
    if (output === undefined) {
      output = (value) => this.output(value);
      outputs.set(this, output);
    }
    return new LiveSubscription(this.keyspace.hub, kind, given, output, listener, options);
  }
}

/** How each view puts out what is received: made once, however many subscriptions it has. */
const outputs = new WeakMap<object, (value: ByteString) => unknown>();
const NO_OPTIONS: SubscribeOptions = {};
const optionNames = new Set<keyof SubscribeOptions>(['signal', 'buffer', 'overflow']);
const overflows = ['error', 'drop-oldest', 'drop-newest'] as const satisfies SubscribeOptions['overflow'][];

/** For callers without types too: what is wrong is said at once, before anything is subscribed to. */
function requireSubscription(listener: unknown, options: SubscribeOptions): void {
  if (listener !== undefined && typeof listener !== 'function') {
    const hint = typeof listener === 'object' ? '; options come third: (names, undefined, options)' : '';
    throw new TypeError(`expected a listener, which is a function, got ${describe(listener)}${hint}`);
  }
  requireOptions(options, optionNames);
  requireSignal(options.signal);
  const { buffer = 1, overflow = 'error' } = options;
  if (!Number.isSafeInteger(buffer) || buffer < 1) {
    throw new RangeError(`buffer must be a whole number from 1, got ${buffer}`);
  }
  if (!overflows.includes(overflow)) {
    throw new RangeError(`overflow must be ${overflows.join(', ')}, got ${overflow}`);
  }
}
