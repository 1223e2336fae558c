import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lua } from '../../../src/scripting/index.ts';
import type { ReplyNode } from '../../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { print } from './comparison.ts';
import { masked } from './lua-corpus.ts';
import { LodisSide, ServerSide, type Tokens } from './sides.ts';

/** Programs run in one call. */
const MOST_AT_ONCE = 100;
/** What a batch has on average, a little underestimated. */
const AVERAGE_BATCH = 38;

/**
 * Runs each of ARGV as a program, and answers for each a text of what it logged and gave back, tables in the order of
 * `pairs`, or of how it failed. A program gets as its arguments:
 *
 * - `tick(...)`, which gives its arguments back, and fails from the 150th call on;
 * - `log(...)`;
 * - `object(v)`, which makes a table that has every metamethod;
 * - three values.
 */
export const DRIVER = `
local function show(value, depth)
  local kind = type(value)
  if kind == 'number' then return ('%.17g'):format(value) end
  if kind == 'string' then return '"' .. (#value > 300 and #value .. ':' .. value:sub(1, 300) or value) .. '"' end
  if kind ~= 'table' then return kind == 'boolean' and tostring(value) or kind end
  if depth > 3 then return '{…}' end
  local parts, isOrdered = {}, true
  for k, v in next, value do
    -- The place of what is found by its address is foreseen by nobody.
    if type(k) ~= 'string' and type(k) ~= 'number' and type(k) ~= 'boolean' then isOrdered = false end
    parts[#parts + 1] = show(k, depth + 1) .. '=' .. show(v, depth + 1)
  end
  if not isOrdered then table.sort(parts) end
  return '{' .. table.concat(parts, ' ') .. '}'
end
local function showAll(...)
  local parts = {}
  for i = 1, select('#', ...) do parts[i] = show((select(i, ...)), 1) end
  return table.concat(parts, ', ')
end
local meta = {}
local function object(v) return setmetatable({v = v}, meta) end
local function plain(o) return type(o) == 'table' and rawget(o, 'v') or o end
meta.__add = function(a, b) return object(plain(a)) end
meta.__sub = function(a, b) return plain(b) end
meta.__mul = function(a, b) return nil end
meta.__div = function(a, b) return a, b end
meta.__mod = function(a, b) error('mod') end
meta.__unm = function(a) return plain(a) end
meta.__concat = function(a, b) return type(a) .. type(b) end
meta.__eq = function(a, b) return rawequal(plain(a), plain(b)) end
meta.__lt = function(a, b) return plain(a) ~= nil end
meta.__index = function(t, k) return k end
meta.__newindex = function(t, k, v) if k ~= nil and k == k then rawset(t, k, v) end end
meta.__call = function(self, ...) return select('#', ...), ... end
meta.__tostring = function(o) return 'object of ' .. type(plain(o)) end
local results = {}
for i = 1, #ARGV do
  local program, problem = loadstring(ARGV[i], '=program')
  if not program then
    results[i] = problem
  else
    local logged, ticks = {}, 0
    local function tick(...)
      ticks = ticks + 1
      if ticks >= 150 then error('out of ticks', 0) end
      return ...
    end
    local function log(...) if #logged < 60 then logged[#logged + 1] = showAll(...) end end
    local outcome = showAll(pcall(program, tick, log, object, 5, 'text', {1, 2, x = 'field'}))
    logged[#logged + 1] = outcome
    results[i] = table.concat(logged, '\\n')
  end
end
return results`;

/**
 * Random programs of a kind, run by EVAL on a store of ours and on the real server, many in one call: each must log
 * and answer the same, byte for byte.
 *
 * @param share how often a program should not fail: a generator whose programs all fail tests little
 */
export function generatedPrograms(
  kind: string,
  programs: fc.Arbitrary<string>,
  count: number,
  share: number,
): void {
  const seed = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_260_101);
  const total = Number(process.env['LODIS_FUZZ_COMMANDS'] ?? count);
  describe(`${kind}: generated programs, beside the real server`, () => {
    let server: RedisServer | undefined;
    beforeAll(async () => {
      server = await startRedisServer();
    });
    afterAll(async () => {
      await server?.stop();
    });
    test(`${total} programs (seed ${seed})`, { timeout: 120_000 + total * 2 }, async ({ skip }) => {
      if (server === undefined) return skip();
      const theirs = await ServerSide.connect(server);
      const batches = fc.array(programs, { minLength: 1, maxLength: MOST_AT_ONCE, size: 'max' });
      let executed = 0;
      let succeeded = 0;
      await fc.assert(
        fc.asyncProperty(batches, async (sources) => {
          const call: Tokens = ['EVAL', DRIVER, '0', ...sources];
          const [answer] = await theirs.run([call], 2);
          const expected = texts(answer!);
          const ours = new LodisSide({ scripting: lua() });
          const actual = texts(ours.runNow([call], 2)[0]!);
          sources.forEach((source, at) => {
            if (actual[at] === expected[at]) return;
            throw new Error(`${source}\n  lodis:  ${actual[at]}\n  server: ${expected[at]}`);
          });
          executed += sources.length;
          succeeded += expected.filter((text) => /(^\$"|\\n)true/.test(text)).length;
        }),
        { seed, numRuns: Math.ceil(total / AVERAGE_BATCH) },
      );
      expect(executed).toBeGreaterThanOrEqual(total);
      expect(succeeded / executed).toBeGreaterThan(share);
      await theirs.close();
    });
  });
}

export function texts(answer: ReplyNode): string[] {
  if (answer.type !== '*' || answer.items === null)
    throw new Error(`not what the driver answers: ${print(answer)}`);
  return answer.items.map((item) => print(masked(item)));
}
