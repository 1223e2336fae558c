/**
 * A hierarchical timing wheel: what must happen at which millisecond, in order, with O(1) upkeep.
 *
 * A time is read as a number of nine digits in base 64. The wheel stands at one time, its *position*. A timer
 * is kept at the level of the highest digit in which its due time differs from the position, in the slot
 * named by that digit of the due time:
 *
 *     position   …  07 21 40
 *     due        …  07 21 55     differs in digit 0:  level 0, slot 55   (one slot = 1 ms)
 *     due        …  07 30 02     differs in digit 1:  level 1, slot 30   (one slot = 64 ms)
 *     due        …  09 00 00     differs in digit 2:  level 2, slot  9   (one slot = 4096 ms)
 *
 *     level 2   . . . . . . . . # . . #        bitmaps say which slots hold something, so
 *     level 1   . . . . . # . . . . . .        empty stretches of any length cost nothing
 *     level 0   . . # . # # . . . . . .  →  the first occupied slot of the lowest occupied level comes next
 *
 * So whatever is at a lower level is due before whatever is at a higher one, and within a level the slots are
 * in order of time; nothing ever wraps around. When the first occupied slot is at level 0, its timers are due
 * at that very millisecond. When it is higher, the position moves to the slot's start and its timers are
 * *cascaded*: dealt out over the levels below. A slot may hold a million timers, so a cascade can stop half way
 * and go on in the next call.
 *
 * A due time before the position moves the position back. That only asks for the occupied slots below one
 * level to be joined into one slot above them, list by list, whatever they hold. Hence a clock set back and
 * timers due in the past need no special case: they fire in their order like all others.
 *
 * Invariants:
 *
 * 1. Where a timer is follows from its due time and the position alone, except for those still waiting in a
 *    cascade under way. So timers of equal due time are always in one list, in the order of scheduling.
 * 2. No timer is due before the position. At level 1 and above, occupied slots lie after the position's own
 *    digit of that level; at level 0 they may be at it.
 * 3. A bit is set exactly if its slot's list is not empty, a level's bit exactly if one of its slots' is.
 * 4. While a cascade is under way the position stays at the start of the slot being cascaded, and what is
 *    scheduled for that slot's span queues up behind it.
 * 5. Each list is circular through its `Slot`; a timer in no list has no links.
 * 6. Due times after `Number.MAX_SAFE_INTEGER` (no clock gets there) are in a list that never comes.
 */

/** One member of a circular list: a timer, or the slot that the list belongs to. */
interface Link {
  nextInSlot: Link | null;
  previousInSlot: Link | null;
}

/** Something to happen at a time. Subclasses say what, and carry what they need for it. */
export abstract class Timer implements Link {
  /** When it is (or was last) scheduled for, in ms since the epoch. Written by the wheel alone. */
  // Infinity rather than 0, so that engines lay the field out for a double from the start.
  dueMs: number = Number.POSITIVE_INFINITY;
  /** @internal */
  nextInSlot: Link | null = null;
  /** @internal */
  previousInSlot: Link | null = null;

  /** Whether it sits in a wheel. False already while it fires. */
  get isScheduled(): boolean {
    return this.nextInSlot !== null;
  }

  /**
   * Called once by {@link TimerWheel.advance} when due; `nowMs` is the time advanced to, at or after `dueMs`.
   * It may schedule and cancel any timer, itself included. What it throws comes out of `advance`.
   */
  abstract fire(nowMs: number): void;
}

/** The head of one list. `index` is level × 64 + slot, or `OUTSIDE`. */
class Slot implements Link {
  readonly index: number;
  nextInSlot: Link = this;
  previousInSlot: Link = this;

  constructor(index: number) {
    this.index = index;
  }

  get isEmpty(): boolean {
    return this.nextInSlot === this;
  }
}

/** The index of lists that have no bit: the cascade under way, and the times that never come. */
const OUTSIDE = -1;

const DIGIT_BITS = 6;
const SLOTS = 64;
const LEVELS = 9;

/** Bit operations reach 32 bits, so a time is held in two parts: five low digits and four high ones. */
const LOW_LEVELS = 5;
const LOW_SPAN = 2 ** (LOW_LEVELS * DIGIT_BITS);
/** Added to the high part so that times before 1970 sort before the others. */
const HIGH_BIAS = 2 ** 23;

/** How many timers may be cascaded for each one that may be fired. A move costs less than a firing. */
const MOVES_PER_FIRING = 4;
/** Up to so many timers are looked at to tell the next due time exactly. */
const EXACT_LOOK = 16;

/** Timers in order of due time. See the top of the file for how it works. */
export class TimerWheel {
  readonly #slots: (Slot | undefined)[] = new Array<Slot | undefined>(LEVELS * SLOTS).fill(undefined);
  /** Two words of 32 slots for each level. */
  readonly #bits = new Int32Array(LEVELS * 2);
  #levelBits = 0;

  #positionMs = 0;
  #positionHigh = HIGH_BIAS;
  #positionLow = 0;

  readonly #cascade = new Slot(OUTSIDE);
  /** The end of the span being cascaded; before all times when there is none. */
  #cascadeEndMs = Number.NEGATIVE_INFINITY;
  readonly #never = new Slot(OUTSIDE);

  #size = 0;
  #advancing = false;
  #targetMs = 0;

  /** How many timers are scheduled. */
  get size(): number {
    return this.#size;
  }

  /**
   * Makes `timer` due at `dueMs` (ms since the epoch), moving it if it is scheduled already. Timers with the
   * same due time fire in the order of these calls. A time in the past is due at the next {@link advance}; a
   * fraction is rounded up; a time after `Number.MAX_SAFE_INTEGER` is accepted and never comes. O(1).
   *
   * A timer belongs to one wheel at a time.
   *
   * @throws RangeError if `dueMs` is NaN.
   */
  schedule(timer: Timer, dueMs: number): void {
    if (Number.isNaN(dueMs)) throw new RangeError('a timer cannot be due at NaN');
    if (timer.nextInSlot !== null) this.#unlink(timer);
    else this.#size++;
    const due = Math.max(Math.ceil(dueMs), Number.MIN_SAFE_INTEGER);
    timer.dueMs = due;
    if (due > Number.MAX_SAFE_INTEGER) {
      append(this.#never, timer);
      return;
    }
    if (due < this.#positionMs) this.#moveBack(due);
    if (due < this.#cascadeEndMs) append(this.#cascade, timer);
    else this.#place(timer, due);
  }

  /** Takes `timer` out. False if it was not scheduled. O(1). */
  cancel(timer: Timer): boolean {
    if (timer.nextInSlot === null) return false;
    this.#unlink(timer);
    this.#size--;
    return true;
  }

  /**
   * Fires what is due at or before `nowMs`, in order of due time, equal ones in order of scheduling: at most
   * `budget` timers, after moving at most a few times as many between levels. So a call with a small budget is
   * short whatever the wheel holds, and may fire nothing though something is due: {@link hasDue} tells whether
   * to go on. Any jump forward costs only the timers passed; a step backward does no harm.
   *
   * A timer scheduled while others fire is fired by the same call if it is due. Called by a timer being
   * fired, it fires nothing itself; the call under way goes on up to the later of both times.
   *
   * @returns how many it fired.
   * @throws RangeError if `nowMs` is NaN; otherwise what a timer throws, which leaves the others to the next call.
   */
  advance(nowMs: number, budget: number = Number.POSITIVE_INFINITY): number {
    if (Number.isNaN(nowMs)) throw new RangeError('a wheel cannot advance to NaN');
    const now = Math.min(Math.floor(nowMs), Number.MAX_SAFE_INTEGER);
    if (this.#advancing) {
      this.#targetMs = Math.max(this.#targetMs, now);
      return 0;
    }
    this.#advancing = true;
    this.#targetMs = now;
    try {
      return this.#run(budget);
    } finally {
      this.#advancing = false;
    }
  }

  /**
   * Whether {@link advance} has something to do at `nowMs`. True whenever a timer is due. It may also be true
   * when timers due later have yet to be cascaded; advancing until it is false always comes to an end. O(1).
   */
  hasDue(nowMs: number): boolean {
    if (!this.#cascade.isEmpty) return this.#positionMs <= nowMs;
    const index = this.#firstOccupied();
    return index >= 0 && this.#startOf(index) <= nowMs;
  }

  /**
   * A time at or before the next due time, good for arming a host timer: exact when only few timers are near
   * it, otherwise at least the start of their slot. `undefined` when nothing will ever be due. O(1).
   */
  nextDueMs(): number | undefined {
    if (!this.#cascade.isEmpty) return this.#positionMs;
    const index = this.#firstOccupied();
    if (index < 0) return undefined;
    if (index < SLOTS) return this.#startOf(index);
    const slot = this.#slots[index]!;
    let earliestMs = Number.POSITIVE_INFINITY;
    let link: Link = slot.nextInSlot;
    for (let looked = 0; looked < EXACT_LOOK; looked++) {
      earliestMs = Math.min(earliestMs, (link as Timer).dueMs);
      link = link.nextInSlot!;
      if (link === slot) return earliestMs;
    }
    return this.#startOf(index);
  }

  #run(budget: number): number {
    let fired = 0;
    let moves = budget * MOVES_PER_FIRING;
    for (;;) {
      if (!this.#cascade.isEmpty) {
        if (moves <= 0) return fired;
        moves -= this.#continueCascade(moves);
        continue;
      }
      const index = this.#firstOccupied();
      if (index >= SLOTS) {
        const startMs = this.#startOf(index);
        if (startMs > this.#targetMs) break;
        this.#beginCascade(index, startMs);
        continue;
      }
      if (index < 0) break;
      const timer = this.#slots[index]!.nextInSlot as Timer;
      if (timer.dueMs > this.#targetMs) break;
      if (fired >= budget) return fired;
      // Out of the wheel before it runs: whatever it does or throws meets a wheel in order.
      this.#unlink(timer);
      this.#size--;
      fired++;
      timer.fire(this.#targetMs);
    }
    // Nothing lies between the position and the target, so moving there displaces no timer.
    if (this.#targetMs > this.#positionMs) this.#setPosition(this.#targetMs);
    return fired;
  }

  #beginCascade(index: number, startMs: number): void {
    this.#setPosition(startMs);
    this.#cascadeEndMs = startMs + 2 ** (DIGIT_BITS * (index >>> DIGIT_BITS));
    joinLists(this.#cascade, this.#slots[index]!);
    this.#clearBit(index);
  }

  /** Deals out up to `limit` timers of the cascade under way; returns how many. */
  #continueCascade(limit: number): number {
    const cascade = this.#cascade;
    let moved = 0;
    let link: Link = cascade.nextInSlot;
    while (link !== cascade && moved < limit) {
      const next: Link = link.nextInSlot!;
      this.#place(link as Timer, (link as Timer).dueMs);
      link = next;
      moved++;
    }
    cascade.nextInSlot = link;
    link.previousInSlot = cascade;
    if (link === cascade) this.#cascadeEndMs = Number.NEGATIVE_INFINITY;
    return moved;
  }

  /** Appends an unlinked timer, due at or after the position, to the slot where it belongs. */
  #place(timer: Timer, dueMs: number): void {
    const index = this.#indexOf(dueMs);
    let slot = this.#slots[index];
    if (slot === undefined) {
      slot = new Slot(index);
      this.#slots[index] = slot;
    }
    if (slot.nextInSlot === slot) this.#setBit(index);
    append(slot, timer);
  }

  /** Which slot a due time belongs to, seen from the position. */
  #indexOf(dueMs: number): number {
    const floor = Math.floor(dueMs / LOW_SPAN);
    const high = floor + HIGH_BIAS;
    if (high === this.#positionHigh) {
      const low = dueMs - floor * LOW_SPAN;
      const level = highestDigit(low ^ this.#positionLow);
      return level * SLOTS + ((low >>> (level * DIGIT_BITS)) & (SLOTS - 1));
    }
    const level = highestDigit(high ^ this.#positionHigh);
    return (LOW_LEVELS + level) * SLOTS + ((high >>> (level * DIGIT_BITS)) & (SLOTS - 1));
  }

  /** The first millisecond of an occupied slot, seen from the position. */
  #startOf(index: number): number {
    const level = index >>> DIGIT_BITS;
    const slot = index & (SLOTS - 1);
    if (level < LOW_LEVELS) {
      return this.#positionMs - this.#positionLow + withDigit(this.#positionLow, level, slot);
    }
    return (withDigit(this.#positionHigh, level - LOW_LEVELS, slot) - HIGH_BIAS) * LOW_SPAN;
  }

  #setPosition(ms: number): void {
    const floor = Math.floor(ms / LOW_SPAN);
    this.#positionMs = ms;
    this.#positionHigh = floor + HIGH_BIAS;
    this.#positionLow = ms - floor * LOW_SPAN;
  }

  /** Moves the position back to `ms`. O(occupied slots at the levels below the highest digit that changes). */
  #moveBack(ms: number): void {
    const fromMs = this.#positionMs;
    this.#setPosition(ms);
    const target = this.#indexOf(fromMs);
    const targetLevel = target >>> DIGIT_BITS;
    // A slot that differs from the new position only in digit 0 is where it was before.
    if (targetLevel === 0) return;
    // Empty until now: it was the position's own slot (invariant 2).
    let into = this.#slots[target];
    if (into === undefined) {
      into = new Slot(target);
      this.#slots[target] = into;
    }
    for (;;) {
      const index = this.#firstOccupied();
      if (index < 0 || index >>> DIGIT_BITS >= targetLevel) break;
      joinLists(into, this.#slots[index]!);
      this.#clearBit(index);
    }
    if (!this.#cascade.isEmpty) {
      // Behind those already dealt out, which were scheduled earlier where the due times are equal.
      joinLists(into, this.#cascade);
      this.#cascadeEndMs = Number.NEGATIVE_INFINITY;
    }
    if (!into.isEmpty) this.#setBit(target);
  }

  /** The index of the slot that comes next, or -1. */
  #firstOccupied(): number {
    if (this.#levelBits === 0) return -1;
    const level = lowestBit(this.#levelBits);
    const first = this.#bits[2 * level]!;
    const slot = first !== 0 ? lowestBit(first) : 32 + lowestBit(this.#bits[2 * level + 1]!);
    return level * SLOTS + slot;
  }

  #setBit(index: number): void {
    this.#bits[index >>> 5]! |= 1 << (index & 31);
    this.#levelBits |= 1 << (index >>> DIGIT_BITS);
  }

  #clearBit(index: number): void {
    const level = index >>> DIGIT_BITS;
    this.#bits[index >>> 5]! &= ~(1 << (index & 31));
    if ((this.#bits[2 * level]! | this.#bits[2 * level + 1]!) === 0) this.#levelBits &= ~(1 << level);
  }

  #unlink(timer: Timer): void {
    const previous = timer.previousInSlot!;
    const next = timer.nextInSlot!;
    previous.nextInSlot = next;
    next.previousInSlot = previous;
    timer.nextInSlot = null;
    timer.previousInSlot = null;
    if (previous !== next) return;
    // Both neighbours were the slot itself.
    const { index } = previous as Slot;
    if (index !== OUTSIDE) this.#clearBit(index);
    else if (previous === this.#cascade) this.#cascadeEndMs = Number.NEGATIVE_INFINITY;
  }

  /** Throws if an invariant does not hold. O(n); for tests. */
  checkInvariants(): void {
    let counted = 0;
    for (let level = 0; level < LEVELS; level++) {
      let occupied = 0;
      for (let digit = 0; digit < SLOTS; digit++) {
        const index = level * SLOTS + digit;
        const slot = this.#slots[index];
        const bit = (this.#bits[index >>> 5]! >>> (index & 31)) & 1;
        const isOccupied = slot !== undefined && !slot.isEmpty;
        verify(bit === (isOccupied ? 1 : 0), `bit of slot ${index}`);
        if (!isOccupied) continue;
        occupied++;
        verify(slot.index === index, `name of slot ${index}`);
        for (const timer of timersOf(slot)) {
          counted++;
          verify(timer.dueMs >= this.#positionMs, `timer due ${timer.dueMs} before ${this.#positionMs}`);
          verify(this.#indexOf(timer.dueMs) === index, `timer due ${timer.dueMs} in slot ${index}`);
        }
      }
      verify(((this.#levelBits >>> level) & 1) === (occupied > 0 ? 1 : 0), `bit of level ${level}`);
    }
    let cascading = 0;
    for (const timer of timersOf(this.#cascade)) {
      cascading++;
      verify(
        timer.dueMs >= this.#positionMs && timer.dueMs < this.#cascadeEndMs,
        `timer due ${timer.dueMs} in a cascade from ${this.#positionMs} to ${this.#cascadeEndMs}`,
      );
    }
    verify(cascading > 0 === this.#cascadeEndMs > Number.NEGATIVE_INFINITY, 'end of the cascade');
    let never = 0;
    for (const timer of timersOf(this.#never)) {
      never++;
      verify(timer.dueMs > Number.MAX_SAFE_INTEGER, `timer due ${timer.dueMs} never comes`);
    }
    verify(counted + cascading + never === this.#size, `size ${this.#size}`);
    verify(
      this.#positionMs === (this.#positionHigh - HIGH_BIAS) * LOW_SPAN + this.#positionLow,
      'the parts of the position',
    );
  }
}

/** The number of the highest digit that is not 0; 0 if none is. */
function highestDigit(bits: number): number {
  return ((31 - Math.clz32(bits | 1)) / DIGIT_BITS) | 0;
}

/** The number of the lowest bit set. */
function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

/** `part` with this digit at `level` and zeros below it. */
function withDigit(part: number, level: number, digit: number): number {
  const shift = level * DIGIT_BITS;
  return (part & -(1 << (shift + DIGIT_BITS))) | (digit << shift);
}

function append(slot: Slot, timer: Timer): void {
  const last = slot.previousInSlot;
  timer.nextInSlot = slot;
  timer.previousInSlot = last;
  last.nextInSlot = timer;
  slot.previousInSlot = timer;
}

/** Moves everything in `from`, which is not empty, to the end of `into`. O(1). */
function joinLists(into: Slot, from: Slot): void {
  const first = from.nextInSlot;
  const last = from.previousInSlot;
  const before = into.previousInSlot;
  before.nextInSlot = first;
  first.previousInSlot = before;
  last.nextInSlot = into;
  into.previousInSlot = last;
  from.nextInSlot = from;
  from.previousInSlot = from;
}

function* timersOf(slot: Slot): Generator<Timer> {
  let link: Link = slot;
  for (;;) {
    const next: Link | null = link.nextInSlot;
    verify(next !== null && next.previousInSlot === link, `links of slot ${slot.index}`);
    if (next === slot) return;
    verify(next instanceof Timer, `members of slot ${slot.index}`);
    yield next;
    link = next;
  }
}

function verify(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`timer wheel: ${what} is wrong`);
}
