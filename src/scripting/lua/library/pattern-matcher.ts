import type { NativeCall } from '../values/native-call.ts';
import type { PatternProgram } from './pattern-program.ts';
import * as op from './pattern-program.ts';
import { ANY_BYTE } from './string-classes.ts';

/*
 * Finds where a pattern matches: backtracking, but without recursion. Choices that are left stand on a stack, three places each:
 *
 *   [ item | limit | where ]   a STAR or PLUS that may take less, down to `limit`; a MINUS that may take one more after `where`;
 *                              an OPTIONAL that may match nothing at `where`
 *
 * Items are passed strictly one after the other, so each has at most one choice on the stack, and a capture on the way to the
 * end was always set by that way: nothing has to be undone.
 *
 * A hostile pattern takes time without end: every few hundred steps the machine is told.
 */

/** So many steps are told to the machine at a time. */
const LUMP_STEPS = 512;
/** Bytes passed in a tight loop cost less than steps: as a shift. */
const BYTES_PER_STEP_BITS = 4;

const CHARS: readonly string[] = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

export class PatternMatcher {
  /** Where the last match ends. */
  end = 0;
  /** Where its captures begin and end. */
  readonly starts = new Int32Array(op.MOST_CAPTURES);
  readonly ends = new Int32Array(op.MOST_CAPTURES);
  private stack = new Int32Array(48);
  /** Steps nobody was told of yet. */
  private steps = 0;

  /**
   * The first place from `from` on where a pattern matches, or -1. Where the match ends and what it captured is in this object
   * until the next call.
   *
   * @throws LuaError if the match comes to something wrong in the pattern
   * @throws Interruption if the run must end
   */
  search(call: NativeCall, program: PatternProgram, subject: string, from: number): number {
    if (program.isAnchored) return this.matches(call, program, subject, from) ? from : -1;
    const { firstByte, firstSet } = program;
    const { length } = subject;
    let start = from;
    if (firstByte >= 0) {
      const char = CHARS[firstByte]!;
      for (;;) {
        const next = subject.indexOf(char, start);
        this.spend(call, 1 + (((next < 0 ? length : next) - start) >>> BYTES_PER_STEP_BITS));
        if (next < 0) return -1;
        if (this.matches(call, program, subject, next)) return next;
        start = next + 1;
      }
    }
    if (firstSet !== undefined) {
      for (;;) {
        const passedFrom = start;
        while (start < length && firstSet[subject.charCodeAt(start)] === 0) start++;
        this.spend(call, 1 + ((start - passedFrom) >>> BYTES_PER_STEP_BITS));
        if (start >= length) return -1;
        if (this.matches(call, program, subject, start)) return start;
        start++;
      }
    }
    for (; start <= length; start++) {
      if (this.matches(call, program, subject, start)) return start;
    }
    return -1;
  }

  private spend(call: NativeCall, steps: number): void {
    this.steps += steps;
    if (this.steps < LUMP_STEPS) return;
    const spent = this.steps;
    this.steps = 0;
    call.machine.spend(spent);
  }

  /** Whether the pattern matches at this place. */
  private matches(call: NativeCall, program: PatternProgram, subject: string, from: number): boolean {
    const { operations, operands, sets } = program;
    const { length } = subject;
    if (this.stack.length < operations.length * 3) this.stack = new Int32Array(operations.length * 3);
    const { stack, starts, ends } = this;
    let top = 0;
    let item = 0;
    let at = from;
    let steps = 0;
    for (;;) {
      let passes = false;
      steps++;
      if (steps >= LUMP_STEPS) {
        this.spend(call, steps);
        steps = 0;
      }
      // Numbers as they are, for a jump table.
      switch (operations[item]) {
        case 1 satisfies typeof op.LITERAL:
          passes = at < length && subject.charCodeAt(at) === operands[item];
          at++;
          break;
        case 2 satisfies typeof op.SINGLE:
          passes = at < length && sets[item]![subject.charCodeAt(at)] === 1;
          at++;
          break;
        case 3 satisfies typeof op.STAR:
        case 4 satisfies typeof op.PLUS: {
          const set = sets[item]!;
          const needed = operands[item]!;
          const least = operations[item] === op.PLUS ? at + 1 : at;
          let most = at;
          if (set === ANY_BYTE) most = length;
          else while (most < length && set[subject.charCodeAt(most)] === 1) most++;
          steps += (most - at) >>> BYTES_PER_STEP_BITS;
          if (most < least) break;
          if (needed < 0) {
            passes = true;
          } else if (set[needed] === 0) {
            // What must follow is nothing it matches: less will not do.
            passes = most < length && subject.charCodeAt(most) === needed;
            at = most;
            break;
          } else {
            const longest = most;
            while (most >= least && (most >= length || subject.charCodeAt(most) !== needed)) most--;
            steps += (longest - most) >>> BYTES_PER_STEP_BITS;
            passes = most >= least;
          }
          if (passes && most > least) {
            stack[top] = item;
            stack[top + 1] = least;
            stack[top + 2] = most;
            top += 3;
          }
          at = most;
          break;
        }
        case 5 satisfies typeof op.MINUS: {
          const next = this.nextForMinus(program, item, subject, at);
          if (next < 0) {
            steps += (length - at) >>> BYTES_PER_STEP_BITS;
            break;
          }
          steps += (next - at) >>> BYTES_PER_STEP_BITS;
          at = next;
          passes = true;
          stack[top] = item;
          stack[top + 2] = at;
          top += 3;
          break;
        }
        case 6 satisfies typeof op.OPTIONAL:
          passes = true;
          if (at < length && sets[item]![subject.charCodeAt(at)] === 1) {
            stack[top] = item;
            stack[top + 2] = at;
            top += 3;
            at++;
          }
          break;
        case 7 satisfies typeof op.OPEN:
          starts[operands[item]!] = at;
          passes = true;
          break;
        case 8 satisfies typeof op.CLOSE:
          ends[operands[item]!] = at;
          passes = true;
          break;
        case 9 satisfies typeof op.POSITION:
          starts[operands[item]!] = at;
          passes = true;
          break;
        case 10 satisfies typeof op.BACK_REFERENCE: {
          const capture = operands[item]!;
          const size = ends[capture]! - starts[capture]!;
          passes = matchesAgain(subject, starts[capture]!, at, size);
          steps += size >>> BYTES_PER_STEP_BITS;
          at += size;
          break;
        }
        case 11 satisfies typeof op.BALANCE: {
          const end = endOfBalance(subject, at, operands[item]!);
          steps += ((end < 0 ? length : end) - at) >>> BYTES_PER_STEP_BITS;
          passes = end >= 0;
          at = end;
          break;
        }
        case 12 satisfies typeof op.FRONTIER: {
          const set = sets[item]!;
          const before = at === 0 ? 0 : subject.charCodeAt(at - 1);
          const after = at < length ? subject.charCodeAt(at) : 0;
          passes = set[before] === 0 && set[after] === 1;
          break;
        }
        case 13 satisfies typeof op.END_OF_SUBJECT:
          passes = at === length;
          break;
        case 15 satisfies typeof op.ERROR:
          throw call.error(program.errors[operands[item]!]!);
        case 0 satisfies typeof op.END:
          this.end = at;
          this.spend(call, steps);
          return true;
        default:
          break;
      }
      if (passes) {
        item++;
        continue;
      }
      // Back to the last choice that has something left.
      for (;;) {
        if (top === 0) {
          this.spend(call, steps);
          return false;
        }
        top -= 3;
        item = stack[top]!;
        at = stack[top + 2]!;
        const operation = operations[item]!;
        if (operation === op.OPTIONAL) break;
        if (operation === op.MINUS) {
          if (at >= length || sets[item]![subject.charCodeAt(at)] === 0) continue;
          const next = this.nextForMinus(program, item, subject, at + 1);
          steps += ((next < 0 ? length : next) - at) >>> BYTES_PER_STEP_BITS;
          if (next < 0) continue;
          at = next;
          stack[top + 2] = at;
          top += 3;
          break;
        }
        const least = stack[top + 1]!;
        const needed = operands[item]!;
        const passedFrom = at--;
        if (needed >= 0) while (at >= least && subject.charCodeAt(at) !== needed) at--;
        steps += (passedFrom - at) >>> BYTES_PER_STEP_BITS;
        if (at < least) continue;
        if (at > least) {
          stack[top + 2] = at;
          top += 3;
        }
        break;
      }
      item++;
    }
  }

  /** The first place from `from` on up to which an item matches, and where what follows it may be; or -1. */
  private nextForMinus(program: PatternProgram, item: number, subject: string, from: number): number {
    const needed = program.operands[item]!;
    if (needed < 0) return from;
    const set = program.sets[item]!;
    if (set === ANY_BYTE) return subject.indexOf(CHARS[needed]!, from);
    const { length } = subject;
    let at = from;
    while (at < length) {
      const code = subject.charCodeAt(at);
      if (code === needed) return at;
      if (set[code] === 0) return -1;
      at++;
    }
    return -1;
  }
}

function matchesAgain(subject: string, from: number, at: number, size: number): boolean {
  if (at + size > subject.length) return false;
  for (let index = 0; index < size; index++) {
    if (subject.charCodeAt(from + index) !== subject.charCodeAt(at + index)) return false;
  }
  return true;
}

/** Where what begins here with the first byte and ends with the second one, both balanced, ends; or -1. */
function endOfBalance(subject: string, from: number, bytes: number): number {
  const opening = bytes & 255;
  const closing = bytes >>> 8;
  const { length } = subject;
  if (from >= length || subject.charCodeAt(from) !== opening) return -1;
  let depth = 1;
  for (let at = from + 1; at < length; at++) {
    const code = subject.charCodeAt(at);
    if (code === closing) {
      if (--depth === 0) return at + 1;
    } else if (code === opening) depth++;
  }
  return -1;
}
