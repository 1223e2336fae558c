import { type ByteString, compareBytes, sortsByUnits } from '../../bytes/byte-string.ts';
import { objectBytes } from '../../bytes/heap-bytes.ts';
import { LargeSortedSet } from './large-sorted-set.ts';
import type { SetOutcome } from './set-outcome.ts';
import { SmallSortedSet } from './small-sorted-set.ts';

/**
 * Distinct members, each with a score, in order of (score, bytes of the member). Ranks count from 0, upward.
 *
 * Scores are doubles, infinities included, never NaN; -0 and 0 are equal, and a member keeps the one it was given
 * first. Up to {@link MOST_SMALL} members live in two plain arrays, more in a tree:
 *
 *                          ┌─ SmallSortedSet   members[] scores[]
 *     SortedSet ── body ───┤
 *                          └─ LargeSortedSet   Map member → slot ── ScoreTree, columns by slot
 *
 * Complexities below are those of the tree, n being the number of members. A callback must not change the set that
 * calls it.
 *
 * Invariants:
 *
 * 1. A small body has at most {@link MOST_SMALL} members, a large one at least one. A large body becomes small again
 *    only by being emptied: growing anew would number its members anew and break invariant 2.
 * 2. A member present from a walk's first {@link scan} to its last is visited: within a large body it only ever moves
 *    to a lower slot (see {@link ScoreTree}, invariant 1), so towards where the walk is going, and a small body hands
 *    out everything in one step. A walk under way when a set is emptied has nobody left whom it must visit.
 */
export class SortedSet {
  #body: SmallSortedSet | LargeSortedSet = new SmallSortedSet();

  /**
   * A set of `members[i]` with `scores[i]`; where a member occurs twice, the later score holds. Of input in order,
   * upward or downward, O(n); of any other, O(n log n).
   *
   * @throws RangeError if there are fewer scores than members.
   */
  static from(members: readonly ByteString[], scores: ArrayLike<number>): SortedSet {
    if (scores.length < members.length) throw new RangeError('fewer scores than members');
    const set = new SortedSet();
    set.fill(members, scores);
    return set;
  }

  /** Puts `members[i]` with `scores[i]` into a set that is empty: see {@link from}. */
  protected fill(members: readonly ByteString[], scores: ArrayLike<number>): void {
    if (members.length > MOST_SMALL) {
      const body =
        bodyFromSorted(members, scores) ?? bodyFromSorted(members.toReversed(), reversed(members, scores));
      if (body !== undefined) {
        this.#body = body;
        return;
      }
    }
    for (let at = 0; at < members.length; at++) this.set(members[at]!, scores[at]!);
  }

  /** How many members there are. */
  get size(): number {
    return this.#body.size;
  }

  /** Whether `member` is here. O(1). */
  has(member: ByteString): boolean {
    return this.#body.score(member) !== undefined;
  }

  /** The score of `member`, or undefined if it is not here. O(1). */
  score(member: ByteString): number | undefined {
    return this.#body.score(member);
  }

  /**
   * Gives `member` this score, adding it if need be; an equal score changes nothing. O(log n), O(1) if equal.
   */
  set(member: ByteString, score: number): SetOutcome {
    const body = this.#body;
    const outcome = body.set(member, score);
    if (outcome === 'added' && body instanceof SmallSortedSet && body.size > MOST_SMALL) this.#grow(body);
    return outcome;
  }

  /** Removes `member`; whether it was here. O(log n). */
  delete(member: ByteString): boolean {
    if (!this.#body.delete(member)) return false;
    if (this.#body.size === 0) this.#body = new SmallSortedSet();
    return true;
  }

  /** How many members come before `member`, or -1 if it is not here. O(log n). */
  rank(member: ByteString): number {
    return this.#body.rank(member);
  }

  /** The member at a rank, or undefined if there is none. O(log n). */
  memberAt(rank: number): ByteString | undefined {
    return this.#isRank(rank) ? this.#body.memberAt(rank) : undefined;
  }

  /** The score at a rank, or undefined if there is none. O(log n). */
  scoreAt(rank: number): number | undefined {
    return this.#isRank(rank) ? this.#body.scoreAt(rank) : undefined;
  }

  /**
   * How many members score less than `score`, or, if `inclusive`, at most that: the rank at which a range of scores
   * starts or has ended. O(log n).
   */
  countBelowScore(score: number, inclusive: boolean): number {
    return this.#body.countBelowScore(score, inclusive);
  }

  /**
   * How many members come before `member` in byte order, or, if `inclusive`, not after it: the rank at which a
   * lexicographic range starts or has ended. It need not be here. Scores are ignored, so this means something only
   * where all are equal; otherwise it is some number from 0 to `size`. O(log n).
   */
  countBelowMember(member: ByteString, inclusive: boolean): number {
    return this.#body.countBelowMember(member, inclusive);
  }

  /**
   * Visits the ranks from `start` to `stop`, both included and clamped to those there are (so an empty range visits
   * nothing), upward or, if `reverse`, from `stop` down to `start`. Stops when `visit` answers false.
   * O(log n + number of members visited).
   */
  forEach(
    start: number,
    stop: number,
    reverse: boolean,
    visit: (member: ByteString, score: number) => unknown,
  ): void {
    const first = Math.max(0, start);
    const last = Math.min(stop, this.#body.size - 1);
    if (first <= last) this.#body.forEach(first, last, reverse, visit);
  }

  /**
   * Visits the members that score at least `from` and less than `below`, upward. Stops when `visit` answers false. The set must
   * not change meanwhile. O(log n + number of members visited).
   */
  forEachScoring(from: number, below: number, visit: (member: ByteString, score: number) => unknown): void {
    this.#body.forEachScoring(from, below, visit);
  }

  /**
   * Removes the ranks from `start` to `stop`, both included and clamped to those there are. O(log n + number removed).
   *
   * @param onDelete is told of each member, upward, before any is removed; if it throws, nothing has changed.
   * @returns how many were removed.
   */
  deleteRange(start: number, stop: number, onDelete?: (member: ByteString, score: number) => void): number {
    const first = Math.max(0, start);
    const last = Math.min(stop, this.#body.size - 1);
    if (first > last) return 0;
    if (onDelete !== undefined) {
      this.#body.forEach(first, last, false, (member, score) => {
        onDelete(member, score);
      });
    }
    const removed = last - first + 1;
    if (removed === this.#body.size) {
      this.#body = new SmallSortedSet();
      return removed;
    }
    this.#body.deleteRange(first, last);
    return removed;
  }

  /**
   * One step of a walk over all members, in no particular order. The walk needs no memory here: it may be dropped,
   * and the set may change between steps. Members present throughout are visited, perhaps more than once; those
   * that come or go meanwhile may be. The walk ends after at most size / count steps or so, even if members are
   * added all the time.
   *
   * @param cursor 0 to begin, then what the last step returned.
   * @param count how many members to visit, at least 1; a small set visits all of them.
   * @returns the cursor for the next step, or 0 if the walk is over.
   */
  scan(cursor: number, count: number, visit: (member: ByteString, score: number) => unknown): number {
    return this.#body.scan(cursor, Math.max(1, count), visit);
  }

  /**
   * Some member, each as likely as any other. The set must not be empty. O(log n).
   *
   * @param random a source of numbers from 0 up to but not including 1.
   */
  memberAtRandom(random: () => number): ByteString {
    return this.#body.memberAtRandom(random);
  }

  /** About how many bytes of the host's memory it takes. O(n) when first asked; from then on it is kept, and O(log n). */
  get heapBytes(): number {
    return OBJECT_BYTES + this.#body.heapBytes;
  }

  /** An independent copy. O(n). */
  clone(): SortedSet {
    const copy = new SortedSet();
    copy.become(this);
    return copy;
  }

  /** Takes over a copy of what another set holds. O(n). */
  protected become(other: SortedSet): void {
    this.#body = other.#body.clone();
  }

  /** What has another set take over, once and later, a copy of what this one holds now. O(n). */
  protected saveBody(): (copy: SortedSet) => void {
    const body = this.#body;
    if (body instanceof SmallSortedSet) {
      const saved = body.clone();
      return (copy) => {
        copy.#body = saved;
      };
    }
    const restore = body.save();
    return (copy) => {
      copy.#body = restore();
    };
  }

  /** @throws Error naming the first invariant that does not hold. O(n). */
  checkInvariants(): void {
    const body = this.#body;
    if (body instanceof SmallSortedSet ? body.size > MOST_SMALL : body.size === 0) {
      throw new Error(`broken sorted set: ${body.size} members in a ${body.constructor.name}`);
    }
    body.checkInvariants();
  }

  #isRank(rank: number): boolean {
    return rank >= 0 && rank < this.#body.size;
  }

  #grow(body: SmallSortedSet): void {
    const members: ByteString[] = [];
    const scores: number[] = [];
    body.forEach(0, body.size - 1, false, (member, score) => {
      members.push(member);
      scores.push(score);
    });
    this.#body = LargeSortedSet.fromSorted(members, scores, body.byUnits)!;
  }
}

/**
 * Above this many members there is a tree. Measured with names of one length and a common beginning, which are the
 * slowest to tell apart: finding a member in arrays costs as much as in an index up to 16 members, three times as
 * much at 32 and five times at 64; giving one a new score costs the same up to 24, less at 32, a quarter more at 64. A
 * tree of 32 takes 5 KB besides its members, arrays of 32 take half of one. So 32: sets of that size are many.
 */
export const MOST_SMALL = 32;

/** With the one field that what is kept under a key has besides. */
const OBJECT_BYTES = objectBytes(3);

/** Undefined if the members are not in order or some are there twice. */
function bodyFromSorted(
  members: readonly ByteString[],
  scores: ArrayLike<number>,
): LargeSortedSet | undefined {
  const byUnits = members.every(sortsByUnits);
  for (let at = 1; at < members.length; at++) {
    const [a, b] = [members[at - 1]!, members[at]!];
    const [x, y] = [scores[at - 1]!, scores[at]!];
    if (x < y) continue;
    if (x !== y || !(byUnits ? a < b : compareBytes(a, b) < 0)) return undefined;
  }
  return LargeSortedSet.fromSorted(members.slice(), scores, byUnits);
}

function reversed(members: readonly ByteString[], scores: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: members.length }, (_, at) => scores[members.length - 1 - at]!);
}
