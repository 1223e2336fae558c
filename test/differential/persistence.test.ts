import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type OpenOptions, Store } from '../../src/index.ts';
import { nodeFiles } from '../../src/persistence/node.ts';
import { lua } from '../../src/scripting/index.ts';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { until } from '../support/turns.ts';
import { type Script, tokensOf } from './support/behaviours.ts';
import { difference } from './support/comparison.ts';
import { KeptSide } from './support/kept-side.ts';
import { compareKeyspaces } from './support/keyspace-dump.ts';
import { ServerSide, type Side } from './support/sides.ts';

// A store that lives in a folder, beside a server that does: what is said of saving and appending, what is refused when
// nothing can be written, and the folder of the one opened by the other.

let folder: string;
const stores: Store[] = [];
const servers: RedisServer[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lodis-kept-'));
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close({ save: false }).catch(() => {});
  for (const server of servers.splice(0)) await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function open(options: Partial<OpenOptions> = {}, path = folder): Promise<KeptSide> {
  const store = await Store.open({
    storage: nodeFiles(path),
    scripting: lua(),
    save: [[100, 100]],
    ...options,
  });
  stores.push(store);
  return new KeptSide(store);
}

/** A server with these settings; `undefined` where there is none. */
async function start(...args: readonly string[]): Promise<[ServerSide, RedisServer] | undefined> {
  const server = await startRedisServer({ args: ['--save', '100 100', ...args] });
  if (server === undefined) return undefined;
  servers.push(server);
  return [await ServerSide.connect(server), server];
}

async function textOf(side: Side, ...tokens: string[]): Promise<string> {
  const [reply] = await side.run([tokens], 2);
  return reply !== undefined && 'value' in reply ? String(reply.value) : '';
}

async function infoOf(side: Side): Promise<Map<string, string>> {
  const lines = (await textOf(side, 'INFO', 'persistence'))
    .split('\r\n')
    .filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

/** Nothing is saved or rewritten in the background any more. */
async function idle(side: Side): Promise<void> {
  await until(async () => {
    const info = await infoOf(side);
    return ['rdb_bgsave_in_progress', 'aof_rewrite_in_progress', 'aof_rewrite_scheduled'].every(
      (name) => info.get(name) === '0',
    );
  });
}

/** Runs the lines on both sides, each after the one before it is over on both, and compares the replies. */
async function same(ours: Side, theirs: Side, lines: Script): Promise<void> {
  const differences: string[] = [];
  for (const line of lines) {
    const tokens = tokensOf(line);
    const [mine, others] = await Promise.all([ours.run([tokens], 2), theirs.run([tokens], 2)]);
    if (tokens[0] !== 'MULTI')
      await Promise.all([idleUnlessQueued(ours, mine[0]!), idleUnlessQueued(theirs, others[0]!)]);
    const found = difference(tokens, mine[0]!, others[0]!);
    if (found !== undefined) differences.push(found);
  }
  if (differences.length > 0) throw new Error(differences.join('\n'));
}

async function idleUnlessQueued(side: Side, reply: ReplyNode): Promise<void> {
  const isQueued = reply.type === '+' && reply.value === 'QUEUED';
  const isRefused = reply.type === '-';
  if (!isQueued && !isRefused) await idle(side);
}

/** What can be compared between two that began at different times. */
const TELLING = [
  ...['loading', 'async_loading', 'rdb_changes_since_last_save', 'rdb_bgsave_in_progress', 'rdb_saves'],
  ...['rdb_last_bgsave_status', 'rdb_current_bgsave_time_sec', 'current_save_keys_total'],
  ...['rdb_last_load_keys_loaded', 'rdb_last_load_keys_expired', 'aof_enabled', 'aof_rewrite_in_progress'],
  ...[
    'aof_rewrites',
    'aof_last_bgrewrite_status',
    'aof_last_write_status',
    'aof_rewrites_consecutive_failures',
  ],
  ...['aof_pending_rewrite', 'aof_current_rewrite_time_sec', 'current_save_keys_processed'],
];

async function sameInfo(ours: Side, theirs: Side): Promise<void> {
  const [mine, others] = await Promise.all([infoOf(ours), infoOf(theirs)]);
  expect([...mine.keys()]).toStrictEqual([...others.keys()]);
  const told = (info: ReadonlyMap<string, string>) => TELLING.map((name) => `${name}:${info.get(name)}`);
  expect(told(mine)).toStrictEqual(told(others));
  const savedAt = (info: ReadonlyMap<string, string>) => Number(info.get('rdb_last_save_time'));
  expect(Math.abs(savedAt(mine) - savedAt(others))).toBeLessThan(60);
}

describe('commands', () => {
  test('of the RDB file', async ({ skip }) => {
    const started = await start();
    if (started === undefined) return skip();
    const [theirs] = started;
    const ours = await open();
    await sameInfo(ours, theirs);
    await same(ours, theirs, [
      ...['CONFIG GET save', 'CONFIG GET appendonly', 'CONFIG GET dbfilename', 'CONFIG GET stop-writes*'],
      ...[
        'CONFIG GET aof-load-truncated',
        'CONFIG GET aof-timestamp-enabled',
        'CONFIG GET aof-use-rdb-preamble',
      ],
      ...['CONFIG GET auto-aof-rewrite-percentage', 'CONFIG GET auto-aof-rewrite-min-size'],
      ...['CONFIG GET rdbchecksum', 'CONFIG GET appendfilename', 'CONFIG GET appenddirname'],
      ...['SET a 1', 'SET b 2', 'SAVE', 'SAVE x', 'BGSAVE', 'BGSAVE SCHEDULE', 'BGSAVE NOK', 'SET c 3'],
    ]);
    await sameInfo(ours, theirs);
    await same(ours, theirs, [
      ...['SET d 4', 'DEBUG RELOAD NOSAVE', 'DBSIZE', 'GET d', 'DEBUG RELOAD', 'DBSIZE', 'DEBUG DIGEST'],
      ...['SET e 5', 'DEBUG RELOAD NOSAVE NOFLUSH MERGE', 'GET e', 'DBSIZE', 'DEBUG RELOAD NOK'],
      ...['MULTI', 'SET f 6', 'BGSAVE', 'SAVE', 'EXEC', 'MULTI', 'SET f 6', 'BGSAVE', 'EXEC'],
      ...[
        'CONFIG SET save "1 2 3"',
        'CONFIG SET save "900 1 60 7"',
        'CONFIG GET save',
        'CONFIG SET dir /tmp',
      ],
      ...['CONFIG SET appendfsync nok', 'CONFIG SET appendfilename x', 'CONFIG SET dbfilename x.rdb'],
      ...[
        'SHUTDOWN NOK',
        'SHUTDOWN SAVE NOSAVE',
        'SHUTDOWN ABORT',
        'SHUTDOWN ABORT NOW',
        'CONFIG SET save ""',
      ],
      ...[
        'CONFIG GET save',
        'EVAL "return redis.call(\'SAVE\')" 0',
        'EVAL "return redis.call(\'BGSAVE\')" 0',
      ],
      ...['COMMAND INFO save bgsave bgrewriteaof lastsave shutdown'],
    ]);
  });

  test('of the append-only file', async ({ skip }) => {
    const started = await start('--appendonly', 'yes');
    if (started === undefined) return skip();
    const [theirs] = started;
    const ours = await open({ appendonly: true });
    await same(ours, theirs, [
      ...['CONFIG GET appendonly', 'CONFIG GET appendfsync', 'SET a 1', 'RPUSH l a b c', 'BGREWRITEAOF'],
      ...['BGREWRITEAOF x', 'SET b 2', 'DEBUG LOADAOF', 'DBSIZE', 'DEBUG DIGEST', 'LRANGE l 0 -1'],
      ...[
        'MULTI',
        'INCR a',
        'BGREWRITEAOF',
        'EXEC',
        'CONFIG SET appendfsync always',
        'CONFIG GET appendfsync',
      ],
      ...[
        'SET c 3',
        'CONFIG SET appendonly no',
        'CONFIG GET appendonly',
        'SET d 4',
        'CONFIG SET appendonly yes',
      ],
      ...['SET e 5', 'DEBUG LOADAOF', 'DBSIZE', 'GET d', 'GET e', 'DEBUG RELOAD', 'DBSIZE', 'DEBUG DIGEST'],
    ]);
    const [mine, others] = await Promise.all([infoOf(ours), infoOf(theirs)]);
    expect([...mine.keys()]).toStrictEqual([...others.keys()]);
  });
});

test('what is refused after a save has failed', async ({ skip }) => {
  const started = await start();
  if (started === undefined) return skip();
  const [theirs, server] = started;
  const ours = await open();
  // Nothing can be given the name of a folder.
  for (const path of [folder, server.dir])
    await mkdir(join(path, 'dump.rdb', 'in the way'), { recursive: true });
  const afterwards: Script = [
    ...['SET k w', 'GET k', 'PING', 'SET k', 'NOK', 'DEL nok', 'FLUSHALL', 'BLPOP nok 0.01', 'PFCOUNT nok'],
    ...['FUNCTION FLUSH', 'FUNCTION DELETE nok', 'PUBLISH c m', 'SPUBLISH c m', 'EXPIRE nok 1', 'TOUCH k'],
    ...["EVAL \"return redis.call('SET', 'k', 1)\" 0", "EVAL \"return redis.pcall('SET', 'k', 1).err\" 0"],
    ...["EVAL \"return redis.call('GET', 'k')\" 0", "EVAL_RO \"return redis.call('SET', 'k', 1)\" 0"],
    ['EVAL', "#!lua\nreturn redis.call('GET', 'k')", '0'],
    ['EVAL_RO', "#!lua\nreturn redis.call('GET', 'k')", '0'],
    ['EVAL', "#!lua flags=no-writes\nreturn redis.call('GET', 'k')", '0'],
    ['EVAL', "#!lua flags=no-writes\nreturn redis.call('SET', 'k', 1)", '0'],
    ...['MULTI', 'GET k', 'EXEC', 'MULTI', 'SET k w', 'GET k', 'EXEC', 'MULTI', 'PING', 'EXEC'],
    ['MULTI'],
    ['EVAL', '#!lua\nreturn 1', '0'],
    ['EXEC'],
    ...['GET k', 'CONFIG SET stop-writes-on-bgsave-error no', 'SET k w', 'PING'],
    ...['MULTI', 'SET k x', 'CONFIG SET stop-writes-on-bgsave-error yes', 'EXEC', 'GET k', 'SET k y'],
    ...['CONFIG SET save ""', 'SET k y', 'CONFIG SET save "1000 1000"', 'SET k z', 'INFO errorstats'],
  ];
  await same(ours, theirs, ['SET k v', 'BGSAVE', ...afterwards]);
  await sameInfo(ours, theirs);
  await same(ours, theirs, ['SHUTDOWN', 'SHUTDOWN SAVE', 'SET k a', 'DBSIZE', 'INFO errorstats']);
  for (const path of [folder, server.dir]) await rm(join(path, 'dump.rdb'), { recursive: true });
  await same(ours, theirs, ['SET k w', 'SAVE', 'SET k w', 'PING', 'BGSAVE', 'SET k w', 'GET k']);
});

describe('a folder of the one is opened by the other', () => {
  /** Something of everything that the server of the tests knows. */
  const SCRIPT: Script = [
    ...[
      'SET text hello',
      'SET number 12345678901',
      `SET long ${'ab'.repeat(5000)}`,
      'SET "\\xff\\x00" "\\xfe"',
      'SETBIT bits 99 1',
    ],
    ...[
      'SET soon v PX 100000000',
      'PFADD hll a b c',
      'GEOADD geo 13.36 38.11 Palermo',
      'RPUSH list a 1 2.5 ""',
    ],
    `RPUSH long-list ${Array.from({ length: 3000 }, (_, at) => `element:${at}`).join(' ')}`,
    'SADD ints 3 1 2 100000',
    `SADD words ${Array.from({ length: 300 }, (_, at) => `w${at}`).join(' ')}`,
    'HSET hash f v g 2',
    `HSET long-hash ${Array.from({ length: 700 }, (_, at) => `f${at} v${at}`).join(' ')}`,
    'ZADD z 1 a 2.5 b inf c -0 d',
    `ZADD long-z ${Array.from({ length: 300 }, (_, at) => `${at / 3} m${at}`).join(' ')}`,
    ...Array.from({ length: 120 }, (_, at) => `XADD stream ${at + 1}-0 f v${at}`),
    ...[
      'XGROUP CREATE stream g 3',
      'XREADGROUP GROUP g c COUNT 5 STREAMS stream >',
      'XDEL stream 7-0',
      'XACK stream g 4-0',
    ],
    ...[
      'SELECT 7',
      'SET elsewhere v',
      'EXPIRE elsewhere 100000',
      'SELECT 0',
      'SPOP words',
      'INCRBYFLOAT float 0.1',
    ],
    ...[
      "EVAL \"redis.call('SET', 'a', 1) redis.call('LPUSH', 'b', 2)\" 0",
      'SET gone v PX 1',
      'DEL ints',
      'SADD ints 5',
    ],
    ['FUNCTION', 'LOAD', "#!lua name=lib\nredis.register_function('f', function() return 'works' end)"],
  ];
  const DATABASES = { databases: [0, 1, 7], withHistory: false };

  test.each([
    ['dump.rdb', 'no', ['SAVE']],
    ['appendonlydir', 'yes', []],
    ['appendonlydir, rewritten', 'yes', ['BGREWRITEAOF', 'SET after v', 'DEL text']],
  ] as const)('%s', async (_name, appendonly, more) => {
    // Not every second: then what was done is in the file a moment later, if that is being synced.
    const settings = ['--appendonly', appendonly, '--appendfsync', 'always'];
    const started = await start(...settings, '--aof-timestamp-enabled', 'yes');
    if (started === undefined) return;
    const [theirs, server] = started;
    const isAppending = appendonly === 'yes';
    for (const line of [...SCRIPT, ...more]) {
      await theirs.run([tokensOf(line)], 2);
      if (line === 'BGREWRITEAOF') await idle(theirs);
    }
    await until(async () => (await textOf(theirs, 'EXISTS', 'gone')) === '0');
    await cp(server.dir, folder, { recursive: true });
    const ours = await open({ appendonly: isAppending });
    await compareKeyspaces(ours, theirs, DATABASES);
    expect(await textOf(ours, 'FCALL', 'f', '0')).toBe('works');
    expect(await textOf(ours, 'DEBUG', 'DIGEST')).toBe(await textOf(theirs, 'DEBUG', 'DIGEST'));

    // And back, with what was done here.
    const lines: Script = [
      'SET ours 1',
      'RPUSH list more',
      'HDEL long-hash f1',
      'XADD stream 999-1 a b',
      'EXPIRE hash 5000',
    ];
    for (const side of [ours, theirs]) await side.run(lines.map(tokensOf), 2);
    if (!isAppending) await ours.run([['SAVE']], 2);
    const again = await cpTo(folder);
    try {
      const returned = await start(...settings, '--dir', again);
      if (returned === undefined) throw new Error('the server was there a moment ago');
      await compareKeyspaces(ours, returned[0], DATABASES);
      await compareKeyspaces(ours, theirs, DATABASES);
      expect(await textOf(returned[0], 'DEBUG', 'DIGEST')).toBe(await textOf(theirs, 'DEBUG', 'DIGEST'));
      expect(await textOf(returned[0], 'FCALL', 'f', '0')).toBe('works');
    } finally {
      await rm(again, { recursive: true, force: true });
    }
  });

  async function cpTo(path: string): Promise<string> {
    const copy = await mkdtemp(join(tmpdir(), 'lodis-copy-'));
    await cp(path, copy, { recursive: true, filter: (name) => !name.includes('lodis.lock') });
    return copy;
  }
});
