import { describe, expect, test } from 'vitest';
import { connect, ReplyError, Store } from '../../src/index.ts';
import { lua } from '../../src/scripting/index.ts';

function scriptable(): Store {
  return new Store({ scripting: lua() });
}

describe('a store without scripting', () => {
  const OFF = /^ERR scripting is off: new Store\(\{ scripting: lua\(\) \}\) with lua from 'lodis\/scripting'/;

  test('says how to turn it on', () => {
    const store = new Store();
    expect(() => store.eval('return 1')).toThrow(OFF);
    expect(() => store.fcall('f')).toThrow(OFF);
    expect(() => store.scriptLoad('return 1')).toThrow(OFF);
    expect(() => store.functionList()).toThrow(OFF);
    expect(() => store.script('return 1')).toThrow(OFF);
    const connection = connect(store);
    for (const command of [
      ['EVAL', 'return 1', '0'],
      ['EVALSHA', 'a'.repeat(40), '0'],
      ['FCALL', 'f', '0'],
      ['SCRIPT', 'FLUSH'],
      ['FUNCTION', 'STATS'],
    ] as const) {
      const [name, ...rest] = command;
      expect(() => connection.call(name, ...rest), name).toThrow(OFF);
    }
  });

  test('knows the commands all the same', () => {
    const connection = connect(new Store());
    expect(connection.call('COMMAND', 'INFO', 'EVAL')).toHaveLength(1);
    expect(connection.call('COMMAND', 'GETKEYS', 'EVAL', 'return 1', '2', 'a', 'b', 'c')).toEqual(['a', 'b']);
    expect(() => connection.call('EVAL')).toThrow("wrong number of arguments for 'eval' command");
  });

  test('and the option takes nothing else', () => {
    expect(() => new Store({ scripting: {} as never })).toThrow(TypeError);
    expect(() => lua({ timeLimit: 5 } as never)).toThrow('unknown option timeLimit');
    expect(() => lua({ timeLimitMs: 0 })).toThrow(RangeError);
    expect(() => lua({ memoryLimitBytes: Number.NaN })).toThrow(RangeError);
    expect(() => lua({ timeLimitMs: '5' as never })).toThrow(
      'timeLimitMs must be a number above 0, got string',
    );
    expect(() => lua({ onLog: 5 as never })).toThrow('onLog must be a function, got the number 5');
  });
});

describe('typed calls', () => {
  test('take keys and arguments, one or many, as text or bytes', () => {
    const store = scriptable();
    const script = 'return {KEYS, ARGV}';
    expect(store.eval(script)).toEqual([[], []]);
    expect(store.eval(script, 'k')).toEqual([['k'], []]);
    expect(store.eval(script, ['a', 'b'], ['c'])).toEqual([['a', 'b'], ['c']]);
    expect(store.eval(script, new Uint8Array([107]), 'é')).toEqual([['k'], ['é']]);
    expect(() => store.eval(script, 1 as never)).toThrow(TypeError);
    expect(() => store.eval('return #KEYS', [1 as never])).toThrow(TypeError);
  });

  test('answer as a RESP2 client would get it', () => {
    const store = scriptable();
    expect(store.eval('return 1')).toBe(1);
    expect(store.eval('return -3.9')).toBe(-3);
    expect(store.eval('return 2^60')).toBe(2 ** 60);
    expect(store.eval("return 'x'")).toBe('x');
    expect(store.eval('return nil')).toBeNull();
    expect(store.eval('return false')).toBeNull();
    expect(store.eval('return true')).toBe(1);
    expect(store.eval("return {ok = 'fine'}")).toBe('fine');
    expect(store.eval("return {1, 'two', {3, {}}, false}")).toEqual([1, 'two', [3, []], null]);
    expect(store.eval('return {double = 1.5}')).toBe('1.5');
    expect(store.eval('return {map = {a = 1}}')).toEqual(['a', 1]);
    expect(store.eval('return {set = {a = true}}')).toEqual(['a']);
    const [error] = store.eval("return {redis.error_reply('CODE told')}") as unknown[];
    expect(error).toBeInstanceOf(ReplyError);
    expect((error as ReplyError).message).toBe('CODE told');
  });

  test('answer in the form of their view', () => {
    const store = scriptable();
    store.bytes.set('k', new Uint8Array([0xff, 0x00, 0xc3]));
    const script = "return {redis.call('GET', KEYS[1]), 7, {ok = 'x'}}";
    expect(store.bytes.eval(script, 'k')).toEqual([
      new Uint8Array([0xff, 0x00, 0xc3]),
      7,
      new Uint8Array([0x78]),
    ]);
    expect(store.bigints.eval('return {1, 2^60}')).toEqual([1n, 2n ** 60n]);
    expect(store.bytes.script(script)('k')).toHaveLength(3);
    expect(store.bigints.script('return 5')()).toBe(5n);
  });

  test('throw what the script raised, traced to the caller', () => {
    const store = scriptable();
    let thrown: unknown;
    try {
      store.eval("error('oops')");
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ReplyError);
    expect((thrown as ReplyError).message).toMatch(
      /^ERR user_script:1: oops script: [0-9a-f]{40}, on @user_script:1\.$/,
    );
    expect((thrown as ReplyError).stack).toContain('typed.test.ts');
    expect(() => store.eval("return redis.error_reply('CODE told')")).toThrow('CODE told');
  });

  test('trace what does not compile to the caller, too', () => {
    const store = scriptable();
    for (const load of [
      () => store.script('return ('),
      () => store.scriptLoad('return ('),
      () => store.functionLoad('#!lua name=l\nreturn ('),
    ]) {
      let thrown: unknown;
      try {
        load();
      } catch (error) {
        thrown = error;
      }
      expect((thrown as ReplyError).message).toContain('Error compiling');
      // As near as `eval` does it: nothing of the engine stands between.
      const frames = (thrown as ReplyError).stack!.split('\n').filter((line) => line.startsWith('    at'));
      expect(frames.findIndex((frame) => frame.includes('typed.test.ts'))).toBeLessThan(6);
      expect(frames.join()).not.toContain('-room.ts');
    }
  });

  test('refuse what is neither text nor bytes, and say so', () => {
    const store = scriptable();
    expect(() => store.script((() => 1) as never)).toThrow('expected a string or a Uint8Array, got function');
    expect(() => store.eval('return 1', 'k', 5 as never)).toThrow('write String(…) if its digits are meant');
    const source = new TextEncoder().encode('return 1');
    const one = store.script(source);
    source[7] = '2'.charCodeAt(0);
    store.scriptFlush();
    expect(one()).toBe(1);
  });

  test('work on the database of their view', () => {
    const store = scriptable();
    store.select(3).eval("return redis.call('SET', 'k', 'three')");
    expect(store.get('k')).toBeNull();
    expect(store.select(3).get('k')).toBe('three');
    expect(store.eval("return redis.call('GET', 'k')")).toBeNull();
  });

  test('script() is kept, and kept again when it was forgotten', () => {
    const store = scriptable();
    const add = store.script("return redis.call('INCRBY', KEYS[1], ARGV[1])");
    expect(add('n', '5')).toBe(5);
    store.scriptFlush();
    expect(add('n', '2')).toBe(7);
    expect(() => store.script('return (')).toThrow('Error compiling script');
    const fails = store.script("return redis.error_reply('NOSCRIPT of its own')");
    expect(() => fails()).toThrow('NOSCRIPT of its own');
  });

  test('scripts are kept by their digest', () => {
    const store = scriptable();
    const digest = store.scriptLoad('return 1');
    expect(digest).toBe('e0e1f9fabfc9d4800c877a703b823ac0578ff8db');
    expect(store.scriptExists([digest, 'abc'])).toEqual([1, 0]);
    expect(store.evalsha(digest)).toBe(1);
    expect(store.evalshaRo(digest)).toBe(1);
    expect(store.evalRo('return 2')).toBe(2);
    expect(() => store.evalRo("return redis.call('SET', 'k', 'v')")).toThrow('read-only scripts');
    expect(store.scriptFlush()).toBe('OK');
    expect(() => store.evalsha(digest)).toThrow('NOSCRIPT');
    expect(() => store.evalsha('abc')).toThrow('NOSCRIPT');
  });

  test('and shown by it', () => {
    const store = scriptable();
    const connection = connect(store);
    const source = "#!lua flags=no-writes\nreturn '\u00e9\u{1f600}'";
    const digest = store.scriptLoad(source);
    expect(store.scriptShow(digest)).toBe(source);
    expect(store.scriptShow(digest.toUpperCase())).toBe(source);
    expect(store.bytes.scriptShow(digest)).toEqual(new TextEncoder().encode(source));
    expect(connection.call('SCRIPT', 'SHOW', digest)).toBe(source);
    for (const missing of ['abc', digest.replace(/./, 'x'), '']) {
      const refusal = 'NOSCRIPT No matching script. Please use EVAL.';
      expect(() => store.scriptShow(missing)).toThrow(refusal);
      expect(() => connection.call('SCRIPT', 'SHOW', missing)).toThrow(refusal);
    }
    expect(() => connection.call('SCRIPT', 'SHOW')).toThrow(
      "wrong number of arguments for 'script|show' command",
    );
    store.scriptFlush();
    expect(() => store.scriptShow(digest)).toThrow('NOSCRIPT');
  });

  test('libraries of functions', () => {
    const store = scriptable();
    const code = `#!lua name=mylib
redis.register_function{function_name = 'get', callback = function(keys) return redis.call('GET', keys[1]) end, flags = {'no-writes'}, description = 'reads'}
redis.register_function('set', function(keys, args) return redis.call('SET', keys[1], args[1]) end)`;
    expect(store.functionLoad(code)).toBe('mylib');
    expect(() => store.functionLoad(code)).toThrow("Library 'mylib' already exists");
    expect(store.functionLoad(code, { replace: true })).toBe('mylib');
    expect(store.fcall('set', 'k', 'v')).toBe('OK');
    expect(store.fcallRo('get', 'k')).toBe('v');
    expect(() => store.fcallRo('set', 'k', 'v')).toThrow('*_ro');
    expect(store.functionStats()).toEqual({ libraries: 1, functions: 2 });
    expect(store.functionList()).toEqual([
      {
        libraryName: 'mylib',
        engine: 'LUA',
        functions: [
          { name: 'get', description: 'reads', flags: ['no-writes'] },
          { name: 'set', description: null, flags: [] },
        ],
      },
    ]);
    expect(store.functionList({ libraryname: 'my*', withcode: true })[0]?.libraryCode).toBe(code);
    expect(store.functionList({ libraryname: 'x*' })).toEqual([]);
    const payload = store.functionDump();
    expect(() => store.functionRestore(payload)).toThrow('Library mylib already exists');
    expect(store.functionDelete('mylib')).toBe('OK');
    expect(store.functionRestore(payload)).toBe('OK');
    expect(store.fcall('get', 'k')).toBe('v');
    expect(store.functionFlush()).toBe('OK');
    expect(() => store.fcall('get', 'k')).toThrow('Function not found');
    expect(() => store.functionRestore('abc' as never)).toThrow(TypeError);
    expect(() => store.functionRestore(payload, 'foo' as never)).toThrow(TypeError);
  });

  test('wire and typed calls share scripts, libraries and keys', () => {
    const store = scriptable();
    const connection = connect(store);
    const digest = store.scriptLoad("return redis.call('INCR', 'n')");
    expect(connection.call('EVALSHA', digest, '0')).toBe(1);
    expect(store.select(1).evalsha(digest)).toBe(1);
    connection.call(
      'FUNCTION',
      'LOAD',
      "#!lua name=l\nredis.register_function('f', function() return 7 end)",
    );
    expect(store.fcall('f')).toBe(7);
    expect(connection.call('INFO', 'memory')).toContain('number_of_cached_scripts:1\r\n');
    expect(connection.call('INFO', 'memory')).toContain('number_of_libraries:1\r\n');
  });
});

describe('scripts and transactions', () => {
  test('a transaction undoes what a script has done', () => {
    const store = scriptable();
    store.set('k', 'before');
    expect(() =>
      store.transaction((tx) => {
        tx.eval("redis.call('SET', 'k', 'after') redis.call('RPUSH', 'l', 'a') error('x')");
      }),
    ).toThrow('user_script:1: x');
    expect(store.get('k')).toBe('before');
    expect(store.exists('l')).toBe(0);
    expect(store.transaction((tx) => tx.eval("redis.call('SET', 'k', 'after') return 1"))).toBe(1);
    expect(store.get('k')).toBe('after');
    store.keyspace.checkInvariants();
  });

  test('without one, what was done before an error stays', () => {
    const store = scriptable();
    expect(() => store.eval("redis.call('SET', 'k', 'kept') error('x')")).toThrow();
    expect(store.get('k')).toBe('kept');
  });

  test('multi() queues scripts', () => {
    const store = scriptable();
    const results = store
      .multi()
      .set('k', '1')
      .eval("return redis.call('INCR', KEYS[1])", 'k')
      .get('k')
      .exec();
    expect(results).toEqual(['OK', 2, '2']);
  });

  test('a watch notices them', () => {
    const store = scriptable();
    const watch = store.watch('k');
    store.eval("return redis.call('SET', 'k', 'v')");
    expect(watch.multi().get('k').exec()).toBeNull();
  });

  test('listeners and those who wait hear of it when the script is over', async () => {
    const store = scriptable();
    const heard: unknown[] = [];
    store.subscribe('c', (message) => {
      // A script can run here, as the first is over.
      heard.push(message, store.eval("return redis.call('GET', 'k')"));
    });
    const waiting = store.blocking.blpop('q');
    expect(
      store.eval(
        "redis.call('PUBLISH', 'c', 'm') redis.call('RPUSH', 'q', 'a', 'b') redis.call('SET', 'k', 'last') return redis.call('LLEN', 'q')",
      ),
    ).toBe(2);
    expect(heard).toEqual(['m', 'last']);
    expect(await waiting).toEqual({ key: 'q', element: 'a' });
    expect(store.lrange('q', 0, -1)).toEqual(['b']);
  });
});
