import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countBits } from '../../../src/structures/bitmaps/bit-count.ts';
import {
  type FieldKind,
  type FieldOverflow,
  fitted,
  incremented,
  readField,
  writeField,
} from '../../../src/structures/bitmaps/bit-field.ts';
import { type BitOperation, combineBits } from '../../../src/structures/bitmaps/bit-operation.ts';
import { findBit } from '../../../src/structures/bitmaps/bit-position.ts';
import { spanOf } from '../../../src/structures/bitmaps/bit-range.ts';

// The pure functions on bytes, beside models that go bit by bit.

const SEED = 20_261_121;
function run<T>(property: fc.IProperty<T>): void {
  fc.assert(property, { seed: SEED, numRuns: 400 });
}

/** Text of ones and zeros. */
function bitsOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
}

/** Bytes that begin anywhere in a word, and hold long runs of one kind as well as a mixture. */
const someBytes = fc
  .record({
    skipped: fc.nat(7),
    parts: fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 20 }),
        fc.record({ length: fc.nat(70), byte: fc.constantFrom(0, 255) }),
      ),
      { maxLength: 5 },
    ),
  })
  .map(({ skipped, parts }) => {
    const bytes = parts.flatMap((part) =>
      part instanceof Uint8Array ? [...part] : new Array<number>(part.length).fill(part.byte),
    );
    // What is around them must not matter.
    return Uint8Array.from([...new Array<number>(skipped).fill(0xa5), ...bytes, 0xa5, 0xa5]).subarray(
      skipped,
      skipped + bytes.length,
    );
  });

const bytesWithSpan = someBytes.chain((bytes) =>
  fc.record({
    bytes: fc.constant(bytes),
    from: fc.nat(bytes.length * 8),
    to: fc.nat(bytes.length * 8),
  }),
);

describe('countBits', () => {
  it('counts what the bits themselves tell, in any part', () => {
    run(
      fc.property(bytesWithSpan, ({ bytes, from, to }) => {
        const expected = bitsOf(bytes).slice(from, Math.max(from, to)).replaceAll('0', '').length;
        expect(countBits(bytes, from, to)).toBe(expected);
      }),
    );
  });

  it('counts all of many', () => {
    expect(countBits(new Uint8Array(100_003).fill(255))).toBe(800_024);
    expect(countBits(new Uint8Array(100_003).fill(0x81), 1, 800_023)).toBe(200_004);
    expect(countBits(new Uint8Array(0))).toBe(0);
  });
});

describe('findBit', () => {
  it('finds the first, in any part', () => {
    run(
      fc.property(bytesWithSpan, fc.constantFrom<0 | 1>(0, 1), ({ bytes, from, to }, bit) => {
        const expected = bitsOf(bytes).slice(0, to).indexOf(String(bit), from);
        expect(findBit(bytes, bit, from, to)).toBe(from < to ? expected : -1);
      }),
    );
  });

  it('finds each one alone, wherever it stands', () => {
    for (let at = 0; at < 300; at++) {
      const bytes = new Uint8Array(40);
      bytes[at >> 3] = 0x80 >> (at & 7);
      expect(findBit(bytes, 1)).toBe(at);
      expect(
        findBit(
          bytes.map((byte) => ~byte),
          0,
        ),
      ).toBe(at);
      expect(findBit(bytes, 1, 0, at)).toBe(-1);
      expect(findBit(bytes, 1, at + 1)).toBe(-1);
    }
  });
});

describe('combineBits', () => {
  const operations: Record<BitOperation, (bits: readonly boolean[]) => boolean> = {
    and: (bits) => bits.every(Boolean),
    or: (bits) => bits.some(Boolean),
    xor: (bits) => bits.filter(Boolean).length % 2 === 1,
    not: ([bit]) => bit !== true,
    diff: ([x, ...ys]) => x === true && !ys.some(Boolean),
    diff1: ([x, ...ys]) => x !== true && ys.some(Boolean),
    andor: ([x, ...ys]) => x === true && ys.some(Boolean),
    one: (bits) => bits.filter(Boolean).length === 1,
  };
  for (const [name, combine] of Object.entries(operations)) {
    it(`${name} is what it says, bit by bit`, () => {
      const sources = fc.array(someBytes, { minLength: 1, maxLength: name === 'not' ? 1 : 5 });
      run(
        fc.property(sources, (given) => {
          const length = Math.max(...given.map((source) => source.length));
          const rows = given.map((source) => bitsOf(source).padEnd(length * 8, '0'));
          const expected = Array.from({ length: length * 8 }, (_, at) =>
            combine(rows.map((row) => row[at] === '1')) ? '1' : '0',
          ).join('');
          const before = given.map(bitsOf);
          expect(bitsOf(combineBits(name as BitOperation, given))).toBe(expected);
          expect(given.map(bitsOf)).toEqual(before);
        }),
      );
    });
  }

  it('answers bytes of its own', () => {
    const source = Uint8Array.of(1, 2, 3);
    combineBits('and', [source]).fill(0);
    combineBits('or', [source, source]).fill(0);
    expect([...source]).toEqual([1, 2, 3]);
  });
});

describe('spanOf', () => {
  it('is what the ends say, and never leaves the string', () => {
    const end = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.constantFrom(-(2 ** 53) + 1, 2 ** 53 - 1));
    run(
      fc.property(fc.nat(5), end, end, fc.boolean(), (byteCount, start, last, isInBits) => {
        const count = isInBits ? byteCount * 8 : byteCount;
        const first = Math.max(0, start < 0 ? count + start : start);
        const positions = Array.from({ length: count }, (_, at) => at).filter(
          (at) => at >= first && at <= Math.max(0, last < 0 ? count + last : last),
        );
        const { from, to } = spanOf(byteCount, start, last, isInBits);
        const unit = isInBits ? 1 : 8;
        if (positions.length === 0) expect(from).toBeGreaterThanOrEqual(to);
        else expect([from, to]).toEqual([positions[0]! * unit, (positions.at(-1)! + 1) * unit]);
      }),
    );
  });
});

describe('fields', () => {
  const kind: fc.Arbitrary<FieldKind> = fc
    .record({ isSigned: fc.boolean(), width: fc.integer({ min: 1, max: 64 }) })
    .filter(({ isSigned, width }) => isSigned || width < 64);
  const overflow = fc.constantFrom<FieldOverflow>('wrap', 'sat', 'fail');
  const int64 = fc
    .oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.bigInt({ min: -300n, max: 300n }),
      fc.constantFrom(2n ** 52n, -(2n ** 52n), 2n ** 53n - 1n, 2n ** 53n, -(2n ** 53n), 2n ** 52n + 1n),
    )
    .map(asInteger);

  function asInteger(exact: bigint): number | bigint {
    return exact >= -(2n ** 53n) + 1n && exact < 2n ** 53n ? Number(exact) : exact;
  }

  function bounds({ isSigned, width }: FieldKind): [least: bigint, greatest: bigint] {
    return isSigned
      ? [-(2n ** BigInt(width - 1)), 2n ** BigInt(width - 1) - 1n]
      : [0n, 2n ** BigInt(width) - 1n];
  }

  function wrapped({ isSigned, width }: FieldKind, exact: bigint): bigint {
    return isSigned ? BigInt.asIntN(width, exact) : BigInt.asUintN(width, exact);
  }

  it('are read as the bits say', () => {
    run(
      fc.property(kind, fc.nat(200), someBytes, (field, offset, bytes) => {
        const bits = bitsOf(bytes)
          .padEnd(offset + field.width, '0')
          .slice(offset, offset + field.width);
        expect(readField(bytes, field, offset)).toBe(asInteger(wrapped(field, BigInt(`0b${bits}`))));
      }),
    );
  });

  it('hold what was written, and nothing around them changes', () => {
    run(
      fc.property(
        kind,
        fc.nat(100),
        fc.uint8Array({ minLength: 24, maxLength: 24 }),
        int64,
        (field, offset, bytes, value) => {
          const written = fitted(field, value, 'wrap')!;
          const before = bitsOf(bytes);
          writeField(bytes, field, offset, written);
          expect(readField(bytes, field, offset)).toBe(written);
          const after = bitsOf(bytes);
          expect(after.slice(0, offset)).toBe(before.slice(0, offset));
          expect(after.slice(offset + field.width)).toBe(before.slice(offset + field.width));
        },
      ),
    );
  });

  it('are set within their bounds', () => {
    run(
      fc.property(kind, int64, overflow, (field, value, mode) => {
        const [least, greatest] = bounds(field);
        const exact = BigInt(value);
        // By Redis's arithmetic (see `fitted`) some far below count as far above.
        const isAbove = field.isSigned
          ? exact > greatest || (field.width < 64 && greatest - exact > 2n ** 63n - 1n)
          : exact > greatest || exact < 0n;
        const fits = exact >= least && exact <= greatest;
        const expected = fits
          ? exact
          : { wrap: wrapped(field, exact), sat: isAbove ? greatest : least, fail: undefined }[mode];
        expect(fitted(field, value, mode)).toBe(expected === undefined ? undefined : asInteger(expected));
      }),
    );
  });

  it('are incremented exactly, or as their overflow says', () => {
    run(
      fc.property(kind, int64, int64, overflow, (field, seed, increment, mode) => {
        const held = fitted(field, seed, 'wrap')!;
        const [least, greatest] = bounds(field);
        const exact = BigInt(held) + BigInt(increment);
        const fits = exact >= least && exact <= greatest;
        const expected = fits
          ? exact
          : { wrap: wrapped(field, exact), sat: exact > greatest ? greatest : least, fail: undefined }[mode];
        expect(incremented(field, held, increment, mode)).toBe(
          expected === undefined ? undefined : asInteger(expected),
        );
      }),
    );
  });
});
