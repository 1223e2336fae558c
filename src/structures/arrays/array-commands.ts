import { arrayElementCommands } from './array-element-commands.ts';
import { arrayInsertCommands } from './array-insert-commands.ts';
import { arrayRangeCommands } from './array-range-commands.ts';

/** The commands on arrays. */
export const arrayCommands = [arrayElementCommands, arrayInsertCommands, arrayRangeCommands] as const;
