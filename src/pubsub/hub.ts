import type { ByteString } from '../bytes/byte-string.ts';
import { textBytes } from '../bytes/text-bytes.ts';
import { Overhead } from '../keyspace/memory/overhead.ts';
import { ChannelTable } from './channel-table.ts';
import { PatternIndex } from './pattern-index.ts';
import type { Subscriber, SubscriptionKind } from './subscriber.ts';
import { SubscriberList } from './subscriber-list.ts';

export type { Subscriber, SubscriptionKind } from './subscriber.ts';

/** Those who subscribed to one pattern. */
class PatternSubscribers extends SubscriberList<Subscriber> {
  readonly pattern: ByteString;

  constructor(pattern: ByteString, first: Subscriber) {
    super(first);
    this.pattern = pattern;
  }
}

/** A message with those it goes to, as they were when it was published. */
interface Publication {
  readonly kind: 'channel' | 'shard';
  readonly channel: ByteString;
  readonly message: ByteString;
  readonly subscribers: SubscriberList<Subscriber> | undefined;
  readonly end: number;
  readonly patterns: readonly PatternSubscribers[];
  readonly patternEnds: readonly number[];
}

const NO_PATTERNS: readonly never[] = [];
/** After so many, those who waited and were served are let go. */
const MANY_DONE = 1024;

/**
 * Where messages are published and subscribers meet: one for all databases of a store, as in Redis.
 *
 * A message goes first to those who subscribed to its channel, then to the patterns that match it, each in the order
 * in which they came. What subscribers do while they are called harms nobody:
 *
 * 1. Who unsubscribes, or is unsubscribed, before it is their turn is not called.
 * 2. Who subscribes during a delivery does not get that message.
 * 3. A message published by a subscriber who is being called waits until the present one has reached everybody, so
 *    that all subscribers see all messages in the same order. It goes to those who were subscribed when it was published.
 * 4. What a subscriber throws does not reach the publisher, nor keep the message from others. When all were served it
 *    goes to {@link Hub.onError}.
 *
 * Listeners are code of others, which may do anything to the store; so they must not run in the midst of a command.
 * What a command publishes itself ({@link notify}) reaches the subscribers at once, and those of them who call
 * listeners put that off with {@link postpone}.
 *
 * Invariants:
 *
 * 1. No list is empty, and each is filed under its name.
 * 2. While a message is under way, no list is tidied (see {@link SubscriberList}).
 */
export class Hub {
  /** Where the errors of subscribers go. Default: unhandled rejections, which hosts report. */
  onError: (error: unknown) => void;
  /** What all subscriptions take. */
  readonly overhead = new Overhead();
  private readonly channels = new ChannelTable();
  private readonly shards = new ChannelTable();
  private readonly patterns = new PatternIndex<PatternSubscribers>();
  /** Whether subscribers are being called. */
  private isDelivering = false;
  /** Whether what is delivered was published in the midst of a command. */
  private isNotifying = false;
  private holds = 0;
  /**
   * Whether the message that is being delivered and its channel are well-formed text. Asked once per message, for all
   * who would otherwise ask for themselves.
   */
  deliversText = false;
  /** What comes when the present delivery is over. */
  private readonly waiting: (Publication | (() => void))[] = [];
  private isAwaited = false;
  private readonly untidy = new Set<SubscriberList<Subscriber>>();
  private readonly thrown: unknown[] = [];

  constructor(onError: (error: unknown) => void = rejectUnhandled) {
    this.onError = onError;
  }

  // ── subscribing ──────────────────────────────────────────────────────────────────────────────────────────

  /** Subscribes somebody; false if they were subscribed already. O(1), O(name) for a pattern. */
  subscribe(kind: SubscriptionKind, name: ByteString, subscriber: Subscriber): boolean {
    const isNew =
      kind === 'pattern' ? this.addToPattern(name, subscriber) : this.tableOf(kind).add(name, subscriber);
    if (isNew) this.overhead.add(subscriptionBytes(kind, name));
    return isNew;
  }

  private addToPattern(pattern: ByteString, subscriber: Subscriber): boolean {
    const list = this.patterns.get(pattern);
    if (list !== undefined) return list.add(subscriber);
    this.patterns.add(pattern, new PatternSubscribers(pattern, subscriber));
    return true;
  }

  /** Unsubscribes somebody; false if they were not subscribed. O(1), O(name) for a pattern. */
  unsubscribe(kind: SubscriptionKind, name: ByteString, subscriber: Subscriber): boolean {
    const wasThere =
      kind === 'pattern'
        ? this.removeFromPattern(name, subscriber)
        : this.removeFromChannel(this.tableOf(kind), name, subscriber);
    if (wasThere) this.overhead.add(-subscriptionBytes(kind, name));
    return wasThere;
  }

  private removeFromChannel(table: ChannelTable, channel: ByteString, subscriber: Subscriber): boolean {
    if (!table.remove(channel, subscriber)) return false;
    const left = table.get(channel);
    if (left instanceof SubscriberList) this.tidy(left);
    return true;
  }

  private removeFromPattern(pattern: ByteString, subscriber: Subscriber): boolean {
    const list = this.patterns.get(pattern);
    if (list === undefined || !list.remove(subscriber)) return false;
    if (list.size === 0) this.patterns.delete(pattern);
    else this.tidy(list);
    return true;
  }

  /** Closes the gaps of a list that somebody has left, as soon as no message is under way. */
  private tidy(list: SubscriberList<Subscriber>): void {
    if (this.isBusy) this.untidy.add(list);
    else list.tidy();
  }

  private tableOf(kind: 'channel' | 'shard'): ChannelTable {
    return kind === 'channel' ? this.channels : this.shards;
  }

  /** The channels that somebody is subscribed to; with a pattern, those that match it. O(channels). */
  channelNames(pattern?: ByteString): ByteString[] {
    return this.channels.names(pattern);
  }

  /** The same for shard channels. */
  shardChannelNames(pattern?: ByteString): ByteString[] {
    return this.shards.names(pattern);
  }

  /** How many are subscribed to a channel, patterns not counted. O(1). */
  subscriberCount(channel: ByteString): number {
    return this.channels.countOf(channel);
  }

  /** The same for a shard channel. */
  shardSubscriberCount(channel: ByteString): number {
    return this.shards.countOf(channel);
  }

  /** How many a message to this channel would go to now, as {@link publish} counts them. O(channel). */
  receiverCount(channel: ByteString): number {
    const ofPatterns = this.patterns.size === 0 ? NO_PATTERNS : this.patterns.match(channel);
    return ofPatterns.reduce((sum, { size }) => sum + size, this.subscriberCount(channel));
  }

  /** How many different patterns somebody is subscribed to. O(1). */
  get patternCount(): number {
    return this.patterns.size;
  }

  /** Whether a message published to some channel could reach anybody. */
  get hasSubscribers(): boolean {
    return this.channels.size > 0 || this.patterns.size > 0;
  }

  // ── publishing ───────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Publishes a message to a channel. O(channel + subscribers), whatever the number of patterns that cannot match.
   *
   * @returns how many it went to, each counted once for every subscription of theirs that it reached
   */
  publish(channel: ByteString, message: ByteString): number {
    this.catchUp();
    return this.publishTo('channel', channel, message);
  }

  /** The same for a shard channel, of which patterns know nothing. */
  publishShard(channel: ByteString, message: ByteString): number {
    this.catchUp();
    return this.publishTo('shard', channel, message);
  }

  /**
   * Publishes what is told in the midst of a command. Subscribers get it at once; listeners are called when the
   * command is over: from a microtask, or by whatever calls {@link flush} before that.
   */
  notify(channel: ByteString, message: ByteString): void {
    const wasNotifying = this.isNotifying;
    this.isNotifying = true;
    this.publishTo('channel', channel, message);
    this.isNotifying = wasNotifying;
  }

  private publishTo(kind: 'channel' | 'shard', channel: ByteString, message: ByteString): number {
    const patterns =
      kind === 'shard' || this.patterns.size === 0 ? NO_PATTERNS : this.patterns.match(channel);
    const table = this.tableOf(kind);
    if (patterns.length === 0) {
      const found = table.get(channel);
      if (found === undefined) return 0;
      if (!this.isDelivering) return this.deliverNow(found, kind, channel, message);
    }
    const subscribers = table.listOf(channel);
    let count = subscribers?.size ?? 0;
    for (const { size } of patterns) count += size;
    const publication: Publication = {
      kind,
      channel,
      message,
      subscribers,
      end: subscribers?.end ?? 0,
      patterns,
      patternEnds: patterns.map(({ end }) => end),
    };
    if (this.isDelivering) {
      this.waiting.push(publication);
    } else {
      this.isDelivering = true;
      this.deliver(publication);
      this.endDelivery();
    }
    return count;
  }

  /** The usual case: no patterns, and nothing else is under way. */
  private deliverNow(
    found: Subscriber | SubscriberList<Subscriber>,
    kind: 'channel' | 'shard',
    channel: ByteString,
    message: ByteString,
  ): number {
    let count = 1;
    this.isDelivering = true;
    this.deliversText = message.isWellFormed() && channel.isWellFormed();
    if (found instanceof SubscriberList) {
      count = found.size;
      this.deliverTo(found, found.end, kind, channel, message, undefined);
    } else {
      try {
        found.deliver(kind, channel, message, undefined);
      } catch (error) {
        this.thrown.push(error);
      }
    }
    this.endDelivery();
    return count;
  }

  private deliver(publication: Publication): void {
    const { kind, channel, message, subscribers, end, patterns, patternEnds } = publication;
    this.deliversText = message.isWellFormed() && channel.isWellFormed();
    if (subscribers !== undefined) this.deliverTo(subscribers, end, kind, channel, message, undefined);
    for (let at = 0; at < patterns.length; at++) {
      const ofPattern = patterns[at]!;
      this.deliverTo(ofPattern, patternEnds[at]!, 'pattern', channel, message, ofPattern.pattern);
    }
  }

  private deliverTo(
    list: SubscriberList<Subscriber>,
    end: number,
    kind: SubscriptionKind,
    channel: ByteString,
    message: ByteString,
    pattern: ByteString | undefined,
  ): void {
    for (let slot = 0; slot < end; slot++) {
      try {
        list.at(slot)?.deliver(kind, channel, message, pattern);
      } catch (error) {
        this.thrown.push(error);
      }
    }
  }

  private endDelivery(): void {
    this.isDelivering = false;
    if (this.waiting.length > 0) {
      if (this.isDeferring) this.awaitFlush();
      else this.flush();
    }
    if (this.thrown.length > 0 || this.untidy.size > 0) this.settle();
  }

  // ── what comes later ─────────────────────────────────────────────────────────────────────────────────────

  /** Whether listeners must wait: a command, or whoever holds the hub, is in the midst of something. */
  get isDeferring(): boolean {
    return this.isNotifying || this.holds > 0;
  }

  private get isBusy(): boolean {
    return this.isDelivering || this.waiting.length > 0;
  }

  /** Has a listener be called when it may be, after everything that waits already. For subscribers, while {@link isDeferring}. */
  postpone(call: () => void): void {
    this.waiting.push(call);
    if (!this.isDelivering) this.awaitFlush();
  }

  /**
   * Has all listeners wait until {@link release}: for whoever runs several commands as one (a transaction, a script).
   * Nests.
   */
  hold(): void {
    this.holds++;
  }

  /** Ends {@link hold}. The listeners that waited are called now. */
  release(): void {
    this.holds--;
    this.catchUp();
  }

  /** Calls the listeners that wait, unless some are being called: then theirs comes in turn. */
  flush(): void {
    if (this.isDelivering || this.isDeferring) return;
    const { waiting } = this;
    this.isDelivering = true;
    for (let next = 0; next < waiting.length; next++) {
      const work = waiting[next]!;
      // Listeners that answer each other may go on for long.
      if (next === MANY_DONE) {
        waiting.splice(0, next);
        next = 0;
      }
      if (typeof work === 'object') {
        this.deliver(work);
        continue;
      }
      try {
        work();
      } catch (error) {
        this.thrown.push(error);
      }
    }
    waiting.length = 0;
    this.isDelivering = false;
    this.settle();
  }

  /** What was published before comes before what is published now. */
  private catchUp(): void {
    if (this.waiting.length > 0) this.flush();
  }

  private awaitFlush(): void {
    if (this.isAwaited) return;
    this.isAwaited = true;
    void Promise.resolve().then(() => {
      this.isAwaited = false;
      this.flush();
    });
  }

  /** After everybody was served: hands out what they threw, and closes the gaps that they left. */
  private settle(): void {
    if (!this.isBusy) {
      for (const list of this.untidy) list.tidy();
      this.untidy.clear();
    }
    for (const error of this.thrown.splice(0)) {
      try {
        this.onError(error);
      } catch (another) {
        rejectUnhandled(another);
      }
    }
  }

  /** Tells everybody who wants to know that the store was closed. O(subscriptions). */
  close(): void {
    const everybody = new Set([...this.channels.subscribers(), ...this.shards.subscribers()]);
    for (const list of this.patterns.values()) for (const subscriber of list) everybody.add(subscriber);
    for (const subscriber of everybody) subscriber.storeClosed?.();
  }

  /** For tests: throws if an invariant does not hold. O(subscriptions). */
  checkInvariants(): void {
    this.channels.checkInvariants();
    this.shards.checkInvariants();
    this.patterns.checkInvariants();
    for (const list of this.patterns.values()) {
      list.checkInvariants();
      if (list.size === 0) throw new Error(`the list of ${list.pattern} is empty`);
    }
  }
}

/** What a subscription to a channel takes: its places among those of the channel and of the subscriber, who may be alone. */
const CHANNEL_SUBSCRIPTION_BYTES = 120;
/** One to a pattern, which is compiled, filed by what it begins and ends with, and has a list of subscribers. */
const PATTERN_SUBSCRIPTION_BYTES = 650;

/** About how many bytes a subscription takes, as of the first to its channel or pattern. */
export function subscriptionBytes(kind: SubscriptionKind, name: ByteString): number {
  const places = kind === 'pattern' ? PATTERN_SUBSCRIPTION_BYTES : CHANNEL_SUBSCRIPTION_BYTES;
  return places + textBytes(name);
}

/** The host reports it: as an uncaught error in Node, as an `unhandledrejection` in browsers. */
function rejectUnhandled(error: unknown): void {
  void Promise.reject(error);
}
