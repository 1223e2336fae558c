import type { Bytes } from '../../bytes/byte-string.ts';
import type { Database } from '../../keyspace/database.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import type { Observer } from '../../keyspace/observer.ts';
import type { PersistenceSettings } from '../../keyspace/persistence.ts';
import { afterTurn } from '../../ttl/host-turn.ts';
import type { Storage, StoredFile } from '../storage/storage.ts';
import { AofCorrupt } from './aof-errors.ts';
import { AofFiles, type WriteBase } from './aof-files.ts';
import { AppendLog } from './append-log.ts';
import { writeCommandBase } from './command-base.ts';
import { replayFile } from './replay.ts';
import { Rewriter } from './rewriter.ts';

/** What an {@link AppendOnlyFile} needs of what is around it. */
export interface AppendOnlyHost {
  readonly keyspace: Keyspace;
  readonly storage: Storage;
  /** They may change at any time. */
  readonly settings: PersistenceSettings;
  /** Whether something else is being written in the background: then a rewrite waits. */
  readonly isBusy: boolean;
  /**
   * Loads the RDB file with which this file begins, those keys included of which the time is over: what follows may be about
   * them. Something may come behind it.
   *
   * @returns how many bytes it has
   */
  loadRdb(file: StoredFile, name: string): Promise<number>;
  /** Makes an RDB file of that name in the storage, and syncs it: what is in the store when this is called. */
  writeRdb(name: string): Promise<void>;
  warn(warning: string): void;
  /** Told how far loading is: of all files together. */
  onLoadProgress?(file: string, loadedBytes: number, totalBytes: number): void;
}

/**
 * The append-only file of a store.
 *
 *     const aof = await AppendOnlyFile.find(host);
 *     if (aof.exists) await aof.load(); else …       // the keyspace holds what was kept
 *     await aof.start();                              // from now on it tells of each effect
 *     aof.begin(); …; aof.end(); aof.beforeReply();   // around each command
 *     aof.rewriter.start();
 *     await aof.stop();
 */
export class AppendOnlyFile implements Observer {
  readonly log: AppendLog;
  readonly rewriter: Rewriter;
  private readonly host: AppendOnlyHost;
  private readonly files: AofFiles;
  private isObserving = false;

  private constructor(host: AppendOnlyHost, files: AofFiles) {
    const { keyspace, settings } = host;
    this.host = host;
    this.files = files;
    const nowMs = () => keyspace.clock.now();
    const schedule: Keyspace['schedule'] = (timer, dueMs) => keyspace.schedule(timer, dueMs);
    const warn = (warning: string) => host.warn(warning);
    const isRewriting = () => this.rewriter.isRewriting || host.isBusy;
    this.log = new AppendLog({
      settings,
      get isRewriting() {
        return isRewriting();
      },
      nowMs,
      schedule,
      warn,
      requireRewrite: () => this.rewriter.rewriteSoon(),
    });
    this.rewriter = new Rewriter({
      settings,
      files,
      log: this.log,
      writeBase: this.writeBase,
      get isBusy() {
        return host.isBusy;
      },
      nowMs,
      schedule,
      warn,
    });
  }

  /**
   * Finds what there is in the storage. It must be locked.
   *
   * @throws AofCorrupt if the manifest cannot be read
   */
  static async find(host: AppendOnlyHost): Promise<AppendOnlyFile> {
    return new AppendOnlyFile(host, await AofFiles.find(host));
  }

  private readonly writeBase: WriteBase = (name, isRdb) => {
    const { keyspace, storage, settings } = this.host;
    if (isRdb) return this.host.writeRdb(name);
    return writeCommandBase(keyspace, storage, name, settings.aofTimestampEnabled);
  };

  // ── loading ──────────────────────────────────────────────────────────────────────────────────────────────

  /** Whether there is anything to be loaded. */
  get exists(): boolean {
    return this.files.exists;
  }

  /**
   * Loads all files into the keyspace, which is empty and tells nobody. Nothing expires meanwhile. The last may end amid a
   * command, where the settings allow that: it is cut off there.
   *
   * @throws AofCorrupt if a file is not there, or not what it should be; what was loaded until then is in the keyspace
   */
  async load(): Promise<void> {
    const { files, host } = this;
    const { keyspace } = host;
    const stored: { readonly name: string; readonly file: StoredFile }[] = [];
    // Whoever loads more than this goes on with it.
    const { isLoading } = keyspace;
    keyspace.isLoading = true;
    if (!isLoading) keyspace.driver.hold();
    try {
      for (const name of files.names) stored.push({ name, file: await files.open(name) });
      const totalBytes = stored.reduce((sum, { file }) => sum + file.sizeBytes, 0);
      let loadedBytes = 0;
      for (const [at, { name, file }] of stored.entries()) {
        // A base is synced before it is named: what is missing there was not lost by dying.
        const isLast =
          !files.isWrittenBase(name) && stored.slice(at + 1).every((later) => later.file.sizeBytes === 0);
        const tell = (bytes: number) => host.onLoadProgress?.(name, loadedBytes + bytes, totalBytes);
        const validBytes = await this.loadFile(name, file, tell);
        loadedBytes += file.sizeBytes;
        if (validBytes < file.sizeBytes) await this.cut(name, file, validBytes, isLast);
      }
      files.baseBytes = files.totalBytes;
      // What was loaded is no change; what expires from now on is, and the next to load it must know.
      keyspace.dirty = 0;
      this.observe();
    } finally {
      keyspace.isLoading = isLoading;
      if (!isLoading) keyspace.driver.release();
      for (const { file } of stored) await file.close();
    }
  }

  /** Up to where it is good. */
  private async loadFile(name: string, file: StoredFile, tell: (bytes: number) => void): Promise<number> {
    const beginsAsRdb = isRdb(await file.read(0, RDB_MAGIC.length));
    if (!beginsAsRdb && name.endsWith('.rdb')) {
      const problem = file.sizeBytes === 0 ? 'is empty' : 'is no RDB file';
      throw new AofCorrupt(`The base file ${name} of the append only file ${problem}`, name, 0);
    }
    if (beginsAsRdb && this.files.isIncremental(name))
      throw new AofCorrupt(`The append log file ${name} is an RDB file, and not the base`, name, 0);
    const offset = beginsAsRdb ? await this.host.loadRdb(file, name) : 0;
    tell(offset);
    const turn = () => new Promise<void>(afterTurn);
    const { validBytes } = await replayFile(this.host.keyspace, file, name, {
      offset,
      onProgress: tell,
      turn,
    });
    return validBytes;
  }

  private async cut(name: string, file: StoredFile, validBytes: number, isLast: boolean): Promise<void> {
    const end = `Unexpected end of file reading the append only file ${name}`;
    if (!isLast)
      throw new AofCorrupt(
        `${end}. Fatal error: the truncated file is not the last file (at offset ${validBytes})`,
        name,
        validBytes,
      );
    if (!this.host.settings.aofLoadTruncated)
      throw new AofCorrupt(
        `${end}. You can: 1) Make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>. 2) Alternatively you can set the 'aof-load-truncated' configuration option to yes and restart the server. (at offset ${validBytes})`,
        name,
        validBytes,
      );
    const lostBytes = file.sizeBytes - validBytes;
    await this.files.truncate(name, validBytes);
    this.host.warn(
      `AOF ${name} loaded anyway because aof-load-truncated is enabled: truncated at offset ${validBytes}, ${lostBytes} bytes were not a whole command`,
    );
  }

  // ── appending ────────────────────────────────────────────────────────────────────────────────────────────

  /** Whether effects are written down. */
  get isOn(): boolean {
    return this.log.isOpen;
  }

  /** After loading: from now on every effect is written down. What is in the store is the first base, where there is none. */
  async start(): Promise<void> {
    const file = await this.files.start((name, isRdb) => {
      this.observe();
      return this.writeBase(name, isRdb);
    });
    if (!this.isObserving) this.observe();
    this.log.open(file);
    this.files.baseBytes = this.rewriter.sizeBytes;
    this.rewriter.isStopped = false;
  }

  /** Effects from now on are kept. */
  private observe(): void {
    this.log.collect();
    if (!this.isObserving) this.host.keyspace.observe(this);
    this.isObserving = true;
  }

  /**
   * `appendonly yes` at run time: every effect from now on is written down, and all that is in the store now becomes the base.
   * What was there from an earlier time is of no matter any more. It is
   * tried until it succeeds: see {@link rewriter}.
   */
  startAnew(): void {
    this.rewriter.isStopped = false;
    if (!this.isObserving) this.host.keyspace.observe(this);
    this.isObserving = true;
    this.log.hold();
    this.rewriter.start();
  }

  /** `appendonly no`: what is done from now on is written down nowhere. To be followed by {@link stop}. */
  turnedOff(): void {
    this.host.keyspace.unobserve(this);
    this.isObserving = false;
    this.log.turnedOff();
  }

  /** Writes and syncs what is left, and ends it: what is done from then on is written down nowhere. */
  async stop(): Promise<void> {
    await this.rewriter.stop();
    try {
      await this.log.close();
    } finally {
      this.host.keyspace.unobserve(this);
      this.isObserving = false;
    }
  }

  effect(database: Database, command: readonly Bytes[]): void {
    this.log.effect(database, command);
  }

  begin(): void {
    this.log.begin();
  }

  end(): void {
    this.log.end();
  }

  requireWritable(): void {
    this.log.requireWritable();
  }

  beforeReply(): Promise<void> | undefined {
    return this.log.beforeReply();
  }

  /** How large it was after it was last rewritten, or when it was loaded. */
  get baseBytes(): number {
    return this.files.baseBytes;
  }

  /** Whether all that was done up to now is synced. */
  get isSynced(): boolean {
    return this.log.isSynced;
  }

  synced(): Promise<void> {
    return this.log.synced();
  }
}

function isRdb(bytes: Uint8Array): boolean {
  return bytes.length === RDB_MAGIC.length && RDB_MAGIC.every((byte, at) => bytes[at] === byte);
}

/** `REDIS` */
const RDB_MAGIC = [0x52, 0x45, 0x44, 0x49, 0x53];
