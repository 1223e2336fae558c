import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { print } from './support/comparison.ts';
import { compareInterleaving, interleavings, type Step } from './support/interleavings.ts';

interleavings('tracking: keys that were read', {
  'told once, until it is read again': [
    'a: CLIENT TRACKING ON',
    'b: SET k 1',
    'a: GET k',
    'b: SET k 2',
    'b: SET k 3',
    'a: GET k',
    'b: DEL k',
  ],
  'every key of a command that reads, each told by itself': [
    'a: CLIENT TRACKING ON',
    'b: MSET k 1 l 2 m 3',
    'a: MGET k l k nok m',
    'b: MSET m 1 k 2 nok 3 l 4',
    'a: EXISTS k l',
    'a: TTL m',
    'a: TYPE k',
    'b: EXPIRE m 100',
    'b: PERSIST m',
    'b: DEL l m k',
  ],
  'not the keys of commands that write': [
    'a: CLIENT TRACKING ON',
    'b: SET k 1',
    'a: GETEX k',
    'a: GETDEL k',
    'a: INCR k',
    'b: SET k 1',
  ],
  'a read that fails counts': ['a: CLIENT TRACKING ON', 'b: LPUSH q x', 'a: GET q', 'a: GET', 'b: LPUSH q y'],
  'what it changes itself, after the reply': [
    'a: CLIENT TRACKING ON',
    'a: SET k 1',
    'a: GET k',
    'a: SET k 2',
    'a: MGET k l',
    'a: MSET l 1 k 2',
  ],
  'NOLOOP: not what it changes itself': [
    'a: CLIENT TRACKING ON NOLOOP',
    'a: GET k',
    'a: SET k 1',
    'b: SET k 1',
    'a: GET k',
    'b: SET k 2',
  ],
  'several clients': [
    'a: CLIENT TRACKING ON',
    'b: CLIENT TRACKING ON NOLOOP',
    'c: CLIENT TRACKING ON',
    'a: GET k',
    'b: GET k',
    'b: SET k 1',
    'c: GET k',
    'a: SET k 1',
  ],
  'databases are not told apart': [
    'a: CLIENT TRACKING ON',
    'a: GET k',
    'b: SELECT 3',
    'b: SET k 1',
    'a: GET k',
    'b: FLUSHDB',
    'a: GET k',
    'b: SWAPDB 0 3',
    'b: SET k 1',
    'b: FLUSHALL',
    'b: FLUSHALL',
  ],
  'flushed by itself': [
    'a: CLIENT TRACKING ON',
    'a: GET k',
    'a: FLUSHALL',
    'a: SET k 1',
    'a: GET k',
    'b: FLUSHDB',
  ],
  'RENAME, COPY, MOVE, SORT STORE': [
    'a: CLIENT TRACKING ON',
    'b: RPUSH k 2 1',
    'a: MGET k l m n',
    'b: RENAME k l',
    'a: MGET k l m n',
    'b: COPY l m',
    'a: MGET k l m n',
    'b: SORT l STORE n',
    'a: MGET k l m n',
    'b: MOVE n 5',
    'a: MGET k l m n',
    'b: LMOVE l m LEFT RIGHT',
    'b: LMOVE l m LEFT RIGHT',
    'b: SELECT 5',
    'b: FLUSHDB',
  ],
  'hashes, sets, sorted sets': [
    'a: CLIENT TRACKING ON',
    'b: HSET h f 1',
    'b: SADD s a b',
    'b: ZADD z 1 a 2 b',
    'a: HGET h f',
    'a: SMEMBERS s',
    'a: ZSCORE z a',
    'b: HSET h f 2',
    'b: SREM s nok',
    'b: SREM s a',
    'b: ZINCRBY z 1 a',
    'a: HGETALL h',
    'a: SCARD s',
    'a: SINTER s s2',
    'a: ZRANGE z 0 -1',
    'b: HDEL h f',
    'b: SINTERSTORE s2 s',
    'b: ZADD z XX 9 nok',
    'b: ZPOPMIN z',
    'b: SPOP s 5',
  ],
  'a time that is over at once': ['a: CLIENT TRACKING ON', 'b: SET k 1', 'a: GET k', 'b: EXPIRE k -1'],
  transactions: [
    'a: CLIENT TRACKING ON',
    'a: MULTI',
    'a: GET k',
    'a: GET l',
    'a: EXEC',
    'b: MULTI',
    'b: SET k 1',
    'b: SET k 2',
    'b: SET l 2',
    'b: EXEC',
    'a: MULTI',
    'a: GET k',
    'a: SET k 2',
    'a: SET l 2',
    'a: GET l',
    'a: EXEC',
    'b: SET l 1',
  ],
  'off, and on again': [
    'a: CLIENT TRACKING ON',
    'a: GET k',
    'a: GET l',
    'a: CLIENT TRACKING OFF',
    'b: SET k 1',
    'a: CLIENT TRACKING ON',
    'b: SET k 1',
    'b: SET l 1',
    'a: GET k',
    'a: RESET',
    'b: SET k 1',
  ],
  'from default mode to broadcasts': [
    'a: CLIENT TRACKING ON',
    'a: GET k',
    'a: CLIENT TRACKING OFF',
    'a: CLIENT TRACKING ON BCAST PREFIX x',
    'b: SET k 1',
    'b: SET x 1',
    'a: CLIENT TRACKING OFF',
    'a: CLIENT TRACKING ON',
    'b: SET k 1',
  ],
  'a client that hangs up': [
    'a: CLIENT TRACKING ON',
    'c: CLIENT TRACKING ON BCAST',
    'a: GET k',
    { closes: 'a' },
    { closes: 'c' },
    'b: SET k 1',
  ],
  'replies that are not wanted': [
    'a: CLIENT TRACKING ON',
    'a: CLIENT REPLY OFF',
    'a: GET k',
    'b: SET k 1',
    'a: CLIENT REPLY ON',
    'a: CLIENT REPLY SKIP',
    'a: GET k',
    'b: SET k 1',
  ],
});

interleavings('tracking: some of the keys', {
  'OPTIN: the command after CLIENT CACHING YES': [
    'a: CLIENT TRACKING ON OPTIN',
    'a: GET k',
    'b: SET k 1',
    'a: CLIENT CACHING YES',
    'a: GET k',
    'a: GET l',
    'b: MSET k 1 l 1',
    'a: CLIENT CACHING YES',
    'a: PING',
    'a: GET k',
    'b: SET k 1',
  ],
  'what ends it, and what does not': [
    'a: CLIENT TRACKING ON OPTIN',
    'a: CLIENT CACHING YES',
    'a: NOSUCH',
    'a: GET k',
    'b: SET k 1',
    'a: CLIENT CACHING YES',
    'a: GET',
    'a: GET k',
    'b: SET k 1',
    'a: CLIENT CACHING YES',
    'a: CLIENT GETNAME',
    'a: CLIENT ID x',
    'a: GET k',
    'b: SET k 1',
    'a: CLIENT CACHING YES',
    'a: CLIENT NOSUCH',
    'a: GET k',
    'b: SET k 1',
  ],
  'a transaction as a whole': [
    'a: CLIENT TRACKING ON OPTIN',
    'a: CLIENT CACHING YES',
    'a: MULTI',
    'a: GET k',
    'a: GET l',
    'a: EXEC',
    'b: MSET k 1 l 1',
    'a: GET k',
    'b: SET k 1',
    'a: MULTI',
    'a: GET k',
    'a: CLIENT CACHING YES',
    'a: GET l',
    'a: GET m',
    'a: EXEC',
    'b: MSET k 1 l 1 m 1',
    'a: CLIENT CACHING YES',
    'a: MULTI',
    'a: GET k',
    'a: DISCARD',
    'a: GET k',
    'b: SET k 1',
  ],
  'OPTOUT: all but the command after CLIENT CACHING NO': [
    'a: CLIENT TRACKING ON OPTOUT',
    'a: GET k',
    'b: SET k 1',
    'a: CLIENT CACHING NO',
    'a: GET k',
    'b: SET k 1',
    'a: CLIENT CACHING NO',
    'a: MULTI',
    'a: GET k',
    'a: EXEC',
    'a: GET l',
    'b: MSET k 1 l 1',
  ],
});

interleavings('tracking: broadcasts', {
  'every key, each time': [
    'a: CLIENT TRACKING ON BCAST',
    'b: SET k 1',
    'b: SET k 1',
    'a: SET k 1',
    'b: DEL k',
    'b: DEL k',
  ],
  'in one message, in byte order': [
    'a: CLIENT TRACKING ON BCAST',
    'b: MSET z 1 a 2 m 3 a 4',
    'a: MSET z 1 a 2 m 3 a 4',
    'b: MULTI',
    'b: SET z 1',
    'b: SET a 1',
    'b: DEL m',
    'b: EXEC',
    { client: 'b', tokens: ['MSET', 'é', '1', '😀', '2', '\uffff', '3', '\udcff', '4', 'z', '5'] },
  ],
  prefixes: [
    'a: CLIENT TRACKING ON BCAST PREFIX user: PREFIX item:',
    'c: CLIENT TRACKING ON BCAST PREFIX user:1',
    'b: MSET user:1 a user:2 b item:1 c other 1 user 2',
    'b: DEL user:10 user:1 item:1',
    'c: CLIENT TRACKING ON BCAST PREFIX i',
    'b: MSET user:1 a user:2 b item:1 c other 1 user 2',
    'c: CLIENT TRACKING OFF',
    'b: MSET user:1 a item:1 c',
  ],
  'a prefix ends where it likes': [
    { client: 'a', tokens: ['CLIENT', 'TRACKING', 'ON', 'BCAST', 'PREFIX', '\udcc3'] },
    { client: 'c', tokens: ['CLIENT', 'TRACKING', 'ON', 'BCAST', 'PREFIX', 'é'] },
    { client: 'd', tokens: ['CLIENT', 'TRACKING', 'ON', 'BCAST', 'PREFIX', 'x\udcff'] },
    'a: CLIENT TRACKINGINFO',
    'b: SET été 1',
    'b: SET à 1',
    { client: 'b', tokens: ['SET', '\udcc3', '1'] },
    { client: 'b', tokens: ['SET', 'x\udcff\udcfe', '1'] },
  ],
  NOLOOP: [
    'a: CLIENT TRACKING ON BCAST NOLOOP PREFIX a PREFIX b',
    'c: CLIENT TRACKING ON BCAST',
    'a: MSET a1 1 b1 1',
    'b: MSET b2 1 a2 2 c 3 a1 1',
    'a: FLUSHALL',
  ],
  'no prefix after some': [
    'a: CLIENT TRACKING ON BCAST PREFIX k',
    'a: CLIENT TRACKING ON BCAST',
    'a: CLIENT TRACKINGINFO',
    'b: SET k 1',
    'b: SET l 1',
  ],
  'read or not, it is all the same': ['a: CLIENT TRACKING ON BCAST PREFIX a', 'a: GET k', 'b: SET k 1'],
});

/** Numbers of clients differ. */
function withoutIds(node: ReplyNode): ReplyNode {
  if (node.type === ':') return { ...node, value: Number(node.value) > 0 ? 1 : node.value };
  if (node.type === '%') {
    return { ...node, entries: node.entries.map(([key, value]) => [key, withoutIds(value)] as const) };
  }
  if ('items' in node && node.items !== null) return { ...node, items: node.items.map(withoutIds) };
  return node;
}

interleavings(
  'tracking: told to another client',
  {
    'to one that has subscribed, or speaks RESP3': [
      'a: CLIENT TRACKING ON REDIRECT {c}',
      'a: CLIENT TRACKINGINFO',
      'a: CLIENT GETREDIR',
      'a: GET k',
      'b: SET k 1',
      'c: SUBSCRIBE __redis__:invalidate',
      'a: GET k',
      'b: SET k 2',
      'a: GET k',
      'a: SET k 3',
      'b: FLUSHALL',
      'c: UNSUBSCRIBE',
      'c: PSUBSCRIBE any*',
      'a: GET k',
      'b: SET k 2',
      'c: PUNSUBSCRIBE',
      'a: GET k',
      'b: SET k 2',
    ],
    'to oneself': ['a: CLIENT TRACKING ON REDIRECT {a}', 'a: GET k', 'b: SET k 1', 'a: GET k', 'a: SET k 1'],
    broadcasts: [
      'c: SUBSCRIBE __redis__:invalidate',
      'a: CLIENT TRACKING ON BCAST REDIRECT {c} PREFIX k PREFIX x',
      'b: MSET k1 1 k2 2 x 1 y 1',
      'd: CLIENT TRACKING ON REDIRECT {c}',
      'd: GET k1',
      'b: DEL k1',
    ],
    'to one that is gone': [
      'c: SUBSCRIBE __redis__:invalidate',
      'a: CLIENT TRACKING ON REDIRECT {c}',
      'a: GET k',
      'a: GET l',
      { closes: 'c' },
      'b: SET k 1',
      'a: CLIENT TRACKINGINFO',
      'b: SET l 1',
      'a: CLIENT TRACKING ON REDIRECT {a}',
      'a: CLIENT TRACKINGINFO',
      'a: GET k',
      'b: SET k 1',
    ],
  },
  { normalise: withoutIds },
);

interleavings('tracking: what is refused', {
  options: [
    'a: CLIENT TRACKING',
    'a: CLIENT TRACKING foo',
    'a: CLIENT TRACKING ON FOO',
    'a: CLIENT TRACKING OFF FOO',
    'a: CLIENT TRACKING foo FOO',
    'a: CLIENT TRACKING ON REDIRECT',
    'a: CLIENT TRACKING ON REDIRECT x',
    'a: CLIENT TRACKING ON REDIRECT 99999',
    'a: CLIENT TRACKING ON REDIRECT 0 FOO',
    'a: CLIENT TRACKING OFF REDIRECT 99999',
    'a: CLIENT TRACKING foo REDIRECT 99999',
    'a: CLIENT TRACKING ON REDIRECT {b} REDIRECT {b}',
    'a: CLIENT TRACKING ON REDIRECT {b} REDIRECT x',
    'a: CLIENT TRACKING ON PREFIX',
    'a: CLIENT TRACKING ON PREFIX a',
    'a: CLIENT TRACKING ON BCAST OPTIN',
    'a: CLIENT TRACKING ON OPTIN OPTOUT',
    'a: CLIENT TRACKING ON BCAST OPTIN OPTOUT',
    'a: CLIENT TRACKINGINFO',
    'a: CLIENT GETREDIR',
  ],
  'overlapping prefixes': [
    'a: CLIENT TRACKING ON BCAST PREFIX a PREFIX ab',
    'a: CLIENT TRACKING ON BCAST PREFIX ab PREFIX x PREFIX a',
    'a: CLIENT TRACKING ON BCAST PREFIX a PREFIX a',
    'a: CLIENT TRACKING ON BCAST PREFIX b PREFIX a',
    'a: CLIENT TRACKING ON BCAST PREFIX abc',
    'a: CLIENT TRACKING ON BCAST PREFIX c PREFIX b',
    'a: CLIENT TRACKING ON BCAST PREFIX c NOLOOP',
    'a: CLIENT TRACKINGINFO',
    'a: CLIENT TRACKING OFF',
    'a: CLIENT TRACKINGINFO',
  ],
  'changes of the mode': [
    'a: CLIENT TRACKING ON',
    'a: CLIENT TRACKING ON BCAST',
    'a: CLIENT TRACKING ON BCAST OPTIN',
    'a: CLIENT TRACKING ON PREFIX a',
    'a: CLIENT TRACKING ON OPTIN',
    'a: CLIENT TRACKING ON OPTOUT',
    'a: CLIENT TRACKING ON OPTIN NOLOOP',
    'a: CLIENT TRACKINGINFO',
    'a: CLIENT TRACKING ON',
    'a: CLIENT TRACKING ON OPTOUT',
    'a: CLIENT TRACKINGINFO',
    'a: CLIENT TRACKING OFF',
    'a: CLIENT TRACKING ON BCAST',
    'a: CLIENT TRACKING ON',
    'a: CLIENT TRACKING ON OPTIN',
  ],
  'CLIENT CACHING': [
    'a: CLIENT CACHING',
    'a: CLIENT CACHING foo',
    'a: CLIENT CACHING YES',
    'a: CLIENT TRACKING ON',
    'a: CLIENT CACHING YES',
    'a: CLIENT CACHING NO',
    'a: CLIENT CACHING foo',
    'a: CLIENT TRACKING ON OPTIN',
    'a: CLIENT CACHING NO',
    'a: CLIENT CACHING YES',
    'a: CLIENT TRACKINGINFO',
    'a: CLIENT TRACKING OFF',
    'a: CLIENT TRACKING ON OPTOUT',
    'a: CLIENT CACHING YES',
    'a: CLIENT CACHING NO',
    'a: CLIENT TRACKINGINFO',
    'a: PING',
    'a: CLIENT TRACKINGINFO',
    'a: CLIENT CACHING NO x',
  ],
});

/**
 * Before 7.2 what others redirected to a client came before its reply, since then nothing does. The same messages,
 * then, in another order.
 */
function isInOtherOrder(
  _step: Step,
  _client: string,
  ours: readonly ReplyNode[],
  theirs: readonly ReplyNode[],
): boolean {
  return ours.map(print).sort().join() === theirs.map(print).sort().join();
}

/** Any of three clients says something: that it tracks or how, reads, changes, transactions. */
const client = fc.constantFrom('a', 'b', 'c');
const key = fc.constantFrom('k', 'k1', 'l', 'm');
const tracked = fc.constantFrom(
  ...['ON', 'ON', 'ON NOLOOP', 'ON OPTIN', 'ON OPTOUT', 'ON BCAST', 'ON BCAST NOLOOP', 'ON BCAST PREFIX k'],
  ...['ON BCAST PREFIX k1 PREFIX l', 'ON REDIRECT {a}', 'ON REDIRECT {b} BCAST PREFIX m', 'OFF', 'OFF'],
);
const said = fc.oneof(
  { weight: 3, arbitrary: tracked.map((options) => `CLIENT TRACKING ${options}`) },
  { weight: 1, arbitrary: fc.constantFrom('CLIENT CACHING YES', 'CLIENT CACHING NO', 'CLIENT GETNAME') },
  { weight: 6, arbitrary: key.map((name) => `GET ${name}`) },
  { weight: 2, arbitrary: fc.tuple(key, key).map(([first, second]) => `MGET ${first} ${second}`) },
  { weight: 1, arbitrary: key.map((name) => `OBJECT ENCODING ${name}`) },
  { weight: 6, arbitrary: key.map((name) => `SET ${name} 1`) },
  { weight: 2, arbitrary: fc.tuple(key, key).map(([first, second]) => `MSET ${first} 1 ${second} 2`) },
  { weight: 2, arbitrary: fc.tuple(key, key).map(([first, second]) => `RENAME ${first} ${second}`) },
  { weight: 2, arbitrary: fc.tuple(key, key).map(([first, second]) => `COPY ${first} ${second} REPLACE`) },
  { weight: 2, arbitrary: fc.tuple(key, key).map(([first, second]) => `DEL ${first} ${second}`) },
  { weight: 1, arbitrary: key.map((name) => `EXPIRE ${name} 100`) },
  { weight: 1, arbitrary: key.map((name) => `EXPIRE ${name} 0`) },
  { weight: 1, arbitrary: key.map((name) => `GETEX ${name} PERSIST`) },
  { weight: 1, arbitrary: key.map((name) => `APPEND ${name} x`) },
  { weight: 1, arbitrary: key.map((name) => `SETRANGE ${name} 0 ""`) },
  { weight: 1, arbitrary: key.map((name) => `GETSET ${name} 3`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('FLUSHDB', 'FLUSHALL', 'SWAPDB 0 1', 'SELECT 1', 'SELECT 0', 'RESET'),
  },
  { weight: 4, arbitrary: fc.constantFrom('MULTI', 'EXEC', 'EXEC', 'DISCARD', 'NOSUCH') },
);
const interleaving: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(client, said).map(([who, what]) => `${who}: ${what}`),
  { minLength: 4, maxLength: 30 },
);

describe('tracking: generated interleavings, beside the real server', () => {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(async () => {
    await server?.stop();
  });

  const seed = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_261_121);
  const runs = Number(process.env['LODIS_FUZZ_RUNS'] ?? 200);
  test(`${runs} of them (seed ${seed})`, { timeout: 120_000 + runs * 200 }, async ({ skip }) => {
    if (server === undefined) return skip();
    const reference = server;
    let steps = 0;
    await fc.assert(
      fc.asyncProperty(interleaving, async (script) => {
        steps += script.length;
        await compareInterleaving(reference, script, 3, { normalise: withoutIds, isExempt: isInOtherOrder });
      }),
      { seed, numRuns: runs },
    );
    expect(steps).toBeGreaterThan(runs * 4);
  });
});
