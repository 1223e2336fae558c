import type { Bytes } from '../bytes/byte-string.ts';
import type { Many } from '../bytes/many.ts';
import { errors } from '../errors.ts';
import { requireInteger } from '../keyspace/arguments.ts';
import { Operations, type Output, type Text } from '../keyspace/operations.ts';
import type { Consumer } from './consumer.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { NO_OPTIONS, requireKnown, XPENDING_OPTIONS } from './known-options.ts';
import type { PendingEntry } from './pending-entry.ts';
import { requireIds, requireRangeEnd, requireRangeStart } from './stream-arguments.ts';
import { compareIds, formatId } from './stream-id.ts';
import type { XpendingOptions } from './stream-options.ts';
import type { PendingDetails, PendingSummary } from './stream-results.ts';
import { STREAM } from './stream-value.ts';

/** What is pending in a group: acknowledging and looking. */
export abstract class PendingOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Says that entries have been dealt with: they are no longer pending. Returns how many were.
   * O(log n) for each. Redis 5.0.0.
   *
   * @throws ReplyError if an id is none; WRONGTYPE if the key holds something else; not if there is no such group
   */
  xack(key: Bytes, group: Bytes, ids: Many): number {
    const name = this.input(key);
    const given = this.inputMany(ids);
    if (given.length === 0) throw errors.wrongArity('xack');
    const { database } = this;
    // Redis looks the key up as if to read.
    const found = database.getToRead(name, STREAM)?.group(this.input(group));
    if (found === undefined) return 0;
    database.beforeChangeInPlace(name);
    const acknowledged = requireIds(given).filter((id) => found.acknowledge(id) !== undefined);
    if (acknowledged.length > 0 && database.changedSilently(name)) {
      database.effectOf(['XACK', name, found.name, ...acknowledged.map(formatId)]);
    }
    return acknowledged.length;
  }

  /**
   * How many entries are pending in a group, from which id to which, and with whom. O(consumers). Redis 5.0.0.
   *
   * @throws ReplyError NOGROUP if there is no such stream or group; WRONGTYPE if the key holds something else
   */
  xpending(key: Bytes, group: Bytes): PendingSummary<O['string']> {
    const { pending, consumers } = this.groupToRead(key, group);
    const all = consumers.filter((consumer) => consumer.pending.size > 0);
    const { first, last } = pending;
    return {
      count: pending.size,
      minId: first === undefined ? null : formatId(first),
      maxId: last === undefined ? null : formatId(last),
      consumers: all.map((consumer) => ({ name: this.output(consumer.name), count: consumer.pending.size })),
    };
  }

  /**
   * Entries that are pending in a group, from one id to another (as those of `xrange`), up to `count`: who has each of
   * them, for how long, and how often it was delivered. O(log n + entries looked at). Redis 5.0.0.
   *
   * @throws ReplyError if an id is none, a number is no integer, or NOGROUP if there is no such stream or group;
   * WRONGTYPE if the key holds something else
   * @example
   * store.xpendingRange('events', 'mailers', '-', '+', 10, { idle: 60_000 });
   */
  xpendingRange(
    key: Bytes,
    group: Bytes,
    start: string,
    end: string,
    count: number,
    options: XpendingOptions = NO_OPTIONS,
  ): PendingDetails<O['string']>[] {
    requireKnown(options, XPENDING_OPTIONS);
    const { idle = 0, consumer } = options;
    requireInteger(count);
    requireInteger(idle);
    const from = requireRangeStart(start);
    const to = requireRangeEnd(end);
    const owner = consumer === undefined ? undefined : this.input(consumer);
    const { found } = this.groupToRead(key, group);
    const pending = owner === undefined ? found.pending : found.consumer(owner)?.pending;
    const details: PendingDetails<O['string']>[] = [];
    if (pending === undefined || count <= 0) return details;
    const nowMs = this.keyspace.now();
    for (const entry of pending.from(from)) {
      if (compareIds(entry, to) > 0) break;
      const idleMs = idleMsOf(entry, nowMs);
      if (idle > 0 && entry.consumer !== undefined && idleMs < idle) continue;
      details.push({
        id: formatId(entry),
        consumer: this.output(entry.consumer?.name ?? ''),
        idleMs,
        deliveryCount: entry.deliveryCount,
      });
      if (details.length === count) break;
    }
    return details;
  }

  /** @throws ReplyError if there is no such stream or group */
  private groupToRead(
    key: Bytes,
    group: Bytes,
  ): { found: ConsumerGroup; pending: ConsumerGroup['pending']; consumers: readonly Consumer[] } {
    const name = this.input(key);
    const groupName = this.input(group);
    const found = this.database.getToRead(name, STREAM)?.group(groupName);
    if (found === undefined) throw errors.noKeyOrGroup(name, groupName);
    return { found, pending: found.pending, consumers: found.consumers() };
  }
}

/** For how long an entry has been pending: -1 if it was released, 0 if it was delivered in the future. */
export function idleMsOf(entry: PendingEntry, nowMs: number): number {
  return entry.consumer === undefined ? -1 : Math.max(0, nowMs - entry.deliveredAtMs);
}
