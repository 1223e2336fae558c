import { genericCommands } from '../keyspace/generic-commands.ts';
import { sortedSetCommands } from '../structures/sorted-sets/sorted-set-commands.ts';
import { counterCommands } from '../structures/strings/counter-commands.ts';
import { stringCommands } from '../structures/strings/string-commands.ts';
import { CommandRegistry } from './command-registry.ts';
import { sessionCommands } from './session-commands.ts';

/** Every command lodis knows: one table per family. */
export const registry = new CommandRegistry([
  sessionCommands,
  ...genericCommands,
  stringCommands,
  counterCommands,
  ...sortedSetCommands,
]);
