import { genericCommands } from '../keyspace/generic-commands.ts';
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
]);
