import { fieldExpiryCommands } from './field-expiry-commands.ts';
import { fieldUpdateCommands } from './field-update-commands.ts';
import { hashCommands } from './hash-commands.ts';
import { hashScanCommands } from './hash-scan-commands.ts';

/** The tables of all commands on hashes. */
export const hashFamilyCommands = [
  hashCommands,
  hashScanCommands,
  fieldExpiryCommands,
  fieldUpdateCommands,
] as const;
