import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { compareInterleaving, interleavings, type Step } from './support/interleavings.ts';

// Since 7.2 Redis runs the command of a waiting client anew. The reference server is older; what came of that is in
// test/streams/waiting.test.ts: several streams that become ready at once, entries that are gone before they are seen.

/** How 7.0 says that a stream or its group is gone, or is something else now, and what 7.2 says instead. */
function normalise(node: ReplyNode): ReplyNode {
  if (node.type !== '-') return node;
  const isGone = /^(UNBLOCKED the stream key|NOGROUP the consumer group|NOGROUP No such key|WRONGTYPE)/.test(
    node.value,
  );
  return isGone ? { type: '-', value: 'gone' } : node;
}

interleavings(
  'waiting for streams',
  {
    'XREAD: everybody is given what is added': [
      'a: XREAD BLOCK 0 STREAMS k $',
      'b: XREAD BLOCK 0 STREAMS k 0',
      'c: XREAD BLOCK 0 COUNT 1 STREAMS j k 0 0',
      'd: XADD k 1-1 f v',
      'd: XLEN k',
      'a: XREAD BLOCK 0 STREAMS k 0',
      'a: XREAD BLOCK 0 STREAMS k $',
      'b: XREAD BLOCK 0 STREAMS k 1-1',
      'c: XREAD BLOCK 0 STREAMS k 5',
      'd: XADD k 2-1 f v g w',
      'd: XADD k 5-0 f v',
      'd: XADD k 5-1 f v',
      'd: XADD k 6-1 f v',
    ],
    'XREAD: what $ means is known when it is said': [
      'd: XADD k 1-1 f v',
      'd: XADD k 2-1 f v',
      'd: XDEL k 2-1',
      'a: XREAD BLOCK 0 STREAMS k $',
      'b: XREAD BLOCK 0 STREAMS none $',
      'd: DEL k',
      'd: XADD k 1-5 f v',
      'd: XADD k 2-1 f v',
      'd: XADD k 2-2 f v',
      'd: XADD none 0-1 f v',
    ],
    'XREAD: several streams': [
      'd: XADD k 1-1 f v',
      'a: XREAD BLOCK 0 STREAMS k l m $ 0 0',
      'd: XADD m 1-1 f v',
      'a: XREAD BLOCK 0 STREAMS k l m $ 0 $',
      'd: XADD l 1-1 f v',
      'a: XREAD BLOCK 0 STREAMS k k $ 0',
    ],
    'XREAD: a transaction is seen as a whole': [
      'a: XREAD BLOCK 0 STREAMS k 0',
      'd: MULTI',
      'd: XADD k 1-1 f v',
      'd: DEL k',
      'd: EXEC',
      'd: MULTI',
      'd: XADD k 1-1 f v',
      'd: XADD k 2-1 f v',
      'd: XDEL k 1-1',
      'd: EXEC',
      'a: XREAD BLOCK 0 STREAMS k $',
      'd: XADD k 5-1 f v',
    ],
    'XREAD waits through all that happens to its key': [
      'a: XREAD BLOCK 0 STREAMS k 0',
      'd: SET k v',
      'd: DEL k',
      'd: RPUSH k x',
      'd: RENAME k l',
      'd: XGROUP CREATE k g 0 MKSTREAM',
      'd: XGROUP DESTROY k g',
      'd: FLUSHALL',
      'd: XADD l 1-1 f v',
      'd: RENAME l k',
      'a: XREAD BLOCK 0 STREAMS k 1-1',
      'd: COPY k l',
      'd: XADD l 2-1 f v',
      'd: COPY l k REPLACE',
      'a: XREAD BLOCK 0 STREAMS k 9',
      'd: XADD k 3-1 f v',
      'd: EXPIRE k 0',
      'd: SELECT 1',
      'd: XADD k 10-1 f v',
      'd: SWAPDB 0 1',
    ],
    'XREADGROUP: first come, first served': [
      'd: XGROUP CREATE k g 0 MKSTREAM',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS k >',
      'b: XREADGROUP GROUP g bob BLOCK 0 STREAMS k >',
      'c: XREADGROUP GROUP g carol BLOCK 0 NOACK STREAMS k >',
      'd: XADD k 1-1 f v',
      'd: XADD k 2-1 f v',
      'd: XADD k 3-1 f v',
      'd: XPENDING k g - + 10',
      'a: XREADGROUP GROUP g alice COUNT 1 BLOCK 0 STREAMS k >',
      'b: XREADGROUP GROUP g bob BLOCK 0 STREAMS k >',
      'd: MULTI',
      'd: XADD k 4-1 f v',
      'd: XADD k 5-1 f v',
      'd: XADD k 6-1 f v',
      'd: EXEC',
      'd: XPENDING k g - + 10',
    ],
    'XREADGROUP: groups do not concern each other, nor XREAD': [
      'd: XGROUP CREATE k g 0 MKSTREAM',
      'd: XGROUP CREATE k h 0',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS k >',
      'b: XREADGROUP GROUP h bob BLOCK 0 STREAMS k >',
      'c: XREAD BLOCK 0 STREAMS k 0',
      'd: XADD k 1-1 f v',
      'd: XPENDING k g - + 10',
      'd: XPENDING k h - + 10',
    ],
    'XREADGROUP: history never waits': [
      'd: XGROUP CREATE k g 0 MKSTREAM',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS k 0',
      'd: XGROUP CREATE l g 0 MKSTREAM',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS k l > 0',
      'd: XADD k 1-1 f v',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS k l > 0',
    ],
    'XREADGROUP: several streams': [
      'd: XGROUP CREATE k g 0 MKSTREAM',
      'd: XGROUP CREATE l g 0 MKSTREAM',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS k l > >',
      'b: XREADGROUP GROUP g bob BLOCK 0 STREAMS l k > >',
      'd: XADD l 1-1 f v',
      'd: XADD l 2-1 f v',
    ],
    'XREADGROUP: only what was added is a reason to look': [
      'd: XADD k 1-1 f v',
      'd: XADD k 2-1 f v',
      'd: XGROUP CREATE k g $',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS k >',
      'd: XGROUP SETID k g 0',
      'd: XDEL k 1-1',
      'd: EXPIRE k 100',
      'd: PERSIST k',
      'd: XSETID k 9-1',
      'd: XTRIM k MAXLEN 1',
      'd: XGROUP CREATE k h 0',
      'd: XGROUP CREATECONSUMER k g bob',
      'd: XGROUP DELCONSUMER k g bob',
      'd: XGROUP DESTROY k h',
    ],
    'XREADGROUP: a consumer that is removed while it waits': [
      'd: XGROUP CREATE k g 0 MKSTREAM',
      'd: XGROUP CREATECONSUMER k g alice',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS k >',
      'd: XGROUP DELCONSUMER k g alice',
      'd: XADD k 1-1 f v',
      'd: XPENDING k g - + 10',
    ],
    'XREADGROUP: a key that moves in from elsewhere': [
      'd: XGROUP CREATE k g 0 MKSTREAM',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS k >',
      'd: XADD l 1-1 f v',
      'd: XGROUP CREATE l g 0',
      'd: RENAME l k',
      'd: XPENDING k g - + 10',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS k >',
      'd: COPY k l',
      'd: XADD l 2-1 f v',
      'd: COPY l k REPLACE',
    ],
    'who waits for other types of values at the same key': [
      'a: BLPOP k 0',
      'b: XREAD BLOCK 0 STREAMS k 0',
      'd: XADD k 1-1 f v',
      'd: DEL k',
      'b: XREAD BLOCK 0 STREAMS k 1-1',
      'd: RPUSH k x',
      'd: XADD k 2-1 f v',
    ],
    'nobody waits in a transaction': [
      'd: XGROUP CREATE k g 0 MKSTREAM',
      'a: MULTI',
      'a: XREAD BLOCK 0 STREAMS k 0',
      'a: XREAD BLOCK 0 STREAMS k $',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS k >',
      'a: XADD k 1-1 f v',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS k >',
      'a: XREADGROUP GROUP none alice BLOCK 0 STREAMS k >',
      'a: XREAD BLOCK 0 STREAMS k >',
      'a: EXEC',
    ],
    // The server's time passes by itself: timeouts are long beside what a slow machine takes for a step.
    timeouts: [
      'd: XGROUP CREATE k g 0 MKSTREAM',
      'a: XREAD BLOCK 500 STREAMS k $',
      'b: XREADGROUP GROUP g bob BLOCK 500 STREAMS k >',
      'c: XREAD BLOCK 100000 STREAMS k none $ $',
      { passMs: 700 },
      'd: XADD k 1-1 f v',
    ],
    'CLIENT UNBLOCK': [
      'd: XGROUP CREATE k g 0 MKSTREAM',
      'a: XREAD BLOCK 0 STREAMS k $',
      'b: XREADGROUP GROUP g bob BLOCK 0 STREAMS k >',
      'c: XREADGROUP GROUP g carol BLOCK 0 STREAMS k >',
      'x: CLIENT UNBLOCK {a} TIMEOUT',
      'x: CLIENT UNBLOCK {b} ERROR',
      'x: CLIENT UNBLOCK {a}',
      'd: XADD k 1-1 f v',
    ],
    'who hangs up is not served': [
      'd: XGROUP CREATE k g 0 MKSTREAM',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS k >',
      'b: XREADGROUP GROUP g bob BLOCK 0 STREAMS k >',
      { closes: 'a' },
      'd: XADD k 1-1 f v',
      'd: XPENDING k g - + 10',
    ],
    'commands said meanwhile come afterwards': [
      'a: XREAD BLOCK 0 STREAMS k 0',
      'a: XREAD BLOCK 0 STREAMS k $',
      'a: XLEN k',
      'd: XADD k 1-1 f v',
      'd: XADD k 2-1 f v',
    ],
    'WATCH does not see what a waiting reader did': [
      'd: XGROUP CREATE k g 0 MKSTREAM',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS k >',
      'b: WATCH k',
      'b: MULTI',
      'b: PING',
      'b: EXEC',
      'b: WATCH k',
      'd: XADD k 1-1 f v',
      'b: MULTI',
      'b: PING',
      'b: EXEC',
    ],
    'XREADGROUP: the group goes, or its stream': [
      'd: XGROUP CREATE k g 0 MKSTREAM',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS k >',
      'b: XREADGROUP GROUP g bob BLOCK 0 STREAMS k >',
      'c: XREAD BLOCK 0 STREAMS k 0',
      'd: XGROUP DESTROY k g',
      'd: XGROUP CREATE k g 0',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS k >',
      'd: DEL k',
      'd: XGROUP CREATE k g 0 MKSTREAM',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS k >',
      'd: RENAME k l',
      'a: XREADGROUP GROUP g alice BLOCK 0 STREAMS l >',
      'd: MULTI',
      'd: DEL l',
      'd: XADD l 1-1 f v',
      'd: EXEC',
    ],
  },
  { normalise },
);

const key = fc.constantFrom('k', 'l');
const group = fc.constantFrom('g', 'h');
const consumer = fc.constantFrom('alice', 'bob', 'carol');
const id = fc.constantFrom('1-1', '1-2', '2-1', '3-1', '4-1', '5-1', '6-1', '7-1', '8-1', '9-1');
const words = (...parts: (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((all) => all.join(' '));

/** What a client says: one command, or several in a transaction. */
type Speech = readonly string[];
const alone = (line: fc.Arbitrary<string>): fc.Arbitrary<Speech> => line.map((said) => [said]);

const reading = fc.oneof(
  { weight: 3, arbitrary: words('XREAD BLOCK 0 STREAMS', key, fc.constantFrom('$', '$', '0', '2', '5-1')) },
  { weight: 1, arbitrary: words('XREAD COUNT 1 BLOCK 0 STREAMS', key, fc.constantFrom('$', '0')) },
);
const readingForGroup = fc.oneof(
  { weight: 2, arbitrary: reading },
  { weight: 5, arbitrary: words('XREADGROUP GROUP', group, consumer, 'BLOCK 0 STREAMS', key, '>') },
  {
    weight: 1,
    arbitrary: words('XREADGROUP GROUP', group, consumer, 'COUNT 1 BLOCK 0 NOACK STREAMS', key, '>'),
  },
  {
    weight: 1,
    arbitrary: words('XREADGROUP GROUP', group, consumer, 'STREAMS', key, fc.constantFrom('0', '>')),
  },
);
const adding = words('XADD', key, id, 'f', fc.constantFrom('v', 'w'));
/** What may take away any key. */
const leaving = fc.oneof(
  words('DEL', key),
  words('SET', key, 'v'),
  words('EXPIRE', key, fc.constantFrom('0', '100')),
);
/** What may happen to any key. */
const happening = fc.oneof(
  { weight: 3, arbitrary: leaving },
  { weight: 2, arbitrary: fc.oneof(words('RENAME', key, key), words('COPY', key, key, 'REPLACE')) },
);
/** What may stand beside XADD in a transaction: what deletes is seen otherwise since 7.2. */
const harmless = fc.oneof(
  // No XGROUP CREATECONSUMER: since 7.2 who waits is a consumer already.
  { weight: 6, arbitrary: adding },
  { weight: 2, arbitrary: words('XGROUP CREATE', key, group, fc.constantFrom('0', '$', '3'), 'MKSTREAM') },
  { weight: 1, arbitrary: words('XGROUP SETID', key, group, fc.constantFrom('0', '$', '2')) },
);
const unblocking = words(
  'CLIENT UNBLOCK',
  fc.constantFrom('{a}', '{b}', '{c}'),
  fc.constantFrom('TIMEOUT', 'ERROR'),
);
const inTransaction = (line: fc.Arbitrary<string>): fc.Arbitrary<Speech> =>
  fc.array(line, { minLength: 2, maxLength: 5 }).map((lines) => ['MULTI', ...lines, 'EXEC']);

/** Everything but deleting entries: since 7.4 Redis reckons otherwise how far groups have come then. */
const withGroups: fc.Arbitrary<Speech> = fc.oneof(
  { weight: 8, arbitrary: alone(readingForGroup) },
  { weight: 8, arbitrary: alone(harmless) },
  { weight: 2, arbitrary: alone(happening) },
  { weight: 1, arbitrary: alone(words('XGROUP DESTROY', key, group)) },
  { weight: 1, arbitrary: alone(words('XGROUP DELCONSUMER', key, group, consumer)) },
  { weight: 1, arbitrary: alone(words('XACK', key, group, id)) },
  { weight: 2, arbitrary: inTransaction(fc.oneof({ weight: 6, arbitrary: harmless }, readingForGroup)) },
  { weight: 1, arbitrary: alone(unblocking) },
);
/** Streams are emptied, but stay where they are: until 7.0 Redis gave who waited an empty range of one that came. */
const withoutGroups: fc.Arbitrary<Speech> = fc.oneof(
  { weight: 8, arbitrary: alone(reading) },
  { weight: 8, arbitrary: alone(adding) },
  { weight: 2, arbitrary: alone(leaving) },
  { weight: 2, arbitrary: alone(words('XDEL', key, id)) },
  { weight: 1, arbitrary: alone(words('XTRIM', key, 'MAXLEN', fc.constantFrom('0', '1'))) },
  { weight: 1, arbitrary: alone(words('XSETID', key, id)) },
  { weight: 2, arbitrary: inTransaction(fc.oneof({ weight: 6, arbitrary: adding }, reading)) },
  { weight: 1, arbitrary: alone(unblocking) },
);
const movedAbout: fc.Arbitrary<Speech> = fc.oneof(
  { weight: 8, arbitrary: alone(reading) },
  { weight: 8, arbitrary: alone(adding) },
  { weight: 3, arbitrary: alone(happening) },
  { weight: 2, arbitrary: inTransaction(fc.oneof({ weight: 6, arbitrary: adding }, reading)) },
  { weight: 1, arbitrary: alone(unblocking) },
);

describe('waiting for streams: generated interleavings, beside the real server', () => {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(async () => {
    await server?.stop();
  });

  const seed = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_260_111);
  const runs = Number(process.env['LODIS_FUZZ_RUNS'] ?? 120);
  const speeches = { 'with groups': withGroups, 'without groups': withoutGroups, 'moved about': movedAbout };
  for (const [what, speech] of Object.entries(speeches))
    test(`${what}: ${runs} (seed ${seed})`, { timeout: 120_000 + runs * 200 }, async ({ skip }) => {
      if (server === undefined) return skip();
      const reference = server;
      let steps = 0;
      const script = fc
        .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), speech), {
          minLength: 4,
          maxLength: 40,
          size: 'max',
        })
        .map((said) => said.flatMap(([client, lines]): Step[] => lines.map((line) => `${client}: ${line}`)));
      await fc.assert(
        fc.asyncProperty(script, fc.constantFrom(2 as const, 3 as const), async (chosen, protocol) => {
          steps += chosen.length;
          const begin = ['a: PING', 'b: PING', 'c: PING'];
          if (speech === withGroups) begin.push('d: XGROUP CREATE k g 0 MKSTREAM');
          await compareInterleaving(reference, [...begin, ...chosen], protocol, { normalise });
        }),
        { seed, numRuns: runs },
      );
      expect(steps).toBeGreaterThan(runs * 4);
    });
});
