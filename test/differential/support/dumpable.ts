import fc from 'fast-check';
import { type ByteString, fromBytes } from '../../../src/bytes/byte-string.ts';
import type { Tokens } from './sides.ts';

/** Commands that fill one key, `k`, and settings that decide how it is kept: what DUMP is tried on. */

export const KEY = 'k';

const number = fc.oneof(
  fc.integer({ min: -130, max: 130 }),
  fc.integer({ min: -70_000, max: 70_000 }),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const text: fc.Arbitrary<ByteString> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'hello world', 'é', '', '007', '-0', '1.5') },
  { weight: 3, arbitrary: number.map(String) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 30 }).map((bytes) => fromBytes(bytes)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom('x', 'ab', 'hello ', '漢字', '\udcff'),
        fc.constantFrom(1, 10, 21, 32, 64, 65, 300, 2000),
      )
      .map(([part, count]) => part.repeat(count)),
  },
);
/** Scores that 7.0 writes with all of 17 digits into a listpack, and later versions with as few as tell them apart. */
export const LONG_SCORES: ReadonlySet<string> = new Set(['0.1', '1e300', '3.0000000000000004']);
const score = fc.oneof(
  fc.integer({ min: -5, max: 5 }).map(String),
  fc.constantFrom('inf', '-inf', '-0.5', '17179869184', ...LONG_SCORES),
);
const count = fc.constantFrom(1, 2, 3, 5, 20);

/** Numbered members, so that there are many. */
function run(prefix: string): fc.Arbitrary<ByteString[]> {
  return fc
    .tuple(fc.nat(300), fc.constantFrom(10, 130, 520))
    .map(([from, length]) => Array.from({ length }, (_, at) => prefix + (from + at)));
}

function several(item: fc.Arbitrary<ByteString>): fc.Arbitrary<ByteString[]> {
  return count.chain((length) => fc.array(item, { minLength: length, maxLength: length }));
}

function commands(...choices: fc.Arbitrary<Tokens>[]): fc.Arbitrary<Tokens[]> {
  return fc.array(fc.oneof(...choices), { minLength: 1, maxLength: 12 });
}

const line = (...tokens: ByteString[]): Tokens => tokens;

const strings = commands(
  text.map((value) => line('SET', KEY, value)),
  text.map((value) => line('APPEND', KEY, value)),
  text.map((value) => line('SETRANGE', KEY, '3', value)),
);
const lists = commands(
  several(text).map((values) => line('RPUSH', KEY, ...values)),
  several(text).map((values) => line('LPUSH', KEY, ...values)),
  run('element:').map((values) => line('RPUSH', KEY, ...values)),
  text.map((value) => line('LREM', KEY, '1', value)),
  fc.tuple(fc.nat(20), text).map(([at, value]) => line('LSET', KEY, String(at), value)),
  text.map((value) => line('LINSERT', KEY, 'BEFORE', 'a', value)),
);
const sets = commands(
  several(number.map(String)).map((members) => line('SADD', KEY, ...members)),
  several(text).map((members) => line('SADD', KEY, ...members)),
  run('').map((members) => line('SADD', KEY, ...members)),
  run('member:').map((members) => line('SADD', KEY, ...members)),
  text.map((member) => line('SREM', KEY, member)),
);
const sortedSets = commands(
  several(text)
    .chain((members) => fc.tuple(fc.constant(members), score))
    .map(([members, all]) => line('ZADD', KEY, ...members.flatMap((member) => [all, member]))),
  fc.tuple(score, text).map(([one, member]) => line('ZADD', KEY, one, member)),
  run('member:').map((members) =>
    line('ZADD', KEY, ...members.flatMap((member, at) => [String(at % 7), member])),
  ),
  text.map((member) => line('ZREM', KEY, member)),
);
const hashes = commands(
  several(fc.tuple(text, text).map((pair) => pair.join('\0'))).map((pairs) =>
    line('HSET', KEY, ...pairs.flatMap((pair) => [pair, pair])),
  ),
  fc.tuple(text, text).map(([field, value]) => line('HSET', KEY, field, value)),
  run('field:').map((fields) => line('HSET', KEY, ...fields.flatMap((field) => [field, 'v']))),
  text.map((field) => line('HDEL', KEY, field)),
);

const id = fc.tuple(fc.nat(40), fc.nat(3)).map(([ms, seq]) => `${ms}-${seq}`);
const newId = fc.oneof(
  { weight: 8, arbitrary: id },
  {
    weight: 1,
    arbitrary: fc.constantFrom('9007199254740993-0', '50-18446744073709551615', '1700000000000-5'),
  },
);
const names = fc.constantFrom(['a'], ['a', 'b'], ['user', 'action', 'amount'], ['b', 'a'], ['12']);
const entry = names.chain((fields) =>
  fc.tuple(...fields.map((field) => text.map((value) => [field, value] as const))),
);
const group = fc.constantFrom('g', 'h');
const consumer = fc.constantFrom('ada', 'bob');
const streams = commands(
  fc.tuple(newId, entry).map(([at, pairs]) => line('XADD', KEY, at, ...pairs.flat())),
  fc.tuple(newId, entry).map(([at, pairs]) => line('XADD', KEY, at, ...pairs.flat())),
  fc
    .tuple(fc.constantFrom(3, 60, 250), fc.constantFrom('f', 'g'))
    .map(([length, field]) => ['MANY', String(length), field] as Tokens),
  id.map((at) => line('XDEL', KEY, at)),
  id.map((at) => line('XDEL', KEY, at)),
  fc.nat(5).map((length) => line('XTRIM', KEY, 'MAXLEN', String(length))),
  fc.tuple(fc.constantFrom('=', '~'), id).map(([how, at]) => line('XTRIM', KEY, 'MINID', how, at)),
  fc.tuple(group, id).map(([name, at]) => line('XGROUP', 'CREATE', KEY, name, at, 'MKSTREAM')),
  fc.tuple(group, id).map(([name, at]) => line('XGROUP', 'CREATE', KEY, name, at, 'ENTRIESREAD', '0')),
  fc.tuple(group, consumer, count).map(([name, who, most]) => ['READ', name, who, String(most)] as Tokens),
  fc.tuple(group, id).map(([name, at]) => line('XACK', KEY, name, at)),
  fc.tuple(group, id).map(([name, at]) => line('XGROUP', 'SETID', KEY, name, at)),
);

/** An entry is there when somebody reads: in 7.0 who finds nothing to read becomes no consumer. */
let added = 0;
function written([name, ...rest]: Tokens): Tokens[] {
  if (name === 'MANY') {
    const from = 100 + added++ * 1000;
    const [length, field] = rest;
    return Array.from({ length: Number(length) }, (_, at) =>
      line('XADD', KEY, `${from + at}-${at % 2}`, field!, String(at)),
    );
  }
  if (name === 'READ') {
    const [of, who, most] = rest;
    const at = `9007199254740994-${added++}`;
    return [
      line('XADD', KEY, at, 'f', 'v'),
      line('XREADGROUP', 'GROUP', of!, who!, 'COUNT', most!, 'STREAMS', KEY, '>'),
    ];
  }
  return [[name!, ...rest]];
}

export const filling: Readonly<Record<string, fc.Arbitrary<Tokens[]>>> = {
  string: strings,
  list: lists,
  set: sets,
  zset: sortedSets,
  hash: hashes,
  stream: streams.map((all) => all.flatMap(written)),
};

const sizes = fc.constantFrom('0', '1', '4', '128', '512');

/** The value of each setting that decides how values are kept or written, of those that Redis 7.0 knows. */
export const settings: fc.Arbitrary<Tokens[]> = fc
  .record({
    rdbcompression: fc.constantFrom('yes', 'no'),
    'hash-max-listpack-entries': sizes,
    'hash-max-listpack-value': fc.constantFrom('10', '64', '100000'),
    'zset-max-listpack-entries': sizes,
    'zset-max-listpack-value': fc.constantFrom('10', '64', '100000'),
    'set-max-intset-entries': sizes,
    'list-max-listpack-size': fc.constantFrom('-2', '-1', '-5', '1', '4', '100'),
    'stream-node-max-entries': fc.constantFrom('100', '1', '3', '10'),
  })
  .map((values) => Object.entries(values).map(([name, value]) => ['CONFIG', 'SET', name, value]));
