import { sortedSetCommands } from '../../src/structures/sorted-sets/sorted-set-commands.ts';
import type { Command } from '../../src/wire/command.ts';
import type { Sampler } from '../../src/wire/grammar/sampler.ts';
import { generated } from './support/generated.ts';
import type { Tokens } from './support/sides.ts';

const COMMANDS = sortedSetCommands.flat();

/** Where the reference server differs from Redis 8, or from run to run. */
function isExempt(tokens: Tokens, difference: string): boolean {
  const name = tokens[0]!.toUpperCase();
  // 7.0 does not know WITHSCORE.
  if (name === 'ZRANK' || name === 'ZREVRANK') return tokens.length > 3;
  if (name !== 'ZSCAN') return false;
  // 7.0 takes nothing at all, and negative numbers, for a cursor; and a skiplist is walked in the order of a hash table.
  return !/^\d+$/.test(tokens[2]!) || !/(lodis|server): +-/.test(difference);
}

/** The command, making up its examples in another way. */
function sampling(command: Command, sample: (sampler: Sampler) => string[]): Command {
  return Object.create(command, { sample: { value: sample } }) as Command;
}

// What a skiplist answers to a range of members depends, if scores differ, on the random heights of its nodes.

function withoutBylex(command: Command): Command {
  return sampling(command, (sampler) => {
    for (;;) {
      const tokens = command.sample(sampler);
      if (!tokens.includes('BYLEX')) return tokens;
    }
  });
}

generated('sorted sets', COMMANDS.map(withoutBylex), {
  without: ['ZLEXCOUNT', 'ZRANGEBYLEX', 'ZREVRANGEBYLEX', 'ZREMRANGEBYLEX'],
  isExempt,
});

function withOneScore(command: Command): Command {
  return sampling(command, (sampler) =>
    command.sample(Object.create(sampler, { double: { value: () => '0' } })),
  );
}

generated('sorted sets of one score', COMMANDS.map(withOneScore), { commands: 10_000, isExempt });
