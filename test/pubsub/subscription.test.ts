import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Store } from '../../src/index.ts';
import { settled } from '../support/turns.ts';

/** What is there to read by now, without waiting for more. */
async function readAll<M>(subscription: AsyncIterable<M>): Promise<M[]> {
  const iterator = subscription[Symbol.asyncIterator]();
  const read: M[] = [];
  for (;;) {
    const next = await Promise.race([iterator.next(), nothing()]);
    if (next === NOTHING || next.done === true) return read;
    read.push(next.value);
  }
}

const NOTHING = Symbol('nothing');
const nothing = async (): Promise<typeof NOTHING> => {
  await settled();
  return NOTHING;
};

describe('listeners', () => {
  test('are called with the message and its channel, while it is published', () => {
    const store = new Store();
    const listener = vi.fn();
    const subscription = store.subscribe(['news', 'sport'], listener);
    expect(store.publish('news', 'a')).toBe(1);
    expect(store.publish('sport', 'b')).toBe(1);
    expect(store.publish('other', 'c')).toBe(0);
    expect(listener.mock.calls).toEqual([
      ['a', 'news'],
      ['b', 'sport'],
    ]);
    subscription.unsubscribe();
    expect(subscription.closed).toBe(true);
    expect(store.publish('news', 'd')).toBe(0);
    subscription.unsubscribe();
    expect(listener).toHaveBeenCalledTimes(2);
  });

  test('of patterns are called with the pattern too, once for each that matches', () => {
    const store = new Store();
    const listener = vi.fn();
    store.psubscribe(['n*', '*s', 'x*'], listener);
    expect(store.publish('news', 'a')).toBe(2);
    expect(listener.mock.calls).toEqual([
      ['a', 'news', 'n*'],
      ['a', 'news', '*s'],
    ]);
    expect(store.pubsubNumpat()).toBe(3);
  });

  test('of shard channels hear SPUBLISH only', () => {
    const store = new Store();
    const listener = vi.fn();
    store.ssubscribe('news', listener);
    expect([store.publish('news', 'a'), store.spublish('news', 'b')]).toEqual([0, 1]);
    expect(listener.mock.calls).toEqual([['b', 'news']]);
    expect(store.pubsubShardchannels()).toEqual(['news']);
    expect(store.pubsubShardnumsub('news')).toEqual([{ channel: 'news', subscribers: 1 }]);
  });

  test('a name given twice is subscribed to once, no name to nothing', () => {
    const store = new Store();
    const listener = vi.fn();
    store.subscribe(['news', 'news'], listener);
    const none = store.subscribe([], listener);
    expect(store.publish('news', 'a')).toBe(1);
    expect(none.closed).toBe(false);
    none.unsubscribe();
    expect(store.pubsubNumsub(['news', 'x'])).toEqual([
      { channel: 'news', subscribers: 1 },
      { channel: 'x', subscribers: 0 },
    ]);
  });

  test('every database and every view of a store shares the channels', () => {
    const store = new Store();
    const listener = vi.fn();
    store.select(3).subscribe('news', listener);
    expect(store.bytes.publish('news', Uint8Array.of(0x61))).toBe(1);
    expect(listener.mock.calls).toEqual([['a', 'news']]);
    expect(new Store().publish('news', 'b')).toBe(0);
  });

  test('of the view in bytes get bytes', () => {
    const store = new Store();
    const listener = vi.fn();
    const other = vi.fn();
    store.bytes.psubscribe(Uint8Array.of(0xff, 0x2a), listener);
    store.subscribe(Uint8Array.of(0xff), other);
    expect(store.publish(Uint8Array.of(0xff), Uint8Array.of(0, 0xfe))).toBe(2);
    const [message, channel, pattern] = listener.mock.calls[0]!;
    expect(message).toEqual(Uint8Array.of(0, 0xfe));
    expect(channel).toEqual(Uint8Array.of(0xff));
    expect(pattern).toEqual(Uint8Array.of(0xff, 0x2a));
    expect(other.mock.calls).toEqual([['\0\ufffd', '\ufffd']]);
    expect(store.bytes.pubsubChannels()).toEqual([Uint8Array.of(0xff)]);
  });

  test('may throw and harm nobody: the error goes to onSubscriberError when all were served', () => {
    const reported: unknown[] = [];
    const store = new Store({ onSubscriberError: (error) => reported.push(error) });
    const error = new Error('of a listener');
    const listener = vi.fn(() => expect(reported).toEqual([]));
    store.subscribe('news', () => {
      throw error;
    });
    store.subscribe('news', listener);
    expect(store.publish('news', 'a')).toBe(2);
    expect(listener).toHaveBeenCalledTimes(1);
    expect(reported).toEqual([error]);
  });

  test('may unsubscribe themselves and others, and publish', () => {
    const store = new Store();
    const seen: string[] = [];
    const first = store.subscribe('news', (message) => {
      seen.push(`first ${message}`);
      first.unsubscribe();
      second.unsubscribe();
      store.publish('news', 'b');
    });
    const second = store.subscribe('news', (message) => seen.push(`second ${message}`));
    store.subscribe('news', (message) => seen.push(`third ${message}`));
    expect(store.publish('news', 'a')).toBe(3);
    expect(seen).toEqual(['first a', 'third a', 'third b']);
  });
});

describe('iterating', () => {
  test('messages wait from the moment of subscribing', async () => {
    const store = new Store();
    const subscription = store.psubscribe(['n*', '*s']);
    store.publish('news', 'a');
    store.publish('nose', 'b');
    expect(subscription.size).toBe(3);
    expect(await readAll(subscription)).toEqual([
      { channel: 'news', message: 'a', pattern: 'n*' },
      { channel: 'news', message: 'a', pattern: '*s' },
      { channel: 'nose', message: 'b', pattern: 'n*' },
    ]);
    expect(subscription.size).toBe(0);
  });

  test('a loop waits for what is published later, and leaving it unsubscribes', async () => {
    const store = new Store();
    const subscription = store.subscribe('news');
    const read: string[] = [];
    const loop = (async () => {
      for await (const { channel, message } of subscription) {
        read.push(`${channel} ${message}`);
        if (message === 'end') break;
      }
    })();
    await settled();
    store.publish('news', 'a');
    await settled();
    store.publish('news', 'b');
    store.publish('news', 'end');
    store.publish('news', 'too late');
    await loop;
    expect(read).toEqual(['news a', 'news b', 'news end']);
    expect(subscription.closed).toBe(true);
    expect(subscription.size).toBe(0);
    expect(store.publish('news', 'c')).toBe(0);
  });

  test('an error in the loop unsubscribes too', async () => {
    const store = new Store();
    const subscription = store.subscribe('news');
    store.publish('news', 'a');
    const loop = async () => {
      for await (const { message } of subscription) throw new Error(message);
    };
    await expect(loop()).rejects.toThrow('a');
    expect(store.pubsubChannels()).toEqual([]);
  });

  test('unsubscribing ends the loop after what waits', async () => {
    const store = new Store();
    const subscription = store.subscribe('news');
    store.publish('news', 'a');
    subscription.unsubscribe();
    store.publish('news', 'b');
    const read: string[] = [];
    for await (const { message } of subscription) read.push(message);
    expect(read).toEqual(['a']);
  });

  test('whoever waits is told when it ends', async () => {
    const store = new Store();
    const subscription = store.subscribe('news');
    const iterator = subscription[Symbol.asyncIterator]();
    const waiting = [iterator.next(), iterator.next()];
    subscription.unsubscribe();
    expect(await Promise.all([...waiting, iterator.next()])).toEqual(
      new Array(3).fill({ value: undefined, done: true }),
    );
  });

  test('several loops share: each message goes to one of them, in the order in which they asked', async () => {
    const store = new Store();
    const subscription = store.subscribe('news');
    const [a, b] = [subscription[Symbol.asyncIterator](), subscription[Symbol.asyncIterator]()];
    const asked = [a.next(), b.next(), a.next()];
    for (const message of ['1', '2', '3', '4']) store.publish('news', message);
    const got = (await Promise.all(asked)).map(({ value }) => value?.message);
    expect(got).toEqual(['1', '2', '3']);
    expect((await b.next()).value).toEqual({ channel: 'news', message: '4' });
    expect(a[Symbol.asyncIterator]()).toBe(a);
    await a.return?.();
    expect(await b.next()).toEqual({ value: undefined, done: true });
  });

  test('a subscription with a listener refuses', () => {
    const subscription = new Store().subscribe('news', () => {});
    expect(() => subscription[Symbol.asyncIterator]()).toThrow(TypeError);
  });
});

describe('a full buffer', () => {
  const publishNumbers = (store: Store, count: number) => {
    for (let at = 1; at <= count; at++) store.publish('n', String(at));
  };
  const messages = async (subscription: AsyncIterable<{ message: string }>) =>
    (await readAll(subscription)).map(({ message }) => message);

  test('drops the oldest', async () => {
    const store = new Store();
    const subscription = store.subscribe('n', undefined, { buffer: 3, overflow: 'drop-oldest' });
    publishNumbers(store, 5);
    expect([subscription.size, subscription.dropped, subscription.closed]).toEqual([3, 2, false]);
    expect(await messages(subscription)).toEqual(['3', '4', '5']);
  });

  test('drops the newest', async () => {
    const store = new Store();
    const subscription = store.subscribe('n', undefined, { buffer: 3, overflow: 'drop-newest' });
    publishNumbers(store, 5);
    expect([subscription.size, subscription.dropped, subscription.closed]).toEqual([3, 2, false]);
    expect(await messages(subscription)).toEqual(['1', '2', '3']);
  });

  test('ends the subscription otherwise: the loop gets what waits, then an error', async () => {
    const store = new Store();
    const subscription = store.subscribe('n', undefined, { buffer: 3 });
    publishNumbers(store, 5);
    expect([subscription.size, subscription.dropped, subscription.closed]).toEqual([3, 1, true]);
    expect(store.pubsubChannels()).toEqual([]);
    const read: string[] = [];
    const loop = (async () => {
      for await (const { message } of subscription) read.push(message);
    })();
    await expect(loop).rejects.toThrow('3 messages waited to be read');
    expect(read).toEqual(['1', '2', '3']);
    expect(await messages(subscription)).toEqual([]);
  });

  test('has room for 1024 if nothing else is said', () => {
    const store = new Store();
    const subscription = store.subscribe('n');
    publishNumbers(store, 1024);
    expect([subscription.size, subscription.closed]).toEqual([1024, false]);
    store.publish('n', 'one more');
    expect(subscription.closed).toBe(true);
  });

  test('and reading in any rhythm agree with a plain queue', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ publish: fc.nat(50), read: fc.nat(50) }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 80 }),
        fc.constantFrom('drop-oldest', 'drop-newest'),
        async (steps, buffer, overflow) => {
          const store = new Store();
          const subscription = store.subscribe('n', undefined, { buffer, overflow });
          const iterator = subscription[Symbol.asyncIterator]();
          let model: string[] = [];
          let number = 0;
          for (const { publish, read } of steps) {
            for (let at = 0; at < publish; at++) {
              store.publish('n', String(++number));
              model.push(String(number));
              if (model.length > buffer)
                model = overflow === 'drop-oldest' ? model.slice(1) : model.slice(0, -1);
            }
            expect(subscription.size).toBe(model.length);
            for (let at = 0; at < read && model.length > 0; at++) {
              expect((await iterator.next()).value.message).toBe(model.shift());
            }
          }
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });
});

describe('ending', () => {
  test('by a signal', async () => {
    const store = new Store();
    const controller = new AbortController();
    const remove = vi.spyOn(controller.signal, 'removeEventListener');
    const listener = vi.fn();
    const heard = store.subscribe('news', listener, { signal: controller.signal });
    const read = store.subscribe('news', undefined, { signal: controller.signal });
    store.publish('news', 'a');
    controller.abort();
    expect([heard.closed, read.closed]).toEqual([true, true]);
    expect(store.publish('news', 'b')).toBe(0);
    expect(listener).toHaveBeenCalledTimes(1);
    expect(await readAll(read)).toEqual([{ channel: 'news', message: 'a' }]);
    expect(remove).toHaveBeenCalledTimes(2);
  });

  test('not by what is no signal: it is refused, and nothing is subscribed to', () => {
    const store = new Store();
    const wrong = (signal: unknown) => () =>
      store.subscribe('news', undefined, { signal: signal as AbortSignal });
    expect(wrong(new AbortController())).toThrow(
      'expected an AbortSignal, got its controller: write .signal',
    );
    expect(wrong(null)).toThrow('expected an AbortSignal, got null');
    expect(store.pubsubChannels()).toEqual([]);
  });

  test('by a signal that was aborted before: nothing is subscribed to', () => {
    const store = new Store();
    const subscription = store.subscribe('news', undefined, { signal: AbortSignal.abort() });
    expect(subscription.closed).toBe(true);
    expect(store.pubsubChannels()).toEqual([]);
  });

  test('lets go of the signal when it ends otherwise', () => {
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    const subscription = new Store().subscribe('news', () => {}, { signal });
    subscription.unsubscribe();
    expect(remove.mock.calls[0]?.slice(0, 2)).toEqual(add.mock.calls[0]?.slice(0, 2));
  });

  test('with the block, where the host knows of such blocks', () => {
    const store = new Store();
    const subscription = store.subscribe('news', () => {});
    subscription[Symbol.dispose]();
    expect(subscription.closed).toBe(true);
  });

  test('with the store: of all views and databases, and the store stays usable', async () => {
    const store = new Store();
    const listener = vi.fn();
    const subscriptions = [
      store.subscribe('news', listener),
      store.bytes.psubscribe('*', listener),
      store.select(1).ssubscribe('news', listener),
      store.subscribe(['news', 'sport']),
    ];
    const iterator = subscriptions[3]![Symbol.asyncIterator]();
    const waiting = iterator.next();
    store.close();
    expect(subscriptions.map(({ closed }) => closed)).toEqual([true, true, true, true]);
    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(store.publish('news', 'a')).toBe(0);
    store.subscribe('news', listener);
    expect(store.publish('news', 'a')).toBe(1);
  });
});

describe('what is wrong is said at once', () => {
  const store = new Store();
  afterEach(() => expect(store.pubsubChannels()).toEqual([]));

  test.each<[string, unknown[], string]>([
    ['a channel that is none', [5], 'expected a string or a Uint8Array'],
    ['a list of channels with a hole', [['news', undefined]], 'expected a string or a Uint8Array'],
    [
      'a listener that is none',
      ['news', { signal: null }],
      'expected a listener, which is a function, got object; options come third: (names, undefined, options)',
    ],
    ['an option that is misspelt', ['news', undefined, { bufer: 5 }], 'unknown option bufer'],
    [
      'a buffer without room',
      ['news', undefined, { buffer: 0 }],
      'buffer must be a whole number from 1, got 0',
    ],
    ['a buffer that is no number', ['news', undefined, { buffer: '5' }], 'buffer must be a whole number'],
    [
      'an overflow there is not',
      ['news', undefined, { overflow: 'drop' }],
      'overflow must be error, drop-oldest',
    ],
  ])('%s', (_what, args, message) => {
    expect(() => Reflect.apply(store.subscribe, store, args)).toThrow(message);
  });
});
