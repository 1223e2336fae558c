import type { WaitingClient } from '../../blocking/waiter.ts';
import { errors } from '../../errors.ts';
import type { Later } from './later.ts';
import type { Wait } from './wait.ts';

const NO_KEYS = { length: 0 } as const;

/** Somebody who waits for what a promise brings. */
export class LaterWait implements Wait {
  readonly places = NO_KEYS;
  private readonly later: Later<unknown>;
  private readonly client: WaitingClient<unknown>;
  private isOver = false;

  constructor(later: Later<unknown>, client: WaitingClient<unknown>) {
    this.later = later;
    this.client = client;
    later.answer.then(
      (value) => {
        if (this.end()) client.served(value);
      },
      (error: Error) => {
        if (this.end()) client.failed(error);
      },
    );
  }

  unblock(how: 'timeout' | 'error'): boolean {
    const { instead } = this.later;
    if (instead === undefined || !this.end()) return false;
    if (how === 'error') this.client.failed(errors.unblocked());
    else this.client.served(instead());
    return true;
  }

  cancel(): void {
    this.end();
  }

  /** Whether it was still on. */
  private end(): boolean {
    const wasOn = !this.isOver;
    this.isOver = true;
    return wasOn;
  }
}
