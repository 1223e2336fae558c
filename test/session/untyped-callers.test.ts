// What callers without types get wrong is said at once, in words that name it: a misspelt option is otherwise missed much later.
import { describe, expect, test } from 'vitest';
import {
  type ConnectionOptions,
  connect,
  portStream,
  Store,
  type StoreOptions,
  serve,
} from '../../src/index.ts';

const wrongly = <T>(value: unknown): T => value as T;

describe('new Store()', () => {
  test.each([
    [{ notifyKeyspaceEvent: 'Ex' }, 'unknown option notifyKeyspaceEvent; there are databases, clock'],
    [{ limits: { hashMaxEntries: 1 } }, 'unknown option hashMaxEntries; there are hashMaxListpackEntries'],
    [{ clock: Date.now() % 1 }, 'expected a clock, which has a method now(), got the number 0'],
    [{ clock: {} }, 'expected a clock, which has a method now(), got object'],
    [{ random: 0.5 }, 'random must be a function, got the number 0.5'],
    [{ onSubscriberError: 'log' }, 'onSubscriberError must be a function, got string'],
    ['redis://localhost', 'expected an object of options, got string'],
    [null, 'expected an object of options, got null'],
  ])('of %j', (options, message) => {
    expect(() => new Store(wrongly<StoreOptions>(options))).toThrow(TypeError);
    expect(() => new Store(wrongly<StoreOptions>(options))).toThrow(message);
  });

  test('takes what is undefined for not given, and any clock with now()', () => {
    const options = { clock: Date, limits: undefined, random: undefined, onSubscriberError: undefined };
    expect(new Store(wrongly<StoreOptions>(options)).dbsize()).toBe(0);
  });
});

describe('connect()', () => {
  test('wants a store', () => {
    expect(() => connect(wrongly<Store>('redis://localhost'))).toThrow('expected a Store, got string');
    expect(() => connect(wrongly<Store>(undefined))).toThrow('expected a Store, got undefined');
  });

  test.each([
    [{ protcol: 3 }, 'unknown option protcol; there are protocol, bytes'],
    [3, 'expected an object of options, got the number 3'],
    [{ protocol: 4 }, 'protocol must be 2 or 3, got 4'],
  ])('with the options %j', (options, message) => {
    const store = new Store();
    expect(() => connect(store, wrongly<ConnectionOptions>(options))).toThrow(message);
    expect(connect(store).call('CLIENT', 'LIST')).toMatch(/^id=\d+ [^\n]*\n$/);
  });
});

describe('serve() and portStream()', () => {
  test.each([undefined, null, 'tcp', 6379, {}, new Store()])('of no stream', (stream) => {
    expect(() => serve(new Store(), wrongly(stream))).toThrow(
      /^expected a duplex stream of Node, \{ readable, writable \} or a MessagePort, got /,
    );
  });

  test('of no store', () => {
    const { port1, port2 } = new MessageChannel();
    expect(() => serve(wrongly<Store>(port1), port2)).toThrow('expected a Store, got object');
    port1.close();
  });

  test.each([undefined, 5, {}])('of no port', (port) => {
    expect(() => portStream(wrongly(port))).toThrow('expected a MessagePort, got ');
  });
});

test('transaction() wants a function', () => {
  const store = new Store();
  expect(() => store.transaction(wrongly([store.multi()]))).toThrow('expected a function, got an array');
});
