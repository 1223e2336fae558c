import { type ByteString, compareBytes } from '../bytes/byte-string.ts';
import { MAP_ENTRY_BYTES } from '../bytes/heap-bytes.ts';
import type { HeapTally } from '../bytes/heap-tally.ts';
import { textBytes } from '../bytes/text-bytes.ts';
import type { Integer } from '../numbers/integer.ts';
import { Consumer } from './consumer.ts';
import { PendingByTime } from './pending-by-time.ts';
import { PendingEntry } from './pending-entry.ts';
import { SortedById } from './sorted-by-id.ts';
import type { StreamId } from './stream-id.ts';

// What a group takes of the host's memory without what is in it, and more when something is pending.
const GROUP_BYTES = 420 + MAP_ENTRY_BYTES;
const BUSY_GROUP_BYTES = 300;
// A consumer without its name, and more when something is pending with it.
const CONSUMER_BYTES = 185;
const BUSY_CONSUMER_BYTES = 300;
/** A pending entry, with its places in both orders by id; and its place in the order by time. */
const PENDING_BYTES = 120;
const TIMED_BYTES = 79;

/**
 * A consumer group of a stream: how far it has read, who reads, and what was given out and not acknowledged.
 *
 * A pending entry is one object in up to three orders: its group's and its consumer's by id, and its group's by time.
 *
 *     group.pending        1-0   2-0   3-0   4-0            every entry
 *                           │     │     │     │
 *     alice.pending        1-0    │    3-0    │             those that alice has
 *     bob.pending                2-0    │     │             those that bob has
 *                           │     │     │     │
 *     by time        4-0   2-0   1-0   3-0                  4-0 was released: nobody has it, and it is the first
 *
 * The order by time serves those who claim what lies idle. Until somebody asks for it, it does not exist and costs nothing;
 * then it is kept.
 *
 * Invariants:
 *
 * 1. {@link pending} has exactly the entries that its consumers have and the released ones.
 * 2. An entry with a consumer is in that consumer's `pending`, and that consumer is in this group. One without was
 *    released: it was delivered at 0.
 * 3. {@link nackedCount} is the number of the released ones.
 * 4. The order by time, if there is one, has exactly the entries of {@link pending} but those set aside, each in its place.
 * 5. The turns of the entries are all different and less than the next one.
 * 6. The consumers in byte order, if known, are all consumers.
 * 7. `busyCount` of the consumers have something pending; the names of all take `nameBytes`.
 * 8. Where there is a tally, the group counts in it for `talliedBytes`, which is what it takes.
 */
export class ConsumerGroup {
  readonly name: ByteString;
  /** The last id that was given out as new. */
  lastDelivered: StreamId;
  /** How many entries of the stream it has read, as far as that is known; -1: unknown. */
  entriesRead: Integer;
  /** What was given out and not acknowledged. To be changed only by the methods of the group. */
  readonly pending: SortedById<PendingEntry>;

  private readonly consumersByName = new Map<ByteString, Consumer>();
  private consumersInOrder: Consumer[] | undefined;
  private byTime: PendingByTime | undefined;
  /** How many pending entries are not in the order by time. */
  private asideCount = 0;
  private released = 0;
  private nextTurn = 0;
  private busyCount = 0;
  private nameBytes = 0;
  private tally: HeapTally | undefined;
  private talliedBytes = 0;
  /** Whether there was an order by time when the group changed last: making one, as a reader may, is no change. */
  private isTimeTallied = false;

  constructor(
    name: ByteString,
    lastDelivered: StreamId,
    entriesRead: Integer = -1,
    pending = new SortedById<PendingEntry>(),
  ) {
    this.name = name;
    this.lastDelivered = lastDelivered;
    this.entriesRead = entriesRead;
    this.pending = pending;
  }

  /** How many pending entries are released: nobody has them. O(1). */
  get nackedCount(): number {
    return this.released;
  }

  /** O(1). */
  get consumerCount(): number {
    return this.consumersByName.size;
  }

  /** The consumers in byte order of their names. O(n), O(n log n) after one came or went. */
  consumers(): readonly Consumer[] {
    this.consumersInOrder ??= [...this.consumersByName.values()].sort((a, b) => compareBytes(a.name, b.name));
    return this.consumersInOrder;
  }

  /** O(1). */
  consumer(name: ByteString): Consumer | undefined {
    return this.consumersByName.get(name);
  }

  /** The consumer of that name, made if there is none: then it was seen now, and never active. O(1). */
  addConsumer(name: ByteString, nowMs: number): Consumer {
    const known = this.consumersByName.get(name);
    if (known !== undefined) return known;
    const consumer = new Consumer(name, nowMs);
    this.consumersByName.set(name, consumer);
    this.consumersInOrder = undefined;
    this.nameBytes += textBytes(name);
    this.changed();
    return consumer;
  }

  /**
   * Takes a consumer out, and all that it has pending. O(k log n) for so many.
   *
   * @returns the consumer with what it had pending, if there was one of that name
   */
  removeConsumer(name: ByteString): Consumer | undefined {
    const consumer = this.consumersByName.get(name);
    if (consumer === undefined) return undefined;
    this.consumersByName.delete(name);
    this.consumersInOrder = undefined;
    this.nameBytes -= textBytes(name);
    if (consumer.pending.size > 0) this.busyCount--;
    for (const entry of consumer.pending) {
      this.pending.delete(entry);
      this.leaveTimeOrder(entry);
    }
    this.changed();
    return consumer;
  }

  /**
   * Gives an entry to a consumer, though somebody else may have it: it is pending. O(log n), O(1) for the greatest id.
   *
   * @param count how often it was given out, this time included
   */
  deliver(id: StreamId, consumer: Consumer, nowMs: number, count: Integer = 1): PendingEntry {
    const known = this.pending.get(id);
    if (known !== undefined) {
      this.assign(known, consumer, nowMs, count);
      return known;
    }
    const entry = new PendingEntry(id, consumer, nowMs, count, this.nextTurn++);
    this.pending.set(entry);
    this.hand(entry, consumer);
    this.byTime?.add(entry);
    this.changed();
    return entry;
  }

  /** Gives a pending entry, released or not, to a consumer, as if delivered at that time and so often. O(log n). */
  assign(entry: PendingEntry, consumer: Consumer, deliveredAtMs: number, deliveryCount: Integer): void {
    this.leaveTimeOrder(entry);
    if (entry.consumer !== consumer) {
      this.withdraw(entry);
      entry.consumer = consumer;
      this.hand(entry, consumer);
    }
    entry.deliveredAtMs = deliveredAtMs;
    entry.deliveryCount = deliveryCount;
    entry.turn = this.nextTurn++;
    this.byTime?.add(entry);
    this.changed();
  }

  /**
   * Takes a pending entry from whoever has it: it is pending still, nobody has it, and whoever claims next gets it after
   * those that were released before. O(log n).
   */
  release(entry: PendingEntry, deliveryCount: Integer): void {
    this.leaveTimeOrder(entry);
    this.withdraw(entry);
    this.released++;
    entry.consumer = undefined;
    entry.deliveredAtMs = 0;
    entry.deliveryCount = deliveryCount;
    entry.turn = this.nextTurn++;
    this.byTime?.add(entry);
    this.changed();
  }

  /** Makes an entry that is not pending a released one. O(log n), O(1) for the greatest id. */
  addReleased(id: StreamId, deliveryCount: Integer): PendingEntry {
    const entry = new PendingEntry(id, undefined, 0, deliveryCount, this.nextTurn++);
    this.pending.set(entry);
    this.released++;
    this.byTime?.add(entry);
    this.changed();
    return entry;
  }

  /** The entry is done with: no longer pending. O(log n). @returns what was pending, `undefined` if that id was not */
  acknowledge(id: StreamId): PendingEntry | undefined {
    const entry = this.pending.delete(id);
    if (entry === undefined) return undefined;
    this.withdraw(entry);
    this.leaveTimeOrder(entry);
    this.changed();
    return entry;
  }

  /**
   * The pending entries that have been idle for at least so long: the released ones, in the order of their release, then
   * the others, the longest idle first. A time that is yet to come counts as idle for 0 ms. What is yielded may be
   * assigned, released and acknowledged at once: nothing is yielded twice. O(log n) for each; the first time O(n log n).
   */
  idle(minIdleMs: number, nowMs: number): Iterable<PendingEntry> {
    return this.timeOrder().idle(minIdleMs, nowMs, this.nextTurn);
  }

  /**
   * Leaves an entry out of what {@link idle} yields, until it is given to somebody or released: it is gone from the stream,
   * and whoever claims shall not look at it again and again. O(log n).
   */
  setAside(entry: PendingEntry): void {
    if (this.byTime?.remove(entry) === true) this.asideCount++;
  }

  /** What was set aside may be yielded again. O(1), but the order by time is made anew when it is asked for. */
  takeBackAll(): void {
    if (this.asideCount === 0) return;
    this.byTime = undefined;
    this.asideCount = 0;
  }

  /** An independent copy. O(n). */
  clone(): ConsumerGroup {
    const pending = this.pending.clone(
      (entry) =>
        new PendingEntry(entry, entry.consumer, entry.deliveredAtMs, entry.deliveryCount, entry.turn),
    );
    const copy = new ConsumerGroup(this.name, this.lastDelivered, this.entriesRead, pending);
    copy.released = this.released;
    copy.nextTurn = this.nextTurn;
    for (const { name, seenAtMs, activeAtMs } of this.consumersByName.values()) {
      copy.addConsumer(name, seenAtMs).activeAtMs = activeAtMs;
    }
    for (const entry of pending) {
      if (entry.consumer === undefined) continue;
      entry.consumer = copy.consumer(entry.consumer.name)!;
      copy.hand(entry, entry.consumer);
    }
    return copy;
  }

  // ── memory ───────────────────────────────────────────────────────────────────────────────────────────────

  /** From now on, what it takes of the host's memory is part of this tally. O(1). */
  joinTally(tally: HeapTally): void {
    this.tally = tally;
    this.talliedBytes = 0;
    this.changed();
  }

  /** It is no longer part of its tally. O(1). */
  leaveTally(): void {
    if (this.tally !== undefined) this.tally.bytes -= this.talliedBytes;
    this.tally = undefined;
  }

  private changed(): void {
    if (this.tally === undefined) return;
    this.isTimeTallied = this.byTime !== undefined;
    const bytes = this.heapBytes();
    this.tally.bytes += bytes - this.talliedBytes;
    this.talliedBytes = bytes;
  }

  private heapBytes(): number {
    const { size } = this.pending;
    let bytes = GROUP_BYTES + textBytes(this.name) + (size > 0 ? BUSY_GROUP_BYTES : 0);
    bytes +=
      this.consumersByName.size * CONSUMER_BYTES + this.nameBytes + this.busyCount * BUSY_CONSUMER_BYTES;
    return bytes + size * (this.isTimeTallied ? PENDING_BYTES + TIMED_BYTES : PENDING_BYTES);
  }

  // ── parts of changes ─────────────────────────────────────────────────────────────────────────────────────

  /** The consumer has it from now on. */
  private hand(entry: PendingEntry, { pending }: Consumer): void {
    pending.set(entry);
    if (pending.size === 1) this.busyCount++;
  }

  /** Whoever has it has it no more. */
  private withdraw(entry: PendingEntry): void {
    if (entry.consumer === undefined) {
      this.released--;
      return;
    }
    const { pending } = entry.consumer;
    pending.delete(entry);
    if (pending.size === 0) this.busyCount--;
  }

  private leaveTimeOrder(entry: PendingEntry): void {
    if (this.byTime !== undefined && !this.byTime.remove(entry)) this.asideCount--;
  }

  private timeOrder(): PendingByTime {
    this.byTime ??= new PendingByTime(this.pending);
    return this.byTime;
  }

  /** For tests: throws if an invariant does not hold. O(n log n). */
  checkInvariants(): void {
    this.pending.checkInvariants();
    let held = 0;
    for (const [name, consumer] of this.consumersByName) {
      if (consumer.name !== name) throw new Error('2: a consumer goes by another name');
      consumer.pending.checkInvariants();
      for (const entry of consumer.pending) {
        if (entry.consumer !== consumer || this.pending.get(entry) !== entry) {
          throw new Error('2: a consumer has an entry that is not its own');
        }
        held++;
      }
    }
    this.checkMemory();
    const turns = new Set<number>();
    let released = 0;
    for (const entry of this.pending) {
      turns.add(entry.turn);
      if (entry.turn >= this.nextTurn) throw new Error('5: a turn is to come');
      if (entry.consumer === undefined) {
        released++;
        if (entry.deliveredAtMs !== 0) throw new Error('2: released, but delivered some time');
      } else if (this.consumersByName.get(entry.consumer.name) !== entry.consumer) {
        throw new Error('2: the consumer of an entry is not in the group');
      }
    }
    if (held + released !== this.pending.size) throw new Error('1: some pending entries are nowhere else');
    if (released !== this.released) throw new Error(`3: nackedCount ${this.released}, but ${released}`);
    if (turns.size !== this.pending.size) throw new Error('5: a turn occurs twice');
    if (this.byTime !== undefined) {
      this.byTime.checkInvariants();
      if (this.byTime.size + this.asideCount !== this.pending.size)
        throw new Error('4: pending by time differ');
      for (const entry of this.byTime.idle(0, 0, this.nextTurn)) {
        if (this.pending.get(entry) !== entry) throw new Error('4: not pending, but in the order by time');
      }
    }
    this.checkOrder();
  }

  private checkMemory(): void {
    const consumers = [...this.consumersByName.values()];
    const busyCount = consumers.filter(({ pending }) => pending.size > 0).length;
    const nameBytes = consumers.reduce((sum, { name }) => sum + textBytes(name), 0);
    if (busyCount !== this.busyCount || nameBytes !== this.nameBytes)
      throw new Error('7: consumers are counted wrong');
    if (this.tally !== undefined && this.talliedBytes !== this.heapBytes())
      throw new Error(`8: ${this.talliedBytes} bytes in the tally, but ${this.heapBytes()}`);
  }

  private checkOrder(): void {
    const inOrder = this.consumersInOrder;
    if (inOrder === undefined) return;
    if (inOrder.length !== this.consumersByName.size) throw new Error('6: consumers in order differ');
    inOrder.forEach((consumer, at) => {
      const before = inOrder[at - 1];
      if (this.consumersByName.get(consumer.name) !== consumer) throw new Error('6: a consumer is not there');
      if (before !== undefined && compareBytes(before.name, consumer.name) >= 0)
        throw new Error('6: consumers are not in order');
    });
  }
}
