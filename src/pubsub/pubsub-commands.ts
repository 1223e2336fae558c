import type { ByteString } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import type { Raw } from '../keyspace/operations.ts';
import { array, bulk, type Codec, integer } from '../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../wire/command.ts';
import { key, many, optional, pattern, string } from '../wire/grammar/pieces.ts';
import type { Reply } from '../wire/resp/reply.ts';
import type { ChannelSubscribers, PubsubOperations } from './pubsub-operations.ts';

const { command, container } = commandsOf<PubsubOperations<Raw>>();

/** Channels each followed by its number of subscribers, in one flat array. */
const counted: Codec<readonly ChannelSubscribers<ByteString>[]> = {
  write: (counts, sink) => {
    sink.array(2 * counts.length);
    for (const { channel, subscribers } of counts) {
      sink.bulk(channel);
      sink.integer(subscribers);
    }
  },
  read: (reply) => {
    const flat = reply as Reply[];
    const counts: unknown[] = [];
    for (let at = 0; at < flat.length; at += 2) counts.push({ channel: flat[at], subscribers: flat[at + 1] });
    return counts;
  },
};

/** What the subcommands of PUBSUB have in common. */
const facts = { group: 'pubsub', flags: 'pubsub loading stale' } as const satisfies Partial<CommandFacts>;

/** For a subcommand that is found, but has more arguments than it takes, Redis has words of its own. */
function atMostOneArgument(_operations: unknown, tokens: readonly ByteString[]): void {
  if (tokens.length > 3) throw errors.subcommandSyntax(tokens[1]!, 'PUBSUB');
}

/** The commands of publish and subscribe that are no connection's own. */
export const pubsubCommands = commandTable<PubsubOperations<Raw>>()([
  command({
    name: 'PUBLISH',
    summary: 'Posts a message to a channel.',
    since: '2.0.0',
    group: 'pubsub',
    complexity:
      'O(N+M) where N is the number of clients subscribed to the channel and M is the number of patterns that can match it.',
    flags: 'pubsub loading stale fast may_replicate sentinel',
    args: [string('channel'), string('message')],
    method: 'publish',
    reply: integer,
  }),
  command({
    name: 'SPUBLISH',
    summary: 'Posts a message to a shard channel.',
    since: '7.0.0',
    group: 'pubsub',
    complexity: 'O(N) where N is the number of clients subscribed to the shard channel.',
    flags: 'pubsub loading stale fast may_replicate',
    args: [shardChannel(), string('message')],
    method: 'spublish',
    reply: integer,
  }),
  container({
    name: 'PUBSUB',
    summary: 'A container for Pub/Sub commands.',
    since: '2.8.0',
    group: 'pubsub',
    complexity: 'Depends on subcommand.',
    flags: '',
  }),
  command({
    ...facts,
    name: 'PUBSUB CHANNELS',
    summary: 'Returns the active channels.',
    since: '2.8.0',
    complexity: 'O(N) where N is the number of active channels.',
    args: [optional(pattern())],
    before: atMostOneArgument,
    method: 'pubsubChannels',
    reply: array(bulk),
  }),
  command({
    ...facts,
    name: 'PUBSUB NUMPAT',
    summary: 'Returns a count of unique pattern subscriptions.',
    since: '2.8.0',
    complexity: 'O(1)',
    args: [],
    method: 'pubsubNumpat',
    reply: integer,
  }),
  command({
    ...facts,
    name: 'PUBSUB NUMSUB',
    summary: 'Returns a count of subscribers to channels.',
    since: '2.8.0',
    complexity: 'O(N) where N is the number of requested channels.',
    args: [optional(many(string('channel')))],
    method: 'pubsubNumsub',
    reply: counted,
  }),
  command({
    ...facts,
    name: 'PUBSUB SHARDCHANNELS',
    summary: 'Returns the active shard channels.',
    since: '7.0.0',
    complexity: 'O(N) where N is the number of active shard channels.',
    args: [optional(pattern())],
    before: atMostOneArgument,
    method: 'pubsubShardchannels',
    reply: array(bulk),
  }),
  command({
    ...facts,
    name: 'PUBSUB SHARDNUMSUB',
    summary: 'Returns the count of subscribers of shard channels.',
    since: '7.0.0',
    complexity: 'O(N) where N is the number of requested shard channels.',
    args: [optional(many(string('shardchannel')))],
    method: 'pubsubShardnumsub',
    reply: counted,
  }),
]);

/** A name that clusters place like a key, and that is none. */
function shardChannel() {
  const channel = key('not_key');
  return { ...channel, docs: string('shardchannel').docs };
}
