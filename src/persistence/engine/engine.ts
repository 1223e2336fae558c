import { errors } from '../../errors.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import type {
  LoadProgress,
  Persistence,
  PersistenceOptions,
  PersistenceStatus,
} from '../../keyspace/persistence.ts';
import type { Storage } from '../storage/storage.ts';
import type { AppendOnly } from './append-only.ts';
import { Groups } from './groups.ts';
import { guardedViews } from './guarded-views.ts';
import { type LoadedKeys, loadRdbFile } from './rdb-files.ts';
import { Saving, TEMPORARY_RDB } from './saving.ts';
import { type Settings, settingsOf } from './settings.ts';
import { statusOf } from './status.ts';
import { Tick } from './tick.ts';

/** After a save by itself has failed, it is tried again so much later. */
const RETRY_MS = 5000;

/**
 * Keeps a keyspace in a storage: ties together what loads, saves and appends.
 *
 *     commands ─▶ keyspace ──effects──▶ append-only file ─┐
 *                    │                        ▲           ├─▶ storage
 *                    └──the state at a moment─┴─▶ RDB ────┘
 *
 * Invariants:
 *
 * 1. It has the lock of its storage from {@link attach} until the promise of {@link close} has settled.
 * 2. One save at a time, and one rewrite at a time. In the background one waits for the other.
 * 3. Nothing begins amid a group: what a file says was the state between two groups.
 */
export class Engine implements Persistence {
  readonly settings: Settings;
  readonly views = guardedViews();
  private readonly keyspace: Keyspace;
  private readonly storage: Storage;
  private readonly options: PersistenceOptions;
  private readonly groups: Groups;
  private readonly saving: Saving;
  private readonly tick: Tick;
  private release: () => Promise<void> = async () => {};
  private appendOnly: AppendOnly | undefined = undefined;
  private phase: 'loading' | 'open' | 'closed' = 'loading';
  private closing: Promise<void> | undefined = undefined;
  /** Settles once the save is over that is under way, or about to begin. */
  private saveUnderWay: Promise<void> | undefined = undefined;
  private isSaveScheduled = false;
  private loadedKeys: LoadedKeys = { loaded: 0, expired: 0 };

  private constructor(keyspace: Keyspace, storage: Storage, options: PersistenceOptions) {
    this.keyspace = keyspace;
    this.storage = storage;
    this.options = options;
    this.settings = settingsOf(options, storage.place);
    keyspace.dumps.compress = options.rdbcompression ?? true;
    this.groups = new Groups(keyspace);
    this.saving = new Saving(keyspace, storage, this.settings);
    this.tick = new Tick(keyspace, () => this.onTick());
  }

  /** Loads what is in the storage into the keyspace, which is empty, and keeps it there from then on. */
  static async attach(keyspace: Keyspace, storage: Storage, options: PersistenceOptions): Promise<Engine> {
    const engine = new Engine(keyspace, storage, options);
    engine.release = await storage.lock();
    try {
      await engine.load();
    } catch (error) {
      await engine.release();
      throw error;
    }
    engine.phase = 'open';
    engine.tick.start();
    return engine;
  }

  // ── around commands ──────────────────────────────────────────────────────────────────────────────────────

  begin(): void {
    if (this.groups.begin()) this.appendOnly?.begin();
  }

  end(): void {
    if (!this.groups.end()) return;
    this.appendOnly?.end();
    this.groups.ended();
  }

  requireWritable(): void {
    if (this.phase === 'closed') throw errors.keptNoMore();
    if (this.phase === 'loading') throw errors.loading();
    const { settings, saving } = this;
    if (saving.lastStatus === 'err' && settings.stopWritesOnBgsaveError && settings.savePoints.length > 0)
      throw errors.savesHaveFailed();
    this.appendOnly?.requireWritable();
  }

  beforeReply(): Promise<void> | undefined {
    return this.groups.isInside ? undefined : this.appendOnly?.beforeReply();
  }

  // ── loading ──────────────────────────────────────────────────────────────────────────────────────────────

  private async load(): Promise<void> {
    await this.storage.remove(TEMPORARY_RDB);
    const isFromRdb = await this.loadRdb(false);
    this.saving.loaded(isFromRdb);
  }

  /** Whether there was an RDB file. */
  private async loadRdb(merge: boolean): Promise<boolean> {
    const file = await this.storage.open(this.settings.dbfilename);
    if (file === undefined) return false;
    try {
      const onProgress = (progress: LoadProgress) => this.tell(() => this.options.onLoadProgress?.(progress));
      this.loadedKeys = await loadRdbFile(this.keyspace, file, {
        name: this.settings.dbfilename,
        checksChecksum: this.settings.rdbchecksum,
        replaces: merge,
        onProgress,
      });
    } finally {
      await file.close();
    }
    return true;
  }

  async reload(options: {
    readonly save: boolean;
    readonly flush: boolean;
    readonly merge: boolean;
  }): Promise<void> {
    if (options.save) await this.save();
    this.phase = 'loading';
    try {
      if (options.flush) this.keyspace.flush(this.keyspace.databases);
      this.saving.loaded(await this.loadRdb(options.merge));
    } finally {
      if (this.phase === 'loading') this.phase = 'open';
    }
  }

  async loadAppendOnly(): Promise<void> {}

  // ── saving ───────────────────────────────────────────────────────────────────────────────────────────────

  save(): Promise<void> {
    if (this.saveUnderWay !== undefined) throw errors.saveInProgress();
    return this.beginSave(false);
  }

  backgroundSave(whenPossible: boolean): 'started' | 'scheduled' {
    if (this.saveUnderWay !== undefined) throw errors.saveInProgress();
    if (this.isRewriting) {
      if (!whenPossible) throw errors.rewriteInTheWay();
      this.isSaveScheduled = true;
      return 'scheduled';
    }
    this.saveInBackground();
    return 'started';
  }

  private saveInBackground(): void {
    this.isSaveScheduled = false;
    this.beginSave(true).catch((error: Error) => this.warn(`the data could not be saved: ${error.message}`));
  }

  private beginSave(isInBackground: boolean): Promise<void> {
    const save = new Promise<void>((resolve, reject) => {
      this.groups.runBetween(() => this.saving.run(isInBackground).then(resolve, reject));
    });
    this.saveUnderWay = save.finally(() => {
      this.saveUnderWay = undefined;
      this.onTick();
    });
    return this.saveUnderWay;
  }

  private get isRewriting(): boolean {
    return false;
  }

  rewrite(): 'started' | 'scheduled' {
    throw errors.rewriteInProgress();
  }

  /** Looks whether something is to be begun. */
  private onTick(): void {
    if (this.phase !== 'open' || this.saveUnderWay !== undefined || this.isRewriting) return;
    if (this.isSaveScheduled || this.isSaveDue) this.saveInBackground();
  }

  private get isSaveDue(): boolean {
    const { saving, settings } = this;
    const nowMs = this.keyspace.now();
    if (saving.lastStatus === 'err' && nowMs - saving.lastAttemptMs <= RETRY_MS) return false;
    const { changesSinceSave } = saving;
    const sinceMs = nowMs - saving.lastSuccessMs;
    return settings.savePoints.some(
      ([seconds, changes]) => changesSinceSave >= changes && changesSinceSave > 0 && sinceMs > seconds * 1000,
    );
  }

  // ── the append-only file ─────────────────────────────────────────────────────────────────────────────────

  async synced(): Promise<void> {
    await this.appendOnly?.synced();
  }

  async syncedWithin(_timeoutMs: number | undefined): Promise<boolean> {
    return this.appendOnly?.isSynced ?? false;
  }

  async setAppendOnly(_isOn: boolean): Promise<void> {}

  // ── the end ──────────────────────────────────────────────────────────────────────────────────────────────

  close({ save }: { readonly save?: boolean } = {}): Promise<void> {
    this.closing ??= this.shutDown(save);
    return this.closing;
  }

  private async shutDown(save = this.settings.savePoints.length > 0): Promise<void> {
    this.phase = 'closed';
    this.tick.stop();
    const failures: unknown[] = [];
    const attempt = (work: Promise<void> | undefined) => work?.catch((error) => void failures.push(error));
    // Whoever asked for that one is told how it went.
    await this.saveUnderWay?.catch(nothing);
    if (save && this.saving.savedDirty !== this.keyspace.dirty) await attempt(this.beginSave(false));
    await attempt(this.appendOnly?.close());
    await attempt(this.release());
    if (failures.length > 0) throw failures[0];
  }

  // ── telling ──────────────────────────────────────────────────────────────────────────────────────────────

  get status(): PersistenceStatus {
    return statusOf(this.keyspace, this.saving, {
      isLoading: this.phase === 'loading',
      isSaving: this.saveUnderWay !== undefined,
      loadedKeys: this.loadedKeys,
    });
  }

  private warn(warning: string): void {
    this.tell(() => this.options.onWarning?.(warning));
  }

  /** Calls what is somebody else's: what it throws is theirs to see, and stops nothing here. */
  private tell(call: () => void): void {
    try {
      call();
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

/** Who waited for it has been told. */
function nothing(): void {}
