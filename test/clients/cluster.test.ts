import { once } from 'node:events';
import { Redis } from 'ioredis';
import Redis4 from 'ioredis-4';
import Redis6 from 'ioredis-6';
import Valkey from 'iovalkey';
import { createCluster } from 'redis';
import { createCluster as createCluster4 } from 'redis-4';
import { createCluster as createCluster5 } from 'redis-5';
import { afterAll, describe, expect, test } from 'vitest';
import { connectorFor } from '../../src/clients/ioredis.ts';
import { socketFor } from '../../src/clients/node-redis.ts';
import { connect, Store } from '../../src/index.ts';
import { startRedisServer } from '../support/redis-server.ts';
import { until } from '../support/turns.ts';
import { connectionCount } from './support.ts';

const server = await startRedisServer({ args: ['--cluster-enabled', 'yes'] });
afterAll(() => server?.stop());

/** What a client gets, errors among it. */
async function outcomes(redis: Redis, commands: readonly string[]): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const line of commands) {
    const [name = '', ...args] = line.split(' ');
    all.push([line, await redis.call(name, ...args).catch((error: Error) => error.message)]);
  }
  return all;
}

describe.skipIf(server === undefined)('a node that has all slots, beside a real one', () => {
  const commands = [
    ...['k', '{a}b', 'x{a}b{c}', '{}k', '{k', 'a}{b', '{{a}}', 'é', '123456789'].map(
      (key) => `CLUSTER KEYSLOT ${key}`,
    ),
    ...['CLUSTER', 'CLUSTER KEYSLOT', 'CLUSTER SLOTS x', 'CLUSTER NOSUCH'],
    ...[
      'SELECT 0',
      'SELECT 1',
      'SELECT x',
      'SELECT',
      'SWAPDB 0 1',
      'SWAPDB',
      'MOVE k 1',
      'READONLY',
      'READWRITE',
    ],
    ...['MSET {k}1 a {k}2 b', 'MGET {k}1 {k}2', 'MGET k l', 'MGET', 'DEL k l m', 'DEL {k}1 {k}2', 'GET k'],
    ...[
      'SINTER k l',
      'SUNIONSTORE k l m',
      'ZUNIONSTORE k 2 l m',
      'ZUNION 2 k l',
      'ZUNION x k l',
      'RENAME k l',
    ],
    ...[
      'COPY k l DB 1',
      'LMPOP 2 k l LEFT',
      'SORT k STORE l',
      'BLPOP k l 0',
      'EXISTS k k k',
      'OBJECT ENCODING k',
    ],
    ...['MULTI', 'SET k 1', 'MGET k l', 'EXEC', 'MULTI', 'SET k 1', 'SET l 2', 'EXEC', 'GET k', 'EXEC'],
    ...['WATCH k l', 'WATCH k', 'MULTI', 'INCR k', 'SELECT 1', 'EXEC', 'MULTI', 'INCR k', 'EXEC'],
  ];

  test('refuses what a cluster refuses', async () => {
    const store = new Store();
    const local = new Redis({ Connector: connectorFor(store, { cluster: true }) });
    const remote = new Redis(server!.port);
    await remote.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await until(async () => String(await remote.call('CLUSTER', 'INFO')).includes('cluster_state:ok'));
    try {
      expect(await outcomes(local, commands)).toEqual(await outcomes(remote, commands));
      // They differ in who they are.
      const shape = (text: unknown) =>
        String(text)
          .replaceAll(/\d{2,}/g, 'N')
          .replaceAll(/[0-9a-f]{20,}/g, 'ID');
      const infoLines = (text: unknown) => shape(text).split('\r\n').slice(0, 9);
      expect(infoLines(await local.call('CLUSTER', 'INFO'))).toEqual(
        infoLines(await remote.call('CLUSTER', 'INFO')),
      );
      const [id, myId] = [
        String(await local.call('CLUSTER', 'MYID')),
        String(await remote.call('CLUSTER', 'MYID')),
      ];
      const named = (reply: unknown, node: string, port: number) =>
        JSON.parse(
          JSON.stringify(reply)
            .replaceAll(node, 'id')
            .replaceAll(String(port), '"port"')
            .replaceAll('127.0.0.1', ''),
        ) as unknown;
      for (const subcommand of ['SLOTS', 'SHARDS']) {
        const ours = named(await local.call('CLUSTER', subcommand), id, 6379);
        expect(ours).toEqual(named(await remote.call('CLUSTER', subcommand), myId, server!.port));
      }
    } finally {
      local.disconnect();
      remote.disconnect();
    }
  });
});

test('connections that were not made for a cluster are none of it', async () => {
  const connection = connect(new Store());
  const disabled = 'ERR This instance has cluster support disabled';
  for (const subcommand of ['INFO', 'SLOTS', 'SHARDS', 'NODES', 'MYID']) {
    expect(() => connection.call('CLUSTER', subcommand)).toThrow(disabled);
  }
  expect(() => connection.call('READONLY')).toThrow(disabled);
  expect(connection.call('MSET', 'a', '1', 'b', '2')).toBe('OK');
  expect(connection.call('SELECT', '1')).toBe('OK');
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
    const store = new Store();
    const cluster = open(store) as InstanceType<typeof Redis.Cluster>;
    await once(cluster, 'ready');
    expect(await cluster.set('k', 'v')).toBe('OK');
    expect(store.get('k')).toBe('v');
    expect(cluster.nodes('master').length).toBe(1);
    const keys = Array.from({ length: 50 }, (_, at) => `k${at}`);
    expect(await Promise.all(keys.map((key) => cluster.set(key, key)))).toEqual(keys.map(() => 'OK'));
    expect(await cluster.mget('{k}1', '{k}2')).toEqual([null, null]);
    await expect(cluster.mget('k1', 'k2')).rejects.toThrow('CROSSSLOT');
    const replies = await cluster.pipeline().get('{k}1').set('{k}2', 'v').exec();
    expect(replies).toEqual([
      [null, null],
      [null, 'OK'],
    ]);
    expect(await cluster.multi().set('{k}1', '1').incr('{k}1').exec()).toEqual([
      [null, 'OK'],
      [null, 2],
    ]);
    cluster.disconnect();
    await until(() => connectionCount(store) === 0);
  });

  const creators: Record<string, (store: Store) => unknown> = {
    'node-redis 6': (store) =>
      createCluster({ rootNodes: [{}], defaults: { socket: socketFor(store, { cluster: true }) } }),
    'node-redis 5': (store) =>
      createCluster5({ rootNodes: [{}], defaults: { socket: socketFor(store, { cluster: true }) } }),
    'node-redis 4': (store) =>
      createCluster4({ rootNodes: [{}], defaults: { socket: socketFor(store, { cluster: true }) } }),
  };

  test.each(Object.entries(creators))('%s', async (name, open) => {
    const store = new Store();
    const cluster = open(store) as ReturnType<typeof createCluster>;
    await cluster.connect();
    expect(await cluster.set('k', 'v')).toBe('OK');
    expect(store.get('k')).toBe('v');
    expect(cluster.masters.length).toBe(1);
    await expect(cluster.sInter(['k1', 'k2'])).rejects.toThrow('CROSSSLOT');
    expect(await cluster.multi().set('{k}1', '1').incr('{k}1').exec()).toEqual(['OK', 2]);
    if (name === 'node-redis 4') await cluster.disconnect();
    else cluster.destroy();
    await until(() => connectionCount(store) === 0);
  });
});
