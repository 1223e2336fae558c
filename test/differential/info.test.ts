import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lua } from '../../src/scripting/index.ts';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { tokensOf } from './support/behaviours.ts';
import { LodisSide, ServerSide, type Tokens } from './support/sides.ts';

// What INFO counts, after the same commands, beside the real server.

let server: RedisServer | undefined;
let theirs: ServerSide;
beforeAll(async () => {
  server = await startRedisServer();
  if (server !== undefined) theirs = await ServerSide.connect(server);
});
afterAll(async () => {
  await server?.stop();
});

/** All fields of INFO, with what they are worth, by name. */
function fieldsOf(reply: ReplyNode | undefined): Map<string, string> {
  if (reply?.type !== '$' || reply.value === null) throw new Error('INFO answers text');
  const lines = reply.value.split('\r\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

/** Counters that must be the same on both sides. */
const COUNTERS = [
  ...['total_commands_processed', 'total_error_replies', 'unexpected_error_replies', 'rejected_connections'],
  ...['expired_keys', 'evicted_keys', 'evicted_clients', 'keyspace_hits', 'keyspace_misses'],
  ...['pubsub_channels', 'pubsub_patterns', 'pubsubshard_channels'],
  ...['tracking_total_keys', 'tracking_total_items', 'tracking_total_prefixes', 'tracking_clients'],
  ...['blocked_clients', 'connected_slaves', 'total_forks', 'sync_full', 'expired_stale_perc'],
  ...['maxmemory', 'maxmemory_human', 'maxmemory_policy', 'number_of_cached_scripts', 'number_of_functions'],
  ...['mem_not_counted_for_evict', 'mem_replication_backlog', 'mem_aof_buffer', 'mem_clients_slaves'],
  ...['loading', 'async_loading', 'rdb_bgsave_in_progress', 'aof_enabled', 'cluster_enabled', 'role'],
] as const;

function counted(fields: ReadonlyMap<string, string>): Record<string, string | undefined> {
  const shown: Record<string, string | undefined> = {};
  for (const name of COUNTERS) shown[name] = fields.get(name);
  for (const [name, value] of fields) {
    if (/^(cmdstat_|errorstat_)/.test(name))
      shown[name] = value.replace(/usec=\d+,usec_per_call=[\d.]+,/, '');
    if (/^db\d+$/.test(name)) shown[name] = value.replace(/,avg_ttl=.*/, '');
  }
  return shown;
}

async function infoOf(side: LodisSide | ServerSide): Promise<Record<string, string | undefined>> {
  const replies = await side.run([['INFO', 'EVERYTHING']], 2);
  return counted(fieldsOf(replies.at(-1)));
}

const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  'commands that run, fail and are refused': [
    ...['SET k v', 'GET k', 'GET missing', 'LPUSH k a', 'NOK', 'GET', 'OBJECT NOK k', 'OBJECT ENCODING k'],
    ...['MULTI', 'GET k', 'LPUSH k a', 'GET', 'EXEC', 'MULTI', 'INCR k', 'EXEC', 'EXEC', 'AUTH a b'],
  ],
  'errors of several kinds': [
    ...['SET k v', 'LPUSH k a', 'EVALSHA abc 0', 'XGROUP CREATE nok g $', 'XADD s 1-1 f v', 'XADD s 1-1 f v'],
    ...['XGROUP CREATE s g $', 'XGROUP CREATE s g $', 'XREADGROUP GROUP nok c STREAMS s >', 'SELECT 99'],
    ...['AUTH x', 'RESTORE k 0 x', 'INCR k', 'CLIENT KILL 1.2.3.4:5', 'CONFIG SET nok 1', 'CLUSTER INFO'],
  ],
  'hits and misses': [
    ...[
      'SET k v',
      'HSET h f v',
      'GET k',
      'GET nok',
      'HGET h f',
      'HGET nok f',
      'HGET h nok',
      'STRLEN k',
      'STRLEN nok',
    ],
    ...['LLEN nok', 'SCARD nok', 'ZCARD nok', 'MGET k nok h', 'GETRANGE k 0 -1', 'GETRANGE nok 0 -1'],
  ],
  'keys of several databases': [
    ...['SET a 1', 'SET b 1 EX 1000', 'SELECT 3', 'SET c 1', 'SELECT 9', 'HSET h f v', 'SELECT 0', 'DEL a'],
  ],
  'keys that expire': [
    'SET a 1 PX 1',
    'DEBUG SLEEP 0.01',
    'GET a',
    'EXISTS a',
    'SET b 1',
    'PEXPIRE b -1',
    'GET b',
  ],
  'a limit of memory': [
    ...['CONFIG SET maxmemory 100mb maxmemory-policy allkeys-lfu', 'SET a 1', 'CONFIG SET maxmemory 0'],
    'CONFIG SET maxmemory-policy noeviction',
  ],
  'tracked keys': [...['CLIENT TRACKING ON', 'SET k v', 'GET k', 'GET nok', 'MGET a b c', 'SET a 1']],
  'prefixes that are broadcast': ['CLIENT TRACKING ON BCAST PREFIX a PREFIX b', 'SET a1 v', 'SET c v'],
  'no room': [
    ...[
      'SET k v',
      'CONFIG SET maxmemory 1',
      'SET a 1',
      'LPUSH l a',
      'GET k',
      'DEL k',
      'MULTI',
      'SET a 1',
      'EXEC',
    ],
    'CONFIG SET maxmemory 0',
  ],
};

describe('what INFO counts', () => {
  test.for(Object.keys(SCRIPTS))('%s', async (name, { skip }) => {
    if (server === undefined) return skip();
    const commands: Tokens[] = [
      ...['CLIENT TRACKING OFF', 'SELECT 0', 'FLUSHALL', 'SCRIPT FLUSH', 'CONFIG RESETSTAT'],
      ...SCRIPTS[name]!,
    ].map(tokensOf);
    const ours = new LodisSide({ scripting: lua() });
    await ours.run(commands, 2);
    await theirs.run(commands, 2);
    expect(await infoOf(ours)).toEqual(await infoOf(theirs));
  });

  test('CONFIG RESETSTAT forgets what was counted, and no more', async ({ skip }) => {
    if (server === undefined) return skip();
    const commands = ['SET k v', 'GET k', 'GET nok', 'NOK', 'LPUSH k a', 'CONFIG RESETSTAT'].map(tokensOf);
    const ours = new LodisSide();
    await ours.run(commands, 2);
    await theirs.run([['CLIENT', 'TRACKING', 'OFF'], ['FLUSHALL'], ...commands], 2);
    expect(await infoOf(ours)).toEqual(await infoOf(theirs));
  });
});

/** MEMORY STATS as names, and of what kind each is. */
function shapeOf(node: ReplyNode | undefined): Map<string, string> {
  const flat = node?.type === '%' ? node.entries.flat() : node?.type === '*' ? (node.items ?? []) : [];
  const shape = new Map<string, string>();
  for (let at = 0; at < flat.length; at += 2) {
    const name = flat[at]!;
    if (name.type === '$') shape.set(name.value!, flat[at + 1]!.type);
  }
  return shape;
}

/** What Redis has since 7.4 and the reference does not, and the reverse. */
const LATER = new Set([
  ...['replica.fullsync.buffer', 'script.VMs', 'allocator.muzzy', 'db.dict.rehashing.count'],
  ...['overhead.db.hashtable.lut', 'overhead.db.hashtable.rehashing'],
]);

test.for([2, 3] as const)(
  'MEMORY STATS has the same figures in the same order: RESP%s',
  async (protocol, { skip }) => {
    if (server === undefined) return skip();
    const commands = ['FLUSHALL', 'SET k v', 'SELECT 3', 'SET l v EX 100', 'SELECT 0', 'MEMORY STATS'].map(
      tokensOf,
    );
    const ours = shapeOf((await new LodisSide().run(commands, protocol)).at(-1));
    const others = shapeOf((await theirs.run(commands, protocol)).at(-1));
    expect([...ours].filter(([name]) => !LATER.has(name))).toEqual([...others]);
  },
);
