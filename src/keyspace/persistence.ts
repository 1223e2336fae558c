import type { Store } from '../store.ts';
import type { TransactionScope } from '../transactions/transaction.ts';
import type { BigIntsView, BytesView } from '../views/views.ts';
import type { Keyspace } from './keyspace.ts';

/**
 * What keeps a store's data beyond the process, as the store and its sessions see it. Made by `Store.open`, out of
 * src/persistence; a store that was made with `new Store()` has none, and pays nothing for it.
 */
export interface Persistence {
  // ── around commands ──────────────────────────────────────────────────────────────────────────────────────

  /**
   * A command begins, or a transaction or script. Whatever it does until {@link end} is found again as a whole, or not at
   * all. Calls may be nested: then the outermost counts.
   */
  begin(): void;
  /** It has ended, whether it succeeded or not. Does not throw. */
  end(): void;
  /**
   * Asked before a command that may write, before it looks at anything.
   *
   * @throws ReplyError MISCONF while nothing can be written to the storage
   */
  requireWritable(): void;
  /**
   * Called before anybody is told what commands have answered: with `appendfsync always`, what they did is then on the disk.
   *
   * @returns a promise of that where the storage cannot do it at once; it rejects as this throws
   * @throws ReplyError MISCONF if it could not be written. The changes stay in memory, but are acknowledged to nobody
   */
  beforeReply(): Promise<void> | undefined;

  // ── commands ─────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * SAVE: the state at this moment is in the RDB file once the promise resolves. Rejects with what the storage says if that
   * fails.
   *
   * @throws ReplyError if a save is under way
   */
  save(): Promise<void>;
  /**
   * BGSAVE. With `whenPossible` (SCHEDULE) it is put off while the append-only file is rewritten.
   *
   * @throws ReplyError if one is under way
   */
  backgroundSave(whenPossible: boolean): 'started' | 'scheduled';
  /** BGREWRITEAOF. @throws ReplyError if one is under way */
  rewrite(): 'started' | 'scheduled';
  /**
   * Whether all that was done up to now has been synced to the append-only file: waits for it so long, 0 for ever; not at all
   * without a time.
   */
  syncedWithin(timeoutMs: number | undefined): Promise<boolean>;
  /** DEBUG RELOAD: saves (unless told not to), and loads what was saved. */
  reload(options: {
    readonly save: boolean;
    readonly flush: boolean;
    readonly merge: boolean;
  }): Promise<void>;
  /** DEBUG LOADAOF: the append-only file is written out and loaded. */
  loadAppendOnly(): Promise<void>;
  /** Ends it: saves if there are save points and `save` is not false, writes and syncs what is left, unlocks the storage. */
  close(options?: { readonly save?: boolean }): Promise<void>;

  // ── settings and figures ─────────────────────────────────────────────────────────────────────────────────

  readonly settings: PersistenceSettings;
  /** `appendonly` at run time: turning it on rewrites the file, and resolves once that has begun. @throws ReplyError */
  setAppendOnly(isOn: boolean): Promise<void>;
  readonly status: PersistenceStatus;
  /** What the store's views are made of: theirs tell of each write when it begins and ends. */
  readonly views: GuardedViews;
}

/** See {@link Persistence.views}. */
export interface GuardedViews {
  readonly store: new (keyspace: Keyspace, databaseIndex: number, scope?: TransactionScope) => Store;
  readonly bytes: new (keyspace: Keyspace, databaseIndex: number) => BytesView;
  readonly bigints: new (keyspace: Keyspace, databaseIndex: number) => BigIntsView;
}

/** When what was appended is synced. */
export type AppendFsync = 'always' | 'everysec' | 'no';

/** What CONFIG gets and sets. All may be changed at any time. */
export interface PersistenceSettings {
  /** After so many seconds, if so many changes were made, the RDB file is written. */
  savePoints: readonly (readonly [seconds: number, changes: number])[];
  stopWritesOnBgsaveError: boolean;
  readonly dir: string;
  dbfilename: string;
  readonly rdbchecksum: boolean;
  readonly appendonly: boolean;
  readonly appendfilename: string;
  readonly appenddirname: string;
  appendfsync: AppendFsync;
  noAppendfsyncOnRewrite: boolean;
  autoAofRewritePercentage: number;
  autoAofRewriteMinSize: number;
  aofLoadTruncated: boolean;
  aofUseRdbPreamble: boolean;
  aofTimestampEnabled: boolean;
}

/** What INFO says. Times are in Unix seconds, -1 where there is none. */
export interface PersistenceStatus {
  readonly isLoading: boolean;
  /** Of what is being loaded: when that began, and for how long it has been going on. */
  readonly loadingStartSeconds: number;
  readonly loadingElapsedSeconds: number;
  readonly loadedBytes: number;
  readonly loadingTotalBytes: number;
  /** Changes since the last save that succeeded. */
  readonly changesSinceSave: number;
  readonly isSaving: boolean;
  readonly lastSaveSeconds: number;
  readonly lastSaveStatus: 'ok' | 'err';
  readonly lastSaveDurationSeconds: number;
  readonly currentSaveDurationSeconds: number;
  readonly saveCount: number;
  /** Of the save or rewrite that is under way. */
  readonly keysProcessed: number;
  readonly keysTotal: number;
  readonly lastLoadKeysLoaded: number;
  readonly lastLoadKeysExpired: number;
  readonly isRewriting: boolean;
  readonly isRewriteScheduled: boolean;
  readonly lastRewriteDurationSeconds: number;
  readonly currentRewriteDurationSeconds: number;
  readonly lastRewriteStatus: 'ok' | 'err';
  readonly rewriteCount: number;
  readonly consecutiveRewriteFailures: number;
  readonly lastWriteStatus: 'ok' | 'err';
  /** Of all files that are part of the append-only file now, in bytes, and how much it was after the last rewrite. */
  readonly appendedBytes: number;
  readonly baseBytes: number;
  /** What is not written yet. */
  readonly bufferedBytes: number;
  readonly isRewriteDue: boolean;
  readonly isSyncing: boolean;
  readonly delayedSyncs: number;
}

/** How a store's data is kept: options of `Store.open`, each with Redis's name and default. */
export interface PersistenceOptions {
  /**
   * When the RDB file is written by itself: after so many seconds, if so many changes were made; `false` for never. Default:
   * Redis's own, `[[3600, 1], [300, 100], [60, 10_000]]`. While there are any, closing the store saves too.
   */
  readonly save?: readonly (readonly [seconds: number, changes: number])[] | false;
  /** Whether every change is written to the append-only file. Default: false. */
  readonly appendonly?: boolean;
  /**
   * When what was written there is synced: before a command is answered, every second, or when the system likes. Default:
   * `'everysec'`.
   */
  readonly appendfsync?: AppendFsync;
  /** The name of the RDB file. Default: `'dump.rdb'`. */
  readonly dbfilename?: string;
  /** What the names of the append-only files begin with. Default: `'appendonly.aof'`. */
  readonly appendfilename?: string;
  /** The folder of the append-only files. Default: `'appendonlydir'`. */
  readonly appenddirname?: string;
  /** Whether strings are compressed in the RDB file. Default: true. */
  readonly rdbcompression?: boolean;
  /** Whether the RDB file has a checksum, and that is looked at. Default: true. */
  readonly rdbchecksum?: boolean;
  /** Whether an append-only file that ends amid a command is cut there, and loaded. Default: true. */
  readonly aofLoadTruncated?: boolean;
  /** Whether a rewritten append-only file begins as an RDB file. Default: true. */
  readonly aofUseRdbPreamble?: boolean;
  /** Whether the append-only file says when what was done. Default: false. */
  readonly aofTimestampEnabled?: boolean;
  /** By how many per cent the append-only file grows before it is rewritten; 0: never by itself. Default: 100. */
  readonly autoAofRewritePercentage?: number;
  /** How large it is at least before that, in bytes. Default: 64 MB. */
  readonly autoAofRewriteMinSize?: number;
  /** Whether syncing pauses while a file is rewritten. Default: false. */
  readonly noAppendfsyncOnRewrite?: boolean;
  /** Whether writes are refused after a save has failed. Default: true. */
  readonly stopWritesOnBgsaveError?: boolean;
  /** Told how far loading is, some times a second. */
  readonly onLoadProgress?: (progress: LoadProgress) => void;
  /** Told what was not as it should be and dealt with: a torn tail that was cut, a write that failed. Default: `console.warn`. */
  readonly onWarning?: (warning: string) => void;
}

export interface LoadProgress {
  readonly file: string;
  readonly loadedBytes: number;
  readonly totalBytes: number;
  readonly keys: number;
}

/** Somewhere a store can live: what `nodeFiles('./data')` of 'lodis/node' is, `opfsFiles()` of 'lodis/browser' … */
export interface StoragePlace {
  /** @internal Loads what is there into the keyspace, which is empty, and keeps it there from then on. */
  attach(keyspace: Keyspace, options: PersistenceOptions): Promise<Persistence>;
}
