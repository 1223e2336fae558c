import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ByteString } from '../../src/bytes/byte-string.ts';
import { lua } from '../../src/scripting/index.ts';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { print, show } from './support/comparison.ts';
import { LodisSide, ServerSide, type Tokens } from './support/sides.ts';

// Libraries of functions: random histories of them, and payloads that go from one side to the other.

const SEED = 20_261_122;
const RUNS = 120;

let server: RedisServer | undefined;
let theirs: ServerSide;
beforeAll(async () => {
  server = await startRedisServer();
  if (server !== undefined) theirs = await ServerSide.connect(server);
});
afterAll(async () => {
  await server?.stop();
});

function side(): LodisSide {
  return new LodisSide({ scripting: lua() });
}

function codeOf(library: string, functions: readonly string[]): string {
  const registered = functions.map(
    (name, at) => `redis.register_function('${name}', function() return '${library}.${name}.${at}' end)`,
  );
  return `#!lua name=${library}\n${registered.join('\n')}`;
}

const library = fc.constantFrom('a', 'b', 'c', 'A');
const name = fc.constantFrom('f', 'g', 'h', 'F');
// Of two that differ by the case of their letters only, the server's hash table has whichever it comes by first.
const functions = fc.uniqueArray(name, {
  minLength: 0,
  maxLength: 3,
  selector: (one) => one.toLowerCase(),
});
const load = fc
  .tuple(library, functions, fc.boolean())
  .map(
    ([one, names, replaces]): Tokens =>
      replaces
        ? ['FUNCTION', 'LOAD', 'REPLACE', codeOf(one, names)]
        : ['FUNCTION', 'LOAD', codeOf(one, names)],
  );
/** `RESTORE policy` is of the payload that was dumped last. */
type Step = Tokens | { readonly dump: true } | { readonly restore: string };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: load },
  { weight: 3, arbitrary: library.map((one): Tokens => ['FUNCTION', 'DELETE', one]) },
  { weight: 4, arbitrary: name.map((one): Tokens => ['FCALL', one, '0']) },
  { weight: 1, arbitrary: fc.constant<Tokens>(['FUNCTION', 'FLUSH']) },
  { weight: 1, arbitrary: fc.constant<Tokens>(['FUNCTION', 'STATS']) },
  { weight: 2, arbitrary: fc.constant<Step>({ dump: true }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom('APPEND', 'REPLACE', 'FLUSH').map((policy): Step => ({ restore: policy })),
  },
);

/** Redis's order of libraries and functions is that of a hash table. */
function sorted(node: ReplyNode): ReplyNode {
  if (!('items' in node) || node.items === null) return node;
  const items = node.items.map(sorted);
  return { ...node, items: [...items].sort((a, b) => (print(a) < print(b) ? -1 : 1)) };
}

function textOf(node: ReplyNode): ByteString {
  if (node.type !== '$' || node.value === null) throw new Error(`no payload: ${print(node)}`);
  return node.value;
}

test('histories of libraries', async ({ skip }) => {
  if (server === undefined) return skip();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const ours = side();
      await theirs.run([['FUNCTION', 'FLUSH']], 2);
      let payload: ByteString | undefined;
      for (const one of steps) {
        let tokens: Tokens;
        if ('dump' in one) {
          // Each side's libraries come in its own order, so one payload serves both.
          const [dumped] = await theirs.run([['FUNCTION', 'DUMP']], 2);
          payload = textOf(dumped!);
          continue;
        }
        if ('restore' in one) {
          if (payload === undefined) continue;
          tokens = ['FUNCTION', 'RESTORE', payload, one.restore];
        } else tokens = one;
        const [mine] = ours.runNow([tokens], 2);
        const [others] = await theirs.run([tokens], 2);
        // Of two names that are taken Redis tells the one that its hash table has first.
        const [a, b] = [mine!, others!].map((node) =>
          print(node).replace(/(Function|Library) \w+ already exists/, '$1 already exists'),
        );
        expect(a, show(tokens)).toBe(b);
      }
      const list: Tokens = ['FUNCTION', 'LIST', 'WITHCODE'];
      const [mine] = ours.runNow([list], 2);
      const [others] = await theirs.run([list], 2);
      expect(print(sorted(mine!))).toBe(print(sorted(others!)));
    }),
    { seed: SEED, numRuns: RUNS, endOnFailure: true },
  );
});

describe('payloads', () => {
  const CODES: Readonly<Record<string, string>> = {
    short: codeOf('a', ['f']),
    long: codeOf(
      'a',
      Array.from({ length: 200 }, (_, at) => `f${at}`),
    ),
    'not ASCII': `${codeOf('a', ['f'])}\n-- \u00e9\u{1f600} \udcff\udc80`,
  };

  test.each(Object.entries(CODES))('of one library are the same to the byte: %s', async (_name, code) => {
    if (server === undefined) return;
    const ours = side();
    await theirs.run([['FUNCTION', 'FLUSH']], 2);
    const commands: Tokens[] = [
      ['FUNCTION', 'LOAD', code],
      ['FUNCTION', 'DUMP'],
    ];
    const mine = ours.runNow(commands, 2);
    const others = await theirs.run(commands, 2);
    expect(mine).toEqual(others);
  });

  test('of several go both ways', async ({ skip }) => {
    if (server === undefined) return skip();
    const loads: Tokens[] = ['a', 'b', 'c'].map((one) => [
      'FUNCTION',
      'LOAD',
      codeOf(one, [`${one}1`, `${one}2`]),
    ]);
    const ours = side();
    ours.runNow(loads, 2);
    const [mine] = ours.runNow([['FUNCTION', 'DUMP']], 2);
    const calls: Tokens[] = [
      ['FCALL', 'a1', '0'],
      ['FCALL', 'c2', '0'],
      ['FUNCTION', 'STATS'],
    ];
    const [restored, ...answers] = await theirs.run(
      [['FUNCTION', 'RESTORE', textOf(mine!), 'FLUSH'], ...calls],
      2,
    );
    expect(print(restored!)).toBe('+"OK"');
    expect(answers).toEqual(ours.runNow(calls, 2));
    const [others] = await theirs.run([['FUNCTION', 'DUMP']], 2);
    const again = side();
    expect(again.runNow([['FUNCTION', 'RESTORE', textOf(others!)], ...calls], 2).slice(1)).toEqual(answers);
  });
});
