import type { ByteString } from '../bytes/byte-string.ts';

/**
 * The order in which SCAN walks a database: the keys as they were added, newest last.
 *
 *     keys   k0  k1  (k2)  k3  …  k8  k9   ← added here
 *                          ↑
 *            ← a scan walks down; its cursor is the position it has reached
 *
 * A scan walks downward from the end, so that whatever is added while it runs lies behind it: every scan ends,
 * whatever the caller does between its steps, and nothing has to be remembered for it. Deleting a key leaves its
 * record behind (the step skips what is no longer there); a key that comes back gets a new record. Only eviction takes the
 * record with the key ({@link forgetPicked}): keys that come and go would have the more chance of going, the more often they came.
 *
 * Invariants:
 *
 * 1. Every live key has a record, and its last record was made when it came into being.
 * 2. A key that is there throughout a scan keeps a record at or below the cursor until the scan has returned it.
 * 3. Records are compacted once most of them are dead. That renumbers positions, so a cursor carries the number of
 *    the last compaction it knew, and {@link renumber} maps older positions upward, never too low: a key may be
 *    returned twice (as in Redis), but none is missed. It maps exactly what is not many compactions old: were it raised
 *    a little with each, a scan in small steps would come no further while keys come and go fast.
 *
 * Exists only once somebody scans or asks for a random key.
 */
export class ScanOrder {
  private keys: (ByteString | undefined)[];
  /** Where {@link pick} was last. */
  private picked = 0;
  private compactions = 0;
  /** Of the last compactions, newest last. */
  private history: Compaction[] = [];

  /** Begins with the keys that are there. O(n). */
  constructor(keys: Iterable<ByteString>) {
    this.keys = [...keys];
  }

  /** Records a key that was not there before. Amortised O(1). */
  add(key: ByteString, live: ReadonlyMap<ByteString, unknown>): void {
    this.keys.push(key);
    if (this.keys.length > 2 * live.size + SLACK) this.compact(live);
  }

  /**
   * One step of a scan: visits about `count` records downward from `cursor` (0 begins a scan) and returns the cursor
   * of the next step, 0 at the end. O(count).
   */
  scan(cursor: number, count: number, visit: (key: ByteString) => void): number {
    const from = cursor === 0 ? this.keys.length : this.positionOf(cursor);
    const to = Math.max(0, from - count);
    for (let at = from - 1; at >= to; at--) {
      const key = this.keys[at];
      if (key !== undefined) visit(key);
    }
    return to === 0 ? 0 : to * EPOCHS + (this.compactions % EPOCHS);
  }

  /**
   * A live key, each with about the same chance, or `undefined` if there is none. Expected O(1), amortised.
   *
   * @param isLive may remove the key, as its time is over
   */
  pickLive(
    live: ReadonlyMap<ByteString, unknown>,
    random: () => number,
    isLive: (key: ByteString) => boolean,
  ): ByteString | undefined {
    for (let misses = 0; live.size > 0; misses++) {
      // At least half of the records live, so chance alone does not miss so often: a source that repeats itself does.
      this.tidy(live, misses % MISSES_IN_A_ROW === MISSES_IN_A_ROW - 1);
      const key = this.pick(random);
      if (key !== undefined && isLive(key)) return key;
    }
    return undefined;
  }

  /** A record chosen with equal chance; the key may be dead. */
  pick(random: () => number): ByteString | undefined {
    this.picked = Math.floor(random() * this.keys.length);
    return this.keys[this.picked];
  }

  /** The key that was picked last will be removed now, and not come back by an undone transaction: its record goes. O(1). */
  forgetPicked(): void {
    this.keys[this.picked] = undefined;
  }

  /** Drops the records of dead keys once they are the most, or at once, so that {@link pick} finds a live one soon. */
  private tidy(live: ReadonlyMap<ByteString, unknown>, isForced = false): void {
    if (isForced || this.keys.length > 2 * live.size) this.compact(live);
  }

  /**
   * For a transaction: what takes back everything that was recorded since. A cursor given out meanwhile stays good: it
   * is at most as far down as the keys that are there throughout. O(1), and O(compactions kept).
   */
  save(): () => void {
    const { keys, compactions } = this;
    const { length } = keys;
    const history = this.history.slice();
    return () => {
      keys.length = length;
      this.keys = keys;
      this.compactions = compactions;
      this.history = history;
    };
  }

  private positionOf(cursor: number): number {
    const position = Math.floor(cursor / EPOCHS);
    const age = (this.compactions - (cursor % EPOCHS) + EPOCHS) % EPOCHS;
    return Math.min(this.renumber(position, age), this.keys.length);
  }

  private renumber(position: number, age: number): number {
    if (age > this.history.length) return this.keys.length;
    let mapped = position;
    for (let at = this.history.length - age; at < this.history.length; at++) {
      mapped = survivorsBelow(this.history[at]!, mapped);
    }
    return mapped;
  }

  private compact(live: ReadonlyMap<ByteString, unknown>): void {
    const old = this.keys;
    // Of a key's records only the last one is made to live on: the earlier are of its former lives.
    const survives = new Uint8Array(old.length);
    const seen = new Set<ByteString>();
    for (let at = old.length - 1; at >= 0; at--) {
      const key = old[at];
      if (key === undefined || !live.has(key) || seen.has(key)) continue;
      seen.add(key);
      survives[at] = 1;
    }
    const below = new Uint32Array(Math.ceil(old.length / STRIDE) + 1);
    const bits = new Uint8Array(Math.ceil(old.length / 8));
    const kept: ByteString[] = [];
    for (let at = 0; at < old.length; at++) {
      if (at % STRIDE === 0) below[at / STRIDE] = kept.length;
      if (survives[at] === 0) continue;
      bits[at >> 3]! |= 1 << (at & 7);
      kept.push(old[at]!);
    }
    below[below.length - 1] = kept.length;
    this.keys = kept;
    this.compactions++;
    this.history.push({ below, bits });
    if (this.history.length > HISTORY) this.history.shift();
    const inexact = this.history.length - 1 - EXACT_HISTORY;
    if (inexact >= 0) this.history[inexact] = { below: this.history[inexact]!.below, bits: undefined };
  }
}

/** Which records a compaction has kept. */
interface Compaction {
  /** How many below every {@link STRIDE}th old position, and below the end. */
  readonly below: Uint32Array;
  /** A bit for each old position: forgotten first, as an eighth of a byte for each record adds up. */
  readonly bits: Uint8Array | undefined;
}

/** How many records below this old position were kept: exactly, or no fewer. */
function survivorsBelow({ below, bits }: Compaction, position: number): number {
  const last = below.length - 1;
  const stride = Math.floor(position / STRIDE);
  if (stride >= last) return below[last]!;
  if (bits === undefined) return below[Math.ceil(position / STRIDE)]!;
  let count = below[stride]!;
  for (let at = stride * STRIDE; at < position; at++) count += (bits[at >> 3]! >> (at & 7)) & 1;
  return count;
}

/** A cursor holds its position times this, plus the number of the compaction modulo this. */
const EPOCHS = 1024;
const HISTORY = 64;
/** Of so many compactions it is known exactly what they kept. */
const EXACT_HISTORY = 8;
const STRIDE = 256;
const SLACK = 1024;
/** So many records of dead keys one after the other, and {@link ScanOrder.pickLive} drops them all. */
const MISSES_IN_A_ROW = 64;
