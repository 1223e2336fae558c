import { describe, expect, test } from 'vitest';
import { connect, Store } from '../../../src/index.ts';
import type { ArrayOperations } from '../../../src/structures/arrays/array-operations.ts';
import type { Reply } from '../../../src/wire/resp/reply.ts';

/** Runs commands, given as lines of words (in quotes where they have blanks), and returns their replies or error texts. */
function run(store: Store, lines: readonly string[]): unknown[] {
  const connection = connect(store);
  return lines.map((line) => {
    const tokens = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]!);
    const [name, ...rest] = tokens;
    try {
      return connection.call(name!, ...rest) as Reply;
    } catch (error) {
      return (error as Error).message;
    }
  });
}

/** A command beside what it replies. */
type Example = readonly (readonly [line: string, reply: unknown])[];

function expectReplies(example: Example): Store {
  const store = new Store();
  const lines = example.map(([line]) => line);
  const replies = run(store, lines);
  expect(lines.map((line, at) => [line, replies[at]])).toEqual(example.map(([line, reply]) => [line, reply]));
  store.keyspace.checkInvariants();
  return store;
}

const documented: Readonly<Record<string, Example>> = {
  'setting and getting': [
    ['ARSET events:1 0 login click purchase', 3],
    ['ARGET events:1 0', 'login'],
    ['ARGET events:1 999', null],
  ],
  'setting and getting several': [
    ['ARMSET metrics 0 10 5 20 100 30', 3],
    ['ARMGET metrics 0 5 100 999', ['10', '20', '30', null]],
  ],
  'length and count': [
    ['ARSET sparse 0 a', 1],
    ['ARSET sparse 1000000 b', 1],
    ['ARLEN sparse', 1_000_001],
    ['ARCOUNT sparse', 2],
  ],
  ranges: [
    ['ARMSET seq 0 a 1 b 3 d', 3],
    ['ARGETRANGE seq 0 3', ['a', 'b', null, 'd']],
    ['ARGETRANGE seq 3 0', ['d', null, 'b', 'a']],
    [
      'ARSCAN seq 0 3',
      [
        [0, 'a'],
        [1, 'b'],
        [3, 'd'],
      ],
    ],
    [
      'ARSCAN seq 3 0 LIMIT 2',
      [
        [3, 'd'],
        [1, 'b'],
      ],
    ],
  ],
  'a cursor': [
    ['ARINSERT log event1', 0],
    ['ARINSERT log event2', 1],
    ['ARNEXT log', 2],
    ['ARSEEK log 10', 1],
    ['ARINSERT log event3', 10],
    ['ARNEXT log', 11],
  ],
  'a ring': [
    ['ARRING readings 3 v0', 0],
    ['ARRING readings 3 v1', 1],
    ['ARRING readings 3 v2', 2],
    ['ARRING readings 3 v3', 0],
    ['ARGET readings 0', 'v3'],
    ['ARCOUNT readings', 3],
    ['ARLASTITEMS readings 3', ['v1', 'v2', 'v3']],
    ['ARLASTITEMS readings 3 REV', ['v3', 'v2', 'v1']],
  ],
  aggregates: [
    ['ARMSET scores 0 10 1 20 2 30', 3],
    ['AROP scores 0 2 SUM', '60'],
    ['AROP scores 0 2 MIN', '10'],
    ['AROP scores 0 2 MAX', '30'],
    ['AROP scores 0 2 MATCH 10', 1],
    ['AROP scores 0 2 USED', 3],
    ['ARMSET flags 0 255 1 15 2 240', 3],
    ['AROP flags 0 2 AND', 0],
    ['AROP flags 0 2 OR', 255],
    ['AROP flags 0 2 XOR', 0],
  ],
  searching: [
    ['ARMSET log 0 "boot: ok" 1 "warn: disk" 2 "ERROR: cpu" 3 "info: ready" 4 "error: net"', 5],
    ['ARGREP log - + MATCH error NOCASE', [2, 4]],
    [
      'ARGREP log - + MATCH error NOCASE WITHVALUES',
      [
        [2, 'ERROR: cpu'],
        [4, 'error: net'],
      ],
    ],
    ['ARGREP log 0 4 GLOB warn:* OR GLOB error:*', [1, 4]],
    [
      'ARGREP log 0 4 RE "^[A-Za-z]+: (cpu|net)$" NOCASE WITHVALUES',
      [
        [2, 'ERROR: cpu'],
        [4, 'error: net'],
      ],
    ],
    ['ARGREP log 0 4 EXACT "info: ready"', [3]],
    ['ARGREP log - + MATCH error NOCASE LIMIT 1', [2]],
    ['ARGREP log + - MATCH o AND GLOB *:* NOCASE LIMIT 3', [4, 3, 2]],
  ],
  deleting: [
    ['ARMSET myarray 0 a 1 b 2 c 3 d 4 e', 5],
    ['ARDELRANGE myarray 1 3', 3],
    ['ARCOUNT myarray', 2],
    ['ARDEL myarray 1 0', 1],
    ['ARDELRANGE myarray 100 0 3 7', 1],
    ['EXISTS myarray', 0],
  ],
  'what keys in general say of it': [
    ['ARSET k 0 a', 1],
    ['TYPE k', 'array'],
    ['OBJECT ENCODING k', 'sliced-array'],
    ['SCAN 0 TYPE array', ['0', ['k']]],
    ['COPY k l', 1],
    ['ARSET l 0 b', 0],
    ['ARGET k 0', 'a'],
    ['RENAME l m', 'OK'],
    ['ARGET m 0', 'b'],
  ],
};

describe('the documented examples', () => {
  test.each(Object.entries(documented))('%s', (_name, example) => {
    expectReplies(example);
  });
});

const INVALID = 'ERR invalid array index';
const WRONGTYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value';
const arity = (name: string) => `ERR wrong number of arguments for '${name}' command`;

const behaviours: Readonly<Record<string, Example>> = {
  'indexes: what is one, and what none': [
    ['ARSET k 18446744073709551614 last', 1],
    ['ARGET k 18446744073709551614', 'last'],
    ['ARLEN k', 18_446_744_073_709_551_615n],
    ['ARSET k 18446744073709551615 x', INVALID],
    ['ARSET k -1 x', INVALID],
    ['ARSET k 1.5 x', INVALID],
    ['ARSET k "" x', INVALID],
    ['ARSET k 18446744073709551613 a b', 1],
    ['ARSET k 18446744073709551613 a b c', 'ERR array index overflow'],
    ['ARSET k 18446744073709551614 a b c', 'ERR array index overflow'],
    ['ARGETRANGE k 18446744073709551614 18446744073709551612', ['b', 'a', null]],
    ['ARSCAN k 9007199254740993 18446744073709551613', [[18_446_744_073_709_551_613n, 'a']]],
    ['ARGREP k + - EXACT b', [18_446_744_073_709_551_614n]],
    ['ARMGET k 0 x', INVALID],
    ['ARGET missing x', INVALID],
    ['ARDEL missing x', INVALID],
    ['ARMSET k 0 a 1', arity('armset')],
    ['ARMSET k 0 a x b', INVALID],
    ['ARGET k 0', null],
    ['ARDELRANGE k 0 1 2', arity('ardelrange')],
  ],
  'which error comes first': [
    ['SET s x', 'OK'],
    ['ARGET s x', WRONGTYPE],
    ['ARMGET s x', WRONGTYPE],
    ['ARSET s x a', INVALID],
    ['ARSET s 0 a', WRONGTYPE],
    ['ARSET s 18446744073709551614 a b', 'ERR array index overflow'],
    ['ARMSET s 0 a', WRONGTYPE],
    ['ARDEL s x', INVALID],
    ['ARDEL s 0', WRONGTYPE],
    ['ARDELRANGE s 0 1', WRONGTYPE],
    ['ARGETRANGE s 0 1000000', WRONGTYPE],
    ['ARGETRANGE s 0 x', INVALID],
    ['ARSCAN s 0 x LIMIT 0', INVALID],
    ['ARSCAN s 0 1 LIMIT 0', 'ERR LIMIT must be positive'],
    ['ARSCAN s 0 1', WRONGTYPE],
    ['ARGREP s 0 x MATCH a', INVALID],
    ['ARGREP s 0 1 RE (', "ERR invalid regular expression: Missing ')'"],
    ['ARGREP s 0 1 MATCH a', WRONGTYPE],
    ['AROP s x 1 SUM', INVALID],
    ['AROP s 0 1 AVG', 'ERR unknown operation'],
    ['AROP s 0 1 SUM', WRONGTYPE],
    ['ARINSERT s a', WRONGTYPE],
    ['ARRING s x a', 'ERR invalid size'],
    ['ARRING s 0 a', 'ERR size must be positive'],
    ['ARRING s 3 a', WRONGTYPE],
    ['ARSEEK s x', INVALID],
    ['ARSEEK s 1', WRONGTYPE],
    ['ARNEXT s', WRONGTYPE],
    ['ARLASTITEMS s x', 'ERR invalid COUNT'],
    ['ARLASTITEMS s 0 NOPE', []],
    ['ARLASTITEMS s 1', WRONGTYPE],
    ['ARINFO s NOPE', 'ERR syntax error'],
    ['ARINFO s FULL FULL', 'ERR syntax error'],
    ['ARINFO s', WRONGTYPE],
    ['ARLEN s', WRONGTYPE],
    ['ARCOUNT s', WRONGTYPE],
  ],
  'without a key': [
    ['ARGET k 0', null],
    ['ARMGET k 0 1', [null, null]],
    ['ARGETRANGE k 0 2', [null, null, null]],
    ['ARGETRANGE k 0 1000000', 'ERR range exceeds maximum of 1000000 items'],
    ['ARGETRANGE k 1000000 0', 'ERR range exceeds maximum of 1000000 items'],
    ['ARSCAN k 0 9', []],
    ['ARGREP k - + MATCH a', []],
    ['AROP k 0 9 SUM', null],
    ['AROP k 0 9 AND', null],
    ['AROP k 0 9 USED', 0],
    ['AROP k 0 9 MATCH a', 0],
    ['ARLEN k', 0],
    ['ARCOUNT k', 0],
    ['ARNEXT k', 0],
    ['ARSEEK k 5', 0],
    ['ARLASTITEMS k 5', []],
    ['ARDEL k 0', 0],
    ['ARDELRANGE k 0 9', 0],
    ['ARINFO k', 'ERR no such key'],
    ['EXISTS k', 0],
  ],
  'ARSCAN and ARLASTITEMS: options': [
    ['ARSET k 0 a b', 2],
    ['ARSCAN k 0 1 LIMIT', arity('arscan')],
    ['ARSCAN k 0 1 LIMIT 1 LIMIT 1', arity('arscan')],
    ['ARSCAN k 0 1 COUNT 1', 'ERR syntax error'],
    ['ARSCAN k 0 1 LIMIT x', 'ERR value is not an integer or out of range'],
    ['ARSCAN k 0 1 limit 1', [[0, 'a']]],
    ['ARLASTITEMS k 1 NOPE', 'ERR syntax error'],
    ['ARLASTITEMS k 1 REV REV', arity('arlastitems')],
    ['ARLASTITEMS k -1 REV REV', []],
    ['ARLASTITEMS k 5', ['a', 'b']],
  ],
  'ARGREP: predicates and options': [
    ['ARMSET k 0 RedisArray 1 redis-match 2 array-only 3 plain 4 10', 5],
    ['ARGREP k - + MATCH redis GLOB *array* AND NOCASE', [0]],
    ['ARGREP k - + OR MATCH redis LIMIT 3 GLOB *array* AND LIMIT 1 NOCASE', [0]],
    ['ARGREP k - + AND OR MATCH only EXACT 10', [2, 4]],
    ['ARGREP k - + LIMIT 1', 'ERR syntax error'],
    ['ARGREP k - + MATCH', arity('argrep')],
    ['ARGREP k - + MATCH a GLOB', 'ERR syntax error'],
    ['ARGREP k - + MATCH a NOPE', 'ERR syntax error'],
    ['ARGREP k - + MATCH a LIMIT 0', 'ERR LIMIT must be positive'],
    ['ARGREP k - + MATCH a LIMIT x', 'ERR value is not an integer or out of range'],
    ['ARGREP k - + RE ""', 'ERR regular expression is empty'],
    ['ARGREP k - + RE (a)\\1', 'ERR regular expression backreferences are not supported'],
    [`ARGREP k - + RE ${'a'.repeat(2049)}`, 'ERR regular expression is too long, maximum is 2048 bytes'],
    [`ARGREP k - + RE ${'a'.repeat(2048)}`, []],
    [`ARGREP k - + ${'MATCH plain '.repeat(250)}`, [3]],
    [`ARGREP k - + ${'MATCH plain '.repeat(251)}`, 'ERR too many predicates, maximum is 250'],
    ['ARGREP k + + MATCH 1', [4]],
    ['ARGREP k - + MATCH ""', [0, 1, 2, 3, 4]],
  ],
  'AROP: numbers of every kind': [
    ['ARMSET k 0 10 1 x 2 1.5 3 "" 4 -0.25', 5],
    ['AROP k 0 9 SUM', '11.25'],
    ['AROP k 9 0 MIN', '-0.25'],
    ['AROP k 0 9 OR', 11],
    ['AROP k 1 1 SUM', null],
    ['AROP k 1 1 XOR', null],
    ['AROP k 0 9 MATCH', 'ERR MATCH requires a value argument'],
    ['AROP k 0 9 MATCH a b', 'ERR MATCH requires a value argument'],
    ['AROP k 0 9 SUM 1', arity('arop')],
    ['AROP k 0 9 match x', 1],
    ['ARMSET f 0 7.9 1 3.2 2 1.8', 3],
    ['AROP f 0 2 AND', 1],
    ['AROP f 0 2 XOR', 5],
    ['ARMSET g 0 0.1 1 0.2', 2],
    ['AROP g 0 9 SUM', '0.3'],
    ['ARMSET h 0 0.03', 1],
    ['AROP h 0 0 SUM', '0.029999999999999999'],
    ['ARMSET l 0 9223372036854775807 1 9223372036854775807 2 1e30 3 inf', 4],
    ['AROP l 0 1 SUM', '1.8446744073709552e+19'],
    ['AROP l 0 1 AND', 9_223_372_036_854_775_807n],
    ['AROP l 0 2 MAX', '1e+30'],
    ['AROP l 0 3 MAX', 'inf'],
    ['AROP l 0 3 MIN', '9.2233720368547758e+18'],
    ['AROP l 2 3 OR', null],
    ['ARMSET z 0 -0 1 0x10 2 -0.0', 3],
    ['AROP z 0 0 SUM', '-0'],
    ['AROP z 0 2 SUM', '16'],
  ],
  'rings: growing, shrinking, gaps': [
    ['ARRING k 5 v0 v1 v2 v3 v4 v5 v6 v7', 2],
    ['ARRING k 8 grown', 5],
    ['ARGETRANGE k 0 5', ['v3', 'v4', 'v5', 'v6', 'v7', 'grown']],
    ['ARRING k 3 less', 0],
    ['ARGETRANGE k 0 3', ['less', 'v7', 'grown', null]],
    ['ARDEL k 2', 1],
    ['ARLASTITEMS k 9', ['v7', 'less']],
    ['ARSEEK k 0', 1],
    ['ARRING k 8 first', 0],
    ['ARSEEK k 10', 1],
    ['ARRING k 5 x', 0],
    ['ARSET k 100 outside', 1],
    // Before index 0 comes the last one: what stays is "outside", then "x".
    ['ARRING k 3 again', 2],
    ['ARGETRANGE k 0 2', ['outside', 'x', 'again']],
    ['ARRING k 9223372036854775807 far', 3],
    ['ARRING k 9223372036854775808 x', 'ERR invalid size'],
  ],
  'the cursor at the end of all': [
    ['ARINSERT k a', 0],
    ['ARSEEK k 18446744073709551615', 1],
    ['ARNEXT k', null],
    ['ARINSERT k b', 'ERR insert index overflow'],
    ['ARRING k 3 c', 0],
    ['ARSEEK k 18446744073709551614', 1],
    ['ARINSERT k b c', 'ERR insert index overflow'],
    ['ARINSERT k b', 18_446_744_073_709_551_614n],
    ['ARSEEK k 18446744073709551616', INVALID],
    ['ARLASTITEMS k 2', [null, 'b']],
    ['ARLASTITEMS k 1000001', 'ERR count exceeds maximum of 1000000 items'],
  ],
  'ARLASTITEMS: gaps and what was deleted': [
    ['ARINSERT k a b c d e', 4],
    ['ARDEL k 1', 1],
    ['ARLASTITEMS k 10', ['a', null, 'c', 'd', 'e']],
    ['ARDEL k 4', 1],
    ['ARLASTITEMS k 10 REV', ['d', 'c', null, 'a']],
    ['ARNEXT k', 5],
  ],
};

describe('behaviours', () => {
  test.each(Object.entries(behaviours))('%s', (_name, example) => {
    expectReplies(example);
  });
});

test('arrays have a category of permissions', () => {
  const [categories, commands] = run(new Store(), ['ACL CAT', 'ACL CAT array']);
  expect(categories).toEqual([
    ...[
      'keyspace',
      'read',
      'write',
      'set',
      'sortedset',
      'list',
      'hash',
      'string',
      'bitmap',
      'hyperloglog',
      'geo',
    ],
    ...['stream', 'pubsub', 'admin', 'fast', 'slow', 'blocking', 'dangerous', 'connection', 'transaction'],
    ...['scripting', 'array'],
  ]);
  expect(commands).toHaveLength(18);
  expect(commands).toContain('argrep');
});

describe('ARINFO', () => {
  function info(store: Store, key = 'k') {
    return store.arinfoFull(key);
  }

  test('names its fields, as a map where there are maps', () => {
    const store = new Store();
    store.armset('k', { 0: 'a', 1: 'b', 100: 'c' });
    const [flat] = run(store, ['ARINFO k']);
    expect(flat).toEqual([
      ...['count', 3, 'len', 101, 'next-insert-index', 0, 'slices', 1],
      ...['directory-size', 1, 'super-dir-entries', 0, 'slice-size', 4096],
    ]);
    const connection = connect(store);
    connection.call('HELLO', '3');
    const full = connection.call('ARINFO', 'k', 'full') as Map<string, unknown>;
    expect([...full.keys()].slice(7)).toEqual([
      ...['dense-slices', 'sparse-slices', 'avg-dense-size', 'avg-dense-fill', 'avg-sparse-size'],
    ]);
    expect(full.get('avg-sparse-size')).toBe(4);
  });

  test('slices become dense with the eleventh element, and sparse again', () => {
    const store = new Store();
    for (let at = 0; at < 10; at++) store.arset('k', at * 100, 'x');
    expect(info(store)).toMatchObject({ sparseSlices: 1, denseSlices: 0, avgSparseSize: 10 });
    store.arset('k', 1000, 'x');
    expect(info(store)).toMatchObject({ sparseSlices: 0, denseSlices: 1, avgDenseSize: 1024 });
    store.ardelrange('k', [500, 2000]);
    expect(info(store)).toMatchObject({ sparseSlices: 1, denseSlices: 0, avgSparseSize: 5 });
  });

  test('windows double, to either side, and stay within the slice', () => {
    const store = new Store();
    store.arset('right', 0, Array.from({ length: 100 }, String));
    expect(info(store, 'right')).toMatchObject({
      denseSlices: 1,
      avgDenseSize: 128,
      avgDenseFill: 100 / 128,
    });
    for (let at = 500; at >= 400; at--) store.arset('left', at, 'x');
    expect(info(store, 'left').avgDenseSize).toBe(128);
    store.arset('end', 2100, Array.from({ length: 1400 }, String));
    expect(info(store, 'end').avgDenseSize).toBe(2048);
    store.keyspace.checkInvariants();
  });

  test('the directory is a table, then blocks', () => {
    const store = new Store();
    store.arset('k', 4096 * 5, 'x');
    expect(store.arinfo('k')).toMatchObject({ directorySize: 8, superDirEntries: 0, slices: 1 });
    store.arset('k', 0, 'x');
    store.ardel('k', 4096 * 5);
    expect(store.arinfo('k')).toMatchObject({ directorySize: 1 });
    store.arset('k', 8_388_608, 'x');
    expect(store.arinfo('k')).toMatchObject({ directorySize: 4, superDirEntries: 2 });
    store.ardel('k', 8_388_608);
    expect(store.arinfo('k')).toMatchObject({ directorySize: 4, superDirEntries: 1 });
  });

  test('the configuration decides over what comes after it', () => {
    const store = new Store({ limits: { arraySliceSize: 256, arraySparseKmax: 0 } });
    store.arset('k', 1000, 'x');
    expect(info(store)).toMatchObject({ sliceSize: 256, denseSlices: 1, avgDenseSize: 8 });
    const replies = run(store, [
      'CONFIG SET array-slice-size 5000',
      'CONFIG SET array-slice-size 128',
      'CONFIG SET array-slice-size 8192',
      'CONFIG GET array-slice-size',
      'CONFIG SET array-sparse-kmax 3',
      'CONFIG SET array-sparse-kmax 20',
      'CONFIG SET array-sparse-kmin 20',
      'ARSET l 0 x',
    ]);
    expect(replies).toEqual([
      "ERR CONFIG SET failed (possibly related to argument 'array-slice-size') - array-slice-size must be a power of two",
      "ERR CONFIG SET failed (possibly related to argument 'array-slice-size') - argument must be between 256 and 65536 inclusive",
      'OK',
      ['array-slice-size', '8192'],
      "ERR CONFIG SET failed (possibly related to argument 'array-sparse-kmax') - array-sparse-kmax must be greater than array-sparse-kmin when non-zero",
      'OK',
      "ERR CONFIG SET failed (possibly related to argument 'array-sparse-kmin') - array-sparse-kmin must be less than array-sparse-kmax when the latter is non-zero",
      1,
    ]);
    expect(info(store, 'l')).toMatchObject({ sliceSize: 8192, sparseSlices: 1 });
    expect(() => new Store({ limits: { arraySliceSize: 1000 } })).toThrow(RangeError);
  });
});

describe('typed', () => {
  test('indexes beyond 2^53 are bigints, and never rounded', () => {
    const store = new Store();
    store.arset('k', 2n ** 60n, 'far');
    expect(store.arget('k', 2n ** 60n)).toBe('far');
    expect(() => store.arget('k', 2 ** 60)).toThrow('invalid array index');
    expect(() => store.arlen('k')).toThrow(RangeError);
    expect(store.bigints.arlen('k')).toBe(2n ** 60n + 1n);
    expect(store.bigints.arscan('k', 0, 2n ** 61n)).toEqual([{ index: 2n ** 60n, value: 'far' }]);
  });

  test('an answer that is not exact changes nothing', () => {
    const store = new Store();
    store.arinsert('k', 'a');
    store.arseek('k', 2n ** 60n);
    expect(() => store.arinsert('k', 'b')).toThrow(RangeError);
    expect(() => store.arring('k', 2n ** 61n, 'b')).toThrow(RangeError);
    expect(store.arcount('k')).toBe(1);
    expect(store.bigints.arinsert('k', 'b')).toBe(2n ** 60n);
  });

  test('what is no index, pair, range or option is refused before anything changes', () => {
    const store = new Store();
    const untyped = store as unknown as Record<keyof ArrayOperations, (...args: unknown[]) => unknown>;
    for (const index of [Number.NaN, -1, 0.5, '0', null, undefined, {}, -1n, 2n ** 64n - 1n]) {
      expect(() => untyped.arset('k', index, 'x'), String(index)).toThrow();
      expect(() => untyped.ardel('k', [0, index]), String(index)).toThrow();
    }
    for (const values of [['a', 'b'], 'ab', null, [[0]], { x: 'a' }, [[0, 'a'], undefined, [1, 'b']], []])
      expect(() => untyped.armset('k', values)).toThrow();
    for (const ranges of [0, [0], [[0, 1], [2]], [0, 1, 2], [], [[0, 1], undefined]])
      expect(() => untyped.ardelrange('k', ranges)).toThrow();
    expect(() => untyped.arset('k', 0, [])).toThrow("wrong number of arguments for 'arset'");
    expect(() => untyped.arset('k', 0, ['a', undefined, 'b'])).toThrow(TypeError);
    expect(() => untyped.argrep('k', '-', '+', { Match: 'a' })).toThrow(TypeError);
    expect(() => untyped.argrep('k', '-', '+', { match: 'a', withvalues: true })).toThrow(TypeError);
    expect(() => untyped.argrep('k', '-', '+', { match: 'a', combine: 'xor' })).toThrow('syntax');
    expect(() => untyped.arop('k', 0, 1, 'toString')).toThrow('unknown operation');
    expect(() => untyped.aropBitwise('k', 0, 1, 'sum')).toThrow('unknown operation');
    expect(() => untyped.aropCount('k', 0, 1, 'sum')).toThrow('unknown operation');
    expect(() => untyped.aropCount('k', 0, 1, {})).toThrow('MATCH requires');
    expect(() => untyped.arlastitems('k', 1.5)).toThrow('invalid COUNT');
    expect(store.exists('k')).toBe(0);
  });

  test('every form of pairs and ranges', () => {
    const store = new Store();
    expect(store.armset('k', new Map([[1, 'a']]))).toBe(1);
    expect(
      store.armset('k', [
        [2, 'b'],
        [2n, 'c'],
      ]),
    ).toBe(1);
    expect(store.armset('k', { 3: 'd', 4: Uint8Array.of(255) })).toBe(2);
    expect(store.bytes.arget('k', 4)).toEqual(Uint8Array.of(255));
    expect(store.argrep('k', '-', '+', { match: Uint8Array.of(255) })).toEqual([4]);
    expect(
      store.ardelrange('k', [
        [1, 1],
        [4, 3],
      ]),
    ).toBe(3);
    expect(store.arscan('k', 0, 9)).toEqual([{ index: 2, value: 'c' }]);
    expect(store.argrepWithValues('k', 0, '+', { exact: ['b', 'c'] })).toEqual([{ index: 2, value: 'c' }]);
    expect(store.aropCount('k', 0, 9, { match: 'c' })).toBe(1);
    expect(store.armget('k', 2)).toEqual(['c']);
  });

  test('a transaction that fails leaves the array as it was', () => {
    const store = new Store();
    store.arring('k', 3, ['a', 'b', 'c', 'd']);
    store.arset('k', 9_000_000, 'far');
    const before = [store.arscan('k', 0, 10_000_000), store.arinfoFull('k')];
    expect(() =>
      store.transaction((tx) => {
        tx.arset('k', 1, 'changed');
        tx.ardelrange('k', [0, 100]);
        tx.arring('k', 2, ['x', 'y', 'z']);
        throw new Error('undone');
      }),
    ).toThrow('undone');
    expect([store.arscan('k', 0, 10_000_000), store.arinfoFull('k')]).toEqual(before);
    expect(store.arnext('k')).toBe(1);
    store.keyspace.checkInvariants();
  });

  test('events are those of Redis, in its order', () => {
    const store = new Store();
    const heard: string[] = [];
    store.keyspace.observe({ changed: (_database, _key, { name, category }) => heard.push(category + name) });
    store.arset('k', 0, 'a');
    store.armset('k', { 1: 'b' });
    store.arinsert('k', 'c');
    store.arring('k', 3, 'd');
    store.arseek('k', 2);
    store.ardel('k', 7);
    store.ardel('k', 0);
    store.ardelrange('k', [0, 9]);
    expect(heard).toEqual([
      ...['nnew', 'aarset', 'aarmset', 'aarinsert', 'aarring', 'aarseek', 'aardel', 'aardelrange', 'gdel'],
    ]);
  });
});

test('the greatest and the least are told apart where doubles are not', () => {
  const store = new Store();
  const close = [
    '9007199254740993.5',
    '9007199254740993.25',
    '9007199254740993.75',
    '9007199254740992',
    '0.1',
  ];
  store.arset('a', 0, close);
  expect(store.arop('a', 0, 9, 'max')).toBe('9007199254740993.8');
  store.arset(
    'a',
    0,
    close.map((text) => `-${text}`),
  );
  expect(store.arop('a', 0, 9, 'min')).toBe('-9007199254740993.8');
  store.arset('b', 0, ['1e2', '99.5', 'x', '100.5', '-3', '1e-3', '5', 'inf']);
  expect(store.arop('b', 0, 6, 'max')).toBe('100.5');
  expect(store.arop('b', 0, 6, 'min')).toBe('-3');
  expect(store.arop('b', 0, 9, 'max')).toBe('inf');
});
