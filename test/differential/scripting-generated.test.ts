import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Bytes } from '../../src/bytes/byte-string.ts';
import type { Observer } from '../../src/keyspace/observer.ts';
import { lua } from '../../src/scripting/index.ts';
import { registry } from '../../src/session/registry.ts';
import type { Command } from '../../src/wire/command.ts';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { comparisonOf, print, show } from './support/comparison.ts';
import { replay } from './support/generated.ts';
import { compareKeyspaces } from './support/keyspace-dump.ts';
import { mutate, RandomSampler } from './support/random-sampler.ts';
import { areEqual } from './support/reply-equality.ts';
import { rewriteStreams } from './support/rewrite-streams.ts';
import { LodisSide, type Protocol, ServerSide, type Tokens } from './support/sides.ts';
import { said } from './support/stream-replies.ts';

// Random commands of all families, run by scripts: what their replies become in Lua, and what becomes of that in the
// script's own answer.

const SEED = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_261_122);
const TOTAL = Number(process.env['LODIS_FUZZ_COMMANDS'] ?? 12_000);
const LONGEST_RUN = 25;
/** Commands in a run on average, a little underestimated. */
const AVERAGE_RUN = 20;

const GROUPS: readonly string[] = [
  ...['string', 'bitmap', 'list', 'set', 'sorted-set', 'hash', 'generic', 'stream', 'geo', 'hyperloglog'],
  ...['connection', 'pubsub'],
];

/** Left out, since their replies depend on chance, on a clock, or on the order of hash tables, or are 8's otherwise. */
const WITHOUT: readonly RegExp[] = [
  /^(SPOP|RANDOMKEY|SRANDMEMBER|HRANDFIELD|ZRANDMEMBER|PFDEBUG|PFSELFTEST|DUMP|RESTORE|MIGRATE|SORT|SORT_RO)$/,
  /^(SCAN|HSCAN|SSCAN|ZSCAN|TIME|OBJECT .*|WAIT|WAITAOF|.*HELP)$/,
  /^P?(TTL|EXPIRETIME)$/,
  // What is wrong with their arguments comes before the key since 8.
  /^BIT(COUNT|POS)$/,
  // A range of members of different scores is the walk of a skiplist.
  /BYLEX|LEXCOUNT|^ZRANGE$|^ZRANGESTORE$/,
  // WITHSCORE is newer.
  /^ZREV?RANK$|^ZRANK$/,
  // Since 7.2 scripts may run them: they do not wait.
  /^B(LPOP|RPOP|LMOVE|RPOPLPUSH|LMPOP|ZPOPMIN|ZPOPMAX|ZMPOP)$/,
  /^(LPOS|XINFO .*|XPENDING|XCLAIM|XAUTOCLAIM)$/,
];

/** What the script does with the replies. */
const MODES = {
  answered: 'out[#out + 1] = redis.pcall(unpack(ARGV, at + 1, at + count)) or "none"',
  raised: 'out[#out + 1] = redis.call(unpack(ARGV, at + 1, at + count)) or "none"',
  alone: 'do return redis.pcall(unpack(ARGV, at + 1, at + count)) end',
  described: 'out[#out + 1] = describe(redis.pcall(unpack(ARGV, at + 1, at + count)))',
  caught:
    'local ok, reply = pcall(redis.call, unpack(ARGV, at + 1, at + count)) out[#out + 1] = {tostring(ok), describe(reply)}',
  encoded:
    'local ok, text = pcall(cjson.encode, {redis.pcall(unpack(ARGV, at + 1, at + count))}) out[#out + 1] = {tostring(ok), text}',
  packed:
    'local reply = redis.pcall(unpack(ARGV, at + 1, at + count)) out[#out + 1] = describe(cmsgpack.unpack(cmsgpack.pack(reply)))',
} as const;

type Mode = keyof typeof MODES;

/** Says of a value what it is, as arrays of strings: tables with their keys in order. */
const DESCRIBE = `
local function describe(value)
  local kind = type(value)
  if kind == 'number' then return {kind, string.format('%.17g', value)} end
  if kind ~= 'table' then return {kind, tostring(value)} end
  local keys = {}
  for key in pairs(value) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b)
    if type(a) ~= type(b) then return type(a) < type(b) end
    return a < b
  end)
  local said = {kind}
  for _, key in ipairs(keys) do
    said[#said + 1] = {type(key), tostring(key), describe(value[key])}
  end
  return said
end`;

function sourceOf(mode: Mode, resp: 2 | 3): string {
  return `redis.setresp(${resp})${DESCRIBE}
local out, at = {}, 1
while at <= #ARGV do
  local count = tonumber(ARGV[at])
  ${MODES[mode]}
  at = at + count + 1
end
return out`;
}

interface Step {
  readonly mode: Mode;
  readonly resp: 2 | 3;
  readonly commands: readonly Tokens[];
}

function evalOf({ mode, resp, commands }: Step): Tokens {
  return [
    'EVAL',
    sourceOf(mode, resp),
    '0',
    ...commands.flatMap((tokens) => [String(tokens.length), ...tokens]),
  ];
}

/** As the tests of each family have it. */
function rewrite(tokens: Tokens): Tokens {
  const name = tokens[0]!.toUpperCase();
  if (/^GEO/.test(name)) return tokens.map((token) => (/^storedist$/i.test(token) ? 'STORE' : token));
  if (/^BITFIELD/.test(name)) return tokens.map((token) => token.replace(/^#-?\d{16,}$/, '#-1'));
  // The numbers of clients, and of databases and scans of which the comparison knows nothing.
  if (name === 'SELECT' || name === 'MOVE' || name === 'SWAPDB')
    return tokens.map((token) => (/^\d$/.test(token) ? String(Number(token) % 2) : token));
  return rewriteStreams(tokens);
}

/** The characters of the print, in order: whatever order the elements have. */
function characters(node: ReplyNode): string {
  return [...print(node)].sort().join('');
}

/** With the texts of errors as both versions have them, wherever they stand. */
function withSameTexts(node: ReplyNode): ReplyNode {
  if ('items' in node && node.items !== null) return { ...node, items: node.items.map(withSameTexts) };
  return (node.type === '-' || node.type === '$') && node.value !== null
    ? { ...node, value: said(node.value) }
    : node;
}

function areSame({ commands }: Step, ours: ReplyNode, theirs: ReplyNode): boolean {
  if (areEqual(ours, theirs)) return true;
  const [mine, others] = [withSameTexts(ours), withSameTexts(theirs)];
  if (areEqual(mine, others)) return true;
  const hasNoOrder = commands.some((tokens) => /unordered|pairs/.test(comparisonOf(tokens)));
  return hasNoOrder && characters(mine) === characters(others);
}

describe('scripts: generated commands, beside the real server', () => {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(async () => {
    await server?.stop();
  });

  test(`${TOTAL} commands (seed ${SEED})`, { timeout: 120_000 + TOTAL * 5 }, async ({ skip }) => {
    if (server === undefined) return skip();
    const { version } = server;
    const theirs = await ServerSide.connect(server);
    const known = await theirs.commandNames();
    const candidates = registry.all.filter(
      ({ facts, forms, fullName, flags }) =>
        known.has(fullName) &&
        forms.length > 0 &&
        GROUPS.includes(facts.group) &&
        !flags.has('noscript') &&
        !WITHOUT.some((name) => name.test(facts.name)),
    );
    const command = fc
      .record({ command: fc.nat(candidates.length - 1), seed: fc.noShrink(fc.nat(0x7fffffff)) })
      .map((chosen) => sample(candidates[chosen.command]!, chosen.seed, version));
    const step: fc.Arbitrary<Step> = fc.record({
      mode: fc.constantFrom(...(Object.keys(MODES) as Mode[])),
      resp: fc.constantFrom(2 as const, 3 as const),
      commands: fc.array(command, { minLength: 1, maxLength: 4 }),
    });
    let executed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: LONGEST_RUN, size: 'max' }),
        fc.constantFrom<Protocol>(2, 3),
        async (steps, protocol) => {
          executed += steps.reduce((sum, { commands }) => sum + commands.length, 0);
          await compareRun(steps, protocol, theirs);
        },
      ),
      { seed: SEED, numRuns: Math.ceil(TOTAL / AVERAGE_RUN) },
    );
    expect(executed).toBeGreaterThanOrEqual(TOTAL);
    await theirs.close();
  });
});

function sample(command: Command, seed: number, version: string): Tokens {
  const sampler = new RandomSampler(seed, version);
  const tokens = command.sample(sampler);
  // What is unbalanced in XREAD is told in other words since 7.4.
  const isMutated = sampler.below(12) === 0 && !/^XREAD/.test(tokens[0]!);
  return rewrite(isMutated ? mutate(tokens, sampler) : tokens);
}

async function compareRun(steps: readonly Step[], protocol: Protocol, theirs: ServerSide): Promise<void> {
  const ours = new LodisSide({ scripting: lua() });
  const effects: { database: number; tokens: Bytes[] }[] = [];
  const observer: Observer = {
    effect: (database, tokens) => effects.push({ database: database.index, tokens: [...tokens] }),
  };
  ours.store.keyspace.observe(observer);
  await theirs.run([['SELECT', '0'], ['FLUSHALL'], ['SCRIPT', 'FLUSH']], 2);
  const commands = steps.map(evalOf);
  const [mine, others] = [ours.runNow(commands, protocol), await theirs.run(commands, protocol)];
  const told = (upTo: number): string =>
    steps
      .slice(0, upTo)
      .map(
        ({ mode, resp, commands: said }) =>
          `${mode}, setresp(${resp}):\n    ${said.map(show).join('\n    ')}`,
      )
      .join('\n  ');
  for (const [at, one] of steps.entries()) {
    if (areSame(one, mine[at]!, others[at]!)) continue;
    throw new Error(
      `RESP${protocol}\n  ${told(at + 1)}\n  lodis:  ${print(mine[at]!)}\n  server: ${print(others[at]!)}`,
    );
  }
  ours.store.keyspace.unobserve(observer);
  try {
    ours.store.keyspace.checkInvariants();
    await compareKeyspaces(ours, theirs);
    await compareKeyspaces(ours, replay(effects), { withHistory: false });
  } catch (cause) {
    throw new Error(`after\n  ${told(steps.length)}\n${(cause as Error).message}`, { cause });
  }
}
