import type { Keyspace } from '../../keyspace/keyspace.ts';
import { Timer } from '../../ttl/timer-wheel.ts';

/** Calls somebody once, at its time. */
class Alarm extends Timer {
  private readonly ring: () => void;

  constructor(ring: () => void) {
    super();
    this.ring = ring;
  }

  override fire(): void {
    this.ring();
  }
}

/** Whether the work is done within so many milliseconds of the store's time; 0 is for ever. Rejects as the work does. */
export function within(keyspace: Keyspace, work: Promise<void>, timeoutMs: number): Promise<boolean> {
  if (timeoutMs === 0) return work.then(() => true);
  return new Promise((resolve, reject) => {
    const alarm = new Alarm(() => resolve(false));
    keyspace.schedule(alarm, keyspace.now() + timeoutMs);
    work
      .then(() => resolve(true), reject)
      .finally(() => {
        if (alarm.isScheduled) keyspace.driver.cancel(alarm);
      });
  });
}
