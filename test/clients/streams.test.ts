import { afterEach, describe, expect, test } from 'vitest';
import { Store } from '../../src/index.ts';
import { ioClients, nodeClients, openNodeClient } from './own-methods.ts';

// Streams by the clients' own methods, which make objects of the replies: what they make of ours must be what they are
// documented to make of a server's.

const endings: (() => unknown)[] = [];
afterEach(() => {
  for (const end of endings.splice(0).reverse()) end();
});

type Entry = [id: string, fields: string[]];
type Read = [key: string, entries: Entry[]][];

/** The methods of ioredis that are used here: its own declarations have an overload for every order of the options. */
interface IoStreams {
  xadd(...args: string[]): Promise<string>;
  xrange(...args: string[]): Promise<Entry[]>;
  xread(...args: string[]): Promise<Read | null>;
  xgroup(...args: string[]): Promise<unknown>;
  xreadgroup(...args: string[]): Promise<Read | null>;
  xack(...args: string[]): Promise<number>;
  xpending(...args: string[]): Promise<unknown[]>;
  xautoclaim(...args: string[]): Promise<[cursor: string, entries: Entry[], deleted: string[]]>;
  xinfo(...args: string[]): Promise<unknown[]>;
  duplicate(): IoStreams;
  disconnect(): void;
}

describe.each(Object.entries(ioClients))('%s', (_name, open) => {
  const opened = (store: Store): IoStreams => {
    const redis = open(store) as IoStreams;
    endings.push(() => redis.disconnect());
    return redis;
  };

  test('a group of two workers, one of which leaves its entry to the other', async () => {
    const store = new Store();
    const redis = opened(store);
    await redis.xgroup('CREATE', 'jobs', 'workers', '0', 'MKSTREAM');
    const first = await redis.xadd('jobs', '*', 'task', 'mail', 'to', 'ada');
    await redis.xadd('jobs', 'MAXLEN', '~', '1000', '*', 'task', 'print');
    const read = (worker: string) =>
      redis.xreadgroup('GROUP', 'workers', worker, 'COUNT', '1', 'STREAMS', 'jobs', '>');
    expect(await read('a')).toEqual([['jobs', [[first, ['task', 'mail', 'to', 'ada']]]]]);
    const [[, [[second]]]] = (await read('b')) as [[string, [Entry]]];
    expect(await redis.xack('jobs', 'workers', second)).toBe(1);
    expect(await redis.xpending('jobs', 'workers')).toEqual([1, first, first, [['a', '1']]]);
    store.advance(60_000);
    expect(await redis.xautoclaim('jobs', 'workers', 'b', '30000', '0')).toEqual([
      '0-0',
      [[first, ['task', 'mail', 'to', 'ada']]],
      [],
    ]);
    expect(await redis.xack('jobs', 'workers', first)).toBe(1);
    expect(await redis.xpending('jobs', 'workers')).toEqual([0, null, null, null]);
    expect((await redis.xinfo('STREAM', 'jobs')).slice(0, 2)).toEqual(['length', 2]);
    expect(await read('a')).toBe(null);
  });

  test('those who wait are woken by the store as by other clients', async () => {
    const store = new Store();
    const redis = opened(store);
    const reader = opened(store);
    const waiting = reader.xread('BLOCK', '0', 'STREAMS', 'news', '$');
    await redis.xrange('news', '-', '+');
    const id = store.xadd('news', { title: 'é', n: '1' });
    expect(await waiting).toEqual([['news', [[id, ['title', 'é', 'n', '1']]]]]);
    expect(await reader.xread('BLOCK', '1', 'STREAMS', 'news', '$')).toBe(null);
  });
});

// node-redis 5 has no XREAD in RESP3 ("unstable").
describe.each(Object.entries(nodeClients))('%s', (_name, open) => {
  const opened = async (store: Store) => {
    const { client, end } = await openNodeClient(open, store);
    endings.push(end);
    return client;
  };

  test('a group of two workers, one of which leaves its entry to the other', async () => {
    const store = new Store();
    const client = await opened(store);
    await client.xGroupCreate('jobs', 'workers', '0', { MKSTREAM: true });
    const first = await client.xAdd('jobs', '*', { task: 'mail', to: 'ada' });
    await client.xAdd(
      'jobs',
      '*',
      { task: 'print' },
      {
        TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: 1000 },
      },
    );
    const read = (worker: string) =>
      client.xReadGroup('workers', worker, { key: 'jobs', id: '>' }, { COUNT: 1 });
    const taken = JSON.parse(JSON.stringify(await read('a'))) as unknown;
    expect(taken).toMatchObject([
      { name: 'jobs', messages: [{ id: first, message: { task: 'mail', to: 'ada' } }] },
    ]);
    const [{ messages }] = (await read('b')) as unknown as [{ messages: [{ id: string }] }];
    expect(await client.xAck('jobs', 'workers', messages[0].id)).toBe(1);
    expect(await client.xPending('jobs', 'workers')).toMatchObject({
      pending: 1,
      firstId: first,
      lastId: first,
    });
    store.advance(60_000);
    const claimed = await client.xAutoClaim('jobs', 'workers', 'b', 30_000, '0');
    expect(claimed.messages).toMatchObject([{ id: first, message: { task: 'mail', to: 'ada' } }]);
    expect(await client.xAck('jobs', 'workers', first)).toBe(1);
    expect(await client.xInfoStream('jobs')).toMatchObject({ length: 2, groups: 1 });
    expect(await client.xInfoGroups('jobs')).toMatchObject([{ name: 'workers', consumers: 2, pending: 0 }]);
    const consumers = (await client.xInfoConsumers('jobs', 'workers')) as unknown as { name: string }[];
    expect(consumers.map((consumer) => consumer.name)).toEqual(['a', 'b']);
    expect(await read('a')).toBe(null);
  });

  test('those who wait are woken by the store as by other clients', async () => {
    const store = new Store();
    const client = await opened(store);
    const reader = await opened(store);
    const waiting = reader.xRead({ key: 'news', id: '$' }, { BLOCK: 0 });
    await client.xLen('news');
    const id = store.xadd('news', { title: 'é', n: '1' });
    const woken = JSON.parse(JSON.stringify(await waiting)) as unknown;
    expect(woken).toMatchObject([{ name: 'news', messages: [{ id, message: { title: 'é', n: '1' } }] }]);
    expect(await reader.xRead({ key: 'news', id: '$' }, { BLOCK: 1 })).toBe(null);
  });
});
