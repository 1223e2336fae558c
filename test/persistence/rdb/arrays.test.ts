import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReplyError, Store } from '../../../src/index.ts';
import { Mutator } from '../../differential/support/mutations.ts';
import { bodyOf, hex, payload, toHex } from './support.ts';

const GREATEST = 2n ** 64n - 2n;

const index = fc.oneof(
  fc.nat(20).map(BigInt),
  fc.nat(100_000).map(BigInt),
  fc.bigInt({ min: 0n, max: GREATEST }),
  fc.constant(GREATEST),
);
const value = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'seven77',
    'eight888',
    '0.5',
    '-1.25',
    '3.0',
    '0.1',
    '-0',
    '-0.0',
    '1.50',
    '007',
    '1e5',
    'inf',
  ),
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc.double({ noNaN: true }).map(String),
  fc.string({ maxLength: 40 }),
  fc.uint8Array({ maxLength: 20 }),
);

/** An index as the typed API takes it. */
function given(exact: bigint): number | bigint {
  return exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : exact;
}

test('any array comes back as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(index, value), { minLength: 1, maxLength: 60 }), (pairs) => {
      const store = new Store();
      for (const [at, held] of pairs) store.arset('a', given(at), held);
      const dumped = store.dump('a')!;
      const other = new Store();
      other.restore('a', 0, dumped);
      other.keyspace.checkInvariants();
      expect(toHex(other.dump('a')!)).toBe(toHex(dumped));
      expect(other.bigints.arlen('a')).toBe(store.bigints.arlen('a'));
      expect(other.arcount('a')).toBe(store.arcount('a'));
    }),
    { seed: 20_261_121, numRuns: 200 },
  );
});

test('the bytes are those of Redis 8.8', () => {
  const store = new Store();
  store.arset('a', 0, ['-5', '0.5', 'short', 'longer than that']);
  store.arset('a', 100, '3.0');
  expect(toHex(bodyOf(store.dump('a')!))).toBe(
    toHex(
      hex(
        '1c 05 00 00 01 fbffffffffffffff 01 02 000000000000e03f 02 03 05 73686f7274' +
          ' 03 00 10 6c6f6e676572207468616e2074686174 4064 02 0000000000000840',
      ),
    ),
  );
  expect(store.dump('a')!.at(-10)).toBe(14);
});

test('the cursor comes along', () => {
  const store = new Store();
  store.arinsert('a', ['x', 'y']);
  const other = new Store();
  other.restore('a', 0, store.dump('a')!);
  expect(other.arinsert('a', 'z')).toBe(2);
});

for (const [name, body] of Object.entries({
  'without values': '1c 00 00',
  'with an index twice': '1c 02 00 01 03 01 61 01 03 01 62',
  'with an index beyond all': '1c 01 00 81 ffffffffffffffff 03 01 61',
  'with a cursor beyond all': '1c 01 01 81 ffffffffffffffff 01 03 01 61',
  'with a flag that is none': '1c 01 02 01 01 03 01 61',
  'with an unknown tag': '1c 01 00 01 04 01 61',
  'with a double that is none': '1c 01 00 01 02 000000000000f87f',
  'with a short string that is long': '1c 01 00 01 03 08 6161616161616161',
  'with more values than bytes': '1c 80 00ffffff 00 01 03 01 61',
})) {
  test(`not ${name}`, () => {
    expect(() => new Store().restore('a', 0, payload(hex(body), 14))).toThrow('ERR Bad data format');
  });
}

test('damaged ones are refused, or are sound', () => {
  const store = new Store();
  for (let at = 0; at < 40; at++) store.arset('a', at * at, [`${at}`, `${at / 4}`, `text ${at}`]);
  store.arinsert('a', 'x');
  const mutator = new Mutator(3, [bodyOf(store.dump('a')!), hex('1c 01 00 05 03 01 61')]);
  let taken = 0;
  for (let run = 0; run < 2000; run++) {
    const body = mutator.next();
    const other = new Store();
    try {
      other.restore('a', 0, payload(body, 14));
    } catch (error) {
      if (error instanceof ReplyError && error.message === 'ERR Bad data format') continue;
      throw new Error(toHex(body), { cause: error });
    }
    taken++;
    other.keyspace.checkInvariants();
    if (other.type('a') === 'array') other.bigints.arscan('a', 0, GREATEST);
  }
  expect(taken).toBeGreaterThan(100);
});
