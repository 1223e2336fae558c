import type { WaitingClient } from '../../blocking/waiter.ts';
import { errors } from '../../errors.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import { Timer } from '../../ttl/timer-wheel.ts';
import type { Later } from './later.ts';
import type { Wait } from './wait.ts';

const NO_KEYS = { length: 0 } as const;

/** Somebody who waits for what a promise brings. As a timer, it fires when its time is over. */
export class LaterWait extends Timer implements Wait {
  readonly places = NO_KEYS;
  private readonly keyspace: Keyspace;
  private readonly later: Later<unknown>;
  private readonly client: WaitingClient<unknown>;
  private isOver = false;

  constructor(keyspace: Keyspace, later: Later<unknown>, client: WaitingClient<unknown>) {
    super();
    this.keyspace = keyspace;
    this.later = later;
    this.client = client;
    if (later.timeoutMs > 0) keyspace.schedule(this, keyspace.now() + later.timeoutMs);
    later.answer.then(
      (value) => {
        if (this.end()) client.served(value);
      },
      (error: unknown) => {
        if (this.end()) client.failed(error instanceof Error ? error : new Error(String(error)));
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

  override fire(): void {
    this.unblock('timeout');
  }

  /** Whether it was still on. */
  private end(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    this.keyspace.driver.cancel(this);
    return true;
  }
}
