import type { ByteString } from '../../bytes/byte-string.ts';
import type { Database } from '../../keyspace/database.ts';
import type { ValueKind } from '../../keyspace/entry.ts';
import type { Home } from '../../keyspace/home.ts';
import { Timer } from '../../ttl/timer-wheel.ts';
import { hashEvents } from './hash-events.ts';
import type { HashTable } from './hash-table.ts';

/**
 * The hash type.
 *
 * Fields that expire are looked after by one timer for each hash that has any:
 *
 * 1. While the hash is under a key and a field of it has an expiry, a {@link FieldTimer} is scheduled for the millisecond
 *    after the earliest one; otherwise there is no timer. {@link scheduleExpiry} brings that about after a change.
 * 2. Whoever comes by the hash under its key (see hash-access.ts) does not see a field whose time is over, however late
 *    the timer is.
 */
export const HASH: ValueKind<HashTable> = {
  type: 'hash',
  isEmpty: (hash) => hash.size === 0,
  size: (hash) => hash.size,
  clone: (hash) => hash.clone(),
  save: (hash) => hash.save(),
  heapBytes: (hash) => hash.heapBytes,
  encoding: (hash) => hash.encoding,
  field: (hash, name, nowMs) => ((hash.expiresAt(name) ?? NO_EXPIRY) <= nowMs ? undefined : hash.get(name)),
  discard: cancelExpiry,
  adopt: (hash, home, key) => scheduleExpiry(home, key, hash),
};

/** When the next field expires in a hash where none does. */
export const NO_EXPIRY = Number.POSITIVE_INFINITY;

/** How many fields one firing removes at most, so that a slice of the wheel's work stays short. */
const BATCH_SIZE = 1024;

/**
 * Removes fields of one hash when their time has come, should nobody touch the hash before. Under another key the hash
 * has another timer.
 */
class FieldTimer extends Timer {
  readonly home: Home;
  readonly key: ByteString;
  readonly hash: HashTable;

  constructor(home: Home, key: ByteString, hash: HashTable) {
    super();
    this.home = home;
    this.key = key;
    this.hash = hash;
  }

  override fire(): void {
    if (!this.home.database.keyspace.mayExpire(this, this.home)) return;
    // As of the time it was due, so that what falls due later keeps its order with everything else on the wheel.
    expireFields(this.home.database, this.key, this.hash, this.dueMs, BATCH_SIZE);
  }
}

/** Removes up to `limit` fields whose time was over at `nowMs`, and tells it; an emptied hash goes. O(removed · log n). */
export function expireFields(
  database: Database,
  key: ByteString,
  hash: HashTable,
  nowMs: number,
  limit = Number.POSITIVE_INFINITY,
): void {
  if (hash.nextExpiryMs > nowMs || database.keyspace.isLoading) return;
  database.beforeChangeInPlace(key);
  const fields = hash.takeExpired(nowMs, limit);
  database.keyspace.expiredFieldCount += fields.length;
  scheduleExpiry(database.home, key, hash);
  if (database.changed(key, hashEvents.expired, fields)) database.effectOf(['HDEL', key, ...fields]);
  database.removeIfEmpty(key, HASH, hash);
}

/** Has the timer of the hash, which is under the key, fire when its next field expires. After any change to that. O(1). */
export function scheduleExpiry(home: Home, key: ByteString, hash: HashTable): void {
  const nextMs = hash.nextExpiryMs;
  if (nextMs === NO_EXPIRY) {
    cancelExpiry(hash);
    return;
  }
  let timer = hash.expiryTimer as FieldTimer | undefined;
  if (timer === undefined) {
    timer = new FieldTimer(home, key, hash);
    hash.expiryTimer = timer;
    home.expiringHashCount++;
  }
  if (!timer.isScheduled || timer.dueMs !== nextMs) home.database.keyspace.schedule(timer, nextMs);
}

function cancelExpiry(hash: HashTable): void {
  const timer = hash.expiryTimer as FieldTimer | undefined;
  if (timer === undefined) return;
  timer.home.database.keyspace.wheel.cancel(timer);
  timer.home.expiringHashCount--;
  hash.expiryTimer = undefined;
}
