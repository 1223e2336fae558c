import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type ByteString, fromBytes, toBytes } from '../../../src/bytes/byte-string.ts';
import type { Stored } from '../../../src/keyspace/entry.ts';
import { Operations } from '../../../src/keyspace/operations.ts';
import { compareKeyspaces } from '../../differential/support/keyspace-dump.ts';
import { LodisSide, ServerSide, type Tokens } from '../../differential/support/sides.ts';
import { startRedisServer } from '../../support/redis-server.ts';
import { SEED, text } from './generators.ts';
import { KNOWN_TO_7_0 } from './old-forms.ts';
import { bodyOf, payload, readBack, seen, toHex, written } from './support.ts';

const redis = await startRedisServer();
const server = redis === undefined ? undefined : await ServerSide.connect(redis);
afterAll(async () => {
  await server?.close();
  await redis?.stop();
});

/** Both sides run the commands; what each of them holds under `k` then. */
async function both(...commands: Tokens[]): Promise<{ ours: Stored; side: LodisSide; dumped: Uint8Array }> {
  const side = new LodisSide();
  await side.run(commands, 2);
  const before = [['FLUSHALL'], ...DEFAULTS];
  const replies = (await server!.run([...before, ...commands, ['DUMP', 'k']], 2)).slice(before.length);
  for (const reply of replies) if (reply.type === '-') throw new Error(reply.value);
  const dump = replies.at(-1)!;
  if (dump.type !== '$' || dump.value === null) throw new Error('nothing was dumped');
  return { ours: held(side)!, side, dumped: toBytes(dump.value) };
}

function held(side: LodisSide, key: ByteString = 'k'): Stored | undefined {
  return Operations.databaseOf(side.store).find(key);
}

function numbered(count: number, prefix = 'element:'): ByteString[] {
  return Array.from({ length: count }, (_, at) => prefix + at);
}

const noise = (length: number, seed = 1): Uint8Array => {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) | 0;
    return state >>> 16;
  });
};
const words = (count: number, seed = 7): string => {
  const bytes = noise(count, seed);
  return Array.from(
    bytes,
    (byte) => ['alpha', 'beta', 'gamma', 'delta', 'x', 'yy', 'zzz', '\n'][byte & 7],
  ).join(' ');
};

const STRINGS: Record<string, ByteString> = {
  empty: '',
  short: 'hello',
  'an integer of 8 bits': '-128',
  'of 16 bits': '128',
  'of 16 bits, negative': '-32768',
  'of 32 bits': '2147483647',
  'of 32 bits, negative': '-2147483648',
  'of more bits': '2147483648',
  'of 64 bits': '-9223372036854775808',
  'no canonical integer': '007',
  '-0': '-0',
  '20 bytes': 'a'.repeat(20),
  '21 bytes': 'a'.repeat(21),
  ...Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`a run of ${at + 15}`, 'r'.repeat(at + 15)])),
  '22 bytes': 'ab'.repeat(11),
  'twice the same': 'The quick brown fox jumps. The quick brown fox jumps.',
  'no repetition': fromBytes(noise(300)),
  'long noise': fromBytes(noise(20_000)),
  'long words': words(4000),
  'longer words': words(40_000, 3),
  'a run': 'z'.repeat(10_000),
  'runs of every length': Array.from({ length: 300 }, (_, at) =>
    String.fromCharCode(97 + (at % 26)).repeat(at),
  ).join('|'),
  'far repetitions': fromBytes(Uint8Array.from([...noise(9000), ...noise(9000)])),
  'just far enough': fromBytes(Uint8Array.from([...noise(8190), ...noise(8190)])),
  'bytes of all kinds': fromBytes(Uint8Array.from({ length: 2000 }, (_, at) => (at * at) & 255)),
  text: 'äöü €uro 漢字 '.repeat(40),
};

const ORDERED: Record<string, Tokens[]> = {
  'an edited string': [
    ['SET', 'k', 'x'],
    ['APPEND', 'k', 'yz'.repeat(200)],
  ],
  'a short list': [['RPUSH', 'k', 'a', '12', '-5', '300', '70000', '3000000000', '', 'b'.repeat(100)]],
  'a list of integers': [['RPUSH', 'k', ...numbered(200, '')]],
  'a list of several nodes': [['RPUSH', 'k', ...numbered(3000)]],
  'a list of long elements': [['RPUSH', 'k', ...numbered(100).map((name) => name.repeat(60))]],
  'a list of elements that nearly fill a node': [
    ['RPUSH', 'k', ...numbered(20).map((name) => name + 'x'.repeat(4080))],
  ],
  'a small list after pops': [
    ['RPUSH', 'k', ...numbered(10)],
    ['LPOP', 'k'],
    ['LSET', 'k', '3', 'other'],
  ],
  'an intset of 16 bits': [['SADD', 'k', '3', '1', '-2']],
  'an intset of 32 bits': [['SADD', 'k', '3', '100000', '-2']],
  'an intset of 64 bits': [['SADD', 'k', '3', '-9223372036854775808', '9007199254740993']],
  'a large intset': [['SADD', 'k', ...numbered(512, '1')]],
  'a small hash': [['HSET', 'k', 'name', 'Ada', 'age', '36', 'empty', '', 'n', '-1']],
  'a hash of 100 fields': [['HSET', 'k', ...numbered(100).flatMap((name, at) => [name, String(at * at)])]],
  'a small hash after changes': [
    ['HSET', 'k', 'a', '1', 'b', '2', 'c', '3'],
    ['HDEL', 'k', 'b'],
    ['HSET', 'k', 'a', 'other', 'd', '4'],
  ],
  'a small sorted set': [
    ['ZADD', 'k', '1', 'one', '2.5', 'half', '-3', '77', 'inf', 'top', '-inf', 'bottom', '-0', 'zero'],
  ],
  'a sorted set with large scores': [
    [
      'ZADD',
      'k',
      '4611686018427387904',
      'a',
      '-4611686018427387904',
      'b',
      '9007199254740993',
      'c',
      '1e20',
      'd',
    ],
  ],
  'a sorted set of 100': [['ZADD', 'k', ...numbered(100).flatMap((name, at) => [String(at % 7), name])]],
  'a large sorted set': [['ZADD', 'k', ...numbered(1000).flatMap((name, at) => [String(at / 8), name])]],
  'a large sorted set with odd scores': [
    ['ZADD', 'k', '0.1', 'x'.repeat(100), '-0', 'y', 'inf', 'z', '-inf', 'w', '1e-300', '12'],
  ],
};

const repetitive: fc.Arbitrary<ByteString> = fc
  .array(
    fc.oneof(
      fc.record({ bytes: fc.uint8Array({ maxLength: 40 }) }),
      fc.record({ from: fc.nat(), length: fc.nat({ max: 300 }) }),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => {
    const bytes: number[] = [];
    for (const piece of pieces) {
      if ('bytes' in piece) bytes.push(...piece.bytes);
      else if (bytes.length > 0) {
        const start = piece.from % bytes.length;
        for (let at = 0; at < piece.length; at++) bytes.push(bytes[start + at]!);
      }
    }
    return fromBytes(Uint8Array.from(bytes));
  });

const some = (maxLength: number) => fc.array(text, { minLength: 1, maxLength });
const integers = fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), {
  minLength: 1,
  maxLength: 50,
});
/** Scores that 7.0 spells as Redis 8 does. (Of -0 it depends on when a listpack turned into a skiplist.) */
const score = fc.oneof(
  fc.integer({ min: -100_000, max: 100_000 }).map(String),
  fc.integer({ min: -1000, max: 1000 }).map((n) => String(n / 8)),
  fc.constantFrom('inf', '-inf', '4611686018427387904', '9007199254740993'),
);
/** Different ones: 7.0 does not decide on the encoding by the number of arguments, as Redis 8 does. */
const scored = fc
  .uniqueArray(fc.tuple(score, text), { minLength: 1, maxLength: 60, selector: ([, member]) => member })
  .map((all) => all.flat());
const fields = fc
  .uniqueArray(fc.tuple(text, text), { minLength: 1, maxLength: 60, selector: ([field]) => field })
  .map((all) => all.flat());
const set = (name: string, values: readonly string[]): fc.Arbitrary<Tokens> =>
  fc.constantFrom(...values).map((value) => ['CONFIG', 'SET', name, value]);

const orderedCommands: fc.Arbitrary<Tokens[]> = fc.oneof(
  fc.tuple(
    set('list-max-listpack-size', ['-2', '-1', '3', '40']),
    some(100).map((values): Tokens => ['RPUSH', 'k', ...values]),
  ),
  fc.tuple(integers.map((members): Tokens => ['SADD', 'k', ...members.map(String)])),
  fc.tuple(
    fc.constant<Tokens>(['CONFIG', 'SET', 'hash-max-listpack-value', '10000']),
    fields.map((all): Tokens => ['HSET', 'k', ...all]),
  ),
  fc.tuple(
    set('zset-max-listpack-entries', ['0', '5', '128']),
    scored.map((all): Tokens => ['ZADD', 'k', ...all]),
  ),
);

const anyCommands: fc.Arbitrary<Tokens[]> = fc.oneof(
  orderedCommands,
  fc.tuple(
    set('set-max-intset-entries', ['0', '3', '512']),
    some(60).map((members): Tokens => ['SADD', 'k', ...members]),
  ),
  fc.tuple(
    set('hash-max-listpack-entries', ['0', '5', '512']),
    fields.map((all): Tokens => ['HSET', 'k', ...all]),
  ),
);

const DEFAULTS: Tokens[] = [
  ['CONFIG', 'SET', 'rdbcompression', 'yes'],
  ['CONFIG', 'SET', 'list-max-listpack-size', '-2'],
  ['CONFIG', 'SET', 'set-max-intset-entries', '512'],
  ['CONFIG', 'SET', 'hash-max-listpack-entries', '512'],
  ['CONFIG', 'SET', 'hash-max-listpack-value', '64'],
  ['CONFIG', 'SET', 'zset-max-listpack-entries', '128'],
  ['CONFIG', 'SET', 'zset-max-listpack-value', '64'],
];

/** The server's verdict on a payload, which is then all it holds. */
async function restore(bytes: Uint8Array): Promise<string> {
  const [, reply] = await server!.run([['FLUSHALL'], ['RESTORE', 'k', '0', fromBytes(bytes)]], 2);
  return reply!.type === '+' || reply!.type === '-' ? reply!.value : reply!.type;
}

/** Makes `k` hold this. */
function put(side: LodisSide, stored: Stored): void {
  const database = Operations.databaseOf(side.store);
  database.delete('k');
  if (typeof stored === 'string') database.putText('k', stored);
  else database.put('k', stored);
}

describe.skipIf(server === undefined)('the bytes of a value beside the server', () => {
  test.each(Object.keys(STRINGS))('string: %s', async (name) => {
    const { ours, dumped } = await both(['SET', 'k', STRINGS[name]!]);
    expect(toHex(written(ours).body)).toBe(toHex(bodyOf(dumped)));
    expect(toHex(payload(written(ours).body))).toBe(toHex(dumped));
    expect(seen(readBack(bodyOf(dumped)))).toEqual(seen(ours));
  });

  test('any string', async () => {
    await fc.assert(
      fc.asyncProperty(repetitive, async (string) => {
        const { ours, dumped } = await both(['SET', 'k', string]);
        expect(toHex(written(ours).body)).toBe(toHex(bodyOf(dumped)));
        expect(seen(readBack(bodyOf(dumped)))).toEqual(seen(ours));
      }),
      { seed: SEED, numRuns: 150 },
    );
  });

  test.each(Object.keys(ORDERED))('%s', async (name) => {
    const { ours, dumped } = await both(...ORDERED[name]!);
    expect(toHex(written(ours).body)).toBe(toHex(bodyOf(dumped)));
    expect(seen(readBack(bodyOf(dumped)))).toEqual(seen(ours));
  });

  test('any list, intset, small hash and sorted set', async () => {
    await fc.assert(
      fc.asyncProperty(orderedCommands, fc.constantFrom('yes', 'no'), async (commands, compress) => {
        const { ours, side, dumped } = await both(['CONFIG', 'SET', 'rdbcompression', compress], ...commands);
        const { limits } = side.store.keyspace;
        expect(toHex(written(ours, { limits, compress: compress === 'yes' }).body)).toBe(
          toHex(bodyOf(dumped)),
        );
        expect(seen(readBack(bodyOf(dumped), limits))).toEqual(seen(ours));
      }),
      { seed: SEED, numRuns: 150 },
    );
  });
});

describe.skipIf(server === undefined)('values go both ways', () => {
  test('any value, under any limits', async () => {
    await fc.assert(
      fc.asyncProperty(anyCommands, async (commands) => {
        const { ours, side, dumped } = await both(...commands);
        const { limits } = side.store.keyspace;
        // Theirs, read by us.
        const there = new LodisSide();
        Object.assign(there.store.keyspace.limits, limits);
        put(there, readBack(bodyOf(dumped), limits));
        await compareKeyspaces(there, server!, { withHistory: false });
        // Ours, read by them.
        const restored = await restore(payload(written(ours, { limits }).body));
        expect(restored).toBe('OK');
        await compareKeyspaces(side, server!, { withHistory: false });
      }),
      { seed: SEED, numRuns: 150 },
    );
  });

  test.each(Object.keys(KNOWN_TO_7_0))('read as the server reads it: %s', async (name) => {
    const body = KNOWN_TO_7_0[name]!;
    expect(await restore(payload(body))).toBe('OK');
    const side = new LodisSide();
    put(side, readBack(body));
    // With the encodings, where both name them alike.
    await compareKeyspaces(side, server!);
  });

  test.each(['2', '3'])('in the encoding that the server gives it where %s elements are few', async (few) => {
    const names = ['hash-max-listpack-entries', 'zset-max-listpack-entries', 'set-max-intset-entries'];
    const lengths = ['hash-max-listpack-value', 'zset-max-listpack-value'];
    const config: Tokens[] = [...names.map((name): Tokens => ['CONFIG', 'SET', name, few])];
    config.push(...lengths.map((name): Tokens => ['CONFIG', 'SET', name, '3']));
    const side = new LodisSide();
    await side.run(config, 2);
    await server!.run(config, 2);
    for (const body of Object.values(KNOWN_TO_7_0)) {
      expect(await restore(payload(body))).toBe('OK');
      put(side, readBack(body, side.store.keyspace.limits));
      await compareKeyspaces(side, server!);
    }
    await server!.run(DEFAULTS, 2);
  });
});
