import type { Local } from '../syntax/ast.ts';
import { hashOfString } from '../values/key-hash.ts';
import { LuaError } from '../values/lua-error.ts';
import type { LuaValue } from '../values/value.ts';
import { INSTRUCTION_WIDTH, Op } from './opcodes.ts';
import { Prototype, type VariableName } from './prototype.ts';

/** The most registers a function may have, as in the reference. */
const MOST_REGISTERS = 250;

/** So many constants are looked through one by one; an index is made for more. */
const FEW_CONSTANTS = 12;

type Opcode = (typeof Op)[keyof typeof Op];

/** The code of one function while it is being made: its instructions, constants, names and registers. */
export class CodeBuilder {
  protected readonly chunkName: string;
  private readonly code: number[] = [];
  private readonly lines: number[] = [];
  private lastLine = -1;
  private readonly namePlaces: number[] = [];
  private readonly names: (VariableName | undefined)[] = [];
  private readonly constants: LuaValue[] = [];
  private constantIndex: Map<LuaValue, number> | undefined = undefined;
  private registerCount = 2;
  /** How many expressions are being compiled, each within the one before. */
  protected depth = 0;
  /** The first register that is free; those below are locals and temporaries in use. */
  protected free = 0;
  /** The first register above those of the locals in scope. */
  protected localsEnd = 0;

  constructor(chunkName: string) {
    this.chunkName = chunkName;
  }

  /** Adds an instruction, whose place is returned. */
  protected emit(opcode: Opcode, line: number, a: number, b = 0, c = 0): number {
    const at = this.code.length;
    this.code.push(opcode, a, b, c);
    if (line !== this.lastLine) {
      this.lines.push(at, line);
      this.lastLine = line;
    }
    return at;
  }

  /** Where the next instruction comes to be. */
  protected here(): number {
    return this.code.length;
  }

  /** Lets the jump at a place go to where the next instruction comes to be. */
  protected land(jump: number): void {
    this.code[jump + 3] = this.code.length;
  }

  protected landAll(jumps: readonly number[]): void {
    for (const jump of jumps) this.land(jump);
  }

  /** A jump back to a place, counted as an iteration. */
  protected emitLoop(line: number, to: number): void {
    this.emit(Op.LOOP, line, 0, (this.here() - to) / INSTRUCTION_WIDTH + 1, to);
  }

  protected setOperands(at: number, b: number, c: number): void {
    this.code[at + 2] = b;
    this.code[at + 3] = c;
  }

  /** Tells how the source names the operands of the instruction that came last. */
  protected nameOperands(first: VariableName | undefined, second?: VariableName): void {
    if (first === undefined && second === undefined) return;
    this.namePlaces.push(this.code.length - INSTRUCTION_WIDTH, this.names.length);
    this.names.push(first, second);
  }

  /** As {@link nameOperands} for an instruction with many: they are one after the other in the list of names. */
  protected nameManyOperands(names: readonly (VariableName | undefined)[]): void {
    this.namePlaces.push(this.code.length - INSTRUCTION_WIDTH, this.names.length);
    for (let at = 0; at < names.length; at++) this.names.push(names[at]);
  }

  /** The index of a constant. 0 and -0 share one, as in the reference: it is the one that came first. */
  protected constant(value: LuaValue): number {
    const { constants, constantIndex } = this;
    if (constantIndex !== undefined) {
      let index = constantIndex.get(value);
      if (index === undefined) {
        index = constants.push(value) - 1;
        constantIndex.set(value, index);
      }
      return index;
    }
    for (let index = 0; index < constants.length; index++) if (constants[index] === value) return index;
    if (constants.length === FEW_CONSTANTS) {
      this.constantIndex = new Map(constants.map((constant, index) => [constant, index]));
      return this.constant(value);
    }
    return constants.push(value) - 1;
  }

  /** Takes so many registers; the first is returned. */
  protected reserve(count: number, line: number): number {
    const first = this.free;
    this.free += count;
    if (this.free > this.registerCount) {
      if (this.free > MOST_REGISTERS) {
        throw new LuaError(`${this.chunkName}:${line}: function or expression too complex`);
      }
      this.registerCount = this.free;
    }
    return first;
  }

  /** Gives locals their registers, which are taken and filled. */
  protected bringIntoScope(locals: readonly Local[], first: number, line: number): void {
    for (let index = 0; index < locals.length; index++) {
      const local = locals[index]!;
      local.register = first + index;
      if (local.isCaptured) this.emit(Op.NEWCELL, line, first + index);
    }
    this.localsEnd = first + locals.length;
    this.free = this.localsEnd;
  }

  protected registerOf(local: Local): number {
    const { register } = local;
    if (register < 0) throw new Error(`a local out of scope: ${local.name}`);
    return register;
  }

  protected finish(
    rest: Pick<Prototype, 'prototypes' | 'parameterCount' | 'isVararg' | 'upvalueSources'>,
  ): Prototype {
    const { constants } = this;
    const hashes = new Int32Array(constants.length);
    for (let index = 0; index < constants.length; index++) {
      const value = constants[index];
      if (typeof value === 'string') hashes[index] = hashOfString(value);
    }
    return new Prototype({
      code: new Int32Array(this.code),
      constants,
      hashes,
      prototypes: rest.prototypes,
      parameterCount: rest.parameterCount,
      isVararg: rest.isVararg,
      registerCount: this.registerCount + 1,
      upvalueSources: rest.upvalueSources,
      chunkName: this.chunkName,
      lines: this.lines,
      namePlaces: this.namePlaces,
      names: this.names,
    });
  }
}
