import { Entry } from '../../../src/keyspace/entry.ts';
import type { Observer } from '../../../src/keyspace/observer.ts';
import { Store } from '../../../src/store.ts';
import { HashTable } from '../../../src/structures/hashes/hash-table.ts';

export const START_MS = 1_800_000_000_000;

/** A clock that stands still until it is told otherwise. */
export class TestClock {
  nowMs = START_MS;

  now(): number {
    return this.nowMs;
  }
}

/** A store on a clock of its own, and everything it tells: events as `name key`, effects as one would type them. */
export function recordedStore() {
  const clock = new TestClock();
  const store = new Store({ clock, random: () => 0.5 });
  const events: string[] = [];
  const effects: string[] = [];
  const observer: Observer = {
    changed: (_database, key, event) => {
      if (event.name !== 'new') events.push(`${event.name} ${key}`);
    },
    effect: (_database, command) => effects.push(command.join(' ')),
  };
  store.keyspace.observe(observer);
  return {
    store,
    clock,
    /** The events since the last call. */
    events: () => events.splice(0),
    /** The effects since the last call. */
    effects: () => effects.splice(0),
  };
}

/** Throws if a hash anywhere is not in order, or its timer is not where its next expiry is. */
export function checkHashes(store: Store): void {
  store.keyspace.checkInvariants();
  let scheduled = 0;
  let expiringKeys = 0;
  for (const database of store.keyspace.databases) {
    expiringKeys += database.expiringCount;
    for (const stored of database.map.values()) {
      if (!(stored instanceof Entry) || !(stored.value instanceof HashTable)) continue;
      const hash = stored.value;
      hash.checkInvariants();
      const timer = hash.expiryTimer;
      if (hash.expiringCount === 0) {
        if (timer !== undefined) throw new Error('a timer without an expiry');
        continue;
      }
      scheduled++;
      if (timer?.isScheduled !== true || timer.dueMs !== hash.nextExpiryMs) {
        throw new Error(`no timer for ${hash.nextExpiryMs}`);
      }
    }
  }
  if (store.keyspace.wheel.size !== scheduled + expiringKeys) throw new Error('a timer was left behind');
}
