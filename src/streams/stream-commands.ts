import { claimCommands } from './claim-commands.ts';
import { streamEntryCommands } from './entry-commands.ts';
import { streamGroupCommands } from './group-commands.ts';
import { idempotencyCommands } from './idempotency-commands.ts';
import { streamInfoCommands } from './info-commands.ts';
import { pendingCommands } from './pending-commands.ts';
import { streamReadCommands } from './read-commands.ts';
import { referenceCommands } from './reference-commands.ts';

/** Every command on streams. */
export const streamCommands = [
  streamEntryCommands,
  streamGroupCommands,
  pendingCommands,
  claimCommands,
  referenceCommands,
  idempotencyCommands,
  streamInfoCommands,
  streamReadCommands,
] as const;
