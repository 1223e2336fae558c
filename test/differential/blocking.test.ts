import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { compareInterleaving, interleavings, type Step } from './support/interleavings.ts';

interleavings('waiting', {
  'what is there is taken at once': [
    'a: RPUSH l 1 2 3',
    'a: BLPOP l 0',
    'a: BRPOP l 0',
    'a: BLPOP nosuch l 0',
  ],
  'a push serves who waits': ['a: BLPOP l 0', 'b: RPUSH l 1 2', 'b: LRANGE l 0 -1', 'a: PING'],
  'first come, first served': [
    'a: BLPOP l 0',
    'b: BRPOP l 0',
    'c: BLPOP l 0',
    'd: RPUSH l 1',
    'd: RPUSH l 2 3 4',
    'd: LRANGE l 0 -1',
  ],
  'who waits again waits last': [
    'a: BLPOP l 0',
    'b: BLPOP l 0',
    'd: RPUSH l 1',
    'a: BLPOP l 0',
    'd: RPUSH l 2',
    'd: RPUSH l 3',
  ],
  'several keys, the first of them that has something': [
    'a: BLPOP k1 k2 k3 0',
    'b: RPUSH k3 3',
    'a: BLPOP k1 k2 k3 0',
    'b: RPUSH k1 1',
    'a: BRPOP k2 k2 k1 0',
    'b: RPUSH k2 2',
  ],
  'a transaction serves from the key that it filled first': [
    'a: BLPOP k1 k2 0',
    'b: MULTI',
    'b: RPUSH k2 2',
    'b: RPUSH k1 1',
    'b: EXEC',
    'b: LLEN k1',
  ],
  'a transaction counts as a whole': [
    'a: BLPOP l 0',
    'b: MULTI',
    'b: RPUSH l 1',
    'b: LPOP l',
    'b: EXEC',
    'b: RPUSH l 2',
  ],
  'a transaction that leaves something else there': [
    'a: BLPOP l 0',
    'b: MULTI',
    'b: RPUSH l 1',
    'b: DEL l',
    'b: SADD l x',
    'b: EXEC',
    'b: DEL l',
    'b: RPUSH l 2',
  ],
  'two in one transaction': [
    'a: BLPOP l 0',
    'c: BLPOP l m 0',
    'b: MULTI',
    'b: RPUSH m 9',
    'b: RPUSH l 1 2',
    'b: EXEC',
    'b: LLEN l',
    'b: LLEN m',
  ],
  'inside a transaction nobody waits': [
    'a: MULTI',
    'a: BLPOP l 0',
    'a: BLMOVE l m LEFT LEFT 0',
    'a: BZPOPMIN z 0',
    'a: BLMPOP 0 1 l LEFT',
    'a: BZMPOP 0 1 z MIN',
    'a: BRPOPLPUSH l m 0',
    'a: EXEC',
  ],
  'BLMOVE chains': [
    'a: BLMOVE l m LEFT RIGHT 0',
    'b: BLMOVE m n RIGHT LEFT 0',
    'c: BLPOP n 0',
    'd: RPUSH l x',
    'd: KEYS *',
  ],
  'BRPOPLPUSH onto itself': ['a: BRPOPLPUSH l l 0', 'b: BLPOP l 0', 'd: RPUSH l x y', 'd: LRANGE l 0 -1'],
  'BLMOVE to what is no list': [
    'd: SET m text',
    'a: BLMOVE l m LEFT RIGHT 0',
    'b: BLPOP l 0',
    'd: RPUSH l x',
    'd: LRANGE l 0 -1',
    'a: PING',
  ],
  'BLMPOP takes several': [
    'a: BLMPOP 0 2 k1 k2 LEFT COUNT 2',
    'd: RPUSH k2 1 2 3',
    'd: LRANGE k2 0 -1',
    'a: BLMPOP 0 1 k2 RIGHT',
    'a: BLMPOP 0 1 nosuch LEFT',
    'd: LPUSH nosuch 1',
  ],
  'sorted sets': [
    'a: BZPOPMIN z 0',
    'b: BZPOPMAX z 0',
    'c: BZMPOP 0 2 y z MIN COUNT 5',
    'd: ZADD z 1 a 2 b 3 c 4 d',
    'd: ZADD y 1 a',
    'd: ZRANGE z 0 -1',
  ],
  'lists and sorted sets under one key': [
    'a: BLPOP k 0',
    'b: BZPOPMIN k 0',
    'd: ZADD k 1 x',
    'd: RPUSH k y',
    'a: PING',
  ],
  'RENAME makes a key ready': [
    'd: RPUSH src 1 2',
    'a: BLPOP dst 0',
    'd: RENAME src dst',
    'd: LRANGE dst 0 -1',
  ],
  'COPY, MOVE and RESTORE-like ways': [
    'd: RPUSH src 1',
    'a: BLPOP dst 0',
    'd: COPY src dst',
    'b: SELECT 1',
    'b: BLPOP src 0',
    'd: MOVE src 1',
    'd: RPUSH l 1',
  ],
  'SORT STORE': ['d: SADD s 3 1 2', 'a: BLPOP dst 0', 'd: SORT s STORE dst', 'd: LRANGE dst 0 -1'],
  'LMOVE, RPOPLPUSH, LINSERT': [
    'd: RPUSH src 1 2',
    'a: BLPOP dst 0',
    'd: LMOVE src dst LEFT LEFT',
    'a: BLPOP dst 0',
    'd: RPOPLPUSH src dst',
    'a: BLPOP dst 0',
    'd: RPUSHX dst 1',
    'd: LINSERT dst BEFORE 1 0',
    'd: RPUSH dst 7',
  ],
  'ZUNIONSTORE, ZRANGESTORE, ZINCRBY': [
    'd: ZADD src 1 a 2 b',
    'a: BZPOPMIN dst 0',
    'd: ZUNIONSTORE dst 1 src',
    'd: DEL dst',
    'a: BZPOPMAX dst 0',
    'd: ZRANGESTORE dst src 0 -1',
    'd: DEL dst',
    'a: BZPOPMAX dst 0',
    'd: ZINCRBY dst 5 x',
  ],
  'SWAPDB brings keys': ['b: SELECT 1', 'b: RPUSH l 1', 'a: BLPOP l 0', 'b: SWAPDB 0 1', 'a: PING'],
  'FLUSHALL leaves them waiting': ['a: BLPOP l 0', 'd: FLUSHALL', 'd: RPUSH l 1'],
  'another type of value under the key': [
    'a: BLPOP l 0',
    'd: SET l text',
    'd: DEL l',
    'd: RPUSH l 1',
    'd: SET k text',
    'a: BLPOP nosuch k 0',
    'a: BLPOP k nosuch 0',
    'd: RPUSH m 1',
    'a: BLPOP m k 0',
    'a: BZPOPMIN k 0',
  ],
  'databases are apart': [
    'a: BLPOP l 0',
    'b: SELECT 1',
    'b: BLPOP l 0',
    'd: RPUSH l 1',
    'c: SELECT 1',
    'c: RPUSH l 2',
  ],
  timeouts: ['a: BLPOP l 0.05', 'b: BRPOPLPUSH l m 0.05', 'c: BZPOPMIN z 0.05', { passMs: 100 }, 'a: PING'],
  'timeouts of the others': [
    'a: BLMOVE l m LEFT LEFT 0.05',
    'b: BLMPOP 0.05 1 l LEFT',
    'c: BZMPOP 0.05 1 z MIN',
    'd: BRPOP l 0.05',
    { passMs: 100 },
    'a: PING',
  ],
  'one that timed out is not served': ['a: BLPOP l 0.02', 'b: BLPOP l 0', { passMs: 60 }, 'd: RPUSH l 1'],
  'timeouts that are none': [
    'a: BLPOP l -1',
    'a: BLPOP l abc',
    'a: BLPOP l nan',
    'a: BRPOPLPUSH l m -0.1',
    'a: BLMPOP x 1 l LEFT',
    'a: BLMPOP -1 1 l LEFT',
    'a: BZPOPMIN z -1',
    'a: BZMPOP abc 0 z MIN',
    'a: BLMOVE l m LEFT NOWHERE x',
    'a: BLMPOP 0 0 l LEFT',
    'a: BLMPOP 0 1 l LEFT COUNT 0',
    'a: BLMPOP 0 2 l LEFT',
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
  'CLIENT UNBLOCK': [
    'a: BLPOP l 0',
    'b: CLIENT UNBLOCK {a}',
    'a: BLPOP l 0',
    'b: CLIENT UNBLOCK {a} ERROR',
    'b: CLIENT UNBLOCK {a}',
    'b: CLIENT UNBLOCK {a} TIMEOUT',
    'a: BZPOPMIN z 0',
    'b: CLIENT UNBLOCK {a} TIMEOUT',
    'b: CLIENT UNBLOCK {b}',
  ],
  'CLIENT KILL of who waits': ['a: BLPOP l 0', 'b: CLIENT KILL ID {a}', 'b: RPUSH l 1', 'b: LLEN l'],
  'WATCH sees what a waiting command took': [
    'a: BLPOP l 0',
    'b: RPUSH x 1',
    'b: WATCH l',
    'c: RPUSH l 1',
    'b: MULTI',
    'b: PING',
    'b: EXEC',
  ],
});

const waits = fc.oneof(
  fc
    .tuple(fc.constantFrom('BLPOP', 'BRPOP'), fc.subarray(['x', 'y', 'z'], { minLength: 1 }))
    .map(([name, keys]) => `${name} ${keys.join(' ')} 0`),
  fc
    .tuple(fc.constantFrom('BZPOPMIN', 'BZPOPMAX'), fc.subarray(['x', 'y', 'z'], { minLength: 1 }))
    .map(([name, keys]) => `${name} ${keys.join(' ')} 0`),
  fc
    .tuple(fc.constantFrom('x', 'y', 'z'), fc.constantFrom('x', 'y', 'z'))
    .map(([from, to]) => `BLMOVE ${from} ${to} LEFT RIGHT 0`),
  fc.constantFrom('BLMPOP 0 2 x y LEFT COUNT 2', 'BZMPOP 0 2 x y MAX COUNT 2', 'BRPOPLPUSH x y 0'),
);
const key = fc.constantFrom('x', 'y', 'z');
const writes = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom('RPUSH', 'LPUSH'), key, fc.constantFrom('1', '1 2', '1 2 3'))
      .map((parts) => parts.join(' ')),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(key, fc.constantFrom('1 a', '1 a 2 b')).map(([name, rest]) => `ZADD ${name} ${rest}`),
  },
  { weight: 2, arbitrary: fc.tuple(key, key).map(([from, to]) => `RENAME ${from} ${to}`) },
  { weight: 2, arbitrary: fc.tuple(key, key).map(([from, to]) => `LMOVE ${from} ${to} LEFT LEFT`) },
  { weight: 2, arbitrary: fc.tuple(key, key).map(([from, to]) => `COPY ${from} ${to}`) },
  { weight: 2, arbitrary: key.map((name) => `DEL ${name}`) },
  { weight: 1, arbitrary: key.map((name) => `SET ${name} text`) },
  { weight: 3, arbitrary: fc.constantFrom('MULTI', 'EXEC', 'EXEC', 'EXEC', 'FLUSHALL', 'DISCARD') },
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
  const runs = Number(process.env['LODIS_FUZZ_RUNS'] ?? 300);
  test(`${runs} of them (seed ${seed})`, { timeout: 120_000 + runs * 200 }, async ({ skip }) => {
    if (server === undefined) return skip();
    const reference = server;
    let steps = 0;
    const script = fc.array(
      fc
        .oneof(
          { weight: 2, arbitrary: fc.tuple(fc.constantFrom('a', 'b', 'c'), waits) },
          { weight: 3, arbitrary: fc.tuple(fc.constantFrom('d', 'e'), writes) },
        )
        .map(([client, line]): Step => `${client}: ${line}`),
      { minLength: 4, maxLength: 40, size: 'max' },
    );
    await fc.assert(
      fc.asyncProperty(script, fc.constantFrom(2 as const, 3 as const), async (chosen, protocol) => {
        steps += chosen.length;
        await compareInterleaving(reference, chosen, protocol);
      }),
      { seed, numRuns: runs },
    );
    expect(steps).toBeGreaterThan(runs * 4);
  });
});
