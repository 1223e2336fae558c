import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BitfieldOperation, BitfieldOverflow, BitfieldType, BitOperation } from '../../../src/index.ts';
import { connect, Store } from '../../../src/index.ts';
import { Entry } from '../../../src/keyspace/entry.ts';
import { rehearse, stepsOf } from '../../../src/structures/bitmaps/bitfield-steps.ts';
import { RawString } from '../../../src/structures/strings/raw-string.ts';
import { toldBy } from '../../support/told.ts';

const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value';

function rawUnder(store: Store, key: string): RawString {
  const stored = store.keyspace.databases[0]!.map.get(key);
  if (!(stored instanceof Entry) || !(stored.value instanceof RawString))
    throw new Error('not kept as bytes');
  return stored.value;
}

describe('typed bitmaps', () => {
  it('set, read, count and find bits', () => {
    const store = new Store();
    expect(store.setbit('k', 7, 1)).toBe(0);
    expect(store.setbit('k', 7, 0)).toBe(1);
    expect(store.setbit('k', 100, 1)).toBe(0);
    expect(store.getbit('k', 100)).toBe(1);
    expect(store.getbit('k', 1000)).toBe(0);
    expect(store.strlen('k')).toBe(13);
    expect(store.bitcount('k')).toBe(1);
    expect(store.bitcount('k', { start: 0, end: -2 })).toBe(0);
    expect(store.bitcount('k', { start: 100, end: 100, bit: true })).toBe(1);
    expect(store.bitpos('k', 1)).toBe(100);
    expect(store.bitpos('k', 0, { start: 12 })).toBe(96);
    expect(store.bitpos('k', 1, { start: 0, end: 11 })).toBe(-1);
    expect(store.bitpos('k', 1, { start: 90, end: -1, bit: true })).toBe(100);
  });

  it('combine bits by every operation', () => {
    const store = new Store();
    store.set('x', Uint8Array.of(0b1100_1010, 0b1111_0000));
    store.set('y', Uint8Array.of(0b1010_0110));
    store.set('z', Uint8Array.of(0b0110_0011, 0b1000_0001, 0b1));
    const results: Record<BitOperation, number[]> = {
      and: [0b0000_0010, 0, 0],
      or: [0b1110_1111, 0b1111_0001, 1],
      xor: [0b0000_1111, 0b0111_0001, 1],
      diff: [0b0000_1000, 0b0111_0000, 0],
      diff1: [0b0010_0101, 0b0000_0001, 1],
      andor: [0b1100_0010, 0b1000_0000, 0],
      one: [0b0000_1101, 0b0111_0001, 1],
      not: [0b0011_0101, 0b0000_1111],
    };
    for (const [operation, bytes] of Object.entries(results)) {
      const sources = operation === 'not' ? 'x' : ['x', 'y', 'z'];
      expect(store.bitop(operation as BitOperation, 'd', sources), operation).toBe(bytes.length);
      expect([...store.bytes.get('d')!], operation).toEqual(bytes);
      expect(store.objectEncoding('d')).toBe('raw');
      const wire = connect(store);
      expect(wire.call('BITOP', operation.toUpperCase(), 'w', ...[sources].flat())).toBe(bytes.length);
      expect(store.bytes.get('w')).toEqual(store.bytes.get('d'));
    }
  });

  it('want as many sources as the operation needs', () => {
    const store = new Store();
    store.set('s', 'abc');
    store.rpush('l', 'a');
    for (const operation of ['diff', 'diff1', 'andor'] as const) {
      const message = `ERR BITOP ${operation.toUpperCase()} must be called with at least two source keys.`;
      expect(() => store.bitop(operation, 'd', 's')).toThrow(message);
      expect(() => connect(store).call('BITOP', operation.toLowerCase(), 'd', 'l')).toThrow(message);
      expect(() => store.bitop(operation, 'd', ['s', 'l'])).toThrow(WRONG_TYPE);
    }
    expect(() => store.bitop('not', 'd', ['s', 's'])).toThrow(
      'ERR BITOP NOT must be called with a single source key.',
    );
    expect(() => store.bitop('and', 'd', [])).toThrow("ERR wrong number of arguments for 'bitop' command");
    expect(() => store.bitop('NAND' as 'and', 'd', 's')).toThrow('ERR syntax error');
    expect(store.bitop('one', 'd', 's')).toBe(3);
    expect(store.get('d')).toBe('abc');
    expect(store.bitop('diff', 's', ['s', 'd'])).toBe(3);
    expect(store.bytes.get('s')).toEqual(new Uint8Array(3));
  });

  it('tell what is wrong with a range before they look at the key, as Redis 8 does', () => {
    const store = new Store();
    store.rpush('l', 'a');
    const wire = connect(store);
    for (const key of ['missing', 'l']) {
      for (const [command, message] of [
        ['BITCOUNT k 0', 'ERR syntax error'],
        ['BITCOUNT k 0 x', 'ERR value is not an integer or out of range'],
        ['BITCOUNT k 0 1 foo', 'ERR syntax error'],
        ['BITCOUNT k 0 x foo', 'ERR value is not an integer or out of range'],
        ['BITCOUNT k 0 1 BIT x', 'ERR syntax error'],
        ['BITPOS k 0 x', 'ERR value is not an integer or out of range'],
        ['BITPOS k 0 0 x foo', 'ERR syntax error'],
        ['BITPOS k 0 0 1 BIT x', 'ERR syntax error'],
      ] as const) {
        const [name, , ...rest] = command.split(' ');
        expect(() => wire.call(name!, key, ...rest), command).toThrow(message);
      }
    }
  });

  it('refuse what untyped callers may give, and change nothing', () => {
    const store = new Store();
    store.set('k', 'abc');
    const none = undefined as unknown as number;
    for (const offset of [
      -1,
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      2 ** 32,
      none,
      '3' as unknown as number,
    ]) {
      expect(() => store.setbit('k', offset, 1)).toThrow('ERR bit offset is not an integer or out of range');
      expect(() => store.getbit('k', offset)).toThrow('ERR bit offset is not an integer or out of range');
    }
    for (const bit of [2, -1, true, '1', none]) {
      expect(() => store.setbit('k', 0, bit as 1)).toThrow('ERR bit is not an integer or out of range');
      expect(() => store.bitpos('k', bit as 1)).toThrow('ERR The bit argument must be 1 or 0.');
    }
    expect(() => store.bitcount('k', { start: 0 } as never)).toThrow('ERR value is not an integer');
    expect(() => store.bitcount('k', { start: 0, end: 1.5 })).toThrow('ERR value is not an integer');
    expect(() => store.bitcount('k', { start: 0, ende: 1 } as never)).toThrow('unknown option ende');
    expect(() => store.bitpos('k', 1, { start: 0, bit: true } as never)).toThrow('ERR syntax error');
    expect(() => store.bitpos('k', 1, { end: 0 } as never)).toThrow('ERR value is not an integer');
    for (const operations of [
      'get',
      [undefined],
      // biome-ignore lint/suspicious/noSparseArray: a hole is what is tried.
      [{ set: 'u8', offset: 0, value: 1 }, , { get: 'u8', offset: 0 }],
      [null],
      [{ set: 'u8', offset: 0, value: 1, overflw: 'sat' }],
    ]) {
      expect(() => store.bitfield('k', operations as never)).toThrow(TypeError);
      expect(() => store.bitfield('k', operations as never)).not.toThrow("'in' operator");
    }
    const first = { set: 'u8', offset: 0, value: 1 } as const;
    for (const [wrong, message] of [
      [{}, 'ERR syntax error'],
      [{ get: 'u8', set: 'u8', offset: 0, value: 1 }, 'ERR syntax error'],
      [{ get: 'u64', offset: 0 }, 'ERR Invalid bitfield type'],
      [{ get: 'u8' }, 'ERR bit offset'],
      [{ get: 'u8', offset: '8' }, 'ERR bit offset'],
      [{ get: 'u8', offset: '#1.5' }, 'ERR bit offset'],
      [{ set: 'u8', offset: 0 }, 'ERR value is not an integer or out of range'],
      [{ set: 'u8', offset: 0, value: 1.5 }, 'ERR value is not an integer or out of range'],
      [{ set: 'u8', offset: 0, value: 2 ** 53 }, 'ERR value is not an integer or out of range'],
      [{ incrby: 'u8', offset: 0, increment: 2n ** 63n }, 'ERR value is not an integer or out of range'],
      [{ set: 'u8', offset: 0, value: 1, overflow: 'SAT' }, 'ERR Invalid OVERFLOW type specified'],
    ] as const) {
      expect(() => store.bitfield('k', [first, wrong as never]), JSON.stringify(wrong, String)).toThrow(
        message,
      );
    }
    expect(() => store.bitfieldRo('k', [first as never])).toThrow(
      'ERR BITFIELD_RO only supports the GET subcommand',
    );
    expect(store.get('k')).toBe('abc');
    expect(store.objectEncoding('k')).toBe('embstr');
  });
});

describe('bitfield', () => {
  it('does one operation after the other, each with an overflow of its own', () => {
    const store = new Store();
    expect(
      store.bitfield('k', [
        { set: 'u8', offset: '#0', value: 250 },
        { incrby: 'u8', offset: '#0', increment: 10, overflow: 'sat' },
        { incrby: 'u8', offset: '#0', increment: 1 },
        { incrby: 'i8', offset: '#1', increment: -200, overflow: 'fail' },
        { get: 'i8', offset: '#0' },
        { set: 'i5', offset: 100, value: -3 },
        { get: 'u5', offset: 100 },
      ]),
    ).toEqual([0, 255, 0, null, 0, 0, 29]);
    expect(store.bitfieldRo('k', [{ get: 'i5', offset: 100 }])).toEqual([-3]);
    expect(store.strlen('k')).toBe(14);
  });

  it('reads without making a key', () => {
    const store = new Store();
    expect(store.bitfield('k', [{ get: 'i64', offset: 5 }])).toEqual([0]);
    expect(store.bitfield('k', [])).toEqual([]);
    expect(store.exists('k')).toBe(0);
  });

  it('hands out 64 bits exactly, or refuses before anything has changed', () => {
    const store = new Store();
    const operations: BitfieldOperation[] = [
      { set: 'u8', offset: 200, value: 7 },
      { set: 'i64', offset: 3, value: 2n ** 62n },
      { incrby: 'i64', offset: 3, increment: 1 },
      { get: 'u8', offset: 200 },
    ];
    expect(() => store.bitfield('k', operations)).toThrow(RangeError);
    expect(store.exists('k')).toBe(0);
    store.set('k', 'abc', { ex: 100 });
    expect(() => store.bitfield('k', operations)).toThrow(RangeError);
    expect(store.get('k')).toBe('abc');
    expect(store.bigints.bitfield('k', operations)).toEqual([0n, 0x0b13_1800_0000_0000n, 2n ** 62n + 1n, 7n]);
    expect(store.ttl('k')).toBe(100);
    expect(() => store.bitfieldRo('k', [{ get: 'i64', offset: 3 }])).toThrow(RangeError);
    expect(store.bigints.bitfieldRo('k', [{ get: 'i64', offset: 3 }])).toEqual([2n ** 62n + 1n]);
    // What comes back into the range of numbers is told as one.
    expect(store.bitfield('k', [{ incrby: 'i63', offset: 4, increment: 2n ** 62n - 2n }])).toEqual([-1]);
  });

  it('rehearses what it then does, whichever fields lie over each other', () => {
    const type = fc.constantFrom<BitfieldType>('u1', 'u8', 'i8', 'u13', 'i40', 'u63', 'i64', 'i64');
    const offset = fc.nat(90);
    const number = fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.bigInt({ min: -9n, max: 9n }),
    );
    const overflow = fc.constantFrom<BitfieldOverflow>('wrap', 'sat', 'fail');
    const operation: fc.Arbitrary<BitfieldOperation> = fc.oneof(
      fc.record({ get: type, offset }),
      fc.record({ set: type, offset, value: number, overflow }),
      fc.record({ incrby: type, offset, increment: number, overflow }),
    );
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 20 }),
        fc.array(operation, { maxLength: 8 }),
        (bytes, operations) => {
          const before = bytes.slice();
          const rehearsed = rehearse(stepsOf(operations, 1000), bytes);
          expect(bytes).toEqual(before);
          const store = new Store();
          const apart = new Store();
          for (const one of [store, apart]) one.set('k', bytes);
          const done = store.bigints.bitfield('k', operations);
          expect(rehearsed.map((answer) => (answer === null ? null : BigInt(answer)))).toEqual(done);
          expect(operations.flatMap((one) => apart.bigints.bitfield('k', [one]))).toEqual(done);
          expect(store.bytes.get('k')).toEqual(apart.bytes.get('k'));
        },
      ),
      { seed: 20_261_121, numRuns: 300 },
    );
  });
});

describe('a bitmap is edited in place', () => {
  it('by SETBIT and BITFIELD: the same value, the same buffer', () => {
    const store = new Store();
    store.setbit('k', 8_000_000, 1);
    const raw = rawUnder(store, 'k');
    const { buffer } = raw.bytes;
    store.setbit('k', 5, 1);
    store.setbit('k', 5, 0);
    store.setbit('k', 8_000_001, 1);
    store.bitfield('k', [
      { incrby: 'u8', offset: '#77', increment: 1 },
      { set: 'i64', offset: 7_999_000, value: -1 },
    ]);
    store.getbit('k', 5);
    store.bitcount('k');
    expect(rawUnder(store, 'k')).toBe(raw);
    expect(raw.bytes.buffer).toBe(buffer);
    raw.checkInvariants();
  });

  it('and grows by zeros, into what was there to spare where that suffices', () => {
    const store = new Store();
    store.setbit('k', 799, 1);
    const { buffer } = rawUnder(store, 'k').bytes;
    store.setbit('k', 1500, 1);
    expect(rawUnder(store, 'k').bytes.buffer).toBe(buffer);
    expect(store.strlen('k')).toBe(188);
    store.setbit('k', 100_000, 0);
    expect(store.bitcount('k')).toBe(2);
    expect(store.strlen('k')).toBe(12_501);
    rawUnder(store, 'k').checkInvariants();
  });

  it('up to the last bit of 512 MB', () => {
    const store = new Store();
    expect(store.setbit('k', 4_294_967_295, 1)).toBe(0);
    expect(store.getbit('k', 4_294_967_295)).toBe(1);
    expect(store.strlen('k')).toBe(536_870_912);
    expect(store.bitfield('k', [{ get: 'u8', offset: 4_294_967_288 }])).toEqual([1]);
    expect(store.bitpos('k', 1, { start: -100 })).toBe(4_294_967_295);
    expect(store.getrange('k', -2, -1)).toBe('\0\x01');
  });

  it('and what is as it was need not be saved in a transaction', () => {
    const store = new Store();
    store.setbit('k', 5, 1);
    const raw = rawUnder(store, 'k');
    const text = raw.toByteString();
    store.transaction((tx) => void tx.setbit('k', 5, 1));
    expect(rawUnder(store, 'k')).toBe(raw);
    expect(raw.toByteString()).toBe(text);
  });
});

describe('long text of which bits are read', () => {
  const text = 'a text of many words, höchst lesbar. '.repeat(60);

  it('is kept as bytes, and nobody can tell', () => {
    for (const options of [{}, { ex: 100 }]) {
      const [read, untouched] = [new Store(), new Store()];
      const told = toldBy(read);
      for (const store of [read, untouched]) store.set('k', text, options);
      const before = [told.events.length, told.effects.length];
      const bits = new TextEncoder().encode(text);
      expect(read.getbit('k', 1)).toBe((bits[0]! >> 6) & 1);
      const raw = rawUnder(read, 'k');
      expect(read.bitfield('k', [{ get: 'u8', offset: '#1000' }])).toEqual([bits[1000]]);
      expect(read.bitcount('k', { start: 3, end: 3 })).toBeGreaterThan(0);
      expect(rawUnder(read, 'k')).toBe(raw);
      expect([told.events.length, told.effects.length]).toEqual(before);
      for (const ask of [
        (store: Store) => store.get('k'),
        (store: Store) => store.bytes.get('k'),
        (store: Store) => store.objectEncoding('k'),
        (store: Store) => store.strlen('k'),
        (store: Store) => store.ttl('k'),
        (store: Store) => store.type('k'),
        (store: Store) => store.getrange('k', 10, 40),
        (store: Store) => connect(store).call('GET', 'k'),
        (store: Store) => connect(store).call('DEBUG', 'DIGEST-VALUE', 'k'),
        (store: Store) => [store.copy('k', 'l'), store.get('l'), store.objectEncoding('l')],
        (store: Store) => [store.append('k', '!'), store.get('k'), store.ttl('k')],
        (store: Store) => store.setGet('k', 'new'),
      ]) {
        expect(ask(read)).toEqual(ask(untouched));
        read.keyspace.checkInvariants();
      }
    }
  });

  it('does not break a WATCH, nor a transaction that is undone', () => {
    const store = new Store();
    store.set('k', text);
    const watch = store.watch('k');
    store.getbit('k', 1);
    expect(watch.multi().strlen('k').exec()).toEqual([text.length + 60]);
    for (const options of [{}, { ex: 100 }]) {
      store.set('k', text, options);
      expect(() =>
        store.transaction((tx) => {
          tx.getbit('k', 1);
          tx.setbit('k', 1, 0);
          tx.bitfield('k', [{ incrby: 'u8', offset: 0, increment: 1 }]);
          throw new Error('undone');
        }),
      ).toThrow('undone');
      expect(store.get('k')).toBe(text);
      expect(store.ttl('k')).toBe(options.ex === undefined ? -1 : 100);
      store.keyspace.checkInvariants();
    }
  });
});

describe('what bitmaps tell', () => {
  it('events where something changed, and effects that say what was written', () => {
    const store = new Store();
    const { events, effects } = toldBy(store);
    const told = (run: () => void) => {
      events.length = 0;
      effects.length = 0;
      run();
      return [[...events], [...effects]];
    };
    expect(told(() => store.setbit('k', 3, 1))).toEqual([['new k', 'setbit k'], ['SETBIT k 3 1']]);
    expect(told(() => store.setbit('k', 3, 1))).toEqual([[], []]);
    expect(told(() => store.setbit('k', 9, 0))).toEqual([['setbit k'], ['SETBIT k 9 0']]);
    expect(
      told(() =>
        store.bitfield('k', [
          { incrby: 'u8', offset: '#1', increment: 300, overflow: 'sat' },
          { get: 'u8', offset: 0 },
          { set: 'i8', offset: 0, value: 16 },
          { set: 'i8', offset: 0, value: 200 },
        ]),
      ),
    ).toEqual([['setbit k'], ['BITFIELD k SET u8 8 255 SET i8 0 -56']]);
    const failing = { incrby: 'u8', offset: 100, increment: 300, overflow: 'fail' } as const;
    expect(told(() => store.bitfield('k', [failing]))).toEqual([[], ['SETRANGE k 13 \0']]);
    expect(
      told(() =>
        store.bitfield('k', [
          { set: 'u8', offset: 0, value: 1 },
          { ...failing, offset: 200 },
        ]),
      ),
    ).toEqual([['setbit k'], ['SETRANGE k 25 \0', 'BITFIELD k SET u8 0 1']]);
    expect(told(() => store.bitop('not', 'd', 'k'))).toEqual([['new d', 'set d'], ['BITOP NOT d k']]);
    expect(told(() => store.bitop('or', 'd', 'missing'))).toEqual([['del d'], ['DEL d']]);
    expect(told(() => store.bitop('or', 'd', 'missing'))).toEqual([[], []]);
    store.rpush('l', 'a');
    expect(told(() => store.bitop('or', 'l', 'k'))).toEqual([
      ['overwritten l', 'type_changed l', 'set l'],
      ['BITOP OR l k'],
    ]);
  });

  it('are undone with a transaction, to the last bit and byte', () => {
    const store = new Store();
    store.setbit('k', 100, 1);
    store.set('t', 'abc');
    const [bits, length] = [store.bytes.get('k'), store.strlen('k')];
    expect(() =>
      store.transaction((tx) => {
        tx.setbit('k', 3, 1);
        tx.setbit('k', 10_000, 1);
        tx.setbit('t', 3, 1);
        tx.setbit('new', 3, 1);
        tx.bitfield('k', [{ incrby: 'i32', offset: 0, increment: -1, overflow: 'sat' }]);
        tx.bitop('not', 't', 'k');
        throw new Error('undone');
      }),
    ).toThrow('undone');
    expect(store.bytes.get('k')).toEqual(bits);
    expect(store.strlen('k')).toBe(length);
    expect(store.get('t')).toBe('abc');
    expect(store.objectEncoding('t')).toBe('embstr');
    expect(store.exists('new')).toBe(0);
  });

  it('let a user who may only read run a BITFIELD that only reads', () => {
    const wire = connect(new Store());
    wire.call('ACL', 'SETUSER', 'reader', 'on', 'nopass', '%R~*', '+@all');
    expect(wire.call('ACL', 'DRYRUN', 'reader', 'BITFIELD', 'k', 'GET', 'u8', '0')).toBe('OK');
    expect(wire.call('ACL', 'DRYRUN', 'reader', 'BITFIELD', 'k', 'SET', 'u8', '0', '1')).not.toBe('OK');
  });
});
