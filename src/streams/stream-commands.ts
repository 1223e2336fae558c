import { claimCommands } from './claim-commands.ts';
import { streamEntryCommands } from './entry-commands.ts';
import { streamGroupCommands } from './group-commands.ts';
import { idempotencyCommands } from './idempotency-commands.ts';
import { streamInfoCommands } from './info-commands.ts';
import { pendingCommands } from './pending-commands.ts';
import { referenceCommands } from './reference-commands.ts';

/** Every command on streams that never waits. */
export const streamCommands = [
  streamEntryCommands,
  streamGroupCommands,
  pendingCommands,
  claimCommands,
  referenceCommands,
  idempotencyCommands,
  streamInfoCommands,
] as const;
