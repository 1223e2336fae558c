import { Redis } from 'ioredis-6';
import { describe, expect, test } from 'vitest';
import { connectorFor } from '../../src/clients/ioredis.ts';
import { type Connection, connect, Store } from '../../src/index.ts';
import type { Observer } from '../../src/keyspace/observer.ts';

// HIMPORT, of Redis 8.10, as its documentation, its published tests and the clients that use it tell.

function totalMemory(connection: Connection): number {
  return Number(/tot-mem=(\d+)/.exec(String(connection.call('CLIENT', 'INFO')))![1]);
}

describe('HIMPORT', () => {
  test('the documented example', () => {
    const store = new Store();
    const client = connect(store);
    expect(client.call('HIMPORT', 'PREPARE', 'u', 'name', 'email', 'age')).toBe('OK');
    expect(client.call('HIMPORT', 'SET', 'user:1', 'u', 'alice', 'alice@example.com', '30')).toBe('OK');
    expect(client.call('HIMPORT', 'SET', 'user:2', 'u', 'bob', 'bob@example.com', '25')).toBe('OK');
    expect(store.hgetall('user:1')).toEqual({ name: 'alice', email: 'alice@example.com', age: '30' });
    expect(store.hget('user:2', 'age')).toBe('25');
    expect(client.call('HIMPORT', 'DISCARD', 'u')).toBe(1);
    expect(client.call('HIMPORT', 'DISCARD', 'u')).toBe(0);
    expect(store.hlen('user:1')).toBe(3);
  });

  test('the fields are shown shortest first, those of a length in byte order', () => {
    const client = connect(new Store());
    client.call('HIMPORT', 'PREPARE', 'fs', 'f2', 'é', 'f1', '3', '');
    client.call('HIMPORT', 'SET', 'k', 'fs', 'b', 'accent', 'a', 'three', 'none');
    expect(client.call('HGETALL', 'k')).toEqual([
      '',
      'none',
      '3',
      'three',
      'f1',
      'a',
      'f2',
      'b',
      'é',
      'accent',
    ]);
  });

  test('what is wrong, and which of several mistakes is told', () => {
    const store = new Store();
    const client = connect(store);
    expect(() => client.call('HIMPORT')).toThrow("ERR wrong number of arguments for 'himport' command");
    expect(() => client.call('HIMPORT', 'FOOBAR')).toThrow(
      "ERR unknown subcommand 'FOOBAR'. Try HIMPORT HELP.",
    );
    for (const [subcommand, ...args] of [
      ['PREPARE'],
      ['PREPARE', 'fs'],
      ['SET'],
      ['SET', 'k'],
      ['SET', 'k', 'fs'],
      ['DISCARD'],
      ['DISCARD', 'a', 'b'],
      ['DISCARDALL', 'a'],
    ])
      expect(() => client.call('HIMPORT', subcommand!, ...args)).toThrow(
        `ERR wrong number of arguments for 'himport|${subcommand!.toLowerCase()}' command`,
      );
    expect(() => client.call('HIMPORT', 'PREPARE', 'fs', 'a', 'b', 'a')).toThrow(
      'ERR duplicate field name in fieldset',
    );
    expect(() => client.call('HIMPORT', 'SET', 'k', 'fs', '1', '2', '3')).toThrow('ERR no such fieldset');
    client.call('HIMPORT', 'PREPARE', 'fs', 'a', 'b');
    for (const values of [['1'], ['1', '2', '3']])
      expect(() => client.call('HIMPORT', 'SET', 'k', 'fs', ...values)).toThrow(
        'ERR value count does not match fieldset field count',
      );
    store.set('text', 'stays', { ex: 100 });
    expect(() => client.call('HIMPORT', 'SET', 'text', 'missing', '1')).toThrow(
      'WRONGTYPE Operation against a key holding the wrong kind of value',
    );
    expect(store.get('text')).toBe('stays');
    expect(store.ttl('text')).toBe(100);
    expect(store.exists('k')).toBe(0);
    // A name that was prepared before stays as it was.
    expect(() => client.call('HIMPORT', 'PREPARE', 'fs', 'c', 'c')).toThrow(
      'ERR duplicate field name in fieldset',
    );
    expect(client.call('HIMPORT', 'SET', 'k', 'fs', '1', '2')).toBe('OK');
    expect(store.hgetall('k')).toEqual({ a: '1', b: '2' });
  });

  test('a hash that is there is replaced, with its fields, their TTLs and its own', () => {
    const store = new Store({ clock: { now: () => 1_000_000 } });
    const client = connect(store);
    store.hset('k', { old: '1', a: 'before' });
    store.hexpire('k', 10, 'a');
    store.expire('k', 60);
    client.call('HIMPORT', 'PREPARE', 'fs', 'a', 'b');
    client.call('HIMPORT', 'SET', 'k', 'fs', '1', '2');
    expect(store.hgetall('k')).toEqual({ a: '1', b: '2' });
    expect(store.ttl('k')).toBe(-1);
    expect(store.httl('k', ['a', 'b'])).toEqual([-1, -1]);
    store.advance(60_000);
    expect(store.hlen('k')).toBe(2);
  });

  test('the encoding is what other commands would have made', () => {
    const store = new Store();
    const client = connect(store);
    client.call('HIMPORT', 'PREPARE', 'fs', 'a');
    client.call('HIMPORT', 'SET', 'small', 'fs', 'x'.repeat(64));
    client.call('HIMPORT', 'SET', 'large', 'fs', 'x'.repeat(65));
    client.call('HIMPORT', 'PREPARE', 'wide', ...Array.from({ length: 513 }, (_, at) => `f${at}`));
    client.call('HIMPORT', 'SET', 'wide', 'wide', ...Array.from({ length: 513 }, String));
    expect(['small', 'large', 'wide'].map((key) => store.objectEncoding(key))).toEqual([
      'listpack',
      'hashtable',
      'hashtable',
    ]);
  });

  test('what is prepared is the connection’s own, until it is discarded, reset or closed', () => {
    const store = new Store();
    const [a, b] = [connect(store), connect(store)];
    const before = totalMemory(a);
    a.call('HIMPORT', 'PREPARE', 'fs', 'a');
    a.call('HIMPORT', 'PREPARE', '', 'b', 'c');
    expect(totalMemory(a)).toBeGreaterThan(before);
    expect(() => b.call('HIMPORT', 'SET', 'k', 'fs', '1')).toThrow('ERR no such fieldset');
    expect(a.call('SELECT', '1')).toBe('OK');
    expect(a.call('HIMPORT', 'SET', 'k', 'fs', '1')).toBe('OK');
    expect(a.call('HIMPORT', 'DISCARDALL')).toBe(2);
    expect(a.call('HIMPORT', 'DISCARDALL')).toBe(0);
    expect(totalMemory(a)).toBe(before);
    expect(() => a.call('HIMPORT', 'SET', 'k', 'fs', '1')).toThrow('ERR no such fieldset');
    a.call('HIMPORT', 'PREPARE', 'fs', 'a');
    a.call('RESET');
    expect(() => a.call('HIMPORT', 'SET', 'k', 'fs', '1')).toThrow('ERR no such fieldset');
    expect(store.select(1).hgetall('k')).toEqual({ a: '1' });
  });

  test('in MULTI; a discarded transaction leaves what was prepared', () => {
    const store = new Store();
    const client = connect(store);
    client.call('MULTI');
    client.call('HIMPORT', 'PREPARE', 'fs', 'a', 'b');
    client.call('HIMPORT', 'SET', 'k', 'fs', '1', '2');
    expect(client.call('EXEC')).toEqual(['OK', 'OK']);
    client.call('MULTI');
    client.call('HIMPORT', 'DISCARDALL');
    client.call('DISCARD');
    expect(client.call('HIMPORT', 'SET', 'l', 'fs', '3', '4')).toBe('OK');
    expect(store.hgetall('l')).toEqual({ a: '3', b: '4' });
  });

  test('it wakes watchers, is notified as a write to a hash, and its effects repeat it', () => {
    const store = new Store();
    const [client, other] = [connect(store), connect(store)];
    const effects: string[][] = [];
    const recorder: Observer = { effect: (_database, command) => void effects.push(command.map(String)) };
    store.keyspace.observe(recorder);
    client.call('HIMPORT', 'PREPARE', 'fs', 'bb', 'a');
    other.call('WATCH', 'k');
    client.call('HIMPORT', 'SET', 'k', 'fs', '2', '1');
    client.call('HIMPORT', 'SET', 'k', 'fs', '4', '3');
    other.call('MULTI');
    expect(other.call('EXEC')).toBeNull();
    expect(effects).toEqual([
      ['HSET', 'k', 'a', '1', 'bb', '2'],
      ['DEL', 'k'],
      ['HSET', 'k', 'a', '3', 'bb', '4'],
    ]);
    const replica = new Store();
    const replay = connect(replica);
    for (const [name, ...args] of effects) replay.call(name!, ...args);
    expect(replica.hgetall('k')).toEqual(store.hgetall('k'));
  });

  test('ioredis prepares its fieldsets by itself, after a reconnect too', async () => {
    const store = new Store();
    const redis = new Redis({
      Connector: connectorFor(store),
      himportFieldsets: [{ name: 'profile', fields: ['name', 'email'] }],
    });
    await redis.himport('SET', 'user:1', 'profile', 'Ada', 'ada@example.com');
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no').catch(() => undefined);
    await redis.himport('SET', 'user:2', 'profile', 'Grace', 'grace@example.com');
    expect(await redis.hgetall('user:2')).toEqual({ name: 'Grace', email: 'grace@example.com' });
    expect(store.hget('user:1', 'name')).toBe('Ada');
    redis.disconnect();
  });
});
