import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lua } from '../../src/scripting/index.ts';
import { registry } from '../../src/session/registry.ts';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { behaviours, type Script } from './support/behaviours.ts';
import { print } from './support/comparison.ts';
import { type InterleavingOptions, interleavings } from './support/interleavings.ts';
import { RandomSampler } from './support/random-sampler.ts';
import { LodisSide, ServerSide, type Tokens } from './support/sides.ts';

// Memory is full, and nothing may go: which commands are refused, and with what words.

const SEED = 20_261_122;
const SAMPLES = 12;
const OOM = `-"OOM command not allowed when used memory > 'maxmemory'."`;

const storeOptions = () => ({ scripting: lua() });
const FREE = ['CONFIG SET maxmemory 0', 'CONFIG SET maxmemory-policy noeviction', 'FUNCTION FLUSH'];
const FULL = 'CONFIG SET maxmemory 1';

/** A script in a store that is full, and holds a string, a list, and a function of each kind. */
function full(...script: Script): Script {
  return [
    'SET filler v',
    'SET k v',
    'RPUSH l 1 2 3',
    ['FUNCTION', 'LOAD', LIBRARY],
    FULL,
    ...script,
    'CONFIG SET maxmemory 0',
    'FUNCTION FLUSH',
  ];
}

const LIBRARY = `#!lua name=lib
redis.register_function('plain', function() return 1 end)
redis.register_function{function_name='reads', callback=function() return redis.call('GET', 'k') end, flags={'no-writes'}}
redis.register_function{function_name='allows', callback=function() return redis.call('SET', 'o', 1) end, flags={'allow-oom'}}`;

function evaluate(source: string): Tokens {
  return ['EVAL', source, '0'];
}

behaviours(
  'a full memory',
  {
    'commands that add are refused, others run': full(
      'SET a b',
      'GET k',
      'GET nokey',
      'DEL nokey',
      'APPEND k x',
      'LPUSH l 0',
      'LRANGE l 0 -1',
      'LPOP l',
      'EXPIRE k 100',
      'PERSIST k',
      'RENAME k k2',
      'SORT l',
      'SORT_RO l',
      'GETSET k2 x',
      'GETEX k2',
      'GEORADIUS g 1 1 1 m',
      'GEORADIUS_RO g 1 1 1 m',
      'HEXISTS h f',
      'SMOVE s t x',
      'PUBLISH c m',
      'CONFIG GET maxmemory',
      'PING',
      'SELECT 1',
      'SET a b',
      'SELECT 0',
      'DBSIZE',
    ),
    'arity, then whether the command is known, then memory, then syntax and types': full(
      'SET',
      'SET a',
      'FOO',
      'SET a b c d',
      'SET a b EX abc',
      'INCR l',
      'LPUSH k x',
      'OBJECT',
      'OBJECT FOO',
      'XGROUP CREATE',
      'XGROUP CREATE s g',
      'XGROUP CREATE s g $ FOO',
      'XGROUP DESTROY s g',
    ),
    'MULTI queues nothing at all': full(
      'MULTI',
      'GET k',
      'EXEC',
      'MULTI',
      'PING',
      'DISCARD',
      'DISCARD',
      'MULTI',
      'MULTI',
      'WATCH k',
      'SET',
      'FOO',
      'SET a b',
      'EXEC',
      'MULTI',
      'EXEC',
      'EXEC',
      'GET k',
    ),
    'what was queued before': [
      'SET filler v',
      'SET k v',
      'MULTI',
      FULL,
      'SET k w',
      'APPEND k x',
      evaluate("return redis.call('SET', 'y', 1)"),
      evaluate('#!lua\nreturn 1'),
      evaluate("#!lua flags=no-writes\nreturn redis.call('GET', 'k')"),
      evaluate("#!lua flags=allow-oom\nreturn redis.call('SET', 'y', 2)"),
      'EXEC',
      'SET k x',
      'GET k',
      'GET y',
    ],
    'scripts that say nothing of themselves begin, and end at the first addition': full(
      evaluate("return redis.call('GET', 'k')"),
      evaluate("return redis.call('SET', 'k', 'w')"),
      evaluate("redis.call('GET', 'k') return redis.pcall('SET', 'k', 'w')"),
      evaluate("redis.call('DEL', 'nokey') return redis.call('SET', 'k', 'w')"),
      evaluate("redis.pcall('SET', 'a', 'b') redis.call('DEL', 'nokey') return redis.call('SET', 'k', 'x')"),
      evaluate("redis.call('EXPIRE', 'k', 'abc')"),
      evaluate("redis.pcall('LPOP', 'k') return redis.call('SET', 'k', 'y')"),
      evaluate("return redis.call('SET', 'k')"),
      evaluate("return redis.call('SORT', 'l')"),
      evaluate("return redis.call('SORT_RO', 'l')"),
      'GET k',
      "SCRIPT LOAD \"return redis.call('SET', 'k', 'z')\"",
      'EVALSHA 4a0a3b4b6ff3dbb7c0ee6e2b8f7c0f0e0c3a0f1b 0',
    ),
    'scripts that say something of themselves': full(
      evaluate('#!lua\nreturn 1'),
      evaluate('#!lua flags=no-writes\nreturn 1'),
      evaluate("#!lua flags=allow-oom\nreturn redis.call('SET', 'k', 'w')"),
      evaluate("#!lua flags=allow-oom,no-writes\nreturn redis.call('SET', 'k', 'w')"),
      evaluate('#!lua flags=allow-stale\nreturn 1'),
      evaluate('#!lua flags=nonsense\nreturn 1'),
      evaluate('#!nonsense\nreturn 1'),
      ['EVAL_RO', '#!lua\nreturn 1', '0'],
      ['EVAL_RO', "return redis.call('GET', 'k')", '0'],
      ['EVAL_RO', "return redis.call('SET', 'k', 'w')", '0'],
      ['EVAL', '#!lua\nreturn 1'],
      ['EVAL', '#!lua\nreturn 1', 'abc'],
      'GET k',
    ),
    functions: full(
      'FCALL plain 0',
      'FCALL reads 0',
      'FCALL allows 0',
      'FCALL missing 0',
      'FCALL plain abc',
      'FCALL_RO plain 0',
      'FCALL_RO reads 0',
      'FCALL_RO allows 0',
      ['FUNCTION', 'LOAD', 'REPLACE', LIBRARY],
      'FUNCTION RESTORE x',
      'FUNCTION DELETE nolib',
      'GET o',
    ),
    'functions that were queued before': [
      'SET filler v',
      ['FUNCTION', 'LOAD', LIBRARY],
      'MULTI',
      FULL,
      'FCALL plain 0',
      'FCALL reads 0',
      'FCALL allows 0',
      'EXEC',
    ],
    'there is room again': full('SET a b', 'CONFIG SET maxmemory 0', 'SET a b', FULL, 'SET a c', 'GET a'),
    'all that expires may go, one after the other': [
      'SET k v',
      'SET a b EX 1000',
      'SET c d EX 1000',
      'CONFIG SET maxmemory-policy volatile-random',
      FULL,
      'SET e f',
      'DBSIZE',
      'EXISTS a c',
      'GET k',
      'SET g h EX 100',
    ],
  },
  { storeOptions, before: FREE.map((line) => line.split(' ')) },
);

const options: InterleavingOptions = { storeOptions: storeOptions(), before: [...FREE, 'SET filler v'] };

interleavings(
  'a full memory',
  {
    'a transaction that began before': [
      'a: MULTI',
      'a: SET k v',
      `b: ${FULL}`,
      'a: EXEC',
      'a: EXEC',
      'a: GET k',
    ],
    'a transaction that adds nothing': ['a: MULTI', 'a: GET filler', 'a: DEL k', `b: ${FULL}`, 'a: EXEC'],
    'a transaction that is refused something': [
      'a: MULTI',
      'a: GET filler',
      `b: ${FULL}`,
      'a: GET filler',
      'b: CONFIG SET maxmemory 0',
      'a: EXEC',
    ],
    'a transaction of a script': [
      'a: MULTI',
      { client: 'a', tokens: evaluate("return redis.call('SET', 'k', 1)") },
      `b: ${FULL}`,
      'a: EXEC',
    ],
    'a transaction of a script that says that it adds': [
      'a: MULTI',
      { client: 'a', tokens: evaluate("#!lua\nreturn redis.call('SET', 'k', 1)") },
      `b: ${FULL}`,
      'a: EXEC',
    ],
    'watched keys are forgotten': [
      'a: WATCH filler',
      'a: MULTI',
      'a: SET k v',
      `b: ${FULL}`,
      'a: EXEC',
      'b: CONFIG SET maxmemory 0',
      'b: SET filler w',
      'a: MULTI',
      'a: GET filler',
      'a: EXEC',
    ],
    'what waits': [
      `a: ${FULL}`,
      'a: BLMOVE l m LEFT RIGHT 1',
      'a: BRPOPLPUSH l m 1',
      'b: BLPOP l 0',
      'a: CONFIG SET maxmemory 0',
      'a: RPUSH l x',
    ],
    'subscribers may do what they may do otherwise': [
      'a: SUBSCRIBE c',
      `b: ${FULL}`,
      'a: PING',
      'a: SUBSCRIBE d',
      'b: PUBLISH c m',
      'a: UNSUBSCRIBE c d',
      'a: SET k v',
    ],
    'while writes are paused nothing is evicted, nor refused': [
      'a: CONFIG SET maxmemory-policy volatile-random',
      'a: SET k v EX 1000',
      'a: CLIENT PAUSE 100000 WRITE',
      `b: ${FULL}`,
      'b: GET k',
      'b: SET a b',
      'c: EXISTS k',
      'a: CLIENT UNPAUSE',
      'c: EXISTS k',
    ],
    'keys that are evicted are told of, and touch who watches': [
      'a: CONFIG SET notify-keyspace-events KEA',
      'a: CONFIG SET maxmemory-policy volatile-ttl',
      'a: SET k v EX 1000',
      'b: SUBSCRIBE __keyevent@0__:evicted __keyevent@0__:del',
      'a: WATCH k',
      'a: MULTI',
      'a: GET k',
      `c: ${FULL}`,
      'c: PING',
      'a: EXEC',
      'a: EXISTS k',
      'c: CONFIG SET notify-keyspace-events ""',
    ],
  },
  options,
);

/** What INFO counts of commands and errors, without what time they took. */
function countsIn(replies: readonly ReplyNode[]): string[] {
  return replies.flatMap((reply) => {
    const text = reply.type === '$' || reply.type === '=' ? (reply.value ?? '') : '';
    return text
      .split('\r\n')
      .filter((line) => /^(cmdstat|errorstat)_/.test(line) && !/^cmdstat_(info|config)/.test(line))
      .map((line) => line.replace(/,usec=.*?,rejected/, ',rejected'))
      .sort();
  });
}

interleavings(
  'a full memory, and caches of clients',
  {
    'what is evicted is invalidated': [
      'a: CLIENT TRACKING on',
      'a: SET k v EX 1000',
      'a: GET k',
      'a: CONFIG SET maxmemory-policy volatile-lru',
      `b: ${FULL}`,
      'b: PING',
      'b: EXISTS k',
    ],
    'what is refused invalidates nothing': [
      'a: CLIENT TRACKING on',
      'a: GET filler',
      `b: ${FULL}`,
      'b: SET filler w',
      'b: DEL filler',
    ],
    'CLIENT CACHING ends with the next command, refused or not': [
      'a: CLIENT TRACKING on OPTIN',
      `b: ${FULL}`,
      'a: CLIENT CACHING yes',
      'a: APPEND filler w',
      'a: GET filler',
      'b: DEL filler',
    ],
  },
  { ...options, protocols: [3] },
);

describe('a full memory, in the statistics', () => {
  test('is counted as by the real server', async ({ skip }) => {
    const server = await startRedisServer();
    if (server === undefined) return skip();
    const theirs = await ServerSide.connect(server);
    const begin = [FREE[0]!, 'SET filler v', 'SET k v', FULL].map((line) => line.split(' '));
    const commands: Tokens[] = [
      ['CONFIG', 'RESETSTAT'],
      ['SET', 'a', 'b'],
      ['SET', 'a'],
      ['LPUSH', 'l', '0'],
      ['GET', 'k'],
      ['MULTI'],
      ['GET', 'k'],
      ['EXEC'],
      evaluate("return redis.call('SET', 'k', 'w')"),
      evaluate("return redis.pcall('SET', 'k', 'w')"),
      evaluate("redis.pcall('SET', 'k', 'w') return 1"),
      evaluate('#!lua\nreturn 1'),
      ['XGROUP', 'CREATE', 's', 'g', '$'],
      ['MULTI'],
      ['CONFIG', 'SET', 'maxmemory', '0'],
      ['EXEC'],
    ];
    const queued = ['CONFIG SET maxmemory 0', 'MULTI', 'SET k v'].map((line) => line.split(' '));
    const asked: Tokens[] = [
      ...begin,
      ...commands,
      ...queued,
      ['EXEC'],
      ['INFO', 'commandstats'],
      ['INFO', 'errorstats'],
    ];
    const mine = new LodisSide(storeOptions()).runNow(asked, 2);
    const others = await theirs.run(asked, 2);
    expect(countsIn(mine.slice(-2))).toEqual(countsIn(others.slice(-2)));
    expect(countsIn(mine.slice(-2)).join()).toContain('rejected_calls=1');
    await theirs.close();
    await server.stop();
  });
});

describe('every command of the real server, with a full memory', () => {
  let server: RedisServer | undefined;
  let theirs: ServerSide;
  beforeAll(async () => {
    server = await startRedisServer();
    if (server !== undefined) theirs = await ServerSide.connect(server);
  });
  afterAll(async () => {
    await server?.stop();
  });

  /** Those that leave a connection, a store and a server as they were, or what is in MULTI. */
  const harmless = registry.all.filter(
    ({ facts, forms, flags }) =>
      forms.length > 0 && (facts.target === undefined || flags.has('denyoom')) && facts.name !== 'RANDOMKEY',
  );

  test.for([2, 3] as const)('in RESP%i: it is refused exactly where ours is', async (protocol, { skip }) => {
    if (server === undefined) return skip();
    const known = await theirs.commandNames();
    const sampler = new RandomSampler(SEED, server.version);
    const ours = new LodisSide(storeOptions());
    const begin = [FREE[0]!, 'FLUSHALL', 'SET filler v', FULL].map((line) => line.split(' '));
    const refused = new Set<string>();
    for (const command of harmless) {
      if (!known.has(command.fullName)) continue;
      for (let at = 0; at < SAMPLES; at++) {
        const tokens = command.sample(sampler);
        // What removes may have made room.
        const commands: Tokens[] = [...begin, tokens, ...begin, ['MULTI'], tokens, ['EXEC']];
        const mine = ours.runNow(commands, protocol).map(print).slice(begin.length);
        const others = (await theirs.run(commands, protocol)).map(print).slice(begin.length);
        const isRefused = mine[0] === OOM;
        expect([command.facts.name, isRefused]).toEqual([command.facts.name, others[0] === OOM]);
        expect(mine.slice(1), command.facts.name).toEqual(others.slice(1));
        if (isRefused) refused.add(command.fullName);
      }
    }
    expect(refused.size).toBeGreaterThan(50);
  });
});
