import fc from 'fast-check';
import { NUMBERS, ODD_NUMBERS } from './literals.ts';

/**
 * Programs of statements: locals, assignments, loops with small bounds, functions and closures, tables, methods,
 * metatables, coroutines, and pcall around whatever may fail. They log what they do, so that the two sides' runs are
 * compared step by step, and error texts with the names and lines in them.
 *
 * A program gets `tick`, which each function calls first and which fails when it was called too often: it ends.
 */
export const statementProgram: fc.Arbitrary<string> = fc
  .record({ seed: fc.noShrink(fc.nat(0x7fffffff)), size: fc.integer({ min: 1, max: 14 }) })
  .map(({ seed, size }) => new ProgramWriter(seed).program(size));

const FIELDS = ['x', 'y', 'name', 'm'];
const OPERATORS = ['+', '-', '*', '/', '%', '..', '==', '~=', '<', '<=', '>', '>=', 'and', 'or'];
const STRINGS = ["''", "'a'", "'abc'", "'10'", "'0x1F'", "'x\\0y'", "'\\200'", '[[long]]', "'5'"];
const DEEPEST_BLOCK = 4;
const DEEPEST_EXPRESSION = 3;

class ProgramWriter {
  private state: number;
  private lines: string[] = [];
  /** The locals in scope, by function: the last are the innermost function's. */
  private scopes: string[][] = [['a', 'b', 'c']];
  private names = 0;
  private depth = 0;
  private loops = 0;
  private isVararg = true;
  private isCoroutine = false;
  /** Whether an error would end the whole program. */
  private isExposed = true;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  program(size: number): string {
    this.lines.push('local tick, log, object, a, b, c = ...');
    for (let count = 0; count < size; count++) this.statement();
    this.lines.push(`return ${this.list()}`);
    return this.lines.join('\n');
  }

  /** A number below `limit` (mulberry32). */
  private below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  private chance(oneIn: number): boolean {
    return this.below(oneIn) === 0;
  }

  private newName(): string {
    // Now and then a name that shadows another.
    return this.chance(4) ? this.name() : `v${++this.names}`;
  }

  private name(): string {
    return this.pick(this.scopes.flat());
  }

  private declare(name: string): void {
    this.scopes.at(-1)!.push(name);
  }

  private emit(line: string): void {
    this.lines.push(line);
  }

  private statement(): void {
    const isDeep = this.depth >= DEEPEST_BLOCK;
    switch (this.below(isDeep ? 9 : 22)) {
      case 0:
      case 1: {
        const value = this.expression();
        const name = this.newName();
        this.emit(`local ${name} = ${value}`);
        this.declare(name);
        return;
      }
      case 2: {
        const values = this.list();
        const names = [this.newName(), this.newName()];
        this.emit(`local ${names.join(', ')} = ${values}`);
        for (const name of names) this.declare(name);
        return;
      }
      case 3:
        this.emit(`${this.name()} = ${this.expression()}`);
        return;
      case 4:
        this.emit(`${this.name()}, ${this.target()} = ${this.list()}`);
        return;
      case 5:
        this.emit(`${this.target()} = ${this.expression()}`);
        return;
      case 6:
        this.emit(`log(${this.list()})`);
        return;
      case 7:
        this.emit(`log(pcall(function() return ${this.bold(() => this.list())} end))`);
        return;
      case 8:
        this.emit(
          this.chance(3) && this.loops > 0
            ? `if ${this.expression()} then break end`
            : // The server reads what is not there where nothing at all is given.
              `log(pcall(${this.leaf()}, ${this.list()}))`,
        );
        return;
      case 9:
      case 10:
        this.ifStatement();
        return;
      case 11:
        this.numericLoop();
        return;
      case 12:
        this.whileLoop();
        return;
      case 13:
        this.genericLoop();
        return;
      case 14:
      case 15:
        this.localFunction();
        return;
      case 16:
        this.method();
        return;
      case 17:
      case 18:
        this.protectedBlock();
        return;
      case 19:
        this.coroutine();
        return;
      case 20:
        this.scoped('do', () => undefined, 'end');
        return;
      default:
        this.closuresInLoop();
        return;
    }
  }

  /** A block between two lines, with a scope of its own. `begin` may declare what the block begins with. */
  private scoped(
    open: string,
    begin: () => void,
    close: string | (() => string),
    statements = 1 + this.below(3),
  ): void {
    this.emit(open);
    this.depth++;
    const scope = this.scopes.at(-1)!;
    const height = scope.length;
    begin();
    for (let count = 0; count < statements; count++) this.statement();
    const last = typeof close === 'string' ? close : close();
    scope.length = height;
    this.depth--;
    this.emit(last);
  }

  private loop(open: string, begin: () => void, close: string | (() => string)): void {
    this.loops++;
    this.scoped(open, begin, close);
    this.loops--;
  }

  private ifStatement(): void {
    this.scoped(`if ${this.expression()} then`, () => undefined, this.chance(2) ? 'end' : '');
    if (this.lines.at(-1) === 'end') return;
    this.lines.pop();
    if (this.chance(2)) {
      this.scoped(`elseif ${this.expression()} then`, () => undefined, '');
      this.lines.pop();
    }
    this.scoped('else', () => undefined, 'end');
  }

  private numericLoop(): void {
    const bounds =
      !this.isExposed && this.chance(4)
        ? this.pick([
            'nil, 1',
            '1, nil',
            "{}, 2, 'x'",
            "1, 2, 'x'",
            "'x', 2",
            `#${this.name()}, 2`,
            `1, #${this.name()}`,
          ])
        : this.pick([
            '1, 3',
            '3, 1, -1',
            '1, 0',
            '0, 1, 0.5',
            "'1', '2'",
            '1, 2.5',
            '-1, 1',
            '2^53, 2^53 + 2, 2',
          ]);
    const name = this.newName();
    this.loop(`for ${name} = ${bounds} do`, () => this.declare(name), 'end');
  }

  private whileLoop(): void {
    const counter = `v${++this.names}`;
    this.emit(`local ${counter} = 0`);
    this.declare(counter);
    const step = () => this.emit(`${counter} = tick(${counter} + 1)`);
    if (this.chance(2)) this.loop(`while ${counter} < 3 do`, step, 'end');
    else this.loop('repeat', step, () => `until ${counter} >= 2 or ${this.expression()}`);
  }

  private genericLoop(): void {
    const [key, value] = [this.newName(), this.newName()];
    const source = this.pick([
      'ipairs({1, 2, 3})',
      "pairs({'p', 'q', x = 1})",
      `pairs(${this.table()})`,
      `string.gmatch('ab1', '%a')`,
      `next, {5, 6}`,
      ...(this.isExposed ? [] : [this.expression(2), `ipairs(${this.expression(2)})`]),
    ]);
    const step = () => {
      this.declare(key);
      this.declare(value);
      this.emit(`tick() log(${key}, ${value})`);
    };
    this.loop(`for ${key}, ${value} in ${source} do`, step, 'end');
  }

  /** A function's body, from its parameters to its end. */
  private functionBody(open: string, parameters: readonly string[], isVararg: boolean, close = 'end'): void {
    const [loops, wasVararg, wasExposed] = [this.loops, this.isVararg, this.isExposed];
    this.loops = 0;
    this.isExposed = false;
    this.isVararg = isVararg;
    this.scopes.push([]);
    const begin = () => {
      for (const parameter of parameters) this.declare(parameter);
      this.emit('tick()');
    };
    this.scoped(open, begin, () => (this.chance(6) ? close : `return ${this.list()} ${close}`));
    this.scopes.pop();
    this.loops = loops;
    this.isVararg = wasVararg;
    this.isExposed = wasExposed;
  }

  private parameters(): { names: string[]; isVararg: boolean; text: string } {
    const names = Array.from({ length: this.below(3) }, (_, at) =>
      this.chance(3) ? this.name() : `p${at}_${++this.names}`,
    );
    const unique = [...new Set(names)];
    const isVararg = this.chance(3);
    return { names: unique, isVararg, text: [...unique, ...(isVararg ? ['...'] : [])].join(', ') };
  }

  private localFunction(): void {
    const name = `f${++this.names}`;
    const { names, isVararg, text } = this.parameters();
    if (this.chance(2)) {
      this.declare(name);
      this.functionBody(`local function ${name}(${text})`, names, isVararg);
    } else {
      this.functionBody(`local ${name} = function(${text})`, names, isVararg);
      this.declare(name);
    }
    this.emit(`log(pcall(${[name, this.list()].join(', ')}))`);
  }

  private method(): void {
    const name = `o${++this.names}`;
    this.emit(`local ${name} = ${this.table()}`);
    this.declare(name);
    const { names, isVararg, text } = this.parameters();
    this.functionBody(
      `function ${name}${this.pick([':', '.'])}${this.pick(FIELDS)}(${text})`,
      names,
      isVararg,
    );
    const args = this.bold(() => this.list());
    this.emit(`log(pcall(function() return ${name}:${this.pick(FIELDS)}(${args}) end))`);
  }

  private protectedBlock(): void {
    const handler = this.chance(4) ? ', function(e) return type(e), e end' : undefined;
    const open = handler === undefined ? 'log(pcall(function(...)' : 'log(xpcall(function(...)';
    this.functionBody(open, [], true, handler === undefined ? `end, ${this.list()}))` : `end${handler}))`);
  }

  private coroutine(): void {
    const name = `co${++this.names}`;
    const was = this.isCoroutine;
    this.isCoroutine = true;
    const { names, isVararg, text } = this.parameters();
    this.functionBody(`local ${name} = coroutine.create(function(${text})`, names, isVararg, 'end)');
    this.isCoroutine = was;
    this.declare(name);
    for (let count = this.below(3); count >= 0; count--)
      this.emit(`log(coroutine.resume(${name}, ${this.list()}))`);
    this.emit(`log(coroutine.status(${name}))`);
  }

  /** Closures that share, or do not share, what a loop declares. */
  private closuresInLoop(): void {
    const list = `v${++this.names}`;
    this.emit(`local ${list} = {}`);
    this.declare(list);
    const index = this.newName();
    const local = `v${++this.names}`;
    const begin = () => {
      this.declare(index);
      this.emit(`local ${local} = ${this.expression(1)}`);
      this.declare(local);
      this.emit(`${list}[${index}] = function(p) local old = ${local} ${local} = p return old, ${index} end`);
    };
    this.loop(`for ${index} = 1, 3 do`, begin, 'end');
    this.emit(`for i = 1, 3 do log(pcall(${list}[i], i)) log(pcall(${list}[i], 'again')) end`);
  }

  /** What has the same place in a table on both sides: tables and functions have it by their address. */
  private key(): string {
    return this.pick(['1', '2', '3', "'k'", "'name'", 'true', '0.5', '-1', '2^53', `type(${this.name()})`]);
  }

  private target(): string {
    switch (this.isExposed ? 2 : this.below(6)) {
      case 0:
        return `${this.name()}.${this.pick(FIELDS)}`;
      case 1:
        return `${this.name()}[${this.isExposed || this.chance(2) ? this.key() : this.expression(3)}]`;
      default:
        return this.name();
    }
  }

  private list(): string {
    const items = Array.from({ length: 1 + this.below(3) }, () => this.expression());
    return items.join(this.chance(12) ? ',\n  ' : ', ');
  }

  /** What is written where an error is caught. */
  private bold(write: () => string): string {
    const [wasExposed, wasVararg] = [this.isExposed, this.isVararg];
    this.isExposed = false;
    this.isVararg = false;
    const text = write();
    this.isExposed = wasExposed;
    this.isVararg = wasVararg;
    return text;
  }

  /** An expression that cannot fail. */
  private tame(depth: number): string {
    switch (this.below(9)) {
      case 0:
        return this.table(depth + 1);
      case 1:
        return `(${this.tame(depth + 1)} ${this.pick(['and', 'or', '==', '~='])} ${this.tame(depth + 1)})`;
      case 2:
        return `${this.pick(['type', 'tostring', 'object', 'tonumber'])}(${this.leaf()})`;
      case 3:
        return `not ${this.name()}`;
      case 4:
        return `(${this.pick(['1', '2.5', '10', "'7'"])} ${this.pick(['+', '-', '*', '/', '%', '..'])} ${this.pick(['3', "'4'", '0.25'])})`;
      default:
        return this.leaf();
    }
  }

  private expression(depth = 0): string {
    if (depth >= DEEPEST_EXPRESSION) return this.leaf();
    if (this.isExposed || this.chance(2)) return this.tame(depth);
    switch (this.below(18)) {
      case 0:
      case 1:
      case 2:
      case 3: {
        const gap = this.chance(10) ? '\n  ' : ' ';
        const parts = [
          this.expression(depth + 1),
          gap,
          this.pick(OPERATORS),
          gap,
          this.expression(depth + 1),
        ].join('');
        return this.chance(3) ? parts : `(${parts})`;
      }
      case 4:
        return `${this.pick(['not ', '-', '#'])}${this.name()}`;
      case 5:
        return `${this.name()}.${this.pick(FIELDS)}`;
      case 6:
        return `${this.name()}[${this.expression(depth + 1)}]`;
      case 7: {
        const gap = this.chance(8) ? '\n  ' : '';
        return `${this.name()}(${gap}${this.expression(depth + 1)}${gap})`;
      }
      case 8:
        return `${this.name()}:${this.pick([...FIELDS, 'upper', 'len'])}(${this.expression(depth + 1)})`;
      case 9:
        return this.table(depth + 1);
      case 10:
        return `${this.pick(['tostring', 'type', 'tonumber', 'select', 'unpack', 'string.rep', 'math.floor', 'error', 'assert', 'rawget', 'next', 'string.format', 'table.concat', 'setmetatable', 'getmetatable', 'tick', '(function(...) return ... end)'])}(${this.boundedArguments(depth)})`;
      case 11:
        return this.isVararg ? this.pick(['...', '(...)', "select('#', ...)", '{...}']) : this.leaf();
      case 12:
        return this.isCoroutine ? `coroutine.yield(${this.expression(depth + 1)})` : this.leaf();
      case 13:
        return `object(${this.expression(depth + 1)})`;
      default:
        return this.leaf();
    }
  }

  /** Arguments among which no second one is large: it may be a length. */
  private boundedArguments(depth: number): string {
    const first = this.expression(depth + 1);
    return this.chance(2)
      ? first
      : `${first}, ${this.pick(['1', '2', '0', '-1', "'3'", 'nil', 'true', '{}', "'x'"])}`;
  }

  private table(depth = 1): string {
    const items = Array.from({ length: this.below(4) }, () => {
      const value = this.expression(depth + 1);
      switch (this.below(4)) {
        case 0:
          return `${this.pick(FIELDS)} = ${value}`;
        case 1:
          return `[${this.key()}] = ${value}`;
        default:
          return value;
      }
    });
    return `{${items.join(this.chance(8) ? ',\n  ' : ', ')}}`;
  }

  private leaf(): string {
    switch (this.below(8)) {
      case 0:
        return this.pick(NUMBERS);
      case 1:
        return this.chance(3) ? this.pick(ODD_NUMBERS) : this.pick(['0', '1', '2', '10']);
      case 2:
        return this.pick(STRINGS);
      case 3:
        return this.pick(['nil', 'true', 'false']);
      default:
        return this.name();
    }
  }
}
