import type { Timer } from '../ttl/timer-wheel.ts';
import type { Database } from './database.ts';

/** Where a key's timer finds the database that the key is in, whichever that is after a SWAPDB. */
export interface Home {
  database: Database;
  /** How many hashes have fields that expire. */
  expiringHashCount: number;
  /** Timers that have fired while the keys were aside. */
  firedAside?: Timer[] | undefined;
}
