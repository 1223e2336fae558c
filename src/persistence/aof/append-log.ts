import type { Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Database } from '../../keyspace/database.ts';
import type { Observer } from '../../keyspace/observer.ts';
import type { AppendedFile } from '../storage/storage.ts';
import { aofNotWritable, reasonOf } from './aof-errors.ts';
import { AppendProgress, type Failure } from './append-progress.ts';
import { AppendTarget } from './append-target.ts';
import { CallingTimer } from './calling-timer.ts';

/**
 * The writing side of the append-only file: takes effects, writes them, syncs them, and says whether that has worked.
 *
 *     effects ──▶ encoder ──▶ pending of targets[0…] ──▶ in the files ──▶ synced
 *                 │          │                          │               │
 *     positions   end ≥      ……                         writtenBytes ≥   syncedBytes
 *
 * Positions count all bytes that have ever come out of the encoder. While a rewrite begins there are two targets: the file
 * up to now, which gets the rest of what was done before, is synced and closed; and the new one, which gets nothing before
 * that. So a file that has another one behind it is always whole.
 *
 * Where the storage can write without waiting (`AppendedFile.now`) this does. Otherwise a *pump* is at work: one
 * operation after the other, each awaited, until nothing is left to do.
 *
 * Invariants:
 *
 * 1. Bytes are written in the order of the effects, each once: after a failure a file is cut back to what was written in
 *    whole, before anything more is.
 * 2. `syncedBytes ≤ writtenBytes ≤ endBytes`, and neither of them ever decreases.
 * 3. While a target {@link AppendTarget.isBroken is broken} nothing is written. What was done since is in the next base.
 * 4. Between groups only: nothing is written while the encoder is in one.
 */
export class AppendLog extends AppendProgress implements Observer {
  /** The end when the last rewrite began. */
  private rewriteStartBytes = 0;
  private readonly timer = new CallingTimer(() => this.tick());
  /** Effects are kept though there is no file yet. */
  private isCollecting = false;
  private hasMicrotask = false;
  /** What the storage is doing for us at the moment. */
  private working: Promise<void> | undefined = undefined;
  private isSyncDue = false;
  /** Since when writing has been put off because of a sync, in Unix milliseconds. */
  private postponedMs: number | undefined = undefined;
  /** How often a sync has taken so long that writing could not wait for it. */
  delayedSyncs = 0;
  isSyncing = false;

  // ── commands ─────────────────────────────────────────────────────────────────────────────────────────────

  /** See `Persistence.begin`. */
  begin(): void {
    this.encoder.begin();
  }

  /** See `Persistence.end`. */
  end(): void {
    this.encoder.end();
    if (this.encoder.lengthBytes > 0 && !this.encoder.isInGroup) this.grown();
  }

  effect(database: Database, command: readonly Bytes[]): void {
    if (this.targets.length === 0 && !this.isCollecting) return;
    const nowSeconds = this.host.settings.aofTimestampEnabled ? Math.floor(this.host.nowMs() / 1000) : -1;
    this.encoder.write(database.index, command, nowSeconds);
    if (!this.encoder.isInGroup) this.grown();
  }

  /** See `Persistence.requireWritable`. */
  requireWritable(): void {
    if (this.failure === undefined) return;
    this.retry();
    if (this.failure !== undefined) throw aofNotWritable(this.failure.error);
  }

  /** See `Persistence.beforeReply`. */
  beforeReply(): Promise<void> | undefined {
    if (this.host.settings.appendfsync !== 'always' || !this.isOpen || this.isHeld || this.encoder.isInGroup)
      return undefined;
    if (this.encoder.lengthBytes === 0 && !this.mustSync) return undefined;
    const end = this.endBytes;
    // Whoever only reads meanwhile is not told once more.
    if (this.reportedBytes === end) return undefined;
    if (this.targets.at(-1)!.file.now === undefined) return this.untilSynced(end);
    this.writeNow();
    if (this.failure === undefined && this.bufferedBytes === 0) this.syncNow();
    if (this.failure === undefined) return this.bufferedBytes === 0 ? undefined : this.untilSynced(end);
    this.reportedBytes = end;
    throw aofNotWritable(this.failure.error);
  }

  private untilSynced(position: number): Promise<void> {
    const synced = this.waiters.waitToReply(position);
    this.flush();
    // What had failed before fails again, without anybody telling us.
    if (this.failure !== undefined && this.working === undefined) this.tellWaiters(this.failure.error);
    return synced;
  }

  /** See `Persistence.synced`. */
  synced(): Promise<void> {
    return this.isSynced ? Promise.resolve() : this.waiters.waitFor(this.endBytes);
  }

  /** Those who wait until it is synced are told that it was turned off. */
  turnedOff(): void {
    this.waiters.turnedOff(errors.noAppendOnly);
  }

  // ── files ────────────────────────────────────────────────────────────────────────────────────────────────

  /** A rewrite will make the first base, of all there is: before that nothing is kept, and nobody promised that it were. */
  hold(): void {
    this.isHeld = true;
  }

  /** Keeps effects from now on: they are the first that go to the file which is opened next. */
  collect(): void {
    this.encoder.take();
    this.encoder.startFile();
    this.isCollecting = true;
  }

  /** Begins to append to a file. */
  open(file: AppendedFile): void {
    if (!this.isCollecting) this.collect();
    this.isCollecting = false;
    this.targets = [new AppendTarget(file)];
    this.flush();
  }

  /**
   * A rewrite begins at this moment: what is done from now on goes to that file. If it is the first one it gets nothing
   * before the rewrite has succeeded. Not while a command runs.
   *
   * @returns how large the file up to now will be
   */
  beginRewrite(file: AppendedFile): number {
    if (this.encoder.isInGroup) throw new Error('a rewrite cannot begin amid a command');
    const rest = this.encoder.take();
    const current = this.targets.at(-1);
    if (current === undefined || this.needsRewrite) this.writtenBytes += rest.length;
    else current.add(rest);
    if (current === undefined) this.isHeld = true;
    this.targets.push(new AppendTarget(file));
    this.encoder.startFile();
    this.rewriteStartBytes = this.endBytes;
    this.flush();
    return current === undefined ? 0 : current.sizeBytes + current.pendingBytes;
  }

  /** It has succeeded: all that was done before it is durable, whatever became of the files up to then. */
  endRewrite(): void {
    for (const target of this.targets.splice(0, this.targets.length - 1)) {
      this.writtenBytes += target.pendingBytes;
      this.closeSoon(target);
    }
    this.isHeld = false;
    this.advanceSynced(this.rewriteStartBytes);
    // Who has waited for the first base may wait for nothing else.
    this.waiters.synced(this.rewriteStartBytes);
    if (this.needsRewrite) this.host.requireRewrite();
    else {
      this.failure = undefined;
      this.flush();
    }
  }

  /** It has failed. Without a first base there is nothing to append to. */
  rewriteFailed(): void {
    if (!this.isHeld) return;
    this.writtenBytes = this.endBytes;
    this.encoder.take();
    for (const target of this.targets.splice(0)) this.closeSoon(target);
  }

  /**
   * Writes and syncs all there is.
   *
   * @throws what the storage throws
   */
  async settle(): Promise<void> {
    while (this.isOpen && !this.isHeld) {
      this.isSyncDue = true;
      this.flush();
      if (this.working === undefined && this.bufferedBytes === 0 && this.mustSync) this.startSync();
      await this.working;
      if (this.failure !== undefined) throw this.failure.error;
      if (this.working === undefined && this.bufferedBytes === 0 && !this.mustSync) return;
    }
  }

  /** {@link settle}, and appends to nothing from then on. It is closed even if that fails. */
  async close(): Promise<void> {
    try {
      await this.settle();
    } finally {
      await this.working;
      const { targets } = this;
      this.targets = [];
      this.encoder.take();
      this.failure = undefined;
      this.isHeld = false;
      this.writtenBytes = this.syncedBytes;
      this.waiters.ended(errors.noAppendOnly);
      for (const target of targets) await target.close();
    }
  }

  // ── writing ──────────────────────────────────────────────────────────────────────────────────────────────

  /** There is something to be written. */
  private grown(): void {
    if (this.failure !== undefined) return;
    if (this.encoder.lengthBytes >= WRITE_AT_BYTES && this.targets.at(-1)?.file.now !== undefined)
      this.flush();
    else if (!this.hasMicrotask) {
      this.hasMicrotask = true;
      queueMicrotask(this.onMicrotask);
    }
  }

  private readonly onMicrotask = (): void => {
    this.hasMicrotask = false;
    if (this.failure === undefined) this.flush();
  };

  /** Writes what there is, and syncs it as the policy has it. What fails is found in {@link failure}. */
  private flush(): void {
    const current = this.targets.at(-1);
    if (current === undefined || this.isHeld || this.encoder.isInGroup) return;
    if (current.file.now === undefined) {
      this.working ??= this.pump();
      return;
    }
    if (this.mustPostpone()) return;
    this.writeNow();
    if (this.failure !== undefined || this.bufferedBytes > 0) return;
    if (this.host.settings.appendfsync === 'always') this.syncNow();
    else if (this.host.settings.appendfsync === 'everysec' && this.mustSync) this.arm();
  }

  /** While a file is synced a write to it waits in the system: better in our buffer, but not for long. */
  private mustPostpone(): boolean {
    if (!this.isSyncing || this.host.settings.appendfsync !== 'everysec') {
      this.postponedMs = undefined;
      return false;
    }
    if (this.bufferedBytes === 0) return true;
    const nowMs = this.host.nowMs();
    if (this.postponedMs === undefined) {
      this.postponedMs = nowMs;
      this.arm();
      return true;
    }
    if (nowMs - this.postponedMs < LONGEST_POSTPONEMENT_MS) return true;
    this.postponedMs = undefined;
    this.delayedSyncs++;
    return false;
  }

  /** Without waiting: as much as can be. */
  private writeNow(): void {
    if (this.needsRewrite) return;
    while (this.targets.length > 1) {
      const target = this.targets[0]!;
      if (!this.appendNow(target)) return;
      if (this.host.settings.appendfsync !== 'always') {
        this.finishSoon(target);
        return;
      }
      try {
        target.file.now!.sync();
      } catch (error) {
        this.syncFailed(target, error);
        return;
      }
      this.advanceSynced(this.writtenBytes);
      this.targets.shift();
      this.closeSoon(target);
    }
    const current = this.targets[0]!;
    if (!this.appendNow(current)) return;
    const { written } = this.encoder;
    if (written.length === 0) return;
    try {
      current.appendNow(written);
    } catch (error) {
      this.writeFailed(error);
      return;
    }
    this.encoder.clear();
    this.wrote(written.length);
  }

  /** What is pending of a target. */
  private appendNow(target: AppendTarget): boolean {
    const { sizeBytes } = target;
    try {
      target.writePendingNow();
    } catch (error) {
      this.writtenBytes += target.sizeBytes - sizeBytes;
      this.writeFailed(error);
      return false;
    }
    if (target.sizeBytes > sizeBytes) this.wrote(target.sizeBytes - sizeBytes);
    return true;
  }

  /** The same, one step after the other. */
  private async pump(): Promise<void> {
    // The one that has set us going goes on first, so that what it does next is written along.
    await undefined;
    try {
      while (await this.step());
    } finally {
      this.working = undefined;
      if (this.failure === undefined && this.bufferedBytes > 0 && !this.encoder.isInGroup) this.flush();
    }
  }

  /** Whether there may be more to do. */
  private async step(): Promise<boolean> {
    const target = this.targets[0];
    if (target === undefined || this.needsRewrite) return false;
    const isCurrent = this.targets.length === 1;
    if (isCurrent && target.pendingBytes === 0 && !this.encoder.isInGroup && this.encoder.lengthBytes > 0)
      target.add(this.encoder.take());
    if (target.pendingBytes > 0) return this.writePending(target);
    if (!isCurrent) {
      if (await this.sync(target)) {
        if (this.targets[0] === target && this.targets.length > 1) this.targets.shift();
        this.closeSoon(target);
      }
      return this.failure === undefined;
    }
    const { appendfsync } = this.host.settings;
    if (!this.mustSync) return false;
    if (this.sparesSyncs) this.waiters.written(this.writtenBytes);
    if (this.isSyncDue || (appendfsync === 'always' && !this.sparesSyncs)) return this.sync(target);
    if (appendfsync === 'everysec') this.arm();
    return false;
  }

  private async writePending(target: AppendTarget): Promise<boolean> {
    const { sizeBytes } = target;
    let failure: Failure | undefined;
    try {
      await target.writePending();
    } catch (error) {
      failure = { error };
    }
    // A rewrite may have succeeded meanwhile, which made it superfluous.
    if (!this.targets.includes(target)) return true;
    if (target.sizeBytes > sizeBytes) this.wrote(target.sizeBytes - sizeBytes);
    if (failure !== undefined) this.writeFailed(failure.error);
    return failure === undefined;
  }

  /** Tries again what has failed. */
  private retry(): void {
    if (!this.needsRewrite) this.flush();
  }

  // ── syncing ──────────────────────────────────────────────────────────────────────────────────────────────

  /** `no-appendfsync-on-rewrite`: while a rewrite keeps the disk busy, nobody waits for it. */
  private get sparesSyncs(): boolean {
    return this.host.settings.noAppendfsyncOnRewrite && this.host.isRewriting;
  }

  private syncNow(): void {
    if (!this.mustSync || this.sparesSyncs) return;
    const target = this.targets[0]!;
    try {
      target.file.now!.sync();
    } catch (error) {
      this.syncFailed(target, error);
      return;
    }
    this.isSyncDue = false;
    this.advanceSynced(this.writtenBytes);
  }

  /** Where writing needs not wait: syncs beside it. */
  private startSync(): void {
    if (this.working !== undefined || this.needsRewrite) return;
    const target = this.targets[0]!;
    this.work(this.sync(target).then(() => {}));
  }

  /** The target gets nothing more: it is synced and closed, and then comes the next. */
  private finishSoon(target: AppendTarget): void {
    if (this.working !== undefined) return;
    this.work(
      this.sync(target).then((isSynced) => {
        if (!isSynced) return;
        if (this.targets[0] === target && this.targets.length > 1) this.targets.shift();
        this.closeSoon(target);
      }),
    );
  }

  private work(promise: Promise<void>): void {
    this.working = promise.then(() => {
      this.working = undefined;
      if (this.failure === undefined) this.flush();
    });
  }

  /** Whether it has succeeded. */
  private async sync(target: AppendTarget): Promise<boolean> {
    const position = this.writtenBytes;
    this.isSyncing = true;
    try {
      await target.sync();
    } catch (error) {
      if (this.targets.includes(target)) this.syncFailed(target, error);
      return false;
    } finally {
      this.isSyncing = false;
      this.postponedMs = undefined;
    }
    if (this.targets[0] === target && !target.isBroken) {
      this.isSyncDue = false;
      this.advanceSynced(position);
    }
    return true;
  }

  /** Nobody knows what of the file is on the disk, or will be, even if a sync should succeed later. */
  private syncFailed(target: AppendTarget, error: unknown): void {
    target.isBroken = true;
    this.host.warn(`Error syncing the append-only file: ${reasonOf(error)}. It is rewritten.`);
    this.failed(error);
    this.host.requireRewrite();
  }

  private closeSoon(target: AppendTarget): void {
    target.close().catch((error: unknown) => {
      this.host.warn(`Error closing a file of the append-only file: ${reasonOf(error)}`);
    });
  }

  // ── once a second ────────────────────────────────────────────────────────────────────────────────────────

  protected override arm(): void {
    if (!this.timer.isScheduled) this.host.schedule(this.timer, this.host.nowMs() + TICK_MS);
  }

  private tick(): void {
    if (!this.isOpen) return;
    const { appendfsync } = this.host.settings;
    const isDue = appendfsync === 'everysec' && !this.sparesSyncs;
    if (isDue) this.isSyncDue = true;
    this.retry();
    const hasNow = this.targets.at(-1)?.file.now !== undefined;
    if (hasNow && isDue && this.failure === undefined && this.targets.length === 1 && this.mustSync)
      this.startSync();
    if (this.failure !== undefined || this.bufferedBytes > 0 || (appendfsync === 'everysec' && this.mustSync))
      this.arm();
  }
}

const TICK_MS = 1000;
/** As long as Redis waits for a sync before it writes nonetheless. */
const LONGEST_POSTPONEMENT_MS = 2000;
const WRITE_AT_BYTES = 64 * 1024;
