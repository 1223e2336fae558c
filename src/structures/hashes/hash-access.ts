import type { ByteString } from '../../bytes/byte-string.ts';
import type { Database } from '../../keyspace/database.ts';
import { Entry } from '../../keyspace/entry.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import type { ListpackLimits } from '../listpack-limits.ts';
import { HashTable } from './hash-table.ts';
import { expireFields, HASH, NO_EXPIRY } from './hash-value.ts';

/**
 * The hash under the key without the fields whose time is over, or `undefined` if there is none (any more). For a hash
 * of which no field expires, finding that out costs one comparison.
 *
 * @throws ReplyError WRONGTYPE if the key holds something else
 */
export function findHash(database: Database, key: ByteString): HashTable | undefined {
  const hash = database.get(key, HASH);
  if (hash === undefined || hash.nextExpiryMs === NO_EXPIRY) return hash;
  expireFields(database, key, hash, database.keyspace.now());
  return hash.size === 0 ? undefined : hash;
}

/**
 * {@link findHash} for a command that reads, and tells of a key that is not there.
 *
 * @throws ReplyError WRONGTYPE if the key holds something else
 */
export function findHashToRead(database: Database, key: ByteString): HashTable | undefined {
  const hash = database.getToRead(key, HASH);
  if (hash === undefined || hash.nextExpiryMs === NO_EXPIRY) return hash;
  expireFields(database, key, hash, database.keyspace.now());
  return hash.size === 0 ? undefined : hash;
}

/**
 * {@link findHash} for a command that may change the hash. In a transaction it is copied first.
 *
 * @throws ReplyError WRONGTYPE if the key holds something else
 */
export function findHashForWrite(database: Database, key: ByteString): HashTable | undefined {
  if (database.keyspace.access !== undefined) database.findForWrite(key);
  const hash = findHash(database, key);
  if (hash !== undefined) database.beforeChangeInPlace(key);
  return hash;
}

/**
 * Like {@link findHashForWrite}, but puts a new hash under the key if there is none. The caller then adds a field for sure.
 *
 * @throws ReplyError WRONGTYPE if the key holds something else
 */
export function hashForWrite(database: Database, key: ByteString): HashTable {
  return findHashForWrite(database, key) ?? createHash(database, key);
}

/** Puts a new hash under a key that holds nothing. The caller adds a field for sure. */
export function createHash(database: Database, key: ByteString): HashTable {
  const created = new HashTable();
  database.put(key, new Entry(HASH, created));
  return created;
}

/** Always the same object, because every write to a hash asks for it: good until the next call. */
const shared = { listpackEntries: 0, listpackValueBytes: 0 };

/** Up to where hashes are listpacks, as configured now. */
export function hashLimits({ limits }: Keyspace): ListpackLimits {
  shared.listpackEntries = limits.hashMaxListpackEntries;
  shared.listpackValueBytes = limits.hashMaxListpackValueBytes;
  return shared;
}
