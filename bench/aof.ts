import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '../src/index.ts';
import type { AppendFsync } from '../src/keyspace/persistence.ts';
import { EffectEncoder } from '../src/persistence/aof/effect-encoder.ts';
import { replayFile } from '../src/persistence/aof/replay.ts';
import { nodeFiles } from '../src/persistence/node.ts';
import { NodeStorage } from '../src/persistence/storage/node-storage.ts';
import { afterTurn } from '../src/ttl/host-turn.ts';
import { type RedisServer, startRedisServer } from '../test/support/redis-server.ts';
import { encode, ServerLink } from './ends.ts';
import { compare, type Section, type Settings } from './harness.ts';
import { formatFactor, printNote, printTable } from './table.ts';

export const aof: Section = {
  name: 'aof',
  title: 'the append-only file',
  async run(settings) {
    const folder = await mkdtemp(join(tmpdir(), 'lodis-bench-aof-'));
    try {
      await encoding(settings);
      await replaying(folder, settings);
      await policies(folder, settings);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
const KEYS = numbers(1000).map((at) => `key:${at}`);
const VALUE = 'a value of some length';

async function encoding(settings: Settings): Promise<void> {
  const encoder = new EffectEncoder();
  const count = 20_000;
  const run = (value: string) => () => {
    for (let at = 0; at < count; at++) {
      encoder.begin();
      encoder.write(0, ['SET', KEYS[at % 1000]!, value]);
      encoder.end();
      if (encoder.lengthBytes > 65_536) encoder.clear();
    }
    return encoder.lengthBytes;
  };
  const { medianNs } = await compare(
    'encoding',
    count,
    [
      { name: 'ASCII', run: run(VALUE) },
      { name: 'other text', run: run('un détail qui coûte') },
      { name: '1 KB', run: run('x'.repeat(1024)) },
    ],
    settings,
  );
  const rows = [...medianNs].map(([name, ns]) => [`SET of ${name}`, ns.toFixed(0)]);
  printTable('An effect as bytes', ['effect', 'ns'], rows);
}

async function replaying(folder: string, settings: Settings): Promise<void> {
  const redis = await startRedisServer({ args: ['--appendonly', 'yes'], required: false });
  if (redis === undefined) return;
  const count = settings.isQuick ? 20_000 : 200_000;
  const bytes = encode([
    ['SELECT', '0'],
    ...numbers(count).map((at) =>
      at % 3 === 0
        ? ['RPUSH', `l${at % 50}`, `v${at}`]
        : at % 3 === 1
          ? ['HSET', `h${at % 500}`, `f${at % 20}`, String(at)]
          : ['SET', KEYS[at % 1000]!, VALUE],
    ),
  ]);
  const name = 'appendonly.aof.1.incr.aof';
  const place = join(folder, 'replay', 'appendonlydir');
  await mkdir(place, { recursive: true });
  await writeFile(join(place, name), bytes);
  await writeFile(join(place, 'appendonly.aof.manifest'), `file ${name} seq 1 type i\n`);
  await rm(join(redis.dir, 'appendonlydir'), { recursive: true });
  await cp(place, join(redis.dir, 'appendonlydir'), { recursive: true });
  const storage = new NodeStorage(join(folder, 'replay'));
  const link = await ServerLink.connect(redis);
  const load = encode([['DEBUG', 'LOADAOF']]);
  const { fastestNs } = await compare(
    'replay',
    count,
    [
      {
        name: 'lodis',
        isWaiting: true,
        run: async () => {
          const file = (await storage.open(`appendonlydir/${name}`))!;
          const turn = () => new Promise<void>(afterTurn);
          const { commands } = await replayFile(new Store().keyspace, file, name, { turn });
          await file.close();
          return commands;
        },
      },
      { name: 'redis-server', isWaiting: true, run: () => link.send(load) },
    ],
    settings,
  );
  link.close();
  await redis.stop();
  const rows = [...fastestNs].map(([who, ns]) => [who, (1e9 / ns).toFixed(0)]);
  printTable('Loading a file of SET, HSET and RPUSH', ['', 'commands a second'], rows);
}

async function policies(folder: string, settings: Settings): Promise<void> {
  const rows: string[][] = [];
  for (const policy of [undefined, 'no', 'everysec', 'always'] as const) {
    const redis = await startRedisServer({ args: argsOf(policy), required: false });
    if (redis === undefined) return;
    rows.push(await comparePolicy(redis, folder, policy, settings));
    await redis.stop();
  }
  printTable(
    'SET under each policy, ns each',
    ['appendfsync', 'lodis, typed', 'redis-server, a pipeline of 100', 'lodis ÷ server'],
    rows,
  );
  printNote(
    'Under always a typed call syncs by itself, and the server once for all that one read has brought.',
  );
}

function argsOf(policy: AppendFsync | undefined): string[] {
  return policy === undefined ? [] : ['--appendonly', 'yes', '--appendfsync', policy];
}

async function comparePolicy(
  redis: RedisServer,
  folder: string,
  policy: AppendFsync | undefined,
  settings: Settings,
): Promise<string[]> {
  const store =
    policy === undefined
      ? new Store()
      : await Store.open({
          storage: nodeFiles(join(folder, policy)),
          save: false,
          appendonly: true,
          appendfsync: policy,
        });
  const link = await ServerLink.connect(redis);
  const count = policy === 'always' ? 100 : 10_000;
  const pipeline = encode(numbers(100).map((at) => ['SET', KEYS[at]!, VALUE]));
  const { fastestNs } = await compare(
    `SET, ${policy ?? 'off'}`,
    count,
    [
      {
        name: 'lodis',
        isWaiting: true,
        run: async () => {
          for (let at = 0; at < count; at++) store.set(KEYS[at % 1000]!, VALUE);
          return count;
        },
      },
      {
        name: 'server',
        isWaiting: true,
        run: async () => {
          let sum = 0;
          for (let at = 0; at < count; at += 100) sum += await link.send(pipeline);
          return sum;
        },
      },
    ],
    settings,
  );
  link.close();
  await store.close();
  const [ours, theirs] = [fastestNs.get('lodis')!, fastestNs.get('server')!];
  return [policy ?? 'off', ours.toFixed(0), theirs.toFixed(0), formatFactor(ours / theirs)];
}
