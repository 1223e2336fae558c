import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { readRdb, writeRdb } from '../../../../src/persistence/rdb/file/whole-rdb.ts';
import { lua } from '../../../../src/scripting/index.ts';
import { Store } from '../../../../src/store.ts';
import { filling, KEY, settings } from '../../../differential/support/dumpable.ts';
import { compareKeyspaces } from '../../../differential/support/keyspace-dump.ts';
import { LodisSide, ServerSide, type Side, type Tokens } from '../../../differential/support/sides.ts';
import { startRedisServer } from '../../../support/redis-server.ts';
import { SEED } from '../generators.ts';
import { KNOWN_COMMANDS, NEWER_COMMANDS, run } from './support.ts';

// RDB files go both ways between a store and a real server, which writes and reads version 10.

const server = await startRedisServer();
const theirs = server === undefined ? undefined : await ServerSide.connect(server);
const file = join(server?.dir ?? '', 'dump.rdb');
const execute = promisify(execFile);
const DATABASES = [0, 3, 15];

afterAll(async () => {
  await theirs?.close();
  await server?.stop();
});

function ours(): LodisSide {
  return new LodisSide({}, new Store({ scripting: lua() }));
}

async function replyOf(side: Side, tokens: Tokens): Promise<string> {
  const [reply] = await side.run([tokens], 2);
  if (reply?.type === '+' || reply?.type === '-') return reply.value;
  throw new Error(`${tokens.join(' ')} answered ${JSON.stringify(reply)}`);
}

/** That both hold the same: by digest, key by key, and their functions. */
async function compare(side: LodisSide, withHistory: boolean): Promise<void> {
  await compareKeyspaces(side, theirs!, { databases: DATABASES, withHistory });
  expect(await replyOf(side, ['DEBUG', 'DIGEST'])).toBe(await replyOf(theirs!, ['DEBUG', 'DIGEST']));
  const list: Tokens[] = [['FUNCTION', 'LIST', 'WITHCODE']];
  expect(await side.run(list, 2)).toEqual(await theirs!.run(list, 2));
}

/** The server saves, a store loads it. */
async function theirsIsLoadedHere(): Promise<LodisSide> {
  expect(await replyOf(theirs!, ['SAVE'])).toBe('OK');
  const side = ours();
  readRdb(side.store, await readFile(file));
  side.store.keyspace.checkInvariants();
  return side;
}

/** A store writes, the server loads it. */
async function oursIsLoadedThere({ store }: LodisSide): Promise<void> {
  await writeFile(file, writeRdb(store));
  expect(await replyOf(theirs!, ['DEBUG', 'RELOAD', 'NOSAVE'])).toBe('OK');
}

const DEFAULTS: Tokens[] = [
  ['CONFIG', 'SET', 'rdbcompression', 'yes'],
  ['CONFIG', 'SET', 'hash-max-listpack-entries', '512'],
  ['CONFIG', 'SET', 'hash-max-listpack-value', '64'],
  ['CONFIG', 'SET', 'zset-max-listpack-entries', '128'],
  ['CONFIG', 'SET', 'zset-max-listpack-value', '64'],
  ['CONFIG', 'SET', 'set-max-intset-entries', '512'],
  ['CONFIG', 'SET', 'list-max-listpack-size', '-2'],
  ['CONFIG', 'SET', 'stream-node-max-entries', '100'],
];

const placement = fc.record({
  expiresAtMs: fc.option(fc.integer({ min: 4_000_000_000_000, max: 5_000_000_000_000 })),
  database: fc.constantFrom(...DATABASES),
});
const keyCommands = fc
  .tuple(fc.oneof(...Object.values(filling)), placement)
  .map(([all, { expiresAtMs, database }]) => ({ all, expiresAtMs, database }));
const keyspaces = fc
  .tuple(settings, fc.array(keyCommands, { minLength: 1, maxLength: 6 }), fc.boolean())
  .map(([config, keys, hasFunctions]): Tokens[] => {
    const commands: Tokens[] = [['FLUSHALL'], ['FUNCTION', 'FLUSH'], ...config];
    keys.forEach(({ all, expiresAtMs, database }, at) => {
      const name = `key ${at}`;
      commands.push(...all, ['RENAME', KEY, name]);
      if (expiresAtMs !== null) commands.push(['PEXPIREAT', name, String(expiresAtMs)]);
      if (database !== 0) commands.push(['MOVE', name, String(database)]);
    });
    if (hasFunctions) commands.push(...KNOWN_COMMANDS.slice(-1));
    return commands;
  });

describe.skipIf(server === undefined)('RDB files beside the server', () => {
  test('any keyspace goes both ways', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(keyspaces, async (commands) => {
        const here = ours();
        here.runNow(commands, 2);
        await theirs!.run(commands, 2);
        // The files are written under these settings, and read under them.
        const loaded = await theirsIsLoadedHere();
        await compare(loaded, false);
        await oursIsLoadedThere(here);
        await compare(here, false);
      }),
      { seed: SEED, numRuns: 50 },
    );
  });

  test('every type goes both ways, with its encoding', async () => {
    await theirs!.run(
      [...DEFAULTS, ['FLUSHALL'], ['FUNCTION', 'FLUSH'], ...KNOWN_COMMANDS, ['SELECT', '0']],
      2,
    );
    const here = await theirsIsLoadedHere();
    // A string that was built up is kept in another way until it has been loaded.
    expect(await replyOf(theirs!, ['DEBUG', 'RELOAD', 'NOSAVE'])).toBe('OK');
    await compare(here, true);
    await oursIsLoadedThere(here);
    await compare(here, true);
  });

  test('the server starts with our file, and its own tool finds nothing wrong with it', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'lodis-rdb-'));
    try {
      const here = ours();
      run(here.store, KNOWN_COMMANDS);
      await writeFile(join(dir, 'dump.rdb'), writeRdb(here.store));
      const { stdout } = await execute('redis-check-rdb', [join(dir, 'dump.rdb')]);
      expect(stdout).toContain('Checksum OK');
      expect(stdout).toContain('RDB looks OK!');
      const started = (await startRedisServer({ args: ['--dir', dir] }))!;
      const side = await ServerSide.connect(started);
      try {
        expect(await replyOf(side, ['DEBUG', 'DIGEST'])).toBe(await replyOf(here, ['DEBUG', 'DIGEST']));
      } finally {
        await side.close();
        await started.stop();
      }
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  test('what it does not know it refuses by the version, and does not lose in silence', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'lodis-rdb-'));
    try {
      const here = ours();
      run(here.store, [...KNOWN_COMMANDS, ...NEWER_COMMANDS]);
      await writeFile(join(dir, 'dump.rdb'), writeRdb(here.store));
      await expect(startRedisServer({ args: ['--dir', dir] })).rejects.toThrow(
        "Can't handle RDB format version 14",
      );
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
