import { describe, expect, test } from 'vitest';
import { ReplyError, Store } from '../../src/index.ts';

/** A store with one of each, and a way to see that nothing of it has changed. */
function filled(): { store: Store; contents: () => unknown } {
  const store = new Store();
  store.hset('h', { f: 'v', n: '1' });
  store.sadd('s', ['a', 'b']);
  store.zadd('z', { a: 1, b: 2 });
  const contents = () => [
    store.keys('*').sort(),
    store.hgetall('h'),
    store.smembers('s'),
    store.zrangeWithScores('z', 0, -1),
  ];
  return { store, contents };
}

/** Untyped callers give anything. */
type Untyped = Record<string, (...args: unknown[]) => unknown>;

function refuses(
  call: (store: Untyped) => unknown,
  message: string | RegExp,
  error: unknown = TypeError,
): void {
  const { store, contents } = filled();
  const before = contents();
  const attempt = () => call(store as unknown as Untyped);
  expect(attempt).toThrow(error as typeof TypeError);
  expect(attempt).toThrow(message);
  expect(contents()).toEqual(before);
  store.keyspace.checkInvariants();
}

describe('what is no bytes, where one or more are taken', () => {
  const calls: Record<string, (store: Untyped, given: unknown) => unknown> = {
    hdel: (store, given) => store['hdel']!('h', given),
    hmget: (store, given) => store['hmget']!('h', given),
    hexpire: (store, given) => store['hexpire']!('h', 10, given),
    httl: (store, given) => store['httl']!('h', given),
    hgetdel: (store, given) => store['hgetdel']!('h', given),
    hgetex: (store, given) => store['hgetex']!('h', given),
    sadd: (store, given) => store['sadd']!('s', given),
    srem: (store, given) => store['srem']!('s', given),
    smismember: (store, given) => store['smismember']!('s', given),
    sinter: (store, given) => store['sinter']!(given),
    sunionstore: (store, given) => store['sunionstore']!('d', given),
    zrem: (store, given) => store['zrem']!('z', given),
    zmscore: (store, given) => store['zmscore']!('z', given),
    zmpop: (store, given) => store['zmpop']!(given, 'min'),
    zunion: (store, given) => store['zunion']!(given),
  };
  for (const [name, call] of Object.entries(calls)) {
    test(name, () => {
      for (const given of [undefined, null, 5, {}, new Set(['a']), [undefined], ['a', 5], new Array(2)]) {
        refuses((store) => call(store, given), /^expected a string or a Uint8Array, got /);
      }
    });
  }
});

describe('fields with values', () => {
  const calls: Record<string, (store: Untyped, given: unknown) => unknown> = {
    hset: (store, given) => store['hset']!('h', given),
    hmset: (store, given) => store['hmset']!('h', given),
    hsetex: (store, given) => store['hsetex']!('h', given),
  };
  for (const [name, call] of Object.entries(calls)) {
    test(`${name} takes neither text nor bytes nor nothing for a record`, () => {
      for (const given of [undefined, null, 'ab', '', 7, Uint8Array.of(1)]) {
        refuses((store) => call(store, given), /^expected an object, a Map or an array of pairs, got /);
      }
    });
    test(`${name} takes no flat list, whose texts would pass for pairs of letters`, () => {
      for (const given of [['ab', 'cd'], [['f', 'v'], 'ab'], [undefined], new Array(1)]) {
        refuses((store) => call(store, given), /^expected \[name, value\] in the array, got /);
      }
    });
    test(`${name} wants a value for each field`, () => {
      for (const given of [{ f: undefined }, { f: '1', g: 2 }, [['f']], new Map([['f', null]])]) {
        refuses((store) => call(store, given), /^expected a string or a Uint8Array, got /);
      }
      refuses((store) => call(store, {}), `wrong number of arguments for '${name}' command`, ReplyError);
    });
  }

  test('an own property named __proto__ is a field like any other', () => {
    const store = new Store();
    store.hset('h', JSON.parse('{"__proto__":"a"}'));
    store.hset('h', JSON.parse('{"__proto__":"b","constructor":"c"}'));
    expect(Object.entries(store.hgetall('h'))).toEqual([
      ['__proto__', 'b'],
      ['constructor', 'c'],
    ]);
  });
});

test('an increment of hincrby is a number or a bigint', () => {
  for (const increment of [null, true, [], [1], '1', undefined, Number.NaN, 0.5]) {
    refuses((store) => store['hincrby']!('h', 'n', increment), 'not an integer', ReplyError);
  }
});

test('bounds of ranges are numbers or bytes', () => {
  for (const bound of [undefined, null, {}, [], true]) {
    for (const method of [
      'zcount',
      'zrange',
      'zrevrange',
      'zrangebyscore',
      'zremrangebyscore',
      'zremrangebyrank',
    ]) {
      refuses((store) => store[method]!('z', bound, 1), /^expected a string or a Uint8Array, got /);
      refuses((store) => store[method]!('z', 0, bound), /^expected a string or a Uint8Array, got /);
    }
  }
});

describe('options of callers without types', () => {
  test('that are misspelt, or none, are refused by name and change nothing', () => {
    const store = new Store();
    const untyped = store as unknown as Record<string, (...args: unknown[]) => unknown>;
    expect(() => untyped['set']!('k', 'v', { EX: 10 })).toThrow('unknown option EX; there are nx, xx');
    expect(() => untyped['set']!('k', 'v', 10)).toThrow(/^expected an object of options, got the number 10$/);
    expect(() => untyped['set']!('k', 'v', null)).toThrow('expected an object of options, got null');
    expect(() => untyped['getex']!('k', { ttl: 10 })).toThrow('unknown option ttl');
    expect(() => untyped['msetex']!({ k: 'v' }, { EX: 10 })).toThrow('unknown option EX');
    expect(() => untyped['expire']!('k', 10, { NX: true })).toThrow('unknown option NX');
    expect(() => untyped['zadd']!('k', { a: 1 }, { NX: true })).toThrow('unknown option NX');
    expect(() => untyped['increx']!('k', { EX: 60 })).toThrow('unknown option EX');
    expect(() => untyped['hsetex']!('k', { f: 'v' }, { EX: 60 })).toThrow('unknown option EX');
    expect(() => untyped['hgetex']!('k', 'f', { EX: 60 })).toThrow('unknown option EX');
    expect(() => untyped['hexpire']!('k', 60, 'f', { NX: true })).toThrow('unknown option NX');
    expect(() => untyped['set']!('k', 5)).toThrow(
      'expected a string or a Uint8Array, got the number 5 (write String(…) if its digits are meant)',
    );
    expect(store.dbsize()).toBe(0);
  });

  test('that compare with nothing are no permission', () => {
    const store = new Store();
    store.set('lock', 'mine');
    const token = undefined as unknown as string;
    expect(() => store.delex('lock', { ifeq: token })).toThrow('the option ifeq is undefined');
    expect(() => store.set('lock', 'yours', { ifeq: token })).toThrow('the option ifeq is undefined');
    expect(store.get('lock')).toBe('mine');
  });
});
