import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { copyFromRedis, copyToRedis } from '../../examples/move-to-redis.ts';
import { connect, Store } from '../../src/index.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';

// What a store holds, in a real Redis by way of DUMP and RESTORE, and back again.

// Says so loudly where there is no redis-server, and in CI that is an error; the tests below are then reported as skipped.
let server: RedisServer | undefined;
let redis: Redis;
beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  if (server === undefined) return;
  redis = new Redis({ host: '127.0.0.1', port: server.port });
  await redis.flushall();
});
afterEach(() => {
  if (server !== undefined) redis.disconnect();
});

/** What DEBUG DIGEST makes of all that a store holds. */
const digest = (store: Store) => connect(store).call('DEBUG', 'DIGEST');

function filled(): Store {
  const store = new Store();
  store.mset({ text: 'hello', number: '42', empty: '' });
  store.set(new Uint8Array([0xff, 0x00, 0x80]), new Uint8Array([0xfe, 0xff])); // no UTF-8 at all
  store.rpush('list', ['a', 'b', '3', 'x'.repeat(10_000)]);
  store.sadd('integers', ['3', '1', '2']);
  store.sadd('set', ['a', 'b', '1']);
  store.hset('hash', { name: 'Ada', born: '1815' });
  store.zadd('board', { ada: 0.1, bob: Number.NEGATIVE_INFINITY, cid: 3 });
  store.geoadd('places', [{ longitude: 13.361389, latitude: 38.115556, member: 'Palermo' }]);
  store.pfadd('visitors', ['ada', 'bob']);
  store.setbit('flags', 77, 1);
  store.xadd('orders', { order: 'tea' });
  store.xadd('orders', { order: 'coffee' });
  store.xgroupCreate('orders', 'kitchen', '0');
  store.xreadgroup('kitchen', 'ada', 'orders', { count: 1 });
  for (let number = 0; number < 250; number++)
    store.set(`page:${number}`, String(number), { ex: 1000 + number });
  return store;
}

test('a store goes to Redis and comes back as it was, with its TTLs', async ({ skip }) => {
  if (server === undefined) return skip();
  const store = filled();
  const keys = store.dbsize();
  expect(await copyToRedis(store, redis)).toEqual({ copied: keys, refused: [] });

  expect(await redis.dbsize()).toBe(keys);
  expect(await redis.zrange('board', 0, -1, 'WITHSCORES')).toEqual([
    'bob',
    '-inf',
    'ada',
    '0.10000000000000001',
    'cid',
    '3',
  ]);
  expect(await redis.getBuffer(Buffer.from([0xff, 0x00, 0x80]))).toEqual(Buffer.from([0xfe, 0xff]));
  expect(await redis.pexpiretime('page:7')).toBe(store.pexpiretime('page:7'));
  expect(await redis.pexpiretime('text')).toBe(-1);
  expect((await redis.xpending('orders', 'kitchen'))[0]).toBe(1);
  // Of the same bytes both make the same digest.
  expect(await redis.call('DEBUG', 'DIGEST')).toBe(digest(store));

  const back = new Store();
  expect(await copyFromRedis(redis, back)).toEqual({ copied: keys, refused: [] });
  expect(digest(back)).toBe(digest(store));
  expect(back.pexpiretime('page:7')).toBe(store.pexpiretime('page:7'));
});

test('work done in Redis comes back: only what is asked for, over what is there only if told so', async ({
  skip,
}) => {
  if (server === undefined) return skip();
  const store = new Store();
  store.zadd('board', { ada: 420, bob: 380 });
  store.set('other', 'mine');
  await copyToRedis(store, redis, { match: 'board' });
  expect(await redis.keys('*')).toEqual(['board']);
  await redis.zincrby('board', 50, 'bob');
  await redis.set('other', 'theirs');

  const busy = { key: 'board', reason: 'BUSYKEY Target key name already exists.' };
  expect(await copyFromRedis(redis, store, { match: 'board' })).toEqual({ copied: 0, refused: [busy] });
  expect(await copyToRedis(store, redis, { match: 'board' })).toEqual({ copied: 0, refused: [busy] });
  expect(await copyFromRedis(redis, store, { match: 'board', replace: true })).toEqual({
    copied: 1,
    refused: [],
  });
  expect(store.zrange('board', 0, -1)).toEqual(['ada', 'bob']);
  expect(store.get('other')).toBe('mine');
});

test('tells what cannot go, and takes the rest', async ({ skip }) => {
  if (server === undefined) return skip();
  const store = new Store();
  store.vadd('notes', [0.1, 0.9], 'bread');
  store.set('text', 'hello');
  expect(await copyToRedis(store, redis)).toEqual({
    copied: 1,
    refused: [{ key: 'notes', reason: 'ERR DUMP payload version or checksum are wrong' }],
  });
  expect(await redis.get('text')).toBe('hello');
});

test('ends where the connection does', async ({ skip }) => {
  if (server === undefined) return skip();
  redis.disconnect();
  await expect(copyToRedis(filled(), redis)).rejects.toThrow('Connection is closed');
});

const run = promisify(execFile);
const example = fileURLToPath(new URL('../../examples/move-to-redis.ts', import.meta.url));

test('the program moves some keys there and back, and leaves nothing behind', async ({ skip }) => {
  if (server === undefined) return skip();
  await redis.set('of somebody else', 'kept');
  const { stdout, stderr } = await run(process.execPath, [
    '--import',
    'tsx',
    example,
    '--port',
    String(server.port),
  ]);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^to Redis: \d keys$/m);
  expect(stdout).toContain('but not lodis example:notes: ERR DUMP payload version or checksum are wrong');
  expect(stdout).toContain(
    "lodis says: [ { member: 'ada', score: 420 }, { member: 'bob', score: 430 } ]\nvisitors: 3 TTL: ",
  );
  expect(await redis.keys('*')).toEqual(['of somebody else']);
});

test('the program says so where there is no Redis', async () => {
  const failed = await run(process.execPath, ['--import', 'tsx', example, '--port', '1']).catch(
    (error) => error,
  );
  expect(failed).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'no Redis at 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1\n',
  });
});
