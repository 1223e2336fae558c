import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { compareInterleaving, interleavings, type Step } from './support/interleavings.ts';

interleavings('transactions', {
  'commands are queued, and run as one': [
    'a: MULTI',
    'a: SET k 1',
    'a: INCR k',
    'b: GET k',
    'a: EXEC',
    'b: GET k',
  ],
  'an empty transaction': ['a: MULTI', 'a: EXEC', 'a: EXEC', 'a: DISCARD'],
  'what fails when it runs does not undo the rest': [
    'a: MULTI',
    'a: SET k abc',
    'a: INCR k',
    'a: LPUSH k x',
    'a: SET k 2',
    'a: EXEC',
    'a: GET k',
  ],
  'what cannot be queued aborts all': [
    'a: MULTI',
    'a: SET k 1',
    'a: NOSUCH x',
    'a: SET k',
    'a: EXEC',
    'a: GET k',
    'a: MULTI',
    'a: CONFIG NOSUCH',
    'a: EXEC',
  ],
  'options are looked at only when it runs': ['a: MULTI', 'a: SET k 1 EX abc', 'a: SET k 1', 'a: EXEC'],
  'DISCARD forgets the queue and the watched keys': [
    'a: SET k 1',
    'a: WATCH k',
    'a: MULTI',
    'a: SET k 2',
    'a: DISCARD',
    'b: SET k 3',
    'a: MULTI',
    'a: GET k',
    'a: EXEC',
  ],
  'MULTI does not nest, WATCH comes before': [
    'a: MULTI',
    'a: MULTI',
    'a: WATCH k',
    'a: UNWATCH',
    'a: SET k 1',
    'a: EXEC',
  ],
  'RESET ends it': ['a: WATCH k', 'a: MULTI', 'a: SET k 1', 'a: RESET', 'a: EXEC', 'a: GET k'],
  'QUIT is not queued': ['a: MULTI', 'a: SET k 1', 'a: QUIT', 'b: GET k'],
  'SELECT inside': ['a: MULTI', 'a: SELECT 1', 'a: SET k 1', 'a: EXEC', 'a: GET k', 'b: GET k', 'a: DEL k'],
  'a hang-up in the middle': [
    'a: SET k 1',
    'a: WATCH k',
    'a: MULTI',
    'a: SET k 2',
    { closes: 'a' },
    'b: GET k',
  ],

  'a watched key that another one changes': [
    'a: WATCH k',
    'b: SET k 1',
    'a: MULTI',
    'a: SET k 2',
    'a: EXEC',
    'a: GET k',
  ],
  'a watched key that one changes oneself': ['a: WATCH k', 'a: SET k 1', 'a: MULTI', 'a: SET k 2', 'a: EXEC'],
  'a change between MULTI and EXEC': [
    'a: WATCH k',
    'a: MULTI',
    'a: SET k 2',
    'b: SET k 1',
    'a: EXEC',
    'a: GET k',
  ],
  'a change before WATCH does not count': ['b: SET k 1', 'a: WATCH k', 'a: MULTI', 'a: SET k 2', 'a: EXEC'],
  'a write that changes nothing does not count': [
    'a: SADD s x',
    'a: WATCH s',
    'b: SADD s x',
    'b: SREM s nosuch',
    'b: DEL nosuch',
    'b: EXPIRE nosuch 10',
    'b: PERSIST s',
    'b: SETNX s 1',
    'a: MULTI',
    'a: PING',
    'a: EXEC',
  ],
  'the same value again is a change': [
    'a: SET k 1',
    'a: WATCH k',
    'b: SET k 1',
    'a: MULTI',
    'a: PING',
    'a: EXEC',
  ],
  'a new time to live is a change': [
    'a: SET k 1',
    'a: WATCH k',
    'b: EXPIRE k 100',
    'a: MULTI',
    'a: PING',
    'a: EXEC',
  ],
  'several keys, one of them changed': ['a: WATCH k1 k2 k3', 'b: SET k2 1', 'a: MULTI', 'a: PING', 'a: EXEC'],
  'WATCH twice is once, UNWATCH ends both': [
    'a: WATCH k k',
    'a: WATCH k',
    'a: UNWATCH',
    'b: SET k 1',
    'a: MULTI',
    'a: PING',
    'a: EXEC',
  ],
  'UNWATCH after the change': ['a: WATCH k', 'b: SET k 1', 'a: UNWATCH', 'a: MULTI', 'a: PING', 'a: EXEC'],
  'EXEC ends WATCH': ['a: WATCH k', 'a: MULTI', 'a: EXEC', 'b: SET k 1', 'a: MULTI', 'a: PING', 'a: EXEC'],
  'EXEC that is aborted ends WATCH too': [
    'a: WATCH k',
    'b: SET k 1',
    'a: MULTI',
    'a: EXEC',
    'a: MULTI',
    'a: PING',
    'a: EXEC',
  ],
  'in another database it is another key': [
    'a: WATCH k',
    'b: SELECT 1',
    'b: SET k 1',
    'a: MULTI',
    'a: PING',
    'a: EXEC',
    'a: SELECT 1',
    'a: WATCH k',
    'a: SELECT 0',
    'b: SET k 2',
    'a: MULTI',
    'a: PING',
    'a: EXEC',
    'b: DEL k',
  ],
  'FLUSHALL touches what was there': [
    'a: SET k 1',
    'a: WATCH k',
    'c: WATCH nosuch',
    'b: FLUSHALL',
    'a: MULTI',
    'a: PING',
    'a: EXEC',
    'c: MULTI',
    'c: PING',
    'c: EXEC',
  ],
  'FLUSHDB touches what was there': [
    'a: SET k 1',
    'a: WATCH k nosuch',
    'c: SELECT 1',
    'c: SET k 1',
    'c: WATCH k',
    'b: FLUSHDB',
    'a: MULTI',
    'a: PING',
    'a: EXEC',
    'c: MULTI',
    'c: PING',
    'c: EXEC',
    'c: DEL k',
  ],
  'SWAPDB touches what is there before or after': [
    'a: SET here 1',
    'b: SELECT 1',
    'b: SET there 1',
    'a: WATCH here',
    'c: WATCH there',
    'd: WATCH nowhere',
    'b: SWAPDB 0 1',
    'a: MULTI',
    'a: PING',
    'a: EXEC',
    'c: MULTI',
    'c: PING',
    'c: EXEC',
    'd: MULTI',
    'd: PING',
    'd: EXEC',
    'b: FLUSHALL',
  ],
  'RENAME touches both': [
    'a: SET k 1',
    'a: WATCH k',
    'c: WATCH l',
    'b: RENAME k l',
    'a: MULTI',
    'a: EXEC',
    'c: MULTI',
    'c: EXEC',
  ],
  'MOVE and COPY': [
    'a: SET k 1',
    'a: WATCH l',
    'b: COPY k l',
    'a: MULTI',
    'a: EXEC',
    'c: SELECT 1',
    'c: WATCH k',
    'b: MOVE k 1',
    'c: MULTI',
    'c: EXEC',
    'c: DEL k',
  ],
  'SORT STORE and the STORE forms of sets': [
    'a: RPUSH l 2 1',
    'a: WATCH d e',
    'b: SORT l STORE d',
    'a: MULTI',
    'a: EXEC',
    'a: SADD s x',
    'a: WATCH e',
    'b: SINTERSTORE e s nosuch',
    'a: MULTI',
    'a: PING',
    'a: EXEC',
    'a: SADD e x',
    'a: WATCH e',
    'b: SINTERSTORE e s nosuch',
    'a: MULTI',
    'a: PING',
    'a: EXEC',
  ],
  'a watched key that expires': [
    'a: SET k 1 PX 500',
    'a: WATCH k',
    { passMs: 700 },
    'a: MULTI',
    'a: PING',
    'a: EXEC',
  ],
  'a key that had expired when it was watched': [
    'a: SET k 1 PX 500',
    { passMs: 700 },
    'a: WATCH k',
    'b: GET k',
    'a: MULTI',
    'a: PING',
    'a: EXEC',
  ],
  'two that watch the same key': [
    'a: WATCH k',
    'b: WATCH k',
    'a: MULTI',
    'b: MULTI',
    'a: INCR k',
    'b: INCR k',
    'a: EXEC',
    'b: EXEC',
    'a: GET k',
  ],
  'replies to clients that want none': [
    'a: CLIENT REPLY OFF',
    'a: MULTI',
    'a: SET k 1',
    'a: EXEC',
    'a: CLIENT REPLY ON',
    'a: GET k',
    'a: CLIENT REPLY SKIP',
    'a: GET k',
    'a: GET k',
  ],
});

const CLIENTS = ['a', 'b', 'c'] as const;
const KEYS = ['x', 'y', 'z'] as const;

/** What a client may say in a random interleaving. Values differ, so that one sees whose write stayed. */
const command = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('MULTI', 'EXEC', 'EXEC', 'EXEC', 'DISCARD', 'UNWATCH', 'SELECT 0', 'SELECT 1'),
  },
  { weight: 3, arbitrary: fc.constantFrom(...KEYS).map((key) => `WATCH ${key}`) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          'INCR k',
          'SET k 5',
          'GET k',
          'DEL k',
          'APPEND k 1',
          'LPUSH k e',
          'LPOP k',
          'EXPIRE k 100',
          'RENAME k x',
          'SETNX k 1',
          'GETDEL k',
          'PERSIST k',
          'COPY k y',
          'MOVE k 1',
        ),
        fc.constantFrom(...KEYS),
      )
      .map(([line, key]) => line.replace(' k', ` ${key}`)),
  },
  { weight: 1, arbitrary: fc.constantFrom('FLUSHALL', 'FLUSHDB', 'SWAPDB 0 1', 'NOSUCH', 'GET', 'RESET') },
);

const interleaving = fc.array(
  fc.tuple(fc.constantFrom(...CLIENTS), command).map(([client, line]): Step => `${client}: ${line}`),
  { minLength: 4, maxLength: 40, size: 'max' },
);

describe('transactions: generated interleavings, beside the real server', () => {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(async () => {
    await server?.stop();
  });

  const seed = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_260_102);
  const runs = Number(process.env['LODIS_FUZZ_RUNS'] ?? 300);
  test(`${runs} of them (seed ${seed})`, { timeout: 120_000 + runs * 200 }, async ({ skip }) => {
    if (server === undefined) return skip();
    const reference = server;
    let steps = 0;
    await fc.assert(
      fc.asyncProperty(interleaving, fc.constantFrom(2 as const, 3 as const), async (script, protocol) => {
        steps += script.length;
        await compareInterleaving(reference, script, protocol);
      }),
      { seed, numRuns: runs },
    );
    expect(steps).toBeGreaterThan(runs * 4);
  });
});
