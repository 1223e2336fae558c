import type { ByteString } from '../bytes/byte-string.ts';
import { Timer } from '../ttl/timer-wheel.ts';
import type { Database } from './database.ts';
import type { Entry } from './entry.ts';

/** Removes a key when its time has come, should nobody touch it before. */
export class KeyTimer extends Timer {
  database: Database;
  key: ByteString;
  readonly entry: Entry;

  constructor(database: Database, key: ByteString, entry: Entry) {
    super();
    this.database = database;
    this.key = key;
    this.entry = entry;
  }

  override fire(): void {
    this.database.expire(this.key, this.entry);
  }
}
