import type { ByteString, Bytes } from '../bytes/byte-string.ts';
import type { Many } from '../bytes/many.ts';
import { errors } from '../errors.ts';
import { requireInt64, requireInteger } from '../keyspace/arguments.ts';
import { getToReadAndWrite } from '../keyspace/lookups.ts';
import type { Output, Text } from '../keyspace/operations.ts';
import { type Integer, toInteger } from '../numbers/integer.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { recordDelivery, recordProgress } from './group-effects.ts';
import {
  NO_OPTIONS,
  requireKnown,
  XAUTOCLAIM_JUSTID_OPTIONS,
  XAUTOCLAIM_OPTIONS,
  XCLAIM_JUSTID_OPTIONS,
  XCLAIM_OPTIONS,
} from './known-options.ts';
import type { LogEntry } from './log-entry.ts';
import { oneMoreDelivery, type PendingEntry } from './pending-entry.ts';
import { idleMsOf } from './pending-operations.ts';
import type { Stream } from './stream.ts';
import { requireId, requireRangeStart } from './stream-arguments.ts';
import type { StreamEntry } from './stream-entry.ts';
import { streamEvents } from './stream-events.ts';
import { compareIds, formatId, MIN_ID, type StreamId } from './stream-id.ts';
import type { XautoclaimOptions, XclaimOptions } from './stream-options.ts';
import type { Autoclaimed } from './stream-results.ts';
import { STREAM } from './stream-value.ts';
import { StreamView } from './stream-view.ts';

const DEFAULT_AUTOCLAIM_COUNT = 100;
/** So many pending entries XAUTOCLAIM looks at for each one that it may claim. */
const ATTEMPTS_PER_CLAIM = 10;
/** Beyond it, the size of the answer is no number to Redis. */
const GREATEST_AUTOCLAIM_COUNT = 2 ** 59;
/** Beyond it, Redis finds no memory for the answer. */
const GREATEST_AUTOCLAIM_ANSWER = 2 ** 43;

/** A group whose pending entries are claimed by a consumer. */
interface Claim {
  readonly key: ByteString;
  readonly stream: Stream;
  readonly group: ConsumerGroup;
  readonly consumer: ByteString;
  readonly nowMs: number;
}

/** How the claimed entries are to look afterwards. */
interface NewState {
  readonly deliveredAtMs: number;
  /** `undefined`: as it follows from what it was. */
  readonly deliveryCount: Integer | undefined;
  /** Whether only the id is asked for, which is no delivery. */
  readonly isJustId: boolean;
}

/** Taking over what is pending with others. */
export abstract class ClaimOperations<O extends Output = Text> extends StreamView<O> {
  /**
   * Takes over entries that have been pending for at least so many milliseconds, whoever has them, and returns those it
   * got. What is pending, but no longer in the stream, is not pending any more.
   * O(log n) for each. Redis 5.0.0.
   *
   * @throws ReplyError if an id or a number is none, or NOGROUP if there is no such stream or group; WRONGTYPE if the key
   * holds something else
   * @example
   * store.xclaim('events', 'mailers', 'bob', 60_000, ['1526919030474-0']);
   */
  xclaim(
    key: Bytes,
    group: Bytes,
    consumer: Bytes,
    minIdleMs: number,
    ids: Many,
    options: XclaimOptions = NO_OPTIONS,
  ): StreamEntry<O>[] {
    const output = this.outputOfView;
    return this.claimEach(key, group, consumer, minIdleMs, ids, options, false).map((entry) =>
      this.outputEntry(entry, output),
    );
  }

  /**
   * {@link xclaim}, but only the ids are returned, and it does not count as a delivery. Redis 5.0.0.
   *
   * @throws ReplyError as {@link xclaim}
   */
  xclaimJustid(
    key: Bytes,
    group: Bytes,
    consumer: Bytes,
    minIdleMs: number,
    ids: Many,
    options: XclaimOptions = NO_OPTIONS,
  ): string[] {
    return this.claimEach(key, group, consumer, minIdleMs, ids, options, true).map(formatId);
  }

  private claimEach(
    key: Bytes,
    group: Bytes,
    consumer: Bytes,
    minIdleMs: number,
    ids: Many,
    options: XclaimOptions,
    isJustId: boolean,
  ): LogEntry[] {
    requireKnown(options, isJustId ? XCLAIM_JUSTID_OPTIONS : XCLAIM_OPTIONS);
    const claim = this.startClaim(key, group, consumer);
    requireInteger(minIdleMs);
    const wanted = this.inputMany(ids).map(requireId);
    const state = newState(options, claim.nowMs, isJustId);
    const lastId = options.lastid === undefined ? undefined : requireId(options.lastid);
    if (lastId !== undefined && compareIds(lastId, claim.group.lastDelivered) > 0) {
      claim.group.lastDelivered = lastId;
      if (this.database.changedSilently(claim.key)) recordProgress(this.database, claim.key, claim.group);
    }
    this.seeClaimer(claim);
    const claimed: LogEntry[] = [];
    for (const id of wanted) {
      let pending = claim.group.pending.get(id);
      const entry = claim.stream.log.get(id);
      if (entry === undefined) {
        if (pending !== undefined) this.dropPending(claim, id);
        continue;
      }
      if (pending === undefined) {
        if (options.force !== true) continue;
        pending = claim.group.addReleased(id, 1);
      } else if (!isIdle(pending, minIdleMs, claim.nowMs)) continue;
      this.claimOne(claim, pending, state);
      claimed.push(entry);
    }
    return claimed;
  }

  /**
   * Looks through what is pending in a group, from an id on, and takes over what has been so for at least so many
   * milliseconds. Begins with `'0'`; the cursor says where to go on, and is `'0-0'` in the end.
   * O(log n + entries looked at), which are ten for each that may be claimed at most. Redis 6.2.0.
   *
   * @throws ReplyError if the id or a number is none, or NOGROUP if there is no such stream or group; WRONGTYPE if the key
   * holds something else
   * @example
   * const { entries, cursor } = store.xautoclaim('events', 'mailers', 'bob', 60_000, '0');
   */
  xautoclaim(
    key: Bytes,
    group: Bytes,
    consumer: Bytes,
    minIdleMs: number,
    start: string,
    options: XautoclaimOptions = NO_OPTIONS,
  ): Autoclaimed<StreamEntry<O>> {
    const output = this.outputOfView;
    const claimed = this.claimFrom(key, group, consumer, minIdleMs, start, options, false);
    const { cursor, entries, deletedIds } = claimed;
    return { cursor, entries: entries.map((entry) => this.outputEntry(entry, output)), deletedIds };
  }

  /**
   * {@link xautoclaim}, but only the ids are returned, and it does not count as a delivery. Redis 6.2.0.
   *
   * @throws ReplyError as {@link xautoclaim}
   */
  xautoclaimJustid(
    key: Bytes,
    group: Bytes,
    consumer: Bytes,
    minIdleMs: number,
    start: string,
    options: XautoclaimOptions = NO_OPTIONS,
  ): Autoclaimed<string> {
    const claimed = this.claimFrom(key, group, consumer, minIdleMs, start, options, true);
    const { cursor, entries, deletedIds } = claimed;
    return { cursor, entries: entries.map(formatId), deletedIds };
  }

  private claimFrom(
    key: Bytes,
    group: Bytes,
    consumer: Bytes,
    minIdleMs: number,
    start: string,
    options: XautoclaimOptions,
    isJustId: boolean,
  ): Autoclaimed<LogEntry> {
    requireKnown(options, isJustId ? XAUTOCLAIM_JUSTID_OPTIONS : XAUTOCLAIM_OPTIONS);
    requireInteger(minIdleMs);
    const from = requireRangeStart(start);
    const { count = DEFAULT_AUTOCLAIM_COUNT } = options;
    if (!Number.isInteger(count) || count < 1 || count >= GREATEST_AUTOCLAIM_COUNT)
      throw errors.autoclaimCount();
    const claim = this.startClaim(key, group, consumer);
    if (count >= GREATEST_AUTOCLAIM_ANSWER) throw errors.autoclaimCountTooHigh();
    this.seeClaimer(claim);
    const state: NewState = { deliveredAtMs: claim.nowMs, deliveryCount: undefined, isJustId };
    const entries: LogEntry[] = [];
    const deletedIds: string[] = [];
    let attempts = count * ATTEMPTS_PER_CLAIM;
    let pending = claim.group.pending.atOrAfter(from);
    for (; pending !== undefined && attempts > 0; attempts--) {
      if (entries.length + deletedIds.length >= count) break;
      const entry = claim.stream.log.get(pending);
      if (entry === undefined) {
        deletedIds.push(formatId(pending));
        this.dropPending(claim, pending);
      } else if (isIdle(pending, minIdleMs, claim.nowMs)) {
        this.claimOne(claim, pending, state);
        entries.push(entry);
      }
      pending = claim.group.pending.after(pending);
    }
    return { cursor: formatId(pending ?? MIN_ID), entries, deletedIds };
  }

  /** @throws ReplyError if there is no such stream or group */
  private startClaim(key: Bytes, group: Bytes, consumer: Bytes): Claim {
    const name = this.input(key);
    const groupName = this.input(group);
    // Redis looks the key up as if to read.
    const stream = getToReadAndWrite(this.database, name, STREAM);
    const found = stream?.group(groupName);
    if (stream === undefined || found === undefined) throw errors.noKeyOrGroup(name, groupName);
    this.database.beforeChangeInPlace(name);
    return { key: name, stream, group: found, consumer: this.input(consumer), nowMs: this.keyspace.now() };
  }

  /** Who claims is seen, whatever it gets. */
  private seeClaimer({ key, group, consumer, nowMs }: Claim): void {
    const known = group.consumer(consumer);
    if (known !== undefined) {
      known.seenAtMs = nowMs;
      return;
    }
    group.addConsumer(consumer, nowMs);
    if (this.database.changed(key, streamEvents.createConsumer)) {
      this.database.effect('XGROUP', 'CREATECONSUMER', key, group.name, consumer);
    }
  }

  private claimOne({ key, group, consumer, nowMs }: Claim, pending: PendingEntry, state: NewState): void {
    const { deliveredAtMs, deliveryCount, isJustId } = state;
    const before = pending.deliveryCount;
    const owner = group.consumer(consumer)!;
    group.assign(
      pending,
      owner,
      deliveredAtMs,
      deliveryCount ?? (isJustId ? before : oneMoreDelivery(before)),
    );
    owner.activeAtMs = nowMs;
    if (this.database.changedSilently(key)) recordDelivery(this.database, key, group, pending);
  }

  /** Its entry is gone: nobody has to deal with it. */
  private dropPending({ key, group }: Claim, id: StreamId): void {
    group.acknowledge(id);
    if (this.database.changedSilently(key)) this.database.effect('XACK', key, group.name, formatId(id));
  }
}

/** Whether it has been idle for so long. What was released is, for any time. */
function isIdle(pending: PendingEntry, minIdleMs: number, nowMs: number): boolean {
  return minIdleMs <= 0 || pending.consumer === undefined || idleMsOf(pending, nowMs) >= minIdleMs;
}

function newState({ idle, time, retrycount }: XclaimOptions, nowMs: number, isJustId: boolean): NewState {
  if (idle !== undefined) requireInteger(idle);
  if (time !== undefined) requireInteger(time);
  const asked = time ?? (idle === undefined ? nowMs : nowMs - idle);
  const count = retrycount === undefined ? undefined : toInteger(requireInt64(retrycount))!;
  return {
    // A time that is none, or yet to come, is taken for now.
    deliveredAtMs: asked < 0 || asked > nowMs ? nowMs : asked,
    deliveryCount: count === undefined || count < 0 ? undefined : count,
    isJustId,
  };
}
