import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectorFor } from '../../src/clients/ioredis.ts';
import { socketFor } from '../../src/clients/node-redis.ts';
import { Store } from '../../src/index.ts';
import { memoryFiles } from '../../src/persistence/index.ts';
import { until } from '../support/turns.ts';

// The clients' own methods for what is kept, on a store that is kept: as their suites call them.

const storage = memoryFiles();
let store: Store;
beforeEach(async () => {
  store = await Store.open({ storage, save: [[1000, 1000]], appendonly: true, appendfsync: 'always' });
});
afterEach(async () => {
  await store.close();
});

test('ioredis', async () => {
  const redis = new Redis({ Connector: connectorFor(store), retryStrategy: () => null });
  redis.on('error', () => {});
  await redis.set('k', 'v');
  expect(await redis.save()).toBe('OK');
  expect(await redis.bgsave()).toBe('Background saving started');
  await until(() => store.persistence?.isSaving === false);
  expect(await redis.bgsave('SCHEDULE')).toBe('Background saving started');
  await until(() => store.persistence?.isSaving === false);
  expect(await redis.bgrewriteaof()).toBe('Background append only file rewriting started');
  await until(() => store.persistence?.isRewriting === false);
  expect(Math.abs((await redis.lastsave()) - Date.now() / 1000)).toBeLessThan(60);
  expect(await redis.call('WAITAOF', '1', '0', '0')).toEqual([1, 0]);
  expect(await redis.info('persistence')).toContain('aof_enabled:1');
  expect(await redis.config('GET', 'appendfsync')).toEqual(['appendfsync', 'always']);
  expect(await redis.multi().set('a', 1).incr('a').exec()).toEqual([
    [null, 'OK'],
    [null, 2],
  ]);
  expect(await redis.debug('RELOAD' as never)).toBe('OK');
  expect(await redis.mget('k', 'a')).toEqual(['v', '2']);
  await redis.shutdown().catch((error: unknown) => expect(String(error)).toContain('closed'));
  await until(() => redis.status === 'end');
  expect(() => store.set('k', 'w')).toThrow('the store is closed');
});

test('node-redis', async () => {
  const client = createClient({ socket: { ...socketFor(store), reconnectStrategy: false } });
  client.on('error', () => {});
  await client.connect();
  await client.set('k', 'w');
  expect(await client.get('a')).toBe('2');
  expect(await client.sendCommand(['SAVE'])).toBe('OK');
  expect(await client.bgSave()).toBe('Background saving started');
  await until(() => store.persistence?.isSaving === false);
  expect(await client.bgRewriteAof()).toBe('Background append only file rewriting started');
  await until(() => store.persistence?.isRewriting === false);
  expect(Math.abs(Number(await client.lastSave()) - Date.now() / 1000)).toBeLessThan(60);
  expect(await client.configGet('appendonly')).toMatchObject({ appendonly: 'yes' });
  expect(await client.sendCommand(['WAITAOF', '1', '0', '0'])).toEqual([1, 0]);
  expect(await client.sendCommand(['DEBUG', 'RELOAD'])).toBe('OK');
  expect(await client.get('k')).toBe('w');
  client.destroy();
});
