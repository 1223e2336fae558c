import { MAX_INT64 } from '../../numbers/integer.ts';
import { DEFAULT_DURATION_MS, DEFAULT_MAX_SIZE } from '../../streams/idempotency.ts';
import type { Stream } from '../../streams/stream.ts';

/**
 * The forms of a stream: each says what the one before does, and more. In this order they are read and written:
 *
 *     blocks         how many; of each the id (16 bytes) and the listpack, both as strings
 *     numbers        entries, last id
 *       from Two     first id, greatest deleted id, entries ever added
 *     groups         how many; of each
 *       name, last id given out, from Two: entries read
 *       pending      how many; of each id (16 bytes), time (8 bytes), deliveries
 *       consumers    how many; of each name, time seen, from Three: time active, how many pending; the ids of these
 *       from Five    released ones: how many; their ids, in the order of their release
 *     from Four      names of messages: for how many seconds, how many of each producer; producers: how many; of each its name,
 *                    how many messages, of each the name and the id; how many were ever added, and found to be duplicates
 *
 * An id of 16 bytes is two big-endian numbers, and elsewhere two lengths; times are little-endian milliseconds.
 */
export const STREAM_FORMS = { one: 15, two: 19, three: 21, four: 26, five: 27 } as const;

/** One of the type bytes of a stream. */
export type StreamForm = (typeof STREAM_FORMS)[keyof typeof STREAM_FORMS];

/** Which version of RDB knows a form that is written. */
export const STREAM_VERSIONS: Readonly<Record<StreamForm, number>> = { 15: 9, 19: 10, 21: 11, 26: 13, 27: 14 };

/** The flags of an entry in a listpack. */
export const DELETED = 1;
export const HAS_HEAD_FIELDS = 2;

/** A count of entries read that is not known, -1, as an unsigned number. */
export const UNKNOWN_READ = 2n ** 64n - 1n;
export const GREATEST_COUNT = MAX_INT64;

/** The oldest form that says all there is to say of a stream. O(groups + consumers). */
export function formOf(stream: Stream): StreamForm {
  const groups = stream.groups();
  if (groups.some(({ nackedCount }) => nackedCount > 0)) return STREAM_FORMS.five;
  if (remembersNames(stream)) return STREAM_FORMS.four;
  // Without a time of its own, a consumer was active when it was seen last.
  const isActive = groups.every((group) =>
    group.consumers().every(({ seenAtMs, activeAtMs }) => seenAtMs === activeAtMs),
  );
  return isActive ? STREAM_FORMS.two : STREAM_FORMS.three;
}

function remembersNames({ idempotency, idempotencyLimits: { durationMs, maxSize } }: Stream): boolean {
  if (durationMs !== DEFAULT_DURATION_MS || maxSize !== DEFAULT_MAX_SIZE) return true;
  return idempotency !== undefined && (idempotency.addedCount > 0 || idempotency.duplicateCount > 0);
}
