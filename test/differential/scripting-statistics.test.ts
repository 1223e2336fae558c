import { afterAll, beforeAll, expect, test } from 'vitest';
import { lua } from '../../src/scripting/index.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { print, show } from './support/comparison.ts';
import { LodisSide, ServerSide, type Tokens } from './support/sides.ts';

// What INFO counts of scripts and of their commands, and what SLOWLOG keeps: after each script, beside the real server.

let server: RedisServer | undefined;
let theirs: ServerSide;
beforeAll(async () => {
  server = await startRedisServer();
  if (server !== undefined) theirs = await ServerSide.connect(server);
});
afterAll(async () => {
  await server?.stop();
});

function run(source: string, ...rest: string[]): Tokens {
  return ['EVAL', source, ...(rest.length === 0 ? ['0'] : rest)];
}

const LIBRARY = `#!lua name=lib
redis.register_function('f', function(keys) return redis.call('INCR', keys[1]) end)
redis.register_function('g', function(keys) return redis.pcall('INCR', keys[1]) end)
redis.register_function{function_name = 'r', callback = function() return redis.call('SET', 'k', 'v') end, flags = {'no-writes'}}`;

const COMMANDS: readonly Tokens[] = [
  ['SET', 's', 'x'],
  run("return redis.call('GET', 's')"),
  run("return redis.call('INCR', 's')"),
  run("return redis.pcall('INCR', 's')"),
  run("redis.pcall('INCR', 's') return 1"),
  run("return {redis.pcall('INCR', 's'), redis.pcall('LPUSH', 's', 1)}"),
  run("return redis.call('FOO')"),
  run("return redis.pcall('FOO')"),
  run("return redis.call('GET')"),
  run("return redis.call('MULTI')"),
  run("return redis.call('SELECT', 99)"),
  run("local t = redis.pcall('SELECT', 99) return t.err"),
  ['EVAL_RO', "return redis.call('SET', 'x', 'y')", '0'],
  ['EVAL_RO', "return redis.pcall('SET', 'x', 'y').err", '0'],
  run("error('x')"),
  run("error({err = 'MY code'})"),
  run("return redis.error_reply('MY_ERR_CODE custom msg')"),
  run("return redis.error_reply('')"),
  run("return redis.status_reply('MY_OK_CODE custom msg')"),
  run("return {1, redis.error_reply('NESTED x')}"),
  run("return {map = {a = redis.error_reply('MAPPED x')}}"),
  run('return ('),
  run('#!lua flags=nosuch\nreturn 1'),
  run('#!lua flags=no-writes\nreturn redis.call("SET", "k", "v")'),
  run('return 1', '-1'),
  run('return 1', 'x'),
  ['EVAL'],
  ['EVALSHA', 'abc', '0'],
  ['EVALSHA', 'f'.repeat(40), '0'],
  ['EVALSHA_RO', 'f'.repeat(40), '0'],
  ['SCRIPT', 'LOAD', 'return 1'],
  ['SCRIPT', 'LOAD', 'return ('],
  ['EVALSHA', 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db', '0'],
  ['FUNCTION', 'LOAD', 'REPLACE', LIBRARY],
  ['FUNCTION', 'LOAD', LIBRARY],
  ['FCALL', 'f', '1', 's'],
  ['FCALL', 'g', '1', 's'],
  ['FCALL', 'r', '0'],
  ['FCALL_RO', 'f', '1', 's'],
  ['FCALL', 'missing', '0'],
  ['FUNCTION', 'DELETE', 'nosuch'],
  run("local t = redis.pcall('INCR', 's') error(t)"),
  run("local t = redis.pcall('INCR', 's') error(t.err)"),
  run("local ok, e = pcall(redis.call, 'INCR', 's') error(e)"),
  run("local t = redis.pcall('INCR', 's') t.err = 'OTHER x' return t"),
  run("return redis.call('INFO', 'nosuch')"),
  run("for i = 1, 5 do redis.call('PING') end return redis.call('BLPOP', 'nolist')"),
];

const TRANSACTION: readonly Tokens[] = [
  ['MULTI'],
  run("return redis.call('INCR', 's')"),
  run("return redis.pcall('FOO')"),
  ['EXEC'],
];

/** Lines of INFO, without times, in order. */
function figures(info: string): string[] {
  return info
    .split('\r\n')
    .filter((line) => /^(cmdstat_|errorstat_|total_error_replies|number_of_|unexpected_error)/.test(line))
    .map((line) => line.replace(/usec=\d+,usec_per_call=[\d.]+,/, ''))
    .filter((line) => !/^cmdstat_(info|config|hello|command)/.test(line))
    .sort();
}

async function figuresOf(side: LodisSide | ServerSide): Promise<string[]> {
  const replies = await side.run(
    ['commandstats', 'errorstats', 'stats', 'memory'].map((section) => ['INFO', section]),
    2,
  );
  return figures(replies.map((reply) => (reply.type === '$' ? (reply.value ?? '') : '')).join('\r\n'));
}

test('what INFO counts', async () => {
  if (server === undefined) return;
  const ours = new LodisSide({ scripting: lua() });
  const begin: Tokens[] = [['FLUSHALL'], ['SCRIPT', 'FLUSH'], ['FUNCTION', 'FLUSH']];
  ours.runNow(begin, 2);
  await theirs.run(begin, 2);
  for (const commands of [...COMMANDS.map((tokens) => [tokens]), TRANSACTION]) {
    const asked: Tokens[] = [['CONFIG', 'RESETSTAT'], ...commands];
    const said = commands.map(show).join('; ');
    const mine = ours.runNow(asked, 2);
    const others = await theirs.run(asked, 2);
    expect(mine.map(print), said).toEqual(others.map(print));
    expect(await figuresOf(ours), said).toEqual(await figuresOf(theirs));
  }
});

test('what SLOWLOG keeps', async () => {
  if (server === undefined) return;
  const ours = new LodisSide({ scripting: lua() });
  const commands: Tokens[] = [
    ['FUNCTION', 'FLUSH'],
    ['FUNCTION', 'LOAD', LIBRARY],
    ['CONFIG', 'SET', 'slowlog-log-slower-than', '0'],
    ['SLOWLOG', 'RESET'],
    run("redis.call('SET', 'k', 'v') return redis.pcall('FOO')", '1', 'key', 'arg'),
    run("error('x')"),
    ['SCRIPT', 'LOAD', 'return 1'],
    ['EVALSHA', 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db', '0'],
    ['FCALL', 'f', '1', 'n'],
    ['CONFIG', 'SET', 'slowlog-log-slower-than', '10000'],
  ];
  const words = async (side: LodisSide | ServerSide): Promise<string[]> => {
    await side.run(commands, 2);
    const [log] = await side.run([['SLOWLOG', 'GET', '100']], 2);
    if (log?.type !== '*' || log.items === null) throw new Error('no log');
    return log.items.map((entry) => (entry.type === '*' ? print(entry.items![3]!) : ''));
  };
  expect(await words(ours)).toEqual(await words(theirs));
});
