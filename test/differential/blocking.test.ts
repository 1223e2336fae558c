import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/session/connection.ts';
import { Store } from '../../src/store.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { compareInterleaving, interleavings, type Step } from './support/interleavings.ts';

interleavings('waiting', {
  'the first to come is the first to be served': [
    'a: BLPOP k 0',
    'b: BRPOP k 0',
    'c: BLMPOP 0 1 k LEFT COUNT 2',
    'd: RPUSH k 1 2 3 4 5',
    'd: LRANGE k 0 -1',
    'a: BLPOP k 0',
    'a: BLPOP k 0',
    'b: BLPOP k 0',
    'd: RPUSH k 6',
    'a: BLPOP k 0',
    'd: RPUSH k 7',
    'd: RPUSH k 8',
  ],
  'a transaction is seen as a whole': [
    'a: BLPOP k 0',
    'd: MULTI',
    'd: RPUSH k x',
    'd: DEL k',
    'd: EXEC',
    'd: MULTI',
    'd: RPUSH k x',
    'd: LPUSH k y',
    'd: LSET k 1 z',
    'd: EXEC',
    'a: BLPOP k 0',
    'b: BZPOPMIN k 0',
    'd: MULTI',
    'd: RPUSH k x',
    'd: DEL k',
    'd: ZADD k 1 m',
    'd: EXEC',
    'd: MULTI',
    'd: ZADD k 1 m',
    'd: DEL k',
    'd: RPUSH k x',
    'd: EXEC',
  ],
  'those who wait for another type stay, in their place': [
    'a: BZPOPMIN k 0',
    'b: BLPOP k 0',
    'c: BZPOPMAX k 0',
    'd: RPUSH k x y',
    'd: DEL k',
    'b: BLPOP k 0',
    'd: ZADD k 1 a 2 b 3 c',
    'd: DEL k',
    'd: SADD k a',
    'd: DEL k',
    'd: RPUSH k x',
  ],
  'a key of another type among those waited for': [
    'a: BLPOP k1 k2 0',
    'd: HSET k2 f v',
    'd: RPUSH k1 x',
    'a: BLPOP k1 k2 0',
    'a: BLPOP k2 k1 0',
  ],
  'moving on and on': [
    'a: BLMOVE a b LEFT RIGHT 0',
    'b: BLMOVE b c LEFT RIGHT 0',
    'c: BLPOP c 0',
    'd: RPUSH a x',
    'd: EXISTS a b c',
    'a: BLMOVE a a LEFT RIGHT 0',
    'b: BLPOP a 0',
    'd: RPUSH a x',
    'a: BLMOVE a b LEFT RIGHT 0',
    'b: BRPOPLPUSH b a 0',
    'c: BLPOP b a 0',
    'd: RPUSH b x',
    'd: RPUSH a y z',
  ],
  'the destination is of another type': [
    'd: SET s v',
    'a: BLMOVE a s LEFT RIGHT 0',
    'b: BRPOPLPUSH a s 0',
    'c: BLPOP a 0',
    'd: RPUSH a x',
    'a: BLMOVE a s LEFT RIGHT 0',
    'd: DEL s',
    'd: RPUSH a x',
    'd: LRANGE s 0 -1',
  ],
  'everything that puts a list under a key': [
    'd: RPUSH src 1 2 3 4 5 6 7',
    'a: BLPOP k 0',
    'd: LMOVE src k LEFT RIGHT',
    'a: BLPOP k 0',
    'd: RPOPLPUSH src k',
    'a: BLPOP k 0',
    'd: SORT src STORE k',
    'd: DEL k',
    'a: BLPOP k 0',
    'd: COPY src k',
    'd: DEL k',
    'a: BLPOP k 0',
    'd: RENAME src k',
    'd: RENAME k src',
    'a: BLPOP k 0',
    'd: RENAMENX src k',
    'd: DEL k',
    'a: BLPOP k 0',
    'd: LPUSHX k 1',
    'd: LINSERT k BEFORE 1 2',
    'd: LPUSH k 1',
  ],
  'everything that puts a sorted set under a key': [
    'd: ZADD src 1 a 2 b 3 c',
    'a: BZPOPMIN k 0',
    'd: ZINCRBY k 1 a',
    'a: BZPOPMAX k 0',
    'd: ZUNIONSTORE k 1 src',
    'd: DEL k',
    'a: BZMPOP 0 2 nok k MAX COUNT 2',
    'd: ZRANGESTORE k src 0 -1',
    'd: DEL k',
    'a: BZPOPMIN k 0',
    'd: ZINTERSTORE k 1 src',
    'd: DEL k',
    'a: BZPOPMIN k 0',
    'd: ZDIFFSTORE k 1 src',
    'd: DEL k',
    'a: BZPOPMIN k 0',
    'd: RENAME src k',
    'd: DEL k',
    'a: BZPOPMIN k 0',
    'd: ZADD k XX 1 a',
    'd: ZADD k NX 1 a',
  ],
  'a value stored over one of another type is not noticed, one that takes its place is': [
    'd: RPUSH src 1 2',
    'd: ZADD zsrc 1 a 2 b',
    'a: BLPOP k 0',
    'b: BZPOPMIN k 0',
    'd: SET k v',
    'd: SORT src STORE k',
    'd: RPUSH k 3',
    'd: SET k v',
    'd: ZUNIONSTORE k 1 zsrc',
    'd: SET k v',
    'd: COPY src k REPLACE',
    'd: SET k v',
    'd: RENAME zsrc k',
  ],
  'other databases': [
    'a: BLPOP k 0',
    'b: SELECT 1',
    'b: BLPOP k 0',
    'c: SELECT 1',
    'd: RPUSH l x',
    'c: RPUSH k y',
    'd: RENAME l k',
    'b: BLPOP k 0',
    'd: RPUSH k z',
    'd: MOVE k 1',
    'a: BLPOP k 0',
    'c: RPUSH k u',
    'c: COPY k k DB 0',
  ],
  'databases that change places': [
    'a: BLPOP k j 0',
    'b: SELECT 1',
    'b: BLPOP l 0',
    'c: SELECT 1',
    'd: RPUSH l x',
    'c: RPUSH k y',
    'd: SWAPDB 0 1',
    'a: BLPOP k 0',
    'd: SWAPDB 0 2',
    'd: SWAPDB 1 0',
    'c: RPUSH m y',
    'd: RPUSH k y',
  ],
  'FLUSHALL serves nobody': ['a: BLPOP k 0', 'd: RPUSH l x', 'd: FLUSHALL', 'd: FLUSHDB', 'd: RPUSH k x'],
  'the same key twice': [
    'a: BLPOP k k 0',
    'd: RPUSH k x y',
    'a: BZPOPMIN z z 0',
    'd: ZADD z 1 a 2 b',
    'd: LLEN k',
  ],
  'what has expired before the transaction ends': [
    'a: BLPOP k 0',
    'd: MULTI',
    'd: RPUSH k x',
    'd: PEXPIRE k 0',
    'd: EXEC',
    'd: MULTI',
    'd: RPUSH k x',
    'd: EXPIRE k 100',
    'd: EXEC',
  ],
  // The server's time passes by itself: timeouts are long beside what a slow machine takes for a step.
  timeouts: [
    'a: BLPOP k 0.5',
    'b: BLPOP k 100',
    'c: BLMOVE k l LEFT LEFT 0.5',
    { passMs: 700 },
    'd: RPUSH k x',
    'a: BZPOPMIN k 0.5',
    'b: BZMPOP 0.5 1 k MIN',
    'c: BLMPOP 0.5 1 k LEFT',
    { passMs: 700 },
    'a: BRPOPLPUSH k l 0.5',
    'b: BRPOP k 0.5',
    'c: BZPOPMAX k 0.5',
    { passMs: 700 },
    'd: RPUSH k x',
  ],
  'CLIENT UNBLOCK': [
    'a: BLPOP k 0',
    'b: BLMOVE k l LEFT LEFT 0',
    'c: BZMPOP 0 1 k MIN',
    'x: CLIENT UNBLOCK {a} TIMEOUT',
    'x: CLIENT UNBLOCK {a} TIMEOUT',
    'x: CLIENT UNBLOCK {b} ERROR',
    'x: CLIENT UNBLOCK {c} TIMEOUT',
    'b: BRPOPLPUSH k l 0',
    'x: CLIENT UNBLOCK {b} TIMEOUT',
    'a: BLPOP k 0',
    'd: RPUSH k x',
  ],
  'nobody waits in a transaction': [
    'a: MULTI',
    'a: BLPOP k 0',
    'a: BRPOP k 0',
    'a: BLMOVE k l LEFT LEFT 0',
    'a: BRPOPLPUSH k l 0',
    'a: BLMPOP 0 1 k LEFT',
    'a: BZPOPMIN k 0',
    'a: EXEC',
    'a: MULTI',
    'a: BZPOPMAX k 0',
    'a: BZMPOP 0 1 k MIN',
    'a: BLPOP k abc',
    'a: SET s v',
    'a: BLPOP k s 0',
    'a: RPUSH k x',
    'a: BLPOP k 0',
    'a: EXEC',
  ],
  'what is there is taken at once, and wrong types are met in the order of the keys': [
    'd: SET s v',
    'd: RPUSH l a b c d e',
    'd: ZADD z 1 a 2.5 b 3 c 4 d',
    'a: BLPOP l s 0',
    'a: BLPOP s l 0',
    'a: BLPOP k l s 0',
    'a: BRPOP k l 0',
    'a: BLMPOP 0 3 k l s RIGHT COUNT 2',
    'a: BLMPOP 0 3 k s l RIGHT COUNT 2',
    'a: BLMOVE l s LEFT LEFT 0',
    'a: BLMOVE s l LEFT LEFT 0',
    'a: BLMOVE l m LEFT LEFT 0',
    'a: BRPOPLPUSH m s 0',
    'a: BRPOPLPUSH m l 0',
    'a: BZPOPMIN k z 0',
    'a: BZPOPMAX k z s 0',
    'a: BZPOPMAX s z 0',
    'a: BZMPOP 0 2 k z MAX COUNT 2',
    'a: BZMPOP 0 2 l z MAX COUNT 2',
  ],
  'which error is said first': [
    'a: BLPOP k abc',
    'a: BLPOP k -1',
    'a: BLPOP k ""',
    'a: BLPOP k nan',
    'a: BLPOP k',
    'a: BLPOP',
    'a: BLMOVE a b LEFT x abc',
    'a: BLMOVE a b LEFT RIGHT abc',
    'a: BLMOVE a b LEFT RIGHT',
    'a: BLMOVE a b LEFT RIGHT 0 x',
    'a: BRPOPLPUSH a b abc',
    'a: BRPOPLPUSH a b -1',
    'a: BLMPOP abc 1 k LEFT',
    'a: BLMPOP abc x k LEFT',
    'a: BLMPOP -1 x k LEFT',
    'a: BLMPOP -1 1 k LEFT',
    'a: BLMPOP 0 0 k LEFT',
    'a: BLMPOP 0 2 k LEFT',
    'a: BLMPOP abc 1 k UP',
    'a: BLMPOP abc 1 k LEFT COUNT 0',
    'a: BLMPOP abc 1 k LEFT COUNT x',
    'a: BLMPOP abc 1 k LEFT COUNT 1 COUNT 2',
    'a: BLMPOP abc 1 k LEFT COUNT 1 x',
    'a: BZMPOP abc 1 k MIN',
    'a: BZMPOP abc 0 k MIN',
    'a: BZMPOP abc 1 k UP',
    'a: BZMPOP abc 1 k MIN COUNT 0',
    'a: BZMPOP abc 1 k MIN COUNT 1',
    'a: BZPOPMIN k abc',
    'a: BZPOPMAX k -0.5',
    'a: SET s v',
    'a: BLPOP s abc',
    'a: BLPOP s -1',
    'a: BZMPOP -1 1 s MIN',
    'a: BLMOVE s s LEFT LEFT -1',
  ],
  'timeouts in odd spellings': [
    'a: BLPOP k 0x100',
    'b: BLPOP k 1e3',
    'c: BLPOP k -0.0001',
    'd: RPUSH k a b c',
    'a: BLPOP k -0',
    'b: BLPOP k 50',
    'c: BLPOP k 9223372036',
    'd: RPUSH k a b c',
  ],

  'commands said meanwhile come afterwards': [
    'a: BLPOP l 0',
    'a: SET k 1',
    'a: BLPOP l 0',
    'b: GET k',
    'b: RPUSH l 1',
    'b: GET k',
    'b: RPUSH l 2',
  ],
  'who hangs up is not served': [
    'a: BLPOP l 0',
    'b: BLPOP l 0',
    { closes: 'a' },
    'd: RPUSH l 1',
    'd: LLEN l',
  ],
  'CLIENT KILL of who waits': ['a: BLPOP l 0', 'b: CLIENT KILL ID {a}', 'b: RPUSH l 1', 'b: LLEN l'],
  'WATCH sees what a waiting command took': [
    'a: BLPOP l 0',
    'b: WATCH l',
    'c: RPUSH l 1',
    'b: MULTI',
    'b: PING',
    'b: EXEC',
  ],
});

// Since 7.2 Redis runs the command anew, on all of its keys: the reference server is older.
describe('one who waits for several keys', () => {
  test('has the first of its keys that holds something, whichever was filled first', async () => {
    const store = new Store();
    const [a, b] = [connect(store), connect(store)];
    const reply = a.send('BLPOP', 'k1', 'k2', '0');
    for (const line of ['MULTI', 'RPUSH k2 2', 'RPUSH k1 1', 'EXEC']) {
      const [name, ...args] = line.split(' ') as [string, ...string[]];
      b.call(name, ...args);
    }
    expect(await reply).toEqual(['k1', '1']);
    expect(b.call('LRANGE', 'k2', '0', '-1')).toEqual(['2']);
  });

  test('is told of a key of another type before it', async () => {
    const store = new Store();
    const [a, b] = [connect(store), connect(store)];
    const reply = a.send('BLPOP', 'k1', 'k2', '0');
    b.call('SET', 'k1', 'text');
    b.call('RPUSH', 'k2', '2');
    await expect(reply).rejects.toThrow('WRONGTYPE');
    expect(b.call('LRANGE', 'k2', '0', '-1')).toEqual(['2']);
  });
});

const KEYS = ['k1', 'k2', 'k3'] as const;
const key = fc.constantFrom(...KEYS);
const end = fc.constantFrom('LEFT', 'RIGHT');
const words = (...parts: (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((all) => all.join(' '));
const keys = fc.subarray([...KEYS], { minLength: 1 });
const elements = fc.constantFrom('a', 'b c', 'd e f');

/** What a client says: one command, or several in a transaction. */
type Speech = readonly string[];
const alone = (line: fc.Arbitrary<string>): fc.Arbitrary<Speech> => line.map((said) => [said]);

const waitingForOne = fc.oneof(
  words('BLPOP', key, '0'),
  words('BRPOP', key, '0'),
  words('BLMOVE', key, key, end, end, '0'),
  words('BRPOPLPUSH', key, key, '0'),
  words('BLMPOP 0 1', key, end, fc.constantFrom('COUNT 1', 'COUNT 2')),
  words('BZPOPMIN', key, '0'),
  words('BZPOPMAX', key, '0'),
  words('BZMPOP 0 1', key, fc.constantFrom('MIN', 'MAX COUNT 2')),
);
// No SORT, for which the reference server changes the encoding of sorted sets. Not SWAPDB: of several keys that it makes ready, the server's hash table says which comes first.
const writing = fc.oneof(
  words('RPUSH', key, elements),
  words('LPUSH', key, elements),
  words('ZADD', key, fc.constantFrom('1 m', '1 m 2 n 3 o')),
  words('DEL', key),
  words('SET', key, 'v'),
  words('LMOVE', key, key, end, end),
  words('RENAME', key, key),
  words('COPY', key, key, 'REPLACE'),
  words('ZUNIONSTORE', key, '1', key),
  words('ZRANGESTORE', key, key, '0 -1'),
  words('LPOP', key),
  words('EXPIRE', key, fc.constantFrom('0', '100')),
  words('MOVE', key, '1'),
  fc.constant('FLUSHDB'),
);
/** Everything, but for waiting for several keys at once. */
const anything: fc.Arbitrary<Speech> = fc.oneof(
  { weight: 6, arbitrary: alone(waitingForOne) },
  { weight: 8, arbitrary: alone(writing) },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.oneof({ weight: 6, arbitrary: writing }, { weight: 1, arbitrary: waitingForOne }), {
        minLength: 2,
        maxLength: 6,
      })
      .map((lines) => ['MULTI', ...lines, 'EXEC']),
  },
  { weight: 1, arbitrary: alone(words('SELECT', fc.constantFrom('0', '1'))) },
  {
    weight: 1,
    arbitrary: alone(
      words('CLIENT UNBLOCK', fc.constantFrom('{a}', '{b}', '{c}'), fc.constantFrom('TIMEOUT', 'ERROR')),
    ),
  },
);
/** Waiting for several lists, of which only one at a time gets something: more is served otherwise since 7.2. */
const severalLists: fc.Arbitrary<Speech> = fc.oneof(
  { weight: 3, arbitrary: alone(keys.map((names) => `BLPOP ${names.join(' ')} 0`)) },
  {
    weight: 3,
    arbitrary: alone(keys.map((names) => `BLMPOP 0 ${names.length} ${names.join(' ')} RIGHT COUNT 2`)),
  },
  { weight: 6, arbitrary: alone(words('RPUSH', key, elements)) },
  { weight: 2, arbitrary: alone(fc.oneof(words('DEL', key), words('LPOP', key), fc.constant('FLUSHDB'))) },
);

describe('waiting: generated interleavings, beside the real server', () => {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(async () => {
    await server?.stop();
  });

  const seed = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_260_104);
  const runs = Number(process.env['LODIS_FUZZ_RUNS'] ?? 150);
  for (const [what, speech] of Object.entries({ 'one key each': anything, 'several lists': severalLists })) {
    test(`${what}: ${runs} (seed ${seed})`, { timeout: 120_000 + runs * 200 }, async ({ skip }) => {
      if (server === undefined) return skip();
      const reference = server;
      let steps = 0;
      const script = fc
        .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), speech), {
          minLength: 4,
          maxLength: 40,
          size: 'max',
        })
        .map((said) => said.flatMap(([client, lines]): Step[] => lines.map((line) => `${client}: ${line}`)));
      await fc.assert(
        fc.asyncProperty(script, fc.constantFrom(2 as const, 3 as const), async (chosen, protocol) => {
          steps += chosen.length;
          await compareInterleaving(reference, ['a: PING', 'b: PING', 'c: PING', ...chosen], protocol);
        }),
        { seed, numRuns: runs },
      );
      expect(steps).toBeGreaterThan(runs * 4);
    });
  }
});
