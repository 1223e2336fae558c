import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { print, show } from './support/comparison.ts';
import { LodisSide, ServerSide, type Tokens } from './support/sides.ts';

// Redis promises no order of sets and hashes, but while they are small they have one, and everybody sees it.

const SEED = 20_260_105;

describe('the order of small sets and hashes, beside the real server', () => {
  let server: RedisServer | undefined;
  let theirs: ServerSide;
  beforeAll(async () => {
    server = await startRedisServer();
    if (server !== undefined) theirs = await ServerSide.connect(server);
  });
  afterAll(async () => {
    await server?.stop();
  });

  /** Every reply is the same to the byte, in the same order. */
  async function expectSame(commands: readonly Tokens[]): Promise<void> {
    const ours = new LodisSide();
    await theirs.run([['FLUSHALL']], 2);
    const mine = ours.runNow(commands, 2);
    const others = await theirs.run(commands, 2);
    commands.forEach((command, at) => {
      expect(print(mine[at]!), show(command)).toBe(print(others[at]!));
    });
    ours.store.keyspace.checkInvariants();
  }

  // Few enough that no set becomes a hashtable.
  const integer = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: -40, max: 450 }).map(String) },
    { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) },
    { weight: 1, arbitrary: fc.constantFrom('-9223372036854775808', '9223372036854775807', '0', '-1') },
  );
  const key = fc.constantFrom('a', 'b', 'c');
  const setCommand: fc.Arbitrary<Tokens> = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(fc.constant('SADD'), key, integer) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(key, fc.array(integer, { minLength: 1, maxLength: 60 }))
        .map(([name, members]) => ['SADD', name, ...members]),
    },
    { weight: 3, arbitrary: fc.tuple(fc.constant('SREM'), key, integer) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('SMOVE'), key, key, integer) },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom('SMEMBERS', 'DEL'), key) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('SSCAN'), key, fc.constant('0')) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom('SINTER', 'SUNION', 'SDIFF'), key, key, key) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom('SUNIONSTORE', 'SDIFFSTORE', 'COPY'), key, key) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constant('SORT'), key, fc.constant('BY'), fc.constant('nosort')),
    },
  );

  test('a set of integers ascends', async ({ skip }) => {
    if (server === undefined) return skip();
    await fc.assert(
      fc.asyncProperty(
        fc.array(setCommand, { minLength: 5, maxLength: 60, size: 'max' }),
        async (commands) => {
          const reads = ['a', 'b', 'c'].map((name): Tokens => ['SMEMBERS', name]);
          await expectSame([...commands, ...reads]);
        },
      ),
      { seed: SEED, numRuns: 150 },
    );
  });

  const field = fc.integer({ min: 0, max: 60 }).map((number) => `f${number}`);
  const hashCommand: fc.Arbitrary<Tokens> = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(fc.constant('HSET'), fc.constant('h'), field, field) },
    {
      weight: 2,
      arbitrary: fc
        .array(field, { minLength: 1, maxLength: 40 })
        .map((fields) => ['HSET', 'h', ...fields.flatMap((name) => [name, name])]),
    },
    { weight: 4, arbitrary: fc.tuple(fc.constant('HDEL'), fc.constant('h'), field, field) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constant('HINCRBY'), fc.constant('h'), fc.constant('n'), fc.constant('1')),
    },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom('HGETALL', 'HKEYS', 'HVALS'), fc.constant('h')) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('HSCAN'), fc.constant('h'), fc.constant('0')) },
  );

  test('a hash that is a listpack has its fields in the order in which they came', async ({ skip }) => {
    if (server === undefined) return skip();
    await fc.assert(
      fc.asyncProperty(
        fc.array(hashCommand, { minLength: 5, maxLength: 60, size: 'max' }),
        async (commands) => {
          await expectSame([...commands, ['HGETALL', 'h']]);
        },
      ),
      { seed: SEED, numRuns: 150 },
    );
  });
});

test('a set that is a listpack has its members in the order in which they came', () => {
  // The reference server has no such sets; since 7.2 Redis appends to the listpack, and closes the gaps.
  const { store } = new LodisSide();
  const members = Array.from({ length: 100 }, (_, at) => `m${(at * 37) % 101}`);
  store.sadd('s', members);
  store.srem('s', [members[3]!, members[50]!, members[99]!]);
  store.sadd('s', members[3]!);
  const left = members.filter((_, at) => ![3, 50, 99].includes(at));
  expect(store.smembers('s')).toEqual([...left, members[3]]);
  expect(store.sscan('s', 0)[1]).toEqual([...left, members[3]]);
  // An intset that becomes a listpack goes on from the order it has.
  store.sadd('i', ['5', '-3', '4']);
  store.sadd('i', ['x', '1']);
  expect(store.smembers('i')).toEqual(['-3', '4', '5', 'x', '1']);
});
