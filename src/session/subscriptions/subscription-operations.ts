import type { ByteString } from '../../bytes/byte-string.ts';
import { type Many, manyOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import type { SubscriptionKind } from '../../pubsub/hub.ts';
import type { ReplySink } from '../../wire/resp/reply-sink.ts';
import type { Session } from '../session.ts';

/** What a client is told of each channel or pattern it names. */
export interface Confirmation {
  readonly action: string;
  /** `null` where it wanted to end all, and there were none. */
  readonly name: ByteString | null;
  /** How many subscriptions it has now. */
  readonly count: number;
}

/** Confirmations, and where they go if the client wants no replies: they are no replies. */
export interface Confirmations {
  readonly list: readonly Confirmation[];
  readonly messages: ReplySink;
}

const PREFIX: Readonly<Record<SubscriptionKind, string>> = { channel: '', pattern: 'p', shard: 's' };

/** SUBSCRIBE and its kin. */
export class SubscriptionOperations {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  subscribe(channels: Many): Confirmations {
    return this.begin('channel', channels);
  }

  psubscribe(patterns: Many): Confirmations {
    return this.begin('pattern', patterns);
  }

  /** @throws ReplyError within EXEC */
  ssubscribe(channels: Many): Confirmations {
    // EXEC wants one reply of each command. SUBSCRIBE and PSUBSCRIBE are let off, for they were there before that rule.
    if (this.session.isRunningQueue) throw errors.subscribesToShardsInExec();
    return this.begin('shard', channels);
  }

  unsubscribe(channels?: Many): Confirmations {
    return this.endOf('channel', channels);
  }

  punsubscribe(patterns?: Many): Confirmations {
    return this.endOf('pattern', patterns);
  }

  sunsubscribe(channels?: Many): Confirmations {
    return this.endOf('shard', channels);
  }

  private begin(kind: SubscriptionKind, names: Many): Confirmations {
    const { subscriptions } = this.session;
    return this.confirm(kind, 'subscribe', manyOf(names) as ByteString[], (name) =>
      subscriptions.add(kind, name),
    );
  }

  private endOf(kind: SubscriptionKind, given: Many | undefined): Confirmations {
    const { subscriptions } = this.session;
    const names = given === undefined ? [...subscriptions.of(kind)] : (manyOf(given) as ByteString[]);
    if (names.length > 0) {
      return this.confirm(kind, 'unsubscribe', names, (name) => subscriptions.remove(kind, name));
    }
    const none = { action: `${PREFIX[kind]}unsubscribe`, name: null, count: subscriptions.countFor(kind) };
    return { list: [none], messages: this.session.peer.messages };
  }

  private confirm(
    kind: SubscriptionKind,
    verb: string,
    names: readonly ByteString[],
    act: (name: ByteString) => void,
  ): Confirmations {
    const { session } = this;
    const list = names.map((name) => {
      act(name);
      return { action: PREFIX[kind] + verb, name, count: session.subscriptions.countFor(kind) };
    });
    session.subscribed();
    return { list, messages: session.peer.messages };
  }
}
