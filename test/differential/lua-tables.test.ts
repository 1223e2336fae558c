import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tableLibrary } from '../../src/scripting/lua/library/table.ts';
import { constructorSize } from '../../src/scripting/lua/values/constructor-size.ts';
import { LuaTable } from '../../src/scripting/lua/values/lua-table.ts';
import type { LuaValue } from '../../src/scripting/lua/values/value.ts';
import { machineWithLibraries } from '../scripting/lua/support/cases.ts';
import { StandInMachine } from '../scripting/lua/support/stand-in-machine.ts';
import type { RawClient } from '../support/raw-client.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';

/*
 * What happens to a table, told as Lua to the real server and to our engine, and as calls to our table. After each few steps all say in which
 * order `pairs` goes and what `#` is.
 */

type Key = string | number | boolean;

type Step =
  | { readonly type: 'set'; readonly key: Key; readonly value: number }
  | { readonly type: 'clear'; readonly key: Key }
  | { readonly type: 'append'; readonly value: number }
  | { readonly type: 'insert'; readonly position: number; readonly value: number }
  | { readonly type: 'remove'; readonly position: number | undefined }
  /** Keys from one on, by a prefix or as numbers. */
  | { readonly type: 'fill'; readonly prefix: string; readonly from: number; readonly count: number }
  /** Every so-many'th key is removed in the course of a traversal. */
  | { readonly type: 'thin'; readonly every: number }
  | { readonly type: 'see' };

/** An item has no key. */
interface Item {
  readonly key?: Key;
  readonly value: number | undefined;
}

interface History {
  readonly items: readonly Item[];
  readonly steps: readonly Step[];
}

const strings = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(...'abcdefghijkl', '', 'id', 'name', 'key', 'value', 'timestamp', 'opts'),
  },
  { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom(...'xyz01'), maxLength: 8 }) },
  // Longer than 31, so that the hash skips some.
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('long', 'ab'), fc.integer({ min: 8, max: 40 }))
      .map(([part, count]) => part.repeat(count)),
  },
);
const numbers = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 24 }) },
  { weight: 3, arbitrary: fc.integer({ min: -4, max: 140 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      31,
      32,
      33,
      63,
      64,
      65,
      127,
      128,
      129,
      1000,
      2 ** 26,
      2 ** 31,
      2 ** 53,
      -(2 ** 31),
      1e300,
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(0.5, 1.5, -1.5, 1e-300, 0.1, Infinity, -Infinity) },
);
const keys = fc.oneof(
  { weight: 5, arbitrary: strings },
  { weight: 6, arbitrary: numbers },
  { weight: 1, arbitrary: fc.boolean() },
);
const value = fc.integer({ min: 1, max: 99 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ type: fc.constant('set' as const), key: keys, value }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('clear' as const), key: keys }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('append' as const), value }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('insert' as const),
      position: fc.integer({ min: -1, max: 12 }),
      value,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('remove' as const),
      position: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('fill' as const),
      prefix: fc.constantFrom('', '', 'k', 'job:'),
      from: fc.integer({ min: -2, max: 20 }),
      count: fc.integer({ min: 1, max: 70 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('thin' as const), every: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('see' as const) }) },
);
const items: fc.Arbitrary<Item[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Item[]>([]) },
  {
    weight: 4,
    arbitrary: fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.record({ value: fc.option(value, { nil: undefined }) }) },
        { weight: 3, arbitrary: fc.record({ key: keys, value: fc.option(value, { nil: undefined }) }) },
      ),
      { maxLength: 24 },
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 45, max: 130 })
      .map((count) => Array.from({ length: count }, (_, at) => ({ value: at + 1 }))),
  },
);
const histories: fc.Arbitrary<History> = fc.record({
  items,
  steps: fc.array(step, { maxLength: 40, size: 'max' }),
});

const PRELUDE = `
collectgarbage('stop') -- Where it forgets removed keys is not foreseeable.
local out = {}
local function see(t)
  local o = {}
  for k, v in pairs(t) do o[#o + 1] = type(k):sub(1, 1) .. (type(k) == 'number' and string.format('%.17g', k) or tostring(k)) .. '=' .. v end
  out[#out + 1] = table.concat(o, ' ') .. ' #' .. #t
end
`;

function literal(key: Key): string {
  if (typeof key === 'string') return `'${key}'`;
  if (key === Infinity) return '(1/0)';
  return key === -Infinity ? '(-1/0)' : String(key);
}

function statement(step: Step): string {
  switch (step.type) {
    case 'set':
      return `t[${literal(step.key)}] = ${step.value}`;
    case 'clear':
      return `t[${literal(step.key)}] = nil`;
    case 'append':
      return `table.insert(t, ${step.value})`;
    case 'insert':
      return `table.insert(t, ${step.position}, ${step.value})`;
    case 'remove':
      return `table.remove(t${step.position === undefined ? '' : `, ${step.position}`})`;
    case 'fill': {
      const key = step.prefix === '' ? 'i' : `'${step.prefix}' .. i`;
      return `for i = ${step.from}, ${step.from + step.count - 1} do t[${key}] = i end`;
    }
    case 'thin':
      return `do local n = 0 for k in pairs(t) do n = n + 1 if n % ${step.every} == 0 then t[k] = nil end end end`;
    case 'see':
      return 'see(t)';
  }
}

function luaOf({ items, steps }: History): string {
  const fields = items.map(
    ({ key, value }) => (key === undefined ? '' : `[${literal(key)}]=`) + (value ?? 'nil'),
  );
  const lines = steps.map(statement);
  return `${PRELUDE}local t = {${fields.join(', ')}}\nsee(t)\n${lines.join('\n')}\nsee(t)\ncollectgarbage('restart')\nreturn out`;
}

/** The constructor as the reference compiles it: fields at once, items fifty at a time. */
function constructed(items: readonly Item[]): LuaTable {
  const positional = items.filter(({ key }) => key === undefined).length;
  const table = new LuaTable(constructorSize(positional), constructorSize(items.length - positional));
  let pending: LuaValue[] = [];
  let done = 0;
  const flush = () => {
    done += pending.length;
    table.growArray(done);
    for (let at = pending.length; at > 0; at--) table.setNumber(done - pending.length + at, pending[at - 1]);
    pending = [];
  };
  for (const { key, value } of items) {
    if (pending.length === 50) flush();
    if (key === undefined) pending.push(value);
    else table.set(key, value);
  }
  flush();
  return table;
}

const engine = machineWithLibraries();
const machine = new StandInMachine();
const library = tableLibrary();

function ourAnswers({ items, steps }: History): string[] {
  const table = constructed(items);
  // What is in it, whatever the order.
  const model = new Map<Key, number>();
  const out: string[] = [];
  const see = () => {
    table.checkInvariants();
    out.push(shown(table));
  };
  const put = (key: Key, value: number | undefined) => {
    table.set(key, value);
    if (value === undefined) model.delete(key);
    else model.set(key, value);
    expect(table.get(key)).toBe(value);
  };
  const reread = () => {
    model.clear();
    for (const [key, value] of entries(table)) model.set(key, value);
  };
  reread();
  see();
  for (const step of steps) {
    switch (step.type) {
      case 'set':
        put(step.key, step.value);
        break;
      case 'clear':
        put(step.key, undefined);
        break;
      case 'append':
        machine.call(library.getString('insert'), [table, step.value]);
        reread();
        break;
      case 'insert':
        machine.call(library.getString('insert'), [table, step.position, step.value]);
        reread();
        break;
      case 'remove':
        machine.call(
          library.getString('remove'),
          step.position === undefined ? [table] : [table, step.position],
        );
        reread();
        break;
      case 'fill':
        for (let at = step.from; at < step.from + step.count; at++)
          put(step.prefix === '' ? at : step.prefix + at, at);
        break;
      case 'thin': {
        let count = 0;
        for (let at = table.nextPosition(0); at !== 0; at = table.nextPosition(at)) {
          const key = table.keyAt(at) as Key;
          expect(table.positionOf(key)).toBe(at);
          if (++count % step.every === 0) put(key, undefined);
        }
        break;
      }
      case 'see':
        see();
    }
    expect(new Map(entries(table))).toEqual(model);
  }
  see();
  return out;
}

function entries(table: LuaTable): [Key, number][] {
  const found: [Key, number][] = [];
  for (let at = table.nextPosition(0); at !== 0; at = table.nextPosition(at)) {
    found.push([table.keyAt(at) as Key, table.valueAt(at) as number]);
  }
  return found;
}

function shown(table: LuaTable): string {
  const texts = entries(table).map(([key, value]) => `${(typeof key)[0]}${keyText(key)}=${value}`);
  return `${texts.join(' ')} #${table.length()}`;
}

/** Numbers as `%.17g`, as far as those here need it. */
function keyText(key: Key): string {
  if (typeof key !== 'number') return String(key);
  if (!Number.isFinite(key)) return key < 0 ? '-inf' : 'inf';
  return Number.isInteger(key) && Math.abs(key) < 1e17 ? String(key) : String(Number(key.toPrecision(17)));
}

/** What is the same key, whoever wrote it. */
function normalised(line: string): string {
  return line.replace(
    /(?<=^| )n(\S+)=/g,
    (_, text: string) => `n${text.includes('inf') ? text : String(Number(text))}=`,
  );
}

/** The same source as the server's, on our engine: its compiler and its instructions have a part in where things are. */
function engineAnswers(history: History): string[] {
  const [answers] = engine.run(engine.compile(luaOf(history), '@user_script'), []);
  if (!(answers instanceof LuaTable)) throw new Error('no table');
  return Array.from({ length: answers.length() }, (_, at) => normalised(answers.getNumber(at + 1) as string));
}

async function theirAnswers(client: RawClient, history: History): Promise<string[]> {
  const reply = await client.send(['EVAL', luaOf(history), '0']);
  if (reply.type !== '*' || reply.items === null) throw new Error(JSON.stringify(reply));
  return reply.items.map((item) => (item.type === '$' ? normalised(item.value ?? '') : item.type));
}

describe('Lua: histories of tables, beside the real server', () => {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(async () => {
    await server?.stop();
  });

  const seed = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_260_101);
  const runs = Number(process.env['LODIS_FUZZ_COMMANDS'] ?? 40_000) / 20;
  test(`${runs} histories (seed ${seed})`, { timeout: 120_000 + runs * 20 }, async ({ skip }) => {
    if (server === undefined) return skip();
    const client = await server.connect();
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const ours = ourAnswers(history);
        seen += ours.length;
        const theirs = await theirAnswers(client, history);
        expect(ours).toEqual(theirs);
        expect(engineAnswers(history)).toEqual(theirs);
        if (seen % 64 === 0) await client.send(['SCRIPT', 'FLUSH']);
      }),
      { seed, numRuns: runs },
    );
    expect(seen).toBeGreaterThan(runs * 2);
    await client.close();
  });
});
