import { allocation } from '../values/allocation.ts';
import type { LuaValue } from '../values/value.ts';

/** How the source names what an instruction reads: for errors. */
export interface VariableName {
  readonly kind: 'global' | 'local' | 'method' | 'field' | 'upvalue';
  readonly name: string;
}

const PROTOTYPE_BYTES = 512;
/** Of its code, its line and its names. */
const INSTRUCTION_BYTES = 32;

/** What a function is compiled to: what all its closures share. */
export class Prototype {
  readonly code: Int32Array;
  readonly constants: LuaValue[];
  /** {@link hashOfString} of the constants that are strings. */
  readonly hashes: Int32Array;
  readonly prototypes: Prototype[];
  readonly parameterCount: number;
  readonly isVararg: boolean;
  /** How many registers it uses. */
  readonly registerCount: number;
  /** For each upvalue the register it is in around it; -1 - n for the n-th upvalue of the function around it. */
  readonly upvalueSources: readonly number[];
  /** The name of its chunk as errors write it. */
  readonly chunkName: string;
  /** Pairs of an instruction's place in the code and its line, which is also that of those after it: see {@link lineAt}. */
  readonly lines: readonly number[];
  /** Pairs of an instruction's place in the code and where the {@link names} of its operands begin. */
  readonly namePlaces: readonly number[];
  readonly names: readonly (VariableName | undefined)[];

  constructor(parts: Prototype) {
    this.code = parts.code;
    this.constants = parts.constants;
    this.hashes = parts.hashes;
    this.prototypes = parts.prototypes;
    this.parameterCount = parts.parameterCount;
    this.isVararg = parts.isVararg;
    this.registerCount = parts.registerCount;
    this.upvalueSources = parts.upvalueSources;
    this.chunkName = parts.chunkName;
    this.lines = parts.lines;
    this.namePlaces = parts.namePlaces;
    this.names = parts.names;
    allocation.bytes += bytesOfPrototype(this);
  }
}

/** The line of the instruction at a place in the code. */
export function lineAt(prototype: Prototype, pc: number): number {
  const { lines } = prototype;
  return lines[pairUpTo(lines, pc) + 1] ?? 0;
}

/** The name of an operand of the instruction at a place in the code; undefined if it has none. */
export function operandName(prototype: Prototype, pc: number, operand: number): VariableName | undefined {
  const { namePlaces, names } = prototype;
  const pair = pairUpTo(namePlaces, pc);
  if (namePlaces[pair] !== pc) return undefined;
  const index = namePlaces[pair + 1]! + operand;
  return index < (namePlaces[pair + 3] ?? names.length) ? names[index] : undefined;
}

/** Where the last pair is whose place in the code is not after this one; -2 if there is none. */
function pairUpTo(pairs: readonly number[], pc: number): number {
  let low = 0;
  let high = pairs.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pairs[2 * middle]! <= pc) low = middle + 1;
    else high = middle;
  }
  return 2 * (low - 1);
}

/** About how much memory it takes, without the functions in it. */
export function bytesOfPrototype({ code }: Prototype): number {
  return PROTOTYPE_BYTES + (code.length >> 2) * INSTRUCTION_BYTES;
}
