import { aofNotWritable, reasonOf } from './aof-errors.ts';
import type { AppendLogHost } from './append-log-host.ts';
import type { AppendTarget } from './append-target.ts';
import { EffectEncoder } from './effect-encoder.ts';
import { SyncWaiters } from './sync-waiters.ts';

/** What has gone wrong. */
export type Failure = { readonly error: unknown };

/** How far an `AppendLog` is: what is to be written, what is, what is synced, what has failed, and who waits for that. */
export abstract class AppendProgress {
  protected readonly host: AppendLogHost;
  protected readonly encoder = new EffectEncoder();
  /** In the order of writing; the last is the current one. Empty while nothing is appended to. */
  protected targets: AppendTarget[] = [];
  protected writtenBytes = 0;
  protected syncedBytes = 0;
  /** What those have been told of that wait for a reply, though it is not written. */
  protected reportedBytes = 0;
  /** Why the last write or sync has failed, until one succeeds. */
  protected failure: Failure | undefined = undefined;
  /** The first base is not there yet, without which nothing that follows means anything: it stays in the encoder. */
  protected isHeld = false;
  protected readonly waiters = new SyncWaiters();

  constructor(host: AppendLogHost) {
    this.host = host;
  }

  // ── what there is to say of it ───────────────────────────────────────────────────────────────────────────

  get isOpen(): boolean {
    return this.targets.length > 0;
  }

  get lastWriteStatus(): 'ok' | 'err' {
    return this.failure === undefined ? 'ok' : 'err';
  }

  /** What is not written yet. */
  get bufferedBytes(): number {
    return this.endBytes - this.writtenBytes;
  }

  /** The size of the file that is appended to, of which only what was written in whole counts. */
  get fileBytes(): number {
    return this.targets.at(-1)?.sizeBytes ?? 0;
  }

  protected get endBytes(): number {
    let bytes = this.writtenBytes + this.encoder.lengthBytes;
    for (const target of this.targets) bytes += target.pendingBytes;
    return bytes;
  }

  /** Whether all that was done up to now is synced. */
  get isSynced(): boolean {
    return this.isOpen && !this.isHeld && this.syncedBytes >= this.endBytes;
  }

  /** Whether nothing can be written before a rewrite has succeeded. */
  get needsRewrite(): boolean {
    return this.targets.some((target) => target.isBroken);
  }

  protected get mustSync(): boolean {
    return this.syncedBytes < this.writtenBytes;
  }

  protected wrote(bytes: number): void {
    this.writtenBytes += bytes;
    if (this.failure === undefined) return;
    this.failure = undefined;
    this.host.warn('AOF write error looks solved. The store can write again.');
  }

  protected writeFailed(error: unknown): void {
    if (this.failure === undefined)
      this.host.warn(`Error writing to the append-only file: ${reasonOf(error)}`);
    this.failed(error);
  }

  protected failed(error: unknown): void {
    this.failure = { error };
    this.tellWaiters(error);
    this.arm();
  }

  /** Those who have not been told of it will not be told again. */
  protected tellWaiters(error: unknown): void {
    this.reportedBytes = this.endBytes;
    this.waiters.failed(() => aofNotWritable(error));
  }

  protected advanceSynced(position: number): void {
    if (position <= this.syncedBytes) return;
    this.syncedBytes = position;
    this.waiters.synced(position);
  }

  /** Has it tried again in a while. */
  protected abstract arm(): void;
}
