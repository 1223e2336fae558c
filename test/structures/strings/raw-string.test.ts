import { describe, expect, test } from 'vitest';
import { RawString } from '../../../src/structures/strings/raw-string.ts';
import { STRING } from '../../../src/structures/strings/string-value.ts';

describe('the memory a string takes', () => {
  test('is that of its text', () => {
    expect(STRING.heapBytes('x'.repeat(100))).toBe(16 + 104);
    expect(STRING.heapBytes('漢'.repeat(100))).toBe(16 + 200);
    expect(STRING.heapBytes('')).toBe(0);
  });

  test('is, edited in place, that of its buffer with what is spare', () => {
    const raw = RawString.from('x'.repeat(100));
    const before = STRING.heapBytes(raw);
    raw.append('y');
    expect(raw.length).toBe(101);
    expect(STRING.heapBytes(raw)).toBe(before + 102);
    raw.append('z');
    expect(STRING.heapBytes(raw)).toBe(before + 102);
    raw.checkInvariants();
  });
});
