import { afterAll, describe, expect, test } from 'vitest';
import { type ByteString, fromBytes, toBytes } from '../../../src/bytes/byte-string.ts';
import type { Stored } from '../../../src/keyspace/entry.ts';
import { Operations } from '../../../src/keyspace/operations.ts';
import { LodisSide, ServerSide, type Tokens } from '../../differential/support/sides.ts';
import { startRedisServer } from '../../support/redis-server.ts';
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
  const [, ...replies] = await server!.run([['FLUSHALL'], ...commands, ['DUMP', 'k']], 2);
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
  return Array.from(bytes, (byte) => ['alpha', 'beta', 'gamma', 'delta', 'x', 'yy', 'zzz', '\n'][byte & 7]).join(' ');
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
  'runs of every length': Array.from({ length: 300 }, (_, at) => String.fromCharCode(97 + (at % 26)).repeat(at)).join('|'),
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
  'a list of elements that nearly fill a node': [['RPUSH', 'k', ...numbered(20).map((name) => name + 'x'.repeat(4080))]],
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
  'a small sorted set': [['ZADD', 'k', '1', 'one', '2.5', 'half', '-3', '77', 'inf', 'top', '-inf', 'bottom', '-0', 'zero']],
  'a sorted set with large scores': [
    ['ZADD', 'k', '4611686018427387904', 'a', '-4611686018427387904', 'b', '9007199254740993', 'c', '1e20', 'd'],
  ],
  'a sorted set of 100': [['ZADD', 'k', ...numbered(100).flatMap((name, at) => [String(at % 7), name])]],
  'a large sorted set': [['ZADD', 'k', ...numbered(1000).flatMap((name, at) => [String(at / 8), name])]],
  'a large sorted set with odd scores': [
    ['ZADD', 'k', '0.1', 'x'.repeat(100), '-0', 'y', 'inf', 'z', '-inf', 'w', '1e-300', '12'],
  ],
};

describe.skipIf(server === undefined)('the bytes of a value beside the server', () => {
  test.each(Object.keys(STRINGS))('string: %s', async (name) => {
    const { ours, dumped } = await both(['SET', 'k', STRINGS[name]!]);
    expect(toHex(written(ours).body)).toBe(toHex(bodyOf(dumped)));
    expect(toHex(payload(written(ours).body))).toBe(toHex(dumped));
    expect(seen(readBack(bodyOf(dumped)))).toEqual(seen(ours));
  });

  test.each(Object.keys(ORDERED))('%s', async (name) => {
    const { ours, dumped } = await both(...ORDERED[name]!);
    expect(toHex(written(ours).body)).toBe(toHex(bodyOf(dumped)));
    expect(seen(readBack(bodyOf(dumped)))).toEqual(seen(ours));
  });
});
