import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type OpenOptions, Store } from '../../src/index.ts';
import { nodeFiles } from '../../src/persistence/node.ts';
import { readRdb, writeRdb } from '../../src/persistence/rdb/file/whole-rdb.ts';
import { lua } from '../../src/scripting/index.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { until } from '../support/turns.ts';
import { filling, KEY, settings } from './support/dumpable.ts';
import { KeptSide } from './support/kept-side.ts';
import { compareKeyspaces } from './support/keyspace-dump.ts';
import { LodisSide, ServerSide, type Side, type Tokens } from './support/sides.ts';

// One folder that goes from a server to a store, back to a server, and once more to a store; each opens what the one before it
// left, and goes on writing there. A server that never leaves its memory is told all of it, too: whoever has the folder holds
// what that one holds. The Redis tools find nothing wrong in whatever a store has left.

const SEED = 20_260_722;
const HOPS = 4;
const LIBRARY =
  "#!lua name=lib\nredis.register_function('f', function(keys, args) return redis.call('RPUSH', keys[1], unpack(args)) end)";

const mirrorServer = await startRedisServer();
const mirror = mirrorServer === undefined ? undefined : await ServerSide.connect(mirrorServer);
const execute = promisify(execFile);

afterAll(async () => {
  await mirror?.close();
  await mirrorServer?.stop();
});

const key = fc.oneof(
  fc.constantFrom('', 'a', 'key', '{tag}:1', 'é', '漢字', '\udcff\0\r\n\udc80', 'k'.repeat(300), '12345'),
  fc.nat(30).map((at) => `key:${at}`),
);
const values = fc
  .tuple(
    fc.oneof(...Object.values(filling)),
    key,
    fc.nat(15),
    fc.option(fc.integer({ min: 4_000_000_000_000, max: 5_000_000_000_000 }), { freq: 3 }),
  )
  .map(([all, name, database, expiresAtMs]): Tokens[] => [
    ['SELECT', String(database)],
    ['DEL', KEY, name],
    ...all,
    ...(expiresAtMs === null ? [] : [['PEXPIREAT', KEY, String(expiresAtMs)]]),
    ['RENAME', KEY, name],
  ]);
const others = fc.oneof(
  fc.tuple(key, fc.nat(15)).map(([name, to]): Tokens[] => [['MOVE', name, String(to)]]),
  fc.tuple(key, key).map(([from, to]): Tokens[] => [['COPY', from, to, 'REPLACE']]),
  key.map((name): Tokens[] => [['EXPIREAT', name, '4102444800', 'NX']]),
  key.map((name): Tokens[] => [['DEL', name]]),
  fc.tuple(fc.nat(15), fc.nat(15)).map(([a, b]): Tokens[] => [['SWAPDB', String(a), String(b)]]),
  fc.constant<Tokens[]>([
    ['FUNCTION', 'LOAD', 'REPLACE', LIBRARY],
    ['FCALL', 'f', '1', 'of a function', 'a', '1', '\udcff'],
  ]),
  key.map((name): Tokens[] => [
    ['EVAL', "redis.call('DEL', KEYS[1]) return redis.call('HSET', KEYS[1], 'f', 1, 'g', 2)", '1', name],
  ]),
  key.map((name): Tokens[] => [
    ['MULTI'],
    ['DEL', name],
    ['SADD', name, '1', '2'],
    ['APPEND', name, 'x'],
    ['EXEC'],
  ]),
  key.map((name): Tokens[] => [
    ['PFADD', name, 'a', 'b'],
    ['INCRBYFLOAT', name, '0.1'],
    ['SETBIT', name, '99', '1'],
  ]),
  key.map((name): Tokens[] => [
    ['SET', name, 'gone', 'PXAT', '1'],
    ['GETEX', name, 'PERSIST'],
  ]),
  fc.constant<Tokens[]>([
    ['SET', 'large', 'lodis '.repeat(20_000)],
    ['LPUSH', 'of large', '\udcfe'.repeat(9000)],
  ]),
);
/** How large the nodes of streams are is not in an append-only file of commands: who replays it has nodes of its own size. */
const isKept = (tokens: Tokens): boolean => tokens[2] !== 'stream-node-max-entries';

const chapter = fc
  .tuple(
    settings,
    fc.array(fc.oneof({ weight: 3, arbitrary: values }, others), { minLength: 2, maxLength: 8 }),
  )
  .map(([config, parts]) => [...config.filter(isKept), ...parts.flat()]);
const histories = fc.record({
  chapters: fc.array(chapter, { minLength: HOPS * 2, maxLength: HOPS * 2 }),
  preamble: fc.array(fc.boolean(), { minLength: HOPS, maxLength: HOPS }),
  rewrites: fc.array(fc.boolean(), { minLength: HOPS, maxLength: HOPS }),
  timestamps: fc.array(fc.boolean(), { minLength: HOPS, maxLength: HOPS }),
});

/** Somebody who has the folder open. */
interface Keeper {
  readonly side: Side;
  leave(): Promise<void>;
}

async function asServer(folder: string, args: readonly string[]): Promise<Keeper> {
  const server: RedisServer = (await startRedisServer({ args: ['--dir', folder, ...args] }))!;
  const side = await ServerSide.connect(server);
  return {
    side,
    leave: async () => {
      await side.close();
      await server.stop();
    },
  };
}

async function asStore(folder: string, options: Partial<OpenOptions>): Promise<Keeper> {
  const warnings: string[] = [];
  const store = await Store.open({
    storage: nodeFiles(folder),
    scripting: lua(),
    save: false,
    onWarning: (warning) => warnings.push(warning),
    ...options,
  });
  return {
    side: new KeptSide(store),
    leave: async () => {
      store.keyspace.checkInvariants();
      await store.close();
      expect(warnings).toEqual([]);
    },
  };
}

const yes = (isSo: boolean | undefined): string => (isSo === true ? 'yes' : 'no');

async function textOf(side: Side, ...tokens: string[]): Promise<string> {
  const [reply] = await side.run([tokens], 2);
  return reply !== undefined && 'value' in reply ? String(reply.value) : '';
}

async function compare(side: Side): Promise<void> {
  await compareKeyspaces(side, mirror!, {
    databases: ALL,
    withHistory: false,
  });
  expect(await textOf(side, 'DEBUG', 'DIGEST')).toBe(await textOf(mirror!, 'DEBUG', 'DIGEST'));
  const list: Tokens[] = [['FUNCTION', 'LIST', 'WITHCODE']];
  expect(await side.run(list, 2)).toEqual(await mirror!.run(list, 2));
}

/** What is run goes to the mirror, too. */
async function runBoth(side: Side, commands: readonly Tokens[]): Promise<void> {
  const mine = await side.run([['SELECT', '0'], ...commands, ['SELECT', '0']], 2);
  const theirs = await mirror!.run([['SELECT', '0'], ...commands, ['SELECT', '0']], 2);
  expect(mine.map(({ type }) => type)).toEqual(theirs.map(({ type }) => type));
}

async function idle(side: Side): Promise<void> {
  await until(async () =>
    /aof_rewrite_in_progress:0\r\naof_rewrite_scheduled:0/.test(await textOf(side, 'INFO', 'persistence')),
  );
}

async function checkFiles(folder: string): Promise<void> {
  const manifest = join(folder, 'appendonlydir', 'appendonly.aof.manifest');
  if (existsSync(manifest)) {
    const { stdout } = await execute('redis-check-aof', [manifest]);
    expect(stdout).toContain('All AOF files and manifest are valid');
    const named = (await readFile(manifest, 'utf8')).split('\n').filter((line) => line !== '');
    const files = (await readdir(join(folder, 'appendonlydir'))).filter(
      (name) => !name.endsWith('.manifest'),
    );
    expect(files.sort()).toEqual(named.map((line) => line.split(' ')[1]).sort());
  }
  const rdb = join(folder, 'dump.rdb');
  if (existsSync(rdb)) expect((await execute('redis-check-rdb', [rdb])).stdout).toContain('RDB looks OK!');
}

const ALL = Array.from({ length: 16 }, (_, at) => at);

/** Of sets and lists, which 7.0 has no listpacks of: where it has a hash table or a quicklist, there may be one. */
async function compareEncodings(ours: Side, theirs: Side): Promise<number> {
  let count = 0;
  for (const database of ALL) {
    const [, keys] = await theirs.run(
      [
        ['SELECT', String(database)],
        ['KEYS', '*'],
      ],
      2,
    );
    await ours.run([['SELECT', String(database)]], 2);
    for (const name of keys?.type === '*' ? keys.items! : []) {
      if (name.type !== '$') continue;
      const mine = await textOf(ours, 'OBJECT', 'ENCODING', name.value!);
      const other = await textOf(theirs, 'OBJECT', 'ENCODING', name.value!);
      if (mine !== 'listpack' || !['hashtable', 'quicklist'].includes(other)) expect(mine).toBe(other);
      count++;
    }
  }
  for (const side of [ours, theirs]) await side.run([['SELECT', '0']], 2);
  return count;
}

type History = typeof histories extends fc.Arbitrary<infer T> ? T : never;

interface Way {
  /** Whether there is an append-only file; else an RDB file is saved. */
  readonly isAppending: boolean;
  readonly isStoreFirst: boolean;
  /** Whether the append-only file is turned off in between, and on again. */
  readonly isSwitched?: boolean;
}

const GAPPING: ReadonlySet<string> = new Set(['XDEL', 'XTRIM']);

async function wander(
  history: History,
  { isAppending, isStoreFirst, isSwitched = false }: Way,
): Promise<void> {
  const { chapters, preamble, rewrites, timestamps } = history;
  const folder = await mkdtemp(join(tmpdir(), 'lodis-way-'));
  await mirror!.run([['FLUSHALL'], ['FUNCTION', 'FLUSH']], 2);
  try {
    for (let hop = 0; hop < HOPS; hop++) {
      const isStore = hop % 2 === (isStoreFirst ? 0 : 1);
      // A server that rewrites as commands loses who has entries that are gone: it claims them anew, which cannot be.
      const isGapped = chapters
        .slice(0, hop * 2 + 1)
        .some((commands) => commands.some(([name]) => GAPPING.has(name!)));
      const keeper = isStore
        ? await asStore(folder, {
            appendonly: isAppending,
            appendfsync: 'no',
            aofUseRdbPreamble: preamble[hop]!,
            aofTimestampEnabled: timestamps[hop]!,
          })
        : await asServer(folder, [
            ...['--appendonly', yes(isAppending), '--appendfsync', 'no'],
            ...[
              '--aof-use-rdb-preamble',
              yes(isGapped || preamble[hop]),
              '--aof-timestamp-enabled',
              yes(timestamps[hop]),
            ],
          ]);
      try {
        await compare(keeper.side);
        if (isSwitched) await textOf(keeper.side, 'CONFIG', 'SET', 'appendonly', 'no');
        await runBoth(keeper.side, chapters[hop * 2]!);
        if (isSwitched) await textOf(keeper.side, 'CONFIG', 'SET', 'appendonly', 'yes');
        if (isAppending && rewrites[hop] === true) await textOf(keeper.side, 'BGREWRITEAOF');
        // While that goes on.
        await runBoth(keeper.side, chapters[hop * 2 + 1]!);
        await idle(keeper.side);
        await compare(keeper.side);
        if (!isAppending) expect(await textOf(keeper.side, 'SAVE')).toBe('OK');
      } finally {
        await keeper.leave();
      }
      if (isStore) await checkFiles(folder);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Without the counterexample, which is pages long: the path leads there again. */
async function asyncReporter<T>({
  failed,
  counterexamplePath,
  errorInstance,
}: fc.RunDetails<T>): Promise<void> {
  if (failed) throw new Error(`failed, path ${counterexamplePath}`, { cause: errorInstance });
}

describe.skipIf(mirror === undefined)('a folder goes from hand to hand', () => {
  test.each([
    ['append-only files, the server first', { isAppending: true, isStoreFirst: false }],
    ['append-only files, the store first', { isAppending: true, isStoreFirst: true }],
    ['append-only files turned off and on', { isAppending: true, isStoreFirst: true, isSwitched: true }],
    ['RDB files, the server first', { isAppending: false, isStoreFirst: false }],
    ['RDB files, the store first', { isAppending: false, isStoreFirst: true }],
  ])('%s', { timeout: 120_000 }, async (_name, way) => {
    await fc.assert(
      fc.asyncProperty(histories, (history) => wander(history, way)),
      { seed: SEED, numRuns: 6, endOnFailure: true, asyncReporter },
    );
  });

  // Limits may have been changed since a file was written: what is loaded is kept as the limits say that hold now.
  test('a file that was written under other limits is loaded alike', { timeout: 120_000 }, async () => {
    const parts = fc.array(values, { minLength: 3, maxLength: 10 });
    const folder = await mkdtemp(join(tmpdir(), 'lodis-limits-'));
    const writer = await asServer(folder, []);
    let encodings = 0;
    try {
      await fc.assert(
        fc.asyncProperty(settings, parts, settings, fc.boolean(), async (before, lines, after, isOurs) => {
          const commands = [['FLUSHALL'], ...before, ...lines.flat(), ['SELECT', '0']];
          const ours = new LodisSide();
          if (isOurs) {
            ours.runNow(commands, 2);
            await writeFile(join(folder, 'dump.rdb'), writeRdb(ours.store));
          } else {
            await writer.side.run([...commands, ['SAVE']], 2);
          }
          await writer.side.run(after, 2);
          expect(await textOf(writer.side, 'DEBUG', 'RELOAD', 'NOSAVE')).toBe('OK');
          const loaded = new LodisSide();
          loaded.runNow(after, 2);
          readRdb(loaded.store, await readFile(join(folder, 'dump.rdb')));
          loaded.store.keyspace.checkInvariants();
          await compareKeyspaces(loaded, writer.side, { databases: ALL, withHistory: true });
          encodings += await compareEncodings(loaded, writer.side);
        }),
        { seed: SEED, numRuns: 40, endOnFailure: true, asyncReporter },
      );
      expect(encodings).toBeGreaterThan(50);
    } finally {
      await writer.leave();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
