import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registry } from '../../src/session/registry.ts';
import type { Command } from '../../src/wire/command.ts';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { show } from './support/comparison.ts';
import { RandomSampler } from './support/random-sampler.ts';
import { LodisSide, ServerSide, type Tokens } from './support/sides.ts';

// For each command that has to do with keys: by how much it changes `keyspace_hits` and `keyspace_misses`, and how often it
// counts as a use of each key. With `lfu-log-factor 0` each use adds exactly one to what OBJECT FREQ answers.

const KEYS = ['str', 'num', 'hash', 'list', 'set', 'ints', 'zset', 'geo', 'stream', 'hll', 'no1', 'no2'];
const STAGE: readonly Tokens[] = [
  'FLUSHALL',
  'SET str hello',
  'SET num 50005',
  'HSET hash a 1 b 2 f1 x',
  'RPUSH list a b c 1 2',
  'SADD set a b hello',
  'SADD ints 1 2 3',
  'ZADD zset 1 a 2 b 3 c',
  'GEOADD geo 13 38 a 15 37 b',
  'XADD stream 1-1 f v',
  'XADD stream 2-1 f v',
  'XGROUP CREATE stream g1 0',
  'XREADGROUP GROUP g1 c1 COUNT 1 STREAMS stream >',
  'PFADD hll a b',
].map((line) => line.split(' '));
const POLICY: readonly Tokens[] = [
  // With a limit of memory, Redis shares no small integers between keys.
  ['CONFIG', 'SET', 'maxmemory', '1gb'],
  ['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lfu'],
  ['CONFIG', 'SET', 'lfu-log-factor', '0'],
  ['CONFIG', 'SET', 'lfu-decay-time', '0'],
];
const FREQUENCIES: readonly Tokens[] = KEYS.map((key) => ['OBJECT', 'FREQ', key]);
const SAMPLES = 12;
const SEED = Number(process.env['LODIS_FUZZ_SEED'] ?? 4711);

/** Of these, chance decides which keys they come to. */
const RANDOM = new Set(['RANDOMKEY', 'SCAN']);
/** Since 7.2 these look at their arguments (which are then refused, as cursors below zero) before they look at the key. */
const ARGUMENTS_FIRST = new Set(['BITCOUNT', 'BITPOS', 'HSCAN', 'SSCAN', 'ZSCAN']);
/** Where they find something at once, Redis looks it up twice; we count one use. */
const LOOKED_UP_TWICE = new Set(['BZPOPMIN', 'BZPOPMAX', 'BZMPOP', 'BLMOVE', 'BRPOPLPUSH']);
/** Where the source is no set, Redis has looked at the destination too. */
const LOOKED_UP_TOGETHER = new Set(['SMOVE']);

function isOfKeys({ facts, keySpecs }: Command): boolean {
  return keySpecs.length > 0 && !facts.flags.includes('noscript') && !RANDOM.has(facts.name);
}

/** Nobody waits for long. */
function withoutWaiting(tokens: Tokens): Tokens {
  const changed = [...tokens];
  if (/^B[LRZ]/i.test(changed[0]!)) changed[/MPOP/i.test(changed[0]!) ? 1 : changed.length - 1] = '0.01';
  const block = changed.findIndex((token) => /^block$/i.test(token));
  if (/^XREAD/i.test(changed[0]!) && block > 0 && block + 1 < changed.length) changed[block + 1] = '1';
  return changed;
}

function countsIn(info: ReplyNode): readonly number[] {
  const text = info.type === '$' ? info.value! : '';
  return ['hits', 'misses'].map((name) => Number(new RegExp(`keyspace_${name}:(\\d+)`).exec(text)![1]));
}

/** By how much the counters grew, and the uses of each key: `undefined` for a key that is not there before or after. */
function measured(replies: readonly ReplyNode[]): { counts: number[]; uses: (number | undefined)[] } {
  const { length } = KEYS;
  const [before, after] = [countsIn(replies[length]!), countsIn(replies[length + 2]!)];
  const uses = KEYS.map((_, at) => {
    const [then, now] = [replies[at]!, replies[length + 3 + at]!];
    return then.type === ':' && now.type === ':' ? Number(now.value) - Number(then.value) : undefined;
  });
  return { counts: before.map((count, at) => after[at]! - count), uses };
}

describe('hits, misses and uses, beside the real server', () => {
  let server: RedisServer | undefined;
  let theirs: ServerSide;
  let known: Set<string>;
  beforeAll(async () => {
    server = await startRedisServer();
    if (server === undefined) return;
    theirs = await ServerSide.connect(server);
    known = await theirs.commandNames();
  });
  afterAll(async () => {
    await theirs?.close();
    await server?.stop();
  });

  const families = new Map<string, Command[]>();
  for (const command of registry.all.filter(isOfKeys)) {
    const { group } = command.facts;
    families.set(group, [...(families.get(group) ?? []), command]);
  }

  test.each([...families])('%s', { timeout: 120_000 }, async (_group, commands) => {
    if (server === undefined) return;
    const sampler = new RandomSampler(SEED, server.version, KEYS);
    let compared = 0;
    for (const command of commands) {
      if (!known.has(command.fullName)) continue;
      const { name } = command.facts;
      for (let sample = 0; sample < SAMPLES; sample++) {
        const tokens = withoutWaiting(command.sample(sampler));
        const asked: Tokens[] = [
          ...FREQUENCIES,
          ['INFO', 'stats'],
          tokens,
          ['INFO', 'stats'],
          ...FREQUENCIES,
        ];
        const all = [...POLICY, ...STAGE, ...asked];
        const replies = (await theirs.run(all, 2)).slice(POLICY.length + STAGE.length);
        const isRefused = replies[KEYS.length + 1]!.type === '-';
        if (isRefused && ARGUMENTS_FIRST.has(name)) continue;
        const ours = new LodisSide();
        const mine = await answers(ours, asked, tokens);
        // Newer Redis refuses what the reference takes: cursors below zero.
        if (isError(mine[KEYS.length + 1]!) !== isRefused) continue;
        const [we, they] = [measured(mine), measured(replies)];
        expect(we.counts, show(tokens)).toEqual(they.counts);
        compared++;
        if (LOOKED_UP_TWICE.has(name) || (isRefused && LOOKED_UP_TOGETHER.has(name))) continue;
        expect(we.uses, show(tokens)).toEqual(they.uses);
      }
    }
    // Some families came after the server.
    if (commands.some(({ fullName }) => known.has(fullName))) expect(compared).toBeGreaterThan(0);
  });
});

/** Whether EXEC, of one command, answered an error. */
function isError(reply: ReplyNode): boolean {
  return reply.type === '-' || (reply.type === '*' && reply.items?.[0]?.type === '-');
}

/** What ours answers; who would wait is answered nothing, at once. */
async function answers(ours: LodisSide, asked: readonly Tokens[], tokens: Tokens): Promise<ReplyNode[]> {
  await ours.run([...POLICY, ...STAGE], 2);
  const at = asked.indexOf(tokens);
  const before = ours.runNow(asked.slice(0, at), 2);
  const [reply] = ours.runNow([['MULTI'], tokens, ['EXEC']], 2).slice(2);
  const after = ours.runNow(asked.slice(at + 1), 2);
  return [...before, reply!, ...after];
}

describe('CLIENT NO-TOUCH', () => {
  const frequency = (side: LodisSide, key: string) => side.runNow([['OBJECT', 'FREQ', key]], 2)[0];

  test('leaves no trace of reads and writes, but for TOUCH', () => {
    const side = new LodisSide();
    side.runNow([...POLICY, ['SET', 'k', 'v'], ['HSET', 'h', 'f', 'v'], ['CLIENT', 'NO-TOUCH', 'ON']], 2);
    const before = [frequency(side, 'k'), frequency(side, 'h')];
    side.runNow(
      ['GET k', 'SET k w', 'APPEND k x', 'HSET h f w', 'HGET h f', 'EXPIRE k 100'].map((line) =>
        line.split(' '),
      ),
      2,
    );
    expect([frequency(side, 'k'), frequency(side, 'h')]).toEqual(before);
    side.runNow([['TOUCH', 'k']], 2);
    expect(frequency(side, 'k')).not.toEqual(before[0]);
    const touched = frequency(side, 'k');
    side.runNow(
      [
        ['CLIENT', 'NO-TOUCH', 'OFF'],
        ['GET', 'k'],
      ],
      2,
    );
    expect(frequency(side, 'k')).not.toEqual(touched);
  });
});
