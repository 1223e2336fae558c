import type { ByteString, Bytes } from '../bytes/byte-string.ts';
import type { Many } from '../bytes/many.ts';
import { errors } from '../errors.ts';
import { requireInt64 } from '../keyspace/arguments.ts';
import { Operations, type Output, type Text } from '../keyspace/operations.ts';
import { type Integer, MAX_INT64, toInteger } from '../numbers/integer.ts';
import {
  NO_OPTIONS,
  REFERENCE_OPTIONS,
  requireKnown,
  requireReferences,
  XNACK_OPTIONS,
} from './known-options.ts';
import type { PendingEntry } from './pending-entry.ts';
import { requireIds } from './stream-arguments.ts';
import { streamEvents } from './stream-events.ts';
import { formatId } from './stream-id.ts';
import type { NackMode, ReferenceOptions, References, XnackOptions } from './stream-options.ts';
import { STREAM } from './stream-value.ts';

/** What became of an entry: gone, never there (or, for `xackdel`, not pending), or kept because of a group. */
type Deleted = 1 | -1 | 2;

/** Entries and the groups that still have to do with them: deleting with regard to these, and giving back. */
export abstract class ReferenceOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Deletes entries of a stream with regard to where they are pending. Returns for each 1 if it was deleted, -1 if it was
   * not there, and 2 if it stays because some group still has to do with it (`references: 'acked'`: it is pending there, or
   * was not yet delivered). O(groups · log n) for each. Redis 8.2.0.
   *
   * @throws ReplyError if an id is none, or no id is given; WRONGTYPE if the key holds something else
   * @example
   * store.xdelex('events', ['1-0', '2-0'], { references: 'acked' }); // [1, 2]
   */
  xdelex(key: Bytes, ids: Many, options: ReferenceOptions = NO_OPTIONS): number[] {
    const references = policyOf(options);
    const name = this.input(key);
    const given = this.inputMany(ids);
    if (given.length === 0) throw errors.idsNotPositive();
    const { database } = this;
    const stream = database.getForWrite(name, STREAM);
    if (stream === undefined) return given.map(() => -1);
    const all = requireIds(given);
    let dropped = false;
    const outcomes = all.map((id): Deleted => {
      if (references === 'acked' && stream.isReferenced(id)) return 2;
      if (references === 'delref' && stream.dropReferences(id)) dropped = true;
      return stream.delete(id) ? 1 : -1;
    });
    this.tellEntriesDeleted(name, outcomes, dropped, () => [
      ...['XDELEX', name, references.toUpperCase()],
      ...['IDS', String(all.length), ...all.map(formatId)],
    ]);
    return outcomes;
  }

  /**
   * Says that entries have been dealt with in a group, and deletes them with regard to the other groups. Returns for each 1
   * if it is acknowledged and gone, -1 if it was not pending in the group, and 2 if it is acknowledged, but stays
   * because some group still has to do with it (`references: 'acked'`). O(groups · log n) for each. Redis 8.2.0.
   *
   * @throws ReplyError if an id is none, or no id is given; WRONGTYPE if the key holds something else
   */
  xackdel(key: Bytes, group: Bytes, ids: Many, options: ReferenceOptions = NO_OPTIONS): number[] {
    const references = policyOf(options);
    const name = this.input(key);
    const given = this.inputMany(ids);
    if (given.length === 0) throw errors.idsNotPositive();
    const { database } = this;
    const stream = database.getForWrite(name, STREAM);
    const found = stream?.group(this.input(group));
    if (stream === undefined || found === undefined) return given.map(() => -1);
    const all = requireIds(given);
    const outcomes = all.map((id): Deleted => {
      if (found.acknowledge(id) === undefined) return -1;
      if (references === 'acked' && stream.isReferenced(id)) return 2;
      if (references === 'delref') stream.dropReferences(id);
      stream.delete(id);
      return 1;
    });
    const acknowledged = outcomes.some((outcome) => outcome !== -1);
    this.tellEntriesDeleted(name, outcomes, acknowledged, () => [
      ...['XACKDEL', name, found.name, references.toUpperCase()],
      ...['IDS', String(all.length), ...all.map(formatId)],
    ]);
    return outcomes;
  }

  /** The same command does the same again: it follows from what there is. */
  private tellEntriesDeleted(
    key: ByteString,
    outcomes: readonly Deleted[],
    hasChangedGroups: boolean,
    effect: () => Bytes[],
  ): void {
    const { database } = this;
    const isDeleted = outcomes.includes(1);
    if (!isDeleted && !hasChangedGroups) return;
    const isRecording = isDeleted ? database.changed(key, streamEvents.xdel) : database.changedSilently(key);
    if (isRecording) database.effectOf(effect());
  }

  /**
   * Gives entries back to their group: they stay pending, nobody has them, and whoever claims next gets them first. The mode
   * says how that counts: `silent` as if it had not been delivered, `fail` as a delivery, `fatal` as so many that everybody
   * gives up. Returns how many were given back. O(log n) for each. Redis 8.8.0.
   *
   * @throws ReplyError if an id or the count is none, or NOGROUP if there is no such stream or group; WRONGTYPE if the key
   * holds something else
   * @example
   * store.xnack('events', 'mailers', 'fail', ['1526919030474-0']);
   */
  xnack(key: Bytes, group: Bytes, mode: NackMode, ids: Many, options: XnackOptions = NO_OPTIONS): number {
    requireKnown(options, XNACK_OPTIONS);
    const name = this.input(key);
    const groupName = this.input(group);
    const { database } = this;
    const stream = database.getForWrite(name, STREAM);
    const found = stream?.group(groupName);
    if (stream === undefined || found === undefined) throw errors.noKeyOrGroup(name, groupName);
    if (!MODES.has(mode)) throw errors.nackMode();
    const { retrycount, force = false } = options;
    const count = retrycount === undefined ? undefined : toInteger(requireInt64(retrycount))!;
    if (count !== undefined && count < 0) throw errors.nackRetryCountNegative();
    const given = this.inputMany(ids);
    if (given.length === 0) throw errors.nackNumidsNotPositive();
    const released: PendingEntry[] = [];
    for (const id of requireIds(given)) {
      const pending = found.pending.get(id);
      if (pending !== undefined) {
        found.release(pending, count ?? releasedCount(mode, pending.deliveryCount));
        released.push(pending);
      } else if (force && stream.log.has(id)) {
        released.push(found.addReleased(id, count ?? (mode === 'fatal' ? MAX_INT64 : 0)));
      }
    }
    if (released.length > 0 && database.changedSilently(name)) {
      for (const entry of released) {
        database.effect(
          ...['XNACK', name, groupName, 'FAIL', 'IDS', '1', formatId(entry)],
          ...['RETRYCOUNT', String(entry.deliveryCount), 'FORCE'],
        );
      }
    }
    return released.length;
  }
}

function policyOf(options: ReferenceOptions): References {
  requireKnown(options, REFERENCE_OPTIONS);
  const { references = 'keepref' } = options;
  requireReferences(references);
  return references;
}

const MODES: ReadonlySet<NackMode> = new Set(['silent', 'fail', 'fatal']);

function releasedCount(mode: NackMode, before: Integer): Integer {
  if (mode === 'fatal') return MAX_INT64;
  if (mode === 'fail' || before === 0) return before;
  return toInteger(BigInt(before) - 1n)!;
}
