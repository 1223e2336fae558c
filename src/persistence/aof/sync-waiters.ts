/** Somebody who waits until all up to there is durable. */
interface SyncWaiter {
  readonly position: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  /** Whether it wants to know of a failure, and does not wait until it succeeds at last. */
  readonly isToReply: boolean;
}

/** Those who wait until what was appended up to some position is synced. */
export class SyncWaiters {
  private all: SyncWaiter[] = [];

  /** Until it is, however long that takes, or there is nothing any more to wait for. */
  waitFor(position: number): Promise<void> {
    return this.wait(position, false);
  }

  /** Until it is, or has failed. */
  waitToReply(position: number): Promise<void> {
    return this.wait(position, true);
  }

  private wait(position: number, isToReply: boolean): Promise<void> {
    return new Promise((resolve, reject) => this.all.push({ position, resolve, reject, isToReply }));
  }

  /** All up to there is synced. */
  synced(position: number): void {
    if (this.all.length > 0) this.settle((one) => one.position <= position);
  }

  /** All up to there is written, and replies wait for no more at the moment. */
  written(position: number): void {
    if (this.all.length > 0) this.settle((one) => one.isToReply && one.position <= position);
  }

  private settle(isMeant: (one: SyncWaiter) => boolean): void {
    const { all } = this;
    this.all = all.filter((one) => !isMeant(one));
    for (const one of all) if (isMeant(one)) one.resolve();
  }

  /** It has failed. */
  failed(makeError: () => Error): void {
    const { all } = this;
    this.all = all.filter((one) => !one.isToReply);
    for (const one of all) if (one.isToReply) one.reject(makeError());
  }

  /** Nothing is synced any more: replies wait for nothing then. */
  ended(makeError: () => Error): void {
    for (const one of this.all.splice(0)) {
      if (one.isToReply) one.resolve();
      else one.reject(makeError());
    }
  }
}
