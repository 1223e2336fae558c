import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromBytes, toBytes } from '../../src/bytes/byte-string.ts';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { bodyOf, payload, toHex } from '../persistence/rdb/support.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { Mutator } from './support/mutations.ts';
import { LodisSide, ServerSide, type Tokens } from './support/sides.ts';

// Damaged values whose checksums are right: they reach the reader. Nothing that the server refuses is taken here, and what is
// taken is sound.

const SEED = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_261_121);
const RUNS = Number(process.env['LODIS_FUZZ_RUNS'] ?? 2500);
/** Types from here on are unknown to 7.0. */
const FIRST_NEWER_TYPE = 20;
const REFUSED = 'ERR Bad data format';

let server: RedisServer | undefined;
let theirs: ServerSide;

beforeAll(async () => {
  server = await startRedisServer({ args: ['--sanitize-dump-payload', 'yes'] });
  if (server !== undefined) theirs = await ServerSide.connect(server);
});
afterAll(async () => {
  await theirs?.close();
  await server?.stop();
});

function numbered(count: number, text: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => text(at)).join(' ');
}

/** Each makes one value under `k`. */
const MAKING: readonly (readonly string[])[] = [
  ['SET k hello'],
  ['SET k -5'],
  ['SET k 70000'],
  [`SET k ${'ab'.repeat(100)}`],
  ['RPUSH k a b 12 -5 70000 hello'],
  [`RPUSH k ${numbered(400, (at) => `element:${at}`)}`],
  [`RPUSH k ${'x'.repeat(9000)} b`],
  ['SADD k 1 2 3'],
  ['SADD k 1 70000 9007199254740993'],
  ['SADD k a b 1'],
  ['ZADD k 1 a 2.5 b -inf c'],
  [`ZADD k ${numbered(130, (at) => `${at} m${at}`)}`],
  ['HSET k a 1 b 2'],
  [`HSET k ${numbered(20, (at) => `f${at} ${'v'.repeat(70)}`)}`],
  ['XADD k 1-1 a 1'],
  ['XADD k 1-1 a 1', 'XADD k 2-1 b 1', 'XGROUP CREATE k g $'],
  [
    ...['XADD k 1-1 a 1 b 2', 'XADD k 1-2 a 3 b hello', 'XADD k 5-0 c 3', 'XDEL k 1-2'],
    ...['XGROUP CREATE k g 0', 'XGROUP CREATE k h 0'],
    ...['XREADGROUP GROUP g ada COUNT 1 STREAMS k >', 'XREADGROUP GROUP g bob STREAMS k >'],
  ],
];

async function bodies(compression: 'yes' | 'no'): Promise<Uint8Array[]> {
  const made: Uint8Array[] = [];
  await theirs.run([['CONFIG', 'SET', 'rdbcompression', compression]], 2);
  for (const lines of MAKING) {
    const commands: Tokens[] = [['DEL', 'k'], ...lines.map((line) => line.split(' ')), ['DUMP', 'k']];
    const dumped = (await theirs.run(commands, 2)).at(-1)!;
    if (dumped.type !== '$' || dumped.value === null) throw new Error(`nothing was made by ${lines.join()}`);
    made.push(bodyOf(toBytes(dumped.value)));
  }
  return made;
}

function text(reply: ReplyNode): string {
  return reply.type === '+' || reply.type === '-' ? reply.value : reply.type;
}

/** What becomes of it here; what was taken must be sound, and what is dumped of it must be taken again. */
function verdict(body: Uint8Array): string {
  const side = new LodisSide();
  const [reply] = side.runNow([['RESTORE', 'k', '0', fromBytes(payload(body))]], 2);
  if (reply!.type !== '+') {
    expect(text(reply!)).toBe(REFUSED);
    expect(side.runNow([['EXISTS', 'k']], 2)).toEqual([{ type: ':', value: 0 }]);
    return REFUSED;
  }
  side.store.keyspace.checkInvariants();
  const [dumped, digest] = side.runNow(
    [
      ['DUMP', 'k'],
      ['DEBUG', 'DIGEST-VALUE', 'k'],
    ],
    2,
  );
  // All fields of a hash may have expired.
  if (dumped!.type !== '$' || dumped!.value === null) return 'OK';
  const again = new LodisSide();
  const [, second] = again.runNow(
    [
      ['RESTORE', 'k', '0', dumped!.value],
      ['DEBUG', 'DIGEST-VALUE', 'k'],
    ],
    2,
  );
  expect(second, toHex(body)).toEqual(digest);
  return 'OK';
}

for (const compression of ['no', 'yes'] as const) {
  test(`damaged values, compressed: ${compression} (seed ${SEED})`, { timeout: 120_000 }, async ({
    skip,
  }) => {
    if (server === undefined) return skip();
    const mutator = new Mutator(SEED, await bodies(compression));
    const count = { OK: 0, refused: 0, stricter: 0 };
    for (let run = 0; run < RUNS; run++) {
      const body = mutator.next();
      const mine = verdict(body);
      const [reply] = await theirs.run([['RESTORE', 'k', '0', fromBytes(payload(body)), 'REPLACE']], 2);
      const others = text(reply!);
      if (mine === 'OK') count.OK++;
      else count.refused++;
      if (mine === others || body[0]! >= FIRST_NEWER_TYPE) continue;
      // Here ids ascend, counts are right, scores are numbers, and compressed lengths are those that come out.
      expect([mine, others], toHex(body)).toEqual([REFUSED, 'OK']);
      count.stricter++;
    }
    expect(count.OK).toBeGreaterThan(RUNS / 10);
    expect(count.refused).toBeGreaterThan(RUNS / 10);
    expect(count.stricter).toBeLessThan(RUNS / 20);
  });
}
