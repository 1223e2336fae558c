import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registry } from '../../src/session/registry.ts';
import { serverOf } from '../../src/session/server.ts';
import { ACL_CATEGORIES } from '../../src/wire/acl-categories.ts';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { normalise } from './support/acl-normalise.ts';
import { print, show } from './support/comparison.ts';
import { RandomSampler } from './support/random-sampler.ts';
import { LodisSide, ServerSide, type Tokens } from './support/sides.ts';

// Random rules for a user, and random commands that it might run: what becomes of the user, and what it may do, must
// be the same as with the real server.

const SEED = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_260_101);
const RUNS = 150;
const LONGEST_RUN = 40;

/** Their arity, their key specifications or their categories are others since 7.2. */
const CHANGED = new Set([
  ...['zrank', 'zrevrank', 'sinterstore', 'command|getkeys', 'command|getkeysandflags', 'wait'],
]);

/** As numbers of keys Redis refuses these when the command runs, but finds its keys by C's more generous `atoi`. */
const ALMOST_A_NUMBER = /^(\+1|01|1\.5)$/;

let server: RedisServer | undefined;
beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(async () => {
  await server?.stop();
});

/** The reference server knows no commands of arrays, nor their category. */
const CATEGORIES = ACL_CATEGORIES.filter((name) => name !== 'array');

const pattern = fc.constantFrom(
  'k1',
  'k*',
  'k?',
  'k[12]',
  '*1',
  '*',
  'ключ',
  '\udcff*',
  '**',
  '\\k1',
  'k3*',
  '',
);
const channel = fc.constantFrom('c', 'c*', '*', 'a', 'abc');

function ruleOf(names: readonly string[]): fc.Arbitrary<string> {
  const sign = fc.constantFrom('+', '-');
  const plain = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(sign, fc.constantFrom(...names)).map(([a, b]) => a + b) },
    { weight: 4, arbitrary: fc.tuple(sign, fc.constantFrom(...CATEGORIES)).map(([a, b]) => `${a}@${b}`) },
    { weight: 1, arbitrary: fc.constantFrom('+@all', '-@all', 'allcommands', 'nocommands') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('+select|0', '+select|a', '+get|k1', '+echo|abc', '+object|nope', '-nope'),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.constantFrom('~', '%R~', '%W~', '%RW~'), pattern).map(([a, b]) => a + b),
    },
    { weight: 1, arbitrary: channel.map((name) => `&${name}`) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        'allkeys',
        'resetkeys',
        'allchannels',
        'resetchannels',
        'resetkeys',
        'on',
        'off',
      ),
    },
  );
  const selector = fc.array(plain, { maxLength: 3 }).map((rules) => `(${rules.join(' ')})`);
  const password = fc.constantFrom(
    '>a',
    '>b',
    '<a',
    '<b',
    'nopass',
    'resetpass',
    '!00',
    `#${'0'.repeat(64)}`,
  );
  return fc.oneof(
    { weight: 14, arbitrary: plain },
    { weight: 2, arbitrary: selector },
    { weight: 1, arbitrary: password },
    { weight: 1, arbitrary: fc.constantFrom('clearselectors', 'reset', 'skip-sanitize-payload', 'foo') },
  );
}

/** The reference server says rules about commands in the fewest words that mean the same, Redis 8 as they were given. */
function withoutCommandRules(node: ReplyNode): ReplyNode {
  if ('items' in node && node.items !== null) return { ...node, items: node.items.map(withoutCommandRules) };
  if (node.type !== '$' || typeof node.value !== 'string') return node;
  return { ...node, value: node.value.replace(/[-+]@all(?: [-+][^ )]+)*/g, '<commands>') };
}

test(`${RUNS} runs of rules and commands (seed ${SEED})`, { timeout: 120_000 }, async ({ skip }) => {
  if (server === undefined) return skip();
  const { version } = server;
  const theirs = await ServerSide.connect(server);
  const known = await theirs.commandNames();
  const commands = registry.all.filter(({ fullName }) => known.has(fullName) && !CHANGED.has(fullName));
  const rules = fc.array(ruleOf(commands.map(({ fullName }) => fullName)), { minLength: 1, maxLength: 5 });
  const dryRun = fc
    .record({ command: fc.nat(commands.length - 1), seed: fc.noShrink(fc.nat(0x7fffffff)) })
    .map(({ command, seed }) => commands[command]!.sample(new RandomSampler(seed, version)));
  const step: fc.Arbitrary<Tokens> = fc.oneof(
    { weight: 1, arbitrary: rules.map((list) => ['ACL', 'SETUSER', 'u', ...list]) },
    { weight: 4, arbitrary: dryRun.map((tokens) => ['ACL', 'DRYRUN', 'u', ...tokens]) },
  );
  const seen = { allowed: 0, denied: 0, changed: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: LONGEST_RUN, size: 'max' }), async (steps) => {
      const ours = new LodisSide();
      const script: Tokens[] = [['ACL', 'SETUSER', 'u', '-@all'], ...steps, ['ACL', 'LIST']];
      await theirs.run([['ACL', 'DELUSER', 'u']], 2);
      const [mine, others] = [ours.runNow(script, 2), await theirs.run(script, 2)];
      for (const [at, tokens] of script.entries()) {
        const [a, b] = [mine[at]!, others[at]!].map((node) => print(withoutCommandRules(normalise(node))));
        if (a !== b && !tokens.some((token) => ALMOST_A_NUMBER.test(token))) {
          const done = script.slice(0, at).filter(([, subcommand]) => subcommand === 'SETUSER');
          throw new Error(
            `after\n  ${done.map(show).join('\n  ')}\n${show(tokens)}\n  lodis:  ${a}\n  server: ${b}`,
          );
        }
        if (tokens[1] === 'SETUSER') seen[mine[at]!.type === '+' ? 'changed' : 'refused']++;
        else if (tokens[1] === 'DRYRUN') seen[mine[at]!.type === '+' ? 'allowed' : 'denied']++;
      }
      for (const selector of serverOf(ours.store.keyspace).acl.user('u')!.selectors) {
        selector.commands.checkInvariants();
      }
    }),
    { seed: SEED, numRuns: RUNS },
  );
  await theirs.close();
  // Else the comparison would be one of nothing but refusals.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(RUNS / 2);
});
