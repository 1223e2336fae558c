import type { PendingEntry } from './pending-entry.ts';
import { SortedById } from './sorted-by-id.ts';
import type { StreamId } from './stream-id.ts';

/** The place of a pending entry in the order of time: when it was delivered, and its turn among those of that time. */
interface Place extends StreamId {
  readonly ms: number;
  readonly seq: number;
  readonly entry: PendingEntry;
}

/** Where the released ones are: before whatever was ever delivered. */
const RELEASED = 0;
/** So much later than 1970 is the place of what was delivered then. */
const OFFSET = 1;

/**
 * Pending entries, those first that were released, in the order of their release, then the others from the one
 * delivered longest ago to the latest. Of those delivered in the same millisecond, the first one comes first.
 *
 * A place is a pair of numbers, and so is an id; so the places lie in the container of whatever has an id:
 *
 *     place   0-12  0-15   1700000000001-3  1700000000001-9  1700000005001-4
 *     entry    ↓     ↓           ↓                ↓                ↓
 *            (released)    at …0000, turn 3      turn 9         at …5000
 *
 * Invariant: each entry has the place that its consumer (or its having none), time and turn give it. Thus whoever
 * changes these takes the entry out before and puts it in again afterwards.
 */
export class PendingByTime {
  private readonly places = new SortedById<Place>();

  /** The order of these entries. O(n log n). */
  constructor(entries: Iterable<PendingEntry>) {
    const places: Place[] = [];
    for (const entry of entries) places.push(placeOf(entry));
    places.sort((a, b) => a.ms - b.ms || a.seq - b.seq);
    for (const place of places) this.places.set(place);
  }

  get size(): number {
    return this.places.size;
  }

  /** O(log n), O(1) for the latest. */
  add(entry: PendingEntry): void {
    this.places.set(placeOf(entry));
  }

  /** O(log n). @returns whether it was there */
  remove(entry: PendingEntry): boolean {
    return this.places.delete({ ms: timePlace(entry), seq: entry.turn }) !== undefined;
  }

  /**
   * The entries idle for at least so long: the released ones, then the others, the longest idle first. What was
   * delivered at a time that is yet to come has been idle for 0 ms. Entries may be put in and taken out meanwhile; those
   * whose turn is `turnNow` or later are passed over. O(log n) for each.
   */
  *idle(minIdleMs: number, nowMs: number, turnNow: number): Generator<PendingEntry, void, undefined> {
    const latest = minIdleMs <= 0 ? Number.POSITIVE_INFINITY : nowMs - minIdleMs;
    let place = this.places.first;
    while (place !== undefined && (place.ms === RELEASED || place.ms - OFFSET <= latest)) {
      if (place.seq < turnNow) yield place.entry;
      place = this.places.after(place);
    }
  }

  /** For tests: throws if the invariant does not hold. O(n). */
  checkInvariants(): void {
    this.places.checkInvariants();
    for (const { ms, seq, entry } of this.places) {
      if (ms !== timePlace(entry) || seq !== entry.turn) throw new Error('an entry is not in its place');
    }
  }
}

function placeOf(entry: PendingEntry): Place {
  return { ms: timePlace(entry), seq: entry.turn, entry };
}

/** Times before 1970, which no clock should tell, are all the same. */
function timePlace(entry: PendingEntry): number {
  return entry.consumer === undefined ? RELEASED : Math.max(entry.deliveredAtMs, 0) + OFFSET;
}
