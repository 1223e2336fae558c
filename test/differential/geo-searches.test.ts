import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { difference } from './support/comparison.ts';
import { randomFrom } from './support/random-sampler.ts';
import { LodisSide, ServerSide, type Tokens } from './support/sides.ts';

// Searches for random places among random places: every reply, with all its details and in its order, beside the real server's.

const SEED = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_260_101);
const QUERIES = Number(process.env['LODIS_FUZZ_COMMANDS'] ?? 4000);
const MOST_LATITUDE = 85.05112878;
const UNITS = { m: 1, km: 1000, ft: 0.3048, mi: 1609.34 };

type Chance = () => number;

/** How the places of an index are spread. */
const SPREADS: Readonly<Record<string, (chance: Chance) => readonly [longitude: number, latitude: number]>> =
  {
    'all over the map': (chance) => [chance() * 360 - 180, (chance() * 2 - 1) * MOST_LATITUDE],
    'a city': (chance) => [13.3 + chance() * 0.2, 52.4 + chance() * 0.2],
    'the date line': (chance) => [chance() < 0.5 ? 179 + chance() : chance() - 180, chance() * 20 - 10],
    'the north pole': (chance) => [chance() * 360 - 180, MOST_LATITUDE - chance() ** 3 * 5],
    'the south pole': (chance) => [chance() * 360 - 180, -MOST_LATITUDE + chance() ** 3 * 5],
    'a grid, many at one place': (chance) => [
      Math.floor(chance() * 5) * 45,
      Math.floor(chance() * 5) * 20 - 40,
    ],
  };

function pick<T>(chance: Chance, choices: readonly T[]): T {
  return choices[Math.floor(chance() * choices.length)]!;
}

/** From a millimeter to farther than there is, each order of magnitude as likely as any other; or nothing. */
function size(chance: Chance): number {
  return chance() < 0.04 ? 0 : 10 ** (chance() * 11 - 3);
}

function query(chance: Chance, key: string, near: readonly [number, number], members: number): Tokens {
  const unit = pick(chance, Object.keys(UNITS) as (keyof typeof UNITS)[]);
  const sized = () => String(size(chance) / UNITS[unit]);
  const center =
    chance() < 0.4
      ? ['FROMMEMBER', `m${Math.floor(chance() * members)}`]
      : ['FROMLONLAT', ...near.map(String)];
  const shape = chance() < 0.5 ? ['BYRADIUS', sized(), unit] : ['BYBOX', sized(), sized(), unit];
  const order = pick(chance, [[], ['ASC'], ['DESC']]);
  const count = String(1 + Math.floor(chance() * 60));
  const part = pick(chance, [[], [], ['COUNT', count], ['COUNT', count, 'ANY']]);
  return ['GEOSEARCH', key, ...center, ...shape, ...order, ...part, 'WITHCOORD', 'WITHDIST', 'WITHHASH'];
}

describe('random searches, beside the real server', () => {
  let server: RedisServer | undefined;
  let theirs: ServerSide;
  beforeAll(async () => {
    server = await startRedisServer();
    if (server !== undefined) theirs = await ServerSide.connect(server);
  });
  afterAll(async () => {
    await server?.stop();
  });

  for (const [spread, place] of Object.entries(SPREADS)) {
    test(`among ${spread} (seed ${SEED})`, { timeout: 120_000 }, async ({ skip }) => {
      if (server === undefined) return skip();
      const chance = randomFrom(SEED);
      const ours = new LodisSide();
      await theirs.run([['FLUSHALL']], 2);
      const both = async (commands: readonly Tokens[]): Promise<[ReplyNode[], ReplyNode[]]> => [
        ours.runNow(commands, 2),
        await theirs.run(commands, 2),
      ];
      const sizes = [20, 300];
      for (const members of sizes) {
        const adding: string[] = ['GEOADD', `k${members}`];
        for (let at = 0; at < members; at++) adding.push(...place(chance).map(String), `m${at}`);
        await both([adding]);
      }
      const commands = Array.from({ length: Math.ceil(QUERIES / Object.keys(SPREADS).length) }, () => {
        const members = pick(chance, sizes);
        const near = chance() < 0.2 ? SPREADS['all over the map']!(chance) : place(chance);
        return query(chance, `k${members}`, near, members);
      });
      const [mine, others] = await both(commands);
      const found = commands.flatMap((tokens, at) => difference(tokens, mine[at]!, others[at]!) ?? []);
      expect(found.slice(0, 3)).toEqual([]);
      // Else the comparison would be one of empty answers.
      const answered = mine.filter(
        (reply) => reply.type === '*' && reply.items !== null && reply.items.length > 0,
      );
      expect(answered.length).toBeGreaterThan(commands.length / 3);
    });
  }

  test('stored distances are the same but for the last bits', async ({ skip }) => {
    if (server === undefined) return skip();
    const chance = randomFrom(SEED);
    const ours = new LodisSide();
    const adding: string[] = ['GEOADD', 'k'];
    for (let at = 0; at < 300; at++)
      adding.push(...SPREADS['all over the map']!(chance).map(String), `m${at}`);
    const commands: Tokens[] = [
      adding,
      ['GEOSEARCHSTORE', 'd', 'k', 'FROMLONLAT', '10', '50', 'BYRADIUS', '9000', 'km', 'STOREDIST'],
      ['ZRANGE', 'd', '0', '-1', 'WITHSCORES'],
    ];
    await theirs.run([['FLUSHALL']], 2);
    const [mine, others] = [ours.runNow(commands, 2), await theirs.run(commands, 2)];
    const [a, b] = [valuesOf(mine[2]!), valuesOf(others[2]!)];
    expect(a.length).toBeGreaterThan(100);
    expect(a.length).toBe(b.length);
    for (let at = 0; at < a.length; at += 2) {
      expect(a[at]).toBe(b[at]);
      expect(Math.abs(Number(a[at + 1]) / Number(b[at + 1]) - 1)).toBeLessThan(1e-12);
    }
  });
});

function valuesOf(reply: ReplyNode): string[] {
  if (reply.type !== '*' || reply.items === null) throw new Error('no array');
  return reply.items.map((item) => (item.type === '$' ? item.value! : ''));
}
