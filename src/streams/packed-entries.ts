import type { ByteString } from '../bytes/byte-string.ts';
import { arrayBytes, textsBytes } from '../bytes/heap-bytes.ts';
import { textBytes } from '../bytes/text-bytes.ts';
import type { Integer } from '../numbers/integer.ts';
import { addUnsigned, compareUnsigned, exactDifference, subtractUnsigned } from '../numbers/unsigned.ts';
import type { EntryShape } from './entry-shape.ts';
import { DIGIT_BASE, HeaderWriter, readInteger, readLong } from './header-numbers.ts';
import type { EntryVisitor, LogEntry } from './log-entry.ts';
import { compareIds, type StreamId } from './stream-id.ts';

/** More units of values than these are not made one string: a part of a string keeps the whole of it alive. */
const LARGEST_BODY = 16_384;
/** More shapes than these are too many: names that one entry only has are then kept with its values. */
const MANY_SHAPES = 16;
/** The shape of an entry that has its names beside its values. */
const OWN_NAMES = 0;

/** So many entries are walked over from one mark to the next. */
const GROUP_SIZE = 16;
const GROUP_SHIFT = 4;
const ALL_DELETED = (1 << GROUP_SIZE) - 1;
/** Below it, one digit more is still exact. */
const PLAIN_OFFSET = Number.MAX_SAFE_INTEGER - DIGIT_BASE;
/** Packed entries without what is in them. */
const PACKED_BYTES = 56;
/** What a mark says: the id before, as a difference from the block's, and where the entry is in header and body. */
const MARK_SIZE = 4;

/**
 * The entries of a block that takes no more: two flat strings.
 *
 *     header   ms +0, seq +0, shape 1, 5, 8, 3 │ ms +0, seq +1, shape 1, 6, 8, 2 │ ms +17, seq 0, shape 2, 4 │ …
 *     body     value value value               │ value value value               │ value                     │ …
 *     marks    0  0  0  0 │ (16 entries on) ms +117  seq 3  header 110  body 350 │ …
 *
 * In the header there are numbers. An id is told by its difference from the one before (or from the block's id); its
 * sequence number by its own difference if the time is the same, and else as it is. Then comes the number of the shape,
 * from 1, and the length of each value in units. An entry of shape 0 has the number of its fields next, then lengths
 * (and, in the body, texts) of each name and value in turn.
 *
 * Where values are large, the body is an array of them, and the header has no lengths.
 *
 * Invariants:
 *
 * 1. Ids ascend strictly.
 * 2. The header ends with the last entry, and so does the body.
 * 3. There is a mark for each {@link GROUP_SIZE} entries, which says where walking from the start would be.
 * 4. Deleted entries stay; {@link deleted} has a bit for each that is, in a word for each mark.
 *
 * A value of 13 units or more that is read is, in V8, a slice which keeps its body alive: {@link LARGEST_BODY} at most.
 */
export class PackedEntries {
  private readonly header: string;
  private readonly body: string | readonly ByteString[];
  private readonly marks: readonly Integer[];
  private deleted: number[] | undefined = undefined;

  private constructor(header: string, body: string | readonly ByteString[], marks: readonly Integer[]) {
    this.header = header;
    this.body = body;
    this.marks = marks;
  }

  /**
   * Packs entries, whose ids are from `base` on. Shapes that need not be known any more are taken out of `shapes`.
   *
   * @param isDeleted which of them are deleted already
   */
  static pack(
    base: StreamId,
    entries: readonly LogEntry[],
    shapes: EntryShape[],
    isDeleted?: (entry: LogEntry) => boolean,
  ): PackedEntries {
    if (shapes.length > MANY_SHAPES) forgetRareShapes(entries, shapes);
    const numberOfShape = numbersOf(shapes);
    const isOneString = countUnits(entries) <= LARGEST_BODY;
    const writer = new HeaderWriter();
    const texts: ByteString[] = [];
    const marks: Integer[] = [];
    let bodyAt = 0;
    let { ms, seq } = base;
    for (let index = 0; index < entries.length; index++) {
      const entry = entries[index]!;
      if (index % GROUP_SIZE === 0) {
        const at = isOneString ? bodyAt : texts.length;
        marks.push(subtractUnsigned(ms, base.ms), seq, writer.length, at);
      }
      const { fields, values } = entry;
      writer.write(subtractUnsigned(entry.ms, ms));
      writer.write(entry.ms === ms ? subtractUnsigned(entry.seq, seq) : entry.seq);
      ms = entry.ms;
      seq = entry.seq;
      const shape = numberOfShape(fields);
      writer.write(shape);
      if (shape === OWN_NAMES) writer.write(fields.length);
      for (let at = 0; at < values.length; at++) {
        if (shape === OWN_NAMES) {
          const field = fields[at]!;
          texts.push(field);
          bodyAt += field.length;
          if (isOneString) writer.write(field.length);
        }
        const value = values[at]!;
        texts.push(value);
        bodyAt += value.length;
        if (isOneString) writer.write(value.length);
      }
    }
    const packed = new PackedEntries(writer.finish(), isOneString ? texts.join('') : texts, marks.slice());
    if (isDeleted !== undefined) {
      for (let index = 0; index < entries.length; index++)
        if (isDeleted(entries[index]!)) packed.markDeleted(index);
    }
    return packed;
  }

  /** Calls `visit` with the entries from `from` to `to`. @returns whether it never answered `false` */
  forEach(
    base: StreamId,
    shapes: readonly EntryShape[],
    from: StreamId,
    to: StreamId,
    visit: EntryVisitor,
  ): boolean {
    const cursor = new Cursor(this.header, this.body, this.marks, shapes, base);
    const end = exactDifference(to.ms, base.ms);
    let isThere = cursor.seek(exactDifference(from.ms, base.ms), from.seq);
    for (; isThere; isThere = cursor.next()) {
      const { index } = cursor;
      if (this.isDeleted(index)) {
        if (this.deleted![index >> GROUP_SHIFT] === ALL_DELETED) cursor.goToEndOfGroup(index >> GROUP_SHIFT);
        else cursor.skip();
        continue;
      }
      if (cursor.compare(end, to.seq) > 0) break;
      if (visit(cursor.read()) === false) return false;
    }
    return true;
  }

  /** Calls `visit` with the ids of the entries, until it answers `false`. */
  forEachId(base: StreamId, shapes: readonly EntryShape[], visit: (id: StreamId) => unknown): void {
    const cursor = new Cursor(this.header, this.body, this.marks, shapes, base);
    while (cursor.next()) {
      const { index } = cursor;
      if (!this.isDeleted(index) && visit(cursor.id()) === false) return;
      if (this.deleted?.[index >> GROUP_SHIFT] === ALL_DELETED) cursor.goToEndOfGroup(index >> GROUP_SHIFT);
      else cursor.skip();
    }
  }

  /** Calls `visit` with all entries, deleted ones too, and whether they are. O(n). */
  forEachEver(
    base: StreamId,
    shapes: readonly EntryShape[],
    visit: (entry: LogEntry, isDeleted: boolean) => void,
  ): void {
    const cursor = new Cursor(this.header, this.body, this.marks, shapes, base);
    while (cursor.next()) {
      const isDeleted = this.isDeleted(cursor.index);
      visit(cursor.read(), isDeleted);
    }
  }

  /** As {@link forEach}, from `from` down to `to`. */
  forEachReversed(
    base: StreamId,
    shapes: readonly EntryShape[],
    from: StreamId,
    to: StreamId,
    visit: EntryVisitor,
  ): boolean {
    const start = exactDifference(from.ms, base.ms);
    const end = exactDifference(to.ms, base.ms);
    const cursor = new Cursor(this.header, this.body, this.marks, shapes, base);
    const places: Integer[] = [];
    for (let group = cursor.groupFor(start, from.seq); group >= 0; group--) {
      if (this.deleted?.[group] === ALL_DELETED) continue;
      cursor.goToGroup(group);
      places.length = 0;
      let isComplete = true;
      while (cursor.next() && cursor.index >> GROUP_SHIFT === group) {
        if (cursor.compare(start, from.seq) > 0) break;
        if (cursor.compare(end, to.seq) < 0) isComplete = false;
        else if (!this.isDeleted(cursor.index))
          places.push(cursor.msOffset, cursor.seq, cursor.at, cursor.bodyAt);
        cursor.skip();
      }
      for (let at = places.length - MARK_SIZE; at >= 0; at -= MARK_SIZE) {
        cursor.goToMark(places, at);
        if (visit(cursor.read()) === false) return false;
      }
      if (!isComplete) break;
    }
    return true;
  }

  /** About what they take of the host's memory, but for {@link deletedBytes}: that never changes. O(values) at most. */
  get heapBytes(): number {
    const { header, body, marks } = this;
    const bodyBytes = typeof body === 'string' ? textBytes(body) : arrayBytes(body.length) + textsBytes(body);
    return PACKED_BYTES + textBytes(header) + bodyBytes + arrayBytes(marks.length);
  }

  /** What it takes to know which are deleted. O(1). */
  get deletedBytes(): number {
    return this.deleted === undefined ? 0 : arrayBytes(this.deleted.length);
  }

  get(base: StreamId, shapes: readonly EntryShape[], id: StreamId): LogEntry | undefined {
    return this.find(base, shapes, id)?.read();
  }

  has(base: StreamId, shapes: readonly EntryShape[], id: StreamId): boolean {
    return this.find(base, shapes, id) !== undefined;
  }

  delete(base: StreamId, shapes: readonly EntryShape[], id: StreamId): boolean {
    const cursor = this.find(base, shapes, id);
    if (cursor === undefined) return false;
    this.markDeleted(cursor.index);
    return true;
  }

  private markDeleted(index: number): void {
    this.deleted ??= new Array<number>(this.marks.length / MARK_SIZE).fill(0);
    this.deleted[index >> GROUP_SHIFT]! |= 1 << (index % GROUP_SIZE);
  }

  private find(base: StreamId, shapes: readonly EntryShape[], id: StreamId): Cursor | undefined {
    const cursor = new Cursor(this.header, this.body, this.marks, shapes, base);
    const msOffset = exactDifference(id.ms, base.ms);
    if (!cursor.seek(msOffset, id.seq) || cursor.compare(msOffset, id.seq) !== 0) return undefined;
    return this.isDeleted(cursor.index) ? undefined : cursor;
  }

  private isDeleted(index: number): boolean {
    const { deleted } = this;
    return deleted !== undefined && (deleted[index >> GROUP_SHIFT]! & (1 << (index % GROUP_SIZE))) !== 0;
  }

  /** A copy that shares all that does not change. O(deleted entries). */
  clone(): PackedEntries {
    const copy = new PackedEntries(this.header, this.body, this.marks);
    copy.deleted = this.deleted?.slice();
    return copy;
  }

  /** For tests: throws if an invariant does not hold. O(n). */
  checkInvariants(base: StreamId, shapes: readonly EntryShape[]): void {
    const { header, body, marks } = this;
    const cursor = new Cursor(header, body, marks, shapes, base);
    const expected: Integer[] = [];
    let before: StreamId | undefined;
    for (let index = 0; ; index++) {
      const place = [cursor.msOffset, cursor.seq, cursor.at, cursor.bodyAt];
      if (!cursor.next()) break;
      if (index % GROUP_SIZE === 0) expected.push(...place);
      const id = cursor.read();
      if (before !== undefined && compareIds(before, id) >= 0) throw new Error('packed 1: ids do not ascend');
      before = id;
    }
    if (cursor.at !== header.length || cursor.bodyAt !== body.length)
      throw new Error('packed 2: header and body do not end together');
    if (marks.length !== expected.length || expected.some((part, at) => part !== marks[at]))
      throw new Error('packed 3: marks are wrong');
    const words = this.deleted?.length ?? marks.length / MARK_SIZE;
    if (words !== marks.length / MARK_SIZE) throw new Error('packed 4: words are missing');
  }
}

function countUnits(entries: readonly LogEntry[]): number {
  let units = 0;
  for (const { fields, values } of entries) {
    for (let at = 0; at < values.length; at++) units += fields[at]!.length + values[at]!.length;
  }
  return units;
}

/** What tells the number of the shape that has these very fields. */
function numbersOf(shapes: readonly EntryShape[]): (fields: readonly ByteString[]) => number {
  if (shapes.length > MANY_SHAPES) {
    const numbers = new Map(shapes.map((shape, at) => [shape.fields, at + 1]));
    return (fields) => numbers.get(fields) ?? OWN_NAMES;
  }
  return (fields) => {
    for (let at = 0; at < shapes.length; at++) if (shapes[at]!.fields === fields) return at + 1;
    return OWN_NAMES;
  };
}

/** Takes the shapes that one entry only has out, but not the first. */
function forgetRareShapes(entries: readonly LogEntry[], shapes: EntryShape[]): void {
  const uses = new Map<readonly ByteString[], number>();
  for (const { fields } of entries) uses.set(fields, (uses.get(fields) ?? 0) + 1);
  const kept = shapes.filter(({ fields }, at) => at === 0 || (uses.get(fields) ?? 0) > 1);
  shapes.splice(0, shapes.length, ...kept);
}

/** Walks over packed entries. After {@link next} it is at an entry, past its id; {@link skip} or {@link read} come next. */
class Cursor {
  /** By how much its time is after the block's: a small number, which takes no memory to change. */
  msOffset: Integer = 0;
  seq: Integer;
  /** How many entries came before. */
  index = -1;
  at = 0;
  bodyAt = 0;
  private readonly header: string;
  private readonly body: string | readonly ByteString[];
  private readonly marks: readonly Integer[];
  private readonly shapes: readonly EntryShape[];
  private readonly baseMs: Integer;

  constructor(
    header: string,
    body: string | readonly ByteString[],
    marks: readonly Integer[],
    shapes: readonly EntryShape[],
    base: StreamId,
  ) {
    this.header = header;
    this.body = body;
    this.marks = marks;
    this.shapes = shapes;
    this.baseMs = base.ms;
    this.seq = base.seq;
  }

  /** Negative, zero or positive, as its id is less than the given one, equal or greater. */
  compare(msOffset: Integer, seq: Integer): number {
    return this.msOffset === msOffset
      ? compareUnsigned(this.seq, seq)
      : compareUnsigned(this.msOffset, msOffset);
  }

  /** Goes to the first entry with this id or a greater one. @returns whether there is one */
  seek(msOffset: Integer, seq: Integer): boolean {
    this.goToGroup(this.groupFor(msOffset, seq));
    while (this.next()) {
      if (this.compare(msOffset, seq) >= 0) return true;
      this.skip();
    }
    return false;
  }

  /** The group in which an entry with this id would be. */
  groupFor(msOffset: Integer, seq: Integer): number {
    const { marks } = this;
    let at = marks.length - MARK_SIZE;
    for (; at > 0; at -= MARK_SIZE) {
      // What a mark says is the id before it.
      const order = compareUnsigned(marks[at]!, msOffset) || compareUnsigned(marks[at + 1]!, seq);
      if (order < 0) break;
    }
    return Math.max(0, at / MARK_SIZE);
  }

  /** Goes before the first entry of a group. */
  goToGroup(group: number): void {
    if (this.marks.length > 0) this.goToMark(this.marks, group * MARK_SIZE);
    this.index = group * GROUP_SIZE - 1;
  }

  /** Goes before the first entry of the next group, or to the end. */
  goToEndOfGroup(group: number): void {
    if ((group + 1) * MARK_SIZE < this.marks.length) this.goToGroup(group + 1);
    else this.at = this.header.length;
  }

  goToMark(marks: readonly Integer[], at: number): void {
    this.msOffset = marks[at]!;
    this.seq = marks[at + 1]!;
    this.at = Number(marks[at + 2]);
    this.bodyAt = Number(marks[at + 3]);
  }

  /** Goes to the next entry. @returns whether there is one */
  next(): boolean {
    const { header } = this;
    const { at } = this;
    if (at >= header.length) return false;
    this.index++;
    const step = header.charCodeAt(at);
    const seq = header.charCodeAt(at + 1);
    const { msOffset } = this;
    if (step < DIGIT_BASE && seq < DIGIT_BASE && typeof msOffset === 'number' && msOffset < PLAIN_OFFSET) {
      this.at = at + 2;
      if (step > 0) {
        this.msOffset = msOffset + step;
        this.seq = seq;
      } else this.seq = addUnsigned(this.seq, seq);
      return true;
    }
    const msStep = this.integer();
    const seqStep = this.integer();
    if (msStep === 0) this.seq = addUnsigned(this.seq, seqStep);
    else {
      this.msOffset = addUnsigned(this.msOffset, msStep);
      this.seq = seqStep;
    }
    return true;
  }

  /** Goes to the entry's end. */
  skip(): void {
    const { header } = this;
    const shape = this.number();
    const texts = shape === OWN_NAMES ? 2 * this.number() : this.shapes[shape - 1]!.fields.length;
    if (typeof this.body !== 'string') {
      this.bodyAt += texts;
      return;
    }
    let { at, bodyAt } = this;
    for (let left = texts; left > 0; left--) {
      const unit = header.charCodeAt(at++);
      if (unit < DIGIT_BASE) bodyAt += unit;
      else {
        this.at = at - 1;
        bodyAt += this.number();
        at = this.at;
      }
    }
    this.at = at;
    this.bodyAt = bodyAt;
  }

  id(): StreamId {
    return { ms: addUnsigned(this.baseMs, this.msOffset), seq: this.seq };
  }

  /** Goes to the entry's end. @returns the entry */
  read(): LogEntry {
    const shape = this.number();
    if (shape === OWN_NAMES) return this.readWithNames();
    const { fields } = this.shapes[shape - 1]!;
    const count = fields.length;
    const values = new Array<ByteString>(count);
    for (let at = 0; at < count; at++) values[at] = this.text();
    return { ms: addUnsigned(this.baseMs, this.msOffset), seq: this.seq, fields, values };
  }

  private readWithNames(): LogEntry {
    const fields: ByteString[] = [];
    const values: ByteString[] = [];
    for (let left = this.number(); left > 0; left--) {
      fields.push(this.text());
      values.push(this.text());
    }
    return { ms: addUnsigned(this.baseMs, this.msOffset), seq: this.seq, fields, values };
  }

  private text(): ByteString {
    const { body } = this;
    if (typeof body !== 'string') return body[this.bodyAt++]!;
    const from = this.bodyAt;
    const to = from + this.number();
    this.bodyAt = to;
    return body.substring(from, to);
  }

  /** A number that is known to be small. */
  private number(): number {
    const unit = this.header.charCodeAt(this.at++);
    if (unit < DIGIT_BASE) return unit;
    const long = readLong(this.header, this.at - 1);
    this.at = long.end;
    return long.value;
  }

  private integer(): Integer {
    const unit = this.header.charCodeAt(this.at++);
    if (unit < DIGIT_BASE) return unit;
    const long = readInteger(this.header, this.at - 1);
    this.at = long.end;
    return long.value;
  }
}
