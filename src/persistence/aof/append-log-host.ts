import type { AppendFsync } from '../../keyspace/persistence.ts';
import type { Timer } from '../../ttl/timer-wheel.ts';

/** What an `AppendLog` needs of what is around it. */
export interface AppendLogHost {
  readonly settings: {
    readonly appendfsync: AppendFsync;
    readonly noAppendfsyncOnRewrite: boolean;
    readonly aofTimestampEnabled: boolean;
  };
  /** Whether a file is being written in the background. */
  readonly isRewriting: boolean;
  /** The time, in Unix milliseconds. */
  nowMs(): number;
  /** Has the timer fire then. */
  schedule(timer: Timer, dueMs: number): void;
  /** Told what has gone wrong, once each time it begins to. */
  warn(warning: string): void;
  /** A sync has failed: only a rewrite into new files can be trusted. Called in the middle of things: it must wait. */
  requireRewrite(): void;
}
