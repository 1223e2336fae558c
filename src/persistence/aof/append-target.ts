import type { AppendedFile } from '../storage/storage.ts';

/**
 * A file that is appended to, and what is to be.
 *
 * Invariants:
 *
 * 1. Of the file only the first {@link sizeBytes} bytes count. If there may be others behind them, which a write has left
 *    that failed, those are cut off before anything is written.
 * 2. What waits is called one after the other; only {@link AppendedFile.now} is used while a sync is under way.
 */
export class AppendTarget {
  readonly file: AppendedFile;
  /** A sync has failed: nobody knows what of it will be found again. */
  isBroken = false;
  sizeBytes: number;
  pendingBytes = 0;
  private pending: Uint8Array[] = [];
  private mustTruncate = false;
  private operation: Promise<void> | undefined = undefined;

  constructor(file: AppendedFile) {
    this.file = file;
    this.sizeBytes = file.sizeBytes;
  }

  /** Has these bytes be written. */
  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
  }

  /** Writes what is pending, without waiting. What was written in whole, before it throws, is no longer pending. */
  writePendingNow(): void {
    for (let bytes = this.pending[0]; bytes !== undefined; bytes = this.pending[0]) {
      this.appendNow(bytes);
      this.pending.shift();
      this.pendingBytes -= bytes.length;
    }
  }

  /** Writes these, with nothing pending. All or nothing. */
  appendNow(bytes: Uint8Array): void {
    const now = this.file.now!;
    if (this.mustTruncate) {
      now.truncate(this.sizeBytes);
      this.mustTruncate = false;
    }
    try {
      now.append(bytes);
    } catch (error) {
      this.mustTruncate = true;
      try {
        now.truncate(this.sizeBytes);
        this.mustTruncate = false;
      } catch {
        // Then before the next write.
      }
      throw error;
    }
    this.sizeBytes += bytes.length;
  }

  /** {@link writePendingNow}, waiting. */
  writePending(): Promise<void> {
    return this.operate(async () => {
      for (let bytes = this.pending[0]; bytes !== undefined; bytes = this.pending[0]) {
        await this.append(bytes);
        this.pending.shift();
        this.pendingBytes -= bytes.length;
      }
    });
  }

  private async append(bytes: Uint8Array): Promise<void> {
    const { file } = this;
    if (this.mustTruncate) {
      await file.truncate(this.sizeBytes);
      this.mustTruncate = false;
    }
    try {
      await file.append(bytes);
    } catch (error) {
      this.mustTruncate = true;
      try {
        await file.truncate(this.sizeBytes);
        this.mustTruncate = false;
      } catch {
        // Then before the next write.
      }
      throw error;
    }
    this.sizeBytes += bytes.length;
  }

  sync(): Promise<void> {
    return this.operate(() => this.file.sync());
  }

  /** Once what is under way has ended. */
  async close(): Promise<void> {
    await this.operation?.catch(() => {});
    await this.file.close();
  }

  private operate(run: () => Promise<void>): Promise<void> {
    const operation = run();
    this.operation = operation;
    return operation;
  }
}
