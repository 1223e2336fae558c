import { describe, expect, test } from 'vitest';
import { valueDigest } from '../../src/session/debug/digest.ts';
import type { RawView } from '../../src/session/raw-view.ts';

type Entry = readonly [id: string, ...fields: string[]];

/** A view of a store with this stream alone. */
function viewOf(entries: readonly Entry[], expires = -1): RawView {
  const view = {
    type: () => 'stream',
    xrange: () => entries.map(([id, ...fields]) => ({ id, fields })),
    pexpiretime: () => expires,
  };
  return view as unknown as RawView;
}

const ONE: Entry = ['1-1', 'a', '1'];
const TWO: Entry = ['1-2', 'a', '2', 'bb', ''];
const LAST: Entry = ['18446744073709551615-18446744073709551615', 'z', '\udce9\udcff'];

describe('the digest of a stream', () => {
  test.each([
    [[], '06bd01623de1d087bbd377851096317b1af476a2'],
    [[ONE], 'e63bcb852a375e66ef47d37f2575bc03f71e7ecd'],
    [[ONE, TWO], '1be51dfd77e7b31ff849be92d81095fd26751506'],
    [[ONE, TWO, LAST], '458fabf930b5e861a1ac9956a919c8a75b2f5d7e'],
  ])('as a server (7.0.15) told it: %j', (entries: Entry[], expected) => {
    expect(valueDigest(viewOf(entries), 's').hex).toBe(expected);
  });

  test('that it expires is told, not when', () => {
    const { hex } = valueDigest(viewOf([ONE], 5), 's');
    expect(hex).toBe(valueDigest(viewOf([ONE], 6), 's').hex);
    expect(hex).not.toBe(valueDigest(viewOf([ONE]), 's').hex);
  });
});
