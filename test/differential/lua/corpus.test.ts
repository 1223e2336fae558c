import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lua } from '../../../src/scripting/index.ts';
import type { ReplyNode } from '../../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { print } from '../support/comparison.ts';
import { compareKeyspaces } from '../support/keyspace-dump.ts';
import { evalOf, type LuaScript, masked, readLuaCorpus } from '../support/lua-corpus.ts';
import { areEqual } from '../support/reply-equality.ts';
import { LodisSide, type Protocol, ServerSide, type Side } from '../support/sides.ts';

// Small scripts, run by EVAL on a store of ours and on the real server. The replies are the same to the byte, error texts
// included. They are in the folder beside this file: a line `--- name` begins each.

const CORPUS = readLuaCorpus(join(import.meta.dirname, 'corpus'));

/** What a script answers in an empty database, in one protocol. */
async function answerOf(side: Side, script: LuaScript, protocol: Protocol): Promise<ReplyNode> {
  await side.run([['SELECT', '0'], ['FLUSHALL'], ['SCRIPT', 'FLUSH'], ...script.before], 2);
  const [reply] = await side.run([evalOf(script)], protocol);
  return masked(reply!);
}

describe('Lua scripts, beside the real server', () => {
  let server: RedisServer | undefined;
  let theirs: ServerSide;
  beforeAll(async () => {
    server = await startRedisServer();
    if (server !== undefined) theirs = await ServerSide.connect(server);
  });
  afterAll(async () => {
    await server?.stop();
  });

  test('there are many', () => {
    expect(CORPUS.flatMap(({ scripts }) => scripts).length).toBeGreaterThan(1000);
  });

  for (const { topic, scripts } of CORPUS) {
    describe(topic, () => {
      for (const script of scripts) {
        test(script.name, async ({ skip }) => {
          if (server === undefined) return skip();
          for (const protocol of [2, 3] as const) {
            const expected = await answerOf(theirs, script, protocol);
            // Else it would be no specification.
            expect(print(await answerOf(theirs, script, protocol)), 'the server itself').toBe(
              print(expected),
            );
            const ours = new LodisSide({ scripting: lua() });
            const actual = await answerOf(ours, script, protocol);
            if (!areEqual(actual, expected)) {
              const [mine, others] = [print(actual), print(expected)];
              throw new Error(`RESP${protocol}:\n${script.source}\n  lodis:  ${mine}\n  server: ${others}`);
            }
            ours.store.keyspace.checkInvariants();
            await compareKeyspaces(ours, theirs);
          }
        });
      }
    });
  }
});
