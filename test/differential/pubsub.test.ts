import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { print } from './support/comparison.ts';
import {
  compareInterleaving,
  type InterleavingOptions,
  interleavings,
  type Step,
} from './support/interleavings.ts';

/** In which order several confirmations come is the server's hash order, and so are lists of channels. */
const options: InterleavingOptions = {
  isExempt: (step, _client, ours, theirs) => {
    if (typeof step !== 'string') return false;
    // It tells its version, and an id.
    if (step.includes('HELLO')) return ours.length === theirs.length;
    if (/PUBSUB|UNSUBSCRIBE$/i.test(step)) return sortedPrints(ours) === sortedPrints(theirs);
    return isPublishedToOneself(step) && ours.map(print).sort().join() === theirs.map(print).sort().join();
  },
};

/** Since 7.2 messages that a command sends to its own client follow its reply; in 7.0 they come before, or inside. */
function isPublishedToOneself(step: string): boolean {
  return /: (PUBLISH|SPUBLISH)/.test(step);
}

/** The words and numbers in it, in any order: counts go down in step with the names, whichever comes first. */
function sortedPrints(nodes: readonly ReplyNode[]): string {
  return nodes
    .map(print)
    .join()
    .split(/[,\s[\]{}]+/)
    .filter(Boolean)
    .sort()
    .join();
}

interleavings(
  'pub/sub',
  {
    'a message reaches who subscribed': [
      'a: SUBSCRIBE x',
      'b: PUBLISH x hello',
      'b: PUBLISH y nobody',
      'a: UNSUBSCRIBE x',
      'b: PUBLISH x gone',
    ],
    'several channels, one confirmation each': [
      'a: SUBSCRIBE x y z',
      'a: SUBSCRIBE x',
      'a: UNSUBSCRIBE y',
      'a: UNSUBSCRIBE nosuch',
      'a: UNSUBSCRIBE',
    ],
    'nothing to unsubscribe from': [
      'a: UNSUBSCRIBE',
      'a: PUNSUBSCRIBE',
      'a: SUNSUBSCRIBE',
      'a: UNSUBSCRIBE x',
      'a: PUNSUBSCRIBE x',
      'a: SUNSUBSCRIBE x',
    ],
    patterns: [
      'a: PSUBSCRIBE news.* *.?port n[ae]ws',
      'b: PUBLISH news.sport goal',
      'b: PUBLISH naws x',
      'a: PUNSUBSCRIBE *.?port',
      'b: PUBLISH news.sport goal',
      'a: PUNSUBSCRIBE',
    ],
    'a channel and patterns count apart': [
      'a: SUBSCRIBE news',
      'a: PSUBSCRIBE n*',
      'a: PSUBSCRIBE *s',
      'b: PUBLISH news x',
    ],
    'shard channels are a world of their own': [
      'a: SSUBSCRIBE x y',
      'a: SUBSCRIBE x',
      'b: PUBLISH x plain',
      'b: SPUBLISH x shard',
      'b: PUBSUB SHARDCHANNELS',
      'b: PUBSUB SHARDNUMSUB x y z',
      'a: SUNSUBSCRIBE x',
      'a: SUNSUBSCRIBE',
    ],
    'several subscribers, in the order of their coming': [
      'a: SUBSCRIBE x',
      'b: SUBSCRIBE x',
      'c: SUBSCRIBE x',
      'd: PUBLISH x 1',
      'b: UNSUBSCRIBE',
      'd: PUBLISH x 2',
      { closes: 'a' },
      'd: PUBLISH x 3',
    ],
    'PUBSUB tells who is there': [
      'a: SUBSCRIBE x y',
      'b: PSUBSCRIBE x* y*',
      'c: PSUBSCRIBE x*',
      'd: PUBSUB CHANNELS',
      'd: PUBSUB CHANNELS x*',
      'd: PUBSUB NUMSUB',
      'd: PUBSUB NUMSUB x z',
      'd: PUBSUB NUMPAT',
      'd: PUBSUB NOSUCH',
      'd: PUBSUB',
      'd: PUBSUB NUMPAT x',
    ],
    'what a RESP2 client may still say': [
      'a: SUBSCRIBE x',
      'a: GET k',
      'a: PING',
      'a: PING hi',
      'a: MULTI',
      'a: NOSUCH',
      'a: GET',
      'a: SELECT 1',
      'a: PSUBSCRIBE y',
      'a: UNSUBSCRIBE',
      'a: GET k',
      'a: PUNSUBSCRIBE',
      'a: GET k',
    ],
    'RESET and QUIT end subscriptions': [
      'a: SUBSCRIBE x',
      'a: PSUBSCRIBE y',
      'a: RESET',
      'b: PUBLISH x 1',
      'a: GET k',
      'a: SUBSCRIBE x',
      'a: QUIT',
      'b: PUBLISH x 2',
    ],
    'in a transaction': [
      'a: MULTI',
      'a: SUBSCRIBE x y',
      'a: PING',
      'a: EXEC',
      'b: MULTI',
      'b: PUBLISH x 1',
      'b: PUBLISH y 2',
      'b: EXEC',
      'b: PUBLISH x 3',
    ],
    'messages are bytes': [
      'a: SUBSCRIBE "\\xff\\x00"',
      'b: PUBLISH "\\xff\\x00" "\\xfe\\r\\n"',
      'a: PSUBSCRIBE "\\xff*"',
      'b: PUBLISH "\\xff\\x00" ""',
    ],
    arity: [
      'a: SUBSCRIBE',
      'a: PSUBSCRIBE',
      'a: SSUBSCRIBE',
      'a: PUBLISH x',
      'a: PUBLISH x y z',
      'a: SPUBLISH x',
    ],
    'a client that wants no replies gets messages': [
      'a: CLIENT REPLY OFF',
      'a: SUBSCRIBE x',
      'b: PUBLISH x 1',
    ],
    'databases do not matter': ['a: SUBSCRIBE x', 'b: SELECT 3', 'b: PUBLISH x 1'],
  },
  options,
);

interleavings(
  'pub/sub with oneself',
  {
    'a message to oneself': ['a: SUBSCRIBE x', 'a: PUBLISH x 1', 'a: PUBLISH x 2'],
    'back to RESP2 with subscriptions': [
      'a: SUBSCRIBE x',
      'a: HELLO 2',
      'b: PUBLISH x 1',
      'a: PING',
      'a: GET k',
    ],
  },
  { ...options, protocols: [3] },
);

const NAMES = ['x', 'xy', 'xyz', 'y', ''];
const PATTERNS = ['*', 'x*', '*y', 'x?', '[xy]', 'x', '*y*', 'x*z'];
const VERBS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'SSUBSCRIBE', 'SUNSUBSCRIBE'];

const line = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...VERBS), fc.constantFrom(...NAMES)) },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom('PSUBSCRIBE', 'PUNSUBSCRIBE'), fc.constantFrom(...PATTERNS)),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom('PUBLISH', 'PUBLISH', 'SPUBLISH'), fc.constantFrom(...NAMES))
      .map(([verb, name]) => [verb, name, 'message']),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ['PUBSUB', 'NUMPAT'],
      ['PUBSUB', 'NUMSUB', 'x', 'y'],
      ['PING'],
      ['UNSUBSCRIBE'],
      ['PUNSUBSCRIBE'],
      ['RESET'],
    ),
  },
);

describe('pub/sub: generated interleavings, beside the real server', () => {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(async () => {
    await server?.stop();
  });

  const seed = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_260_103);
  const runs = Number(process.env['LODIS_FUZZ_RUNS'] ?? 300);
  test(`${runs} of them (seed ${seed})`, { timeout: 120_000 + runs * 200 }, async ({ skip }) => {
    if (server === undefined) return skip();
    const reference = server;
    let steps = 0;
    const script = fc.array(
      fc.tuple(fc.constantFrom('a', 'b', 'c'), line).map(([client, tokens]): Step => ({ client, tokens })),
      { minLength: 4, maxLength: 40, size: 'max' },
    );
    await fc.assert(
      fc.asyncProperty(script, fc.constantFrom(2 as const, 3 as const), async (chosen, protocol) => {
        steps += chosen.length;
        await compareInterleaving(reference, chosen, protocol, {
          // Patterns are called in the server's hash order, and messages to oneself come later since 7.2.
          isExempt: (_step, _client, ours, theirs) => sortedPrints(ours) === sortedPrints(theirs),
        });
      }),
      { seed, numRuns: runs },
    );
    expect(steps).toBeGreaterThan(runs * 4);
  });
});
