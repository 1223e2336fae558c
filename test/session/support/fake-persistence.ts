import { errors, type ReplyError } from '../../../src/errors.ts';
import { Store, type StoreOptions } from '../../../src/index.ts';
import type {
  Persistence,
  PersistenceSettings,
  PersistenceStatus,
} from '../../../src/keyspace/persistence.ts';
import { BigIntsView, BytesView } from '../../../src/views/views.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A promise, and those who settle it. */
export interface Pending<T = void> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

export function pending<T = void>(): Pending<T> {
  let settle: Pick<Pending<T>, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle! };
}

/** A storage in the test's own hands: it tells what it was asked for, and answers when, and as, the test says. */
export class FakePersistence implements Persistence {
  /** What was asked, in order. */
  readonly calls: string[] = [];
  readonly settings: Writable<PersistenceSettings> = {
    savePoints: [],
    stopWritesOnBgsaveError: true,
    dir: '/somewhere',
    dbfilename: 'dump.rdb',
    rdbchecksum: true,
    appendonly: true,
    appendfilename: 'appendonly.aof',
    appenddirname: 'appendonlydir',
    appendfsync: 'always',
    noAppendfsyncOnRewrite: false,
    autoAofRewritePercentage: 100,
    autoAofRewriteMinSize: 64 * 1024 * 1024,
    aofLoadTruncated: true,
    aofUseRdbPreamble: true,
    aofTimestampEnabled: false,
  };
  readonly status: Writable<PersistenceStatus> = {
    isLoading: false,
    loadingStartSeconds: -1,
    loadingElapsedSeconds: -1,
    loadedBytes: 0,
    loadingTotalBytes: 0,
    changesSinceSave: 0,
    isSaving: false,
    lastSaveSeconds: 1000,
    lastSaveStatus: 'ok',
    lastSaveDurationSeconds: -1,
    currentSaveDurationSeconds: -1,
    saveCount: 0,
    keysProcessed: 0,
    keysTotal: 0,
    lastLoadKeysLoaded: 0,
    lastLoadKeysExpired: 0,
    isRewriting: false,
    isRewriteScheduled: false,
    lastRewriteDurationSeconds: -1,
    currentRewriteDurationSeconds: -1,
    lastRewriteStatus: 'ok',
    rewriteCount: 0,
    consecutiveRewriteFailures: 0,
    lastWriteStatus: 'ok',
    appendedBytes: 0,
    baseBytes: 0,
    bufferedBytes: 0,
    isRewriteDue: false,
    isSyncing: false,
    delayedSyncs: 0,
  };
  readonly views = { store: Store, bytes: BytesView, bigints: BigIntsView };
  /** What {@link requireWritable} throws. */
  refusal: ReplyError | undefined = undefined;
  /** What {@link beforeReply} throws, once. */
  failure: ReplyError | undefined = undefined;
  /** Whether {@link beforeReply} answers promises: these, in order. */
  isSlow = false;
  readonly writes: Pending[] = [];
  /** What the long work waits for. */
  work = pending();
  synchronization = pending<boolean>();
  private depth = 0;

  begin(): void {
    if (this.depth++ === 0) this.calls.push('begin');
  }

  end(): void {
    if (--this.depth === 0) this.calls.push('end');
    if (this.depth < 0) throw new Error('ended more often than begun');
  }

  requireWritable(): void {
    if (this.refusal !== undefined) throw this.refusal;
  }

  beforeReply(): Promise<void> | undefined {
    this.calls.push('beforeReply');
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
    if (!this.isSlow) return undefined;
    const write = pending();
    this.writes.push(write);
    return write.promise;
  }

  save(): Promise<void> {
    if (this.status.isSaving) throw errors.saveInProgress();
    return this.begun('save');
  }

  backgroundSave(whenPossible: boolean): 'started' | 'scheduled' {
    if (this.status.isSaving) throw errors.saveInProgress();
    if (this.status.isRewriting && !whenPossible) throw errors.rewriteInTheWay();
    this.calls.push('backgroundSave');
    return this.status.isRewriting ? 'scheduled' : 'started';
  }

  rewrite(): 'started' | 'scheduled' {
    if (this.status.isRewriting) throw errors.rewriteInProgress();
    this.calls.push('rewrite');
    return this.status.isSaving ? 'scheduled' : 'started';
  }

  syncedWithin(timeoutMs: number | undefined): Promise<boolean> {
    this.calls.push(`syncedWithin ${timeoutMs}`);
    return this.synchronization.promise;
  }

  reload(options: {
    readonly save: boolean;
    readonly flush: boolean;
    readonly merge: boolean;
  }): Promise<void> {
    return this.begun(`reload ${JSON.stringify(options)}`);
  }

  loadAppendOnly(): Promise<void> {
    return this.begun('loadAppendOnly');
  }

  close(options: { readonly save?: boolean } = {}): Promise<void> {
    return this.begun(`close ${JSON.stringify(options)}`);
  }

  setAppendOnly(isOn: boolean): Promise<void> {
    return this.begun(`setAppendOnly ${isOn}`).then(() => {
      this.settings.appendonly = isOn;
    });
  }

  private begun(call: string): Promise<void> {
    this.calls.push(call);
    return this.work.promise;
  }
}

/** A store that is kept so. */
export function storeKeptBy(persistence: Persistence, options: StoreOptions = {}): Store {
  const store = new Store(options);
  store.keyspace.persistence = persistence;
  return store;
}
