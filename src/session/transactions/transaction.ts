import type { ByteString } from '../../bytes/byte-string.ts';
import type { Command } from '../../wire/command.ts';

/** What MULTI has begun: the commands that EXEC will run. */
export class Transaction {
  readonly queue: { readonly command: Command; readonly tokens: readonly ByteString[] }[] = [];
  /** Whether a command could not be queued: EXEC then refuses all of it. */
  hasFailed = false;
}
