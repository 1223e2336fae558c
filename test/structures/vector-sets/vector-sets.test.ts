import { describe, expect, test } from 'vitest';
import type { Bytes } from '../../../src/bytes/byte-string.ts';
import { connect, ReplyError, Store } from '../../../src/index.ts';
import { collectingPeer } from '../../../src/session/peer.ts';
import { serverOf } from '../../../src/session/server.ts';
import { Session } from '../../../src/session/session.ts';
import { RespWriter } from '../../../src/wire/resp/resp-writer.ts';
import { randomFrom } from '../../differential/support/random-sampler.ts';

// No vector sets are known to the reference server: these are the documented examples, and what is published of errors.

const POINTS: Readonly<Record<string, readonly [number, number]>> = {
  'pt:A': [1, 1],
  'pt:B': [-1, -1],
  'pt:C': [-1, 1],
  'pt:D': [1, -1],
  'pt:E': [1, 0],
};

function points(options: { readonly protocol?: 2 | 3 } = {}) {
  const store = new Store({ random: randomFrom(1) });
  for (const [name, point] of Object.entries(POINTS)) store.vadd('points', point, name);
  const connection = connect(store, options);
  const call = (line: string, ...more: Bytes[]): unknown => {
    try {
      const [name, ...tokens] = line.split(' ');
      return connection.call(name!, ...tokens, ...more);
    } catch (error) {
      if (error instanceof ReplyError) return error.message;
      throw error;
    }
  };
  return { store, call };
}

describe('the documented examples', () => {
  test('the tutorial', () => {
    const { call } = points();
    expect(call('TYPE points')).toBe('vectorset');
    expect(call('OBJECT ENCODING points')).toBe('raw');
    expect(call('VCARD points')).toBe(5);
    expect(call('VDIM points')).toBe(2);
    expect(call('VEMB points pt:A')).toEqual(['0.9999999403953552', '0.9999999403953552']);
    expect(call('VEMB points pt:D')).toEqual(['0.9999999403953552', '-0.9999999403953552']);
    expect(call('VEMB points pt:E')).toEqual(['1', '0']);
    expect(call('VSETATTR points pt:A', '{"name": "Point A"}')).toBe(1);
    expect(call('VGETATTR points pt:A')).toBe('{"name": "Point A"}');
    expect(call('VSETATTR points pt:A', '')).toBe(1);
    expect(call('VGETATTR points pt:A')).toBeNull();
    expect(call('VADD points VALUES 2 0 0 pt:F')).toBe(1);
    expect(call('VCARD points')).toBe(6);
    expect(call('VREM points pt:F')).toBe(1);
    expect(call('VREM points pt:F')).toBe(0);
    expect(call('VCARD points')).toBe(5);
  });

  test('the tutorial of searches', () => {
    const { call } = points();
    expect(call('VSIM points values 2 0.9 0.1')).toEqual(['pt:E', 'pt:A', 'pt:D', 'pt:C', 'pt:B']);
    expect(call('VSIM points ELE pt:A WITHSCORES COUNT 4')).toEqual([
      ...['pt:A', '1', 'pt:E', '0.8535534143447876', 'pt:C', '0.5', 'pt:D', '0.5'],
    ]);
    const attributes = {
      'pt:A': '{"size":"large","price": 18.99}',
      'pt:B': '{"size":"large","price": 35.99}',
      'pt:C': '{"size":"large","price": 25.99}',
      'pt:D': '{"size":"small","price": 21.00}',
      'pt:E': '{"size":"small","price": 17.75}',
    };
    for (const [name, json] of Object.entries(attributes)) call(`VSETATTR points ${name}`, json);
    expect(call('VSIM points ELE pt:A FILTER', '.size == "large"')).toEqual(['pt:A', 'pt:C', 'pt:B']);
    const both = '.size == "large" && .price > 20.00';
    expect(call('VSIM points ELE pt:A FILTER', both)).toEqual(['pt:C', 'pt:B']);
    expect(call('VSIM points ELE pt:A TRUTH NOTHREAD FILTER', both)).toEqual(['pt:C', 'pt:B']);
    // The last filter counts.
    expect(call('VSIM points ELE pt:A FILTER 0 FILTER', both)).toEqual(['pt:C', 'pt:B']);
  });

  test('VRANDMEMBER', () => {
    const store = new Store({ random: randomFrom(2) });
    const call = connect(store).call.bind(connect(store));
    for (const [at, vector] of [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ].entries())
      store.vadd('v', vector, `e${at}`);
    expect(['e0', 'e1', 'e2']).toContain(call('VRANDMEMBER', 'v'));
    expect(new Set(call('VRANDMEMBER', 'v', '2') as string[]).size).toBe(2);
    expect(call('VRANDMEMBER', 'v', '-30')).toHaveLength(30);
    expect((call('VRANDMEMBER', 'v', '10') as string[]).sort()).toEqual(['e0', 'e1', 'e2']);
    expect(call('VRANDMEMBER', 'v', '0')).toEqual([]);
    expect(call('VRANDMEMBER', 'none')).toBeNull();
    expect(call('VRANDMEMBER', 'none', '3')).toEqual([]);
    const seen = new Set<string>();
    for (let at = 0; at < 200; at++) for (const name of store.vrandmemberCount('v', 1)) seen.add(name);
    expect(seen.size).toBe(3);
  });

  test('VRANDMEMBER of a large set, and of chance that repeats itself', () => {
    for (const random of [randomFrom(3), () => 0.5]) {
      const store = new Store({ random });
      for (let at = 0; at < 40; at++) store.vadd('v', [at, 1], `e${at}`);
      expect(new Set(store.vrandmemberCount('v', 5)).size).toBe(5);
      expect(new Set(store.vrandmemberCount('v', 39)).size).toBe(39);
    }
  });

  test('VRANGE walks through a set', () => {
    const store = new Store();
    const names = ['', 'a', 'a7', 'b', 'Redis', 'é', '😀', '～', 'z'];
    for (const [at, name] of names.entries()) store.vadd('v', [at, 1], name);
    const ordered = ['', 'Redis', 'a', 'a7', 'b', 'z', 'é', '～', '😀'];
    const call = connect(store).call.bind(connect(store));
    expect(call('VRANGE', 'v', '-', '+')).toEqual(ordered);
    expect(call('VRANGE', 'v', '-', '+', '-1')).toEqual(ordered);
    expect(call('VRANGE', 'v', '-', '+', '2')).toEqual(ordered.slice(0, 2));
    expect(call('VRANGE', 'v', '-', '+', '0')).toEqual([]);
    expect(call('VRANGE', 'v', '[Redis', '+', '3')).toEqual(['Redis', 'a', 'a7']);
    expect(call('VRANGE', 'v', '(a7', '[z')).toEqual(['b', 'z']);
    expect(call('VRANGE', 'v', '[a7', '(z')).toEqual(['a7', 'b']);
    expect(call('VRANGE', 'v', '(z', '(a')).toEqual([]);
    // The order, once made, follows what comes and goes.
    store.vrem('v', 'a7');
    store.vadd('v', [1, 2], 'a5');
    store.vadd('v', [1, 2], '\u{1f601}');
    store.vadd('v', [5, 5], 'b');
    expect(store.vrange('v', '(a', '[b')).toEqual(['a5', 'b']);
    expect(store.vrange('v', '(～', '+')).toEqual(['😀', '😁']);
    expect(store.vrange('none', '-', '+')).toEqual([]);
  });
});

test('replies in RESP2 and RESP3', () => {
  const two = points();
  const three = points({ protocol: 3 });
  for (const { store } of [two, three]) store.vsetattr('points', 'pt:A', '{}');
  expect(two.call('VISMEMBER points pt:A')).toBe(1);
  expect(three.call('VISMEMBER points pt:A')).toBe(true);
  expect(three.call('VISMEMBER points none')).toBe(false);
  expect(three.call('VADD points VALUES 2 1 2 pt:A')).toBe(false);
  expect(three.call('VADD points VALUES 2 1 1 pt:A')).toBe(false);
  expect(three.call('VSETATTR points pt:B', '')).toBe(true);
  expect(three.call('VREM points none')).toBe(false);
  expect(two.call('VSIM points ELE pt:A COUNT 2 WITHATTRIBS')).toEqual(['pt:A', '{}', 'pt:E', null]);
  expect(three.call('VSIM points ELE pt:A COUNT 2 WITHATTRIBS')).toEqual(
    new Map([
      ['pt:A', '{}'],
      ['pt:E', null],
    ]),
  );
  expect(three.call('VSIM points ELE pt:A COUNT 2')).toEqual(['pt:A', 'pt:E']);
  expect(two.call('VSIM points ELE pt:A COUNT 1 WITHATTRIBS WITHSCORES')).toEqual(['pt:A', '1', '{}']);
  expect(three.call('VSIM points ELE pt:A COUNT 1 WITHATTRIBS WITHSCORES')).toEqual(
    new Map([['pt:A', [1, '{}']]]),
  );
  // Without a key it is an array, with nothing in it a map.
  expect(three.call('VSIM none ELE pt:A WITHSCORES')).toEqual([]);
  expect(three.call('VSIM points ELE pt:A WITHSCORES FILTER 0')).toEqual(new Map());
  expect(three.call('VEMB points pt:E')).toEqual([1, 0]);
  expect(three.call('VEMB points pt:E RAW raw')).toEqual(['int8', '\x7f\0', 1, 1]);
  expect(two.call('VEMB none x')).toBeNull();
  expect(two.call('VEMB points x RAW')).toBeNull();
  expect(two.call('VINFO none')).toBeNull();
  expect(two.call('VINFO points')).toEqual([
    ...['quant-type', 'int8', 'hnsw-m', 16, 'vector-dim', 2, 'projection-input-dim', 0, 'size', 5],
    ...['max-level', expect.any(Number), 'attributes-count', 1, 'vset-uid', 0, 'hnsw-max-node-uid', 5],
  ]);
  expect([...(three.call('VINFO points') as Map<string, unknown>).keys()]).toHaveLength(9);
  expect(two.call('VLINKS none x')).toBeNull();
  const flat = (two.call('VLINKS points pt:A WITHSCORES') as string[][]).at(-1)!;
  expect(flat).toHaveLength(8);
  expect(flat[flat.indexOf('pt:E') + 1]).toBe('0.8535534143447876');
  const levels = three.call('VLINKS points pt:A withscores') as Map<string, number>[];
  expect(levels.at(-1)?.get('pt:B')).toBe(0);
  expect((three.call('VLINKS points pt:A') as string[][]).at(-1)!.toSorted()).toEqual([
    ...['pt:B', 'pt:C', 'pt:D', 'pt:E'],
  ]);
});

const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value';
const NO_VECTOR = 'ERR invalid vector specification';
const arity = (name: string) => `ERR wrong number of arguments for '${name}' command`;

test.each([
  ['VADD points VALUES 2', arity('vadd')],
  ['VADD points VALUES 2 1', NO_VECTOR],
  ['VADD points VALUES 2 1 1', arity('vadd')],
  ['VADD points VALUES 3 1 1 x', NO_VECTOR],
  ['VADD points VALUES 0 x y', NO_VECTOR],
  ['VADD points VALUES x 1 1 y', NO_VECTOR],
  ['VADD points VALUES 65537 1 1 y', NO_VECTOR],
  ['VADD points VALUES 2 1 one y', NO_VECTOR],
  ['VADD points VALUES 2 1 nan y', NO_VECTOR],
  ['VADD points VALUES 2 1 inf y', NO_VECTOR],
  ['VADD points VALUES 2 1 1e39 y', NO_VECTOR],
  ['VADD points FP32 abc y', NO_VECTOR],
  ['VADD points FP64 abcd y', NO_VECTOR],
  ['VADD points REDUCE 0 VALUES 2 1 1 x', NO_VECTOR],
  ['VADD points REDUCE 3 VALUES 2 1 1 x', NO_VECTOR],
  ['VADD points REDUCE x VALUES 2 1 1 x', NO_VECTOR],
  ['VADD points VALUES 2 1 1 x EF', 'ERR invalid option after element'],
  ['VADD points VALUES 2 1 1 x NX', 'ERR invalid option after element'],
  ['VADD points VALUES 2 1 1 x EF 0', 'ERR invalid EF'],
  ['VADD points VALUES 2 1 1 x EF 1000001', 'ERR invalid EF'],
  ['VADD points VALUES 2 1 1 x M 3 EF 0', 'ERR invalid M'],
  ['VADD points VALUES 2 1 1 x M 4097', 'ERR invalid M'],
  ['VADD text VALUES 2 1 1 x M 3', 'ERR invalid M'],
  ['VADD text VALUES 2 1 1 x', WRONG_TYPE],
  ['VADD points VALUES 3 1 1 1 x BIN M 4', 'ERR asked quantization mismatch with existing vector set'],
  ['VADD points VALUES 3 1 1 1 x NOQUANT', 'ERR asked quantization mismatch with existing vector set'],
  ['VADD points VALUES 3 1 1 1 x M 4', 'ERR asked M value mismatch with existing vector set'],
  ['VADD points VALUES 3 1 1 1 x', 'ERR Vector dimension mismatch - got 3 but set has 2'],
  ['VADD points REDUCE 2 VALUES 3 1 1 1 x', 'ERR Vector dimension mismatch - got 3 but set has 2'],
  ['VADD points REDUCE 2 VALUES 2 1 1 x', 'ERR cannot add projection to existing set without projection'],
  ['VADD reduced VALUES 2 1 1 x', 'ERR Vector dimension mismatch - got 2 but set has 2'],
  ['VADD reduced REDUCE 3 VALUES 4 1 1 1 1 x', 'ERR Vector dimension mismatch - got 4 but set has 2'],
  [
    'VADD reduced REDUCE 2 VALUES 3 1 1 1 x',
    'ERR Input dimension mismatch for projection - got 3 but projection expects 4',
  ],
  ['VSIM points ELE', arity('vsim')],
  ['VSIM none nonsense x COUNT 0', []],
  ['VSIM text nonsense x COUNT 0', WRONG_TYPE],
  ['VSIM points ELE none COUNT 0', 'ERR element not found in set'],
  ['VSIM points nonsense x', NO_VECTOR],
  ['VSIM points REDUCE 2 VALUES 2 1 1', NO_VECTOR],
  ['VSIM points VALUES 3 1 1', NO_VECTOR],
  ['VSIM points VALUES 3 1 1 1 COUNT 0', 'ERR Vector dimension mismatch - got 3 but set has 2'],
  [
    'VSIM reduced VALUES 3 1 1 1',
    'ERR Input dimension mismatch for projection - got 3 but projection expects 4',
  ],
  ['VSIM reduced VALUES 2 1 1 COUNT 1', ['r']],
  ['VSIM reduced VALUES 4 1 1 1 1 COUNT 1', ['r']],
  ['VSIM points ELE pt:A COUNT 0', 'ERR invalid COUNT'],
  ['VSIM points ELE pt:A COUNT x EF 0', 'ERR invalid COUNT'],
  ['VSIM points ELE pt:A EF 0 COUNT x', 'ERR invalid EF'],
  ['VSIM points ELE pt:A EF 1000001', 'ERR invalid EF'],
  ['VSIM points ELE pt:A EPSILON 0', 'ERR invalid EPSILON'],
  ['VSIM points ELE pt:A EPSILON x', 'ERR invalid EPSILON'],
  ['VSIM points ELE pt:A FILTER-EF 0', 'ERR invalid FILTER-EF'],
  ['VSIM points ELE pt:A COUNT', 'ERR syntax error in VSIM command'],
  ['VSIM points ELE pt:A LIMIT 1', 'ERR syntax error in VSIM command'],
  ['VSIM points ELE pt:A FILTER .a==foo+1', 'ERR syntax error in FILTER expression near: 1'],
  ['VSIM points ELE pt:A FILTER 1.2.3', 'ERR syntax error in FILTER expression near: 1.2.3'],
  ['VSIM points ELE pt:A FILTER ( COUNT 0', 'ERR syntax error in FILTER expression near: ('],
  ['VSIM points ELE pt:A COUNT 0 FILTER (', 'ERR invalid COUNT'],
  ['VDIM none', 'ERR key does not exist'],
  ['VDIM text', WRONG_TYPE],
  ['VCARD none', 0],
  ['VEMB points pt:A RAW x', 'ERR invalid option'],
  ['VEMB text pt:A x', 'ERR invalid option'],
  ['VEMB text pt:A', WRONG_TYPE],
  ['VLINKS points pt:A x', arity('vlinks')],
  ['VLINKS points pt:A WITHSCORES WITHSCORES', arity('vlinks')],
  ['VLINKS text x', WRONG_TYPE],
  ['VRANDMEMBER text x', 'ERR COUNT value is not an integer'],
  ['VRANDMEMBER text 0', []],
  ['VRANDMEMBER text 1', WRONG_TYPE],
  ['VRANDMEMBER points x y', arity('vrandmember')],
  ['VRANGE text a b x', 'ERR invalid COUNT value'],
  ['VRANGE text a b', 'ERR invalid start range format'],
  ['VRANGE text [ -', 'ERR invalid start range format'],
  ['VRANGE text [a b', 'ERR invalid end range format'],
  ['VRANGE text + -', "ERR '-' can only be used as first argument, '+' only as second"],
  ['VRANGE text [a -', "ERR '-' can only be used as first argument, '+' only as second"],
  ['VRANGE text - +', WRONG_TYPE],
  ['VRANGE text - + x y', arity('vrange')],
  ['VSETATTR none x y', 0],
  ['VSETATTR points x y', 0],
  ['VSETATTR text x y', WRONG_TYPE],
  ['VGETATTR text x', WRONG_TYPE],
  ['VISMEMBER none x', 0],
  ['VISMEMBER text x', WRONG_TYPE],
  ['VINFO text', WRONG_TYPE],
  ['VREM none x', 0],
  ['VREM text x', WRONG_TYPE],
])('%s', (line, expected) => {
  const { store, call } = points();
  store.set('text', 'x');
  store.vadd('reduced', [1, 2, 3, 4], 'r', { reduce: 2 });
  const before = call('DEBUG DIGEST');
  expect(call(line)).toEqual(expected);
  expect(call('DEBUG DIGEST')).toBe(before);
});

describe('vectors', () => {
  test('FP32 and VALUES are the same, whatever the bytes', () => {
    const { store, call } = points();
    const vector = [-1.5, 3.25e-5];
    const blob = new Uint8Array(new Float32Array(vector).buffer);
    expect(call('VADD raw FP32', blob, 'x', 'NOQUANT')).toBe(1);
    expect(call('VADD raw VALUES 2 -1.5 3.25e-5 y NOQUANT')).toBe(1);
    const [x, y] = [store.bytes.vembRaw('raw', 'x'), store.bytes.vembRaw('raw', 'y')];
    expect(x).toEqual(y);
    expect(x?.data).toHaveLength(8);
    expect(call('VSIM raw FP32', blob, 'WITHSCORES', 'TRUTH')).toEqual(['x', '1', 'y', '1']);
    expect(call('VADD points FP32', blob.subarray(0, 7), 'z')).toBe(NO_VECTOR);
  });

  test('of each quantisation', () => {
    const store = new Store();
    const vector = [3, -4, 0];
    for (const [at, options] of [{ noquant: true }, { q8: true }, { bin: true }, {}].entries()) {
      expect(store.vadd(`v${at}`, vector, 'x', options)).toBe(1);
    }
    expect(store.vembRaw('v0', 'x')).toMatchObject({ quantisation: 'f32', norm: 5, range: null });
    expect(store.bytes.vembRaw('v1', 'x')).toMatchObject({ quantisation: 'int8', norm: 5 });
    expect(store.vembRaw('v2', 'x')).toMatchObject({ quantisation: 'bin', range: null });
    expect(store.vinfo('v3')?.quantType).toBe('int8');
    for (const [at, component] of store.vemb('v0', 'x')!.entries()) {
      expect(component).toBeCloseTo(vector[at]!, 5);
    }
    for (const [at, component] of store.vemb('v1', 'x')!.entries()) {
      expect(component).toBeCloseTo(vector[at]!, 1);
    }
    expect(store.vemb('v2', 'x')!.map(Math.sign).slice(0, 2)).toEqual([1, -1]);
    // On the wire the last word counts.
    expect(connect(store).call('VADD', 'v4', 'VALUES', '1', '1', 'x', 'BIN', 'Q8', 'NOQUANT')).toBe(1);
    expect(store.vinfo('v4')?.quantType).toBe('f32');
  });

  test('are projected by REDUCE', () => {
    const store = new Store();
    store.vadd('v', [1, 2, 3, 4], 'x', { reduce: 2, noquant: true });
    expect(store.vdim('v')).toBe(2);
    expect(store.vinfo('v')).toMatchObject({ vectorDim: 2, projectionInputDim: 4 });
    const [first, second] = store.vemb('v', 'x')!;
    expect(first).toBeCloseTo(5, 5);
    expect(second).toBeCloseTo(-1, 5);
    expect(store.vsimWithScores('v', { vector: [1, 2, 3, 4] })).toEqual([
      { element: 'x', score: expect.closeTo(1, 6) },
    ]);
  });

  test('an element keeps its attributes when it is given another vector', () => {
    const store = new Store();
    expect(store.vadd('v', [1, 0], 'x', { setattr: '{"a":1}' })).toBe(1);
    expect(store.vadd('v', [0, 1], 'x', { ef: 10, cas: true })).toBe(0);
    expect(store.vgetattr('v', 'x')).toBe('{"a":1}');
    expect(store.vemb('v', 'x')).toEqual([0, 1]);
    expect(store.vinfo('v')).toMatchObject({ size: 1, attributesCount: 1 });
    store.vadd('v', [0, 1], 'x', { setattr: '{"a":2}' });
    expect(store.vsim('v', { element: 'x' }, { filter: '.a == 2' })).toEqual(['x']);
    store.vadd('v', [0, 1], 'x', { setattr: '' });
    expect(store.vgetattr('v', 'x')).toBeNull();
    expect(store.vinfo('v')).toMatchObject({ attributesCount: 0 });
  });
});

describe('searches', () => {
  test('EPSILON is the greatest distance', () => {
    const { store } = points();
    const near = (epsilon: number) => store.vsim('points', { element: 'pt:A' }, { epsilon });
    expect(near(0.01)).toEqual(['pt:A']);
    expect(near(0.2)).toEqual(['pt:A', 'pt:E']);
    expect(near(0.5)).toEqual(['pt:A', 'pt:E', 'pt:C', 'pt:D']);
    expect(near(Number.POSITIVE_INFINITY)).toHaveLength(5);
  });

  test('FILTER-EF bounds what a filter looks at', () => {
    const store = new Store({ random: randomFrom(4) });
    for (let at = 0; at < 300; at++) {
      store.vadd('v', [Math.cos(at / 100), Math.sin(at / 100)], `e${at}`, { setattr: `{"n":${at}}` });
    }
    const query = { vector: [1, 0] };
    const rare = { filter: '.n >= 290', count: 3 };
    expect(store.vsim('v', query, { ...rare, filterEf: 10 })).toEqual([]);
    expect(store.vsim('v', query, { ...rare, filterEf: 100_000, ef: 300 })).toEqual(['e290', 'e291', 'e292']);
    expect(store.vsim('v', query, { ...rare, filterEf: 10, truth: true })).toEqual(['e290', 'e291', 'e292']);
  });
});

describe('as a value', () => {
  test('COPY, RENAME, EXPIRE, and the key goes with the last element', () => {
    const { store, call } = points();
    expect(store.copy('points', 'other')).toBe(1);
    store.vrem('other', 'pt:A');
    expect(store.vcard('points')).toBe(5);
    expect(store.vinfo('other')).toMatchObject({ size: 4, vsetUid: 1 });
    store.rename('other', 'moved');
    for (const name of Object.keys(POINTS)) store.vrem('moved', name);
    expect(store.exists('moved')).toBe(0);
    expect(store.vadd('moved', [1, 2, 3], 'x')).toBe(1);
    expect(store.vinfo('moved')?.vsetUid).toBe(2);
    store.pexpire('moved', 10);
    store.advance(10);
    expect(call('VCARD moved')).toBe(0);
    store.keyspace.checkInvariants();
  });

  test('DEBUG DIGEST is of vectors, names and attributes, not of their order or links', () => {
    const digestOf = (fill: (store: Store) => void) => {
      const store = new Store({ random: randomFrom(5) });
      fill(store);
      return connect(store).call('DEBUG', 'DIGEST-VALUE', 'v');
    };
    const digest = digestOf((store) => {
      store.vadd('v', [1, 0], 'a', { setattr: '{}' });
      store.vadd('v', [0, 1], 'b');
    });
    const same = digestOf((store) => {
      store.vadd('v', [3, 1], 'c');
      store.vadd('v', [0, 2], 'b');
      store.vadd('v', [5, 0], 'a', { setattr: '{}' });
      store.vrem('v', 'c');
    });
    expect(same).toEqual(digest);
    for (const options of [{ setattr: '{ }' }, {}]) {
      const other = digestOf((store) => {
        store.vadd('v', [1, 0], 'a', options);
        store.vadd('v', [0, 1], 'b');
      });
      expect(other).not.toEqual(digest);
    }
  });

  test('nothing is published, and WATCH knows all the same', () => {
    const store = new Store({ notifyKeyspaceEvents: 'KEA' });
    const heard: string[] = [];
    store.psubscribe('__keyevent@0__:*', (_message, channel) => heard.push(channel));
    store.set('other', '');
    const changes: (() => void)[] = [
      () => store.vadd('v', [1, 0], 'x'),
      () => store.vadd('v', [1, 1], 'x'),
      () => store.vsetattr('v', 'x', '{}'),
      () => store.vrem('v', 'x'),
    ];
    for (const change of changes) {
      const watch = connect(store);
      watch.call('WATCH', 'v');
      change();
      watch.call('MULTI');
      expect(watch.call('EXEC')).toBeNull();
    }
    const watch = connect(store);
    watch.call('WATCH', 'v');
    store.vrem('v', 'x');
    store.vsetattr('v', 'x', '{}');
    watch.call('MULTI');
    expect(watch.call('EXEC')).toEqual([]);
    store.advance(0);
    expect(heard).toEqual(['__keyevent@0__:set']);
  });

  test('effects make the same elements elsewhere', () => {
    const [store, copy] = [new Store({ random: randomFrom(6) }), new Store({ random: randomFrom(7) })];
    const effects: string[] = [];
    const session = new Session(serverOf(copy.keyspace), collectingPeer(new RespWriter()));
    store.keyspace.observe({
      effect: (_database, command) => {
        effects.push(String(command[0]));
        session.execute(command as string[]);
      },
    });
    store.vadd('v', [1, 2, 3], 'x', { reduce: 2, bin: true, m: 8, ef: 50 });
    store.vadd('v', [3, 2, 1], 'y', { reduce: 2, bin: true, m: 8, setattr: '{"a":1}' });
    store.vadd('v', [3, -2, 1], 'x', { reduce: 2, bin: true, m: 8 });
    store.vadd('w', new Float32Array([0.1, 1e-30]), new Uint8Array([0xff]), { noquant: true });
    store.vsetattr('v', 'x', '[]');
    store.vsetattr('v', 'none', '[]');
    store.vadd('v', [3, 2, 1], 'z', { reduce: 2, bin: true, m: 8 });
    store.vrem('v', 'y');
    store.vrem('v', 'y');
    expect(effects).toEqual(['VADD', 'VADD', 'VADD', 'VADD', 'VSETATTR', 'VADD', 'VREM']);
    const digest = (one: Store) => connect(one).call('DEBUG', 'DIGEST');
    expect(digest(copy)).toBe(digest(store));
    expect(copy.vinfo('v')).toMatchObject({ hnswM: 8, quantType: 'bin', projectionInputDim: 3, size: 2 });
  });

  test('transactions that are undone leave nothing', () => {
    const { store, call } = points();
    store.vsetattr('points', 'pt:A', '{"a":1}');
    const before = [call('DEBUG DIGEST'), store.vinfo('points'), store.vlinks('points', 'pt:A')];
    const undone = () =>
      store.transaction((tx) => {
        tx.vadd('points', [0.5, 0.5], 'pt:F', { setattr: '{}' });
        tx.vrem('points', 'pt:A');
        tx.vsetattr('points', 'pt:B', '{}');
        tx.vadd('points', [1, 3], 'pt:C');
        tx.vadd('new', [1], 'x');
        for (const name of tx.vrange('points', '-', '+')) tx.vrem('points', name);
        expect(tx.exists('points')).toBe(0);
        throw new Error('undone');
      });
    expect(undone).toThrow('undone');
    expect([call('DEBUG DIGEST'), store.vinfo('points'), store.vlinks('points', 'pt:A')]).toEqual(before);
    expect(store.vsim('points', { vector: [0.9, 0.1] })).toEqual(['pt:E', 'pt:A', 'pt:D', 'pt:C', 'pt:B']);
    store.keyspace.checkInvariants();
  });
});

describe('callers without types', () => {
  type Untyped = Record<string, (...args: unknown[]) => unknown>;
  test.each<[string, unknown[], string]>([
    ['vadd', ['v', 'vector', 'x'], 'expected a Float32Array or an array of numbers, got string'],
    ['vadd', ['v', new Float64Array(2), 'x'], 'expected a Float32Array or an array of numbers, got '],
    ['vadd', ['v', [], 'x'], NO_VECTOR],
    ['vadd', ['v', new Float32Array(65_537), 'x'], NO_VECTOR],
    ['vadd', ['v', new Array(2), 'x'], NO_VECTOR],
    ['vadd', ['v', ['1', '2'], 'x'], NO_VECTOR],
    ['vadd', ['v', [1, Number.NaN], 'x'], NO_VECTOR],
    ['vadd', ['v', new Float32Array([1, Number.POSITIVE_INFINITY]), 'x'], NO_VECTOR],
    ['vadd', ['v', [1, 2], 5], 'expected a string or a Uint8Array, got the number 5'],
    ['vadd', ['v', [1, 2], 'x', { EF: 1 }], 'unknown option EF; there are reduce, cas'],
    ['vadd', ['v', [1, 2], 'x', { ef: 1.5 }], 'ERR invalid EF'],
    ['vadd', ['v', [1, 2], 'x', { m: Number.NaN }], 'ERR invalid M'],
    ['vadd', ['v', [1, 2], 'x', { reduce: 3 }], NO_VECTOR],
    ['vadd', ['v', [1, 2], 'x', { reduce: 0.5 }], NO_VECTOR],
    ['vadd', ['v', [1, 2], 'x', { bin: true, q8: true }], 'ERR invalid option after element'],
    ['vadd', ['v', [1, 2], 'x', { setattr: { a: 1 } }], 'expected a string or a Uint8Array, got object'],
    ['vsim', ['v', 'x'], 'expected an object of options, got string'],
    ['vsim', ['v', {}], 'expected a query by { element } or by { vector }'],
    ['vsim', ['v', { element: 'x', vector: [1] }], 'expected a query by { element } or by { vector }'],
    ['vsim', ['v', { elements: 'x' }], 'unknown option elements; there are element, vector'],
    ['vsim', ['v', { element: 5 }], 'expected a string or a Uint8Array, got the number 5'],
    ['vsim', ['v', { vector: 5 }], 'expected a Float32Array or an array of numbers, got the number 5'],
    ['vsim', ['v', { element: 'x' }, { limit: 1 }], 'unknown option limit; there are count, epsilon'],
    ['vsim', ['v', { element: 'x' }, { withscores: true }], 'unknown option withscores; there are count'],
    ['vsim', ['v', { element: 'x' }, { count: 1.5 }], 'ERR invalid COUNT'],
    ['vsim', ['v', { element: 'x' }, { epsilon: Number.NaN }], 'ERR invalid EPSILON'],
    ['vsim', ['v', { element: 'x' }, { filterEf: 0 }], 'ERR invalid FILTER-EF'],
    ['vsim', ['v', { element: 'x' }, { filter: 5 }], 'expected a string or a Uint8Array, got the number 5'],
    ['vsetattr', ['v', 'x', { a: 1 }], 'expected a string or a Uint8Array, got object'],
    ['vrandmemberCount', ['v', 1.5], 'ERR COUNT value is not an integer'],
    ['vrandmemberCount', ['v', -1e9], 'ERR value is out of range'],
    ['vrange', ['v', '-', '+', '1'], 'ERR invalid COUNT value'],
    ['vrange', ['v', 0, '+'], 'expected a string or a Uint8Array, got the number 0'],
  ])('%s %j', (method, args, message) => {
    const store = new Store();
    store.vadd('v', [1, 2], 'x');
    const before = connect(store).call('DEBUG', 'DIGEST');
    expect(() => (store as unknown as Untyped)[method]!(...args)).toThrow(message);
    expect(connect(store).call('DEBUG', 'DIGEST')).toBe(before);
    store.keyspace.checkInvariants();
  });

  test('a vector that was given is not kept', () => {
    const store = new Store();
    const vector = new Float32Array([3, 4]);
    store.vadd('v', vector, 'x', { noquant: true });
    expect([...vector]).toEqual([3, 4]);
    vector.fill(0);
    expect(store.vsimWithScores('v', { vector: [3, 4] })).toEqual([
      { element: 'x', score: expect.closeTo(1, 6) },
    ]);
  });
});

test('VLINKS tells of the highest level first', () => {
  const store = new Store({ random: randomFrom(12) });
  for (let at = 0; at < 300; at++) store.vadd('v', [Math.sin(at), Math.cos(at)], `e${at}`);
  const { maxLevel } = store.vinfo('v')!;
  expect(maxLevel).toBeGreaterThan(1);
  const levels = store.vrange('v', '-', '+').map((element) => store.vlinks('v', element)!);
  const highest = levels.filter(({ length }) => length === maxLevel + 1);
  expect(highest.length).toBeGreaterThan(0);
  for (const each of highest) {
    expect(each[0]!.length).toBe(highest.length - 1);
    expect(each.at(-1)!.length).toBeGreaterThan(8);
  }
  const [first] = store
    .vrange('v', '-', '+')
    .filter((element) => store.vlinks('v', element)!.length > maxLevel);
  expect(store.vlinksWithScores('v', first!)!.map((each) => each.map(({ element }) => element))).toEqual(
    store.vlinks('v', first!),
  );
});

test.each([{ noquant: true }, {}])('vectors longer than floats can say are zeros: %j', (options) => {
  const store = new Store();
  store.vadd('v', [3e38, 3e38], 'long', options);
  store.vadd('v', [1, -1], 'other', options);
  expect(store.vemb('v', 'long')).toEqual([0, 0]);
  expect(store.vsimWithScores('v', { element: 'long' })).toEqual([
    { element: 'long', score: 0.5 },
    { element: 'other', score: 0.5 },
  ]);
});

test('an option of untyped callers that is true in a way is true', () => {
  const store = new Store();
  store.vadd('v', [1, 2], 'x', { noquant: 1 as unknown as boolean });
  expect(store.vinfo('v')!.quantType).toBe('f32');
  expect(() => store.vadd('w', [1, 2], 'x', { noquant: 1 as unknown as boolean, bin: true })).toThrow();
});
