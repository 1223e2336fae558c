import { describe, expect, test } from 'vitest';
import type { Observer } from '../../src/keyspace/observer.ts';
import { connect } from '../../src/session/connection.ts';
import { Store } from '../../src/store.ts';

function storeWith(...elements: string[]): Store {
  const store = new Store();
  store.rpush('l', elements);
  return store;
}

describe('sort', () => {
  test('numbers, and bytes', () => {
    const store = storeWith('10', '9', '-1', '2.5');
    expect(store.sort('l')).toEqual(['-1', '2.5', '9', '10']);
    expect(store.sort('l', { order: 'desc' })).toEqual(['10', '9', '2.5', '-1']);
    expect(store.sort('l', { alpha: true })).toEqual(['-1', '10', '2.5', '9']);
    expect(store.sort('nok')).toEqual([]);
  });

  test('numbers out of range are no numbers', () => {
    const store = storeWith('1', '1e400');
    expect(() => store.sort('l')).toThrow("ERR One or more scores can't be converted into double");
    expect(() => store.sortStore('l', { store: 'd' })).toThrow('ERR One or more scores');
    expect(store.exists('d')).toBe(0);
  });

  test('by and get', () => {
    const store = storeWith('1', '2', '3');
    store.mset({ 'age:1': '40', 'age:2': '20', 'age:3': '30', 'name:1': 'Ann' });
    store.hset('user:2', { name: 'Bob' });
    expect(store.sort('l', { by: 'age:*' })).toEqual(['2', '3', '1']);
    expect(store.sort('l', { by: 'age:*', get: 'name:*' })).toEqual([null, null, 'Ann']);
    expect(store.sort('l', { by: 'nosort', get: ['#', 'user:*->name'] })).toEqual([
      ...['1', null],
      ...['2', 'Bob'],
      ...['3', null],
    ]);
  });

  test('a field that has expired is nothing', () => {
    const store = storeWith('1');
    store.hset('h:1', { f: 'v', g: 'w' });
    store.hpexpire('h:1', 100, 'f');
    expect(store.sort('l', { get: ['h:*->f', 'h:*->g'] })).toEqual(['v', 'w']);
    store.advance(101);
    expect(store.sort('l', { get: ['h:*->f', 'h:*->g'] })).toEqual([null, 'w']);
  });

  test('limit', () => {
    const store = storeWith('3', '1', '2');
    expect(store.sort('l', { limit: { offset: 1, count: 1 } })).toEqual(['2']);
    expect(store.sort('l', { limit: { offset: -5, count: -1 } })).toEqual(['1', '2', '3']);
    for (const limit of [
      { offset: Number.NaN, count: 1 },
      { offset: 0, count: 1.5 },
    ]) {
      expect(() => store.sort('l', { limit })).toThrow('ERR value is not an integer or out of range');
    }
  });

  test('bytes that are no text', () => {
    const store = new Store();
    const high = Uint8Array.of(0xff);
    store.rpush('l', [high, 'é', 'a']);
    expect(store.bytes.sort('l', { alpha: true })).toEqual([
      Uint8Array.of(0x61),
      Uint8Array.of(0xc3, 0xa9),
      high,
    ]);
    store.set(Uint8Array.of(0x77, 0xff), 'found');
    expect(store.sort('l', { alpha: true, get: 'w*' })).toEqual([null, null, 'found']);
  });

  test('what cannot be sorted', () => {
    const store = new Store();
    store.set('string', 'v');
    store.hset('hash', { f: '1' });
    for (const key of ['string', 'hash']) {
      expect(() => store.sort(key)).toThrow('WRONGTYPE');
      expect(() => store.sortRo(key)).toThrow('WRONGTYPE');
      expect(() => store.sortStore(key, { store: 'd' })).toThrow('WRONGTYPE');
    }
  });

  test('does not touch what it sorts', () => {
    const store = storeWith('2', '1');
    store.sort('l');
    store.sort('l', { by: 'nosort', order: 'desc' });
    store.sortRo('l', { order: 'desc' });
    expect(store.lrange('l', 0, -1)).toEqual(['2', '1']);
  });
});

describe('sortStore', () => {
  function record(store: Store): string[] {
    const said: string[] = [];
    const observer: Observer = {
      changed: (_database, key, event) => said.push(`${event.name} ${key}`),
      effect: (_database, command) => said.push(`> ${command.join(' ')}`),
    };
    store.keyspace.observe(observer);
    return said;
  }

  test('says what it did: the list itself', () => {
    const store = storeWith('2', '1');
    const said = record(store);
    expect(store.sortStore('l', { store: 'd', get: ['#', 'nok:*'] })).toBe(4);
    expect(said).toEqual(['new d', 'sortstore d', '> RPUSH d 1  2 ']);
  });

  test('in the place of something else', () => {
    const store = storeWith('2', '1');
    store.set('d', 'v', { ex: 100 });
    const said = record(store);
    expect(store.sortStore('l', { store: 'd' })).toBe(2);
    expect(said).toEqual(['overwritten d', 'type_changed d', 'sortstore d', '> DEL d', '> RPUSH d 1 2']);
    expect(store.ttl('d')).toBe(-1);
    expect(store.objectEncoding('d')).toBe('listpack');
  });

  test('nothing: the key is gone', () => {
    const store = storeWith('2', '1');
    store.set('d', 'v');
    const said = record(store);
    expect(store.sortStore('nok', { store: 'd' })).toBe(0);
    expect(store.sortStore('nok', { store: 'd' })).toBe(0);
    expect(said).toEqual(['del d', '> DEL d']);
  });

  test('very many elements', () => {
    const store = new Store();
    const elements = Array.from({ length: 200_000 }, (_, at) => String((at * 7919) % 200_000));
    store.rpush('l', elements);
    const said = record(store);
    expect(store.sortStore('l', { store: 'd' })).toBe(200_000);
    expect(said).toHaveLength(3);
    expect(store.lrange('d', 0, 2)).toEqual(['0', '1', '2']);
    expect(store.objectEncoding('d')).toBe('quicklist');
    store.keyspace.checkInvariants();
  });

  test('on the wire it is SORT … STORE, and a null is nil', () => {
    const store = storeWith('2', '1');
    const connection = connect(store);
    expect(connection.call('SORT', 'l', 'GET', 'nok:*', 'GET', '#', 'LIMIT', '0', '1')).toEqual([null, '1']);
    expect(connection.call('SORT', 'l', 'STORE', 'd', 'DESC')).toBe(2);
    expect(store.lrange('d', 0, -1)).toEqual(['2', '1']);
  });
});
