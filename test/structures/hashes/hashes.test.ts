import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { Store } from '../../../src/store.ts';
import { samplePositions } from '../../../src/structures/sample-positions.ts';
import { checkHashes, recordedStore } from './support.ts';

const MEGABYTE = 'x'.repeat(1 << 20);
const encode = (text: string) => new TextEncoder().encode(text);
const BYTES = Uint8Array.of(0xff, 0x00, 0x80);

let { store, events, effects } = recordedStore();

beforeEach(() => {
  ({ store, events, effects } = recordedStore());
});

describe('HSET', () => {
  it('takes an object, a Map, or pairs', () => {
    expect(store.hset('h', { a: '1' })).toBe(1);
    expect(store.hset('h', { a: '2', b: '3' })).toBe(1);
    expect(store.hset('h', new Map([['c', '4']]))).toBe(1);
    expect(store.hset('h', [['d', '5'], ['d', '6'], [BYTES, BYTES]])).toBe(2); // biome-ignore format: one line
    expect(store.hmget('h', ['a', 'b', 'c', 'd'])).toEqual(['2', '3', '4', '6']);
    expect(store.bytes.hget('h', BYTES)).toEqual(BYTES);
  });

  it('takes only what is the own of an object', () => {
    class Inherited {
      a = '1';
    }
    const values = Object.assign(Object.create({ inherited: 'x' }), { a: '1', b: '2' });
    expect(store.hset('h', values)).toBe(2);
    expect(store.hset('i', { ...new Inherited() })).toBe(1);
    expect(store.hset('p', JSON.parse('{"__proto__": "1"}'))).toBe(1);
    expect(store.hset('q', JSON.parse('{"__proto__": "1", "constructor": "2"}'))).toBe(2);
    expect(store.hkeys('h')).toEqual(['a', 'b']);
    expect(store.hget('p', '__proto__')).toBe('1');
    expect(Object.entries(store.hgetall('q'))).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });

  it.each([{}, [], new Map<string, string>()])('refuses to set nothing', (nothing) => {
    expect(() => store.hset('h', nothing)).toThrow("ERR wrong number of arguments for 'hset' command");
    expect(() => store.hmset('h', nothing)).toThrow("ERR wrong number of arguments for 'hmset' command");
    expect(store.exists('h')).toBe(0);
  });

  it('changes nothing if one of the values is none', () => {
    const wrong = { a: '1', b: 2 } as unknown as Record<string, string>;
    expect(() => store.hset('h', wrong)).toThrow(TypeError);
    expect(() => store.hset('h', { b: undefined } as unknown as Record<string, string>)).toThrow(TypeError);
    expect(() => store.hsetex('h', wrong)).toThrow(TypeError);
    expect(store.exists('h')).toBe(0);
    expect(events()).toEqual([]);
  });

  it('tells it once', () => {
    store.hset('h', { a: '1' });
    store.hset('h', { a: '1', b: '2' });
    store.hmset('h', { c: '3' });
    store.hsetnx('h', 'c', 'x');
    store.hsetnx('h', 'd', 'x');
    expect(events()).toEqual(['hset h', 'hset h', 'hset h', 'hset h']);
    expect(effects()).toEqual(['HSET h a 1', 'HSET h a 1 b 2', 'HMSET h c 3', 'HSETNX h d x']);
  });
});

describe('names and values of every kind', () => {
  const names = ['', '__proto__', 'constructor', 'toString', '\0', '0', 'ключ', '😀', MEGABYTE];

  it('are kept apart', () => {
    store.hset('h', names.map((name, at) => [name, `${at}`] as const)); // biome-ignore format: one line
    for (const [at, name] of names.entries()) expect(store.hget('h', name)).toBe(`${at}`);
    expect(new Set(store.hkeys('h'))).toEqual(new Set(names));
    expect(store.hdel('h', names)).toBe(names.length);
    expect(store.exists('h')).toBe(0);
    checkHashes(store);
  });

  it('are values too', () => {
    for (const value of names) {
      store.hset('h', { f: value });
      expect(store.hget('h', 'f')).toBe(value);
      expect(store.hstrlen('h', 'f')).toBe(encode(value).length);
    }
  });

  it('give a record without a prototype', () => {
    store.hset('h', { a: '1' });
    expect(Object.getPrototypeOf(store.hgetall('h'))).toBeNull();
    expect(Object.getPrototypeOf(store.hgetall('nothing'))).toBeNull();
    expect(Object.keys(store.hgetall('nothing'))).toEqual([]);
  });
});

describe('store.bytes', () => {
  it('answers in bytes everywhere', () => {
    const { bytes } = store;
    bytes.hset('h', [[BYTES, encode('v')]]);
    const entry = [BYTES, encode('v')];
    expect(bytes.hget('h', BYTES)).toEqual(encode('v'));
    expect(bytes.hmget('h', [BYTES, 'x'])).toEqual([encode('v'), null]);
    expect(bytes.hgetall('h')).toEqual([entry]);
    expect(bytes.hkeys('h')).toEqual([BYTES]);
    expect(bytes.hvals('h')).toEqual([encode('v')]);
    expect(bytes.hrandfield('h')).toEqual(BYTES);
    expect(bytes.hrandfieldCount('h', 2)).toEqual([BYTES]);
    expect(bytes.hrandfieldWithValues('h', 2)).toEqual([entry]);
    expect(bytes.hscan('h', 0)).toEqual([0, [entry]]);
    expect(bytes.hscanNoValues('h', 0)).toEqual([0, [BYTES]]);
    expect([...bytes.hscanIterator('h')]).toEqual([entry]);
    expect(bytes.hincrbyfloat('h', 'n', '0.5')).toEqual(encode('0.5'));
    expect(bytes.hgetex('h', BYTES)).toEqual([encode('v')]);
    expect(bytes.hgetdel('h', BYTES)).toEqual([encode('v')]);
  });
});

describe('HDEL', () => {
  it('tells what it deleted, and the key that went', () => {
    store.hset('h', { a: '1', b: '2' });
    events();
    effects();
    expect(store.hdel('h', ['x'])).toBe(0);
    expect(store.hdel('nothing', 'x')).toBe(0);
    expect(events()).toEqual([]);
    expect(store.hdel('h', ['a', 'x', 'b', 'b'])).toBe(2);
    expect(events()).toEqual(['hdel h', 'del h']);
    expect(effects()).toEqual(['HDEL h a b']);
    expect(() => store.hdel('h', [])).toThrow("ERR wrong number of arguments for 'hdel' command");
    expect(() => store.hmget('h', [])).toThrow("ERR wrong number of arguments for 'hmget' command");
  });
});

describe('HINCRBY and HINCRBYFLOAT', () => {
  it('are exact beyond 2^53, or change nothing', () => {
    store.hset('h', { n: String(Number.MAX_SAFE_INTEGER) });
    expect(() => store.hincrby('h', 'n', 1)).toThrow(RangeError);
    expect(store.hget('h', 'n')).toBe('9007199254740991');
    expect(store.bigints.hincrby('h', 'n', 2n)).toBe(9007199254740993n);
    expect(store.hget('h', 'n')).toBe('9007199254740993');
    expect(() => store.hincrby('new', 'n', 2n ** 60n)).toThrow(RangeError);
    expect(store.exists('new')).toBe(0);
  });

  it.each([Number.NaN, 1.5, 2 ** 53, Number.POSITIVE_INFINITY, 2n ** 63n])(
    'refuse to add %s',
    (increment) => {
      expect(() => store.hincrby('h', 'n', increment)).toThrow('ERR value is not an integer or out of range');
      expect(store.exists('h')).toBe(0);
    },
  );

  it('tell it', () => {
    store.hincrby('h', 'n', -3);
    store.hincrbyfloat('h', 'f', 0.1);
    store.hincrbyfloat('h', 'f', '0.2');
    expect(events()).toEqual(['hincrby h', 'hincrbyfloat h', 'hincrbyfloat h']);
    expect(effects()).toEqual(['HINCRBY h n -3', 'HSET h f 0.1', 'HSET h f 0.3']);
  });

  it('refuse what is no number', () => {
    expect(() => store.hincrbyfloat('h', 'n', Number.NaN)).toThrow('ERR value is not a valid float');
    expect(() => store.hincrbyfloat('h', 'n', Number.NEGATIVE_INFINITY)).toThrow(
      'ERR value is NaN or Infinity',
    );
    store.hset('h', { n: 'text' });
    expect(() => store.hincrbyfloat('h', 'n', 1)).toThrow('ERR hash value is not a float');
    expect(() => store.hincrby('h', 'n', 1)).toThrow('ERR hash value is not an integer');
  });
});

describe('HRANDFIELD', () => {
  const values = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`f${at}`, `v${at}`]));

  it('gives different fields, or exactly so many', () => {
    const random = new Store();
    random.hset('h', values);
    for (const count of [0, 1, 7, 99, 100, 1000]) {
      const fields = random.hrandfieldCount('h', count);
      expect(new Set(fields).size).toBe(Math.min(count, 100));
      expect(fields.every((field) => field in values)).toBe(true);
    }
    expect(random.hrandfieldCount('h', -250)).toHaveLength(250);
    for (const [field, value] of random.hrandfieldWithValues('h', 50)) expect(values[field]).toBe(value);
    for (const [field, value] of random.hrandfieldWithValues('h', -50)) expect(values[field]).toBe(value);
  });

  it('refuses counts that are none', () => {
    for (const count of [Number.NaN, 0.5, Number.POSITIVE_INFINITY]) {
      expect(() => store.hrandfieldCount('h', count)).toThrow('ERR value is not an integer or out of range');
      expect(() => store.hrandfieldWithValues('h', count)).toThrow('ERR value is not an integer');
    }
    expect(() => store.hrandfieldWithValues('h', 2 ** 62)).toThrow('ERR value is out of range');
    expect(store.hrandfieldCount('nothing', -(2 ** 40))).toEqual([]);
    store.hset('h', values);
    expect(() => store.hrandfieldCount('h', -(2 ** 40))).toThrow('ERR value is out of range');
    expect(() => store.hrandfieldWithValues('h', -(2 ** 40))).toThrow('ERR value is out of range');
    expect(store.hrandfieldCount('h', 2 ** 40)).toHaveLength(100);
  });

  it('can give every choice of positions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }), (size, count) => {
        fc.pre(count <= size);
        const seen = new Set<string>();
        // Every sequence of as many draws as there are positions, from a source of `size` values.
        for (let draw = 0; draw < size ** size; draw++) {
          let rest = draw;
          const random = () => {
            const digit = rest % size;
            rest = Math.floor(rest / size);
            return digit / size;
          };
          const positions = samplePositions(size, count, random);
          expect(new Set(positions).size).toBe(count);
          expect(positions.every((position) => position >= 0 && position < size)).toBe(true);
          seen.add([...positions].sort().join());
        }
        expect(seen.size).toBe(binomial(size, count));
      }),
      { seed: 20_260_101, numRuns: 50 },
    );
  });
});

function binomial(n: number, k: number): number {
  return k === 0 ? 1 : (binomial(n - 1, k - 1) * n) / k;
}

describe('HSCAN', () => {
  const values = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`f${at}`, `v${at}`]));

  it('sees every field that is there throughout, while others come and go', () => {
    store.hset('h', values);
    const seen = new Map<string, string>();
    let cursor = 0;
    let step = 0;
    do {
      const [next, entries] = store.hscan('h', cursor, { count: 30 });
      expect(entries.length).toBeLessThanOrEqual(30);
      for (const [field, value] of entries) seen.set(field, value);
      store.hset('h', { [`new${step}`]: 'x' });
      store.hdel('h', `f${step * 7}`);
      step++;
      cursor = next;
    } while (cursor !== 0);
    for (const [field, value] of Object.entries(store.hgetall('h'))) {
      if (field.startsWith('f')) expect(seen.get(field)).toBe(value);
    }
  });

  it('has an iterator of single pairs, over small hashes and large ones', () => {
    store.hset('large', values);
    store.hset('small', { a: '1', b: '2' });
    expect(Object.fromEntries(store.hscanIterator('large', { count: 7 }))).toEqual(values);
    expect([...store.hscanIterator('large', { match: 'f99?' })]).toHaveLength(10);
    expect([...store.hscanIterator('small')]).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
    expect([...store.hscanIterator('nothing')]).toEqual([]);
  });

  it('gives fields alone', () => {
    store.hset('h', { a: '1', b: '2' });
    expect(store.hscanNoValues('h', 0)).toEqual([0, ['a', 'b']]);
    expect(store.hscanNoValues('h', 0, { match: 'b' })).toEqual([0, ['b']]);
  });

  it('refuses cursors and counts that are none', () => {
    store.hset('h', { a: '1' });
    expect(() => store.hscan('h', -1)).toThrow('ERR invalid cursor');
    expect(() => store.hscan('nothing', 0.5)).toThrow('ERR invalid cursor');
    expect(() => store.hscan('h', 0, { count: 0 })).toThrow('ERR syntax error');
    expect(() => store.hscan('h', 0, { count: Number.NaN })).toThrow('ERR value is not an integer');
    expect(() => [...store.hscanIterator('h', { count: -1 })]).toThrow('ERR syntax error');
    expect(store.hscan('nothing', 0, { count: 0 })).toEqual([0, []]);
  });
});

describe('limits', () => {
  it('decide the encoding', () => {
    const small = new Store({ limits: { hashMaxListpackEntries: 2, hashMaxListpackValueBytes: 4 } });
    small.hset('fields', { a: '1', b: '2' });
    expect(small.objectEncoding('fields')).toBe('listpack');
    small.hset('fields', { c: '3' });
    expect(small.objectEncoding('fields')).toBe('hashtable');
    small.hset('value', { a: '1234' });
    expect(small.objectEncoding('value')).toBe('listpack');
    small.hset('value', { a: '12345' });
    expect(small.objectEncoding('value')).toBe('hashtable');
  });

  it('count the fields of a command before it is known which repeat, as Redis does since 7.2', () => {
    const repeated = Array.from({ length: 600 }, (_, at) => [`f${at % 10}`, 'v'] as const);
    store.hset('h', repeated);
    expect(store.objectEncoding('h')).toBe('hashtable');
    store.hsetex('x', repeated);
    expect(store.objectEncoding('x')).toBe('hashtable');
  });
});

it('a command with very many arguments is told too', () => {
  const many = Array.from({ length: 200_000 }, (_, at) => [`f${at}`, 'v'] as const);
  expect(store.hset('h', many)).toBe(200_000);
  expect(store.hsetex('h', many, { ex: 1 })).toBe(1);
  expect(store.hgetdel('h', many.map(([field]) => field)).every((value) => value === 'v')).toBe(true); // biome-ignore format: one line
  expect(effects().map((effect) => effect.split(' ', 1)[0])).toEqual(['HSET', 'HSETEX', 'HDEL']);
});
