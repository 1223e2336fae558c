import type { Codec } from '../../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../../wire/command.ts';
import { key, many, optional, pattern, string } from '../../wire/grammar/pieces.ts';
import { nullSink } from '../client/null-sink.ts';
import type { Confirmations, SubscriptionOperations } from './subscription-operations.ts';

const { command } = commandsOf<SubscriptionOperations>();

const facts = {
  group: 'pubsub',
  target: 'subscription',
  complexity: 'O(N) where N is the number of channels.',
} as const satisfies Partial<CommandFacts>;

const FLAGS = 'pubsub noscript loading stale sentinel';
const SHARD_FLAGS = 'pubsub noscript loading stale';

/** A push for each channel, in RESP2 an array. They are no replies: a client that wants none gets them all the same. */
const confirmations: Codec<Confirmations> = {
  write: ({ list, messages }, sink) => {
    const out = sink === nullSink ? messages : sink;
    for (const { action, name, count } of list) {
      out.push(3);
      out.bulk(action);
      if (name === null) out.nil();
      else out.bulk(name);
      out.integer(count);
    }
  },
  read: (reply) => reply,
};

const channels = many(string('channel'));
const patterns = many(pattern());
/** They decide the shard, as keys do, but are none. */
const shardChannels = {
  ...many(key('not_key', 'shardchannel')),
  docs: [{ name: 'shardchannel', type: 'string', flags: ['multiple'] }],
  keys: [{ begin: { index: 0 }, find: { lastKey: -1, step: 1, limit: 0 }, flags: ['not_key'] }],
} as const;

/** Subscribing and unsubscribing: see `src/pubsub/pubsub-commands.ts` for publishing. */
export const subscriptionCommands = commandTable<SubscriptionOperations>()([
  command({
    ...facts,
    name: 'SUBSCRIBE',
    summary: 'Listens for messages published to channels.',
    since: '2.0.0',
    flags: FLAGS,
    args: [channels],
    method: 'subscribe',
    reply: confirmations,
  }),
  command({
    ...facts,
    name: 'PSUBSCRIBE',
    summary: 'Listens for messages published to channels that match one or more patterns.',
    since: '2.0.0',
    flags: FLAGS,
    args: [patterns],
    method: 'psubscribe',
    reply: confirmations,
  }),
  command({
    ...facts,
    name: 'SSUBSCRIBE',
    summary: 'Listens for messages published to shard channels.',
    since: '7.0.0',
    flags: SHARD_FLAGS,
    args: [shardChannels],
    method: 'ssubscribe',
    reply: confirmations,
  }),
  command({
    ...facts,
    name: 'UNSUBSCRIBE',
    summary: 'Stops listening to messages posted to channels.',
    since: '2.0.0',
    flags: FLAGS,
    args: [optional(channels)],
    method: 'unsubscribe',
    reply: confirmations,
  }),
  command({
    ...facts,
    name: 'PUNSUBSCRIBE',
    summary: 'Stops listening to messages published to channels that match one or more patterns.',
    since: '2.0.0',
    flags: FLAGS,
    args: [optional(patterns)],
    method: 'punsubscribe',
    reply: confirmations,
  }),
  command({
    ...facts,
    name: 'SUNSUBSCRIBE',
    summary: 'Stops listening to messages posted to shard channels.',
    since: '7.0.0',
    flags: SHARD_FLAGS,
    args: [optional(shardChannels)],
    method: 'sunsubscribe',
    reply: confirmations,
  }),
]);
