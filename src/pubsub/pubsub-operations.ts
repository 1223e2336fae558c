import type { Bytes } from '../bytes/byte-string.ts';
import type { Many } from '../bytes/many.ts';
import { Operations, type Output } from '../keyspace/operations.ts';

/** A channel, and how many are subscribed to it. */
export interface ChannelSubscribers<T = string> {
  readonly channel: T;
  readonly subscribers: number;
}

/** The commands on channels that are no subscriptions. Channels are shared by all databases of a store. */
export abstract class PubsubOperations<O extends Output> extends Operations<O> {
  /**
   * Publishes a message to a channel. Subscribers get it before this returns, listeners are called; what a listener
   * throws does not come back here. In a transaction it is published once that is committed. O(channel + subscribers).
   * Redis 2.0.0.
   *
   * @returns how many got it; who is subscribed to the channel and to two patterns that match it counts three times
   */
  publish(channel: Bytes, message: Bytes): number {
    const name = this.input(channel);
    const text = this.input(message);
    const { keyspace } = this;
    if (keyspace.journal === undefined) return keyspace.hub.publish(name, text);
    keyspace.whenCommitted(() => keyspace.hub.publish(name, text));
    return keyspace.hub.receiverCount(name);
  }

  /**
   * Publishes a message to a shard channel (see {@link Store.ssubscribe}). O(subscribers). Redis 7.0.0.
   *
   * @returns how many got it
   */
  spublish(channel: Bytes, message: Bytes): number {
    const name = this.input(channel);
    const text = this.input(message);
    const { keyspace } = this;
    if (keyspace.journal === undefined) return keyspace.hub.publishShard(name, text);
    keyspace.whenCommitted(() => keyspace.hub.publishShard(name, text));
    return keyspace.hub.shardSubscriberCount(name);
  }

  /**
   * The channels that somebody is subscribed to, by their names; with a glob pattern, those that match it.
   * O(channels). Redis 2.8.0.
   */
  pubsubChannels(pattern?: Bytes): O['string'][] {
    const names = this.keyspace.hub.channelNames(pattern === undefined ? undefined : this.input(pattern));
    return names.map((name) => this.output(name));
  }

  /** The same for shard channels. O(channels). Redis 7.0.0. */
  pubsubShardchannels(pattern?: Bytes): O['string'][] {
    const names = this.keyspace.hub.shardChannelNames(
      pattern === undefined ? undefined : this.input(pattern),
    );
    return names.map((name) => this.output(name));
  }

  /** How many are subscribed to each of these channels, patterns not counted. O(channels given). Redis 2.8.0. */
  pubsubNumsub(channels: Many = []): ChannelSubscribers<O['string']>[] {
    const { hub } = this.keyspace;
    return this.inputMany(channels).map((name) => {
      return { channel: this.output(name), subscribers: hub.subscriberCount(name) };
    });
  }

  /** The same for shard channels. O(channels given). Redis 7.0.0. */
  pubsubShardnumsub(channels: Many = []): ChannelSubscribers<O['string']>[] {
    const { hub } = this.keyspace;
    return this.inputMany(channels).map((name) => {
      return { channel: this.output(name), subscribers: hub.shardSubscriberCount(name) };
    });
  }

  /** How many different patterns somebody is subscribed to. O(1). Redis 2.8.0. */
  pubsubNumpat(): number {
    return this.keyspace.hub.patternCount;
  }
}
