import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mathLibrary } from '../../src/scripting/lua/library/math.ts';
import { RandomState } from '../../src/scripting/lua/library/random.ts';
import { tableLibrary } from '../../src/scripting/lua/library/table.ts';
import { LuaError } from '../../src/scripting/lua/values/lua-error.ts';
import { LuaTable } from '../../src/scripting/lua/values/lua-table.ts';
import { NativeFunction } from '../../src/scripting/lua/values/native-function.ts';
import { textOfNumber } from '../../src/scripting/lua/values/number-text.ts';
import type { LuaValue } from '../../src/scripting/lua/values/value.ts';
import { StandInMachine } from '../scripting/lua/support/stand-in-machine.ts';
import type { RawClient } from '../support/raw-client.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { evalStrings } from './support/lua-server.ts';

const machine = new StandInMachine();
const libraries = { table: tableLibrary(), math: mathLibrary(new RandomState()) };
/** Stands for the table that scripts may not change. */
const readonly = new LuaTable();
readonly.isReadonly = true;
readonly.set('call', 1);

function tableOf(values: readonly LuaValue[]): LuaTable {
  const table = new LuaTable(values.length);
  values.forEach((value, at) => {
    table.setNumber(at + 1, value);
  });
  return table;
}

function run(name: string, args: readonly LuaValue[]): string {
  const [library, method] = name.split('.') as ['table' | 'math', string];
  try {
    const results = machine.call(libraries[library].getString(method), args);
    return ['true', ...results.slice(0, 1).map(text)].join(' ');
  } catch (error) {
    if (error instanceof LuaError) return `false ${error.value}`;
    throw error;
  }
}

function text(value: LuaValue): string {
  if (typeof value === 'number') return textOfNumber(value);
  return value === undefined ? 'nil' : String(value);
}

describe('Lua: the table library, beside the real server', () => {
  let server: RedisServer | undefined;
  let client: RawClient;
  beforeAll(async () => {
    server = await startRedisServer();
    if (server !== undefined) client = await server.connect();
  });
  afterAll(async () => {
    await client?.close();
    await server?.stop();
  });

  const seed = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_260_101);
  const runs = Number(process.env['LODIS_FUZZ_COMMANDS'] ?? 20_000) / 20;

  test('sort: the same order, by the same comparisons, however the comparator is', async ({ skip }) => {
    if (server === undefined) return skip();
    const script = `
      local kind, calls, state = ARGV[1], 0, 7
      local t = {}
      for i = 2, #ARGV do t[i - 1] = tonumber(ARGV[i]) or ARGV[i] end
      local log = {}
      local comparators = {
        less = function(a, b) return a < b end,
        greater = function(a, b) return a > b end,
        coarse = function(a, b) return a % 4 < b % 4 end,
        lax = function(a, b) return a <= b end,
        always = function() return true end,
        never = function() return false end,
        random = function() state = (state * 75 + 74) % 65537 return state % 2 == 0 end,
      }
      local compare = comparators[kind]
      local ok, err = pcall(table.sort, t, compare and function(a, b)
        calls = calls + 1
        log[#log + 1] = tostring(a) .. '<' .. tostring(b)
        return compare(a, b)
      end)
      for i = 1, #ARGV - 1 do t[i] = tostring(t[i]) end
      return {ok and 'ok' or err, table.concat(t, ' ', 1, #ARGV - 1), tostring(calls), table.concat(log, ' ')}`;
    const KINDS = ['', 'less', 'greater', 'coarse', 'lax', 'always', 'never', 'random'];
    const values = fc.oneof(
      { weight: 6, arbitrary: fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 60, size: 'max' }) },
      {
        weight: 1,
        arbitrary: fc
          .integer({ min: 0, max: 90 })
          .map((count) => Array.from({ length: count }, (_, at) => at)),
      },
      {
        weight: 1,
        arbitrary: fc.integer({ min: 0, max: 90 }).map((count) => Array.from({ length: count }, () => 5)),
      },
    );
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...KINDS), values, async (kind, list) => {
        let state = 7;
        let calls = 0;
        const log: string[] = [];
        const comparators: Record<string, (a: number, b: number) => boolean> = {
          less: (a, b) => a < b,
          greater: (a, b) => a > b,
          coarse: (a, b) => a % 4 < b % 4,
          lax: (a, b) => a <= b,
          always: () => true,
          never: () => false,
          random: () => {
            state = (state * 75 + 74) % 65_537;
            return state % 2 === 0;
          },
        };
        const compare = comparators[kind];
        const comparator =
          compare &&
          new NativeFunction('', (call) => {
            calls++;
            const [a, b] = [call.value(1), call.value(2)];
            log.push(`${text(a)}<${text(b)}`);
            // Beyond the ends there is nothing: there the comparators that look at their arguments never get.
            return compare(a as number, b as number);
          });
        const table = tableOf(list);
        const outcome = run('table.sort', [table, comparator]);
        const sorted = list.map((_, at) => text(table.getNumber(at + 1))).join(' ');
        const theirs = await evalStrings(client, script, [kind, ...list.map(String)]);
        // An error by a nil met beyond the ends is that of the comparator's own arithmetic: there is no such here.
        if (/attempt to (compare|perform)/.test(theirs[0]!)) return;
        compared++;
        expect([
          outcome === 'true' ? 'ok' : outcome.replace('false user_script:1: ', ''),
          sorted,
          String(calls),
          log.join(' '),
        ]).toEqual(theirs);
      }),
      { seed, numRuns: runs },
    );
    expect(compared).toBeGreaterThan(runs * 0.9);
  });

  /** The same call twice: as Lua, and with these arguments. */
  const CALLS: readonly (readonly [lua: string, name: string, args: () => readonly LuaValue[]])[] = [
    ['table.concat({1, 2.5, "x"}, ", ")', 'table.concat', () => [tableOf([1, 2.5, 'x']), ', ']],
    ['table.concat({})', 'table.concat', () => [tableOf([])]],
    ['table.concat({1, 2, 3}, 0)', 'table.concat', () => [tableOf([1, 2, 3]), 0]],
    ['table.concat({1, 2, 3}, "-", 2)', 'table.concat', () => [tableOf([1, 2, 3]), '-', 2]],
    ['table.concat({1, 2, 3}, "-", 2, 2)', 'table.concat', () => [tableOf([1, 2, 3]), '-', 2, 2]],
    ['table.concat({1, 2, 3}, "-", 3, 2)', 'table.concat', () => [tableOf([1, 2, 3]), '-', 3, 2]],
    ['table.concat({1, 2, 3}, "-", 1, 5)', 'table.concat', () => [tableOf([1, 2, 3]), '-', 1, 5]],
    ['table.concat({1, {}, 3})', 'table.concat', () => [tableOf([1, new LuaTable(), 3])]],
    ['table.concat({1, true})', 'table.concat', () => [tableOf([1, true])]],
    ['table.concat(1)', 'table.concat', () => [1]],
    ['table.concat()', 'table.concat', () => []],
    ['table.concat(1, {})', 'table.concat', () => [1, new LuaTable()]],
    ['table.concat({}, "", {})', 'table.concat', () => [new LuaTable(), '', new LuaTable()]],
    ['table.insert({}, 1, 2, 3)', 'table.insert', () => [new LuaTable(), 1, 2, 3]],
    ['table.insert({})', 'table.insert', () => [new LuaTable()]],
    ['table.insert()', 'table.insert', () => []],
    ['table.insert(nil, 1)', 'table.insert', () => [undefined, 1]],
    ['table.insert({}, "x", 1)', 'table.insert', () => [new LuaTable(), 'x', 1]],
    ['table.insert({}, nil, 1)', 'table.insert', () => [new LuaTable(), undefined, 1]],
    ['table.insert(redis, 1)', 'table.insert', () => [readonly, 1]],
    ['table.insert(redis, 1, 1)', 'table.insert', () => [readonly, 1, 1]],
    ['table.insert(redis, "x", 1)', 'table.insert', () => [readonly, 'x', 1]],
    ['table.remove(redis)', 'table.remove', () => [readonly]],
    ['table.sort(redis)', 'table.sort', () => [readonly]],
    ['table.remove({})', 'table.remove', () => [new LuaTable()]],
    ['table.remove({1, 2, 3})', 'table.remove', () => [tableOf([1, 2, 3])]],
    ['table.remove({1, 2, 3}, 1)', 'table.remove', () => [tableOf([1, 2, 3]), 1]],
    ['table.remove({1, 2, 3}, 4)', 'table.remove', () => [tableOf([1, 2, 3]), 4]],
    ['table.remove({1, 2, 3}, 0)', 'table.remove', () => [tableOf([1, 2, 3]), 0]],
    ['table.remove({1, 2, 3}, "2")', 'table.remove', () => [tableOf([1, 2, 3]), '2']],
    ['table.remove({1, 2, 3}, {})', 'table.remove', () => [tableOf([1, 2, 3]), new LuaTable()]],
    ['table.sort({1, "x"})', 'table.sort', () => [tableOf([1, 'x'])]],
    ['table.sort({{}, {}})', 'table.sort', () => [tableOf([new LuaTable(), new LuaTable()])]],
    ['table.sort({true, false})', 'table.sort', () => [tableOf([true, false])]],
    ['table.sort({1, 2}, 1)', 'table.sort', () => [tableOf([1, 2]), 1]],
    ['table.sort({1, 2}, false)', 'table.sort', () => [tableOf([1, 2]), false]],
    ['table.sort()', 'table.sort', () => []],
    [
      'table.maxn({1, 2, [10.5] = 1, [-1] = 1})',
      'table.maxn',
      () => {
        const table = tableOf([1, 2]);
        table.set(10.5, 1);
        return [table];
      },
    ],
    ['table.maxn({})', 'table.maxn', () => [new LuaTable()]],
    ['table.maxn()', 'table.maxn', () => []],
    ['table.getn({1, 2, 3})', 'table.getn', () => [tableOf([1, 2, 3])]],
    ['table.getn("x")', 'table.getn', () => ['x']],
    ['table.setn({}, 1)', 'table.setn', () => [new LuaTable(), 1]],
    ['table.setn(1)', 'table.setn', () => [1]],
    ['table.foreach({}, 1)', 'table.foreach', () => [new LuaTable(), 1]],
    ['table.foreachi({})', 'table.foreachi', () => [new LuaTable()]],
    ['math.random(0)', 'math.random', () => [0]],
    ['math.random(2, 1)', 'math.random', () => [2, 1]],
    ['math.random(1, 2, 3)', 'math.random', () => [1, 2, 3]],
    ['math.random("x")', 'math.random', () => ['x']],
    ['math.randomseed()', 'math.randomseed', () => []],
    ['math.max()', 'math.max', () => []],
    ['math.max(1, "5", 3)', 'math.max', () => [1, '5', 3]],
    ['math.max(0/0, 1)', 'math.max', () => [Number.NaN, 1]],
    ['math.min(1, 0/0)', 'math.min', () => [1, Number.NaN]],
    ['math.min(1, {})', 'math.min', () => [1, new LuaTable()]],
    ['math.floor()', 'math.floor', () => []],
    ['math.floor(nil)', 'math.floor', () => [undefined]],
    ['math.floor("-1.5")', 'math.floor', () => ['-1.5']],
    ['math.ceil(-0.5)', 'math.ceil', () => [-0.5]],
    ['math.fmod(5)', 'math.fmod', () => [5]],
    ['math.fmod(-5, 3)', 'math.fmod', () => [-5, 3]],
    ['math.pow(1, 0/0)', 'math.pow', () => [1, Number.NaN]],
    ['math.pow(-1, 1/0)', 'math.pow', () => [-1, Infinity]],
    ['math.pow(-1, -1/0)', 'math.pow', () => [-1, -Infinity]],
    ['math.pow(0/0, 0)', 'math.pow', () => [Number.NaN, 0]],
    ['math.pow(-0, 0.5)', 'math.pow', () => [-0, 0.5]],
    ['math.pow(-1/0, 0.5)', 'math.pow', () => [-Infinity, 0.5]],
    ['math.pow(0, -1)', 'math.pow', () => [0, -1]],
    ['math.ldexp(1)', 'math.ldexp', () => [1]],
    ['math.log(-0)', 'math.log', () => [-0]],
  ];
  test('results and errors', async ({ skip }) => {
    if (server === undefined) return skip();
    const lines = CALLS.map(
      ([lua]) =>
        `(function() local ok, r = pcall(function() local r = {${lua}} return r end) if not ok then return 'false ' .. tostring(r) end return r[1] == nil and 'true' or 'true ' .. tostring(r[1]) end)()`,
    );
    const theirs = await evalStrings(client, `return {${lines.join(', ')}}`);
    const ours = CALLS.map(([, name, args]) => run(name, args()).replace(/ nil$/, ''));
    const told = (answers: readonly string[]) => CALLS.map(([lua], at) => `${lua} → ${answers[at]}`);
    expect(told(ours)).toEqual(told(theirs));
  });

  test('the order of the libraries themselves', async ({ skip }) => {
    if (server === undefined) return skip();
    for (const [name, library] of Object.entries(libraries)) {
      const theirs = await evalStrings(
        client,
        `local o = {} for k in pairs(${name}) do o[#o + 1] = k end return o`,
      );
      const ours: LuaValue[] = [];
      for (let at = library.nextPosition(0); at !== 0; at = library.nextPosition(at))
        ours.push(library.keyAt(at));
      expect(ours).toEqual(theirs);
    }
  });
});
