/**
 * Which names mean what while a function is parsed.
 *
 * 1. `active` holds the locals that may be named now, the latest last; what a block declared is cut off at its end.
 * 2. A local that is declared but not active yet (`local x = x`) is counted and not found.
 * 3. An upvalue is listed once, in the order of first use; every function between the one that uses it and the one that has
 *    the local lists it too.
 */

import { LuaError } from '../values/lua-error.ts';
import { Local, type Upvalue } from './ast.ts';
import type { Lexer } from './lexer.ts';

const MAXIMUM_LOCALS = 200;
const MAXIMUM_UPVALUES = 60;
/** Of all blocks of a function together. */
const MAXIMUM_DECLARATIONS = 32_767;

/** Stands for the places a loop takes for itself: they count as locals, and no name finds them. */
const HIDDEN = new Local('(for)');

export class FunctionScope {
  readonly outer: FunctionScope | undefined;
  readonly upvalues: Upvalue[] = [];
  /** Whether `...` may be used; whether it is. */
  isVararg: boolean;
  usesVararg = false;
  /** The `arg` a vararg function has; whether something names it. */
  argTable: Local | undefined = undefined;
  usesArgTable = false;
  /** How many loops of this function are around the statement. */
  loops = 0;

  private readonly lexer: Lexer;
  /** Of the function; 0 for a main chunk. */
  private readonly line: number;
  private readonly active: Local[] = [];
  private declared = 0;
  private declarations = 0;

  constructor(lexer: Lexer, outer: FunctionScope | undefined, line: number, isVararg: boolean) {
    this.lexer = lexer;
    this.outer = outer;
    this.line = line;
    this.isVararg = isVararg;
  }

  /** How many locals are active: to be given to {@link leave} at the end of a block. */
  enter(): number {
    return this.active.length;
  }

  leave(count: number): void {
    this.active.length = count;
  }

  /** A new local that is not active yet. */
  declare(name: string): Local {
    this.count(1);
    return new Local(name);
  }

  /** Makes declared locals active. */
  activate(locals: readonly Local[]): void {
    for (const local of locals) this.active.push(local);
    this.declared = 0;
  }

  /** Counts the three places a `for` takes for itself as declared, which come before its own locals. */
  declareHidden(): void {
    for (let i = 0; i < 3; i++) this.count(1);
  }

  activateHidden(): void {
    this.active.push(HIDDEN, HIDDEN, HIDDEN);
    this.declared -= 3;
  }

  /** The local of that name in this function. */
  find(name: string): Local | undefined {
    const { active } = this;
    for (let at = active.length - 1; at >= 0; at--) {
      const local = active[at]!;
      if (local.name === name) {
        if (local === this.argTable) this.usesArgTable = true;
        return local;
      }
    }
    return undefined;
  }

  /** The index of the upvalue of that name; -1 where the name is a global's. */
  findUpvalue(name: string): number {
    const { outer, upvalues } = this;
    if (outer === undefined) return -1;
    for (let at = 0; at < upvalues.length; at++) {
      // What a name means outside does not change while this function is parsed.
      if (upvalues[at]!.name === name) return at;
    }
    const local = outer.find(name);
    if (local !== undefined) {
      local.isCaptured = true;
      this.checkLimit(upvalues.length + 1, MAXIMUM_UPVALUES, 'upvalues');
      return upvalues.push({ name, local, source: { kind: 'local', local } }) - 1;
    }
    const index = outer.findUpvalue(name);
    if (index === -1) return -1;
    this.checkLimit(upvalues.length + 1, MAXIMUM_UPVALUES, 'upvalues');
    const source = { kind: 'upvalue', index } as const;
    return upvalues.push({ name, local: outer.upvalues[index]!.local, source }) - 1;
  }

  /** @throws LuaError if a count is over its limit */
  checkLimit(count: number, limit: number, what: string): void {
    if (count <= limit) return;
    const where = this.line === 0 ? 'main function' : `function at line ${this.line}`;
    throw this.lexer.error(`${where} has more than ${limit} ${what}`);
  }

  private count(locals: number): void {
    this.declared += locals;
    this.checkLimit(this.active.length + this.declared, MAXIMUM_LOCALS, 'local variables');
    this.declarations += locals;
    if (this.declarations > MAXIMUM_DECLARATIONS) throw new LuaError('too many local variables');
  }
}
