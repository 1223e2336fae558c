import { afterEach, describe, expect, test } from 'vitest';
import { Store } from '../../src/index.ts';
import { ioClients, nodeClients, openNodeClient } from './own-methods.ts';

// Bitmaps, counters, places, arrays, vectors and serialised values by the clients' own methods: what those make of our
// replies must be what they make of a server's.

const endings: (() => unknown)[] = [];
afterEach(() => {
  for (const end of endings.splice(0).reverse()) end();
});

/** The methods of ioredis that are used here: its own declarations have an overload for every order of the options. */
interface IoRedis {
  call(command: string, ...args: (string | number | Buffer)[]): Promise<unknown>;
  setbit(key: string, offset: number, bit: number): Promise<number>;
  getbit(key: string, offset: number): Promise<number>;
  bitcount(key: string, ...range: (string | number)[]): Promise<number>;
  bitpos(key: string, bit: number, ...range: (string | number)[]): Promise<number>;
  bitop(operation: string, destination: string, ...sources: string[]): Promise<number>;
  bitfield(key: string, ...operations: (string | number)[]): Promise<(number | null)[]>;
  getBuffer(key: string): Promise<Buffer | null>;
  pfadd(key: string, ...elements: string[]): Promise<number>;
  pfcount(...keys: string[]): Promise<number>;
  pfmerge(destination: string, ...sources: string[]): Promise<'OK'>;
  geoadd(key: string, ...members: (string | number)[]): Promise<number>;
  geodist(key: string, a: string, b: string, unit?: string): Promise<string | null>;
  geohash(key: string, ...members: string[]): Promise<(string | null)[]>;
  geopos(key: string, ...members: string[]): Promise<([string, string] | null)[]>;
  geosearch(key: string, ...query: (string | number)[]): Promise<unknown[]>;
  geosearchstore(destination: string, source: string, ...query: (string | number)[]): Promise<number>;
  georadius(key: string, ...query: (string | number)[]): Promise<unknown[]>;
  dumpBuffer(key: string): Promise<Buffer>;
  restore(key: string, ttl: number, payload: Buffer, ...options: string[]): Promise<'OK'>;
  rpush(key: string, ...values: (string | Buffer)[]): Promise<number>;
  lrange(key: string, start: number, stop: number): Promise<string[]>;
  disconnect(): void;
}

describe.each(Object.entries(ioClients))('%s', (_name, open) => {
  const opened = (store = new Store()): IoRedis => {
    const redis = open(store) as IoRedis;
    endings.push(() => redis.disconnect());
    return redis;
  };

  test('bitmaps', async () => {
    const redis = opened();
    expect(await redis.setbit('seen', 7, 1)).toBe(0);
    expect(await redis.setbit('seen', 100, 1)).toBe(0);
    expect(await redis.getbit('seen', 7)).toBe(1);
    expect(await redis.bitcount('seen')).toBe(2);
    expect(await redis.bitcount('seen', 0, 0)).toBe(1);
    expect(await redis.bitpos('seen', 1, 1)).toBe(100);
    await redis.setbit('bought', 7, 1);
    expect(await redis.bitop('AND', 'both', 'seen', 'bought')).toBe(13);
    expect(await redis.getBuffer('both')).toEqual(Buffer.from([1, ...new Array<number>(12).fill(0)]));
    expect(
      await redis.bitfield('counters', 'INCRBY', 'u2', 0, 1, 'OVERFLOW', 'FAIL', 'INCRBY', 'u2', 0, 3),
    ).toEqual([1, null]);
  });

  test('HyperLogLog, whose bytes are Redis’s', async () => {
    const redis = opened();
    expect(await redis.pfadd('visitors', 'ada', 'bob', 'ada')).toBe(1);
    expect(await redis.pfadd('visitors', 'ada')).toBe(0);
    expect(await redis.pfadd('others', 'eve', 'bob')).toBe(1);
    expect(await redis.pfmerge('all', 'visitors', 'others')).toBe('OK');
    expect(await redis.pfcount('all')).toBe(3);
    expect(await redis.pfcount('visitors', 'others')).toBe(3);
    expect((await redis.getBuffer('visitors'))!.subarray(0, 5)).toEqual(Buffer.from('HYLL\u0001'));
  });

  test('places', async () => {
    const redis = opened();
    expect(
      await redis.geoadd('sicily', 13.361389, 38.115556, 'Palermo', 15.087269, 37.502669, 'Catania'),
    ).toBe(2);
    expect(await redis.geodist('sicily', 'Palermo', 'Catania', 'km')).toBe('166.2742');
    expect(await redis.geodist('sicily', 'Palermo', 'Rome')).toBe(null);
    expect(await redis.geohash('sicily', 'Palermo', 'Rome', 'Catania')).toEqual([
      'sqc8b49rny0',
      null,
      'sqdtr74hyu0',
    ]);
    const palermo = ['13.361389338970184', '38.1155563954963'];
    expect(await redis.geopos('sicily', 'Palermo', 'Rome')).toEqual([palermo, null]);
    const query = ['FROMLONLAT', 15, 37, 'BYRADIUS', 200, 'km', 'ASC'];
    expect(await redis.geosearch('sicily', ...query)).toEqual(['Catania', 'Palermo']);
    expect(
      await redis.geosearch('sicily', ...query, 'COUNT', 1, 'WITHDIST', 'WITHHASH', 'WITHCOORD'),
    ).toEqual([['Catania', '56.4413', 3479447370796909, ['15.087267458438873', '37.50266842333162']]]);
    expect(await redis.geosearchstore('near', 'sicily', ...query)).toBe(2);
    expect(await redis.georadius('near', 15, 37, 100, 'km')).toEqual(['Catania']);
  });

  test('a value goes from store to store as bytes', async () => {
    const [redis, other] = [opened(), opened()];
    await redis.rpush('list', 'a', Buffer.from([0xff, 0x00, 0xfe]), '12345', 'ü'.repeat(100));
    const payload = await redis.dumpBuffer('list');
    expect(await other.restore('copy', 0, payload)).toBe('OK');
    expect(await other.dumpBuffer('copy')).toEqual(payload);
    expect(await other.lrange('copy', 2, 2)).toEqual(['12345']);
    await expect(other.restore('copy', 0, payload)).rejects.toThrow(
      'BUSYKEY Target key name already exists.',
    );
    expect(await other.restore('copy', 0, payload, 'REPLACE')).toBe('OK');
    payload[3]! ^= 1;
    await expect(other.restore('copy', 0, payload, 'REPLACE')).rejects.toThrow(
      'ERR DUMP payload version or checksum are wrong',
    );
  });

  test('arrays and vectors', async () => {
    const redis = opened();
    expect(await redis.call('ARSET', 'readings', '0', 'a', 'b', 'c')).toBe(3);
    expect(await redis.call('ARGETRANGE', 'readings', '0', '3')).toEqual(['a', 'b', 'c', null]);
    // A boolean in RESP3, of which version 6 makes what RESP2 has.
    expect(await redis.call('VADD', 'points', 'VALUES', '2', '1', '0', 'east')).toBe(1);
    await redis.call('VADD', 'points', 'FP32', Buffer.from(new Float32Array([0, 1]).buffer), 'north');
    expect(await redis.call('VSIM', 'points', 'VALUES', '2', '0.9', '0.1', 'COUNT', '1')).toEqual(['east']);
  });
});

describe.each(Object.entries(nodeClients))('%s', (_name, open) => {
  const opened = async (store = new Store()) => {
    const { client, end } = await openNodeClient(open, store);
    endings.push(end);
    return client;
  };

  test('bitmaps and HyperLogLog', async () => {
    const client = await opened();
    expect(await client.setBit('seen', 7, 1)).toBe(0);
    expect(await client.bitCount('seen', { start: 0, end: 0 })).toBe(1);
    expect(await client.bitPos('seen', 1)).toBe(7);
    expect(
      await client.bitField('counters', [
        { operation: 'INCRBY', encoding: 'u2', offset: 0, increment: 1 },
        { operation: 'OVERFLOW', behavior: 'FAIL' },
        { operation: 'INCRBY', encoding: 'u2', offset: 0, increment: 3 },
      ]),
    ).toEqual([1, null]);
    // Version 4 makes a boolean of it.
    expect(Number(await client.pfAdd('visitors', ['ada', 'bob']))).toBe(1);
    expect(await client.pfCount('visitors')).toBe(2);
  });

  test('places', async () => {
    const client = await opened();
    await client.geoAdd('sicily', [
      { longitude: 13.361389, latitude: 38.115556, member: 'Palermo' },
      { longitude: 15.087269, latitude: 37.502669, member: 'Catania' },
    ]);
    expect(await client.geoDist('sicily', 'Palermo', 'Catania', 'km')).toBe(166.2742);
    const from = { longitude: 15, latitude: 37 };
    expect(await client.geoSearch('sicily', from, { radius: 100, unit: 'km' })).toEqual(['Catania']);
    const found = await client.geoSearchWith(
      'sicily',
      from,
      { width: 400, height: 400, unit: 'km' },
      ['WITHDIST'],
      { SORT: 'ASC' },
    );
    // Version 6 makes numbers of the distances.
    expect(found.map(({ member, distance }) => [member, String(distance)])).toEqual([
      ['Catania', '56.4413'],
      ['Palermo', '190.4424'],
    ]);
  });

  test('vectors', async () => {
    const client = await opened();
    if (!('vAdd' in client)) return;
    expect(await client.vAdd('points', [1, 0], 'east', { SETATTR: { price: 10 } })).toBe(true);
    expect(await client.vAdd('points', [0, 1], 'north', { SETATTR: { price: 20 } })).toBe(true);
    expect(await client.vDim('points')).toBe(2);
    expect(await client.vSim('points', [0.9, 0.1])).toEqual(['east', 'north']);
    expect(await client.vSim('points', 'east', { FILTER: '.price > 15' })).toEqual(['north']);
    expect(await client.vSimWithScores('points', 'east', { COUNT: 1 })).toEqual({ east: 1 });
    expect(await client.vGetAttr('points', 'north')).toEqual({ price: 20 });
    expect((await client.vInfo('points')).size).toBe(2);
    expect(await client.vEmb('points', 'north')).toEqual([0, 1]);
    expect(await client.vRem('points', 'north')).toBe(true);
    expect(await client.vCard('points')).toBe(1);
  });
});
