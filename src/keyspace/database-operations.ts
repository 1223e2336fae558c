import { errors } from '../errors.ts';
import type { FlushMode } from './key-options.ts';
import { Operations, type Output, type Text } from './operations.ts';

/** The commands on whole databases. */
export abstract class DatabaseOperations<O extends Output = Text> extends Operations<O> {
  /** How many keys the database has; those that have expired and were not yet removed count. O(1). Redis 1.0.0. */
  dbsize(): number {
    return this.database.size;
  }

  /** Removes all keys of the database. O(keys). Redis 1.0.0. */
  flushdb(_mode?: FlushMode): 'OK' {
    const { database } = this;
    if (this.keyspace.flush([database])) database.effect('FLUSHDB');
    return 'OK';
  }

  /** Removes all keys of all databases. O(keys). Redis 1.0.0. */
  flushall(_mode?: FlushMode): 'OK' {
    if (this.keyspace.flush(this.keyspace.databases)) this.database.effect('FLUSHALL');
    return 'OK';
  }

  /**
   * Exchanges two databases: whoever has selected one is at once on the other's keys. O(1), plus O(clients that
   * watch or wait). Redis 4.0.0.
   *
   * @throws ReplyError if one of them does not exist
   */
  swapdb(first: number, second: number): 'OK' {
    const { keyspace } = this;
    if (!Number.isInteger(first)) throw errors.invalidFirstDatabase();
    if (!Number.isInteger(second)) throw errors.invalidSecondDatabase();
    if (keyspace.databases[first] === undefined || keyspace.databases[second] === undefined) {
      throw errors.databaseOutOfRange();
    }
    if (first !== second && keyspace.swap(first, second)) {
      this.database.effect('SWAPDB', String(first), String(second));
    }
    return 'OK';
  }

  /**
   * The time by the store's clock: Unix seconds, and the microseconds of the running second (whole milliseconds of
   * them). O(1). Redis 2.6.0.
   */
  time(): [seconds: number, microseconds: number] {
    const nowMs = this.keyspace.now();
    return [Math.floor(nowMs / 1000), (nowMs % 1000) * 1000];
  }
}
