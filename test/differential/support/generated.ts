import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Bytes } from '../../../src/bytes/byte-string.ts';
import type { Observer } from '../../../src/keyspace/observer.ts';
import { registry } from '../../../src/session/registry.ts';
import type { Command } from '../../../src/wire/command.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { difference, show } from './comparison.ts';
import { compareKeyspaces } from './keyspace-dump.ts';
import { mutate, RandomSampler } from './random-sampler.ts';
import { LodisSide, type Protocol, ServerSide, type Tokens } from './sides.ts';

/** Chance picks their answer, or their effect: they have tests of their own. */
const RANDOM = new Set(['SPOP', 'RANDOMKEY', 'SRANDMEMBER', 'HRANDFIELD', 'ZRANDMEMBER']);
/** Their answer is the host's, or walks in an order of its own. */
const UNCOMPARABLE = new Set([
  'SCAN',
  'TIME',
  'OBJECT IDLETIME',
  'OBJECT FREQ',
  'OBJECT REFCOUNT',
  'OBJECT HELP',
  'XGROUP HELP',
  'XINFO HELP',
]);

export interface GeneratedOptions {
  /** How many commands in all. Default 20,000, or what LODIS_FUZZ_COMMANDS says. */
  readonly commands?: number;
  /** Commands of other families that set the stage, as they would be typed. */
  readonly stage?: readonly Tokens[];
  /** The only keys that commands meet on. Default: those of the sampler. */
  readonly keys?: readonly string[];
  /** What is said instead of a command that was made up: what depends on a clock, or waits. Say why beside it. */
  readonly rewrite?: (tokens: Tokens) => Tokens;
  /** Commands left out, by name. Say why beside it. */
  readonly without?: readonly string[];
  /** Differences that are the older reference server's: return true to accept. Say why beside it. */
  readonly isExempt?: (tokens: Tokens, difference: string) => boolean;
}

const LONGEST_RUN = 60;
/** What a run has on average, a little underestimated, so that {@link GeneratedOptions.commands} is reached. */
const AVERAGE_RUN = 24;

/**
 * Sequences of random commands of one family, nearly valid ones among them, sent to a store of ours and to a real
 * server. Each reply must be the same, and so must everything they hold in the end; and what our effects say
 * must rebuild the same. Shrinks to the fewest commands that still differ.
 */
export function generated(family: string, table: readonly Command[], options: GeneratedOptions = {}): void {
  const seed = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_260_101);
  const total = Number(process.env['LODIS_FUZZ_COMMANDS'] ?? options.commands ?? 20_000);
  describe(`${family}: generated commands, beside the real server`, () => {
    let server: RedisServer | undefined;
    beforeAll(async () => {
      server = await startRedisServer();
    });
    afterAll(async () => {
      await server?.stop();
    });
    test(`${total} commands (seed ${seed})`, { timeout: 120_000 + total * 2 }, async ({ skip }) => {
      if (server === undefined) return skip();
      const theirs = await ServerSide.connect(server);
      const known = await theirs.commandNames();
      const version = server.version;
      const candidates = table.filter(
        ({ facts, fullName }) =>
          known.has(fullName) &&
          !RANDOM.has(facts.name) &&
          !UNCOMPARABLE.has(facts.name) &&
          !options.without?.includes(facts.name),
      );
      const step = fc.record({
        command: fc.nat(candidates.length - 1),
        seed: fc.noShrink(fc.nat(0x7fffffff)),
      });
      const tokensOf = (chosen: { command: number; seed: number }): Tokens => {
        const sampler = new RandomSampler(chosen.seed, version, options.keys);
        const tokens = candidates[chosen.command]!.sample(sampler);
        const said = sampler.below(12) === 0 ? mutate(tokens, sampler) : tokens;
        return options.rewrite?.(said) ?? said;
      };
      let executed = 0;
      let answered = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 1, maxLength: LONGEST_RUN, size: 'max' }),
          fc.constantFrom<Protocol>(2, 3),
          async (steps, protocol) => {
            const commands = [...(options.stage ?? []), ...steps.map(tokensOf)];
            executed += steps.length;
            answered += await compareRun(commands, protocol, theirs, options);
          },
        ),
        { seed, numRuns: Math.ceil(total / AVERAGE_RUN) },
      );
      expect(executed).toBeGreaterThanOrEqual(total);
      // Else the comparison would be one of error texts.
      expect(answered / executed).toBeGreaterThan(0.3);
      await theirs.close();
    });
  });
}

/** Returns how many commands were answered without an error. */
async function compareRun(
  commands: readonly Tokens[],
  protocol: Protocol,
  theirs: ServerSide,
  options: GeneratedOptions,
): Promise<number> {
  const ours = new LodisSide();
  const effects: { database: number; tokens: Bytes[] }[] = [];
  const observer: Observer = {
    effect: (database, command) => effects.push({ database: database.index, tokens: [...command] }),
  };
  ours.store.keyspace.observe(observer);
  await theirs.run([['SELECT', '0'], ['FLUSHALL']], 2);
  const [mine, others] = [ours.runNow(commands, protocol), await theirs.run(commands, protocol)];
  for (const [at, tokens] of commands.entries()) {
    const found = difference(tokens, mine[at]!, others[at]!);
    if (found === undefined || isRaceOfClocks(tokens) || options.isExempt?.(tokens, found)) continue;
    throw new Error(`RESP${protocol}, after\n  ${commands.slice(0, at).map(show).join('\n  ')}\n${found}`);
  }
  ours.store.keyspace.unobserve(observer);
  try {
    ours.store.keyspace.checkInvariants();
    await ours.run([['SELECT', '0']], 2);
    await compareKeyspaces(ours, theirs);
    // Effects say what a key holds, not by which way it came to hold it.
    await compareKeyspaces(ours, replay(effects), { withHistory: false });
  } catch (cause) {
    throw new Error(`after\n  ${commands.map(show).join('\n  ')}\n${(cause as Error).message}`, { cause });
  }
  return mine.filter((reply) => reply.type !== '-').length;
}

/** Whether a time from now on is later than another one, asked for just before, depends on the milliseconds between. */
function isRaceOfClocks([name, , , ...conditions]: Tokens): boolean {
  return /^p?expire$/i.test(name!) && conditions.some((condition) => /^[gl]t$/i.test(condition));
}

/** A store that was told nothing but the effects. */
export function replay(effects: readonly { database: number; tokens: Bytes[] }[]): LodisSide {
  const copy = new LodisSide();
  for (const { database, tokens } of effects) {
    const [, reply] = copy.runNow([['SELECT', String(database)], tokens as string[]], 2);
    if (reply?.type === '-')
      throw new Error(`the effect ${show(tokens as string[])} is refused: ${reply.value}`);
  }
  return copy;
}

/** The whole table, for families that are spread over several files. */
export function commandsNamed(...names: readonly string[]): Command[] {
  return names.map((name) => {
    const command = registry.get(name);
    if (command === undefined) throw new Error(`no command ${name}`);
    return command;
  });
}
