import { describe, expect, test } from 'vitest';
import { connect } from '../../../src/session/connection.ts';
import { Store } from '../../../src/store.ts';

// Longer strings than there is memory for, and than a string of the host can be.

/** Where the limit of Redis does not come first. */
function withoutLimit(): Store {
  const store = new Store();
  connect(store).call('CONFIG', 'SET', 'proto-max-bulk-len', String(2 ** 43));
  return store;
}

const BEYOND_MEMORY_BITS = 2 ** 45;

describe('what there is no memory for changes nothing', () => {
  test.each<[string, (store: Store) => unknown]>([
    ['setbit', (store) => store.setbit('k', BEYOND_MEMORY_BITS, 1)],
    ['bitfield', (store) => store.bitfield('k', [{ set: 'u8', offset: BEYOND_MEMORY_BITS, value: 1 }])],
    ['setrange', (store) => store.setrange('k', BEYOND_MEMORY_BITS / 8, 'x')],
  ])('%s', (_, write) => {
    const store = withoutLimit();
    expect(() => write(store)).toThrow(RangeError);
    expect(store.exists('k')).toBe(0);
    store.set('k', 'text', { ex: 100 });
    expect(() => write(store)).toThrow(RangeError);
    expect([store.get('k'), store.ttl('k'), store.objectEncoding('k')]).toEqual(['text', 100, 'embstr']);
    store.setbit('k', 7, 1);
    expect(() => write(store)).toThrow(RangeError);
    expect([store.get('k'), store.ttl('k')]).toEqual(['uext', 100]);
    store.keyspace.checkInvariants();
  });
});

test('the longest bitmap is no text, and read as bytes', { timeout: 60_000 }, () => {
  const store = new Store();
  expect(store.setbit('k', 2 ** 32 - 1, 1)).toBe(0);
  expect(() => store.setbit('k', 2 ** 32, 1)).toThrow('ERR bit offset is not an integer or out of range');
  expect([store.strlen('k'), store.getbit('k', 2 ** 32 - 1)]).toEqual([2 ** 29, 1]);
  expect(() => connect(store).call('GET', 'k')).toThrow(
    '536870912 bytes are more than a string can hold here',
  );
  expect(store.bytes.getrange('k', -2, -1)).toEqual(Uint8Array.of(0, 1));
  const dumped = store.dump('k')!;
  expect(dumped.length).toBeLessThan(2 ** 23);
  expect(store.restore('k', 0, dumped, { replace: true })).toBe('OK');
  expect([store.strlen('k'), store.getbit('k', 2 ** 32 - 1), store.getbit('k', 0)]).toEqual([2 ** 29, 1, 0]);
});
