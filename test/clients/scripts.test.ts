import { once } from 'node:events';
import { type ChainableCommander, Redis } from 'ioredis';
import Redis4 from 'ioredis-4';
import Redis6 from 'ioredis-6';
import Valkey from 'iovalkey';
import { createClient, defineScript } from 'redis';
import { createClient as createClient4, defineScript as defineScript4 } from 'redis-4';
import { createClient as createClient5, defineScript as defineScript5 } from 'redis-5';
import { afterEach, describe, expect, test } from 'vitest';
import { connectorFor } from '../../src/clients/ioredis.ts';
import { socketFor } from '../../src/clients/node-redis.ts';
import { connect, Store } from '../../src/index.ts';
import { lua } from '../../src/scripting/index.ts';
import { ioClients } from './own-methods.ts';

// What clients make of scripts: commands of one's own, which go by their digest first and by their source where that is
// not known.

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

function scriptable(): Store {
  const store = new Store({ scripting: lua() });
  endings.push(() => store.close());
  return store;
}

/** What the defined commands look like, which the clients' types cannot know. */
interface Defined<T> {
  add(key: string, by: string | number): T;
  join(count: number, ...rest: (string | Buffer)[]): T;
  joinBuffer(count: number, ...rest: (string | Buffer)[]): T;
  fails(): T;
}
type Client = Redis & Defined<Promise<unknown>>;

const ADD = "return redis.call('INCRBY', KEYS[1], ARGV[1])";
const JOIN = "return {KEYS[1] or '', ARGV[1] or '', #KEYS, #ARGV}";

function define(redis: Redis): Client {
  redis.defineCommand('add', { numberOfKeys: 1, lua: ADD });
  redis.defineCommand('join', { lua: JOIN });
  redis.defineCommand('fails', { numberOfKeys: 0, lua: "return redis.error_reply('OWN words')" });
  return redis as Client;
}

describe.each(Object.entries(ioClients))('%s', (_name, open) => {
  function opened(store: Store): Client {
    const redis = open(store) as Redis;
    endings.push(() => redis.disconnect());
    return define(redis);
  }

  test('commands of one’s own', async () => {
    const store = scriptable();
    const redis = opened(store);
    expect(await redis.add('n', 2)).toBe(2);
    expect(await redis.add('n', '3')).toBe(5);
    expect(await redis.join(1, 'k', 'v')).toEqual(['k', 'v', 1, 1]);
    expect(await redis.join(0, 'v')).toEqual(['', 'v', 0, 1]);
    await expect(redis.fails()).rejects.toThrow('OWN words');
    await expect(redis.add('n', 'x')).rejects.toThrow('not an integer');
    expect(store.get('n')).toBe('5');
  });

  test('bytes', async () => {
    const redis = opened(scriptable());
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect(await redis.joinBuffer(1, all, all)).toEqual([all, all, 1, 1]);
  });

  test('the server forgets them', async () => {
    const store = scriptable();
    const redis = opened(store);
    expect(await redis.add('n', 1)).toBe(1);
    store.scriptFlush();
    expect(await redis.add('n', 1)).toBe(2);
  });

  test('in pipelines and transactions', async () => {
    const store = scriptable();
    const redis = opened(store);
    const batch = (all: ChainableCommander) =>
      (all as ChainableCommander & Defined<ChainableCommander>).add('n', 1) as typeof all &
        Defined<ChainableCommander>;
    const first = batch(redis.pipeline()).add('n', 2) as ChainableCommander & Defined<ChainableCommander>;
    expect(await (first.fails() as ChainableCommander).get('n').exec()).toEqual([
      [null, 1],
      [null, 3],
      [expect.objectContaining({ message: 'OWN words' })],
      [null, '3'],
    ]);
    const second = batch(redis.multi()).add('n', 2) as ChainableCommander;
    expect(await second.exec()).toEqual([
      [null, 4],
      [null, 6],
    ]);
    expect(await redis.eval(ADD, 1, 'n', 4)).toBe(10);
    const digest = (await redis.script('LOAD', ADD)) as string;
    expect(await redis.evalsha(digest, 1, 'n', 1)).toBe(11);
  });
});

describe('clients of a cluster', () => {
  const openers: Record<string, (store: Store) => unknown> = {
    'ioredis 5': (store) =>
      new Redis.Cluster([{}], { redisOptions: { Connector: connectorFor(store, { cluster: true }) } }),
    'ioredis 6': (store) =>
      new Redis6.Cluster([{}], { redisOptions: { Connector: connectorFor(store, { cluster: true }) } }),
    'ioredis 4': (store) =>
      new Redis4.Cluster([{}], { redisOptions: { Connector: connectorFor(store, { cluster: true }) } }),
    iovalkey: (store) =>
      new Valkey.Cluster([{}], { redisOptions: { Connector: connectorFor(store, { cluster: true }) } }),
  };

  test.each(Object.entries(openers))('%s', async (_name, open) => {
    const store = scriptable();
    const cluster = open(store) as Redis;
    endings.push(() => cluster.disconnect());
    await once(cluster, 'ready');
    const redis = define(cluster);
    expect(await redis.add('n', 2)).toBe(2);
    expect(await redis.join(2, '{k}1', '{k}2', 'v')).toEqual(['{k}1', 'v', 2, 1]);
    await expect(redis.join(2, 'k1', 'k2', 'v')).rejects.toThrow(/slot/i);
    await expect(redis.eval("#!lua\nreturn redis.call('GET', 'other')", 1, 'n')).rejects.toThrow(
      'Script attempted to access keys that do not hash to the same slot',
    );
  });
});

const LIBRARY = `#!lua name=mylib
redis.register_function('add', function(keys, args) return redis.call('INCRBY', keys[1], args[1]) end)
redis.register_function{function_name = 'read', callback = function(keys) return redis.call('GET', keys[1]) end, flags = {'no-writes'}}`;

describe('node-redis', () => {
  test('4', async () => {
    const store = scriptable();
    const client = createClient4({
      socket: socketFor(store),
      scripts: {
        add: defineScript4({
          NUMBER_OF_KEYS: 1,
          SCRIPT: ADD,
          transformArguments: (key: string, by: number) => [key, String(by)],
          transformReply: (reply: number) => reply,
        }),
      },
      functions: {
        mylib: {
          add: {
            NUMBER_OF_KEYS: 1,
            transformArguments: (key: string, by: number) => [key, String(by)],
            transformReply: (reply: number) => reply,
          },
        },
      },
    });
    endings.push(() => client.disconnect());
    await client.connect();
    expect(await client.add('n', 2)).toBe(2);
    store.scriptFlush();
    expect(await client.add('n', 3)).toBe(5);
    expect(await client.multi().add('n', 1).add('n', 1).exec()).toEqual([6, 7]);
    expect(await client.functionLoad(LIBRARY)).toBe('mylib');
    expect(await client.mylib.add('n', 3)).toBe(10);
    expect(await client.fCallRo('read', { keys: ['n'], arguments: [] })).toBe('10');
    expect(await client.functionStats()).toMatchObject({ runningScript: null });
    expect(await client.functionList()).toMatchObject([{ libraryName: 'mylib', engine: 'LUA' }]);
    expect(await client.eval('return {KEYS, ARGV}', { keys: ['k'], arguments: ['a'] })).toEqual([
      ['k'],
      ['a'],
    ]);
  });

  const parser = {
    NUMBER_OF_KEYS: 1,
    parseCommand(to: { pushKey(key: string): void; push(...args: string[]): void }, key: string, by: number) {
      to.pushKey(key);
      to.push(String(by));
    },
    transformReply: (reply: unknown) => Number(reply),
  };

  test('5', async () => {
    const store = scriptable();
    const client = createClient5({
      socket: socketFor(store),
      scripts: { add: defineScript5({ ...parser, SCRIPT: ADD }) },
      functions: { mylib: { add: parser } },
    });
    endings.push(() => client.destroy());
    await client.connect();
    expect(await client.add('n', 2)).toBe(2);
    store.scriptFlush();
    expect(await client.add('n', 3)).toBe(5);
    expect(await client.multi().add('n', 1).add('n', 1).exec()).toEqual([6, 7]);
    expect(await client.functionLoad(LIBRARY)).toBe('mylib');
    expect(await client.mylib.add('n', 3)).toBe(10);
    expect(await client.functionList()).toMatchObject([{ library_name: 'mylib', engine: 'LUA' }]);
  });

  test.each([2, 3] as const)('6, RESP%i', async (RESP) => {
    const store = scriptable();
    const client = createClient({
      socket: socketFor(store),
      RESP,
      scripts: { add: defineScript({ ...parser, SCRIPT: ADD }) },
      functions: { mylib: { add: parser } },
    });
    endings.push(() => client.destroy());
    await client.connect();
    expect(await client.add('n', 2)).toBe(2);
    store.scriptFlush();
    expect(await client.add('n', 3)).toBe(5);
    expect(await client.multi().add('n', 1).add('n', 1).exec()).toEqual([6, 7]);
    expect(await client.functionLoad(LIBRARY)).toBe('mylib');
    expect(await client.mylib.add('n', 3)).toBe(10);
    const payload = await client.functionDump();
    expect(payload).toBeDefined();
    expect(await client.functionList()).toMatchObject([{ library_name: 'mylib', engine: 'LUA' }]);
    expect(await client.functionStats()).toMatchObject({ running_script: null });
    await expect(client.eval('return redis.error_reply("OWN words")')).rejects.toThrow('OWN words');
    expect(connect(store).call('FUNCTION', 'DELETE', 'mylib')).toBe('OK');
    await expect(client.mylib.add('n', 3)).rejects.toThrow('Function not found');
  });
});
