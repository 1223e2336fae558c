import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromBytes, toBytes } from '../../src/bytes/byte-string.ts';
import {
  hyperloglogCommands,
  hyperloglogDebugCommands,
} from '../../src/structures/hyperloglogs/hyperloglog-commands.ts';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { behaviours } from './support/behaviours.ts';
import { difference, show } from './support/comparison.ts';
import { commandsNamed, generated } from './support/generated.ts';
import { randomFrom } from './support/random-sampler.ts';
import { LodisSide, ServerSide, type Tokens } from './support/sides.ts';

/** `PFADD` of so many elements that nobody else has. */
function adding(key: string, count: number, prefix = key): Tokens {
  return ['PFADD', key, ...Array.from({ length: count }, (_, at) => `${prefix}:${at}`)];
}

behaviours('HyperLogLogs', {
  'PFADD creates, and says whether anything has changed': [
    'PFADD k',
    'GET k',
    'PFADD k',
    'PFADD k a b c',
    'GET k',
    'PFADD k a b c',
    'PFADD k c a',
    'GET k',
    'PFDEBUG DECODE k',
    'PFADD new x x x',
    'PFCOUNT new',
    'TYPE k',
    'STRLEN k',
    'OBJECT ENCODING k',
    'PFADD',
  ],
  'PFCOUNT remembers the estimate in the value, and PFADD says that it is stale': [
    'PFADD k a b c',
    'GET k',
    'PFCOUNT k',
    'GET k',
    'PFADD k a',
    'GET k',
    'PFADD k d',
    'GET k',
    'PFCOUNT k',
    'PFCOUNT k k',
    'PFADD k e',
    'PFCOUNT k missing',
    'GET k',
    'PFCOUNT',
  ],
  'PFCOUNT of several keys is that of all elements': [
    'PFADD k a b c d',
    'PFADD l c d e f g',
    'PFCOUNT k l',
    'PFCOUNT k l missing k',
    'PFCOUNT missing',
    'PFCOUNT missing absent',
    'PFDEBUG TODENSE l',
    'PFCOUNT k l',
    'GET k',
  ],
  'elements of all sorts and lengths': [
    ['PFADD', 'k', '', 'a', 'ab', 'abc', 'abcd', 'abcde', 'abcdef', 'abcdefg', 'abcdefgh', 'abcdefghi'],
    'GET k',
    [
      'PFADD',
      'k',
      'é',
      '漢字',
      '😀',
      '\udcff',
      'é\udcc3',
      '\0',
      '\udc80\udc80\udc80\udc80\udc80\udc80\udc80\udc80',
    ],
    'GET k',
    ['PFADD', 'k', ...[15, 16, 17, 47, 48, 49, 63, 64, 65, 340, 341, 342, 343].map((n) => 'x'.repeat(n))],
    'GET k',
    [
      'PFADD',
      'k',
      'é'.repeat(170),
      'é'.repeat(400),
      'x'.repeat(5000),
      '漢'.repeat(2000),
      'é\udcff'.repeat(900),
    ],
    'GET k',
    'PFCOUNT k',
  ],
  'sparse registers of every shape': [
    ...Array.from({ length: 60 }, (_, at): Tokens[] => [
      adding('k', 25, `part ${at}`),
      ['PFDEBUG', 'ENCODING', 'k'],
      ['STRLEN', 'k'],
      ['GET', 'k'],
      ['PFCOUNT', 'k'],
    ]).flat(),
  ],
  'one by one until they are dense': [
    ...Array.from({ length: 1500 }, (_, at): Tokens => ['PFADD', 'k', `one ${at}`]),
    'PFDEBUG ENCODING k',
    'GET k',
    'PFCOUNT k',
    'GET k',
    ...Array.from({ length: 300 }, (_, at): Tokens => ['PFADD', 'k', `more ${at}`]),
    'GET k',
    'PFCOUNT k',
  ],
  'hll-sparse-max-bytes': [
    'CONFIG SET hll-sparse-max-bytes 40',
    ...Array.from({ length: 20 }, (_, at): Tokens[] => [
      ['PFADD', 'k', `x${at}`],
      ['PFDEBUG', 'ENCODING', 'k'],
      ['GET', 'k'],
    ]).flat(),
    'CONFIG SET hll-sparse-max-bytes 0',
    'PFADD l',
    'PFDEBUG ENCODING l',
    'PFADD l x',
    'PFDEBUG ENCODING l',
    'GET l',
    'CONFIG SET hll-sparse-max-bytes 16000',
    adding('m', 3000),
    'PFDEBUG ENCODING m',
    'GET m',
    'PFCOUNT m',
    'CONFIG SET hll-sparse-max-bytes 3000',
    'PFADD m one-more',
    'PFDEBUG ENCODING m',
  ],
  'PFMERGE of what is sparse, and of what is dense': [
    adding('a', 100),
    adding('b', 200),
    adding('c', 3000),
    'PFMERGE d a b',
    'GET d',
    'PFCOUNT d',
    'GET d',
    'PFMERGE d a b',
    'GET d',
    'PFMERGE a b',
    'GET a',
    'PFMERGE b b b',
    'GET b',
    'PFMERGE b c',
    'GET b',
    'PFCOUNT b',
    'PFMERGE c a',
    'GET c',
    'PFMERGE e',
    'GET e',
    'PFMERGE e missing',
    'GET e',
    'PFMERGE f missing absent',
    'GET f',
    'PFMERGE g c',
    'PFDEBUG ENCODING g',
    'GET g',
    'PFMERGE',
  ],
  'PFMERGE of sparse ones that become too long for it': [
    adding('a', 900),
    adding('b', 900),
    adding('c', 900),
    'PFMERGE d a b c',
    'PFDEBUG ENCODING d',
    'GET d',
    'PFMERGE a b',
    'GET a',
    'PFCOUNT a b c',
    'PFCOUNT d',
  ],
  'PFMERGE over what is sparse, in steps': [
    ...Array.from({ length: 30 }, (_, at): Tokens[] => [
      ['DEL', 'part'],
      adding('part', 30, `step ${at}`),
      ['PFMERGE', 'k', 'part'],
      ['GET', 'k'],
    ]).flat(),
  ],
  'keys that hold something else': [
    'RPUSH l a',
    'SET s foo',
    'SET i 123',
    'SET empty ""',
    ['SET', 'short', 'HYLL\x01\0\0\0\0\0\0\0\0\0\0'],
    ['SET', 'letters', 'HYLX\x01\0\0\0\0\0\0\0\0\0\0\0\x7f'],
    ['SET', 'encoding', `HYLL\x02${'\0'.repeat(20)}`],
    ['SET', 'dense', `HYLL${'\0'.repeat(12_301)}`],
    ...['l', 's', 'i', 'empty', 'short', 'letters', 'encoding', 'dense'].flatMap((key): Tokens[] => [
      ['PFADD', key, 'x'],
      ['PFADD', key],
      ['PFCOUNT', key],
      ['PFCOUNT', 'missing', key],
      ['PFMERGE', key],
      ['PFMERGE', 'd', key],
      ['PFMERGE', key, 'missing'],
      ['PFDEBUG', 'ENCODING', key],
    ]),
    'EXISTS d',
  ],
  'dense registers of any content': [
    ['SET', 'zeros', `HYLL${'\0'.repeat(12_300)}`],
    ['SET', 'ones', `HYLL${'\0'.repeat(11)}\udc80${'\udcff'.repeat(12_288)}`],
    ['SET', 'threes', `HYLL${'\0'.repeat(11)}\udc80${'\x03'.repeat(12_288)}`],
    ['SET', 'letters', `HYLL${'\0'.repeat(11)}\udc80${'xyz'.repeat(4096)}`],
    ...['zeros', 'ones', 'threes', 'letters'].flatMap((key): Tokens[] => [
      ['PFCOUNT', key],
      ['PFCOUNT', key, key],
      ['GETRANGE', key, '0', '20'],
      ['PFADD', key, 'a', 'b', 'c', 'd', 'e'],
      ['PFCOUNT', key],
      ['PFCOUNT', key],
      ['PFMERGE', 'd', key],
      ['PFCOUNT', 'd'],
      ['PFDEBUG', 'GETREG', key],
    ]),
    'GET d',
  ],
  'an estimate that was forged is told as it is': [
    'PFADD k a b',
    ['SETRANGE', 'k', '8', '\udcff\udcff\udcff\udcff\udcff\udcff\udcff\x7f'],
    'PFCOUNT k',
    ['SETRANGE', 'k', '8', '\x01\x02\x03\x04\x05\x06\x07\x00'],
    'PFCOUNT k',
    'PFCOUNT k k',
  ],
  'a HyperLogLog that was carried by GET and SET': [
    ['SET', 'k', 'HYLL\x01\0\0\0\0\0\0\0\0\0\0\0\x7f\udcff'],
    'OBJECT ENCODING k',
    'PFCOUNT k',
    'OBJECT ENCODING k',
    'PFADD k a',
    'APPEND k ""',
    'PFCOUNT k',
    'EXPIRE k 100',
    'PFADD k b',
    'PFMERGE k',
    'TTL k',
    'GETRANGE k 0 3',
  ],
  PFDEBUG: [
    'PFADD k a b c',
    'PFDEBUG encoding k',
    'PFDEBUG DECODE k',
    'PFCOUNT k',
    'PFDEBUG TODENSE k',
    'GET k',
    'PFDEBUG TODENSE k',
    'PFDEBUG ENCODING k',
    'PFDEBUG DECODE k',
    'PFDEBUG GETREG k',
    'PFADD l a b c',
    'PFDEBUG GETREG l',
    'PFDEBUG ENCODING l',
    'PFDEBUG FOO k',
    'PFDEBUG FOO missing',
    'PFDEBUG ENCODING missing',
    'PFDEBUG ENCODING',
    'PFDEBUG ENCODING k k',
    'PFDEBUG',
  ],
  'PFSELFTEST passes': ['PFSELFTEST', 'PFSELFTEST x'],
  'within MULTI, and WATCH of what PFCOUNT remembers': [
    'PFADD k a b',
    'WATCH k',
    'PFCOUNT k',
    'MULTI',
    'PFCOUNT k',
    'EXEC',
    'WATCH k',
    'PFCOUNT k',
    'PFADD k a',
    'MULTI',
    'PFADD k c',
    'PFCOUNT k',
    'PFMERGE l k',
    'EXEC',
    'GET k',
    'WATCH k',
    'PFDEBUG TODENSE k',
    'MULTI',
    'GET k',
    'EXEC',
  ],
});

/** Strings are among them, so that values are damaged. */
const strings = commandsNamed('SETRANGE', 'APPEND', 'GETRANGE', 'DEL', 'COPY');
const pf = [...hyperloglogCommands, ...hyperloglogDebugCommands];

const MAY_BE_DAMAGED: ReadonlySet<string> = new Set(['k1', 'k2', 'k6']);

generated('HyperLogLogs', [...pf, ...pf, ...pf, ...strings], {
  commands: 8000,
  keys: ['k1', 'k2', 'k3', 'k4', 'k6'],
  stage: [
    ['RPUSH', 'k6', 'x'],
    ['PFADD', 'k1', 'a', 'b'],
  ],
  // Takes a second.
  without: ['PFSELFTEST'],
  // Of several elements added to what is damaged, in Redis those stay that come before the damage. What is damaged here gets one
  // at a time.
  rewrite: (tokens) => {
    const [name, key, ...rest] = tokens as [string, string, ...string[]];
    if (/^pfadd$/i.test(name) && MAY_BE_DAMAGED.has(key)) return [name, key, ...rest.slice(0, 1)];
    return /^(setrange|append)$/i.test(name) && !MAY_BE_DAMAGED.has(key) ? [name, 'k1', ...rest] : tokens;
  },
});

describe('HyperLogLogs, beside the real server', () => {
  let server: RedisServer | undefined;
  let theirs: ServerSide;
  beforeAll(async () => {
    server = await startRedisServer();
    if (server !== undefined) theirs = await ServerSide.connect(server);
  });
  afterAll(async () => {
    await server?.stop();
  });

  /** Runs the commands on both, and returns what ours has answered. */
  async function compare(ours: LodisSide, commands: readonly Tokens[], context = ''): Promise<ReplyNode[]> {
    const mine = ours.runNow(commands, 2);
    const others = await theirs.run(commands, 2);
    const differences = commands.flatMap((tokens, at) => difference(tokens, mine[at]!, others[at]!) ?? []);
    if (differences.length > 0) throw new Error(`${context}${differences.slice(0, 3).join('\n')}`);
    return mine;
  }

  test('a million random members, counted on the way and merged', { timeout: 120_000 }, async ({ skip }) => {
    if (server === undefined) return skip();
    const ours = new LodisSide();
    const random = randomFrom(20_261_121);
    const each = 10_000;
    await theirs.run([['FLUSHALL']], 2);
    for (let round = 0; round < 100; round++) {
      const key = `part${round % 4}`;
      const elements = Array.from({ length: each }, () => (random() * 2 ** 32).toString(36));
      await compare(ours, [
        ['PFADD', 'all', ...elements],
        ['PFADD', key, ...elements],
        ['PFADD', `few${round}`, ...elements.slice(0, 10 * round)],
        ['PFCOUNT', 'all'],
        ['PFCOUNT', key],
        ['PFCOUNT', `few${round}`],
        ['PFCOUNT', `few${round}`, key],
      ]);
    }
    const replies = await compare(ours, [
      ['PFCOUNT', 'part0', 'part1', 'part2', 'part3'],
      ['PFMERGE', 'merged', 'part0', 'part1', 'part2', 'part3'],
      ['PFCOUNT', 'merged'],
      ['GET', 'merged'],
      ['GET', 'all'],
      ...Array.from({ length: 100 }, (_, round): Tokens => ['GET', `few${round}`]),
      ['PFMERGE', 'few', ...Array.from({ length: 100 }, (_, round) => `few${round}`)],
      ['GET', 'few'],
    ]);
    const total = replies[0]!;
    // Three standard errors.
    expect(total.type === ':' && Math.abs(Number(total.value) / 1_000_000 - 1)).toBeLessThan(0.025);
  });

  test('damaged values are refused by the same commands, and changed alike', { timeout: 120_000 }, async ({
    skip,
  }) => {
    if (server === undefined) return skip();
    const ours = new LodisSide();
    const seed = Number(process.env['LODIS_FUZZ_SEED'] ?? 7);
    const random = randomFrom(seed);
    const below = (limit: number) => Math.floor(random() * limit);
    await theirs.run([['FLUSHALL']], 2);
    const bases: Tokens[] = [0, 1, 3, 20, 200, 900].map((count) => adding(`base${count}`, count));
    await compare(ours, [...bases, adding('dense', 4000), ['PFDEBUG', 'TODENSE', 'base0']]);
    const sources = ['base1', 'base3', 'base20', 'base200', 'base900', 'base3', 'base20', 'dense', 'base0'];
    let damaged = 0;
    for (let round = 0; round < 600; round++) {
      const source = sources[below(sources.length)]!;
      const [held] = ours.runNow([['GET', source]], 2);
      const bytes = toBytes(held!.type === '$' ? held!.value! : '');
      damage(bytes, below);
      const value = fromBytes(below(4) === 0 ? bytes.subarray(0, below(bytes.length + 1)) : bytes);
      const element = `e${below(100_000)}`;
      const reads: Tokens[] = [
        ['PFCOUNT', 'k'],
        ['PFCOUNT', 'base3', 'k'],
        ['PFDEBUG', 'DECODE', 'k'],
        ['PFDEBUG', 'ENCODING', 'k'],
        ['PFMERGE', 'd', 'k', 'base3'],
        ['PFDEBUG', 'TODENSE', 'k'],
      ];
      const writes: Tokens[] = [
        ['PFADD', 'k', element],
        ['PFADD', 'k'],
        ['PFADD', 'k', `${element}+`],
        ['PFCOUNT', 'k'],
        ['PFMERGE', 'k', 'base3'],
      ];
      // The server writes a byte beyond the end when it replaces an incomplete opcode there, and goes on to read it.
      const checks = endsWithinOpcode(toBytes(value)) ? reads : [...reads, ...writes];
      for (let at = checks.length - 1; at > 0; at--) {
        const other = below(at + 1);
        [checks[at], checks[other]] = [checks[other]!, checks[at]!];
      }
      const commands = [
        ['DEL', 'd'],
        ['SET', 'k', value],
        ...checks.flatMap((tokens): Tokens[] => [tokens, ['GET', 'k']]),
        ['GET', 'd'],
      ];
      const replies = await compare(ours, commands, `round ${round} of ${show([source])}:\n`);
      if (replies.some((reply) => reply.type === '-' && reply.value.startsWith('INVALIDOBJ'))) damaged++;
      ours.store.keyspace.checkInvariants();
    }
    expect(damaged).toBeGreaterThan(50);
  });
});

/** Whether the last of sparse opcodes has a second byte that is not there. */
function endsWithinOpcode(bytes: Uint8Array): boolean {
  let at = 16;
  while (at < bytes.length) at += (bytes[at]! & 0xc0) === 0x40 ? 2 : 1;
  return at > bytes.length && bytes.length > 16;
}

/** Changes a few bytes: more often near the beginning and the end than elsewhere. */
function damage(bytes: Uint8Array, below: (limit: number) => number): void {
  for (let left = 1 + below(3); left > 0; left--) {
    const { length } = bytes;
    const place = [
      () => 4 + below(12),
      () => 16 + below(8),
      () => length - 1 - below(4),
      () => 16 + below(length),
    ];
    const at = place[Math.min(below(8), 3)]!();
    if (at >= 0 && at < length) bytes[at] = below(3) === 0 ? bytes[at]! ^ (1 << below(8)) : below(256);
  }
}
