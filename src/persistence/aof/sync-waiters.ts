/** Somebody who waits until all up to there is durable. */
interface SyncWaiter {
  readonly position: number;
  readonly resolve: () => void;
  /** Called if that fails, for those who do not wait until it succeeds at last. */
  readonly reject: ((error: Error) => void) | undefined;
}

/** Those who wait until what was appended up to some position is synced. */
export class SyncWaiters {
  private all: SyncWaiter[] = [];

  /** Until it is, however long that takes. */
  waitFor(position: number): Promise<void> {
    return new Promise((resolve) => this.all.push({ position, resolve, reject: undefined }));
  }

  /** Until it is, or has failed. */
  waitToReply(position: number): Promise<void> {
    return new Promise((resolve, reject) => this.all.push({ position, resolve, reject }));
  }

  /** All up to there is synced. */
  synced(position: number): void {
    if (this.all.length > 0) this.settle((one) => one.position <= position);
  }

  /** All up to there is written, and replies wait for no more at the moment. */
  written(position: number): void {
    if (this.all.length > 0) this.settle((one) => one.reject !== undefined && one.position <= position);
  }

  private settle(isMeant: (one: SyncWaiter) => boolean): void {
    const { all } = this;
    this.all = all.filter((one) => !isMeant(one));
    for (const one of all) if (isMeant(one)) one.resolve();
  }

  /** It has failed. */
  failed(makeError: () => Error): void {
    const { all } = this;
    this.all = all.filter((one) => one.reject === undefined);
    for (const one of all) one.reject?.(makeError());
  }
}
