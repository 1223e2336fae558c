import { MAP_BYTES, MAP_ENTRY_BYTES, SLOT_BYTES, typedArrayBytes } from '../../bytes/heap-bytes.ts';
import { chunksBytes, makeRoom, SlotLayout } from './slot-layout.ts';

/**
 * The links of one level: for each node a row of slots, of equal width.
 *
 *     row    [ count | slot slot slot … free free ]
 *
 * On level 0, where every node is, a node's row is its slot. Above it a map says which row is whose, and rows are used
 * again.
 *
 * Where nodes may have very many links, most have far fewer: there each row is a chunk of its own, which grows.
 *
 * Invariants:
 *
 * 1. A count is at most `limit`, and the slots in a row are distinct members, none the row's own.
 * 2. a is in b's row exactly if b is in a's.
 * 3. Where rows are chunks, all of them together are of `rowsBytes`.
 */
export class LinkRows {
  /** How many links a node may have. */
  readonly limit: number;
  readonly layout: SlotLayout;
  readonly chunks: Int32Array[];
  /** Which row is whose; undefined where rows are slots. */
  readonly #rows: Map<number, number> | undefined;
  readonly #freeRows: number[];
  #size = 0;
  #rowsBytes = 0;

  private constructor(
    limit: number,
    chunks: Int32Array[],
    rows: Map<number, number> | undefined,
    freeRows: number[],
  ) {
    this.limit = limit;
    this.layout = limit > MOST_IN_EQUAL_ROWS ? SlotLayout.ofOneRow(limit + 1) : new SlotLayout(limit + 1);
    this.chunks = chunks;
    this.#rows = rows;
    this.#freeRows = freeRows;
  }

  static ofAll(limit: number): LinkRows {
    return new LinkRows(limit, [], undefined, []);
  }

  static ofSome(limit: number): LinkRows {
    return new LinkRows(limit, [], new Map(), []);
  }

  /** How many nodes are on the level. */
  get size(): number {
    return this.#size;
  }

  has(slot: number): boolean {
    return this.#rows === undefined || this.#rows.has(slot);
  }

  add(slot: number): void {
    this.#size++;
    let row = slot;
    if (this.#rows !== undefined) {
      row = this.#freeRows.pop() ?? this.#rows.size;
      this.#rows.set(slot, row);
    }
    if (this.limit <= MOST_IN_EQUAL_ROWS) {
      makeRoom(this.layout, this.chunks, row, (length) => new Int32Array(length));
    } else if (this.chunks[row] === undefined) {
      this.chunks[row] = new Int32Array(FIRST_ROOM + 1);
      this.#rowsBytes += typedArrayBytes(1, this.chunks[row]!.byteLength);
    }
    this.chunkOf(row)[this.startOf(row)] = 0;
  }

  /** Takes a node out that has no links left. */
  remove(slot: number): void {
    this.#size--;
    if (this.#rows === undefined) return;
    this.#freeRows.push(this.#rows.get(slot)!);
    this.#rows.delete(slot);
  }

  rowOf(slot: number): number {
    return this.#rows === undefined ? slot : this.#rows.get(slot)!;
  }

  chunkOf(row: number): Int32Array {
    return this.chunks[row >> this.layout.shift]!;
  }

  /** Where in its chunk the row begins, with its count. */
  startOf(row: number): number {
    return (row & this.layout.mask) * this.layout.width;
  }

  countOf(slot: number): number {
    const row = this.rowOf(slot);
    return this.chunkOf(row)[this.startOf(row)]!;
  }

  isFull(slot: number): boolean {
    return this.countOf(slot) >= this.limit;
  }

  /** About what it takes of the host's memory, with the rows that are free. O(1). */
  get heapBytes(): number {
    const { chunks } = this;
    const rowsBytes = this.limit > MOST_IN_EQUAL_ROWS ? this.#rowsBytes : chunksBytes(chunks);
    const mapBytes = this.#rows === undefined ? 0 : MAP_BYTES + MAP_ENTRY_BYTES * this.#rows.size;
    return LEVEL_BYTES + rowsBytes + mapBytes + SLOT_BYTES * (chunks.length + this.#freeRows.length);
  }

  /** A copy. */
  linksOf(slot: number): Int32Array {
    const row = this.rowOf(slot);
    const start = this.startOf(row);
    const chunk = this.chunkOf(row);
    return chunk.slice(start + 1, start + 1 + chunk[start]!);
  }

  isLinked(slot: number, other: number): boolean {
    const row = this.rowOf(slot);
    const start = this.startOf(row);
    const chunk = this.chunkOf(row);
    const end = start + chunk[start]!;
    for (let at = start + 1; at <= end; at++) if (chunk[at] === other) return true;
    return false;
  }

  /** Links two nodes that have room for it and are not linked. */
  link(slot: number, other: number): void {
    this.#push(slot, other);
    this.#push(other, slot);
  }

  /** Sets all links of a node at once; those of the others must fit. */
  restore(slot: number, others: readonly number[]): void {
    const row = this.rowOf(slot);
    const start = this.startOf(row);
    const chunk = this.#chunkWithRoom(row, start, others.length);
    chunk[start] = others.length;
    chunk.set(others, start + 1);
  }

  /** Takes a link away. O(limit). */
  unlink(slot: number, other: number): void {
    this.#drop(slot, other);
    this.#drop(other, slot);
  }

  /** For tests: throws if invariant 3 does not hold. O(chunks). */
  checkMemory(): void {
    const total = this.chunks.reduce((sum, { byteLength }) => sum + typedArrayBytes(1, byteLength), 0);
    const known = this.limit > MOST_IN_EQUAL_ROWS ? this.#rowsBytes : chunksBytes(this.chunks);
    if (known !== total) throw new Error(`link rows: ${known} bytes, but ${total}`);
  }

  clone(): LinkRows {
    const copy = new LinkRows(
      this.limit,
      this.chunks.map((chunk) => chunk.slice()),
      this.#rows === undefined ? undefined : new Map(this.#rows),
      this.#freeRows.slice(),
    );
    copy.#size = this.#size;
    copy.#rowsBytes = this.#rowsBytes;
    return copy;
  }

  #push(slot: number, other: number): void {
    const row = this.rowOf(slot);
    const start = this.startOf(row);
    const count = this.chunkOf(row)[start]! + 1;
    const chunk = this.#chunkWithRoom(row, start, count);
    chunk[start] = count;
    chunk[start + count] = other;
  }

  /** The chunk of a row that is to have so many links. */
  #chunkWithRoom(row: number, start: number, count: number): Int32Array {
    const chunk = this.chunkOf(row);
    // Only rows that are chunks of their own are ever too short.
    if (start + count < chunk.length) return chunk;
    const grown = new Int32Array(Math.min(this.limit, Math.max(count, 2 * (chunk.length - 1))) + 1);
    grown.set(chunk);
    this.chunks[row] = grown;
    this.#rowsBytes += grown.byteLength - chunk.byteLength;
    return grown;
  }

  #drop(slot: number, other: number): void {
    const row = this.rowOf(slot);
    const start = this.startOf(row);
    const chunk = this.chunkOf(row);
    const last = start + chunk[start]!;
    let at = start + 1;
    while (chunk[at] !== other) at++;
    // Those behind move up: the order of links is the order in which they came.
    chunk.copyWithin(at, at + 1, last + 1);
    chunk[start]!--;
  }
}

/** With the usual M, 16, level 0 has 32. */
const MOST_IN_EQUAL_ROWS = 64;
const FIRST_ROOM = 15;
/** What a level takes of the host's memory without its links and its map of rows. */
const LEVEL_BYTES = 330;
