import type { Block, Expression, FunctionBody, Local, Statement, Target } from '../syntax/ast.ts';
import { ExpressionCompiler } from './expression-compiler.ts';
import { hasManyResults, isCapturedLocal } from './expression-kinds.ts';
import { nameOf } from './names.ts';
import { INSTRUCTION_WIDTH, Op } from './opcodes.ts';
import type { Prototype, VariableName } from './prototype.ts';

/**
 * Compiles a function to the code of the machine: registers, evaluation order and what errors name are the reference's.
 *
 * @param chunkName as errors write it
 * @throws LuaError if the function needs more registers than there are
 */
export function compileFunction(body: FunctionBody, chunkName: string): Prototype {
  return new FunctionCompiler(chunkName).compile(body);
}

/** A table, key, or both, that was evaluated, and waits for the value to be assigned. */
type Place =
  | { readonly kind: 'local'; readonly local: Local }
  | { readonly kind: 'upvalue'; readonly index: number }
  | { readonly kind: 'global'; readonly name: string }
  | {
      readonly kind: 'index';
      /** The register of the table; -1 if it is a captured local, which is read when it is needed. */
      readonly object: number;
      readonly objectExpression: Expression;
      readonly key: number;
      readonly field: string | undefined;
      readonly name: VariableName | undefined;
    };

class FunctionCompiler extends ExpressionCompiler {
  private readonly prototypes: Prototype[] = [];
  /** The jumps out of the loops around, innermost last. */
  private readonly breaks: number[][] = [];

  compile(body: FunctionBody): Prototype {
    const { parameters, argTable, line } = body;
    this.reserve(parameters.length, line);
    this.bringIntoScope(parameters, 0, line);
    if (argTable !== undefined) {
      const register = this.reserve(1, line);
      this.emit(Op.ARGTABLE, line, register);
      this.bringIntoScope([argTable], register, line);
    }
    this.block(body.block);
    this.emit(Op.RETURN0, body.endLine, 0);
    return this.finish({
      prototypes: this.prototypes,
      parameterCount: parameters.length,
      isVararg: body.isVararg,
      upvalueSources: body.upvalues.map(({ source }) =>
        source.kind === 'local' ? this.registerOf(source.local) : -1 - source.index,
      ),
    });
  }

  protected override compileInner(body: FunctionBody): number {
    const inner = new FunctionCompiler(this.chunkName);
    inner.depth = this.depth;
    return this.prototypes.push(inner.compile(body)) - 1;
  }

  private block(block: Block): void {
    const { free, localsEnd } = this;
    for (const statement of block.statements) {
      this.statement(statement);
      this.free = this.localsEnd;
    }
    this.free = free;
    this.localsEnd = localsEnd;
  }

  private statement(statement: Statement): void {
    const { line } = statement;
    switch (statement.type) {
      case 'local': {
        const first = this.toExactly(statement.values, statement.locals.length, line);
        this.bringIntoScope(statement.locals, first, line);
        break;
      }
      case 'localFunction': {
        const register = this.reserve(1, line);
        this.bringIntoScope([statement.local], register, line);
        this.store(
          { kind: 'local', local: statement.local },
          { type: 'function', line, body: statement.body },
          line,
        );
        break;
      }
      case 'assign':
        this.assign(statement.targets, statement.values, line);
        break;
      case 'call':
        this.call(statement.call, 0);
        break;
      case 'do':
        this.block(statement.block);
        break;
      case 'while': {
        const start = this.here();
        const exits: number[] = [];
        this.jumpIf(statement.condition, false, exits);
        this.loopBody(() => {
          this.block(statement.block);
          this.emitLoop(line, start);
        });
        this.landAll(exits);
        break;
      }
      case 'repeat':
        this.repeat(statement);
        break;
      case 'if':
        this.conditional(statement);
        break;
      case 'numericFor':
        this.numericFor(statement);
        break;
      case 'genericFor':
        this.genericFor(statement);
        break;
      case 'return':
        this.returns(statement.values, line);
        break;
      case 'break':
        this.breaks.at(-1)!.push(this.emit(Op.JUMP, line, 0));
    }
  }

  /** Compiles what a `break` leaves: it then goes to where the next instruction comes to be. */
  private loopBody(compile: () => void): void {
    const breaks: number[] = [];
    this.breaks.push(breaks);
    compile();
    this.breaks.pop();
    this.landAll(breaks);
  }

  private repeat(statement: Extract<Statement, { type: 'repeat' }>): void {
    const start = this.here();
    const { free, localsEnd } = this;
    this.loopBody(() => {
      for (const inner of statement.block.statements) {
        this.statement(inner);
        this.free = this.localsEnd;
      }
      const exits: number[] = [];
      this.jumpIf(statement.condition, true, exits);
      this.emitLoop(statement.line, start);
      this.landAll(exits);
    });
    this.free = free;
    this.localsEnd = localsEnd;
  }

  private conditional(statement: Extract<Statement, { type: 'if' }>): void {
    const { branches, otherwise, line } = statement;
    const ends: number[] = [];
    for (let index = 0; index < branches.length; index++) {
      const { condition, block } = branches[index]!;
      const isFalse: number[] = [];
      this.jumpIf(condition, false, isFalse);
      this.block(block);
      const isLast = index === branches.length - 1 && otherwise === undefined;
      if (!isLast) ends.push(this.emit(Op.JUMP, line, 0));
      this.landAll(isFalse);
    }
    if (otherwise !== undefined) this.block(otherwise);
    this.landAll(ends);
  }

  private numericFor(statement: Extract<Statement, { type: 'numericFor' }>): void {
    const { line, local } = statement;
    const { localsEnd } = this;
    const first = this.toNext(statement.start);
    this.toNext(statement.limit);
    if (statement.step === undefined) this.load(1, this.reserve(1, line), line);
    else this.toNext(statement.step);
    this.localsEnd = this.free;
    const prepare = this.emit(Op.FORPREP, line, first);
    const start = this.here();
    this.loopBody(() => {
      const { free } = this;
      this.bringIntoScope([local], this.reserve(1, line), line);
      this.block(statement.block);
      this.localsEnd = free;
      this.free = free;
      this.land(prepare);
      const distance = (this.here() - start) / INSTRUCTION_WIDTH + 1;
      this.emit(Op.FORLOOP, line, first, distance, start);
    });
    this.localsEnd = localsEnd;
    this.free = localsEnd;
  }

  private genericFor(statement: Extract<Statement, { type: 'genericFor' }>): void {
    const { line, locals } = statement;
    const { localsEnd } = this;
    const first = this.toExactly(statement.values, 3, line);
    this.localsEnd = this.free;
    const enter = this.emit(Op.JUMP, line, 0);
    const start = this.here();
    this.loopBody(() => {
      const { free } = this;
      // The iterator is called in the registers of the locals, with two arguments.
      const register = this.reserve(Math.max(locals.length, 3), line);
      this.bringIntoScope(locals, register, line);
      this.block(statement.block);
      this.localsEnd = free;
      this.free = free;
      this.land(enter);
      this.emit(Op.ITERATE, line, first, locals.length);
      // The iterator has no name where it cannot be called, but it has one in what it complains of.
      this.nameOperands(undefined, { kind: 'local', name: '(for generator)' });
      const distance = (this.here() - start) / INSTRUCTION_WIDTH + 1;
      this.emit(Op.ITERATED, line, first, distance, start);
    });
    this.localsEnd = localsEnd;
    this.free = localsEnd;
  }

  private returns(values: readonly Expression[], line: number): void {
    const [only] = values;
    if (only === undefined) {
      this.emit(Op.RETURN0, line, 0);
    } else if (values.length === 1 && (only.type === 'functionCall' || only.type === 'methodCall')) {
      this.emit(Op.RETURN, line, this.tailCall(only), 0);
    } else if (values.length === 1 && !hasManyResults(only)) {
      this.emit(Op.RETURN1, line, this.toAny(only));
    } else {
      const first = this.free;
      const isOpen = this.toList(values);
      this.emit(Op.RETURN, line, first, isOpen ? 0 : this.free - first + 1);
    }
  }

  private assign(targets: readonly Target[], values: readonly Expression[], line: number): void {
    if (targets.length === 1 && values.length === 1) {
      const place = this.place(targets[0]!, []);
      this.store(place, values[0]!, targets[0]!.line);
      return;
    }
    const places = targets.map((target, index) => this.place(target, targets.slice(index + 1)));
    const first = this.toExactly(values, targets.length, line);
    // From the last to the first, as the reference does.
    for (let index = places.length - 1; index >= 0; index--) {
      this.storeRegister(places[index]!, first + index, targets[index]!.line);
    }
  }

  /**
   * Evaluates what a target needs before the values.
   *
   * @param following the targets after it: one that is the local read here changes it before this one is assigned to
   */
  private place(target: Target, following: readonly Target[]): Place {
    switch (target.type) {
      case 'local':
        return { kind: 'local', local: target.local };
      case 'upvalue':
        return { kind: 'upvalue', index: target.index };
      case 'global':
        return { kind: 'global', name: target.name };
      default: {
        const { object, key } = target;
        const isAssigned = (expression: Expression) =>
          expression.type === 'local' &&
          following.some((other) => other.type === 'local' && other.local === expression.local);
        const isLate = isCapturedLocal(object) && !isAssigned(object);
        return {
          kind: 'index',
          object: isLate ? -1 : isAssigned(object) ? this.toNext(object) : this.toAny(object),
          objectExpression: object,
          field: key.type === 'string' ? key.value : undefined,
          key: key.type === 'string' ? 0 : isAssigned(key) ? this.toNext(key) : this.toAny(key),
          name: nameOf(object),
        };
      }
    }
  }

  private store(place: Place, value: Expression, line: number): void {
    if (place.kind === 'local' && !place.local.isCaptured)
      this.toRegister(value, this.registerOf(place.local));
    else this.storeRegister(place, this.toAny(value), line);
  }

  private storeRegister(place: Place, value: number, line: number): void {
    switch (place.kind) {
      case 'local': {
        const register = this.registerOf(place.local);
        this.emit(place.local.isCaptured ? Op.SETCELL : Op.MOVE, line, register, value);
        break;
      }
      case 'upvalue':
        this.emit(Op.SETUPVAL, line, value, place.index);
        break;
      case 'global':
        this.emit(Op.SETGLOBAL, line, value, this.constant(place.name));
        break;
      default: {
        const { free } = this;
        const object = place.object < 0 ? this.toNext(place.objectExpression) : place.object;
        if (place.field !== undefined)
          this.emit(Op.SETFIELD, line, object, this.constant(place.field), value);
        else this.emit(Op.SETINDEX, line, object, place.key, value);
        this.nameOperands(place.name);
        this.free = free;
      }
    }
  }
}
