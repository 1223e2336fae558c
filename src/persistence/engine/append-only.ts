import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import type { Database } from '../../keyspace/database.ts';

/** The append-only file while it is on, as the engine uses it. */
export interface AppendOnly {
  effect(database: Database, command: readonly Bytes[]): void;
  begin(): void;
  end(): void;
  /** @throws ReplyError MISCONF while nothing can be written */
  requireWritable(): void;
  beforeReply(): Promise<void> | undefined;
  readonly isSynced: boolean;
  synced(): Promise<void>;
  readonly isRewriteDue: boolean;
  /** Resolves once the new file has taken the old one's place. */
  rewrite(): Promise<void>;
  close(): Promise<void>;
}

export type { ByteString };
