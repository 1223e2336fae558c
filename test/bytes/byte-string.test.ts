import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  byteLength,
  compareBytes,
  concat,
  fromBytes,
  fromLatin1,
  isAscii,
  sliceBytes,
  sortsByUnits,
  toByteString,
  toBytes,
  toLatin1,
  toText,
  writeBytes,
} from '../../src/bytes/byte-string.ts';

const SEED = 1;

/** Bytes of which many are nearly UTF-8: whole characters, their fragments, and anything. */
const awkwardBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        [0x61],
        [0xc3, 0xa9],
        [0xe2, 0x82, 0xac],
        [0xf0, 0x9f, 0x98, 0x80],
        [0xe2, 0x82],
        [0xac],
        [0xed, 0xa0, 0x80],
        [0xed, 0xb2, 0x80],
        [0xc0, 0x80],
        [0xf4, 0x90, 0x80, 0x80],
        [0xef, 0xbb, 0xbf],
        [0xef, 0xbf, 0xbd],
        [0xee, 0x80, 0x80],
        [0xff],
        [0x00],
      ),
      fc.array(fc.nat(255), { maxLength: 4 }),
      fc.constant(new Array<number>(60).fill(0xff)),
      fc.constant(new Array<number>(60).fill(0x78)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Uint8Array.from(parts.flat()));

function check(property: fc.IProperty<[Uint8Array, Uint8Array]>): void {
  fc.assert(property, { seed: SEED, numRuns: 3000 });
}

const two = (run: (a: Uint8Array, b: Uint8Array) => void) => fc.property(awkwardBytes, awkwardBytes, run);
const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => Uint8Array.from([...a, ...b]);

describe('ByteString', () => {
  test('any bytes go in and come out unchanged', () => {
    check(
      two((a) => {
        expect(toBytes(fromBytes(a))).toEqual(a);
        const target = new Uint8Array(a.length + 4).fill(7);
        expect(writeBytes(fromBytes(a), target, 2)).toBe(2 + a.length);
        expect(target).toEqual(Uint8Array.from([7, 7, ...a, 7, 7]));
      }),
    );
  });

  test('different bytes are different strings, equal bytes the same', () => {
    check(
      two((a, b) => {
        const areEqual = Buffer.from(a).equals(Buffer.from(b));
        expect(fromBytes(a) === fromBytes(b)).toBe(areEqual);
      }),
    );
  });

  test('well-formed text is itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fromBytes(new TextEncoder().encode(text))).toBe(text.toWellFormed());
        expect(toByteString(text)).toBe(text.toWellFormed());
        expect(toText(toByteString(text))).toBe(text.toWellFormed());
      }),
      { seed: SEED },
    );
  });

  test('a lone surrogate in text means U+FFFD, as encoders write it, and never a byte', () => {
    expect(toByteString('a\udcff')).toBe('a\ufffd');
    expect(toByteString('\ud800')).toBe('\ufffd');
    expect(toByteString(Uint8Array.of(0xff))).toBe('\udcff');
  });

  test('lengths, order, slices and joins are those of the bytes', () => {
    check(
      two((a, b) => {
        const [x, y] = [fromBytes(a), fromBytes(b)];
        expect(byteLength(x)).toBe(a.length);
        expect(isAscii(x)).toBe(a.every((byte) => byte < 0x80));
        expect(Math.sign(compareBytes(x, y))).toBe(Buffer.compare(a, b));
        if (sortsByUnits(x) && sortsByUnits(y)) expect(x < y).toBe(Buffer.compare(a, b) < 0);
        expect(concat(x, y)).toBe(fromBytes(joined(a, b)));
        const [start, end] = [Math.floor(a.length / 3), Math.ceil((a.length * 2) / 3)];
        expect(sliceBytes(x, start, end)).toBe(fromBytes(a.slice(start, end)));
        expect(fromLatin1(toLatin1(x))).toBe(x);
        expect(toLatin1(x)).toBe(Buffer.from(a).toString('latin1'));
        expect(toText(x)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(a));
      }),
    );
  });

  test('long strings take the other paths', () => {
    for (const unit of ['x', 'é', '漢', '😀', '\ufeff']) {
      const text = unit.repeat(10_000);
      const bytes = new TextEncoder().encode(text);
      expect(fromBytes(bytes)).toBe(text);
      expect(byteLength(text)).toBe(bytes.length);
      expect(sliceBytes(text, 4, bytes.length - 4)).toBe(fromBytes(bytes.slice(4, -4)));
      const escaped = fromBytes(joined(joined(Uint8Array.of(0xff), bytes), Uint8Array.of(0xc3)));
      expect(escaped).toBe(`\udcff${text}\udcc3`);
      expect(toBytes(escaped).length).toBe(bytes.length + 2);
      expect(toLatin1(escaped).length).toBe(bytes.length + 2);
    }
  });

  test('anything else is refused in words', () => {
    const give = (value: unknown) => () => toByteString(value as string);
    expect(give(5)).toThrow('expected a string or a Uint8Array, got the number 5');
    expect(give(null)).toThrow('got null');
    expect(give(undefined)).toThrow('got undefined');
    expect(give(['a'])).toThrow('got an array');
    expect(give({})).toThrow('got object');
  });
});
