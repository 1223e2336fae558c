import type { Keyspace } from '../../keyspace/keyspace.ts';
import { Timer } from '../../ttl/timer-wheel.ts';

const SECOND_MS = 1000;

/** Calls somebody every second or so, while the keyspace's wheel is turned: by the host's timer, or by `store.advance`. */
export class Tick extends Timer {
  private readonly keyspace: Keyspace;
  private readonly act: () => void;

  constructor(keyspace: Keyspace, act: () => void) {
    super();
    this.keyspace = keyspace;
    this.act = act;
  }

  start(): void {
    this.keyspace.schedule(this, this.keyspace.now() + SECOND_MS);
  }

  stop(): void {
    this.keyspace.driver.cancel(this);
  }

  override fire(nowMs: number): void {
    this.keyspace.schedule(this, nowMs + SECOND_MS);
    this.act();
  }
}
