import type { ByteString } from '../bytes/byte-string.ts';
import type { Database } from '../keyspace/database.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import type { PendingEntry } from './pending-entry.ts';
import { formatId } from './stream-id.ts';

// The deterministic commands that repeat what happened in a group. To be used only where somebody records.

/** A group has given this entry to its consumer, whichever way. */
export function recordDelivery(
  database: Database,
  key: ByteString,
  group: ConsumerGroup,
  entry: PendingEntry,
): void {
  database.effect(
    ...['XCLAIM', key, group.name, entry.consumer!.name, '0', formatId(entry)],
    ...['TIME', String(entry.deliveredAtMs), 'RETRYCOUNT', String(entry.deliveryCount)],
    ...['FORCE', 'JUSTID', 'LASTID', formatId(group.lastDelivered)],
  );
}

/** How far a group has come. */
export function recordProgress(database: Database, key: ByteString, group: ConsumerGroup): void {
  database.effect(
    ...['XGROUP', 'SETID', key, group.name, formatId(group.lastDelivered)],
    ...['ENTRIESREAD', String(group.entriesRead)],
  );
}
