import { describe, expect, test } from 'vitest';
import { connect, Store } from '../../src/index.ts';
import { behaviours, type Script } from './support/behaviours.ts';

// Every limit of an encoding, set while the server runs: values are built across it in every way there is, and each step
// is asked for its encoding. What was built before a limit changed stays as it was until it is written to.

const DEFAULTS = [
  'CONFIG SET hash-max-listpack-entries 512 hash-max-listpack-value 64',
  'CONFIG SET zset-max-listpack-entries 128 zset-max-listpack-value 64 set-max-intset-entries 512',
  'CONFIG SET stream-node-max-entries 100 stream-node-max-bytes 4096 hll-sparse-max-bytes 3000',
  'CONFIG SET list-max-listpack-size -2 list-compress-depth 0',
];

/** After each command, the encodings of these keys. */
function asking(keys: readonly string[], lines: readonly string[]): string[] {
  return lines.flatMap((line) => [line, ...keys.map((key) => `OBJECT ENCODING ${key}`)]);
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at + 1);
}

function hashes(limit: number, setting: string): Script {
  const pairs = (count: number) =>
    numbers(count)
      .map((n) => `f${n} ${n}`)
      .join(' ');
  return [
    `HSET old ${pairs(limit + 3)}`,
    `HSET same ${pairs(limit + 1)}`,
    `CONFIG SET ${setting} ${limit}`,
    ...['CONFIG GET hash-max-listpack-entries', 'CONFIG GET hash-max-ziplist-entries'],
    ...asking(
      ['h'],
      numbers(limit + 2).map((n) => `HSET h f${n} v`),
    ),
    ...asking(['all'], [`HSET all ${pairs(limit)}`, `HSET all ${pairs(limit + 1)}`]),
    ...asking(
      ['n'],
      numbers(limit + 2).map((n) => `HINCRBY n f${n} 1`),
    ),
    ...asking(
      ['x'],
      numbers(limit + 2).map((n) => `HSETNX x f${n} 1`),
    ),
    ...asking(
      ['d'],
      numbers(limit + 1).map((n) => `HINCRBYFLOAT d f${n} 1.5`),
    ),
    ...asking(
      ['h'],
      [
        `HDEL h ${numbers(limit + 1)
          .map((n) => `f${n}`)
          .join(' ')}`,
        'DEL h',
        'HSET h f v',
      ],
    ),
    ...asking(['old', 'copy'], ['COPY old copy', 'HGETALL old', 'HDEL old f1', 'HSET copy f1 new']),
    ...asking(['same'], ['HSET same f1 other', 'HSET same more 1', 'RENAME same same2', 'RENAME same2 same']),
    'DEBUG DIGEST-VALUE h all n x d old copy same',
    ...DEFAULTS,
  ];
}

function sortedSets(limit: number, setting: string): Script {
  const pairs = (count: number) =>
    numbers(count)
      .map((n) => `${n} m${n}`)
      .join(' ');
  return [
    `ZADD old ${pairs(limit + 3)}`,
    `ZADD source ${pairs(limit + 2)}`,
    `CONFIG SET ${setting} ${limit}`,
    ...['CONFIG GET zset-max-listpack-entries', 'CONFIG GET zset-max-ziplist-entries'],
    ...asking(
      ['z'],
      numbers(limit + 2).map((n) => `ZADD z ${n} m${n}`),
    ),
    ...asking(['all'], [`ZADD all ${pairs(limit || 1)}`, `ZADD all ${pairs(limit + 1)}`]),
    ...asking(
      ['i'],
      numbers(limit + 2).map((n) => `ZINCRBY i 1 m${n}`),
    ),
    ...asking(
      ['r'],
      numbers(limit + 2).map((n) => `ZRANGESTORE r source 0 ${n - 1}`),
    ),
    ...asking(['u'], ['ZUNIONSTORE u 2 z source', 'ZINTERSTORE u 2 z source', 'ZDIFFSTORE u 2 source old']),
    ...asking(
      ['g'],
      numbers(limit + 2).map((n) => `GEOADD g ${n} ${n} m${n}`),
    ),
    ...asking(['gs'], ['GEOSEARCHSTORE gs g FROMLONLAT 1 1 BYRADIUS 9000 km ASC']),
    // From 7.2 on Redis looks first at how many members a command names, be they new or not: with 0, one is too many.
    ...asking(['old'], ['ZPOPMIN old', ...(limit === 0 ? [] : ['ZADD old 0 m2']), 'ZADD old 7 brandnew']),
    ...asking(['z'], ['ZREMRANGEBYRANK z 0 -2', 'DEL z', 'ZADD z -0 zero']),
    'DEBUG DIGEST-VALUE z all i r g old',
    ...DEFAULTS,
  ];
}

/** Whether a set of integers is still kept as one is all that the reference server tells of sets. */
function sets(limit: number): Script {
  const ints = (count: number, from = 0) =>
    numbers(count)
      .map((n) => n + from)
      .join(' ');
  return [
    `SADD old ${ints(limit + 3)}`,
    'SADD text a b c',
    `CONFIG SET set-max-intset-entries ${limit}`,
    `CONFIG GET set-max-intset-*`,
    ...numbers(limit + 2).map((n) => `SADD s ${n}`),
    ...numbers(limit).flatMap((n) => [`DEL under`, `SADD under ${ints(n)}`, 'OBJECT ENCODING under']),
    'OBJECT ENCODING old',
    'SREM old 1',
    'OBJECT ENCODING old',
    `SINTERSTORE i old s`,
    `SUNIONSTORE u old s`,
    'SDIFFSTORE d old s',
    'SCARD i',
    'SCARD u',
    'DEBUG DIGEST-VALUE s old i u d',
    ...DEFAULTS,
  ];
}

const VALUE_LIMITS = [1, 4, 64];

function values(limit: number): Script {
  const fits = 'v'.repeat(limit);
  const large = `${fits}w`;
  // Bytes count, not characters.
  const wide = limit >= 2 ? 'é'.repeat(limit / 2) : 'v';
  return [
    `CONFIG SET hash-max-listpack-value ${limit} zset-max-listpack-value ${limit}`,
    ...['CONFIG GET hash-max-ziplist-value', 'CONFIG GET zset-max-listpack-value'],
    ...asking(['h'], [`HSET h f ${fits}`, `HSET h ${fits} v`, `HSET h f ${wide}`, `HSET h f ${large}`]),
    ...asking(['f'], [`HSET f ${large} v`]),
    ...asking(['a'], [`HSET a f v`, `HSETNX a ${large} v`, `HDEL a ${large}`]),
    ...asking(['n'], ['HINCRBY n f 1', 'HINCRBY n f 12345', 'HINCRBYFLOAT n g 0.123456']),
    ...asking(['z'], [`ZADD z 1 ${fits}`, `ZADD z 1 ${wide}`, `ZADD z 2 ${large}`, `ZREM z ${large}`]),
    ...asking(['i'], [`ZINCRBY i 1 ${large}`]),
    ...asking(['r'], [`ZRANGESTORE r z 0 -1`]),
    'DEBUG DIGEST-VALUE h f a n z i',
    ...DEFAULTS,
  ];
}

function streams(entries: number, bytes: number): Script {
  return [
    `CONFIG SET stream-node-max-entries ${entries} stream-node-max-bytes ${bytes}`,
    ...numbers(9).map((n) => `XADD s ${n}-1 field value${n}`),
    'XINFO STREAM s',
    'XTRIM s MAXLEN ~ 5',
    'XLEN s',
    'XTRIM s MINID ~ 8-1',
    'XLEN s',
    'XADD s MAXLEN ~ 2 10-1 f v',
    'XINFO STREAM s',
    'XRANGE s - +',
    ...DEFAULTS,
  ];
}

function hyperloglogs(limit: number): Script {
  const batches = numbers(8).map(
    (batch) =>
      `PFADD p ${numbers(40)
        .map((n) => `e${batch}:${n}`)
        .join(' ')}`,
  );
  return [
    `CONFIG SET hll-sparse-max-bytes ${limit}`,
    'PFADD one a',
    'PFDEBUG ENCODING one',
    ...batches.flatMap((line) => [line, 'PFDEBUG ENCODING p', 'STRLEN p']),
    'PFMERGE m p one',
    'PFDEBUG ENCODING m',
    'PFCOUNT p one m',
    ...DEFAULTS,
  ];
}

function lists(size: number, depth: number): Script {
  return [
    `CONFIG SET list-max-listpack-size ${size} list-compress-depth ${depth}`,
    'CONFIG GET list-max-ziplist-size',
    'CONFIG GET list-compress-depth',
    ...numbers(12).map((n) => `RPUSH l ${'e'.repeat(n)}${n}`),
    'LINSERT l BEFORE e1 first',
    'LSET l 5 other',
    'LREM l 0 eee3',
    'LPOP l 2',
    'LRANGE l 0 -1',
    'LPOS l other',
    'DEBUG DIGEST-VALUE l',
    ...DEFAULTS,
  ];
}

behaviours('limits of encodings', {
  ...Object.fromEntries(
    [0, 1, 2, 5].flatMap((limit) => [
      [`hashes of up to ${limit} fields`, hashes(limit, 'hash-max-listpack-entries')],
      [`sorted sets of up to ${limit} members`, sortedSets(limit, 'zset-max-listpack-entries')],
      [`sets of up to ${limit} integers`, sets(limit)],
    ]),
  ),
  'hashes by the older name': hashes(3, 'hash-max-ziplist-entries'),
  'sorted sets by the older name': sortedSets(3, 'zset-max-ziplist-entries'),
  ...Object.fromEntries(VALUE_LIMITS.map((limit) => [`values of up to ${limit} bytes`, values(limit)])),
  'streams of up to 2 entries in a node': streams(2, 4096),
  'streams of up to 4 entries in a node': streams(4, 0),
  'streams of any number of entries in a node': streams(0, 0),
  ...Object.fromEntries(
    [0, 20, 100, 500, 16_000].map((limit) => [`HyperLogLogs of up to ${limit} bytes`, hyperloglogs(limit)]),
  ),
  ...Object.fromEntries(
    [
      [-5, 0],
      [-1, 1],
      [0, 0],
      [1, 0],
      [3, 2],
      [128, 10],
    ].map(([size, depth]) => [`lists of size ${size}, compressed from ${depth}`, lists(size!, depth!)]),
  ),
});

describe('limits of encodings that the reference server does not have', () => {
  const open = () => {
    const connection = connect(new Store());
    return (line: string) => {
      const [name, ...args] = line.split(' ');
      return connection.call(name!, ...args);
    };
  };

  test('sets: set-max-listpack-entries and -value', () => {
    const call = open();
    call('SADD old a b c d');
    call('CONFIG SET set-max-listpack-entries 2 set-max-listpack-value 4');
    expect(call('OBJECT ENCODING old')).toBe('listpack');
    call('SADD old e');
    expect(call('OBJECT ENCODING old')).toBe('hashtable');
    call('SADD s a');
    call('SADD s b');
    expect(call('OBJECT ENCODING s')).toBe('listpack');
    call('SADD s c');
    expect(call('OBJECT ENCODING s')).toBe('hashtable');
    call('SADD long abcd');
    expect(call('OBJECT ENCODING long')).toBe('listpack');
    call('SADD long abcde');
    expect(call('OBJECT ENCODING long')).toBe('hashtable');
    // Integers beyond the limit of their own are a table at once, whatever listpacks may have.
    call('CONFIG SET set-max-intset-entries 2 set-max-listpack-entries 9');
    call('SADD i 1 2');
    expect(call('OBJECT ENCODING i')).toBe('intset');
    call('SADD i 3');
    expect(call('OBJECT ENCODING i')).toBe('hashtable');
    call('SADD mixed 1 2');
    call('SADD mixed x');
    expect(call('OBJECT ENCODING mixed')).toBe('listpack');
  });

  test('hashes and sorted sets: a command that names too many is enough, be it the same one', () => {
    const call = open();
    call('CONFIG SET hash-max-listpack-entries 2 zset-max-listpack-entries 2');
    call('HSET h f v f v f v');
    expect([call('HLEN h'), call('OBJECT ENCODING h')]).toEqual([1, 'hashtable']);
    call('ZADD z 1 m 2 m 3 m');
    expect([call('ZCARD z'), call('OBJECT ENCODING z')]).toEqual([1, 'skiplist']);
  });

  test('lists: list-max-listpack-size in elements and in bytes, with a way back', () => {
    const call = open();
    call('CONFIG SET list-max-listpack-size 4');
    call('RPUSH l 1 2 3 4');
    expect(call('OBJECT ENCODING l')).toBe('listpack');
    call('RPUSH l 5');
    expect(call('OBJECT ENCODING l')).toBe('quicklist');
    call('LTRIM l 0 1');
    expect(call('OBJECT ENCODING l')).toBe('listpack');
    call('CONFIG SET list-max-listpack-size -1');
    expect(call('OBJECT ENCODING l')).toBe('listpack');
    call(`RPUSH l ${'x'.repeat(4000)}`);
    expect(call('OBJECT ENCODING l')).toBe('listpack');
    call(`RPUSH l ${'x'.repeat(4000)}`);
    expect(call('OBJECT ENCODING l')).toBe('quicklist');
  });
});
