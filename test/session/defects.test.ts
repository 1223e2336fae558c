import { describe, expect, test } from 'vitest';
import { type Connection, connect, Store } from '../../src/index.ts';

/** A store whose source of chance fails, and with it any command that asks for some. */
function unlucky(): { store: Store; connection: Connection } {
  const store = new Store({
    random: () => {
      throw new RangeError('no luck');
    },
  });
  store.sadd('s', ['a', 'b', 'c']);
  return { store, connection: connect(store) };
}

describe('what is no error of Redis comes out of a connection, which goes on', () => {
  test('after a call', () => {
    const { connection } = unlucky();
    expect(() => connection.call('SRANDMEMBER', 's')).toThrow(RangeError);
    expect(connection.call('ECHO', 'x')).toBe('x');
  });

  test('in the midst of a transaction: nothing of it is left', () => {
    const { connection } = unlucky();
    for (const name of ['MULTI', 'PING']) connection.call(name);
    connection.call('SRANDMEMBER', 's');
    connection.call('PING');
    expect(() => connection.call('EXEC')).toThrow(RangeError);
    expect(connection.call('ECHO', 'x')).toBe('x');
    expect(connection.call('MONITOR')).toBe('OK');
  });

  test('after what was sent, also with more behind it', async () => {
    const { store, connection } = unlucky();
    await expect(connection.send('SRANDMEMBER', 's')).rejects.toThrow(RangeError);
    expect(connection.call('ECHO', 'x')).toBe('x');
    const popped = connection.send('BLPOP', 'l', '0');
    const failed = connection.send('SRANDMEMBER', 's');
    const echoed = connection.send('ECHO', 'y');
    const outcomes = Promise.allSettled([popped, failed, echoed]);
    store.rpush('l', 'a');
    expect(
      (await outcomes).map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason))),
    ).toEqual([['l', 'a'], 'RangeError: no luck', 'y']);
  });
});
