/** Somebody who waits until all up to there is durable. */
interface SyncWaiter {
  readonly position: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  /** Whether a failure does not end it: it waits until that succeeds at last. */
  readonly isPatient: boolean;
}

/** Those who wait until what was appended up to some position is synced. */
export class SyncWaiters {
  private all: SyncWaiter[] = [];

  /** Until it is, however long that takes, or there is no append-only file any more. */
  waitFor(position: number): Promise<void> {
    return this.wait(position, true);
  }

  /** Until it is, or has failed. */
  waitToReply(position: number): Promise<void> {
    return this.wait(position, false);
  }

  private wait(position: number, isPatient: boolean): Promise<void> {
    return new Promise((resolve, reject) => this.all.push({ position, resolve, reject, isPatient }));
  }

  /** All up to there is synced. */
  synced(position: number): void {
    for (const one of this.take((waiter) => waiter.position <= position)) one.resolve();
  }

  /** All up to there is written, and replies wait for no more at the moment. */
  written(position: number): void {
    for (const one of this.take((waiter) => !waiter.isPatient && waiter.position <= position)) one.resolve();
  }

  /** It has failed. */
  failed(makeError: () => Error): void {
    for (const one of this.take((waiter) => !waiter.isPatient)) one.reject(makeError());
  }

  /** The append-only file was turned off: what they wait for will not come. */
  turnedOff(makeError: () => Error): void {
    for (const one of this.take((waiter) => waiter.isPatient)) one.reject(makeError());
  }

  /** Nothing is synced any more: replies wait for nothing then. */
  ended(makeError: () => Error): void {
    for (const one of this.take(() => true)) {
      if (one.isPatient) one.reject(makeError());
      else one.resolve();
    }
  }

  private take(isMeant: (one: SyncWaiter) => boolean): readonly SyncWaiter[] {
    if (this.all.length === 0) return NOBODY;
    const meant = this.all.filter(isMeant);
    if (meant.length > 0) this.all = this.all.filter((one) => !isMeant(one));
    return meant;
  }
}

const NOBODY: readonly SyncWaiter[] = [];
