import { databaseCommands } from './database-commands.ts';
import { expiryCommands } from './expiry-commands.ts';
import { keyCommands } from './key-commands.ts';
import { memoryUsageCommands } from './memory/memory-commands.ts';
import { objectCommands } from './object-commands.ts';
import { scanCommands } from './scan-commands.ts';

/** The tables of the commands that belong to no type. */
export const genericCommands = [
  keyCommands,
  expiryCommands,
  scanCommands,
  objectCommands,
  memoryUsageCommands,
  databaseCommands,
] as const;
