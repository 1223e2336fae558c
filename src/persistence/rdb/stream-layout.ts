import { MAX_INT64 } from '../../numbers/integer.ts';
import { DEFAULT_DURATION_MS, DEFAULT_MAX_SIZE } from '../../streams/idempotency.ts';
import type { Stream } from '../../streams/stream.ts';

/**
 * Streams. Each type byte says what the one before does, and more:
 *
 *     blocks         how many; of each the id (16 bytes) and the listpack, both as strings
 *     entries        how many are there
 *     last id
 *       from 19      first id; greatest id that was deleted; how many entries were ever added
 *     groups         how many; of each
 *                      name; last id given out
 *       from 19        entries read
 *                      how many are pending; of each id (16 bytes), time (8 bytes), how often delivered
 *                      how many consumers; of each
 *                        name; time seen
 *       from 21          time active
 *                        how many it has; their ids (16 bytes)
 *       from 27        how many are released; their ids (16 bytes), in the order of their release
 *       from 26      names of messages: for how many seconds, how many of each producer
 *                    how many producers; of each
 *                      name; how many messages; of each name and id
 *                    how many were ever recorded; how many were found to be duplicates
 *
 * An id of 16 bytes is two big-endian numbers; elsewhere it is two lengths, as all counts are. Times are Unix times in
 * milliseconds, little endian.
 *
 * The listpack is the one that LogBlock tells of, deleted entries included.
 */
export const STREAM_TYPES = { first: 15, counted: 19, active: 21, named: 26, released: 27 } as const;

/** One of the type bytes of a stream. */
export type StreamType = (typeof STREAM_TYPES)[keyof typeof STREAM_TYPES];

/** Which version of RDB knows it. */
export const VERSION_OF_TYPE: Readonly<Record<StreamType, number>> = {
  15: 9,
  19: 10,
  21: 11,
  26: 13,
  27: 14,
};

/** The flags of an entry in a listpack. */
export const DELETED = 1;
export const HAS_HEAD_FIELDS = 2;

/** A count of entries read that is not known, -1, as an unsigned number. */
export const UNKNOWN_READ = 2n ** 64n - 1n;
export const GREATEST_COUNT = MAX_INT64;

/** The oldest type that says all there is to say of a stream. O(groups + consumers). */
export function typeFor(stream: Stream): StreamType {
  const groups = stream.groups();
  if (groups.some(({ nackedCount }) => nackedCount > 0)) return STREAM_TYPES.released;
  if (remembersNames(stream)) return STREAM_TYPES.named;
  // Without a time of its own, a consumer was active when it was seen last.
  const isActive = groups.every((group) =>
    group.consumers().every(({ seenAtMs, activeAtMs }) => seenAtMs === activeAtMs),
  );
  return isActive ? STREAM_TYPES.counted : STREAM_TYPES.active;
}

function remembersNames({ idempotency, idempotencyLimits: { durationMs, maxSize } }: Stream): boolean {
  if (durationMs !== DEFAULT_DURATION_MS || maxSize !== DEFAULT_MAX_SIZE) return true;
  return idempotency !== undefined && (idempotency.addedCount > 0 || idempotency.duplicateCount > 0);
}
