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
    ['appendfsync', ...ENDS, 'one by one: lodis ÷ server', '100 at once: lodis ÷ server'],
    rows,
  );
  printNote(
    'Under always each typed call is synced by itself, a transaction once; the server syncs once for all that one read has brought.',
  );
}

function argsOf(policy: AppendFsync | undefined): string[] {
  return policy === undefined ? [] : ['--appendonly', 'yes', '--appendfsync', policy];
}

/** Who runs SETs, and how. */
const ENDS = [
  'lodis, typed',
  'lodis, transactions of 100',
  'server, one by one',
  'server, pipelines of 100',
] as const;

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
  const commands = numbers(100).map((at) => ['SET', KEYS[at]!, VALUE]);
  const pipeline = encode(commands);
  const single = encode(commands.slice(0, 1));
  const runs: Record<(typeof ENDS)[number], () => Promise<number> | number> = {
    'lodis, typed': () => {
      for (let at = 0; at < count; at++) store.set(KEYS[at % 1000]!, VALUE);
      return count;
    },
    'lodis, transactions of 100': () => {
      for (let at = 0; at < count; at += 100)
        store.transaction((tx) => {
          for (let each = 0; each < 100; each++) tx.set(KEYS[(at + each) % 1000]!, VALUE);
        });
      return count;
    },
    'server, one by one': async () => {
      let sum = 0;
      for (let at = 0; at < count; at++) sum += await link.send(single);
      return sum;
    },
    'server, pipelines of 100': async () => {
      let sum = 0;
      for (let at = 0; at < count; at += 100) sum += await link.send(pipeline);
      return sum;
    },
  };
  const { fastestNs } = await compare(
    `SET, ${policy ?? 'off'}`,
    count,
    ENDS.map((name) => ({ name, isWaiting: true, run: async () => runs[name]() })),
    settings,
  );
  link.close();
  await store.close();
  const [typed, together, alone, pipelined] = ENDS.map((name) => fastestNs.get(name)!);
  return [
    policy ?? 'off',
    ...[typed, together, alone, pipelined].map((ns) => ns!.toFixed(0)),
    formatFactor(typed! / alone!),
    formatFactor(together! / pipelined!),
  ];
}
