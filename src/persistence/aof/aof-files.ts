import type { PersistenceSettings } from '../../keyspace/persistence.ts';
import type { AppendedFile, Storage, StoredFile } from '../storage/storage.ts';
import { AofCorrupt, reasonOf } from './aof-errors.ts';
import {
  type AofNaming,
  aofNaming,
  EMPTY_MANIFEST,
  type Manifest,
  nextBaseName,
  parseManifest,
  printManifest,
  takenOver,
  withBase,
  withIncremental,
  withoutHistory,
} from './manifest.ts';

/** What an {@link AofFiles} needs of what is around it. */
export interface AofFilesHost {
  readonly storage: Storage;
  readonly settings: Pick<PersistenceSettings, 'appenddirname' | 'appendfilename' | 'aofUseRdbPreamble'>;
  warn(warning: string): void;
}

/**
 * Makes a file of that name in the storage, whatever was there, and syncs it: all that is in the store at the moment of the
 * call (that is: before this returns its promise, the moment is taken), as the beginning of an append-only file. An RDB file
 * with the aux field `aof-base`, or commands.
 */
export type WriteBase = (name: string, isRdb: boolean) => Promise<void>;

/**
 * The files of which the append-only file consists, and the manifest that says so.
 *
 *     rewrite      manifest in force           files
 *                  b1 i1                       b1 i1
 *     i2 begins    b1 i1 i2                    b1 i1 i2
 *     (the moment: from now on to i2)
 *     b2 is made   b1 i1 i2                    b1 i1 i2 temp
 *     b2 is there  b1 i1 i2                    b1 i1 i2 b2
 *     b2 counts    b2 h:i1 h:b1 i2             b1 i1 i2 b2
 *     cleaned up   b2 i2                       i2 b2
 *
 * Invariants:
 *
 * 1. At every moment the manifest in the storage, or (where replacing it has failed, so that nobody knows) each of the two
 *    that may be, names files that together hold all there is.
 * 2. A file that a manifest in the storage may name is never replaced by another one: numbers are not used twice. Nor is one
 *    written to of which a sync has failed.
 * 3. A file that was made in vain is deleted as soon as it is known that no manifest in the storage names it.
 */
export class AofFiles {
  private readonly host: AofFilesHost;
  private readonly naming: AofNaming;
  private manifest: Manifest;
  /** The sizes of the files that are not appended to. */
  private readonly sizes = new Map<string, number>();
  /** Files that were made for a manifest that has not come to be, as far as is known. */
  private readonly abandoned = new Set<string>();
  /** Whether the manifest in the storage is ours for sure: not after replacing it has failed. */
  private isInForce = true;
  /** How much all of it was after the last rewrite, or when it was loaded. */
  baseBytes = 0;

  private constructor(host: AofFilesHost, manifest: Manifest) {
    this.host = host;
    this.naming = aofNaming(host.settings.appendfilename);
    this.manifest = manifest;
  }

  /**
   * Finds what is there. An append-only file of before Redis 7, which is one file, becomes the base.
   *
   * @throws AofCorrupt if the manifest cannot be read, or is not there though there are files for it
   */
  static async find(host: AofFilesHost): Promise<AofFiles> {
    const { storage, settings } = host;
    const { appendfilename } = settings;
    const manifest = await readManifest(host);
    const files = new AofFiles(host, manifest);
    await files.requireAllNamed();
    const found = await storage.open(appendfilename);
    if (found === undefined) return files;
    await found.close();
    const isBegun =
      manifest.base?.name === appendfilename &&
      manifest.incremental.length === 0 &&
      (await files.sizeOf(appendfilename)) === undefined;
    if (!files.exists) await files.persist(takenOver(appendfilename));
    if (manifest === EMPTY_MANIFEST || isBegun)
      await storage.rename(appendfilename, files.path(appendfilename));
    return files;
  }

  /**
   * Nothing is written to a file before it is in the manifest. If there is one in which something is, the manifest is not the
   * one that was here: it was lost, cut or replaced. Redis would write over the file.
   */
  private async requireAllNamed(): Promise<void> {
    const { storage, settings } = this.host;
    const folder = `${settings.appenddirname}/`;
    for (const path of await storage.list()) {
      const name = path.startsWith(folder) ? path.slice(folder.length) : '';
      const sequence = this.naming.incrementalSequence(name);
      if (sequence === undefined || sequence <= this.manifest.incrementalSequence) continue;
      const sizeBytes = await this.sizeOf(name);
      if (
        sizeBytes !== undefined &&
        sizeBytes > 0 &&
        !this.manifest.history.some((file) => file.name === name)
      )
        throw new AofCorrupt(
          `The append log file ${name} is not in the manifest ${this.naming.manifest}, and not empty: is that the right manifest?`,
          name,
          0,
        );
    }
  }

  /** Whether that is the base, and was written as one: whole before it was named. */
  isWrittenBase(name: string): boolean {
    return name === this.manifest.base?.name && name !== this.host.settings.appendfilename;
  }

  /** Whether that is a file to which commands were appended, and nothing else. */
  isIncremental(name: string): boolean {
    return this.manifest.incremental.some((file) => file.name === name);
  }

  /** Whether there is anything to be loaded. */
  get exists(): boolean {
    return this.manifest.base !== undefined || this.manifest.incremental.length > 0;
  }

  /** The files to be read, in their order, without their folder. */
  get names(): readonly string[] {
    const { base, incremental } = this.manifest;
    return [...(base === undefined ? [] : [base]), ...incremental].map(({ name }) => name);
  }

  /** The size of all files, as it was when they were opened or made. */
  get totalBytes(): number {
    return this.names.reduce((sum, name) => sum + (this.sizes.get(name) ?? 0), 0);
  }

  /** The size of all files that are not appended to any more. */
  get closedBytes(): number {
    const current = this.manifest.incremental.at(-1)?.name;
    return this.names.reduce((sum, name) => (name === current ? sum : sum + (this.sizes.get(name) ?? 0)), 0);
  }

  /** Opens a file to be read. @throws AofCorrupt if it is not there */
  async open(name: string): Promise<StoredFile> {
    const file = await this.host.storage.open(this.path(name));
    if (file === undefined)
      throw new AofCorrupt(`The append log file ${name} doesn't exist: No such file or directory`, name, 0);
    this.sizes.set(name, file.sizeBytes);
    return file;
  }

  /** Cuts off what is behind so many bytes. */
  async truncate(name: string, sizeBytes: number): Promise<void> {
    const file = await this.host.storage.append(this.path(name));
    try {
      await file.truncate(sizeBytes);
      await file.sync();
    } finally {
      await file.close();
    }
    this.sizes.set(name, sizeBytes);
  }

  /**
   * What is to be appended to from now on, after loading: the last incremental file. Where there is nothing yet, the first
   * files are made; what was half done when the process ended last time is cleaned up.
   */
  async start(writeBase: WriteBase): Promise<AppendedFile> {
    if (this.manifest.base === undefined && this.manifest.incremental.length === 0) {
      const isRdb = this.host.settings.aofUseRdbPreamble;
      await this.makeBase(writeBase, isRdb);
      const file = await this.addIncremental(withBase(this.manifest, this.naming, isRdb, 0));
      await this.cleanUp();
      return file;
    }
    await this.syncAll();
    const last = this.manifest.incremental.at(-1);
    const file =
      last === undefined
        ? await this.addIncremental(this.manifest)
        : await this.host.storage.append(this.path(last.name));
    await this.cleanUp();
    return file;
  }

  /**
   * Writes all anew.
   *
   * @param begin called once there is the file to which all goes that is done from that moment on, which is the moment of
   *   the base: nothing may come in between. Answers how large the file before it will be
   * @param writeBase called right after that
   * @param isAnew whether what was there before is of no matter: then nothing is in force before the base is
   * @throws whatever the storage throws; everything is then as complete as it was
   */
  async rewrite(begin: (file: AppendedFile) => number, writeBase: WriteBase, isAnew = false): Promise<void> {
    const isRdb = this.host.settings.aofUseRdbPreamble;
    const previous = this.manifest;
    const file = await this.addIncremental(previous, isAnew);
    await this.removeAbandoned().catch(nothing);
    const sizeBytes = begin(file);
    const last = previous.incremental.at(-1);
    if (last !== undefined && !isAnew) this.sizes.set(last.name, sizeBytes);
    const manifest = isAnew ? withIncremental(previous, this.naming) : this.manifest;
    try {
      await this.makeBase(writeBase, isRdb);
      const next = withBase(manifest, this.naming, isRdb, 1);
      // If this fails it may be in force all the same: the number is not used for another base.
      this.manifest = { ...this.manifest, baseSequence: next.baseSequence };
      await this.persist(next).catch(async (error) => {
        await this.abandon(next.base!.name);
        throw error;
      });
    } catch (error) {
      if (isAnew) await this.abandonIncremental(manifest);
      throw error;
    }
  }

  /** Deletes what is no longer needed. What cannot be deleted is tried again some other time. */
  async cleanUp(): Promise<void> {
    const { storage } = this.host;
    try {
      await storage.remove(TEMPORARY_BASE);
      await storage.remove(this.path(this.naming.temporaryManifest));
      await this.removeAbandoned();
      if (this.manifest.history.length === 0) return;
      for (const { name } of this.manifest.history) await storage.remove(this.path(name));
      await this.persist(withoutHistory(this.manifest));
    } catch (error) {
      this.host.warn(`Error removing files of the append-only file that are not needed: ${reasonOf(error)}`);
    }
  }

  // ── steps ────────────────────────────────────────────────────────────────────────────────────────────────

  private async makeBase(writeBase: WriteBase, isRdb: boolean): Promise<void> {
    const { storage } = this.host;
    const name = nextBaseName(this.manifest, this.naming, isRdb);
    try {
      // Nothing is waited for before this, that it may begin at the very moment.
      await writeBase(TEMPORARY_BASE, isRdb);
      const file = await storage.open(TEMPORARY_BASE);
      await file?.close();
      await storage.rename(TEMPORARY_BASE, this.path(name));
      this.sizes.set(name, file?.sizeBytes ?? 0);
    } catch (error) {
      await storage.remove(TEMPORARY_BASE).catch(nothing);
      await this.abandon(name);
      throw error;
    }
  }
  /** One incremental file more, which is empty and opened. */
  private async addIncremental(manifest: Manifest, isLater = false): Promise<AppendedFile> {
    const next = withIncremental(manifest, this.naming);
    const { name } = next.incremental.at(-1)!;
    const { storage } = this.host;
    let file: AppendedFile | undefined;
    try {
      // Of a process that died after it had made one, before it was in the manifest.
      await storage.remove(this.path(name));
      file = await storage.append(this.path(name));
      await file.sync();
      if (!isLater) await this.persist(next);
    } catch (error) {
      await file?.close().catch(nothing);
      await this.abandonIncremental(next);
      throw error;
    }
    return file;
  }

  /** Puts another manifest in force. */
  private async persist(manifest: Manifest): Promise<void> {
    const { storage } = this.host;
    const temporary = this.path(this.naming.temporaryManifest);
    await storage.remove(temporary);
    const file = await storage.append(temporary);
    try {
      await file.append(printManifest(manifest));
      await file.sync();
    } finally {
      await file.close();
    }
    this.isInForce = false;
    await storage.rename(temporary, this.path(this.naming.manifest));
    this.isInForce = true;
    this.manifest = manifest;
  }

  /** What is there may be there for this process only: whoever had written it may have died before it was synced. */
  private async syncAll(): Promise<void> {
    for (const name of [...this.names, this.naming.manifest]) {
      const file = await this.host.storage.append(this.path(name));
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    }
  }

  /** The last of these has come to nothing. */
  private async abandonIncremental({ incremental, incrementalSequence }: Manifest): Promise<void> {
    this.manifest = { ...this.manifest, incrementalSequence };
    await this.abandon(incremental.at(-1)!.name);
  }

  /** A file is of no use. */
  private async abandon(name: string): Promise<void> {
    this.abandoned.add(name);
    await this.removeAbandoned().catch(nothing);
  }

  private async removeAbandoned(): Promise<void> {
    if (!this.isInForce) return;
    for (const name of this.abandoned) {
      await this.host.storage.remove(this.path(name));
      this.abandoned.delete(name);
    }
  }

  private async sizeOf(name: string): Promise<number | undefined> {
    const file = await this.host.storage.open(this.path(name));
    await file?.close();
    return file?.sizeBytes;
  }

  private path(name: string): string {
    return `${this.host.settings.appenddirname}/${name}`;
  }
}

async function readManifest({ storage, settings }: AofFilesHost): Promise<Manifest> {
  const { manifest: name } = aofNaming(settings.appendfilename);
  const file = await storage.open(`${settings.appenddirname}/${name}`);
  if (file === undefined) return EMPTY_MANIFEST;
  try {
    return parseManifest(await file.read(0, file.sizeBytes), name);
  } finally {
    await file.close();
  }
}

/** What cannot be deleted is no reason for anything: it is tried again. */
function nothing(): void {}

/** Beside the folder: it is no part of anything yet. */
const TEMPORARY_BASE = 'temp-rewriteaof.aof';
