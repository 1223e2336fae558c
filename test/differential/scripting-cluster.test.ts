import { afterAll, beforeAll, expect, test } from 'vitest';
import { lua } from '../../src/scripting/index.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { until } from '../support/turns.ts';
import { print, show } from './support/comparison.ts';
import { LodisSide, ServerSide, type Tokens } from './support/sides.ts';

// Scripts of a cluster's clients: keys of which slots they may touch. Beside a real node that has all slots, too.

let server: RedisServer | undefined;
let theirs: ServerSide;
beforeAll(async () => {
  server = await startRedisServer({ args: ['--cluster-enabled', 'yes'] });
  if (server === undefined) return;
  theirs = await ServerSide.connect(server);
  await theirs.run([['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']], 2);
  await until(async () =>
    print((await theirs.run([['CLUSTER', 'INFO']], 2))[0]!).includes('cluster_state:ok'),
  );
});
afterAll(async () => {
  await server?.stop();
});

/** A script that runs these commands, after such a first line. */
function run(firstLine: string, commands: readonly string[], ...rest: string[]): Tokens {
  const calls = commands.map(
    (line) =>
      `redis.call(${line
        .split(' ')
        .map((word) => `'${word}'`)
        .join(', ')})`,
  );
  const last = calls.pop();
  const code = [...calls, `return ${last}`].join('\n');
  return ['EVAL', firstLine === '' ? code : `${firstLine}\n${code}`, ...(rest.length === 0 ? ['0'] : rest)];
}

const LIBRARY = `#!lua name=x
redis.register_function('f', function() redis.call('get', 'foo') return redis.call('get', 'bar') end)
redis.register_function('one', function(keys) return redis.call('get', keys[1]) end)
redis.register_function{function_name = 'g', callback = function() redis.call('get', 'foo') return redis.call('get', 'bar') end, flags = {'allow-cross-slot-keys'}}
redis.register_function{function_name = 'h', callback = function() return 1 end, flags = {'no-cluster'}}`;

const FIRST_LINES = ['', '#!lua', '#!lua flags=allow-cross-slot-keys', '#!lua flags=no-writes'];

const COMMANDS: readonly Tokens[] = [
  ...FIRST_LINES.flatMap((line) => [
    run(line, ['get foo', 'get bar']),
    run(line, ['get foo', 'get {foo}bar']),
    run(line, ['get foo'], '1', 'bar'),
    run(line, ['get foo'], '1', 'foo'),
    run(line, ['get foo'], '2', 'foo', 'bar'),
    run(line, ['get foo'], '2', '{foo}a', '{foo}b'),
    run(line, ['set foo 1', 'set bar 1']),
    run(line, ['mget foo bar']),
    run(line, ['mget foo foo']),
    run(line, ['ping', 'echo x', 'get foo', 'get bar']),
    run(line, ['spublish foo x', 'spublish bar x']),
    run(line, ['publish foo x', 'publish bar x']),
    run(line, ['select 0']),
    run(line, ['select 1']),
    run(line, ['swapdb 0 1']),
    run(line, ['move foo 1']),
    run(line, ['sunion 2 foo bar']),
    run(line, ['zunion 2 foo bar']),
    run(line, ['xread streams foo bar 0 0']),
  ]),
  ['EVAL', "#!lua\nredis.pcall('get', 'foo') return redis.pcall('get', 'bar')['err']", '0'],
  ['EVAL', "#!lua\nredis.pcall('mget', 'foo', 'bar') return redis.pcall('get', 'bar')", '0'],
  ['EVAL', '#!lua flags=no-cluster\nreturn 1', '0'],
  ['EVAL_RO', '#!lua flags=no-cluster\nreturn 1', '0'],
  ['FUNCTION', 'LOAD', 'REPLACE', LIBRARY],
  ...['f', 'g', 'h'].flatMap((name) => [
    ['FCALL', name, '0'],
    ['FCALL', name, '1', 'foo'],
    ['FCALL', name, '2', 'foo', 'bar'],
    ['FCALL_RO', name, '0'],
  ]),
  ['FCALL', 'one', '1', 'foo'],
  ['FCALL', 'one', '1', 'bar'],
  ['MULTI'],
  run('#!lua', ['set foo 1'], '1', 'foo'),
  run('#!lua', ['set bar 1'], '0'),
  ['EXEC'],
  ['MULTI'],
  run('#!lua', ['set foo 1'], '1', 'foo'),
  run('#!lua', ['set bar 1'], '1', 'bar'),
  ['EXEC'],
  ['MULTI'],
  run('#!lua', ['set bar 1']),
  run('#!lua', ['set foo 1']),
  run('', ['set foo 2']),
  run('#!lua', ['set bar 3']),
  ['EXEC'],
  ['MULTI'],
  run('#!lua', ['set bar 1']),
  ['GET', 'foo'],
  ['EXEC'],
  run('#!lua', ['set bar 1']),
];

/** Since 7.2 it is told which command asked for keys of several slots. */
function asBefore(text: string): string {
  return text.replace(
    /Command '[^']+' in script attempted to access keys that don't hash to the same slot/,
    'Script attempted to access a non local key in a cluster node',
  );
}

test.each([2, 3] as const)('beside a real node, RESP%i', async (protocol) => {
  if (server === undefined) return;
  const ours = new LodisSide({ scripting: lua() });
  ours.becomeClusterNode();
  await theirs.run([['FLUSHALL'], ['FUNCTION', 'FLUSH'], ['SCRIPT', 'FLUSH']], protocol);
  const mine = ours.runNow(COMMANDS, protocol);
  const others = await theirs.run(COMMANDS, protocol);
  for (const [at, tokens] of COMMANDS.entries()) {
    expect(asBefore(print(mine[at]!)), show(tokens)).toBe(print(others[at]!));
  }
});

test('what was asked of one run is not asked of the next one', () => {
  const ours = new LodisSide({ scripting: lua() });
  ours.becomeClusterNode();
  const [crossing] = ours.runNow([run('#!lua', ['mget foo bar'])], 2);
  expect(print(crossing!)).toContain(
    "ERR Command 'mget' in script attempted to access keys that don't hash to the same slot",
  );
  expect(
    ours.store.eval(
      "#!lua\nredis.call('select', 1) redis.call('set', 'foo', '1') return redis.call('mget', 'foo', 'bar')",
    ),
  ).toEqual(['1', null]);
  const alone = new LodisSide({}, ours.store);
  expect(print(alone.runNow([run('#!lua', ['set foo 1', 'set bar 1'])], 2)[0]!)).toBe('+"OK"');
});
