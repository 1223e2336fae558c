import type { Local } from '../syntax/ast.ts';
import { hashOfString } from '../values/key-hash.ts';
import { LuaError } from '../values/lua-error.ts';
import type { LuaValue } from '../values/value.ts';
import { INSTRUCTION_WIDTH, Op } from './opcodes.ts';
import type { Prototype, VariableName } from './prototype.ts';

/** The most registers a function may have, as in the reference. */
const MOST_REGISTERS = 250;

/** Strings up to this length may well be keys of tables. */
const LONGEST_NAME = 40;

/**
 * The same string, as the engine keeps the names of properties: once for all. Two such strings are compared by their
 * addresses, where two pieces of a source, which is what a lexer cuts out, are compared char by char.
 */
function asName(text: string): string {
  return Object.keys({ [text]: 0 })[0] ?? text;
}

type Opcode = (typeof Op)[keyof typeof Op];

/** The code of one function while it is being made: its instructions, constants, names and registers. */
export class CodeBuilder {
  protected readonly chunkName: string;
  private readonly code: number[] = [];
  private readonly lines: number[] = [];
  private readonly nameIndices: number[] = [];
  private readonly names: (VariableName | undefined)[] = [undefined];
  private readonly nameIndexByText = new Map<string, number>();
  private readonly constants: LuaValue[] = [];
  private readonly constantIndex = new Map<LuaValue, number>();
  private readonly registers = new Map<Local, number>();
  private registerCount = 2;
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
    this.lines.push(line);
    this.nameIndices.push(0, 0);
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
    const end = this.nameIndices.length;
    this.nameIndices[end - 2] = this.nameIndex(first);
    this.nameIndices[end - 1] = this.nameIndex(second);
  }

  /** As {@link nameOperands} for an instruction with many: they are one after the other in the list of names. */
  protected nameManyOperands(names: readonly (VariableName | undefined)[]): void {
    this.nameIndices[this.nameIndices.length - 2] = this.names.length;
    this.names.push(...names);
  }

  private nameIndex(name: VariableName | undefined): number {
    if (name === undefined) return 0;
    const text = `${name.kind} ${name.name}`;
    let index = this.nameIndexByText.get(text);
    if (index === undefined) {
      index = this.names.push(name) - 1;
      this.nameIndexByText.set(text, index);
    }
    return index;
  }

  /** The index of a constant. 0 and -0 share one, as in the reference: it is the one that came first. */
  protected constant(value: LuaValue): number {
    let index = this.constantIndex.get(value);
    if (index === undefined) {
      const kept = typeof value === 'string' && value.length <= LONGEST_NAME ? asName(value) : value;
      index = this.constants.push(kept) - 1;
      this.constantIndex.set(value, index);
    }
    return index;
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
      this.registers.set(local, first + index);
      if (local.isCaptured) this.emit(Op.NEWCELL, line, first + index);
    }
    this.localsEnd = first + locals.length;
    this.free = this.localsEnd;
  }

  protected registerOf(local: Local): number {
    const register = this.registers.get(local);
    if (register === undefined) throw new Error(`a local out of scope: ${local.name}`);
    return register;
  }

  protected finish(
    rest: Pick<Prototype, 'prototypes' | 'parameterCount' | 'isVararg' | 'upvalueSources'>,
  ): Prototype {
    return {
      code: Int32Array.from(this.code),
      constants: this.constants,
      hashes: Int32Array.from(this.constants, (value) =>
        typeof value === 'string' ? hashOfString(value) : 0,
      ),
      prototypes: rest.prototypes,
      parameterCount: rest.parameterCount,
      isVararg: rest.isVararg,
      registerCount: this.registerCount + 1,
      upvalueSources: rest.upvalueSources,
      chunkName: this.chunkName,
      lines: Int32Array.from(this.lines),
      nameIndices: Int32Array.from(this.nameIndices),
      names: this.names,
    };
  }
}
