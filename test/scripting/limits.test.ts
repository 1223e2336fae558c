import { describe, expect, test } from 'vitest';
import { connect, Store } from '../../src/index.ts';
import { type LogLevel, lua, type ScriptingOptions } from '../../src/scripting/index.ts';

function scriptable(options: ScriptingOptions = {}): Store {
  return new Store({ scripting: lua(options) });
}

describe('a script that goes too far', () => {
  const ENDLESS: Readonly<Record<string, string>> = {
    'a loop': 'while true do end',
    'a loop that catches': 'while true do pcall(error) end',
    'a loop inside pcall': 'pcall(function() while true do end end) return 1',
    'a loop inside a coroutine': 'coroutine.wrap(function() while true do end end)() return 1',
    'a recursion': 'local function f() return f() end return f()',
    'a pattern': "return string.find(string.rep('a', 100000), string.rep('a-', 50) .. 'b')",
    'a loop of commands': "while true do redis.call('GET', 'k') end",
    'a loop of gsub': "return string.gsub(string.rep('a', 1e6), '', function() for i = 1, 1e6 do end end)",
  };

  test.each(Object.entries(ENDLESS))('%s is stopped by its instructions', (_name, source) => {
    const store = scriptable({ instructionLimit: 200_000 });
    expect(() => store.eval(source)).toThrow(
      /^ERR Script killed after 200000 instructions \(instructionLimit\) script: [0-9a-f]{40}\.$/,
    );
    expect(store.eval('return 1')).toBe(1);
    store.keyspace.checkInvariants();
  });

  test('is stopped by the time it takes', () => {
    const store = scriptable({ timeLimitMs: 1 });
    expect(() => store.eval('while true do end')).toThrow(
      'ERR Script killed after 1 ms (timeLimitMs) script: ',
    );
    expect(connect(store).call('PING')).toBe('PONG');
    expect(() => connect(store).call('EVAL', 'while true do end', '0')).toThrow('(timeLimitMs)');
  });

  test.each([
    ["local t = {} while true do t[#t + 1] = string.rep('x', 1000) .. #t end"],
    ["local s = 'x' while true do s = s .. s end"],
    ["return string.rep('x', 2 ^ 30)"],
    ['local t = {} while true do t = {t} end'],
  ])('is stopped by the memory it takes: %s', (source) => {
    const store = scriptable({ memoryLimitBytes: 8_000_000, timeLimitMs: 60_000 });
    expect(() => store.eval(source)).toThrow('memory');
    expect(store.eval('return 1')).toBe(1);
  });

  test('what it had written stays; in a transaction it is undone', () => {
    const store = scriptable({ instructionLimit: 100_000 });
    const source = "redis.call('INCR', 'n') while true do end";
    expect(() => store.eval(source)).toThrow('instructionLimit');
    expect(store.get('n')).toBe('1');
    expect(() => store.transaction((tx) => tx.eval(source))).toThrow('instructionLimit');
    expect(store.get('n')).toBe('1');
  });

  test('a library that does not come to an end is not loaded', () => {
    const store = scriptable();
    expect(() => store.functionLoad('#!lua name=l\nwhile true do end')).toThrow(
      'ERR Error registering functions: ERR FUNCTION LOAD timeout',
    );
    expect(store.functionList()).toEqual([]);
    expect(store.functionLoad("#!lua name=l\nredis.register_function('f', function() return 1 end)")).toBe(
      'l',
    );
  });

  test('an answer may be nested as deep as Redis lets it', () => {
    const store = scriptable();
    let answer: unknown = store.eval('local t = {} t[1] = t return t');
    let depth = 0;
    while (Array.isArray(answer)) {
      depth++;
      answer = (answer as unknown[])[0];
    }
    expect(depth).toBe(7995);
    expect((answer as Error).message).toBe('ERR reached lua stack limit');
  });
});

describe('what only a newer Redis does', () => {
  test('numbers become arguments in their shortest form', () => {
    const store = scriptable();
    store.eval(
      "redis.call('MSET', 'a', 3.14, 'b', 0.1 + 0.2, 'c', 2 ^ 63, 'd', -0, 'e', 1e-7, 'f', 0/0, 'g', 2^62)",
    );
    expect(store.mget(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toEqual([
      '3.14',
      '0.30000000000000004',
      '9223372036854776000',
      '0',
      '1e-7',
      'nan',
      '4611686018427387904',
    ]);
  });

  test('os.clock is the only thing in os', () => {
    const store = scriptable();
    expect(store.eval('local n = {} for k in pairs(os) do n[#n + 1] = k end return n')).toEqual(['clock']);
    expect(store.eval('return os.clock() >= 0')).toBe(1);
  });

  test('an error without a message', () => {
    const store = scriptable();
    expect(() => store.eval('error({})')).toThrow(
      /^ERR unknown error script: [0-9a-f]{40}, on @user_script:1\.$/,
    );
  });

  test('permissions are asked for each command', () => {
    const store = scriptable();
    const connection = connect(store);
    connection.call(
      'ACL',
      'SETUSER',
      'u',
      'on',
      'nopass',
      '~k*',
      '&c*',
      '+@scripting',
      '+get',
      '+set',
      '+publish',
    );
    connection.call('AUTH', 'u', '');
    const call = (...command: string[]) =>
      connection.call('EVAL', `return redis.call('${command.join("', '")}')`, '0');
    expect(call('SET', 'k1', 'v')).toBe('OK');
    expect(() => call('SET', 'other', 'v')).toThrow(
      'NOPERM ACL failure in script: No permissions to access a key',
    );
    expect(() => call('DEL', 'k1')).toThrow(
      "NOPERM ACL failure in script: User u has no permissions to run the 'del' command",
    );
    expect(() => call('PUBLISH', 'x', 'm')).toThrow(
      'NOPERM ACL failure in script: No permissions to access a channel',
    );
    const log = connect(store).call('ACL', 'LOG') as string[][];
    expect(log.map((entry) => [entry[3], entry[5], entry[7]])).toEqual([
      ['channel', 'lua', 'x'],
      ['command', 'lua', 'del'],
      ['key', 'lua', 'other'],
    ]);
  });

  test('commands that wait answer as if their time were over', () => {
    const store = scriptable();
    expect(store.eval("return {tostring(redis.call('BLPOP', 'q', 0)), redis.call('WAIT', 0, 0)}")).toEqual([
      'false',
      0,
    ]);
    store.rpush('q', 'a');
    expect(store.eval("return redis.call('BLPOP', 'q', 0)")).toEqual(['q', 'a']);
    expect(store.eval("return redis.call('xread', 'BLOCK', '0', 'STREAMS', 's', '$')")).toBe(null);
    store.xadd('s', { f: 'v' }, { id: '1-1' });
    expect(store.eval("return redis.call('xread', 'BLOCK', '0', 'STREAMS', 's', '0')")).toEqual([
      ['s', [['1-1', ['f', 'v']]]],
    ]);
    expect(() => store.eval("return redis.call('xread', 'BLOCK', '-1', 'STREAMS', 's', '$')")).toThrow(
      'ERR timeout is negative',
    );
  });

  test('no debugger', () => {
    const connection = connect(scriptable());
    expect(connection.call('SCRIPT', 'DEBUG', 'NO')).toBe('OK');
    expect(() => connection.call('SCRIPT', 'DEBUG', 'YES')).toThrow('SCRIPT DEBUG is not supported');
    expect(() => connection.call('SCRIPT', 'DEBUG', 'FOO')).toThrow('Use SCRIPT DEBUG YES/SYNC/NO');
  });
});

test('scripts that came with EVAL are forgotten when there are many, those used last excepted', () => {
  const store = scriptable();
  const loaded = store.scriptLoad('return 0');
  store.eval('return 1');
  const first = store.scriptLoad('return 1');
  store.eval('return 2');
  const digests = Array.from({ length: 600 }, (_, at) => {
    store.eval('return 2');
    store.eval(`return ${at + 3}`);
    return connect(store).call('EVAL', `return redis.sha1hex('return ${at + 3}')`, '0') as string;
  });
  const kept = store.scriptExists([loaded, first, ...digests]);
  expect(kept.slice(0, 3)).toEqual([1, 1, 0]);
  expect(kept.at(-1)).toBe(1);
  expect(store.evalsha('7f923f79fe76194c868d7e1d0820de36700eb649')).toBe(2);
  expect(store.evalsha(loaded)).toBe(0);
  const figures = connect(store).call('INFO', 'memory', 'stats') as string;
  expect(figures).toContain('number_of_cached_scripts:502\r\n');
  expect(Number(/evicted_scripts:(\d+)/.exec(figures)![1])).toBe(2 * 600 + 1 - 500);
});

test('what scripts log is given to whoever wants it', () => {
  const logged: [LogLevel, string][] = [];
  const store = scriptable({ onLog: (level, message) => logged.push([level, message]) });
  store.eval("redis.log(redis.LOG_WARNING, 'caf\u00e9', 7, nil, 'x') redis.log(redis.LOG_DEBUG, '')");
  store.functionLoad(
    "#!lua name=l\nredis.log(redis.LOG_NOTICE, 'loading') redis.register_function('f', function() end)",
  );
  expect(logged).toEqual([
    ['warning', 'caf\u00e9 7 x'],
    ['debug', ''],
    ['notice', 'loading'],
  ]);
});

test('a script does not run inside another one', () => {
  let inner: unknown;
  const store: Store = scriptable({
    onLog: () => {
      try {
        store.eval('return 1');
      } catch (error) {
        inner = error;
      }
    },
  });
  expect(store.eval("redis.log(redis.LOG_NOTICE, 'x') return 2")).toBe(2);
  expect((inner as Error).message).toContain('a script of this store is running');
});

test("an error of the host's comes out, and the store stays usable", () => {
  let isBroken = false;
  const clock = {
    now: () => {
      if (isBroken) throw new Error('the clock is broken');
      return 1_700_000_000_000;
    },
  };
  const store = new Store({ clock, scripting: lua() });
  store.set('k', 'v', { ex: 10 });
  isBroken = true;
  expect(() => store.eval("pcall(redis.call, 'TTL', 'k') return redis.pcall('TTL', 'k')")).toThrow(
    'the clock is broken',
  );
  isBroken = false;
  expect(store.eval("return redis.call('TTL', 'k')")).toBe(10);
});

test('inner commands are counted, and their errors once', () => {
  const store = scriptable();
  const connection = connect(store);
  connection.call('CONFIG', 'RESETSTAT');
  store.set('s', 'text');
  const run = (source: string) => {
    try {
      connection.call('EVAL', source, '0');
    } catch {}
  };
  run(
    "redis.call('GET', 's') redis.call('GET', 's') redis.pcall('FOO') redis.pcall('LPUSH', 's', 'x') redis.pcall('GET') return redis.pcall('EVAL', '1', 0)",
  );
  run("return redis.call('FOO')");
  run("return redis.call('LPUSH', 's', 'x')");
  run("return {err = 'MYERR x'}");
  run("error('abc')");
  run("return {redis.error_reply('CODE a'), redis.error_reply('CODE b'), redis.pcall('FOO'), 1}");
  const figures = connection.call('INFO', 'commandstats', 'errorstats', 'stats') as string;
  expect(figures).toMatch(/cmdstat_get:calls=2,.*rejected_calls=1,failed_calls=0/);
  expect(figures).toMatch(/cmdstat_lpush:calls=2,.*rejected_calls=0,failed_calls=2/);
  expect(figures).toMatch(/cmdstat_eval:calls=6,.*rejected_calls=1,failed_calls=7/);
  expect(figures).toContain('errorstat_ERR:count=6\r\n');
  expect(figures).toContain('errorstat_WRONGTYPE:count=2\r\n');
  expect(figures).toContain('errorstat_CODE:count=2\r\n');
  expect(figures).toContain('errorstat_MYERR:count=1\r\n');
});
