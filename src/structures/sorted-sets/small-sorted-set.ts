import { type ByteString, compareBytes, sortsByUnits } from '../../bytes/byte-string.ts';
import { arrayBytes, objectBytes } from '../../bytes/heap-bytes.ts';
import { textBytes } from '../../bytes/text-bytes.ts';
import type { SetOutcome } from './set-outcome.ts';

/**
 * A few members in order of (score, bytes): two parallel arrays, searched from end to end.
 *
 *     members   'cyd'  'bob'  'eve'   (room)
 *     scores     3      7      7      (room)
 *
 * Ranks are array positions. Adding and removing shift what follows, finding a member reads all of them; that is
 * why a {@link SortedSet} changes to a tree before there are many.
 *
 * Invariants:
 *
 * 1. Positions 0 … size - 1 hold distinct members, strictly ascending by (score, bytes).
 * 2. Both arrays are equally long; beyond `size` they keep no member alive.
 * 3. While `byUnits` holds, every member ever put in satisfied `sortsByUnits` (see {@link ScoreTree}, invariant 3).
 * 4. `#memberBytes` is {@link UNCOUNTED} until {@link heapBytes} is asked for, then what the members take.
 */
export class SmallSortedSet {
  size = 0;
  byUnits = true;
  #members: ByteString[] = NO_MEMBERS;
  #scores: number[] = NO_SCORES;
  #memberBytes = UNCOUNTED;

  /** About how many bytes of the host's memory it takes. O(size) when first asked, then O(1). */
  get heapBytes(): number {
    if (this.#memberBytes === UNCOUNTED) this.#memberBytes = this.#countMembers(0, this.size);
    const room = this.#members.length;
    // Two empty arrays are shared by all.
    return OBJECT_BYTES + (room === 0 ? 0 : 2 * arrayBytes(room)) + this.#memberBytes;
  }

  #countMembers(from: number, end: number): number {
    let bytes = 0;
    for (let at = from; at < end; at++) bytes += textBytes(this.#members[at]!);
    return bytes;
  }

  score(member: ByteString): number | undefined {
    const at = this.rank(member);
    return at < 0 ? undefined : this.#scores[at];
  }

  set(member: ByteString, score: number): SetOutcome {
    const at = this.rank(member);
    if (at >= 0) {
      if (this.#scores[at] === score) return 'same';
      // Kept from the array, so that the set holds on to one string for a member's life.
      const kept = this.#members[at]!;
      this.#close(at, 1);
      this.#open(this.#lowerBound(kept, score), kept, score);
      return 'moved';
    }
    if (this.byUnits && !sortsByUnits(member)) this.byUnits = false;
    if (this.size === this.#members.length) this.#resize(this.size + (this.size >> 1) + 2);
    this.#open(this.#lowerBound(member, score), member, score);
    if (this.#memberBytes !== UNCOUNTED) this.#memberBytes += textBytes(member);
    return 'added';
  }

  delete(member: ByteString): boolean {
    const at = this.rank(member);
    if (at < 0) return false;
    this.deleteRange(at, at);
    return true;
  }

  rank(member: ByteString): number {
    const members = this.#members;
    for (let at = 0; at < this.size; at++) if (members[at] === member) return at;
    return -1;
  }

  memberAt(rank: number): ByteString {
    return this.#members[rank]!;
  }

  scoreAt(rank: number): number {
    return this.#scores[rank]!;
  }

  countBelowScore(score: number, inclusive: boolean): number {
    const scores = this.#scores;
    let at = 0;
    while (at < this.size && (scores[at]! < score || (inclusive && scores[at] === score))) at++;
    return at;
  }

  countBelowMember(member: ByteString, inclusive: boolean): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = compareBytes(this.#members[middle]!, member);
      if (order < 0 || (inclusive && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  forEach(
    start: number,
    stop: number,
    reverse: boolean,
    visit: (member: ByteString, score: number) => unknown,
  ): void {
    const step = reverse ? -1 : 1;
    let at = reverse ? stop : start;
    for (let remaining = stop - start + 1; remaining > 0; remaining--, at += step) {
      if (visit(this.#members[at]!, this.#scores[at]!) === false) return;
    }
  }

  forEachScoring(from: number, below: number, visit: (member: ByteString, score: number) => unknown): void {
    const scores = this.#scores;
    for (let at = this.countBelowScore(from, false); at < this.size && scores[at]! < below; at++) {
      if (visit(this.#members[at]!, scores[at]!) === false) return;
    }
  }

  deleteRange(start: number, stop: number): void {
    if (this.#memberBytes !== UNCOUNTED) this.#memberBytes -= this.#countMembers(start, stop + 1);
    this.#close(start, stop - start + 1);
    const room = this.#members.length;
    if (room > LEAST_ROOM && this.size <= room >> 2) this.#resize(this.size);
  }

  /** All members at once, whatever the cursor: the walk is over after one step. */
  scan(_cursor: number, _count: number, visit: (member: ByteString, score: number) => unknown): number {
    for (let at = 0; at < this.size; at++) visit(this.#members[at]!, this.#scores[at]!);
    return 0;
  }

  memberAtRandom(random: () => number): ByteString {
    return this.#members[Math.floor(random() * this.size)]!;
  }

  clone(): SmallSortedSet {
    return SmallSortedSet.fromSorted(this.#members, this.#scores, this.size, this.byUnits);
  }

  /** Copies the first `size` of members that are distinct and in order already. */
  static fromSorted(
    members: readonly ByteString[],
    scores: ArrayLike<number>,
    size: number,
    byUnits: boolean,
  ): SmallSortedSet {
    const set = new SmallSortedSet();
    set.#resize(size);
    for (let at = 0; at < size; at++) {
      set.#members[at] = members[at]!;
      set.#scores[at] = scores[at]!;
    }
    set.size = size;
    set.byUnits = byUnits;
    return set;
  }

  #lowerBound(member: ByteString, score: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const key = this.#scores[middle]!;
      if (key < score || (key === score && this.#precedes(this.#members[middle]!, member))) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #precedes(a: ByteString, b: ByteString): boolean {
    return this.byUnits ? a < b : compareBytes(a, b) < 0;
  }

  /** Shifts up what starts at `position` and puts a member there; there must be room. */
  #open(position: number, member: ByteString, score: number): void {
    const members = this.#members;
    const scores = this.#scores;
    for (let at = this.size; at > position; at--) {
      members[at] = members[at - 1]!;
      scores[at] = scores[at - 1]!;
    }
    members[position] = member;
    scores[position] = score;
    this.size++;
  }

  /** Drops `number` members from `position` on and shifts down what follows. */
  #close(position: number, number: number): void {
    const members = this.#members;
    const scores = this.#scores;
    const size = this.size - number;
    for (let at = position; at < size; at++) {
      members[at] = members[at + number]!;
      scores[at] = scores[at + number]!;
    }
    for (let at = size; at < this.size; at++) members[at] = '';
    this.size = size;
  }

  /** Arrays of exactly this length: `push` would make room for seventeen at the first member. */
  #resize(room: number): void {
    const members = new Array<ByteString>(room);
    const scores = new Array<number>(room);
    for (let at = 0; at < this.size; at++) {
      members[at] = this.#members[at]!;
      scores[at] = this.#scores[at]!;
    }
    this.#members = members;
    this.#scores = scores;
  }

  /** @throws Error naming the first invariant that does not hold. O(n²). */
  checkInvariants(): void {
    const members = this.#members;
    const scores = this.#scores;
    check(members.length === scores.length, 'the arrays differ in length');
    check(members.length >= this.size, 'the arrays are too short');
    check(new Set(members.slice(0, this.size)).size === this.size, 'a member is there twice');
    for (let at = 1; at < this.size; at++) {
      const [a, b] = [scores[at - 1]!, scores[at]!];
      const ordered = a < b || (a === b && compareBytes(members[at - 1]!, members[at]!) < 0);
      check(ordered, `positions ${at - 1} and ${at} are out of order`);
    }
    for (let at = this.size; at < members.length; at++) check(!members[at], 'a member is kept alive');
    if (this.byUnits)
      check(members.slice(0, this.size).every(sortsByUnits), 'a member does not sort by units');
    const counted = this.#memberBytes;
    check(counted === UNCOUNTED || counted === this.#countMembers(0, this.size), `${counted} are miscounted`);
  }
}

const LEAST_ROOM = 8;
const UNCOUNTED = -1;
const OBJECT_BYTES = objectBytes(6);
// Shared by all empty sets; of length 0, so that nobody ever writes to them.
const NO_MEMBERS: ByteString[] = [];
const NO_SCORES: number[] = [];

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`broken small sorted set: ${otherwise}`);
}
