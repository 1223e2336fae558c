import { errors } from '../../errors.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import type {
  LoadProgress,
  Persistence,
  PersistenceOptions,
  PersistenceStatus,
} from '../../keyspace/persistence.ts';
import { AppendOnlyFile, type AppendOnlyHost } from '../aof/append-only-file.ts';
import { aofNaming } from '../aof/manifest.ts';
import { saveRdb } from '../instant/save-rdb.ts';
import { RdbError } from '../rdb/file/rdb-error.ts';
import type { Storage, StoredFile } from '../storage/storage.ts';
import { Groups } from './groups.ts';
import { guardedViews } from './guarded-views.ts';
import { type LoadedFile, type LoadedKeys, loadRdbFile } from './rdb-files.ts';
import { onProgressOf, type SaveProgress, Saving, TEMPORARY_RDB } from './saving.ts';
import { type Settings, settingsOf } from './settings.ts';
import { type Loading, statusOf } from './status.ts';
import { Tick } from './tick.ts';
import { within } from './within.ts';

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
  private readonly appendOnlyHost: AppendOnlyHost;
  private readonly rewriteProgress: SaveProgress = { keysProcessed: 0, keysTotal: 0 };
  private release: () => Promise<void> = async () => {};
  private appendOnly: AppendOnlyFile | undefined = undefined;
  private phase: 'loading' | 'open' | 'closed' = 'loading';
  private closing: Promise<void> | undefined = undefined;
  /** Settles once the save is over that is under way, or about to begin. */
  private saveUnderWay: Promise<void> | undefined = undefined;
  private isSaveScheduled = false;
  /** Settles once the append-only file is as it was last asked for: on or off. */
  private switching: Promise<void> = Promise.resolve();
  /** Settles once what was done is on the disk, where that takes time. */
  private beingKept: Promise<void> | undefined = undefined;
  private loadedKeys: LoadedKeys = { loaded: 0, expired: 0 };
  /** What is being loaded. */
  private loading: Loading | undefined = undefined;

  private constructor(keyspace: Keyspace, storage: Storage, options: PersistenceOptions) {
    this.keyspace = keyspace;
    this.storage = storage;
    this.options = options;
    this.settings = settingsOf(options, storage.place);
    keyspace.dumps.compress = options.rdbcompression ?? true;
    this.groups = new Groups(keyspace);
    this.saving = new Saving(keyspace, storage, this.settings);
    this.tick = new Tick(keyspace, () => this.onTick());
    this.appendOnlyHost = this.hostOfAppendOnly();
  }

  private hostOfAppendOnly(): AppendOnlyHost {
    const { keyspace, storage, settings } = this;
    const isBusy = () => this.saveUnderWay !== undefined;
    return {
      keyspace,
      storage,
      settings,
      get isBusy() {
        return isBusy();
      },
      loadRdb: async (file, name) => {
        const loaded = await this.loadRdbFile(file, name, { replaces: false, mayBeFollowed: true });
        this.loadedKeys = loaded;
        return loaded.sizeBytes;
      },
      writeRdb: async (name) => {
        const { rdbchecksum: checksum } = settings;
        const onProgress = onProgressOf(this.rewriteProgress);
        await saveRdb(keyspace, storage, name, { checksum, isAppendOnlyBase: true, onProgress });
      },
      warn: (warning) => this.warn(warning),
      onLoadProgress: (file, loadedBytes, totalBytes) => {
        const keys = keyspace.databases.reduce((sum, { size }) => sum + size, 0);
        this.told({ file, loadedBytes, totalBytes, keys });
      },
    };
  }

  /** Loads what is in the storage into the keyspace, which is empty, and keeps it there from then on. */
  static async attach(keyspace: Keyspace, storage: Storage, options: PersistenceOptions): Promise<Engine> {
    const engine = new Engine(keyspace, storage, options);
    engine.release = await storage.lock();
    try {
      await engine.load();
    } catch (error) {
      await engine.release().catch(nothing);
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
    if (this.groups.isInside) return undefined;
    const kept = this.appendOnly?.beforeReply();
    if (kept === undefined) return this.beingKept;
    // Of a typed call nobody waits for it; who is answered next, for what that call did, does.
    this.beingKept = kept;
    const settled = () => {
      if (this.beingKept === kept) this.beingKept = undefined;
    };
    kept.then(settled, settled);
    return kept;
  }

  // ── loading ──────────────────────────────────────────────────────────────────────────────────────────────

  private async load(): Promise<void> {
    const { settings } = this;
    await this.storage.remove(TEMPORARY_RDB);
    if (!settings.appendonly) {
      await this.whileLoading(() => this.loadRdb(false));
      await this.warnOfUnread();
      return;
    }
    const appendOnly = await AppendOnlyFile.find(this.appendOnlyHost);
    // Redis would leave the RDB file alone here, and begin with nothing.
    await this.whileLoading(async () => {
      const isRdb = await (appendOnly.exists ? this.loadFrom(appendOnly) : this.loadRdb(false));
      // Nothing may expire before it can be written down that it has.
      await appendOnly.start();
      return isRdb;
    });
    this.appendOnly = appendOnly;
  }

  /**
   * Nobody can write meanwhile, and nothing expires.
   *
   * @param load answers whether the RDB file is what was loaded
   */
  private async whileLoading(load: () => Promise<boolean>): Promise<void> {
    const { keyspace, phase } = this;
    const { expiredCount, expiredFieldCount, hitCount, missCount } = keyspace;
    this.phase = 'loading';
    this.loading = { startedMs: keyspace.now(), loadedBytes: 0, totalBytes: 0 };
    keyspace.isLoading = true;
    keyspace.driver.hold();
    try {
      this.saving.loaded(await load());
    } finally {
      keyspace.isLoading = false;
      keyspace.driver.release();
      this.loading = undefined;
      // What was done again counts once, when it was done.
      Object.assign(keyspace, { expiredCount, expiredFieldCount, hitCount, missCount });
      if (this.phase === 'loading') this.phase = phase;
    }
  }

  /** Whether there was an RDB file. */
  private async loadRdb(merge: boolean): Promise<boolean> {
    const { dbfilename } = this.settings;
    const file = await this.storage.open(dbfilename);
    if (file === undefined) return false;
    try {
      this.loadedKeys = await this.loadRdbFile(file, dbfilename, { replaces: merge, mayBeFollowed: false });
    } finally {
      await file.close();
    }
    return true;
  }

  /** Who opens a store without `appendonly` that was kept with it is not told by its data: some, or all, is missing. */
  private async warnOfUnread(): Promise<void> {
    const { appendfilename, appenddirname } = this.settings;
    const manifest = `${appenddirname}/${aofNaming(appendfilename).manifest}`;
    if (!(await this.storage.list()).includes(manifest)) return;
    this.warn(`appendonly is off: what the append-only file in ${appenddirname} holds has not been loaded`);
  }

  private async loadRdbFile(
    file: StoredFile,
    name: string,
    options: { readonly replaces: boolean; readonly mayBeFollowed: boolean },
  ): Promise<LoadedFile> {
    const { rdbchecksum: checksChecksum } = this.settings;
    const onProgress = (progress: LoadProgress) => this.told(progress);
    try {
      return await loadRdbFile(this.keyspace, file, { ...options, name, checksChecksum, onProgress });
    } catch (error) {
      throw error instanceof RdbError ? error.inFile(`${name} in ${this.storage.place}`) : error;
    }
  }

  private async loadFrom(appendOnly: AppendOnlyFile): Promise<boolean> {
    this.loadedKeys = { loaded: 0, expired: 0 };
    await appendOnly.load();
    return false;
  }

  private told(progress: LoadProgress): void {
    const { loadedBytes, totalBytes } = progress;
    if (this.loading !== undefined) this.loading = { ...this.loading, loadedBytes, totalBytes };
    const { onLoadProgress } = this.options;
    if (onLoadProgress !== undefined) this.tell(() => onLoadProgress(progress));
  }

  async reload({ save, flush, merge }: Parameters<Persistence['reload']>[0]): Promise<void> {
    this.requireOpen();
    if (save) await this.save();
    await this.whileLoading(() => {
      if (flush) this.keyspace.flush(this.keyspace.databases);
      return this.loadRdb(merge);
    });
    // What was loaded is in no effect.
    if (!save || merge) this.appendOnly?.rewriter.start();
  }

  async loadAppendOnly(): Promise<void> {
    this.requireOpen();
    const { appendOnly, keyspace } = this;
    if (appendOnly === undefined) return;
    await appendOnly.log.settle();
    keyspace.unobserve(appendOnly);
    try {
      await this.whileLoading(() => {
        keyspace.flush(keyspace.databases);
        return this.loadFrom(appendOnly);
      });
    } finally {
      keyspace.observe(appendOnly);
    }
  }

  // ── saving ───────────────────────────────────────────────────────────────────────────────────────────────

  /** @throws ReplyError once it is being closed: whoever opens the storage next must have it alone */
  private requireOpen(): void {
    if (this.phase === 'closed') throw errors.isClosed();
  }

  save(): Promise<void> {
    this.requireOpen();
    if (this.saveUnderWay !== undefined) throw errors.saveInProgress();
    return this.beginSave(false);
  }

  backgroundSave(whenPossible: boolean): 'started' | 'scheduled' {
    this.requireOpen();
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
    return this.appendOnly?.rewriter.isRewriting ?? false;
  }

  rewrite(): 'started' | 'scheduled' {
    this.requireOpen();
    const { appendOnly } = this;
    if (appendOnly === undefined) throw errors.appendOnlyIsOff();
    if (this.isRewriting) throw errors.rewriteInProgress();
    return appendOnly.rewriter.start() === 'scheduled' ? 'scheduled' : 'started';
  }

  /** Looks whether something is to be begun. */
  private onTick(): void {
    if (this.phase !== 'open' || this.saveUnderWay !== undefined || this.isRewriting) return;
    if (this.isSaveScheduled || this.isSaveDue) this.saveInBackground();
    else this.appendOnly?.rewriter.check();
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

  async syncedWithin(timeoutMs: number | undefined): Promise<boolean> {
    // Where it is being turned on the first base is waited for, too.
    if (this.appendOnly === undefined && timeoutMs !== undefined) await this.switching;
    const { appendOnly } = this;
    if (appendOnly === undefined || timeoutMs === undefined) return appendOnly?.isSynced ?? false;
    return within(this.keyspace, appendOnly.synced(), timeoutMs);
  }

  async setAppendOnly(isOn: boolean): Promise<void> {
    const { settings, switching } = this;
    if (settings.appendonly === isOn) return switching;
    if (this.phase === 'closed') return Promise.reject(errors.isClosed());
    settings.appendonly = isOn;
    // One after the other: two of them must not be at the same files.
    const switched = isOn ? switching.then(() => this.turnOn()) : this.turnOff(switching);
    this.switching = switched.catch(nothing);
    await switched;
  }

  /** Once the group is over in which it was asked for: what that did before is written. */
  private turnOff(switching: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.groups.runBetween(() => {
        const { appendOnly } = this;
        this.appendOnly = undefined;
        appendOnly?.turnedOff();
        switching.then(() => appendOnly?.stop()).then(resolve, reject);
      });
    });
  }

  private async turnOn(): Promise<void> {
    const { settings, appendOnlyHost } = this;
    // It may have been turned off meanwhile, and on again.
    const isMeant = () => settings.appendonly && this.appendOnly === undefined && this.phase !== 'closed';
    if (!isMeant()) return;
    try {
      const appendOnly = await AppendOnlyFile.find(appendOnlyHost);
      if (!isMeant()) return;
      this.appendOnly = appendOnly;
      appendOnly.startAnew();
    } catch (error) {
      settings.appendonly = false;
      throw error;
    }
  }

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
    await this.switching;
    await attempt(this.appendOnly?.stop());
    await attempt(this.release());
    if (failures.length > 0) throw failures[0];
  }

  // ── telling ──────────────────────────────────────────────────────────────────────────────────────────────

  get status(): PersistenceStatus {
    return statusOf(this.keyspace, this.saving, {
      isLoading: this.phase === 'loading',
      loading: this.loading,
      isSaving: this.saveUnderWay !== undefined,
      loadedKeys: this.loadedKeys,
      appendOnly: this.appendOnly,
      rewriteProgress: this.rewriteProgress,
    });
  }

  private warn(warning: string): void {
    const { onWarning = printWarning } = this.options;
    this.tell(() => onWarning(warning));
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

/** Who waits for it is told, or is told of something else. */
function nothing(): void {}

/** Nobody said who is to be told: what may cost somebody's data is not kept quiet. */
function printWarning(warning: string): void {
  (globalThis as { console?: { warn(text: string): void } }).console?.warn(`lodis: ${warning}`);
}
