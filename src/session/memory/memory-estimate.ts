import type { ByteString } from '../../bytes/byte-string.ts';
import type { Database } from '../../keyspace/database.ts';
import type { Stored } from '../../keyspace/entry.ts';
import { keyBytes, storedBytes } from '../../keyspace/memory/memory.ts';

/** So many keys of a database stand for all of it. */
const SAMPLED_KEYS = 64;
/** A container with more elements is not counted for an estimate: the first count walks through all of them. */
const MOST_COUNTED_ELEMENTS = 1024;
/** What an element takes then. */
const ELEMENT_BYTES = 64;

/**
 * About what the keys of a database take, from the first few of them: for INFO as clients send it when they connect, which
 * must neither walk through all keys nor have each write counted from then on. O(1).
 */
export function estimateBytes(database: Database): number {
  let seen = 0;
  let bytes = 0;
  for (const [key, held] of database.map) {
    bytes += estimatedBytes(database, key, database.storedOf(held)!);
    if (++seen === SAMPLED_KEYS) break;
  }
  return seen === 0 ? 0 : Math.round((bytes / seen) * database.size);
}

function estimatedBytes(database: Database, key: ByteString, stored: Stored): number {
  if (typeof stored === 'object' && stored.kind.type !== 'string') {
    const elements = stored.kind.size(stored.value);
    if (elements > MOST_COUNTED_ELEMENTS) return keyBytes(key) + elements * ELEMENT_BYTES;
  }
  return storedBytes(database, key, stored);
}
