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
  readonly upvalueSources: Int32Array;
  /** The name of its chunk as errors write it. */
  readonly chunkName: string;
  /** The line of each instruction. */
  readonly lines: Int32Array;
  /** Two for each instruction: indices into {@link names}, of which the first stands for no name. */
  readonly nameIndices: Int32Array;
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
    this.nameIndices = parts.nameIndices;
    this.names = parts.names;
    allocation.bytes += bytesOfPrototype(this);
  }
}

/** About how much memory it takes, without the functions in it. */
export function bytesOfPrototype({ code }: Prototype): number {
  return PROTOTYPE_BYTES + (code.length >> 2) * INSTRUCTION_BYTES;
}
