import { type ByteString, compareBytes } from '../bytes/byte-string.ts';
import { HeapTally } from '../bytes/heap-tally.ts';
import type { Integer } from '../numbers/integer.ts';
import { successor } from '../numbers/unsigned.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { DEFAULT_DURATION_MS, DEFAULT_MAX_SIZE, Idempotency } from './idempotency.ts';
import type { BlockLimits } from './log-entry.ts';
import { compareIds, equalIds, MIN_ID, nextId, type StreamId } from './stream-id.ts';
import { StreamLog, type TrimPlan } from './stream-log.ts';

const NO_GROUPS: readonly ConsumerGroup[] = [];

// What a stream takes of the host's memory without entries and groups, what its ids do, and what the table of its groups does.
const STREAM_BYTES = 165;
const IDS_BYTES = 56;
const GROUPS_BYTES = 200;

/** How many entries a group has read, where that is not known. */
export const UNKNOWN = -1;

/**
 * A stream: its log, what is remembered of entries that are gone, and the groups that read it.
 *
 *     deleted ·  ·  ┌──────────────── log ─────────────────┐
 *     ids    1-0 2-0 3-0 4-0 5-0 6-0 7-0 8-0          lastId = 8-0
 *                          ↑           ↑
 *         group "mail", lastDelivered  │         5-0 … pending with its consumers until acknowledged
 *                     group "audit" ───┘
 *
 * Invariants:
 *
 * 1. No entry's id is greater than {@link lastId}, unless XSETID was told so; new ids are greater.
 * 2. {@link maxDeletedId} is no less than the greatest id that was deleted (not trimmed), or what XSETID said.
 * 3. {@link entriesAdded} counts all that were ever added, or what XSETID said; it is no less than the length.
 * 4. The tally, if there is one, is the sum of what the groups take: each says so when that changes.
 */
export class Stream {
  readonly log: StreamLog;
  /** The id last given to an entry, or set. */
  lastId: StreamId = MIN_ID;
  maxDeletedId: StreamId = MIN_ID;
  entriesAdded: Integer = 0;
  idempotency: Idempotency | undefined = undefined;
  /** What its {@link idempotency} begins with: the configuration when the stream was made. */
  private readonly idmpDurationMs: number;
  private readonly idmpMaxSize: number;
  /** Made with the first group: most streams have none. */
  private groupsByName: Map<ByteString, ConsumerGroup> | undefined = undefined;
  /** Made when somebody asks what the stream takes, and it has groups. */
  private groupTally: HeapTally | undefined = undefined;

  constructor(
    log = new StreamLog(),
    idmpDurationMs: number = DEFAULT_DURATION_MS,
    idmpMaxSize: number = DEFAULT_MAX_SIZE,
  ) {
    this.log = log;
    this.idmpDurationMs = idmpDurationMs;
    this.idmpMaxSize = idmpMaxSize;
  }

  /** How many entries there are. O(1). */
  get length(): number {
    return this.log.length;
  }

  /** The id of the first entry, 0-0 if there is none. O(1), but for the first time after it has changed. */
  get firstId(): StreamId {
    return this.log.firstId ?? MIN_ID;
  }

  // ── entries ──────────────────────────────────────────────────────────────────────────────────────────────

  /** Adds an entry whose id is greater than {@link lastId}. */
  append(
    id: StreamId,
    fields: readonly ByteString[],
    values: readonly ByteString[],
    limits: BlockLimits,
  ): void {
    this.log.append(id, fields, values, limits);
    this.lastId = id;
    this.entriesAdded = successor(this.entriesAdded) ?? this.entriesAdded;
  }

  /** Deletes an entry. O(log n). @returns whether it was there */
  delete(id: StreamId): boolean {
    if (!this.log.delete(id)) return false;
    if (compareIds(id, this.maxDeletedId) > 0) this.maxDeletedId = { ms: id.ms, seq: id.seq };
    return true;
  }

  /** Removes the oldest entries. @returns how many */
  trim(plan: TrimPlan): number {
    return this.log.trim(plan);
  }

  /** What it remembers of the names of messages, from now on: most streams never need it. */
  startIdempotency(): Idempotency {
    this.idempotency ??= new Idempotency(this.idmpDurationMs, this.idmpMaxSize);
    return this.idempotency;
  }

  /** For how long, and how many for each producer, names of messages are remembered. */
  get idempotencyLimits(): { readonly durationMs: number; readonly maxSize: number } {
    return this.idempotency ?? { durationMs: this.idmpDurationMs, maxSize: this.idmpMaxSize };
  }

  // ── groups ───────────────────────────────────────────────────────────────────────────────────────────────

  get groupCount(): number {
    return this.groupsByName?.size ?? 0;
  }

  group(name: ByteString): ConsumerGroup | undefined {
    return this.groupsByName?.get(name);
  }

  /** In the byte order of their names. */
  groups(): ConsumerGroup[] {
    return [...this.unsortedGroups()].sort((a, b) => compareBytes(a.name, b.name));
  }

  private unsortedGroups(): Iterable<ConsumerGroup> {
    return this.groupsByName?.values() ?? NO_GROUPS;
  }

  addGroup(group: ConsumerGroup): void {
    this.removeGroup(group.name);
    this.groupsByName ??= new Map();
    this.groupsByName.set(group.name, group);
    if (this.groupTally !== undefined) group.joinTally(this.groupTally);
  }

  removeGroup(name: ByteString): ConsumerGroup | undefined {
    const group = this.groupsByName?.get(name);
    if (group === undefined) return undefined;
    group.leaveTally();
    this.groupsByName!.delete(name);
    if (this.groupsByName!.size === 0) this.groupsByName = undefined;
    return group;
  }

  /** Whether some group still has to do with the entry: it is pending, or it was not yet delivered. O(groups · log n). */
  isReferenced(id: StreamId): boolean {
    for (const group of this.unsortedGroups()) {
      if (compareIds(id, group.lastDelivered) > 0 || group.pending.has(id)) return true;
    }
    return false;
  }

  /** Whether some group has it pending. O(groups · log n). */
  isPending(id: StreamId): boolean {
    for (const group of this.unsortedGroups()) if (group.pending.has(id)) return true;
    return false;
  }

  /** It is pending nowhere any more. O(groups · log n). @returns whether it was */
  dropReferences(id: StreamId): boolean {
    let dropped = false;
    for (const group of this.unsortedGroups()) {
      if (group.acknowledge(id) !== undefined) dropped = true;
    }
    return dropped;
  }

  // ── how far a group has come ─────────────────────────────────────────────────────────────────────────────

  /** The group was given the entry with this id, which is greater than what it was given before. */
  advance(group: ConsumerGroup, id: StreamId): void {
    const { entriesRead, lastDelivered } = group;
    const isCounted =
      entriesRead !== UNKNOWN &&
      compareIds(lastDelivered, this.firstId) >= 0 &&
      !this.mayHaveDeletedFrom(lastDelivered);
    if (isCounted) group.entriesRead = successor(entriesRead) ?? entriesRead;
    else if (this.entriesAdded !== 0) group.entriesRead = this.entriesUpTo(id) ?? UNKNOWN;
    group.lastDelivered = { ms: id.ms, seq: id.seq };
  }

  /** How many entries the group still has to be given, `undefined` where deletions make that unknown. O(1). */
  lag({ entriesRead, lastDelivered }: ConsumerGroup): Integer | undefined {
    if (this.length === 0) return 0;
    const { firstId, maxDeletedId } = this;
    if (compareIds(lastDelivered, firstId) < 0 && compareIds(maxDeletedId, firstId) < 0) return this.length;
    if (entriesRead !== UNKNOWN && !this.mayHaveDeletedFrom(lastDelivered))
      return this.addedAfter(entriesRead);
    const read = this.entriesUpTo(lastDelivered);
    return read === undefined ? undefined : this.addedAfter(read);
  }

  /** How many entries were added up to this id, as far as that can be told, else {@link UNKNOWN}. O(1). */
  estimateRead(id: StreamId): Integer {
    return this.entriesUpTo(id) ?? UNKNOWN;
  }

  /** A count of entries read is never greater than that of those added. */
  atMostAdded(read: Integer): Integer {
    return read > this.entriesAdded ? this.entriesAdded : read;
  }

  private addedAfter(read: Integer): Integer {
    return subtractIntegers(this.entriesAdded, read);
  }

  /** Whether an entry with this id or a greater one may have been deleted. */
  private mayHaveDeletedFrom(id: StreamId): boolean {
    if (this.length === 0 || equalIds(this.maxDeletedId, MIN_ID)) return false;
    return compareIds(id, this.maxDeletedId) <= 0;
  }

  /** How many entries were ever added up to this id, `undefined` where that is not known without having counted. */
  private entriesUpTo(id: StreamId): Integer | undefined {
    if (this.entriesAdded === 0) return 0;
    const { lastId, firstId, maxDeletedId } = this;
    const toLast = compareIds(id, lastId);
    if (this.length === 0 && toLast <= 0) return this.entriesAdded;
    if (!equalIds(id, MIN_ID) && compareIds(id, maxDeletedId) < 0) return undefined;
    if (toLast >= 0) return toLast === 0 ? this.entriesAdded : undefined;
    if (!equalIds(maxDeletedId, MIN_ID) && compareIds(maxDeletedId, firstId) >= 0) return undefined;
    const toFirst = compareIds(id, firstId);
    if (toFirst > 0) return undefined;
    return this.addedAfter(toFirst < 0 ? this.length : this.length - 1);
  }

  // ── whole ────────────────────────────────────────────────────────────────────────────────────────────────

  /** The id after the last one at this time: what `*` stands for. `undefined` if no greater one is left. */
  nextIdAt(nowMs: number): StreamId | undefined {
    return nowMs > this.lastId.ms ? { ms: nowMs, seq: 0 } : nextId(this.lastId);
  }

  /** About what it takes of the host's memory. O(1), O(n) when it is asked first. */
  get heapBytes(): number {
    const idempotencyBytes = this.idempotency?.heapBytes ?? 0;
    const idsBytes = this.lastId === MIN_ID ? 0 : IDS_BYTES;
    return STREAM_BYTES + idsBytes + this.log.heapBytes + this.groupsBytes() + idempotencyBytes;
  }

  private groupsBytes(): number {
    if (this.groupsByName === undefined) return 0;
    if (this.groupTally === undefined) {
      this.groupTally = new HeapTally();
      for (const group of this.unsortedGroups()) group.joinTally(this.groupTally);
    }
    return GROUPS_BYTES + this.groupTally.bytes;
  }

  /** An independent copy. O(blocks + pending). */
  clone(): Stream {
    return this.copyWith(
      this.log.clone(),
      [...this.unsortedGroups()].map((group) => group.clone()),
    );
  }

  /** What makes such a copy, once and later, of the stream as it is now. */
  save(): () => Stream {
    const makeLog = this.log.save();
    const rest = this.copyWith(
      new StreamLog(),
      [...this.unsortedGroups()].map((group) => group.clone()),
    );
    return () => rest.copyWith(makeLog(), rest.groups());
  }

  private copyWith(log: StreamLog, groups: readonly ConsumerGroup[]): Stream {
    const copy = new Stream(log, this.idmpDurationMs, this.idmpMaxSize);
    copy.lastId = this.lastId;
    copy.maxDeletedId = this.maxDeletedId;
    copy.entriesAdded = this.entriesAdded;
    copy.idempotency = this.idempotency?.clone();
    for (const group of groups) copy.addGroup(group);
    return copy;
  }

  /** For tests: throws if an invariant does not hold. O(n). */
  checkInvariants(): void {
    this.log.checkInvariants();
    for (const [name, group] of this.groupsByName ?? []) {
      if (group.name !== name) throw new Error(`group ${name} is called ${group.name}`);
      group.checkInvariants();
    }
    if (this.entriesAdded < this.length) throw new Error('3: fewer entries added than there are');
    this.idempotency?.checkInvariants();
    const { groupTally } = this;
    if (groupTally === undefined) return;
    const tallied = groupTally.bytes;
    for (const group of this.unsortedGroups()) group.leaveTally();
    if (groupTally.bytes !== 0) throw new Error(`4: ${groupTally.bytes} bytes in the tally of nothing`);
    for (const group of this.unsortedGroups()) group.joinTally(groupTally);
    if (groupTally.bytes !== tallied) throw new Error(`4: ${tallied} bytes, but ${groupTally.bytes}`);
  }
}

function subtractIntegers(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const difference = BigInt(a) - BigInt(b);
  const asNumber = Number(difference);
  return Number.isSafeInteger(asNumber) ? asNumber : difference;
}
