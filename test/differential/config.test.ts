import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toReply } from '../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { behaviours } from './support/behaviours.ts';
import { print, show } from './support/comparison.ts';
import { LodisSide, ServerSide, type Tokens } from './support/sides.ts';

behaviours('CONFIG', {
  'GET: names, older names, any case, what there is not': [
    'CONFIG GET hash-max-ziplist-entries',
    'CONFIG GET hash-max-listpack-entries',
    'CONFIG GET MAXMEMORY',
    'CONFIG GET maxmemory maxmemory',
    'CONFIG GET nok',
    'CONFIG GET nok*',
    'CONFIG GET [m]axmemory',
    'CONFIG GET maxmemory-polic?',
    'CONFIG GET ""',
    'CONFIG GET',
  ],
  'SET: what is wrong is said of the first that is wrong': [
    'CONFIG SET nok 1',
    'CONFIG SET NoK 1',
    'CONFIG SET maxmemory',
    'CONFIG SET maxmemory 1 hz',
    'CONFIG SET maxmemory x',
    'CONFIG SET maxmemory -1',
    'CONFIG SET databases 3',
    'CONFIG SET dir /tmp',
    'CONFIG SET maxmemory 1 maxmemory 2',
    'CONFIG SET maxmemory x maxmemory 2',
    'CONFIG SET databases 3 nok x',
    'CONFIG SET nok x databases 3',
    'CONFIG SET maxmemory x databases 3',
    'CONFIG SET "" x',
    'CONFIG SET nok x y',
  ],
  'SET: all or nothing': [
    'CONFIG SET maxmemory 1mb maxmemory-samples 0',
    'CONFIG GET maxmemory',
    'CONFIG SET maxmemory 1mb maxmemory-samples 7 appendfsync nok',
    'CONFIG GET maxmemory',
    'CONFIG GET maxmemory-samples',
    'CONFIG SET hash-max-listpack-entries 3 zset-max-ziplist-entries 4 hz x',
    'CONFIG GET hash-max-listpack-entries',
    'CONFIG SET maxmemory 1mb maxmemory-samples 7',
    'CONFIG GET maxmemory',
    'CONFIG GET maxmemory-samples',
    'CONFIG SET maxmemory 0 maxmemory-samples 5',
  ],
  'sizes of encodings take effect, by either name': [
    'CONFIG SET hash-max-ziplist-entries 2 hash-max-listpack-entries 3',
    'HSET h a 1 b 2 c 3',
    'OBJECT ENCODING h',
    'HSET h d 4',
    'OBJECT ENCODING h',
    'CONFIG SET zset-max-listpack-value 4',
    'ZADD z 1 abcd',
    'OBJECT ENCODING z',
    'ZADD z 1 abcde',
    'OBJECT ENCODING z',
    'CONFIG SET set-max-intset-entries 2',
    'SADD s 1 2',
    'OBJECT ENCODING s',
    'SADD i 1 2 3 4 5',
    'OBJECT ENCODING s',
    'CONFIG SET proto-max-bulk-len 1mb',
    'SETRANGE k 1048575 x',
    'SETRANGE k 1048576 x',
    'CONFIG SET hash-max-listpack-entries 512 zset-max-listpack-value 64',
    'CONFIG SET set-max-intset-entries 512 proto-max-bulk-len 512mb',
  ],
  'list-max-listpack-size beyond what there is': [
    'CONFIG SET list-max-listpack-size -9',
    'CONFIG GET list-max-ziplist-size',
    'RPUSH l a b c',
    'CONFIG SET list-max-ziplist-size 0',
    'CONFIG GET list-max-listpack-size',
    'RPUSH l d e',
    'LRANGE l 0 -1',
    'CONFIG SET list-max-listpack-size -2',
  ],
  'notify-keyspace-events is printed in its own order': [
    'CONFIG SET notify-keyspace-events KEA',
    'CONFIG GET notify-keyspace-events',
    'CONFIG SET notify-keyspace-events gK',
    'CONFIG GET notify-keyspace-events',
    'CONFIG SET notify-keyspace-events EKg$',
    'CONFIG GET notify-keyspace-events',
    'CONFIG SET notify-keyspace-events ""',
    'CONFIG GET notify-keyspace-events',
  ],
  'what has several parts': [
    'CONFIG SET client-output-buffer-limit "normal 1mb 2kb 3 pubsub 1 1 1"',
    'CONFIG GET client-output-buffer-limit',
    'CONFIG SET client-output-buffer-limit "replica 1 2 3"',
    'CONFIG GET client-output-buffer-limit',
    'CONFIG SET client-output-buffer-limit "nok 1 2 3"',
    'CONFIG SET client-output-buffer-limit "normal 1 2"',
    'CONFIG SET client-output-buffer-limit "normal x 2 3"',
    'CONFIG SET client-output-buffer-limit "normal 1 2 x"',
    'CONFIG SET client-output-buffer-limit "normal 1 2 -1"',
    'CONFIG SET client-output-buffer-limit ""',
    'CONFIG SET client-output-buffer-limit "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60"',
    'CONFIG GET client-output-buffer-limit',
    'CONFIG SET save "900 1 300 10"',
    'CONFIG GET save',
    'CONFIG SET save "900"',
    'CONFIG SET save "x 1"',
    'CONFIG SET save "0 1"',
    'CONFIG SET save "1 -1"',
    'CONFIG GET save',
    'CONFIG SET save ""',
    'CONFIG GET save',
    'CONFIG SET latency-tracking-info-percentiles "50.0 99.95 0"',
    'CONFIG GET latency-tracking-info-percentiles',
    'CONFIG SET latency-tracking-info-percentiles "50 101"',
    'CONFIG SET latency-tracking-info-percentiles "50 x"',
    'CONFIG SET latency-tracking-info-percentiles ""',
    'CONFIG GET latency-tracking-info-percentiles',
    'CONFIG SET latency-tracking-info-percentiles "50 99 99.9"',
    'CONFIG SET oom-score-adj-values "1 2"',
    'CONFIG SET shutdown-on-sigint "FORCE save"',
    'CONFIG GET shutdown-on-sigint',
    'CONFIG SET shutdown-on-sigint "save nok"',
    'CONFIG SET shutdown-on-sigint default',
    'CONFIG GET shutdown-on-sigint',
  ],
  'subcommands and arities': [
    'CONFIG',
    'CONFIG NOK',
    'CONFIG RESETSTAT',
    'CONFIG RESETSTAT x',
    'CONFIG REWRITE',
    'CONFIG REWRITE x',
    'CONFIG HELP x',
  ],
});

/** What the server has that was built with TLS, and what later versions no longer have. */
const NOT_OURS = /^(tls-.*|io-threads-do-reads)$/;
/** Their value is where and how this server was started. */
const OF_ITS_PROCESS = new Set(['port', 'bind', 'dir', 'pidfile', 'daemonize', 'enable-debug-command']);
/** Not tried: they would listen, replicate, write files, cut off clients; or other parts decide what they take. */
const NOT_TRIED = new Set([
  ...['port', 'bind', 'bind-source-addr', 'replicaof', 'slaveof', 'masterauth', 'masteruser', 'requirepass'],
  ...['appendonly', 'dir', 'dbfilename', 'logfile', 'oom-score-adj', 'oom-score-adj-values', 'maxclients'],
  ...['maxmemory-clients', 'client-output-buffer-limit', 'loglevel', 'notify-keyspace-events'],
  // 8.6 knows further policies.
  'maxmemory-policy',
  // It looks for what is in the template.
  'proc-title-template',
]);
const VALUES = [
  ...['yes', 'NO', 'x', '', '0', '1', '-1', '7', '-2147483649', '2147483648', '501', '65536'],
  ...['1kb', '1K', '2mB', '1g', '5b', 'kb', '1.5mb', '1tb', '5%', '99999999999999999999', '01', ' 1'],
];

describe('CONFIG, beside the real server', () => {
  let server: RedisServer | undefined;
  let theirs: ServerSide;
  const ours = new LodisSide();
  beforeAll(async () => {
    server = await startRedisServer();
    if (server !== undefined) theirs = await ServerSide.connect(server);
  });
  afterAll(async () => {
    await server?.stop();
  });

  async function all(side: LodisSide | ServerSide): Promise<Map<string, string>> {
    const [reply] = await side.run([['CONFIG', 'GET', '*']], 3);
    return toReply(reply!) as Map<string, string>;
  }

  test('all parameters are there, with their defaults', async ({ skip }) => {
    if (server === undefined) return skip();
    const [mine, others] = [await all(ours), await all(theirs)];
    for (const [name, value] of others) {
      if (NOT_OURS.test(name)) continue;
      expect(mine.has(name), name).toBe(true);
      if (!OF_ITS_PROCESS.has(name)) expect([name, mine.get(name)]).toEqual([name, value]);
    }
  });

  test('each takes and refuses the same values, in the same words', async ({ skip }) => {
    if (server === undefined) return skip();
    const names = [...(await all(theirs)).keys()].filter(
      (name) => !NOT_OURS.test(name) && !NOT_TRIED.has(name),
    );
    expect(names.length).toBeGreaterThan(120);
    const differences: string[] = [];
    for (const name of names) {
      const [initial] = await theirs.run([['CONFIG', 'GET', name]], 2);
      const before = (toReply(initial!) as string[])[1]!;
      const commands: Tokens[] = VALUES.flatMap((value) => [
        ['CONFIG', 'SET', name, value],
        ['CONFIG', 'GET', name],
      ]);
      commands.push(['CONFIG', 'SET', name, before], ['CONFIG', 'GET', name]);
      const [mine, others] = [await ours.run(commands, 2), await theirs.run(commands, 2)];
      for (const [at, tokens] of commands.entries()) {
        // Where it was started from is the server's own.
        if (OF_ITS_PROCESS.has(name) && tokens[1] === 'GET') continue;
        const [a, b] = [print(mine[at]!), print(others[at]!)];
        if (a !== b) differences.push(`${show(tokens)}\n  lodis:  ${a}\n  server: ${b}`);
      }
    }
    expect(differences.join('\n')).toBe('');
  });
});
