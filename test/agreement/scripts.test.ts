import { expect, test } from 'vitest';
import { connect, ReplyError, type ScriptReply, Store } from '../../src/index.ts';
import { lua } from '../../src/scripting/index.ts';
import { compareKeyspaces } from '../differential/support/keyspace-dump.ts';
import { LodisSide } from '../differential/support/sides.ts';

// Each script runs by every typed way there is, and over the wire: same answer, same error, same store.

const SCRIPTS: readonly (readonly [source: string, keys?: readonly string[], args?: readonly string[]])[] = [
  [''],
  ['return 1'],
  ['return {1, 2.7, "x", true, false, nil, 3}'],
  ['return {KEYS, ARGV}', ['a', 'b'], ['c', 'é']],
  ["return redis.call('SET', KEYS[1], ARGV[1])", ['k'], ['v']],
  ["return redis.call('GET', KEYS[1])", ['k']],
  ["return redis.call('INCR', KEYS[1])", ['n']],
  ["return redis.call('INCR', KEYS[1])", ['k']],
  ["redis.call('RPUSH', 'l', 'a', 'b') return redis.call('LRANGE', 'l', 0, -1)"],
  ["redis.call('HSET', 'h', 'f', 'v') redis.setresp(3) return redis.call('HGETALL', 'h')"],
  ["return redis.call('ZADD', 'z', 1.5, 'm')"],
  ["return redis.call('ZSCORE', 'z', 'm')"],
  ["redis.call('SELECT', 2) return redis.call('SET', 'there', 'x')"],
  ["return {redis.error_reply('CODE x'), {err = 'plain'}}"],
  ["return redis.error_reply('CODE x')"],
  ["redis.call('SET', 'half', 'done') error('x')"],
  ['return foo'],
  ['return ('],
  ['#!lua flags=no-writes\nreturn redis.call("SET", "k", "w")'],
  ['#!lua flags=nonsense\nreturn 1'],
  ['return {double = 2.5}'],
  ['return {map = {a = 1}}'],
  ['return {set = {a = true}}'],
  ["return {big_number = '123'}"],
  ["return {verbatim_string = {string = 'x', format = 'txt'}}"],
  ['return 2^62'],
];

type Outcome = { readonly value: unknown } | { readonly error: string };

function outcome(run: () => unknown): Outcome {
  try {
    return { value: plain(run()) };
  } catch (error) {
    if (error instanceof ReplyError) return { error: error.message };
    throw error;
  }
}

/** Errors within arrays by their messages; integers of either kind by their value. */
function plain(value: unknown): unknown {
  if (value instanceof ReplyError) return `error ${value.message}`;
  if (typeof value === 'bigint') return Number(value);
  return Array.isArray(value) ? value.map(plain) : value;
}

type Run = (store: Store, source: string, keys: readonly string[], args: readonly string[]) => unknown;

const WAYS: Readonly<Record<string, Run>> = {
  eval: (store, source, keys, args) => store.eval(source, keys, args),
  script: (store, source, keys, args) => store.script(source)(keys, args),
  evalsha: (store, source, keys, args) => store.evalsha(store.scriptLoad(source), keys, args),
  bigints: (store, source, keys, args) => store.bigints.eval(source, keys, args),
  bytes: (store, source, keys, args) => textOf(store.bytes.eval(source, keys, args)),
  transaction: (store, source, keys, args) => store.transaction((tx) => tx.eval(source, keys, args)),
};

function textOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return Array.isArray(value) ? value.map(textOf) : value;
}

test.each(Object.keys(WAYS))('by %s', async (way) => {
  const typed = new LodisSide({ scripting: lua() });
  const wired = new LodisSide({ scripting: lua() });
  const connection = connect(wired.store);
  for (const [source, keys = [], args = []] of SCRIPTS) {
    const mine = outcome(() => WAYS[way]!(typed.store, source, keys, args));
    const others = outcome(() => connection.call('EVAL', source, String(keys.length), ...keys, ...args));
    expect(mine, source).toEqual(others);
    // A transaction undoes what failed in it.
    if (way === 'transaction' && source.startsWith("redis.call('SET', 'half'")) wired.store.del('half');
  }
  typed.store.keyspace.checkInvariants();
  await compareKeyspaces(typed, wired);
});

test('the _RO forms', () => {
  const store = new Store({ scripting: lua() });
  const connection = connect(store);
  for (const [source, keys = [], args = []] of SCRIPTS) {
    const mine = outcome(() => store.evalRo(source, keys, args));
    const others = outcome(() => connection.call('EVAL_RO', source, String(keys.length), ...keys, ...args));
    expect(mine, source).toEqual(others);
  }
});

test('functions', () => {
  const codes = [
    "#!lua name=a\nredis.register_function('f', function(keys, args) return {keys, args} end)",
    "#!lua name=a\nredis.register_function('g', function() return redis.call('SET', 'k', 'v') end)",
    "#!lua name=b\nredis.register_function{function_name = 'r', callback = function() return redis.call('GET', 'k') end, flags = {'no-writes'}}",
    "#!lua name=c\nredis.register_function('f', function() return 1 end)",
    '#!lua name=d\nreturn 1',
    'nothing',
  ];
  const typed = new Store({ scripting: lua() });
  const wired = connect(new Store({ scripting: lua() }));
  const compare = (mine: () => unknown, ...command: readonly [string, ...string[]]) =>
    expect(outcome(mine), command.join(' ')).toEqual(outcome(() => wired.call(...command)));
  for (const code of codes) {
    compare(() => typed.functionLoad(code), 'FUNCTION', 'LOAD', code);
    compare(() => typed.functionLoad(code, { replace: true }), 'FUNCTION', 'LOAD', 'REPLACE', code);
  }
  for (const name of ['f', 'g', 'r', 'missing']) {
    compare((): ScriptReply => typed.fcall(name, 'k', ['x', 'y']), 'FCALL', name, '1', 'k', 'x', 'y');
    compare(() => typed.fcallRo(name), 'FCALL_RO', name, '0');
  }
  compare(() => typed.functionDelete('b'), 'FUNCTION', 'DELETE', 'b');
  compare(() => typed.functionDelete('b'), 'FUNCTION', 'DELETE', 'b');
  compare(() => typed.functionFlush(), 'FUNCTION', 'FLUSH');
  expect(typed.functionStats()).toEqual({ libraries: 0, functions: 0 });
});
