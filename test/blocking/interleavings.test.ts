import fc from 'fast-check';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { compareInterleaving, Peers, type Step } from './support/interleaving.ts';

describe('several clients, beside the real server', () => {
  let server: RedisServer | undefined;
  let peers: Peers;
  beforeAll(async () => {
    server = await startRedisServer();
    if (server !== undefined) peers = await Peers.connect(server);
  });
  afterAll(async () => {
    await server?.stop();
  });

  const scripts: Readonly<Record<string, readonly Step[]>> = {
    'the first to come is the first to be served': [
      'A BLPOP k 0',
      'B BRPOP k 0',
      'C BLMPOP 0 1 k LEFT COUNT 2',
      'D RPUSH k 1 2 3 4 5',
      'D LRANGE k 0 -1',
      'A BLPOP k 0',
      'A BLPOP k 0',
      'B BLPOP k 0',
      'D RPUSH k 6',
      'A BLPOP k 0',
      'D RPUSH k 7',
      'D RPUSH k 8',
    ],
    'of a transaction, the key that was ready first serves, whatever the order of the keys': [
      'A BLPOP k1 k2 0',
      'D [RPUSH k2 x | RPUSH k1 y]',
      'D LRANGE k1 0 -1',
      'D DEL k1',
      'A BLPOP k1 k2 0',
      'B BLPOP k2 k1 0',
      'D [RPUSH k2 x | RPUSH k1 y]',
    ],
    'a transaction is seen as a whole': [
      'A BLPOP k 0',
      'D [RPUSH k x | DEL k]',
      'D [RPUSH k x | LPUSH k y | LSET k 1 z]',
      'A BLPOP k 0',
      'B BZPOPMIN k 0',
      'D [RPUSH k x | DEL k | ZADD k 1 m]',
      'D [ZADD k 1 m | DEL k | RPUSH k x]',
    ],
    'what was under a key before it is of use does not count for the order': [
      'A BLPOP k1 k2 0',
      'D [SET k1 v | RPUSH k2 x | DEL k1 | RPUSH k1 y]',
      'D DEL k1',
      'A BLPOP k1 k2 0',
      'B BZPOPMIN z 0',
      'D [ZADD k1 1 v | RPUSH k2 x | DEL k1 | RPUSH k1 y]',
    ],
    'those who wait for another type stay, in their place': [
      'A BZPOPMIN k 0',
      'B BLPOP k 0',
      'C BZPOPMAX k 0',
      'D RPUSH k x y',
      'D DEL k',
      'B BLPOP k 0',
      'D ZADD k 1 a 2 b 3 c',
      'D DEL k',
      'D SADD k a',
      'D DEL k',
      'D RPUSH k x',
    ],
    'a key of another type among those waited for': [
      'A BLPOP k1 k2 0',
      'D SET k1 v',
      'D HSET k2 f v',
      'D DEL k2',
      'D RPUSH k2 x',
      'A BLPOP k1 k2 0',
      'A BLPOP k2 k1 0',
    ],
    'moving on and on': [
      'A BLMOVE a b LEFT RIGHT 0',
      'B BLMOVE b c LEFT RIGHT 0',
      'C BLPOP c 0',
      'D RPUSH a x',
      'D EXISTS a b c',
      'A BLMOVE a a LEFT RIGHT 0',
      'B BLPOP a 0',
      'D RPUSH a x',
      'A BLMOVE a b LEFT RIGHT 0',
      'B BRPOPLPUSH b a 0',
      'C BLPOP b a 0',
      'D RPUSH b x',
      'D RPUSH a y z',
    ],
    'the destination is of another type': [
      'D SET s v',
      'A BLMOVE a s LEFT RIGHT 0',
      'B BRPOPLPUSH a s 0',
      'C BLPOP a 0',
      'D RPUSH a x',
      'A BLMOVE a s LEFT RIGHT 0',
      'D DEL s',
      'D RPUSH a x',
      'D LRANGE s 0 -1',
    ],
    'everything that puts a list under a key': [
      'D RPUSH src 1 2 3 4 5 6 7',
      'A BLPOP k 0',
      'D LMOVE src k LEFT RIGHT',
      'A BLPOP k 0',
      'D RPOPLPUSH src k',
      'A BLPOP k 0',
      'D SORT src STORE k',
      'D DEL k',
      'A BLPOP k 0',
      'D COPY src k',
      'D DEL k',
      'A BLPOP k 0',
      'D RENAME src k',
      'D RENAME k src',
      'A BLPOP k 0',
      'D RENAMENX src k',
      'D DEL k',
      'A BLPOP k 0',
      'D LPUSHX k 1',
      'D LINSERT k BEFORE 1 2',
      'D LPUSH k 1',
    ],
    'everything that puts a sorted set under a key': [
      'D ZADD src 1 a 2 b 3 c',
      'A BZPOPMIN k 0',
      'D ZINCRBY k 1 a',
      'A BZPOPMAX k 0',
      'D ZUNIONSTORE k 1 src',
      'D DEL k',
      'A BZMPOP 0 2 nok k MAX COUNT 2',
      'D ZRANGESTORE k src 0 -1',
      'D DEL k',
      'A BZPOPMIN k 0',
      'D ZINTERSTORE k 1 src',
      'D DEL k',
      'A BZPOPMIN k 0',
      'D ZDIFFSTORE k 1 src',
      'D DEL k',
      'A BZPOPMIN k 0',
      'D RENAME src k',
      'D DEL k',
      'A BZPOPMIN k 0',
      'D ZADD k XX 1 a',
      'D ZADD k NX 1 a',
    ],
    'a value stored over one of another type is not noticed, one that takes its place is': [
      'D RPUSH src 1 2',
      'D ZADD zsrc 1 a 2 b',
      'A BLPOP k 0',
      'B BZPOPMIN k 0',
      'D SET k v',
      'D SORT src STORE k',
      'D RPUSH k 3',
      'D SET k v',
      'D ZUNIONSTORE k 1 zsrc',
      'D SET k v',
      'D COPY src k REPLACE',
      'D SET k v',
      'D RENAME zsrc k',
    ],
    'other databases': [
      'A BLPOP k 0',
      'B SELECT 1',
      'B BLPOP k 0',
      'C SELECT 1',
      'D RPUSH l x',
      'C RPUSH k y',
      'D RENAME l k',
      'B BLPOP k 0',
      'D RPUSH k z',
      'D MOVE k 1',
      'A BLPOP k 0',
      'C RPUSH k u',
      'C COPY k k DB 0',
    ],
    'databases that change places': [
      'A BLPOP k j 0',
      'B SELECT 1',
      'B BLPOP l 0',
      'C SELECT 1',
      'D RPUSH l x',
      'C RPUSH k y',
      'D SWAPDB 0 1',
      'A BLPOP k 0',
      'D SWAPDB 0 2',
      'D SWAPDB 1 0',
      'C RPUSH m y',
      'D RPUSH k y',
    ],
    'FLUSHALL serves nobody': ['A BLPOP k 0', 'D RPUSH l x', 'D FLUSHALL', 'D FLUSHDB', 'D RPUSH k x'],
    'the same key twice': [
      'A BLPOP k k 0',
      'D RPUSH k x y',
      'A BZPOPMIN z z 0',
      'D ZADD z 1 a 2 b',
      'D LLEN k',
    ],
    'what has expired before the transaction ends': [
      'A BLPOP k 0',
      'D [RPUSH k x | PEXPIRE k 0]',
      'D [RPUSH k x | EXPIRE k 100]',
    ],
    timeouts: [
      'A BLPOP k 0.02',
      'B BLPOP k 100',
      'C BLMOVE k l LEFT LEFT 0.01',
      'wait 50',
      'D RPUSH k x',
      'A BZPOPMIN k 0.01',
      'B BZMPOP 0.01 1 k MIN',
      'C BLMPOP 0.01 1 k LEFT',
      'wait 20',
      'A BRPOPLPUSH k l 0.01',
      'B BRPOP k 0.01',
      'C BZPOPMAX k 0.001',
      'wait 20',
      'D RPUSH k x',
    ],
    'CLIENT UNBLOCK': [
      'A BLPOP k 0',
      'B BLMOVE k l LEFT LEFT 0',
      'C BZMPOP 0 1 k MIN',
      'unblock A TIMEOUT',
      'unblock A TIMEOUT',
      'unblock B ERROR',
      'unblock C TIMEOUT',
      'B BRPOPLPUSH k l 0',
      'unblock B TIMEOUT',
      'A BLPOP k 0',
      'D RPUSH k x',
    ],
    'nobody waits in a transaction': [
      'A [BLPOP k 0 | BRPOP k 0 | BLMOVE k l LEFT LEFT 0 | BRPOPLPUSH k l 0 | BLMPOP 0 1 k LEFT | BZPOPMIN k 0]',
      'A [BZPOPMAX k 0 | BZMPOP 0 1 k MIN | BLPOP k abc | SET s v | BLPOP k s 0 | RPUSH k x | BLPOP k 0]',
    ],
    'what is there is taken at once, and wrong types are met in the order of the keys': [
      'D SET s v',
      'D RPUSH l a b c d e',
      'D ZADD z 1 a 2.5 b 3 c 4 d',
      'A BLPOP l s 0',
      'A BLPOP s l 0',
      'A BLPOP k l s 0',
      'A BRPOP k l 0',
      'A BLMPOP 0 3 k l s RIGHT COUNT 2',
      'A BLMPOP 0 3 k s l RIGHT COUNT 2',
      'A BLMOVE l s LEFT LEFT 0',
      'A BLMOVE s l LEFT LEFT 0',
      'A BLMOVE l m LEFT LEFT 0',
      'A BRPOPLPUSH m s 0',
      'A BRPOPLPUSH m l 0',
      'A BZPOPMIN k z 0',
      'A BZPOPMAX k z s 0',
      'A BZPOPMAX s z 0',
      'A BZMPOP 0 2 k z MAX COUNT 2',
      'A BZMPOP 0 2 l z MAX COUNT 2',
    ],
    'which error is said first': [
      'A BLPOP k abc',
      'A BLPOP k -1',
      'A BLPOP k ""',
      'A BLPOP k nan',
      'A BLPOP k',
      'A BLPOP',
      'A BLMOVE a b LEFT x abc',
      'A BLMOVE a b LEFT RIGHT abc',
      'A BLMOVE a b LEFT RIGHT',
      'A BLMOVE a b LEFT RIGHT 0 x',
      'A BRPOPLPUSH a b abc',
      'A BRPOPLPUSH a b -1',
      'A BLMPOP abc 1 k LEFT',
      'A BLMPOP abc x k LEFT',
      'A BLMPOP -1 x k LEFT',
      'A BLMPOP -1 1 k LEFT',
      'A BLMPOP 0 0 k LEFT',
      'A BLMPOP 0 2 k LEFT',
      'A BLMPOP abc 1 k UP',
      'A BLMPOP abc 1 k LEFT COUNT 0',
      'A BLMPOP abc 1 k LEFT COUNT x',
      'A BLMPOP abc 1 k LEFT COUNT 1 COUNT 2',
      'A BLMPOP abc 1 k LEFT COUNT 1 x',
      'A BZMPOP abc 1 k MIN',
      'A BZMPOP abc 0 k MIN',
      'A BZMPOP abc 1 k UP',
      'A BZMPOP abc 1 k MIN COUNT 0',
      'A BZMPOP abc 1 k MIN COUNT 1',
      'A BZPOPMIN k abc',
      'A BZPOPMAX k -0.5',
      'A SET s v',
      'A BLPOP s abc',
      'A BLPOP s -1',
      'A BZMPOP -1 1 s MIN',
      'A BLMOVE s s LEFT LEFT -1',
    ],
    'timeouts in odd spellings': [
      'A BLPOP k 0x100',
      'B BLPOP k 1e3',
      'C BLPOP k -0.0001',
      'D RPUSH k a b c',
      'A BLPOP k -0',
      'B BLPOP k .5e-320',
      'wait 5',
      'B BLPOP k 50',
      'C BLPOP k 9223372036',
      'D RPUSH k a b c',
    ],
  };

  for (const protocol of [2, 3] as const) {
    for (const [name, steps] of Object.entries(scripts)) {
      test(`${name} (RESP${protocol})`, async ({ skip }) => {
        if (server === undefined) return skip();
        await compareInterleaving(peers, steps, protocol);
      });
    }
  }

  test('generated', { timeout: 120_000 }, async ({ skip }) => {
    if (server === undefined) return skip();
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 10, maxLength: 60 }),
        fc.constantFrom(2, 3),
        (steps, protocol) => compareInterleaving(peers, steps, protocol as 2 | 3),
      ),
      { seed: SEED, numRuns: 60 },
    );
  });
});

const SEED = 20_240_808;
const key = fc.constantFrom('k1', 'k2', 'k3');
const end = fc.constantFrom('LEFT', 'RIGHT');
const words = (...parts: (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((all) => all.join(' '));
const keys = fc.array(key, { minLength: 1, maxLength: 3 });
const some = keys.map((names) => names.join(' '));
const counted = keys.map((names) => `${names.length} ${names.join(' ')}`);

const waiting = fc.oneof(
  words('BLPOP', some, '0'),
  words('BRPOP', some, '0'),
  words('BLMOVE', key, key, end, end, '0'),
  words('BRPOPLPUSH', key, key, '0'),
  words('BLMPOP 0', counted, end, fc.constantFrom('', 'COUNT 2')).map((line) => line.trim()),
  words('BZPOPMIN', some, '0'),
  words('BZPOPMAX', some, '0'),
  words('BZMPOP 0', counted, fc.constantFrom('MIN', 'MAX COUNT 2')),
);
const elements = fc.constantFrom('a', 'b c', 'd e f');
// Not SWAPDB: of several keys that it makes ready, the server's hash table says which comes first.
const writing = fc.oneof(
  words('RPUSH', key, elements),
  words('LPUSH', key, elements),
  words('ZADD', key, fc.constantFrom('1 m', '1 m 2 n 3 o')),
  words('DEL', key),
  words('SET', key, 'v'),
  words('LMOVE', key, key, end, end),
  words('RENAME', key, key),
  words('COPY', key, key, 'REPLACE'),
  words('SORT', key, 'ALPHA STORE', key),
  words('ZUNIONSTORE', key, '1', key),
  words('ZRANGESTORE', key, key, '0 -1'),
  words('LPOP', key),
  words('EXPIRE', key, fc.constantFrom('0', '100')),
  words('MOVE', key, '1'),
  words('FLUSHDB'),
);
const client = fc.constantFrom('A', 'B', 'C', 'D', 'E');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: words(client, waiting) },
  { weight: 8, arbitrary: words(client, writing) },
  {
    weight: 3,
    arbitrary: words(
      client,
      fc
        .array(fc.oneof({ weight: 6, arbitrary: writing }, { weight: 1, arbitrary: waiting }), {
          minLength: 2,
          maxLength: 6,
        })
        .map((lines) => `[${lines.join(' | ')}]`),
    ),
  },
  { weight: 1, arbitrary: words(client, 'SELECT', fc.constantFrom('0', '1')) },
  { weight: 1, arbitrary: words('unblock', client, fc.constantFrom('TIMEOUT', 'ERROR')) },
);
