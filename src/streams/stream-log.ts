import type { ByteString } from '../bytes/byte-string.ts';
import { LogBlock } from './log-block.ts';
import type { BlockLimits, EntryVisitor, LogEntry } from './log-entry.ts';
import { countRadixNodes } from './radix-nodes.ts';
import { SortedById } from './sorted-by-id.ts';
import { compareIds, equalIds, MAX_ID, MIN_ID, type StreamId } from './stream-id.ts';

/** Which entries {@link StreamLog.trim} takes away, from the oldest on. */
export interface TrimPlan {
  /** So many may stay. */
  readonly maxLength?: number | undefined;
  /** This one and those after it may stay. Used if there is no `maxLength`. */
  readonly minId?: StreamId | undefined;
  /** Whole blocks only. */
  readonly isApproximate?: boolean;
  /** No more than so many go, where only whole blocks do. 0 or none: no limit. */
  readonly limit?: number;
  /** Entries that must stay are passed over. */
  readonly mayRemove?: ((id: StreamId) => boolean) | undefined;
  /** Called with each entry that goes. */
  readonly onRemoved?: ((id: StreamId) => void) | undefined;
}

/**
 * The entries of a stream, in the order of their ids.
 *
 * They lie in blocks. Which entries share a block is visible in Redis, in what approximate trimming leaves and in XINFO
 * STREAM, and so it is the same here. The last block is open; the ones before it are packed. A stream of one block
 * has no directory.
 *
 *     earlier  [ block 1-1 (100) │ block 1-101 (100) │ … ]      packed, in order of their first ids
 *     tail       block 9-5 (17)                                 open, unless all after it was deleted
 *
 * Invariants:
 *
 * 1. All ids of {@link earlier} are before the tail's; without a tail there is no earlier block.
 * 2. Each block's last entry is before the next block.
 * 3. {@link length} is the sum of theirs. A block is without entries only if trimming by id took the last of them while
 *    a deleted one after it was not to be trimmed, as in Redis.
 * 4. What is remembered of the first id and the number of nodes is so.
 * 5. {@link countedBytes} is -1 until somebody asks, and from then on the sum of what the blocks take, where a shape that a
 *    block has from the one before it counts once.
 */
export class StreamLog {
  private earlier: SortedById<LogBlock> | undefined = undefined;
  private tail: LogBlock | undefined = undefined;
  private liveCount = 0;
  /** The first entry's id, unless that has to be looked for, and the count of nodes, unless that has to be made. */
  private knownFirstId: StreamId | undefined = undefined;
  private knownNodeCount: number | undefined = undefined;
  private countedBytes = -1;

  /** How many entries are there. O(1). */
  get length(): number {
    return this.liveCount;
  }

  /** How many blocks: `radix-tree-keys` of XINFO STREAM. O(1). */
  get blockCount(): number {
    return (this.earlier?.size ?? 0) + (this.tail === undefined ? 0 : 1);
  }

  /** `radix-tree-nodes` of XINFO STREAM. O(blocks) if there is another block, or one less, than when it was asked last. */
  radixNodeCount(): number {
    this.knownNodeCount ??= countRadixNodes(this.blocks());
    return this.knownNodeCount;
  }

  /** About what it takes of the host's memory. O(1), O(n) when it is asked first. */
  get heapBytes(): number {
    if (this.countedBytes < 0) this.countedBytes = this.countBytes();
    return this.countedBytes;
  }

  private countBytes(): number {
    let bytes = 0;
    let before: LogBlock | undefined;
    for (const block of this.blocks()) {
      bytes += block.heapBytes - block.bytesSharedWith(before);
      before = block;
    }
    return bytes;
  }

  /** The block is, or (with -1) is no more, one of its own as it is now, right after `before`. O(1) while nobody has asked. */
  private countBlock(block: LogBlock, before: LogBlock | undefined, times: 1 | -1 = 1): void {
    if (this.countedBytes < 0) return;
    this.countedBytes += times * (block.heapBytes - block.bytesSharedWith(before));
  }

  /** The id of the first entry that is there. O(1), O(block) if another one was the first when it was asked last. */
  get firstId(): StreamId | undefined {
    if (this.knownFirstId === undefined && this.liveCount > 0) {
      const { ms, seq } = this.first!;
      this.knownFirstId = { ms, seq };
    }
    return this.knownFirstId;
  }

  /** The first entry that is there. O(block). */
  get first(): LogEntry | undefined {
    return this.firstIn('forEach', MIN_ID, MAX_ID);
  }

  /** The last entry that is there. O(block). */
  get last(): LogEntry | undefined {
    return this.firstIn('forEachReversed', MAX_ID, MIN_ID);
  }

  private firstIn(walk: 'forEach' | 'forEachReversed', from: StreamId, to: StreamId): LogEntry | undefined {
    let found: LogEntry | undefined;
    this[walk](from, to, (entry) => {
      found = entry;
      return false;
    });
    return found;
  }

  /**
   * Puts an entry at the end. Its id must be greater than that of every entry before it, deleted ones too. Keeps the arrays,
   * one value for each field. Nothing that is there moves: O(entry), and what packing a full block costs each of its entries.
   */
  append(
    id: StreamId,
    fields: readonly ByteString[],
    values: readonly ByteString[],
    limits: BlockLimits,
  ): void {
    const { tail } = this;
    this.liveCount++;
    if (tail?.hasRoomFor(fields, values, limits)) {
      if (this.countedBytes < 0) tail.append(id, fields, values);
      else this.appendCounted(tail, id, fields, values);
      return;
    }
    this.knownNodeCount = undefined;
    const opened = LogBlock.opening(id, fields, values, tail);
    this.tail = opened;
    if (tail !== undefined) {
      const before = this.earlier?.last;
      this.countBlock(tail, before, -1);
      tail.pack(before);
      this.countBlock(tail, before);
      this.earlier ??= new SortedById();
      this.earlier.set(tail);
    }
    this.countBlock(opened, tail);
  }

  private appendCounted(
    tail: LogBlock,
    id: StreamId,
    fields: readonly ByteString[],
    values: readonly ByteString[],
  ): void {
    // What an open block shares with the one before it stays as it is.
    const before = tail.isOpen ? undefined : this.earlier?.last;
    this.countBlock(tail, before, -1);
    tail.append(id, fields, values);
    this.countBlock(tail, before);
  }

  /** The entry with this id. O(log n + block). */
  get(id: StreamId): LogEntry | undefined {
    return this.blockFor(id)?.get(id);
  }

  /** O(log n + block). */
  has(id: StreamId): boolean {
    return this.blockFor(id)?.has(id) === true;
  }

  /** The block in which the entry with this id would be. */
  private blockFor(id: StreamId): LogBlock | undefined {
    const { tail } = this;
    if (tail !== undefined && compareIds(tail, id) <= 0) return tail;
    return this.earlier?.atOrBefore(id);
  }

  /** Takes the entry with this id away. O(log n + block). @returns whether it was there */
  delete(id: StreamId): boolean {
    const block = this.blockFor(id);
    if (block === undefined || !this.deleteIn(block, id)) return false;
    this.liveCount--;
    this.forgetFirst(id);
    if (block.length === 0) this.drop(block);
    return true;
  }

  private deleteIn(block: LogBlock, id: StreamId): boolean {
    this.countBlock(block, undefined, -1);
    const wasThere = block.delete(id);
    this.countBlock(block, undefined);
    return wasThere;
  }

  /** This entry is gone. */
  private forgetFirst(id: StreamId): void {
    const known = this.knownFirstId;
    if (known !== undefined && equalIds(known, id)) this.knownFirstId = undefined;
  }

  private drop(block: LogBlock): void {
    this.knownNodeCount = undefined;
    if (this.countedBytes >= 0) this.countWithout(block);
    if (block !== this.tail) {
      this.earlier?.delete(block);
      return;
    }
    const before = this.earlier?.last;
    if (before !== undefined) this.earlier?.delete(before);
    this.tail = before;
  }

  /** The block is about to go; the one after it then no longer shares with it, but may with the one before. */
  private countWithout(block: LogBlock): void {
    const before = this.earlier?.before(block);
    this.countBlock(block, before, -1);
    if (block === this.tail) return;
    const next = this.earlier?.after(block) ?? this.tail!;
    this.countBlock(next, block, -1);
    this.countBlock(next, before);
  }

  /**
   * Calls `visit` with the entries from `from` to `to`, both included, ascending, until it answers `false`. The stream must
   * not change meanwhile. O(log n + visited + block).
   */
  forEach(from: StreamId, to: StreamId, visit: EntryVisitor): void {
    const { earlier, tail } = this;
    if (earlier !== undefined && tail !== undefined && compareIds(from, tail) < 0) {
      for (const block of earlier.from(earlier.atOrBefore(from) ?? MIN_ID)) {
        if (compareIds(block, to) > 0 || !block.forEach(from, to, visit)) return;
      }
    }
    tail?.forEach(from, to, visit);
  }

  /** As {@link forEach}, descending from `from` to `to`. */
  forEachReversed(from: StreamId, to: StreamId, visit: EntryVisitor): void {
    const { earlier, tail } = this;
    if (tail?.forEachReversed(from, to, visit) !== true || earlier === undefined) return;
    let block = earlier.atOrBefore(from);
    while (block !== undefined && compareIds(block.lastId, to) >= 0) {
      if (!block.forEachReversed(from, to, visit)) return;
      block = earlier.before(block);
    }
  }

  /** The blocks, ascending. Nothing may change meanwhile. */
  *blocks(): Generator<LogBlock, void, undefined> {
    if (this.earlier !== undefined) yield* this.earlier;
    if (this.tail !== undefined) yield this.tail;
  }

  // ── trimming ─────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Takes the oldest entries away, as XTRIM does: whole blocks, and then, unless it is approximate, entries of the
   * next one. O(removed + log n); with `mayRemove`, what is passed over counts too.
   *
   * @returns how many went
   */
  trim(plan: TrimPlan): number {
    const { maxLength, minId, isApproximate = false, limit = 0, mayRemove } = plan;
    let removed = 0;
    let block = this.earlier?.first ?? this.tail;
    while (block !== undefined) {
      if (maxLength !== undefined && this.liveCount <= maxLength) break;
      if (maxLength === undefined && (minId === undefined || compareIds(block, minId) >= 0)) break;
      if (limit > 0 && removed + block.length > limit) break;
      const isWhole = this.isToGo(block, plan);
      // If not, the plan comes to its end in this block, though it may pass over entries there.
      const next = isWhole && block !== this.tail ? (this.earlier!.after(block) ?? this.tail) : undefined;
      if (isWhole && mayRemove === undefined) removed += this.removeBlock(block, plan);
      else if (isWhole || !isApproximate) removed += this.removeEntries(block, plan, isWhole);
      block = next;
    }
    return removed;
  }

  /** Whether all of it may go. */
  private isToGo(block: LogBlock, { maxLength, minId }: TrimPlan): boolean {
    if (maxLength !== undefined) return this.liveCount - block.length >= maxLength;
    return minId !== undefined && compareIds(block.lastId, minId) < 0;
  }

  private removeBlock(block: LogBlock, { onRemoved }: TrimPlan): number {
    if (onRemoved !== undefined) {
      block.forEachId((id) => {
        onRemoved(id);
      });
    }
    const { length } = block;
    this.liveCount -= length;
    this.knownFirstId = undefined;
    this.drop(block);
    return length;
  }

  /** Removes the oldest entries of a block until the plan says stop. */
  private removeEntries(block: LogBlock, plan: TrimPlan, isWhole: boolean): number {
    const { maxLength, minId, mayRemove, onRemoved } = plan;
    const going: StreamId[] = [];
    // There is one at least: else trimming would be over.
    const atMost = maxLength === undefined ? block.length : this.liveCount - maxLength;
    block.forEachId((id) => {
      if (maxLength === undefined && (minId === undefined || compareIds(id, minId) >= 0)) return false;
      if (mayRemove === undefined || mayRemove(id)) going.push(id);
      return going.length < atMost;
    });
    for (const id of going) {
      this.deleteIn(block, id);
      onRemoved?.(id);
    }
    this.liveCount -= going.length;
    this.knownFirstId = undefined;
    if (isWhole && block.length === 0) this.drop(block);
    return going.length;
  }

  // ── copies ───────────────────────────────────────────────────────────────────────────────────────────────

  /** A log of these blocks, which are all open. Each one's entries must be after those of the one before. O(n). */
  static of(blocks: readonly LogBlock[]): StreamLog {
    const log = new StreamLog();
    let before: LogBlock | undefined;
    for (const block of blocks) {
      if (log.tail !== undefined) {
        log.earlier ??= new SortedById();
        log.tail.pack(before);
        log.earlier.set(log.tail);
        before = log.tail;
      }
      log.tail = block;
      log.liveCount += block.length;
    }
    return log;
  }

  /** An independent copy, which shares what packed blocks hold. O(blocks + block). */
  clone(): StreamLog {
    const copy = new StreamLog();
    copy.earlier = this.earlier?.clone((block) => block.clone());
    copy.tail = this.tail?.clone();
    copy.liveCount = this.liveCount;
    return copy;
  }

  /** What makes, once and later, a log as this one is now. O(blocks + block). */
  save(): () => StreamLog {
    const copy = this.clone();
    return () => copy;
  }

  /** For tests: throws if an invariant does not hold. O(n). */
  checkInvariants(): void {
    this.earlier?.checkInvariants();
    if (this.tail === undefined && (this.earlier?.size ?? 0) > 0) throw new Error('1: blocks without a tail');
    let count = 0;
    let lastId: StreamId | undefined;
    for (const block of this.blocks()) {
      block.checkInvariants();
      if (lastId !== undefined && compareIds(lastId, block) >= 0) throw new Error('2: blocks overlap');
      lastId = block.lastId;
      count += block.length;
    }
    const { knownFirstId, knownNodeCount } = this;
    if (knownFirstId !== undefined && (this.first === undefined || !equalIds(knownFirstId, this.first)))
      throw new Error('4: another first id');
    if (knownNodeCount !== undefined && knownNodeCount !== countRadixNodes(this.blocks()))
      throw new Error('4: another number of nodes');
    if (count !== this.liveCount) throw new Error(`3: length ${this.liveCount}, but ${count}`);
    if (this.countedBytes >= 0 && this.countedBytes !== this.countBytes())
      throw new Error(`5: ${this.countedBytes} bytes of memory, but ${this.countBytes()}`);
  }
}
