import { describe, expect, test } from 'vitest';
import { toBytes } from '../../../src/bytes/byte-string.ts';
import { Store } from '../../../src/index.ts';
import { ByteWriter } from '../../../src/persistence/rdb/byte-writer.ts';
import { writeLength } from '../../../src/persistence/rdb/lengths.ts';
import { sealPayload } from '../../../src/persistence/rdb/payload.ts';
import { connect } from '../../../src/session/connection.ts';
import { toldBy } from '../../support/told.ts';
import { hex, payload } from './support.ts';

const NOW_MS = 1_700_000_000_000;
const ABC = payload(hex('00 03 616263'));

function storeAt(now: { ms: number }): Store {
  return new Store({ clock: { now: () => now.ms } });
}

test('every view answers bytes, and takes bytes', () => {
  const store = new Store();
  store.set('k', 'abc');
  expect(store.dump('k')).toEqual(ABC);
  expect(store.bytes.dump('k')).toEqual(ABC);
  expect(store.bigints.dump('k')).toEqual(ABC);
  expect(store.dump('none')).toBeNull();
  expect(store.bytes.restore('l', 0, ABC)).toBe('OK');
  expect(store.get('l')).toBe('abc');
  expect(connect(store, { bytes: true }).call('DUMP', 'k')).toEqual(ABC);
  expect(connect(store).call('RESTORE', 'm', '0', ABC)).toBe('OK');
  expect(store.get('m')).toBe('abc');
});

test('what is restored shares nothing with the payload', () => {
  const store = new Store();
  const bytes = payload(Uint8Array.from([0, 70, ...new Uint8Array(70).fill(0xff)].toSpliced(1, 1, 0x40, 70)));
  store.restore('k', 0, bytes);
  bytes.fill(1);
  expect(store.bytes.get('k')).toEqual(new Uint8Array(70).fill(0xff));
});

describe('events and effects', () => {
  test('are those of Redis, and repeat what was done', () => {
    const now = { ms: NOW_MS };
    const store = storeAt(now);
    const { events, effects } = toldBy(store);
    store.restore('k', 0, ABC);
    store.restore('k', 1000, ABC, { replace: true, idletime: 5 });
    store.restore('k', NOW_MS + 5000, ABC, { replace: true, absttl: true });
    store.restore('k', 1, ABC, { replace: true, absttl: true });
    store.restore('k', 1, ABC, { replace: true, absttl: true });
    store.rpush('k', 'a');
    store.restore('k', 0, ABC, { replace: true });
    const text = '\0\u0003abc';
    expect(events).toEqual([
      ...['new k', 'restore k'],
      ...['new k', 'restore k', 'overwritten k'],
      ...['new k', 'restore k', 'overwritten k'],
      'del k',
      ...['new k', 'rpush k'],
      ...['new k', 'restore k', 'overwritten k', 'type_changed k'],
    ]);
    expect(effects.map((effect) => effect.replace(/abc[^ ]* ?/s, 'abc… ').trim())).toEqual([
      `RESTORE k 0 ${text}…`,
      `RESTORE k ${NOW_MS + 1000} ${text}… REPLACE ABSTTL`,
      `RESTORE k ${NOW_MS + 5000} ${text}… REPLACE ABSTTL`,
      'DEL k',
      'RPUSH k a',
      `RESTORE k 0 ${text}… REPLACE`,
    ]);
  });

  test('what is refused says nothing', () => {
    const store = new Store();
    store.set('k', 'v');
    const { events } = toldBy(store);
    expect(() => store.restore('k', 0, ABC)).toThrow('BUSYKEY Target key name already exists.');
    expect(() => store.restore('l', 0, ABC.slice(0, -1))).toThrow(
      'ERR DUMP payload version or checksum are wrong',
    );
    expect(() => store.restore('l', 0, payload(hex('02 00')))).toThrow('ERR Bad data format');
    expect(events).toEqual([]);
  });

  test('a transaction that throws has restored nothing', () => {
    const store = new Store();
    store.rpush('k', ['a', 'b']);
    expect(() =>
      store.transaction((tx) => {
        tx.restore('k', 0, ABC, { replace: true });
        tx.restore('l', 100_000, ABC);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(store.lrange('k', 0, -1)).toEqual(['a', 'b']);
    expect(store.exists('l')).toBe(0);
    store.keyspace.checkInvariants();
  });

  test('whoever waits for a list is served from one that is restored', async () => {
    const store = new Store();
    store.rpush('l', ['a', 'b']);
    const dumped = store.dump('l')!;
    const waiting = store.blocking.blpop('k', { timeout: 0 });
    store.restore('k', 0, dumped);
    expect(await waiting).toEqual({ key: 'k', element: 'a' });
    store.close();
  });
});

describe('time', () => {
  test('a key expires when it is said to', () => {
    const now = { ms: NOW_MS };
    const store = storeAt(now);
    store.restore('a', 1000, ABC);
    store.restore('b', NOW_MS + 1000, ABC, { absttl: true });
    expect([store.pttl('a'), store.pttl('b')]).toEqual([1000, 1000]);
    store.advance(1000);
    expect(store.exists(['a', 'b'])).toBe(0);
  });

  test('fields of hashes go when their time is over, also in a copy', () => {
    const now = { ms: NOW_MS };
    const store = storeAt(now);
    store.hset('h', { a: '1', b: '2', c: '3' });
    store.hpexpire('h', 1000, ['a']);
    store.hpexpire('h', 5000, ['b']);
    store.restore('r', 0, store.dump('h')!);
    store.copy('h', 'c');
    expect(store.hpttl('r', ['a', 'b', 'c'])).toEqual([1000, 5000, -1]);
    store.hpersist('c', ['a']);
    store.hset('r', { a: 'new' });
    store.advance(1000);
    expect({ ...store.hgetall('h') }).toEqual({ b: '2', c: '3' });
    expect({ ...store.hgetall('r') }).toEqual({ a: 'new', b: '2', c: '3' });
    expect({ ...store.hgetall('c') }).toEqual({ a: '1', b: '2', c: '3' });
    store.advance(4000);
    for (const key of ['h', 'r', 'c']) expect(store.hexists(key, 'b')).toBe(0);
    store.keyspace.checkInvariants();
  });

  test('a hash all of whose fields expired meanwhile is gone', () => {
    const now = { ms: NOW_MS };
    const store = storeAt(now);
    store.hset('h', { a: '1' });
    store.hpexpire('h', 1000, ['a']);
    const dumped = store.dump('h')!;
    store.advance(2000);
    store.restore('h', 0, dumped);
    expect(store.hget('h', 'a')).toBeNull();
    expect(store.hlen('h')).toBe(0);
  });
});

describe('callers without types', () => {
  type Untyped = (...args: unknown[]) => unknown;
  const store = new Store();
  const restore: Untyped = (...args) => (store.restore as Untyped).apply(store, args);

  test('are told what is wrong', () => {
    expect(() => restore('k', 0, 'text')).toThrow(TypeError);
    expect(() => restore('k', 0, undefined)).toThrow(TypeError);
    expect(() => restore('k', 0, ABC, { REPLACE: true })).toThrow(TypeError);
    expect(() => restore('k', 0, ABC, null)).toThrow(TypeError);
    expect(() => restore(5, 0, ABC)).toThrow(TypeError);
    for (const ttl of [Number.NaN, 1.5, Number.POSITIVE_INFINITY, '1', undefined, 1e30, 5n])
      expect(() => restore('k', ttl, ABC)).toThrow('ERR value is not an integer or out of range');
    expect(() => restore('k', -1, ABC)).toThrow('ERR Invalid TTL value, must be >= 0');
    expect(() => restore('k', 0, ABC, { idletime: 1.5 })).toThrow(
      'ERR value is not an integer or out of range',
    );
    expect(() => restore('k', 0, ABC, { freq: 300 })).toThrow(
      'ERR Invalid FREQ value, must be >= 0 and <= 255',
    );
    expect(() => restore('k', 0, ABC, { freq: 3, idletime: 3 })).toThrow('ERR syntax error');
    expect(() => (store.dump as Untyped).call(store, 5)).toThrow(TypeError);
    expect(store.keys('*')).toEqual([]);
  });

  test('only replace what is there where `replace` is true', () => {
    store.set('there', 'x');
    for (const replace of [1, 'no', {}, null]) {
      expect(() => restore('there', 0, ABC, { replace })).toThrow('BUSYKEY');
    }
    store.flushall();
  });
});

describe('what is said to be larger than anything may be', () => {
  /** Zeros, as LZF has them: three bytes for each 264. */
  function compressedZeros(type: number, pieces: number, length = 1 + 264 * pieces): Uint8Array {
    const writer = new ByteWriter();
    writer.writeByte(type);
    if (type === LIST_TYPE) writeLength(writer, 1);
    writer.writeByte(0xc3);
    writeLength(writer, 2 + 3 * pieces);
    writeLength(writer, length);
    writer.writeByte(0);
    writer.writeByte(0);
    for (let left = pieces; left > 0; left--) for (const byte of [0xe0, 0xff, 0]) writer.writeByte(byte);
    return sealPayload(writer, 9);
  }
  const LIST_TYPE = 1;

  test('is refused before memory is taken for it', () => {
    const store = new Store();
    store.set('k', 'stays');
    const pieces = 2_300_000;
    for (const type of [0, LIST_TYPE])
      expect(() => store.restore('k', 0, compressedZeros(type, pieces), { replace: true })).toThrow(
        'ERR Bad data format',
      );
    expect(store.get('k')).toBe('stays');
  });

  test('and what is large and compressed is taken', () => {
    const store = new Store();
    store.restore('k', 0, compressedZeros(0, 1000));
    store.restore('l', 0, compressedZeros(LIST_TYPE, 1000));
    expect([store.strlen('k'), store.lindex('l', 0)?.length]).toEqual([264_001, 264_001]);
  });
});

test('a value is the store’s own, whatever becomes of the payload', () => {
  const store = new Store();
  const bytes = Uint8Array.from({ length: 300 }, (_, at) => (at * 151) % 256);
  store.set('k', bytes);
  const told: unknown[] = [];
  store.keyspace.observe({ effect: (_database, command) => told.push(command) });
  for (const compress of ['yes', 'no']) {
    connect(store).call('CONFIG', 'SET', 'rdbcompression', compress);
    const dumped = store.dump('k')!;
    const copy = dumped.slice();
    store.restore('r', 0, dumped, { replace: true });
    dumped.fill(0);
    expect(store.bytes.get('r')).toEqual(bytes);
    expect(toBytes((told.at(-1) as string[])[3]!)).toEqual(copy);
    expect(store.dump('r')).toEqual(copy);
    expect(store.objectEncoding('r')).toBe('raw');
  }
});
