import { describe, expect, test } from 'vitest';
import { connect, ReplyError, Store } from '../../src/index.ts';
import { lua, type ScriptingOptions } from '../../src/scripting/index.ts';

// Scripts that are up to no good: each is stopped, by a budget, within it, and leaves the store as it should be.

function scriptable(options: ScriptingOptions = {}): Store {
  return new Store({ scripting: lua(options) });
}

/** What stopped a script, or what it answered. */
function outcomeOf(store: Store, source: string, args: readonly string[] = []): unknown {
  try {
    return store.eval(source, [], args);
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error;
    return /\((instructionLimit|memoryLimitBytes|timeLimitMs)\)/.exec(error.message)?.[1] ?? error.message;
  }
}

describe('work on long strings is paid for', () => {
  // Each goes round a few thousand times at most: what is done in a round costs more than its instructions.
  const ROUNDS = 'for round = 1, 1500 do';
  test.each([
    ['equality', `local a, b = rep(1), rep(1) ${ROUNDS} local x = a == b end`],
    ['inequality', `local a, b = rep(1), rep(1) ${ROUNDS} local x = a ~= b end`],
    ['order', `local a, b = rep(1) .. 'a', rep(1) .. 'b' ${ROUNDS} local x = a < b end`],
    ['order or equality', `local a, b = rep(1), rep(1) ${ROUNDS} local x = a <= b end`],
    ['sorting', `local a, b = rep(1) .. 'a', rep(1) .. 'b' ${ROUNDS} table.sort({b, a}) end`],
    ['concatenation', `local a = rep(1) ${ROUNDS} local x = a .. 'x' end`],
    ['keys', `local a, b, t = rep(1), rep(1) .. 'b', {} ${ROUNDS} local x = t[a .. 'x'] end`],
    ['numbers as strings', `local a = (' '):rep(200000) .. '1' ${ROUNDS} local x = a + 1 end`],
    ['tonumber', `local a = (' '):rep(200000) ${ROUNDS} tonumber(a) end`],
    ['loops over strings', `local a = (' '):rep(200000) .. '1' ${ROUNDS} for i = a, a do end end`],
    ['reverse', `local a = rep(1) ${ROUNDS} a:reverse() end`],
    ['%q', `local a = ('\\0'):rep(200000) ${ROUNDS} string.format('%q', a) end`],
    ['sha1hex', `local a = rep(1) ${ROUNDS} redis.sha1hex(a) end`],
    ['arguments of commands', `local a = rep(1) ${ROUNDS} redis.call('SET', 'k', a) end`],
    ['replies of commands', `redis.call('SET', 'k', rep(1)) ${ROUNDS} redis.call('GET', 'k') end`],
    ['sources', `local a = 'return ' .. rep(1) ${ROUNDS} loadstring(a) end`],
    [
      'long replies',
      `for i = 1, 2000 do redis.call('RPUSH', 'l', i) end ${ROUNDS} redis.call('LRANGE', 'l', 0, -1) end`,
    ],
    [
      'tables that were emptied',
      `local t = {} for i = 1, 50000 do t[i] = i end for i = 1, 50000 do t[i] = nil end ${ROUNDS} next(t) end`,
    ],
    [
      'hashes that were emptied',
      `local t = {} for i = 1, 20000 do t['k' .. i] = i end for i = 1, 20000 do t['k' .. i] = nil end ${ROUNDS} next(t) end`,
    ],
  ])('%s', (_name, source) => {
    const store = scriptable({ instructionLimit: 600_000 });
    expect(outcomeOf(store, `local function rep(n) return ('x'):rep(n * 200000) end ${source}`)).toBe(
      'instructionLimit',
    );
    expect(store.eval('return 1')).toBe(1);
  });

  test('short ones are not', () => {
    const store = scriptable({ instructionLimit: 500_000 });
    const source =
      "local t, a, b = {}, ('x'):rep(1000), ('x'):rep(1000) for i = 1, 4000 do t[a] = a == b and a <= b end return 1";
    expect(outcomeOf(store, source)).toBe(1);
  });
});

describe('memory', () => {
  test.each([
    ['sources', "return type(loadstring(('a=1 '):rep(1000000)))"],
    ['functions that were loaded', "local t = {} while true do t[#t + 1] = loadstring('return ' .. #t) end"],
    [
      'stacks of coroutines',
      'local function deep(n) if n == 0 then coroutine.yield() else deep(n - 1) return 1 end end local t = {} while true do t[#t + 1] = coroutine.wrap(function() deep(1000) end) t[#t]() end',
    ],
    ['an answer with one table in many places', 'local t = {} for i = 1, 40 do t = {t, t} end return t'],
    [
      'an answer with one string in many places',
      "local s, t = ('x'):rep(1000000), {} for i = 1, 1000 do t[i] = s end return t",
    ],
    [
      'an answer with one status in many places',
      "local s, t = {ok = ('x'):rep(1000000)}, {} for i = 1, 1000 do t[i] = s end return t",
    ],
    [
      'an answer with one map in many places',
      'redis.setresp(3) local t = {} for i = 1, 40 do t = {map = {a = t, b = t}} end return t',
    ],
    ['an answer that has itself twice', 'local t = {} t[1], t[2] = t, t return t'],
    [
      'what replies make',
      "redis.call('SETRANGE', 'k', 300000, 'x') local t = {} for i = 1, 1000 do redis.call('SETRANGE', 'k', i, 'y') t[i] = redis.call('GET', 'k') end",
    ],
  ])('is bounded: %s', (_name, source) => {
    const store = scriptable({ memoryLimitBytes: 20_000_000, timeLimitMs: 120_000 });
    expect(outcomeOf(store, source)).toBe('memoryLimitBytes');
    expect(store.eval('return 1')).toBe(1);
  });

  test('an answer too large is not begun to be written', () => {
    const connection = connect(scriptable({ memoryLimitBytes: 1_000_000 }));
    expect(() =>
      connection.call('EVAL', 'local t = {} for i = 1, 40 do t = {t, t} end return t', '0'),
    ).toThrow('memoryLimitBytes');
    expect(connection.call('EVAL', 'return {1, {2, {3}}, {ok = "x"}}', '0')).toEqual([1, [2, [3]], 'x']);
  });

  test('measuring it is quick, whatever long strings there are', () => {
    const store = scriptable({ memoryLimitBytes: 30_000_000, timeLimitMs: 120_000 });
    // Of one length, and alike up to the end.
    const source = "local p, t = ('x'):rep(9000), {} for i = 1, 1e9 do t[i] = p .. 1000000 + i end";
    expect(outcomeOf(store, source)).toBe('memoryLimitBytes');
  });
});

describe('pieces of large strings', () => {
  test('are what they were when they were still part of them', () => {
    const store = scriptable();
    const source = `
      local digits = {}
      for i = 1, 20000 do digits[i] = i % 10 end
      local text = table.concat(digits)
      for size = 0, 300, 7 do
        for from = 1, 30 do
          local piece, codes = text:sub(from, from + size - 1), {}
          for i = 1, size do codes[i] = (from + i - 1) % 10 end
          if piece ~= table.concat(codes) then return {from, size} end
          if size > 0 and text:match('^' .. ('.'):rep(from - 1) .. '(' .. ('.'):rep(size) .. ')') ~= piece then return {size} end
        end
      end
      return 'same'`;
    expect(store.eval(source)).toBe('same');
  });

  test.each([0, 1, 63, 64, 65, 4095, 4096, 4097, 10_000])('%i bytes reversed', (length) => {
    const text = Array.from({ length }, (_, at) => String.fromCharCode(33 + ((at * 7) % 90))).join('');
    expect(scriptable().eval('return string.reverse(ARGV[1])', [], text)).toBe([...text].reverse().join(''));
  });

  test.each([1, 4095, 4096, 4097, 9000])('%i bytes quoted', (length) => {
    const source =
      "local text = ('a\\n\\r\\0\"\\\\'):rep(2000):sub(1, ARGV[1]) return loadstring('return ' .. string.format('%q', text))() == text and 1";
    expect(scriptable().eval(source, [], String(length))).toBe(1);
  });
});

describe('who is called by a script', () => {
  test('cannot load or flush libraries meanwhile', () => {
    const refused: unknown[] = [];
    const attempts = [
      () => store.functionLoad("#!lua name=m\nredis.register_function('g', function() return 2 end)"),
      () => store.functionFlush(),
      () => store.functionRestore(store.functionDump(), 'flush'),
      () => store.fcall('f'),
    ];
    const store: Store = scriptable({
      onLog: () => {
        for (const attempt of attempts) {
          try {
            attempt();
          } catch (error) {
            refused.push((error as Error).message);
          }
        }
      },
    });
    store.functionLoad(
      "#!lua name=l\nredis.log(redis.LOG_NOTICE, '') redis.register_function('f', function() redis.log(redis.LOG_NOTICE, '') return 1 end)",
    );
    expect(store.fcall('f')).toBe(1);
    expect(refused).toHaveLength(8);
    for (const message of refused) expect(message).toContain('a script of this store is running');
    expect(store.functionList().map(({ libraryName }) => libraryName)).toEqual(['l']);
  });

  test.each([['boom'], ['Maximum call stack size exceeded']])('may throw: %s', (message) => {
    const store = scriptable({
      onLog: () => {
        throw message === 'boom' ? new Error(message) : new RangeError(message);
      },
    });
    expect(() => store.eval("redis.call('SET', 'k', 1) pcall(redis.log, redis.LOG_NOTICE, '')")).toThrow(
      Error,
    );
    expect(store.eval("return redis.call('INCR', 'k')")).toBe(2);
    store.keyspace.checkInvariants();
  });

  test('may run scripts of other stores, within their own limits', () => {
    const other = scriptable({ instructionLimit: 50_000 });
    const outcomes: unknown[] = [];
    const store = scriptable({
      instructionLimit: 50_000,
      onLog: () => {
        outcomes.push(outcomeOf(other, 'while true do end'), outcomeOf(other, 'return 1'));
      },
    });
    expect(outcomeOf(store, "redis.log(redis.LOG_NOTICE, '') return 2")).toBe(2);
    expect(outcomeOf(store, "redis.log(redis.LOG_NOTICE, '') while true do end")).toBe('instructionLimit');
    expect(outcomes).toEqual(['instructionLimit', 1, 'instructionLimit', 1]);
  });
});

describe('after a script was stopped', () => {
  const LIMITS = { instructionLimit: 100_000 };

  test('nothing of it is left in the next one', () => {
    const connection = connect(scriptable(LIMITS));
    const source = "redis.call('SELECT', 3) redis.setresp(3) KEYS[1] = 'x' while true do end";
    expect(() => connection.call('EVAL', source, '1', 'k')).toThrow('instructionLimit');
    expect(
      connection.call(
        'EVAL',
        "redis.call('SET', 'a', 'b') return {#KEYS, redis.call('HGETALL', 'none')}",
        '0',
      ),
    ).toEqual([0, []]);
    expect(connection.call('GET', 'a')).toBe('b');
  });

  test('time goes on, and who watches or waits learns of what it wrote', async () => {
    const store = scriptable(LIMITS);
    store.set('short', 'v', { px: 1000 });
    const [watching, other] = [connect(store), connect(store)];
    watching.call('WATCH', 'k');
    const popped = store.blocking.blpop('l', { timeout: 0 });
    expect(() =>
      other.call('EVAL', "redis.call('SET', 'k', 1) redis.call('RPUSH', 'l', 'x') while true do end", '0'),
    ).toThrow('instructionLimit');
    expect(await popped).toEqual({ key: 'l', element: 'x' });
    watching.call('MULTI');
    expect(watching.call('EXEC')).toBeNull();
    store.advance(1001);
    expect(store.get('short')).toBeNull();
    store.keyspace.checkInvariants();
  });

  test('a transaction of commands goes on', () => {
    const connection = connect(scriptable(LIMITS));
    connection.call('MULTI');
    connection.call('EVAL', 'while true do end', '0');
    connection.call('SET', 'k', 'v');
    const [first, second] = connection.call('EXEC') as unknown[];
    expect((first as Error).message).toContain('instructionLimit');
    expect(second).toBe('OK');
  });
});
