import type { ByteString } from '../bytes/byte-string.ts';
import { Timer } from '../ttl/timer-wheel.ts';
import type { Entry } from './entry.ts';
import type { Home } from './home.ts';

/** Removes a key when its time has come, should nobody touch it before. */
export class KeyTimer extends Timer {
  home: Home;
  key: ByteString;
  readonly entry: Entry;

  constructor(home: Home, key: ByteString, entry: Entry) {
    super();
    this.home = home;
    this.key = key;
    this.entry = entry;
  }

  override fire(): void {
    const { database } = this.home;
    if (database.keyspace.mayExpire(this, this.home)) database.expire(this.key, this.entry);
  }
}
