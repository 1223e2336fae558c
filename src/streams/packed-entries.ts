import { type ByteString, fromBytes } from '../bytes/byte-string.ts';
import type { Integer } from '../numbers/integer.ts';
import { addUnsigned, subtractUnsigned } from '../numbers/unsigned.ts';
import type { EntryShape } from './entry-shape.ts';
import type { EntryVisitor, LogEntry } from './log-entry.ts';
import { compareIds, type StreamId } from './stream-id.ts';

/** More units of values than these are not made one string: a part of a string keeps the whole of it alive. */
const LARGEST_BODY = 16_384;
/** More shapes than these are too many: names that one entry only has are then kept with its values. */
const MANY_SHAPES = 16;

/** Of a digit of a number in the header: all are below U+0080, so that each takes a byte. */
const DIGIT_BITS = 6;
const DIGIT_BASE = 1 << DIGIT_BITS;
const MORE = DIGIT_BASE;
/** So many digits are exact in a double. */
const SAFE_DIGITS = 8;

/** The shape of an entry that has its names beside its values. */
const OWN_NAMES = 0;

/**
 * The entries of a block that takes no more: two flat strings.
 *
 *     header   ms +0, seq +0, shape 1, 5, 8, 3 │ ms +0, seq +1, shape 1, 6, 8, 2 │ ms +17, seq 0, shape 2, 4 │ …
 *     body     value value value               │ value value value               │ value                     │ …
 *
 * In the header there are numbers, with the least digit first, six bits to the unit. An id is told by its difference from
 * the one before (or from the block's id); its sequence number by its own difference if the time is the same, and else as
 * it is. Then comes the number of the shape, from 1, and the length of each value in units. An entry of shape 0 has the
 * number of its fields next, then lengths (and, in the body, texts) of each name and value in turn.
 *
 * Where values are large, the body is an array of them, and the header has no lengths.
 *
 * Invariants:
 *
 * 1. Ids ascend strictly.
 * 2. The header ends with the last entry, and so does the body.
 * 3. Deleted entries stay; {@link deleted} has a bit for each that is, from the least significant one of the first word.
 *
 * A value of 13 units or more that is read is, in V8, a slice which keeps its body alive: {@link LARGEST_BODY} at most.
 */
export class PackedEntries {
  private readonly header: string;
  private readonly body: string | readonly ByteString[];
  private deleted: number[] | undefined = undefined;

  private constructor(header: string, body: string | readonly ByteString[]) {
    this.header = header;
    this.body = body;
  }

  /** Packs entries, whose ids are from `base` on. Shapes that need not be known any more are taken out of `shapes`. */
  static pack(base: StreamId, entries: readonly LogEntry[], shapes: EntryShape[]): PackedEntries {
    if (shapes.length > MANY_SHAPES) forgetRareShapes(entries, shapes);
    const texts: ByteString[] = [];
    const numbers = new NumberWriter();
    let units = 0;
    for (const { fields, values } of entries) {
      for (const value of values) units += value.length;
      for (const field of fields) units += field.length;
    }
    const isOneString = units <= LARGEST_BODY;
    let { ms, seq } = base;
    for (const entry of entries) {
      const { fields, values } = entry;
      numbers.write(subtractUnsigned(entry.ms, ms));
      numbers.write(entry.ms === ms ? subtractUnsigned(entry.seq, seq) : entry.seq);
      ({ ms, seq } = entry);
      const shape = shapes.findIndex((one) => one.fields === fields) + 1;
      numbers.write(shape);
      if (shape === OWN_NAMES) numbers.write(fields.length);
      for (let at = 0; at < values.length; at++) {
        if (shape === OWN_NAMES) {
          texts.push(fields[at]!);
          if (isOneString) numbers.write(fields[at]!.length);
        }
        texts.push(values[at]!);
        if (isOneString) numbers.write(values[at]!.length);
      }
    }
    return new PackedEntries(numbers.text(), isOneString ? texts.join('') : texts);
  }

  /** Calls `visit` with the entries from `from` to `to`. @returns whether it never answered `false` */
  forEach(
    base: StreamId,
    shapes: readonly EntryShape[],
    from: StreamId,
    to: StreamId,
    visit: EntryVisitor,
  ): boolean {
    const cursor = new Cursor(this.header, this.body, shapes, base);
    while (cursor.next()) {
      if (compareIds(cursor, from) < 0 || this.isDeleted(cursor.index)) {
        cursor.skip();
        continue;
      }
      if (compareIds(cursor, to) > 0) break;
      if (visit(cursor.read()) === false) return false;
    }
    return true;
  }

  /** As {@link forEach}, from `from` down to `to`. */
  forEachReversed(
    base: StreamId,
    shapes: readonly EntryShape[],
    from: StreamId,
    to: StreamId,
    visit: EntryVisitor,
  ): boolean {
    const cursor = new Cursor(this.header, this.body, shapes, base);
    const marks: Mark[] = [];
    while (cursor.next()) {
      if (compareIds(cursor, from) > 0) break;
      if (compareIds(cursor, to) >= 0 && !this.isDeleted(cursor.index)) marks.push(cursor.mark());
      cursor.skip();
    }
    for (let at = marks.length - 1; at >= 0; at--) {
      cursor.goTo(marks[at]!);
      if (visit(cursor.read()) === false) return false;
    }
    return true;
  }

  get(base: StreamId, shapes: readonly EntryShape[], id: StreamId): LogEntry | undefined {
    const cursor = this.find(base, shapes, id);
    return cursor === undefined ? undefined : cursor.read();
  }

  has(base: StreamId, shapes: readonly EntryShape[], id: StreamId): boolean {
    return this.find(base, shapes, id) !== undefined;
  }

  delete(base: StreamId, shapes: readonly EntryShape[], id: StreamId): boolean {
    const cursor = this.find(base, shapes, id);
    if (cursor === undefined) return false;
    this.deleted ??= [];
    const word = cursor.index >> 5;
    while (this.deleted.length <= word) this.deleted.push(0);
    this.deleted[word]! |= 1 << (cursor.index & 31);
    return true;
  }

  private find(base: StreamId, shapes: readonly EntryShape[], id: StreamId): Cursor | undefined {
    const cursor = new Cursor(this.header, this.body, shapes, base);
    while (cursor.next()) {
      const order = compareIds(cursor, id);
      if (order >= 0) return order === 0 && !this.isDeleted(cursor.index) ? cursor : undefined;
      cursor.skip();
    }
    return undefined;
  }

  private isDeleted(index: number): boolean {
    return this.deleted !== undefined && ((this.deleted[index >> 5] ?? 0) & (1 << (index & 31))) !== 0;
  }

  /** A copy that shares both strings. O(1). */
  clone(): PackedEntries {
    const copy = new PackedEntries(this.header, this.body);
    copy.deleted = this.deleted?.slice();
    return copy;
  }

  /** For tests: throws if an invariant does not hold. O(n). */
  checkInvariants(base: StreamId, shapes: readonly EntryShape[]): void {
    const cursor = new Cursor(this.header, this.body, shapes, base);
    let before: StreamId | undefined;
    while (cursor.next()) {
      const id = cursor.read();
      if (before !== undefined && compareIds(before, id) >= 0) throw new Error('packed 1: ids do not ascend');
      before = id;
    }
    if (!cursor.isAtEnd) throw new Error('packed 2: header and body do not end together');
  }
}

/** Takes the shapes that one entry only has out, but not the first. */
function forgetRareShapes(entries: readonly LogEntry[], shapes: EntryShape[]): void {
  const uses = new Map<readonly ByteString[], number>();
  for (const { fields } of entries) uses.set(fields, (uses.get(fields) ?? 0) + 1);
  const kept = shapes.filter(({ fields }, at) => at === 0 || (uses.get(fields) ?? 0) > 1);
  shapes.splice(0, shapes.length, ...kept);
}

interface Mark extends StreamId {
  readonly at: number;
  readonly bodyAt: number;
}

/** Walks over packed entries. Each {@link next} is followed by {@link skip} or {@link read}. */
class Cursor implements StreamId {
  ms: Integer;
  seq: Integer;
  /** How many entries came before. */
  index = -1;
  private readonly header: string;
  private readonly body: string | readonly ByteString[];
  private readonly shapes: readonly EntryShape[];
  private at = 0;
  private bodyAt = 0;

  constructor(
    header: string,
    body: string | readonly ByteString[],
    shapes: readonly EntryShape[],
    base: StreamId,
  ) {
    this.header = header;
    this.body = body;
    this.shapes = shapes;
    this.ms = base.ms;
    this.seq = base.seq;
  }

  /** Goes to the id of the next entry. */
  next(): boolean {
    if (this.at >= this.header.length) return false;
    const msStep = this.number();
    const seq = this.number();
    if (msStep === 0) this.seq = addUnsigned(this.seq, seq);
    else {
      this.ms = addUnsigned(this.ms, msStep);
      this.seq = seq;
    }
    this.index++;
    return true;
  }

  /** Goes to the entry's end. */
  skip(): void {
    const shape = this.smallNumber();
    const texts = shape === OWN_NAMES ? 2 * this.smallNumber() : this.shapes[shape - 1]!.fields.length;
    if (typeof this.body !== 'string') this.bodyAt += texts;
    else for (let left = texts; left > 0; left--) this.bodyAt += this.smallNumber();
  }

  /** Goes to the entry's end. @returns the entry */
  read(): LogEntry {
    const shape = this.smallNumber();
    if (shape === OWN_NAMES) return this.readWithNames();
    const { fields } = this.shapes[shape - 1]!;
    const count = fields.length;
    const values = new Array<ByteString>(count);
    for (let at = 0; at < count; at++) values[at] = this.text();
    return { ms: this.ms, seq: this.seq, fields, values };
  }

  private readWithNames(): LogEntry {
    const fields: ByteString[] = [];
    const values: ByteString[] = [];
    for (let left = this.smallNumber(); left > 0; left--) {
      fields.push(this.text());
      values.push(this.text());
    }
    return { ms: this.ms, seq: this.seq, fields, values };
  }

  private text(): ByteString {
    if (typeof this.body !== 'string') return this.body[this.bodyAt++]!;
    const from = this.bodyAt;
    this.bodyAt += this.smallNumber();
    return this.body.substring(from, this.bodyAt);
  }

  mark(): Mark {
    return { ms: this.ms, seq: this.seq, at: this.at, bodyAt: this.bodyAt };
  }

  goTo(mark: Mark): void {
    this.ms = mark.ms;
    this.seq = mark.seq;
    this.at = mark.at;
    this.bodyAt = mark.bodyAt;
  }

  get isAtEnd(): boolean {
    return this.at === this.header.length && this.bodyAt === this.body.length;
  }

  private smallNumber(): number {
    const unit = this.header.charCodeAt(this.at++);
    return unit < MORE ? unit : this.longNumber(unit);
  }

  private number(): Integer {
    const unit = this.header.charCodeAt(this.at++);
    if (unit < MORE) return unit;
    const start = this.at;
    const plain = this.longNumber(unit);
    if (this.at - start < SAFE_DIGITS) return plain;
    let exact = 0n;
    for (let at = this.at - 1; at >= start - 1; at--) {
      exact = (exact << BigInt(DIGIT_BITS)) | BigInt(this.header.charCodeAt(at) & (DIGIT_BASE - 1));
    }
    return exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : exact;
  }

  /** The rest of a number that goes on after its first unit. */
  private longNumber(first: number): number {
    let value = first - MORE;
    for (let scale = DIGIT_BASE; ; scale *= DIGIT_BASE) {
      const unit = this.header.charCodeAt(this.at++);
      if (unit < MORE) return value + unit * scale;
      value += (unit - MORE) * scale;
    }
  }
}

/** Writes the numbers of a header. */
class NumberWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;

  write(value: Integer): void {
    // The longest number has eleven digits.
    if (this.length + 11 > this.bytes.length) {
      const longer = new Uint8Array(2 * this.bytes.length);
      longer.set(this.bytes);
      this.bytes = longer;
    }
    let rest = value;
    if (typeof rest === 'bigint') {
      while (rest >= DIGIT_BASE) {
        this.bytes[this.length++] = Number(rest & BigInt(DIGIT_BASE - 1)) | MORE;
        rest >>= BigInt(DIGIT_BITS);
      }
      this.bytes[this.length++] = Number(rest);
      return;
    }
    while (rest >= DIGIT_BASE) {
      this.bytes[this.length++] = (rest % DIGIT_BASE) | MORE;
      rest = Math.floor(rest / DIGIT_BASE);
    }
    this.bytes[this.length++] = rest;
  }

  text(): string {
    return fromBytes(this.bytes, 0, this.length);
  }
}
