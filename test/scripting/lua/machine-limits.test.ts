import { describe, expect, it } from 'vitest';
import type { RunLimits } from '../../../src/scripting/lua/machine/machine.ts';
import { Interruption } from '../../../src/scripting/lua/values/lua-error.ts';
import { NativeFunction } from '../../../src/scripting/lua/values/native-function.ts';
import { answerTo, machineWithLibraries } from './support/cases.ts';

const MEGABYTE = 1024 * 1024;

/** Why a script was stopped; undefined if it was not. The machine has to be usable afterwards. */
function stopped(source: string, limits: RunLimits, memoryLimitBytes?: number): string | undefined {
  const machine = machineWithLibraries(memoryLimitBytes === undefined ? {} : { memoryLimitBytes });
  const chunk = machine.compile(source, '@case');
  let reason: string | undefined;
  try {
    machine.run(chunk, [], limits);
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    reason = error.reason;
  }
  expect(
    answerTo(
      machine,
      "local co = coroutine.wrap(function() coroutine.yield('fine') end) return co(), pcall(error, 'x')",
    ),
  ).toBe('ok: fine\tfalse\tx');
  return reason;
}

describe('a budget of instructions', () => {
  it.each([
    ['a while loop', 'while true do end'],
    ['a repeat loop', 'repeat until false'],
    ['a numeric loop', 'for i = 1, 1e18 do end'],
    ['a numeric loop that never ends', 'for i = 2, 1, 0 do end'],
    ['a generic loop', 'for x in function() return 1 end do end'],
    ['a generic loop over a native', 'local n = 0 for x in function(s, c) return tostring end do end'],
    ['recursion', 'local function f() f() f() end for i = 1, 1e9 do pcall(f) end'],
    ['tail calls', 'local function f() return f() end return f()'],
    ['pcall', 'while true do pcall(function() while true do end end) end'],
    ['pcall of error', 'while true do pcall(error) end'],
    ['xpcall', 'xpcall(function() while true do end end, function() while true do end end)'],
    ['a handler', "xpcall(function() error('x') end, function() while true do end end)"],
    ['a coroutine', 'coroutine.wrap(function() while true do end end)()'],
    ['resuming', 'while true do coroutine.resume(coroutine.create(function() while true do end end)) end'],
    [
      'yielding',
      'local f = coroutine.wrap(function() while true do coroutine.yield() end end) while true do f() end',
    ],
    ['a metamethod', 'local t = setmetatable({}, {__index = function() while true do end end}) return t.x'],
    [
      'a metamethod that calls itself',
      "local t = setmetatable({}, {__index = function(t, k) while true do local ok = pcall(function() return t[k .. 'x'] end) end end}) return t.x",
    ],
    ['a comparison function', 'table.sort({3, 2, 1}, function() while true do end end)'],
    [
      'sorting again and again',
      'local t = {} for i = 1, 1000 do t[i] = -i end while true do table.sort(t) table.sort(t, function(a, b) return a > b end) end',
    ],
    ['gsub', "string.gsub('abc', '.', function() while true do end end)"],
    [
      'patterns',
      "local s = ('a'):rep(300) while true do s:find(('a?'):rep(30) .. ('a'):rep(30)) s:find('(.-)(.-)(.-)(.-)x') end",
    ],
    ['string.rep', "while true do local s = ('x'):rep(100000) end"],
    ['native calls', 'while true do tostring(1) end'],
    ['a generator of chunks', "while true do loadstring('return 1')() end"],
    ['__call', 'local t = setmetatable({}, {__call = function(self) return self() end}) t()'],
  ])('stops %s', (_, source) => {
    expect(stopped(source, { instructions: 300_000 })).toBe('instructions');
  });

  it('lets end what needs less', () => {
    expect(stopped('for i = 1, 10000 do end', { instructions: 100_000 })).toBeUndefined();
    expect(stopped('for i = 1, 10000 do end', { instructions: 5_000 })).toBe('instructions');
  });

  it('counts about the instructions of a loop', () => {
    const source = 'local a = 0 for i = 1, 10000 do a = a + 1 a = a + 1 a = a + 1 a = a + 1 end';
    expect(stopped(source, { instructions: 60_000 })).toBeUndefined();
    expect(stopped(source, { instructions: 40_000 })).toBe('instructions');
  });
});

describe('a time limit', () => {
  it('asks the clock now and then', () => {
    let asked = 0;
    const now = () => asked++;
    expect(stopped('while true do end', { timeMs: 5, now })).toBe('time');
    expect(asked).toBe(7);
  });

  it('does not stop what ends before', () => {
    expect(stopped('for i = 1, 100000 do end', { timeMs: 1, now: () => 0 })).toBeUndefined();
  });
});

describe('a kill', () => {
  it('stops at the next look, and nothing in Lua catches it', () => {
    const machine = machineWithLibraries();
    machine.globals.setString(
      'kill',
      new NativeFunction('kill', () => {
        machine.interrupt('killed by a test');
        return [];
      }),
    );
    const chunk = machine.compile(
      'pcall(function() kill() while true do end end) reached = true coroutine.wrap(function() reached = true end)()',
      '@case',
    );
    expect(() => machine.run(chunk, [])).toThrow(
      expect.objectContaining({ reason: 'killed', message: 'killed by a test' }),
    );
    expect(machine.globals.getString('reached')).toBeUndefined();
    expect(answerTo(machine, 'for i = 1, 100000 do end return 1')).toBe('ok: 1');
  });
});

describe('a bound on memory', () => {
  it.each([
    ['a table that grows', "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end"],
    ['a table of numbers', 'local t = {} for i = 1, 1e9 do t[i] = i end'],
    ['a table of tables', 'local t = {} while true do t = {t} end'],
    ['a table of fields', "local t, i = {}, 0 while true do i = i + 1 t['k' .. i] = i end"],
    ['closures', 'local f while true do local g = f f = function() return g end end'],
    [
      'coroutines',
      'local t = {} while true do t[#t + 1] = coroutine.wrap(function() coroutine.yield() end) t[#t]() end',
    ],
    ['a string that doubles', "local s = 'x' while true do s = s .. s end"],
    ['a string that grows', "local s = '' while true do s = s .. ('x'):rep(100000) end"],
    [
      'concatenation of many',
      "local s = ('x'):rep(1000000) while true do s = s .. s .. s .. s .. s .. s end",
    ],
    ['string.rep', "return ('x'):rep(3e8)"],
    [
      'what a coroutine holds',
      'coroutine.wrap(function() local t = {} while true do t[#t + 1] = {} end end)()',
    ],
    ['what an upvalue holds', 'local t = {} local function f() t[#t + 1] = {} end while true do f() end'],
    ['what pcall would catch', 'pcall(function() local t = {} while true do t[#t + 1] = {} end end)'],
    [
      'what varargs hold',
      'local function f(...) return f(1, 2, 3, 4, 5, ...) end while true do pcall(f) end',
      30_000_000,
    ],
  ] as const)('stops %s', (_, source, instructions?: number) => {
    const reason = stopped(source, { instructions: instructions ?? 1_000_000_000 }, 64 * MEGABYTE);
    // What Lua itself refuses (a stack too deep) may come before.
    expect(reason).toBe(instructions === undefined ? 'memory' : 'instructions');
  });

  it.each([
    ['tables', 'for i = 1, 1000000 do local t = {i, i, i} end'],
    ['strings', "for i = 1, 1000000 do local s = 'a string of some length, number ' .. i end"],
    ['large strings', "for i = 1, 200 do local s = ('x'):rep(1000000) .. i end"],
    ['closures', 'for i = 1, 1000000 do local f = function() return i end end'],
    ['coroutines', 'for i = 1, 20000 do coroutine.wrap(function() coroutine.yield() end)() end'],
    [
      'a table filled again and again',
      'local t = {} for j = 1, 100 do for i = 1, 10000 do t[i] = {} end end',
    ],
    [
      'one large string in many places',
      "local s, t = ('x'):rep(10000000), {} for i = 1, 100000 do t[i] = s end for i = 1, 1000000 do local x = {} end",
    ],
  ])('does not stop what makes garbage only: %s', (_, source) => {
    expect(stopped(source, {}, 64 * MEGABYTE)).toBeUndefined();
  });

  it('holds for what one run leaves to the next', () => {
    const machine = machineWithLibraries({ memoryLimitBytes: 64 * MEGABYTE });
    const chunk = machine.compile('kept = kept or {} for i = 1, 100000 do kept[#kept + 1] = {} end', '@case');
    const runs = () => {
      for (let run = 0; run < 20; run++) machine.run(chunk, []);
    };
    expect(runs).toThrow(expect.objectContaining({ reason: 'memory' }));
  });
});

describe('runs', () => {
  it('are not started within a run', () => {
    const machine = machineWithLibraries();
    const again = new NativeFunction('again', () => machine.run(machine.globals.getString('tostring'), [1]));
    machine.globals.setString('again', again);
    expect(() => machine.run(machine.compile('again()', '@case'), [])).toThrow('this machine is running');
    expect(answerTo(machine, 'return 1')).toBe('ok: 1');
  });

  it('leave nothing of a failed one behind', () => {
    const machine = machineWithLibraries();
    const failing = "local function f(n) if n == 0 then error('deep') end return 1 + f(n - 1) end f(3000)";
    for (let run = 0; run < 3; run++) {
      expect(answerTo(machine, failing)).toBe('error: case:1: deep');
      expect(answerTo(machine, 'return pcall(function() return 1 end)')).toBe('ok: true\t1');
    }
  });
});
