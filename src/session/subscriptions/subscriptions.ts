import type { ByteString } from '../../bytes/byte-string.ts';
import { type Hub, type Subscriber, type SubscriptionKind, subscriptionBytes } from '../../pubsub/hub.ts';
import type { ReplySink } from '../../wire/resp/reply-sink.ts';
import type { Session } from '../session.ts';

const MESSAGE: Readonly<Record<SubscriptionKind, string>> = {
  channel: 'message',
  pattern: 'pmessage',
  shard: 'smessage',
};

/** What a client has subscribed to, and how messages reach it. */
export class Subscriptions implements Subscriber {
  /** What they take, of what the hub counts. */
  bytes = 0;
  private readonly session: Session;
  private readonly hub: Hub;
  private readonly names: Readonly<Record<SubscriptionKind, Set<ByteString>>> = {
    channel: new Set(),
    pattern: new Set(),
    shard: new Set(),
  };

  constructor(session: Session) {
    this.session = session;
    this.hub = session.server.keyspace.hub;
  }

  /** What it has subscribed to, of this kind, in the order in which it did. */
  of(kind: SubscriptionKind): ReadonlySet<ByteString> {
    return this.names[kind];
  }

  /** Whether there is any subscription. */
  get isEmpty(): boolean {
    const { channel, pattern, shard } = this.names;
    return channel.size === 0 && pattern.size === 0 && shard.size === 0;
  }

  /** The number that confirmations of this kind tell: shard channels are counted apart from all else. */
  countFor(kind: SubscriptionKind): number {
    const { channel, pattern, shard } = this.names;
    return kind === 'shard' ? shard.size : channel.size + pattern.size;
  }

  add(kind: SubscriptionKind, name: ByteString): void {
    const names = this.names[kind];
    if (names.has(name)) return;
    names.add(name);
    this.bytes += subscriptionBytes(kind, name);
    this.hub.subscribe(kind, name, this);
  }

  remove(kind: SubscriptionKind, name: ByteString): void {
    if (!this.names[kind].delete(name)) return;
    this.bytes -= subscriptionBytes(kind, name);
    this.hub.unsubscribe(kind, name, this);
  }

  /** Ends all of them without a word. */
  clear(): void {
    for (const kind of ['channel', 'pattern', 'shard'] as const) {
      for (const name of this.names[kind]) this.remove(kind, name);
    }
  }

  deliver(
    kind: SubscriptionKind,
    channel: ByteString,
    message: ByteString,
    pattern: ByteString | undefined,
  ): void {
    const { session } = this;
    if (session.isBusy) session.send((sink) => writeMessage(sink, kind, channel, message, pattern));
    else {
      writeMessage(session.peer.messages, kind, channel, message, pattern);
      session.peer.flush();
    }
  }
}

function writeMessage(
  sink: ReplySink,
  kind: SubscriptionKind,
  channel: ByteString,
  message: ByteString,
  pattern: ByteString | undefined,
): void {
  sink.push(pattern === undefined ? 3 : 4);
  sink.bulk(MESSAGE[kind]);
  if (pattern !== undefined) sink.bulk(pattern);
  sink.bulk(channel);
  sink.bulk(message);
}
