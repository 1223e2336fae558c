import { type ByteString, toLatin1 } from '../../bytes/byte-string.ts';
import {
  type Assertion,
  type ByteSet,
  isWordByte,
  parseRegex,
  REGEX_PROBLEMS,
  RegexError,
  type RegexNode,
} from './regex-syntax.ts';

/**
 * Regular expressions whose cost a user's pattern cannot blow up: there is no going back.
 *
 *     pattern ──read──▶ tree ──spell out──▶ steps ──walk all ways at once──▶ states, made as they are met
 *
 * The tree is spelt out as steps: *take a byte of this set*, *go on here or there*, *only at this kind of place*. A
 * subject is walked through once. Between two bytes we are in a state: the set of steps at which a byte is awaited,
 * and what kind of byte came before. What a byte makes of a state is worked out when it is first met, and kept; so for
 * most subjects each byte costs one look into a table. The states kept are bounded; beyond that they are forgotten, and
 * met again. O(subject · steps) at worst, O(subject) usually, whatever the pattern.
 *
 * Which match it is and what its groups hold is not asked: only whether there is one, anywhere in the subject.
 */
export class ByteRegex {
  private readonly steps: Steps;
  /** Which bytes are the same to every set: each byte's class. */
  private readonly classOf: Uint8Array;
  /** A byte of each class; the class after them is the end of the subject. */
  private readonly byteOf: readonly number[];
  private states = new Map<string, State>();
  private keptSteps = 0;
  private initial: State;
  /** Whether the pattern refers to groups, which nobody can walk through this way; it must then not be used. */
  readonly hasReferences: boolean;

  /** @throws RegexError if the pattern is none, or too large spelt out */
  constructor(pattern: ByteString, ignoreCase: boolean) {
    const { root, hasReferences } = parseRegex(toLatin1(pattern), ignoreCase);
    this.hasReferences = hasReferences;
    this.steps = new Steps(root);
    const { classOf, byteOf } = classify(this.steps);
    this.classOf = classOf;
    this.byteOf = byteOf;
    this.initial = this.state([0], Before.nothing);
  }

  /** Whether the subject has a match anywhere in it. */
  test(subject: ByteString): boolean {
    const text = toLatin1(subject);
    const { classOf } = this;
    let state = this.initial;
    for (let at = 0; at < text.length; at++) {
      const byteClass = classOf[text.charCodeAt(at)]!;
      const next = state.next[byteClass] ?? this.advance(state, byteClass);
      if (next === MATCHED) return true;
      state = next;
    }
    const end = this.byteOf.length;
    return (state.next[end] ?? this.advance(state, end)) === MATCHED;
  }

  /** What a byte of this class, or the end, makes of a state. O(steps). */
  private advance(state: State, byteClass: number): State {
    const { steps } = this;
    const byte = this.byteOf[byteClass];
    const waiting = steps.reachable(state.waiting, state.before, byte);
    let next: State;
    if (waiting === undefined) {
      next = MATCHED;
    } else if (byte === undefined) {
      next = UNMATCHED;
    } else {
      const reached = new Set<number>([0]);
      for (const at of waiting) if (steps.sets[at]![byte] === 1) reached.add(at + 1);
      const before = !steps.hasAssertions ? Before.nothing : isWordByte(byte) ? Before.word : Before.other;
      next = this.state(
        [...reached].sort((a, b) => a - b),
        before,
      );
    }
    state.next[byteClass] = next;
    return next;
  }

  private state(waiting: readonly number[], before: Before): State {
    const key = `${before} ${waiting.join(' ')}`;
    const known = this.states.get(key);
    if (known !== undefined) return known;
    if (this.keptSteps > MOST_KEPT_STEPS) {
      this.states = new Map();
      this.keptSteps = 0;
      if (this.initial !== undefined) this.initial = this.state(this.initial.waiting, Before.nothing);
    }
    const made: State = { waiting, before, next: new Array(this.byteOf.length + 1).fill(undefined) };
    this.states.set(key, made);
    this.keptSteps += waiting.length + STATE_COST;
    return made;
  }
}

/** How much all states that are kept may hold together: so many steps, each state counting for some besides. */
const MOST_KEPT_STEPS = 200_000;
const STATE_COST = 100;
/** So many steps a pattern may be spelt out as. */
const MOST_STEPS = 20_000;

/** What came before the place where we are. */
const Before = { nothing: 0, word: 1, other: 2 } as const;
type Before = (typeof Before)[keyof typeof Before];

interface State {
  readonly waiting: readonly number[];
  readonly before: Before;
  /** By class of byte; behind them, the end. */
  readonly next: (State | undefined)[];
}

const MATCHED: State = { waiting: [], before: Before.nothing, next: [] };
const UNMATCHED: State = { waiting: [], before: Before.nothing, next: [] };

const NO_SET = new Uint8Array(0);

/** A tree spelt out as steps: each has a set, or two ways to go on, or a kind of place, or is the end. */
class Steps {
  /** The set of bytes of which one is taken, to go on at the next step; empty where the step takes none. */
  readonly sets: ByteSet[] = [];
  private readonly assertions: (Assertion | undefined)[] = [];
  /** Where to go on without taking anything; the second way may be missing. */
  private readonly first: number[] = [];
  private readonly second: number[] = [];
  hasAssertions = false;
  private readonly end: number;
  private effort = 0;
  /** In which search a step was seen last. */
  private readonly seen: Float64Array;
  private searches = 0;

  constructor(root: RegexNode) {
    this.spell(root);
    this.end = this.sets.length;
    this.seen = new Float64Array(this.end + 1);
  }

  private add(set: ByteSet, assertion?: Assertion): number {
    if (this.sets.length >= MOST_STEPS) throw new RegexError(REGEX_PROBLEMS.memory);
    const at = this.sets.push(set) - 1;
    this.assertions.push(assertion);
    this.first.push(at + 1);
    this.second.push(-1);
    return at;
  }

  private spell(node: RegexNode): void {
    // Also what comes to no step at all must not be repeated without end.
    if (++this.effort > 4 * MOST_STEPS) throw new RegexError(REGEX_PROBLEMS.memory);
    switch (node.kind) {
      case 'set':
        this.add(node.set);
        break;
      case 'assertion':
        this.hasAssertions = true;
        this.add(NO_SET, node.assertion);
        break;
      case 'sequence':
        for (const part of node.parts) this.spell(part);
        break;
      case 'choice':
        this.spellChoice(node.parts);
        break;
      case 'repeated':
        this.spellRepeated(node);
        break;
    }
  }

  private spellChoice(parts: readonly RegexNode[]): void {
    const ends: number[] = [];
    for (const [at, part] of parts.entries()) {
      if (at === parts.length - 1) {
        this.spell(part);
        break;
      }
      const fork = this.add(NO_SET);
      this.spell(part);
      ends.push(this.add(NO_SET));
      this.second[fork] = this.sets.length;
    }
    for (const at of ends) this.first[at] = this.sets.length;
  }

  private spellRepeated({ part, least, most }: RegexNode & { kind: 'repeated' }): void {
    for (let times = 0; times < least; times++) this.spell(part);
    if (most === undefined) {
      const fork = this.add(NO_SET);
      this.spell(part);
      const back = this.add(NO_SET);
      this.first[back] = fork;
      this.second[fork] = this.sets.length;
      return;
    }
    const forks: number[] = [];
    for (let times = least; times < most; times++) {
      forks.push(this.add(NO_SET));
      this.spell(part);
    }
    for (const fork of forks) this.second[fork] = this.sets.length;
  }

  /**
   * The steps at which a byte is awaited, if one goes on from these without taking any, at a place between what came
   * before and this byte (`undefined`: the end). `undefined` if one comes to the end of the pattern. O(steps).
   */
  reachable(from: readonly number[], before: Before, byte: number | undefined): number[] | undefined {
    const { seen, end, sets, assertions, first, second } = this;
    const search = ++this.searches;
    const waiting: number[] = [];
    const left = [...from];
    while (left.length > 0) {
      const at = left.pop()!;
      if (at < 0 || seen[at] === search) continue;
      seen[at] = search;
      if (at === end) return undefined;
      if (sets[at]!.length > 0) {
        waiting.push(at);
        continue;
      }
      const assertion = assertions[at];
      if (assertion !== undefined && !holds(assertion, before, byte)) continue;
      left.push(first[at]!, second[at]!);
    }
    return waiting;
  }
}

/** Whether a place is of that kind. To Redis's engine a zero byte looks like the end; there, any boundary holds. */
function holds(assertion: Assertion, before: Before, byte: number | undefined): boolean {
  const isEnd = byte === undefined || byte === 0;
  const isAfterWord = before === Before.word;
  const isBeforeWord = byte !== undefined && isWordByte(byte);
  const isEdge = before === Before.nothing || isEnd || isAfterWord !== isBeforeWord;
  switch (assertion) {
    case 'begin':
      return before === Before.nothing;
    case 'end':
      return isEnd;
    case 'wordBegin':
      return !isAfterWord && isBeforeWord;
    case 'wordEnd':
      return isAfterWord && !isBeforeWord;
    case 'boundary':
      return isEdge;
    case 'noBoundary':
      return before !== Before.nothing && !isEnd && isAfterWord === isBeforeWord;
  }
}

/** Puts bytes that no set tells apart into one class. O(sets · 256). */
function classify({ sets, hasAssertions }: Steps): { classOf: Uint8Array; byteOf: number[] } {
  const classOf = new Uint8Array(256);
  let count = 1;
  const splitBy = (has: (byte: number) => boolean) => {
    const moved = new Map<number, number>();
    const stays = new Set<number>();
    for (let byte = 0; byte < 256; byte++) if (!has(byte)) stays.add(classOf[byte]!);
    for (let byte = 0; byte < 256; byte++) {
      const before = classOf[byte]!;
      if (!has(byte) || !stays.has(before)) continue;
      let now = moved.get(before);
      if (now === undefined) {
        now = count++;
        moved.set(before, now);
      }
      classOf[byte] = now;
    }
  };
  if (hasAssertions) {
    splitBy(isWordByte);
    splitBy((byte) => byte === 0);
  }
  const done = new Set<ByteSet>();
  for (const set of sets) {
    if (set.length === 0 || done.has(set) || count === 256) continue;
    done.add(set);
    splitBy((byte) => set[byte] === 1);
  }
  const byteOf = new Array<number>(count).fill(0);
  for (let byte = 0; byte < 256; byte++) byteOf[classOf[byte]!] = byte;
  return { classOf, byteOf };
}
