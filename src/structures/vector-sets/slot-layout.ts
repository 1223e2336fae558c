import { typedArrayBytes } from '../../bytes/heap-bytes.ts';

/**
 * Rows of equal length, found by slot, in chunks: so that growing moves nothing but the first chunk, which begins small.
 *
 *     chunk 0              chunk 1
 *     [ row 0 | row 1 ]    [ row 2 | row 3 ]      slot >> shift: the chunk    (slot & mask) * width: where the row begins
 */
export class SlotLayout {
  /** How many units a row has. */
  readonly width: number;
  readonly shift: number;
  readonly mask: number;

  constructor(width: number, chunkUnits = CHUNK_UNITS) {
    this.width = width;
    const rows = Math.max(1, Math.floor(chunkUnits / Math.max(1, width)));
    this.shift = 31 - Math.clz32(rows);
    this.mask = 2 ** this.shift - 1;
  }

  /** Each row is a chunk. */
  static ofOneRow(width: number): SlotLayout {
    return new SlotLayout(width, width);
  }

  /** For how many rows there should be room in the chunk of a slot, of which so many have it now. */
  rowsFor(slot: number, rows: number): number {
    if (slot > this.mask) return this.mask + 1;
    const needed = (slot & this.mask) + 1;
    return needed <= rows ? rows : Math.min(this.mask + 1, Math.max(needed, FIRST_ROWS, rows * 2));
  }
}

/** About so many units in a chunk. */
const CHUNK_UNITS = 1 << 18;
const FIRST_ROWS = 4;

interface Units<Self> {
  readonly length: number;
  readonly byteLength: number;
  set(source: Self): void;
}

/** Sees to it that there is room for the slot's row in `chunks`. Slots are asked for in ascending order. */
export function makeRoom<Chunk extends Units<Chunk>>(
  layout: SlotLayout,
  chunks: Chunk[],
  slot: number,
  create: (length: number) => Chunk,
): void {
  const at = slot >> layout.shift;
  const chunk = chunks[at];
  const rows = chunk === undefined ? 0 : chunk.length / layout.width;
  const needed = layout.rowsFor(slot, rows);
  if (needed === rows) return;
  const grown = create(needed * layout.width);
  if (chunk !== undefined) grown.set(chunk);
  chunks[at] = grown;
}

/** What chunks take of the host's memory for which {@link makeRoom} made room: but for the first, all are of one size. O(1). */
export function chunksBytes(chunks: readonly Units<never>[]): number {
  const [first] = chunks;
  if (first === undefined) return 0;
  const last = chunks[chunks.length - 1]!;
  return typedArrayBytes(chunks.length, first.byteLength + (chunks.length - 1) * last.byteLength);
}
