import { afterAll, beforeAll, describe, test } from 'vitest';
import { fromBytes } from '../../../src/bytes/byte-string.ts';
import type { StoreOptions } from '../../../src/store.ts';
import { splitInlineCommand } from '../../../src/wire/resp/inline-command.ts';
import type { ReplyNode } from '../../../src/wire/resp/reply-node.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { difference } from './comparison.ts';
import { compareKeyspaces } from './keyspace-dump.ts';
import { LodisSide, ServerSide, type Tokens } from './sides.ts';

/**
 * Commands as one would type them into redis-cli, one to a line: quotes and `"\xff"` escapes work as there.
 * Tokens that are hard to write so may be given as arrays.
 */
export type Script = readonly (string | Tokens)[];

export interface BehaviourOptions {
  /** How each of our stores is made. */
  readonly storeOptions?: () => StoreOptions;
  /** What brings the server to the state of a fresh store, beside FLUSHALL. */
  readonly before?: readonly Tokens[];
  /** Differences that are the older reference server's: return true to accept. Say why beside it. */
  readonly isExempt?: (tokens: Tokens, ours: ReplyNode, theirs: ReplyNode) => boolean;
}

/**
 * Hand-written behaviours, each a script sent to an empty store of ours and to an empty real server, in RESP2 and
 * in RESP3. Every reply must be the same, and at the end everything both hold.
 */
export function behaviours(
  family: string,
  scripts: Readonly<Record<string, Script>>,
  { storeOptions = () => ({}), isExempt = () => false, before = [] }: BehaviourOptions = {},
): void {
  describe(`${family}: behaviours, beside the real server`, () => {
    let server: RedisServer | undefined;
    let theirs: ServerSide;
    beforeAll(async () => {
      server = await startRedisServer();
      if (server !== undefined) theirs = await ServerSide.connect(server);
    });
    afterAll(async () => {
      await server?.stop();
    });
    for (const [name, script] of Object.entries(scripts)) {
      test(name, async ({ skip }) => {
        if (server === undefined) return skip();
        for (const protocol of [2, 3] as const) {
          const commands = script.map(tokensOf);
          const ours = new LodisSide(storeOptions());
          await theirs.run([['SELECT', '0'], ['FLUSHALL'], ...before], 2);
          const mine = await ours.run(commands, protocol);
          const others = await theirs.run(commands, protocol);
          const differences = commands.flatMap((tokens, at) =>
            isExempt(tokens, mine[at]!, others[at]!)
              ? []
              : (difference(tokens, mine[at]!, others[at]!) ?? []),
          );
          if (differences.length > 0) throw new Error(`RESP${protocol}:\n${differences.join('\n')}`);
          ours.store.keyspace.checkInvariants();
          await compareKeyspaces(ours, theirs);
        }
      });
    }
  });
}

export function tokensOf(line: string | Tokens): Tokens {
  if (typeof line !== 'string') return line;
  const bytes = new TextEncoder().encode(line);
  const tokens = splitInlineCommand(bytes, 0, bytes.length);
  if (tokens === undefined) throw new Error(`unbalanced quotes: ${line}`);
  return tokens;
}

/** A byte string from bytes, for tokens of scripts. */
export function bytes(...values: number[]): string {
  return fromBytes(Uint8Array.from(values));
}
