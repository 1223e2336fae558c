import { type ByteString, byteLength } from '../bytes/byte-string.ts';
import { arrayBytes, pushedSlots, SLOT_BYTES, textsBytes } from '../bytes/heap-bytes.ts';
import type { Integer } from '../numbers/integer.ts';
import { signedDifference } from '../numbers/unsigned.ts';
import {
  LISTPACK_OVERHEAD_BYTES,
  listpackEntryBytes,
  listpackIntegerBytes,
} from '../structures/listpack-size.ts';
import { EntryShape } from './entry-shape.ts';
import type { BlockLimits, EntryVisitor, LogEntry } from './log-entry.ts';
import { PackedEntries } from './packed-entries.ts';
import { compareIds, equalIds, type StreamId } from './stream-id.ts';

/** A block never takes more than this, whatever the limit. */
const MAX_BLOCK_BYTES = 2 ** 30;
/** A byte string has no more bytes than this for each of its units. */
const MOST_BYTES_PER_UNIT = 3;
/** What a block takes of the host's memory, and its place in the log; and an entry of an open one, without the values. */
const BLOCK_BYTES = 180;
const ENTRY_BYTES = 72;
/** Among so many shapes it is looked for an entry's. */
const SHAPES_TO_TRY = 16;
/** The flags of an entry, the zero that ends the names, the two counts: integers of one byte. */
const SMALL_INTEGER_BYTES = 2;

/**
 * A run of a stream's entries, which opens with one and takes further ones until the listpack that Redis would keep them
 * in is full. It is a StreamId: that of its first entry, deleted or not.
 *
 *     listpack   entries │ deleted │ fields │ name … name │ 0 ║ flags │ ms │ seq │ value … value │ parts ║ flags …
 *                └───────────────── head ─────────────────┘     └───────────── entry ──────────────┘
 *
 * (An entry of other names than the head's also has their number, and each before its value.)
 *
 * As long as it is *open*, its entries are an array, and deleted ones move to another: in the listpack they stay, until the
 * block goes, and so here. A *packed* block takes no entry until it is opened again.
 *
 * Invariants:
 *
 * 1. {@link open} or {@link packed} is there, and not both.
 * 2. There are {@link length} entries, with ascending ids from its own to {@link lastMs}-{@link lastSeq}.
 * 3. The `fields` of the entries of an open block are those of one of its {@link shapes}; the first shape is the head's.
 * 4. {@link listpackBytes} is what Redis's listpack takes, with all entries there ever were.
 * 5. {@link buried} has deleted entries of an open block, with ascending ids; no id is there that an entry has. (All of
 *    them, but for those whose ids are no longer before the next one: see {@link append}.)
 * 6. {@link countedBytes} is -1 until somebody asks, and from then on what counting anew would come to.
 */
export class LogBlock implements StreamId {
  readonly ms: Integer;
  readonly seq: Integer;
  /** The last entry there ever was. */
  private lastMs: Integer;
  private lastSeq: Integer;
  private liveCount = 0;
  /** Redis counts entries for good when they are deleted, and until the block goes. */
  private deletedCount = 0;
  /** Of the listpack without the two counts. */
  private partBytes: number;
  private shapes: EntryShape[];
  /** Whether another block may have the very same array. */
  private isSharingShapes = false;
  private open: LogEntry[] | undefined = [];
  private buried: LogEntry[] | undefined = undefined;
  private packed: PackedEntries | undefined = undefined;
  /** What its entries and shapes take of the host's memory. */
  private countedBytes = -1;

  private constructor(id: StreamId, partBytes: number, shapes: EntryShape[]) {
    this.ms = id.ms;
    this.seq = id.seq;
    this.lastMs = id.ms;
    this.lastSeq = id.seq;
    this.partBytes = partBytes;
    this.shapes = shapes;
  }

  /** A block of one entry. What it can share with the block before it shares. O(entry). */
  static opening(
    id: StreamId,
    fields: readonly ByteString[],
    values: readonly ByteString[],
    before: LogBlock | undefined,
  ): LogBlock {
    const block = LogBlock.headed(id, fields, before);
    block.append(id, fields, values);
    return block;
  }

  /** A block without entries, to be filled at once, whose head has these names. O(fields). */
  static headed(id: StreamId, headFields: readonly ByteString[], before: LogBlock | undefined): LogBlock {
    const shape = before?.shapeOf(headFields) ?? new EntryShape(headFields);
    const headBytes = LISTPACK_OVERHEAD_BYTES + shape.listpackBytes + SMALL_INTEGER_BYTES;
    return new LogBlock(id, headBytes, [shape]);
  }

  /** The names in its head, which are those of its first entry. */
  get headFields(): readonly ByteString[] {
    return this.shapes[0]!.fields;
  }

  /** How many entries are there. */
  get length(): number {
    return this.liveCount;
  }

  /** The last entry there ever was. */
  get lastId(): StreamId {
    return { ms: this.lastMs, seq: this.lastSeq };
  }

  /** The bytes of Redis's listpack. O(1). */
  get listpackBytes(): number {
    return this.partBytes + listpackIntegerBytes(this.liveCount) + listpackIntegerBytes(this.deletedCount);
  }

  /** Whether its entries are an array. */
  get isOpen(): boolean {
    return this.open !== undefined;
  }

  /** About what it takes of the host's memory, with all its shapes. O(1), O(block) when it is asked first. */
  get heapBytes(): number {
    if (this.countedBytes < 0) this.countedBytes = this.countBytes();
    const { open, packed } = this;
    const slotsBytes = open === undefined ? packed!.deletedBytes : SLOT_BYTES * pushedSlots(open.length);
    return BLOCK_BYTES + this.countedBytes + slotsBytes;
  }

  /** What of that is the other block's just as well. O(shapes of both). */
  bytesSharedWith(other: LogBlock | undefined): number {
    if (other === undefined) return 0;
    let bytes = 0;
    for (const shape of this.shapes) if (other.shapes.includes(shape)) bytes += shape.heapBytes;
    return bytes;
  }

  private countBytes(): number {
    const { open, buried, packed, shapes } = this;
    let bytes = packed === undefined ? 0 : packed.heapBytes;
    for (const { values } of open ?? []) bytes += entryBytes(values);
    for (const { values } of buried ?? []) bytes += entryBytes(values);
    for (const shape of shapes) bytes += shape.heapBytes;
    return bytes;
  }

  private recount(): void {
    if (this.countedBytes >= 0) this.countedBytes = this.countBytes();
  }

  // ── taking entries ───────────────────────────────────────────────────────────────────────────────────────

  /** Whether it takes this entry too. O(entry). */
  hasRoomFor(fields: readonly ByteString[], values: readonly ByteString[], limits: BlockLimits): boolean {
    const { streamNodeMaxBytes, streamNodeMaxEntries } = limits;
    if (streamNodeMaxEntries > 0 && this.liveCount + this.deletedCount >= streamNodeMaxEntries) return false;
    const isLimited = streamNodeMaxBytes > 0 && streamNodeMaxBytes <= MAX_BLOCK_BYTES;
    const shape = this.shapes[0]!;
    const hasHeadShape = shape.matches(fields);
    const room = (isLimited ? streamNodeMaxBytes : MAX_BLOCK_BYTES) - this.listpackBytes;
    // Mostly there is so much that nothing need be counted.
    const units = totalUnits(values) + (hasHeadShape ? 0 : totalUnits(fields));
    if (MOST_BYTES_PER_UNIT * units + (hasHeadShape ? shape.byteLength : 0) < room) return true;
    return (hasHeadShape ? shape.byteLength : totalBytes(fields)) + totalBytes(values) < room;
  }

  /** Puts an entry at the end. Keeps the arrays. O(entry); O(block) if it was packed. */
  append(id: StreamId, fields: readonly ByteString[], values: readonly ByteString[]): void {
    if (this.open === undefined) this.unpack();
    // XSETID can go back behind entries that were trimmed: their ids may then be given again.
    const { buried } = this;
    while (buried !== undefined && buried.length > 0 && compareIds(buried[buried.length - 1]!, id) >= 0) {
      const { values: gone } = buried.pop()!;
      if (this.countedBytes >= 0) this.countedBytes -= entryBytes(gone);
    }
    this.open!.push(this.count(id, fields, values));
    this.liveCount++;
  }

  /** The same for an entry that is deleted already. Not after one with a greater id. O(entry). */
  appendDeleted(id: StreamId, fields: readonly ByteString[], values: readonly ByteString[]): void {
    this.buried ??= [];
    this.buried.push(this.count(id, fields, values));
    this.deletedCount++;
  }

  /** Takes account of an entry that comes last. */
  private count(id: StreamId, fields: readonly ByteString[], values: readonly ByteString[]): LogEntry {
    const head = this.shapes[0]!;
    let shape = this.shapeOf(fields);
    if (shape === undefined) {
      shape = new EntryShape(fields);
      if (this.isSharingShapes) this.shapes = this.shapes.slice();
      this.isSharingShapes = false;
      this.shapes.push(shape);
      if (this.countedBytes >= 0) this.countedBytes += shape.heapBytes;
    }
    if (this.countedBytes >= 0) this.countedBytes += entryBytes(values);
    const hasHeadShape = shape === head;
    let bytes = SMALL_INTEGER_BYTES;
    bytes += listpackIntegerBytes(signedDifference(id.ms, this.ms));
    bytes += listpackIntegerBytes(signedDifference(id.seq, this.seq));
    if (!hasHeadShape) bytes += shape.listpackBytes;
    for (let at = 0; at < values.length; at++) bytes += listpackEntryBytes(values[at]!);
    bytes += listpackIntegerBytes(hasHeadShape ? values.length + 3 : 2 * values.length + 4);
    this.partBytes += bytes;
    this.lastMs = id.ms;
    this.lastSeq = id.seq;
    return { ms: id.ms, seq: id.seq, fields: shape.fields, values };
  }

  /** The shape here with these fields. O(fields). */
  private shapeOf(fields: readonly ByteString[]): EntryShape | undefined {
    const { shapes } = this;
    const least = Math.max(0, shapes.length - SHAPES_TO_TRY);
    if (shapes[0]!.matches(fields)) return shapes[0];
    for (let at = shapes.length - 1; at >= least; at--) if (shapes[at]!.matches(fields)) return shapes[at];
    return undefined;
  }

  /** Packs it. What it can share with the block before it shares. O(block). */
  pack(before: LogBlock | undefined): void {
    if (this.open === undefined) return;
    const shapes = this.shapes.slice();
    const { open, buried } = this;
    if (buried === undefined) this.packed = PackedEntries.pack(this, open, shapes);
    else {
      const gone = new Set(buried);
      const all = mergeById(open, buried);
      this.packed = PackedEntries.pack(this, all, shapes, (entry) => gone.has(entry));
    }
    this.open = undefined;
    this.buried = undefined;
    const known = before?.shapes ?? [];
    const isSame = known.length === shapes.length && known.every((shape, at) => shape === shapes[at]);
    // Where many were taken out, their places would stay.
    this.shapes = isSame ? known : shapes.slice();
    this.isSharingShapes = isSame;
    if (isSame) before!.isSharingShapes = true;
    this.recount();
  }

  /** Opens it again. O(block). */
  private unpack(): void {
    const entries: LogEntry[] = [];
    const buried: LogEntry[] = [];
    this.forEachEver((entry, isDeleted) => {
      (isDeleted ? buried : entries).push(entry);
    });
    const known = new Map(this.shapes.map((shape) => [shape.fields, shape]));
    const used = new Set([this.shapes[0]!]);
    for (const list of [entries, buried])
      for (const { fields } of list) used.add(known.get(fields) ?? new EntryShape(fields));
    this.shapes = [...used];
    this.isSharingShapes = false;
    this.open = entries;
    this.buried = buried.length > 0 ? buried : undefined;
    this.packed = undefined;
    this.recount();
  }

  // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────

  get(id: StreamId): LogEntry | undefined {
    const { open } = this;
    if (open === undefined) return this.packed!.get(this, this.shapes, id);
    const entry = open[positionIn(open, id)];
    return entry !== undefined && equalIds(entry, id) ? entry : undefined;
  }

  has(id: StreamId): boolean {
    return this.open === undefined ? this.packed!.has(this, this.shapes, id) : this.get(id) !== undefined;
  }

  /** Calls `visit` with the entries from `from` to `to`. @returns whether it never answered `false` */
  forEach(from: StreamId, to: StreamId, visit: EntryVisitor): boolean {
    const { open } = this;
    if (open === undefined) return this.packed!.forEach(this, this.shapes, from, to, visit);
    for (let at = positionIn(open, from); at < open.length; at++) {
      const entry = open[at]!;
      if (compareIds(entry, to) > 0) break;
      if (visit(entry) === false) return false;
    }
    return true;
  }

  /** Calls `visit` with all entries that are in Redis's listpack, deleted ones too, ascending. O(block). */
  forEachEver(visit: (entry: LogEntry, isDeleted: boolean) => void): void {
    const { open, buried } = this;
    if (open === undefined) {
      this.packed!.forEachEver(this, this.shapes, visit);
      return;
    }
    let next = 0;
    for (const entry of open) {
      while (buried !== undefined && next < buried.length && compareIds(buried[next]!, entry) < 0)
        visit(buried[next++]!, true);
      visit(entry, false);
    }
    while (buried !== undefined && next < buried.length) visit(buried[next++]!, true);
  }

  /** Calls `visit` with the ids of the entries, until it answers `false`. */
  forEachId(visit: (id: StreamId) => unknown): void {
    const { open } = this;
    if (open === undefined) this.packed!.forEachId(this, this.shapes, visit);
    else for (const { ms, seq } of open) if (visit({ ms, seq }) === false) return;
  }

  /** As {@link forEach}, from `from` down to `to`. */
  forEachReversed(from: StreamId, to: StreamId, visit: EntryVisitor): boolean {
    const { open } = this;
    if (open === undefined) return this.packed!.forEachReversed(this, this.shapes, from, to, visit);
    let at = positionIn(open, from);
    if (at === open.length || !equalIds(open[at]!, from)) at--;
    for (; at >= 0; at--) {
      const entry = open[at]!;
      if (compareIds(entry, to) < 0) break;
      if (visit(entry) === false) return false;
    }
    return true;
  }

  // ── deleting ─────────────────────────────────────────────────────────────────────────────────────────────

  /** O(block). */
  delete(id: StreamId): boolean {
    const { open } = this;
    if (open === undefined) {
      if (!this.packed!.delete(this, this.shapes, id)) return false;
    } else {
      const at = positionIn(open, id);
      const entry = open[at];
      if (entry === undefined || !equalIds(entry, id)) return false;
      open.splice(at, 1);
      this.bury(entry);
    }
    this.liveCount--;
    this.deletedCount++;
    return true;
  }

  private bury(entry: LogEntry): void {
    this.buried ??= [];
    const { buried } = this;
    const at = positionIn(buried, entry);
    // Mostly the oldest go first.
    if (at === buried.length) buried.push(entry);
    else buried.splice(at, 0, entry);
  }

  /** A copy that shares what does not change. O(entries) if it is open, O(1) if it is packed. */
  clone(): LogBlock {
    const copy = new LogBlock(this, this.partBytes, this.shapes);
    this.isSharingShapes = true;
    copy.isSharingShapes = true;
    copy.lastMs = this.lastMs;
    copy.lastSeq = this.lastSeq;
    copy.liveCount = this.liveCount;
    copy.deletedCount = this.deletedCount;
    copy.open = this.open?.slice();
    copy.buried = this.buried?.slice();
    copy.packed = this.packed?.clone();
    return copy;
  }

  /** For tests: throws if an invariant does not hold. O(n). */
  checkInvariants(): void {
    const { open, packed, shapes } = this;
    if ((open === undefined) === (packed === undefined))
      throw new Error('1: neither open nor packed, or both');
    if (this.countedBytes >= 0 && this.countedBytes !== this.countBytes())
      throw new Error(`6: ${this.countedBytes} bytes of memory, but ${this.countBytes()}`);
    packed?.checkInvariants(this, shapes);
    let count = 0;
    let before: StreamId | undefined;
    this.forEach(this, this.lastId, (entry) => {
      if (compareIds(entry, this) < 0) throw new Error('2: an entry before the first');
      if (before !== undefined && compareIds(before, entry) >= 0) throw new Error('2: ids do not ascend');
      before = entry;
      count++;
      if (entry.fields.length !== entry.values.length) throw new Error('2: fields without values');
      if (open !== undefined && !shapes.some((shape) => shape.fields === entry.fields))
        throw new Error('3: a shape that is not there');
    });
    if (count !== this.liveCount) throw new Error(`2: length ${this.liveCount}, but ${count}`);
    if (open !== undefined && open.length !== count) throw new Error('2: entries beyond the last');
    this.checkDeleted();
  }

  private checkDeleted(): void {
    let last: LogEntry | undefined;
    let live = 0;
    let deleted = 0;
    this.forEachEver((entry, isDeleted) => {
      if (last !== undefined && compareIds(last, entry) >= 0) throw new Error('5: ids do not ascend');
      last = entry;
      if (isDeleted) deleted++;
      else live++;
    });
    if (live !== this.liveCount || deleted > this.deletedCount)
      throw new Error(`5: ${live} live, ${deleted} deleted`);
    if (deleted === this.deletedCount) this.checkBytes();
  }

  private checkBytes(): void {
    const head = this.shapes[0]!;
    let bytes = LISTPACK_OVERHEAD_BYTES + SMALL_INTEGER_BYTES + head.listpackBytes;
    bytes += listpackIntegerBytes(this.liveCount) + listpackIntegerBytes(this.deletedCount);
    this.forEachEver((entry) => {
      const parts: (ByteString | Integer)[] = [0];
      parts.push(signedDifference(entry.ms, this.ms), signedDifference(entry.seq, this.seq));
      if (head.matches(entry.fields)) parts.push(...entry.values);
      else {
        parts.push(entry.fields.length);
        entry.fields.forEach((field, at) => {
          parts.push(field, entry.values[at]!);
        });
      }
      parts.push(parts.length);
      for (const part of parts) bytes += listpackEntryBytes(String(part));
    });
    if (bytes !== this.listpackBytes) throw new Error(`4: ${this.listpackBytes} bytes, but ${bytes}`);
  }
}

/** What an entry of an open block with these values takes, but for its slot. O(values). */
function entryBytes(values: readonly ByteString[]): number {
  return ENTRY_BYTES + arrayBytes(values.length) + textsBytes(values);
}

/** The entries of both, in the order of their ids. */
function mergeById(a: readonly LogEntry[], b: readonly LogEntry[]): LogEntry[] {
  const merged: LogEntry[] = [];
  let next = 0;
  for (const entry of a) {
    while (next < b.length && compareIds(b[next]!, entry) < 0) merged.push(b[next++]!);
    merged.push(entry);
  }
  while (next < b.length) merged.push(b[next++]!);
  return merged;
}

/** Where in the entries the one with this id is, or else the first with a greater one. */
function positionIn(entries: readonly LogEntry[], id: StreamId): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareIds(entries[middle]!, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function totalUnits(texts: readonly ByteString[]): number {
  let units = 0;
  for (let at = 0; at < texts.length; at++) units += texts[at]!.length;
  return units;
}

function totalBytes(texts: readonly ByteString[]): number {
  let bytes = 0;
  for (let at = 0; at < texts.length; at++) bytes += byteLength(texts[at]!);
  return bytes;
}
