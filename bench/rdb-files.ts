import { closeSync, fsyncSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ByteString } from '../src/bytes/byte-string.ts';
import { KeyspaceTarget, readContextOf } from '../src/persistence/rdb/file/keyspace-target.ts';
import { RdbReader } from '../src/persistence/rdb/file/rdb-reader.ts';
import { writeRdb } from '../src/persistence/rdb/file/whole-rdb.ts';
import { Store } from '../src/store.ts';
import { type RedisServer, startRedisServer } from '../test/support/redis-server.ts';
import { encode, ServerLink } from './ends.ts';
import { compare, type Section, type Settings } from './harness.ts';
import { formatFactor, printNote, printTable } from './table.ts';

export const rdbFiles: Section = {
  name: 'rdb-files',
  title: 'RDB files beside a redis-server: SAVE and DEBUG RELOAD NOSAVE',
  async run(settings) {
    const redis = await startRedisServer({ required: false });
    if (redis === undefined) return;
    const link = await ServerLink.connect(redis);
    const rows: string[][] = [];
    try {
      for (const data of DATA) rows.push(...(await compareData(data, redis, link, settings)));
    } finally {
      link.close();
      await redis.stop();
    }
    printTable(
      `Time of lodis ÷ time of redis-server ${redis.version}, and what that comes to`,
      ['job', 'lodis ÷ server', 'lodis, MB/s', 'server, MB/s', 'lodis, keys/s', 'server, keys/s'],
      rows,
    );
    printNote(
      'Both write to a file and sync it. lodis reads its file in chunks of a megabyte, and checks all values.',
    );
  },
};

interface Data {
  readonly name: string;
  readonly keyCount: (isQuick: boolean) => number;
  readonly fill: (store: Store, key: number) => void;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
const few = (isQuick: boolean): number => (isQuick ? 500 : 5000);

const DATA: readonly Data[] = [
  {
    name: 'small strings',
    keyCount: (isQuick) => (isQuick ? 50_000 : 300_000),
    fill: (store, key) => store.set(`key:${key}`, `value:${key}`),
  },
  {
    name: 'strings with a TTL',
    keyCount: (isQuick) => (isQuick ? 20_000 : 200_000),
    fill: (store, key) => store.set(`key:${key}`, `value:${key}`, { ex: 100_000 + key }),
  },
  {
    name: 'strings of 1 kB that compress',
    keyCount: (isQuick) => (isQuick ? 5000 : 50_000),
    fill: (store, key) => store.set(`key:${key}`, `{"user":${key},"name":"value"},`.repeat(34)),
  },
  {
    name: 'hashes of 20 fields',
    keyCount: few,
    fill: (store, key) =>
      store.hset(`hash:${key}`, Object.fromEntries(numbers(20).map((at) => [`field:${at}`, `value:${key}`]))),
  },
  {
    name: 'sorted sets of 500',
    keyCount: (isQuick) => few(isQuick) / 25,
    fill: (store, key) =>
      store.zadd(`zset:${key}`, Object.fromEntries(numbers(500).map((at) => [`member:${at}`, at * 3]))),
  },
  {
    name: 'lists of 500',
    keyCount: (isQuick) => few(isQuick) / 25,
    fill: (store, key) =>
      store.rpush(
        `list:${key}`,
        numbers(500).map((at) => `element:${at * key}`),
      ),
  },
];

async function compareData(
  { name, keyCount, fill }: Data,
  redis: RedisServer,
  link: ServerLink,
  settings: Settings,
): Promise<string[][]> {
  const count = keyCount(settings.isQuick);
  const store = new Store();
  for (let key = 0; key < count; key++) fill(store, key);
  const file = join(redis.dir, 'dump.rdb');
  const bytes = writeRdb(store);
  writeFileSync(file, bytes);
  const reload = encode([['DEBUG', 'RELOAD', 'NOSAVE']]);
  const save = encode([['SAVE']]);
  await link.send(reload);
  const own = join(redis.dir, 'lodis.rdb');
  const rows: string[][] = [];
  for (const [job, run, request] of [
    ['save', () => writeSynced(own, writeRdb(store)), save],
    ['load', () => load(bytes), reload],
  ] as const) {
    const { fastestNs } = await compare(
      `${job} ${name}`,
      count,
      [
        { name: 'lodis', run },
        { name: 'server', isWaiting: true, run: () => link.send(request) },
      ],
      settings,
    );
    const ours = fastestNs.get('lodis')!;
    const theirs = fastestNs.get('server')!;
    const bytesPerKey = statSync(file).size / count;
    rows.push([
      `${job} ${count} ${name}`,
      formatFactor(ours / theirs),
      ...[ours, theirs].map((ns) => ((bytesPerKey / ns) * 1000).toFixed(0)),
      ...[ours, theirs].map((ns) => Math.round(1e9 / ns).toLocaleString('en')),
    ]);
  }
  return rows;
}

function writeSynced(file: ByteString, bytes: Uint8Array): number {
  const handle = openSync(file, 'w');
  writeSync(handle, bytes);
  fsyncSync(handle);
  closeSync(handle);
  return bytes.length;
}

function load(bytes: Uint8Array): number {
  const { keyspace } = new Store();
  const target = new KeyspaceTarget(keyspace);
  const reader = new RdbReader(target, readContextOf(keyspace), { totalBytes: bytes.length });
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) reader.push(bytes.subarray(at, at + CHUNK_BYTES));
  reader.end();
  return target.loadedCount;
}

const CHUNK_BYTES = 2 ** 20;
