import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkHashes, recordedStore, START_MS } from './support.ts';

/** The latest time a field can have: in May 4199. */
const LAST_MS = 2 ** 46 - 1;

let { store, clock, events, effects } = recordedStore();

beforeEach(() => {
  ({ store, clock, events, effects } = recordedStore());
});

afterEach(() => {
  checkHashes(store);
});

/** A hash to begin with, of which nothing is remembered. */
function given(values: Record<string, string>, ttlsMs: Record<string, number> = {}): void {
  store.hset('h', values);
  for (const [field, ttlMs] of Object.entries(ttlsMs)) store.hpexpire('h', ttlMs, field);
  events();
  effects();
}

describe('HEXPIRE, HPEXPIRE, HEXPIREAT, HPEXPIREAT', () => {
  it('answer -2 for each field of a missing key', () => {
    expect(store.hexpire('nothing', 20, ['a', 'b'], { nx: true })).toEqual([-2, -2]);
    expect(store.exists('nothing')).toBe(0);
    expect(events()).toEqual([]);
  });

  it('answer 1 for a field, -2 for none (the documented example)', () => {
    given({ field1: 'hello', field2: 'world' });
    expect(store.hexpire('h', 10, ['field1', 'field2', 'field3'])).toEqual([1, 1, -2]);
    expect(store.httl('h', ['field1', 'field2', 'field3'])).toEqual([10, 10, -2]);
    expect(events()).toEqual(['hexpire h']);
    expect(effects()).toEqual([`HPEXPIREAT h ${START_MS + 10_000} FIELDS 2 field1 field2`]);
  });

  it('agree on the time', () => {
    given({ a: '1', b: '2', c: '3', d: '4' });
    store.hexpire('h', 100, 'a');
    store.hpexpire('h', 100_000, 'b');
    store.hexpireat('h', START_MS / 1000 + 100, 'c');
    store.hpexpireat('h', START_MS + 100_000, 'd');
    expect(store.hpexpiretime('h', ['a', 'b', 'c', 'd'])).toEqual(Array(4).fill(START_MS + 100_000));
  });

  it.each([
    // condition, TTL before in ms (none: no TTL), answer to 5000 ms
    [{}, undefined, 1],
    [{}, 5000, 1],
    [{ nx: true }, undefined, 1],
    [{ nx: true }, 5000, 0],
    [{ xx: true }, undefined, 0],
    [{ xx: true }, 5000, 1],
    [{ gt: true }, undefined, 0],
    [{ gt: true }, 4999, 1],
    [{ gt: true }, 5000, 0],
    [{ gt: true }, 5001, 0],
    [{ lt: true }, undefined, 1],
    [{ lt: true }, 4999, 0],
    [{ lt: true }, 5000, 0],
    [{ lt: true }, 5001, 1],
  ] as const)('the condition %j on a TTL of %s ms: %i', (condition, ttlMs, answer) => {
    given({ f: 'v', other: 'w' }, ttlMs === undefined ? {} : { f: ttlMs });
    expect(store.hpexpire('h', 5000, 'f', condition)).toEqual([answer]);
    expect(store.hpttl('h', 'f')).toEqual([answer === 1 ? 5000 : (ttlMs ?? -1)]);
    expect(events()).toEqual(answer === 1 ? ['hexpire h'] : []);
    expect(effects()).toHaveLength(answer);
  });

  it('judge each field by itself', () => {
    given({ a: '1', b: '2', c: '3' }, { a: 1000, b: 9000 });
    expect(store.hpexpire('h', 5000, ['a', 'b', 'c', 'd'], { gt: true })).toEqual([1, 0, 0, -2]);
    expect(effects()).toEqual([`HPEXPIREAT h ${START_MS + 5000} FIELDS 1 a`]);
  });

  it('delete with a time that is over, 0 seconds included', () => {
    given({ a: '1', b: '2', c: '3', d: '4', e: '5' });
    expect(store.hexpire('h', 0, 'a')).toEqual([2]);
    expect(store.hpexpire('h', 0, 'b')).toEqual([2]);
    expect(store.hexpireat('h', 1, 'c')).toEqual([2]);
    expect(store.hpexpireat('h', START_MS, ['d', 'x'])).toEqual([2, -2]);
    expect(store.hkeys('h')).toEqual(['e']);
    expect(events()).toEqual(['hdel h', 'hdel h', 'hdel h', 'hdel h']);
    expect(effects()).toEqual(['HDEL h a', 'HDEL h b', 'HDEL h c', 'HDEL h d']);
  });

  it('delete the key along with its last field', () => {
    given({ a: '1', b: '2' });
    expect(store.hexpire('h', 0, ['a', 'b', 'a'])).toEqual([2, 2, -2]);
    expect(store.exists('h')).toBe(0);
    expect(events()).toEqual(['hdel h', 'del h']);
    expect(effects()).toEqual(['HDEL h a b']);
  });

  it('look at the condition before they delete', () => {
    given({ a: '1', b: '2' }, { a: 5000 });
    expect(store.hexpire('h', 0, ['a', 'b'], { nx: true })).toEqual([0, 2]);
    expect(store.hpexpireat('h', 1, 'a', { gt: true })).toEqual([0]);
    expect(store.hpttl('h', 'a')).toEqual([5000]);
  });

  it('take a field given twice one after the other', () => {
    given({ a: '1', b: '2' });
    expect(store.hexpire('h', 5, ['a', 'a'], { nx: true })).toEqual([1, 0]);
    expect(store.hexpire('h', 5, ['b', 'b'])).toEqual([1, 1]);
  });

  it('reach to the last millisecond that Redis can hold, and no further', () => {
    given({ f: 'v' });
    expect(store.hpexpireat('h', LAST_MS, 'f')).toEqual([1]);
    expect(store.hpexpiretime('h', 'f')).toEqual([LAST_MS]);
    const tooLate = (command: string) => `ERR invalid expire time in '${command}' command`;
    expect(() => store.hpexpireat('h', LAST_MS + 1, 'f')).toThrow(tooLate('hpexpireat'));
    expect(store.hexpireat('h', Math.floor(LAST_MS / 1000), 'f')).toEqual([1]);
    expect(() => store.hexpireat('h', Math.floor(LAST_MS / 1000) + 1, 'f')).toThrow(tooLate('hexpireat'));
    expect(store.hpexpire('h', LAST_MS - START_MS, 'f')).toEqual([1]);
    expect(() => store.hpexpire('h', LAST_MS - START_MS + 1, 'f')).toThrow(tooLate('hpexpire'));
    expect(() => store.hexpire('h', Number.MAX_SAFE_INTEGER, 'f')).toThrow(tooLate('hexpire'));
    expect(store.hpexpiretime('h', 'f')).toEqual([LAST_MS]);
  });

  it.each([Number.NaN, 1.5, Number.POSITIVE_INFINITY])('refuse %d for a time', (value) => {
    given({ f: 'v' });
    expect(() => store.hexpire('h', value, 'f')).toThrow('ERR value is not an integer or out of range');
    expect(store.httl('h', 'f')).toEqual([-1]);
  });

  it('refuse negative times, two conditions, no fields, and other types', () => {
    given({ f: 'v' });
    store.set('s', 'string');
    expect(() => store.hexpire('h', -1, 'f')).toThrow('ERR invalid expire time, must be >= 0');
    expect(() => store.hexpire('h', 1, 'f', { nx: true, xx: true })).toThrow(
      'ERR Multiple condition flags specified',
    );
    expect(store.hexpire('h', 1, 'f', { nx: true, xx: false })).toEqual([1]);
    expect(() => store.hexpire('h', 1, [])).toThrow("ERR wrong number of arguments for 'hexpire' command");
    expect(() => store.hexpire('s', -1, 'f')).toThrow('WRONGTYPE');
  });
});

describe('HTTL, HPTTL, HEXPIRETIME, HPEXPIRETIME', () => {
  it('tell what is left, -1 without a TTL, -2 without a field or key', () => {
    given({ a: '1', b: '2' }, { a: 1500 });
    const fields = ['a', 'b', 'c'];
    expect(store.hpttl('h', fields)).toEqual([1500, -1, -2]);
    expect(store.httl('h', fields)).toEqual([2, -1, -2]);
    expect(store.hpexpiretime('h', fields)).toEqual([START_MS + 1500, -1, -2]);
    expect(store.hexpiretime('h', fields)).toEqual([START_MS / 1000 + 2, -1, -2]);
    for (const command of ['httl', 'hpttl', 'hexpiretime', 'hpexpiretime'] as const) {
      expect(store[command]('nothing', ['a', 'b'])).toEqual([-2, -2]);
      expect(() => store[command]('h', [])).toThrow(`ERR wrong number of arguments for '${command}' command`);
    }
  });

  it.each([
    [1, 1],
    [999, 1],
    [1000, 1],
    [1001, 2],
    [2000, 2],
  ])('round %i ms up to %i s', (ttlMs, seconds) => {
    given({ f: 'v' }, { f: ttlMs });
    expect(store.httl('h', 'f')).toEqual([seconds]);
    expect(store.hexpiretime('h', 'f')).toEqual([START_MS / 1000 + seconds]);
  });

  it('count down to the last millisecond', () => {
    given({ f: 'v' }, { f: 10 });
    store.advance(9);
    expect(store.hpttl('h', 'f')).toEqual([1]);
    store.advance(1);
    expect(store.hpttl('h', 'f')).toEqual([-2]);
  });
});

describe('HPERSIST', () => {
  it('takes TTLs away: 1, -1 without one, -2 without a field', () => {
    given({ a: '1', b: '2' }, { a: 1000 });
    expect(store.hpersist('h', ['a', 'b', 'c', 'a'])).toEqual([1, -1, -2, -1]);
    expect(store.hpersist('nothing', 'a')).toEqual([-2]);
    expect(events()).toEqual(['hpersist h']);
    expect(effects()).toEqual(['HPERSIST h FIELDS 1 a']);
    store.advance(5000);
    expect(store.hgetall('h')).toEqual({ a: '1', b: '2' });
  });

  it('says nothing where nothing changed', () => {
    given({ a: '1' });
    expect(store.hpersist('h', ['a', 'b'])).toEqual([-1, -2]);
    expect(events()).toEqual([]);
    expect(effects()).toEqual([]);
    expect(() => store.hpersist('h', [])).toThrow("ERR wrong number of arguments for 'hpersist' command");
  });
});

describe('HGETDEL', () => {
  it('gives values, and deletes', () => {
    given({ a: '1', b: '2', c: '3' }, { a: 1000, c: 2000 });
    expect(store.hgetdel('h', ['a', 'x', 'b', 'a'])).toEqual(['1', null, '2', null]);
    expect(store.hkeys('h')).toEqual(['c']);
    expect(events()).toEqual(['hdel h']);
    expect(effects()).toEqual(['HDEL h a b']);
  });

  it('deletes the key along with its last field', () => {
    given({ a: '1' }, { a: 1000 });
    expect(store.hgetdel('h', 'a')).toEqual(['1']);
    expect(store.exists('h')).toBe(0);
    expect(events()).toEqual(['hdel h', 'del h']);
  });

  it('says nothing where nothing changed', () => {
    given({ a: '1' });
    expect(store.hgetdel('h', ['x', 'y'])).toEqual([null, null]);
    expect(store.hgetdel('nothing', ['x', 'y'])).toEqual([null, null]);
    expect(events()).toEqual([]);
    expect(() => store.hgetdel('h', [])).toThrow("ERR wrong number of arguments for 'hgetdel' command");
  });

  it('does not give what has expired, and tells that first', () => {
    given({ a: '1', b: '2' }, { a: 1000 });
    clock.nowMs += 1001;
    expect(store.hgetdel('h', ['a', 'b'])).toEqual([null, '2']);
    expect(events()).toEqual(['hexpired h', 'hdel h', 'del h']);
    expect(effects()).toEqual(['HDEL h a', 'HDEL h b']);
  });
});

describe('HGETEX', () => {
  it('without options is HMGET', () => {
    given({ a: '1', b: '2' }, { a: 1000 });
    expect(store.hgetex('h', ['a', 'x', 'b'])).toEqual(['1', null, '2']);
    expect(store.hpttl('h', ['a', 'b'])).toEqual([1000, -1]);
    expect(store.hgetex('nothing', ['a', 'b'], { ex: 1 })).toEqual([null, null]);
    expect(events()).toEqual([]);
  });

  it('sets TTLs, in every way to say it', () => {
    given({ a: '1', b: '2', c: '3', d: '4' });
    expect(store.hgetex('h', ['a', 'x'], { ex: 5 })).toEqual(['1', null]);
    store.hgetex('h', 'b', { px: 5000 });
    store.hgetex('h', 'c', { exat: START_MS / 1000 + 5 });
    store.hgetex('h', 'd', { pxat: START_MS + 5000 });
    expect(store.hpttl('h', ['a', 'b', 'c', 'd'])).toEqual([5000, 5000, 5000, 5000]);
    expect(events()).toEqual(Array(4).fill('hexpire h'));
    expect(effects()).toEqual(
      ['a', 'b', 'c', 'd'].map((field) => `HPEXPIREAT h ${START_MS + 5000} FIELDS 1 ${field}`),
    );
  });

  it('removes TTLs, and tells only of those', () => {
    given({ a: '1', b: '2' }, { a: 1000 });
    expect(store.hgetex('h', ['b', 'a', 'x'], { persist: true })).toEqual(['2', '1', null]);
    expect(store.hpttl('h', ['a', 'b'])).toEqual([-1, -1]);
    expect(events()).toEqual(['hpersist h']);
    expect(effects()).toEqual(['HPERSIST h FIELDS 1 a']);
    store.hgetex('h', 'a', { persist: true });
    expect(events()).toEqual([]);
  });

  it('gives the value and deletes the field where the time is over', () => {
    given({ a: '1', b: '2', c: '3' });
    expect(store.hgetex('h', ['a', 'a', 'x'], { px: 0 })).toEqual(['1', null, null]);
    expect(store.hgetex('h', 'b', { exat: 1 })).toEqual(['2']);
    expect(events()).toEqual(['hdel h', 'hdel h']);
    expect(store.hgetex('h', 'c', { pxat: START_MS })).toEqual(['3']);
    expect(events()).toEqual(['hdel h', 'del h']);
    expect(effects()).toEqual(['HDEL h a', 'HDEL h b', 'HDEL h c']);
    expect(store.exists('h')).toBe(0);
  });

  it('refuses two ways to expire, bad times and no fields, and changes nothing', () => {
    given({ a: '1' });
    expect(() => store.hgetex('h', 'a', { ex: 1, persist: true })).toThrow(
      'ERR Only one of EX, PX, EXAT, PXAT or PERSIST arguments can be specified',
    );
    expect(() => store.hgetex('h', 'a', { px: -1 })).toThrow('ERR invalid expire time, must be >= 0');
    expect(() => store.hgetex('h', 'a', { px: 0.5 })).toThrow('ERR value is not an integer');
    expect(() => store.hgetex('h', 'a', { pxat: LAST_MS + 1 })).toThrow(
      "ERR invalid expire time in 'hgetex' command",
    );
    expect(() => store.hgetex('h', [])).toThrow("ERR wrong number of arguments for 'hgetex' command");
    expect(store.hpttl('h', 'a')).toEqual([-1]);
  });
});

describe('HSETEX', () => {
  it('sets fields with one TTL', () => {
    expect(store.hsetex('h', { a: '1', b: '2' }, { ex: 5 })).toBe(1);
    expect(store.hgetall('h')).toEqual({ a: '1', b: '2' });
    expect(store.hpttl('h', ['a', 'b'])).toEqual([5000, 5000]);
    expect(events()).toEqual(['hset h', 'hexpire h']);
    expect(effects()).toEqual([`HSETEX h PXAT ${START_MS + 5000} FIELDS 2 a 1 b 2`]);
  });

  it('without a time removes the TTLs of what it writes, as HSET does', () => {
    given({ a: '1', b: '2' }, { a: 1000, b: 1000 });
    expect(store.hsetex('h', { a: 'x' })).toBe(1);
    expect(store.hpttl('h', ['a', 'b'])).toEqual([-1, 1000]);
    expect(events()).toEqual(['hset h']);
    expect(effects()).toEqual(['HSETEX h FIELDS 1 a x']);
  });

  it('keeps TTLs where asked', () => {
    given({ a: '1', b: '2' }, { a: 1000 });
    expect(store.hsetex('h', { a: 'x', b: 'y', c: 'z' }, { keepttl: true })).toBe(1);
    expect(store.hpttl('h', ['a', 'b', 'c'])).toEqual([1000, -1, -1]);
    expect(events()).toEqual(['hset h']);
    expect(effects()).toEqual(['HSETEX h KEEPTTL FIELDS 3 a x b y c z']);
  });

  it('FNX: only if none of the fields exists', () => {
    given({ a: '1' });
    expect(store.hsetex('h', { b: '2', a: 'x' }, { fnx: true })).toBe(0);
    expect(store.hgetall('h')).toEqual({ a: '1' });
    expect(events()).toEqual([]);
    expect(store.hsetex('h', { b: '2', c: '3' }, { fnx: true, ex: 1 })).toBe(1);
    expect(store.hsetex('new', { b: '2' }, { fnx: true })).toBe(1);
    expect(effects()).toEqual([
      `HSETEX h FNX PXAT ${START_MS + 1000} FIELDS 2 b 2 c 3`,
      'HSETEX new FNX FIELDS 1 b 2',
    ]);
  });

  it('FXX: only if all of the fields exist, and never makes a key', () => {
    given({ a: '1', b: '2' });
    expect(store.hsetex('h', { a: 'x', c: 'x' }, { fxx: true })).toBe(0);
    expect(store.hsetex('nothing', { a: 'x' }, { fxx: true })).toBe(0);
    expect(store.exists('nothing')).toBe(0);
    expect(events()).toEqual([]);
    expect(store.hsetex('h', { a: 'x', b: 'y' }, { fxx: true })).toBe(1);
    expect(store.hgetall('h')).toEqual({ a: 'x', b: 'y' });
    expect(effects()).toEqual(['HSETEX h FXX FIELDS 2 a x b y']);
  });

  it('takes expired fields for missing, and the key may vanish', () => {
    given({ a: '1' }, { a: 10 });
    clock.nowMs += 11;
    expect(store.hsetex('h', { a: 'x' }, { fxx: true })).toBe(0);
    expect(store.exists('h')).toBe(0);
    expect(events()).toEqual(['hexpired h', 'del h']);
    given({ a: '1' }, { a: 10 });
    clock.nowMs += 11;
    expect(store.hsetex('h', { a: 'x' }, { fnx: true })).toBe(1);
    expect(store.hpttl('h', 'a')).toEqual([-1]);
  });

  it('deletes the fields, old and new, where the time is over', () => {
    given({ a: '1', b: '2' });
    expect(store.hsetex('h', { a: 'x', c: 'y' }, { px: 0 })).toBe(1);
    expect(store.hgetall('h')).toEqual({ b: '2' });
    expect(events()).toEqual(['hset h', 'hdel h']);
    expect(effects()).toEqual(['HDEL h a c']);
    expect(store.hsetex('h', { b: 'x' }, { exat: 1 })).toBe(1);
    expect(store.hsetex('new', { b: 'x' }, { exat: 0 })).toBe(1);
    expect(store.exists(['h', 'new'])).toBe(0);
    expect(events()).toEqual(['hset h', 'hdel h', 'del h', 'hset new', 'hdel new', 'del new']);
  });

  it('takes a field given twice one after the other', () => {
    expect(store.hsetex('h', [['a', '1'], ['a', '2']], { ex: 1 })).toBe(1); // biome-ignore format: one line
    expect(store.hgetall('h')).toEqual({ a: '2' });
  });

  it('refuses what excludes itself, bad times and no fields, and changes nothing', () => {
    given({ a: '1' });
    expect(() => store.hsetex('h', { a: 'x' }, { fnx: true, fxx: true })).toThrow(
      'ERR Only one of FXX or FNX arguments can be specified',
    );
    expect(() => store.hsetex('h', { a: 'x' }, { ex: 1, keepttl: true })).toThrow(
      'ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified',
    );
    expect(() => store.hsetex('h', { a: 'x' }, { exat: -1 })).toThrow(
      'ERR invalid expire time, must be >= 0',
    );
    expect(() => store.hsetex('h', { a: 'x' }, { pxat: LAST_MS + 1 })).toThrow(
      "ERR invalid expire time in 'hsetex' command",
    );
    expect(() => store.hsetex('h', {})).toThrow("ERR wrong number of arguments for 'hsetex' command");
    expect(store.hgetall('h')).toEqual({ a: '1' });
    expect(events()).toEqual([]);
  });
});

describe('a field whose time is over', () => {
  const values = { a: '1', b: '2', c: '3' };

  /** Two of three fields are over, and no timer has fired. */
  function lapsed(): void {
    given(values, { a: 10, b: 20 });
    clock.nowMs += 21;
  }

  it.each<[string, () => unknown, unknown]>([
    ['HGET', () => store.hget('h', 'a'), null],
    ['HMGET', () => store.hmget('h', ['a', 'c']), [null, '3']],
    ['HGETALL', () => ({ ...store.hgetall('h') }), { c: '3' }],
    ['HKEYS', () => store.hkeys('h'), ['c']],
    ['HVALS', () => store.hvals('h'), ['3']],
    ['HLEN', () => store.hlen('h'), 1],
    ['HEXISTS', () => store.hexists('h', 'a'), 0],
    ['HSTRLEN', () => store.hstrlen('h', 'a'), 0],
    ['HSCAN', () => store.hscan('h', 0), [0, [['c', '3']]]],
    ['HSCAN NOVALUES', () => store.hscanNoValues('h', 0), [0, ['c']]],
    ['HRANDFIELD', () => store.hrandfield('h'), 'c'],
    ['HRANDFIELD with a count', () => store.hrandfieldCount('h', 3), ['c']],
    ['HTTL', () => store.httl('h', ['a', 'c']), [-2, -1]],
    ['HPERSIST', () => store.hpersist('h', ['a', 'c']), [-2, -1]],
    ['HEXPIRE', () => store.hexpire('h', 10, 'a'), [-2]],
    ['HDEL', () => store.hdel('h', 'a'), 0],
  ])('is not there for %s, which tells it once', (_name, run, expected) => {
    lapsed();
    expect(run()).toEqual(expected);
    expect(events()).toEqual(['hexpired h']);
    expect(effects()).toEqual(['HDEL h a b']);
    expect(store.keyspace.expiredFieldCount).toBe(2);
  });

  it.each<[string, () => unknown, unknown]>([
    ['HSET', () => store.hset('h', { a: 'x' }), 1],
    ['HSET of several', () => store.hset('h', { a: 'x', c: 'x' }), 1],
    ['HSETNX', () => store.hsetnx('h', 'a', 'x'), 1],
    ['HINCRBY', () => store.hincrby('h', 'a', 5), 5],
    ['HINCRBYFLOAT', () => store.hincrbyfloat('h', 'a', 0.5), '0.5'],
  ])('is new for %s, without a TTL', (_name, run, expected) => {
    lapsed();
    expect(run()).toEqual(expected);
    expect(events()[0]).toBe('hexpired h');
    expect(store.hpttl('h', 'a')).toEqual([-1]);
  });

  it('takes the key along if it was the last one', () => {
    given({ a: '1', b: '2' }, { a: 10, b: 20 });
    clock.nowMs += 21;
    expect(store.hget('h', 'a')).toBeNull();
    expect(events()).toEqual(['hexpired h', 'del h']);
    expect(effects()).toEqual(['HDEL h a b']);
    expect(store.exists('h')).toBe(0);
    expect(store.hset('h', { a: '1' })).toBe(1);
  });

  it('is removed by the timer, should nobody look', () => {
    given(values, { a: 10, b: 20 });
    store.advance(9);
    expect(events()).toEqual([]);
    store.advance(1);
    expect(events()).toEqual(['hexpired h']);
    expect(effects()).toEqual(['HDEL h a']);
    store.advance(100);
    expect(effects()).toEqual(['HDEL h b']);
    expect(store.keyspace.expiredFieldCount).toBe(2);
    expect(store.hgetall('h')).toEqual({ c: '3' });
  });

  it('is removed with those of the same time in one go, and the key with the last of them', () => {
    given(values);
    store.hexpire('h', 1, ['a', 'b', 'c']);
    events();
    store.advance(1001);
    expect(events()).toEqual(['hexpired h', 'del h']);
    expect(store.keyspace.databases[0]!.size).toBe(0);
  });

  it('is removed in its order among everything that expires', () => {
    given(values, { a: 30, b: 10 });
    store.set('k', 'v', { px: 20 });
    store.set('last', 'v', { px: 40 });
    events();
    store.advance(1000);
    expect(events()).toEqual(['hexpired h', 'expired k', 'hexpired h', 'expired last']);
  });

  it('leaves in batches where there are very many', () => {
    const many = Array.from({ length: 3000 }, (_, at) => [`f${at}`, 'v'] as const);
    store.hsetex('h', many, { px: 10 });
    store.hset('h', { stays: 'v' });
    events();
    store.advance(11);
    expect(events()).toEqual(['hexpired h', 'hexpired h', 'hexpired h']);
    expect(store.hkeys('h')).toEqual(['stays']);
  });
});

describe('what other commands do to the TTLs of fields', () => {
  it('HSET and HMSET remove those of the fields they write', () => {
    given({ a: '1', b: '2', c: '3', d: '4' }, { a: 1000, b: 1000, c: 1000, d: 1000 });
    expect(store.hset('h', { a: 'x' })).toBe(0);
    expect(store.hset('h', { b: 'x', e: 'y' })).toBe(1);
    expect(store.hmset('h', { c: 'x' })).toBe('OK');
    expect(store.hpttl('h', ['a', 'b', 'c', 'd', 'e'])).toEqual([-1, -1, -1, 1000, -1]);
  });

  it('HSETNX, HINCRBY and HINCRBYFLOAT keep them', () => {
    given({ a: '1', b: '2', c: '3' }, { a: 1000, b: 1000, c: 1000 });
    store.hsetnx('h', 'a', 'x');
    store.hincrby('h', 'b', 1);
    store.hincrbyfloat('h', 'c', 0.5);
    expect(store.hgetall('h')).toEqual({ a: '1', b: '3', c: '3.5' });
    expect(store.hpttl('h', ['a', 'b', 'c'])).toEqual([1000, 1000, 1000]);
    expect(effects()).toEqual(['HINCRBY h b 1', 'HSETEX h KEEPTTL FIELDS 1 c 3.5']);
  });

  it('HDEL drops them: a field of the same name starts anew', () => {
    given({ a: '1', b: '2' }, { a: 1000, b: 500 });
    store.hdel('h', 'b');
    store.hset('h', { b: '3' });
    expect(store.hpttl('h', ['a', 'b'])).toEqual([1000, -1]);
    store.advance(501);
    expect(store.hgetall('h')).toEqual({ a: '1', b: '3' });
  });

  it.each<[string, () => unknown]>([
    ['DEL', () => store.del('h')],
    ['UNLINK', () => store.unlink('h')],
    ['SET', () => store.set('h', 'string')],
    ['FLUSHALL', () => store.flushall()],
    ['RENAME onto it', () => store.set('other', 'v') && store.rename('other', 'h')],
    ['the TTL of the key', () => store.pexpire('h', 5) && store.advance(6)],
  ])('%s drops them all', (_name, run) => {
    given({ a: '1' }, { a: 1000 });
    run();
    checkHashes(store);
    events();
    store.advance(2000);
    expect(events()).toEqual([]);
  });

  it('RENAME takes them along', () => {
    given({ a: '1', b: '2' }, { a: 1000 });
    store.rename('h', 'renamed');
    checkHashes(store);
    expect(store.hpttl('renamed', ['a', 'b'])).toEqual([1000, -1]);
    events();
    store.advance(1001);
    expect(events()).toEqual(['hexpired renamed']);
    expect(store.hgetall('renamed')).toEqual({ b: '2' });
  });

  it('COPY copies them', () => {
    given({ a: '1', b: '2' }, { a: 1000 });
    store.copy('h', 'copy');
    store.hpersist('h', 'a');
    expect(store.hpttl('copy', 'a')).toEqual([1000]);
    checkHashes(store);
    store.advance(1001);
    expect(store.hgetall('h')).toEqual({ a: '1', b: '2' });
    expect(store.hgetall('copy')).toEqual({ b: '2' });
  });

  it('COPY of what has lapsed already expires at once', () => {
    given({ a: '1' }, { a: 10 });
    clock.nowMs += 11;
    store.copy('h', 'copy');
    store.advance(0);
    expect(store.exists(['h', 'copy'])).toBe(0);
  });

  it('MOVE takes them to the other database', () => {
    given({ a: '1', b: '2' }, { a: 1000 });
    store.move('h', 1);
    checkHashes(store);
    store.advance(1001);
    expect(store.exists('h')).toBe(0);
    expect(store.select(1).hgetall('h')).toEqual({ b: '2' });
  });

  it('SWAPDB takes them to the other database', () => {
    given({ a: '1', b: '2' }, { a: 1000 });
    store.swapdb(0, 1);
    checkHashes(store);
    events();
    store.advance(1001);
    expect(store.select(1).hgetall('h')).toEqual({ b: '2' });
    store.swapdb(0, 1);
    expect(store.hgetall('h')).toEqual({ b: '2' });
  });

  it('the TTL of the key is independent of them', () => {
    given({ a: '1', b: '2' }, { a: 1000 });
    store.pexpire('h', 5000);
    store.advance(1001);
    expect(store.pttl('h')).toBe(3999);
    expect(store.hgetall('h')).toEqual({ b: '2' });
  });
});

describe('OBJECT ENCODING', () => {
  it('is listpackex from the first TTL on, for good', () => {
    given({ a: '1' });
    expect(store.objectEncoding('h')).toBe('listpack');
    store.hexpire('h', 10, 'a');
    expect(store.objectEncoding('h')).toBe('listpackex');
    store.hpersist('h', 'a');
    expect(store.objectEncoding('h')).toBe('listpackex');
    store.copy('h', 'copy');
    expect(store.objectEncoding('copy')).toBe('listpackex');
  });

  it.each<[string, () => unknown, string]>([
    ['HEXPIRE of a missing field', () => store.hexpire('h', 10, 'x'), 'listpackex'],
    ['HEXPIRE whose condition does not hold', () => store.hexpire('h', 10, 'a', { xx: true }), 'listpackex'],
    ['HGETEX with a time', () => store.hgetex('h', 'x', { ex: 10 }), 'listpackex'],
    ['HGETEX PERSIST', () => store.hgetex('h', 'x', { persist: true }), 'listpackex'],
    ['HGETEX alone', () => store.hgetex('h', 'a'), 'listpack'],
    ['HSETEX with a time', () => store.hsetex('h', { b: '1' }, { ex: 10 }), 'listpackex'],
    ['HSETEX alone', () => store.hsetex('h', { b: '1' }), 'listpack'],
    ['HPERSIST', () => store.hpersist('h', 'a'), 'listpack'],
    ['HTTL', () => store.httl('h', 'a'), 'listpack'],
  ])('after %s', (_name, run, encoding) => {
    given({ a: '1' });
    run();
    expect(store.objectEncoding('h')).toBe(encoding);
  });

  it('is hashtable beyond the limits, with TTLs or without', () => {
    given({ a: '1' }, { a: 1000 });
    store.hset('h', { b: 'x'.repeat(65) });
    expect(store.objectEncoding('h')).toBe('hashtable');
    store.hsetex('many', Object.fromEntries(Array.from({ length: 513 }, (_, at) => [at, 'v'])), { ex: 1 });
    expect(store.objectEncoding('many')).toBe('hashtable');
  });
});
