import { sortedSetAlgebraCommands } from './algebra-commands.ts';
import { sortedSetMemberCommands } from './member-commands.ts';
import { sortedSetRangeCommands } from './range-commands.ts';

/** The tables of the sorted set commands. */
export const sortedSetCommands = [
  sortedSetMemberCommands,
  sortedSetRangeCommands,
  sortedSetAlgebraCommands,
] as const;
