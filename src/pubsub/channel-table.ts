import type { ByteString } from '../bytes/byte-string.ts';
import { compileGlob } from '../keyspace/glob.ts';
import type { Subscriber } from './subscriber.ts';
import { SubscriberList } from './subscriber-list.ts';

/**
 * Channels by their names, with those who subscribed to each. Most channels have one subscriber for ever, who then
 * stands in the table without a list: a message passes through that much less memory.
 *
 * Invariants:
 *
 * 1. No list is empty. (One with a single subscriber stays a list.)
 */
export class ChannelTable {
  private readonly channels = new Map<ByteString, Subscriber | SubscriberList<Subscriber>>();

  /** How many channels there are. */
  get size(): number {
    return this.channels.size;
  }

  /** Who subscribed to the channel: one, or a list of them. O(1). */
  get(channel: ByteString): Subscriber | SubscriberList<Subscriber> | undefined {
    return this.channels.get(channel);
  }

  /** The same as a list, which from now on it is in the table too. O(1). */
  listOf(channel: ByteString): SubscriberList<Subscriber> | undefined {
    const found = this.channels.get(channel);
    if (found === undefined || found instanceof SubscriberList) return found;
    const list = new SubscriberList(found);
    this.channels.set(channel, list);
    return list;
  }

  /** Adds a subscriber; false if they are there already. O(1). */
  add(channel: ByteString, subscriber: Subscriber): boolean {
    const found = this.channels.get(channel);
    if (found === subscriber) return false;
    if (found !== undefined) return this.listOf(channel)!.add(subscriber);
    this.channels.set(channel, subscriber);
    return true;
  }

  /** Takes a subscriber out; false if they were not there. O(1). */
  remove(channel: ByteString, subscriber: Subscriber): boolean {
    const found = this.channels.get(channel);
    if (found === undefined) return false;
    if (found instanceof SubscriberList) {
      if (!found.remove(subscriber)) return false;
      if (found.size > 0) return true;
    } else if (found !== subscriber) {
      return false;
    }
    this.channels.delete(channel);
    return true;
  }

  /** How many are subscribed to the channel. O(1). */
  countOf(channel: ByteString): number {
    const found = this.channels.get(channel);
    if (found === undefined) return 0;
    return found instanceof SubscriberList ? found.size : 1;
  }

  /** All names; with a pattern, those that match it. O(channels). */
  names(pattern: ByteString | undefined): ByteString[] {
    const all = [...this.channels.keys()];
    return pattern === undefined ? all : all.filter(compileGlob(pattern));
  }

  /** Everybody, once for each channel. */
  *subscribers(): Generator<Subscriber> {
    for (const found of this.channels.values()) {
      if (found instanceof SubscriberList) yield* found;
      else yield found;
    }
  }

  /** For tests: throws if an invariant does not hold. O(subscriptions). */
  checkInvariants(): void {
    for (const [channel, found] of this.channels) {
      if (!(found instanceof SubscriberList)) continue;
      found.checkInvariants();
      if (found.size === 0) throw new Error(`the list of ${channel} is empty`);
    }
  }
}
