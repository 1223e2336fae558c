import { sortedSetAlgebraCommands } from './algebra-commands.ts';
import { sortedSetMemberCommands } from './member-commands.ts';
import { sortedSetPopCommands } from './pop-commands.ts';
import { sortedSetRangeCommands } from './range-commands.ts';
import { sortedSetScanCommands } from './scan-commands.ts';

/** The tables of the sorted set commands. */
export const sortedSetCommands = [
  sortedSetMemberCommands,
  sortedSetPopCommands,
  sortedSetScanCommands,
  sortedSetRangeCommands,
  sortedSetAlgebraCommands,
] as const;
