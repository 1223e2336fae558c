/**
 * The statements of the language, and with them whole chunks. Names are resolved while reading: see `scope.ts`; for the
 * lines of nodes see `expressions.ts`.
 */

import type { Block, Expression, FunctionBody, Statement, Target } from './ast.ts';
import { ExpressionParser, MAXIMUM_LEVELS } from './expressions.ts';
import {
  ASSIGN,
  COLON,
  COMMA,
  DOT,
  SEMICOLON,
  TOKEN_BREAK,
  TOKEN_DO,
  TOKEN_ELSE,
  TOKEN_ELSEIF,
  TOKEN_END,
  TOKEN_END_OF_SOURCE,
  TOKEN_FOR,
  TOKEN_FUNCTION,
  TOKEN_IF,
  TOKEN_IN,
  TOKEN_LOCAL,
  TOKEN_REPEAT,
  TOKEN_RETURN,
  TOKEN_THEN,
  TOKEN_UNTIL,
  TOKEN_WHILE,
} from './tokens.ts';

/**
 * Reads a chunk. Time and memory are linear in the source's length.
 *
 * @param source one char (0 to 255) per byte
 * @param chunkName as Lua takes it: `@file`, `=name`, or the source itself
 * @param levels how many calls of the host are open; they count with the levels a source may nest (200)
 * @throws LuaError with the reference's message, if the source is faulty
 */
export function parse(source: string, chunkName: string, levels = 0): FunctionBody {
  return new Parser(source, chunkName, levels).chunk();
}

class Parser extends ExpressionParser {
  chunk(): FunctionBody {
    const { lexer, scope } = this;
    lexer.advance();
    const block = this.statements();
    if (lexer.token !== TOKEN_END_OF_SOURCE) throw lexer.syntaxError("'<eof>' expected");
    const { upvalues } = scope;
    return { line: 0, endLine: 0, parameters: [], isVararg: true, argTable: undefined, upvalues, block };
  }

  protected override statements(): Block {
    const statements: Statement[] = [];
    this.enterLevel();
    while (!this.isAtBlockEnd()) {
      const statement = this.statement();
      statements.push(statement);
      this.takes(SEMICOLON);
      if (statement.type === 'return' || statement.type === 'break') break;
    }
    this.levels--;
    return { statements };
  }

  private isAtBlockEnd(): boolean {
    switch (this.lexer.token) {
      case TOKEN_ELSE:
      case TOKEN_ELSEIF:
      case TOKEN_END:
      case TOKEN_UNTIL:
      case TOKEN_END_OF_SOURCE:
        return true;
      default:
        return false;
    }
  }

  private block(): Block {
    const active = this.scope.enter();
    const block = this.statements();
    this.scope.leave(active);
    return block;
  }

  private loopBlock(): Block {
    this.scope.loops++;
    const block = this.block();
    this.scope.loops--;
    return block;
  }

  private statement(): Statement {
    const { lexer } = this;
    const { line } = lexer;
    switch (lexer.token) {
      case TOKEN_IF:
        return this.ifStatement(line);
      case TOKEN_WHILE:
        return this.whileStatement(line);
      case TOKEN_DO: {
        lexer.advance();
        const block = this.block();
        this.expectClosing(TOKEN_END, TOKEN_DO, line);
        return { type: 'do', line, block };
      }
      case TOKEN_FOR:
        return this.forStatement(line);
      case TOKEN_REPEAT:
        return this.repeatStatement(line);
      case TOKEN_FUNCTION:
        return this.functionStatement(line);
      case TOKEN_LOCAL:
        lexer.advance();
        return this.takes(TOKEN_FUNCTION) ? this.localFunction(line) : this.localStatement(line);
      case TOKEN_RETURN:
        return this.returnStatement(line);
      case TOKEN_BREAK:
        lexer.advance();
        if (this.scope.loops === 0) throw lexer.syntaxError('no loop to break');
        return { type: 'break', line };
      default:
        return this.expressionStatement(line);
    }
  }

  private ifStatement(line: number): Statement {
    const { lexer } = this;
    const branches: { condition: Expression; block: Block }[] = [];
    do {
      lexer.advance();
      const condition = this.settle(this.expression());
      this.expect(TOKEN_THEN);
      branches.push({ condition, block: this.block() });
    } while (lexer.token === TOKEN_ELSEIF);
    const otherwise = this.takes(TOKEN_ELSE) ? this.block() : undefined;
    this.expectClosing(TOKEN_END, TOKEN_IF, line);
    return { type: 'if', line, branches, otherwise };
  }

  private whileStatement(line: number): Statement {
    this.lexer.advance();
    const condition = this.settle(this.expression());
    this.expect(TOKEN_DO);
    const block = this.loopBlock();
    this.expectClosing(TOKEN_END, TOKEN_WHILE, line);
    return { type: 'while', line, condition, block };
  }

  private repeatStatement(line: number): Statement {
    const { scope } = this;
    this.lexer.advance();
    const active = scope.enter();
    scope.loops++;
    const block = this.statements();
    scope.loops--;
    this.expectClosing(TOKEN_UNTIL, TOKEN_REPEAT, line);
    const condition = this.settle(this.expression());
    scope.leave(active);
    return { type: 'repeat', line, block, condition };
  }

  private forStatement(line: number): Statement {
    const { lexer } = this;
    lexer.advance();
    const active = this.scope.enter();
    const name = this.expectName();
    let statement: Statement;
    switch (lexer.token) {
      case ASSIGN:
        statement = this.numericFor(name);
        break;
      case COMMA:
      case TOKEN_IN:
        statement = this.genericFor(name);
        break;
      default:
        throw lexer.syntaxError("'=' or 'in' expected");
    }
    this.scope.leave(active);
    this.expectClosing(TOKEN_END, TOKEN_FOR, line);
    return statement;
  }

  private numericFor(name: string): Statement {
    const { lexer, scope } = this;
    scope.declareHidden();
    const local = scope.declare(name);
    this.expect(ASSIGN);
    const start = this.settle(this.expression());
    this.expect(COMMA);
    const limit = this.settle(this.expression());
    const step = this.takes(COMMA) ? this.settle(this.expression()) : undefined;
    scope.activateHidden();
    this.expect(TOKEN_DO);
    // Where the loop is prepared, which is where its numbers are looked at.
    const line = lexer.lastLine;
    scope.activate([local]);
    return { type: 'numericFor', line, local, start, limit, step, block: this.loopBlock() };
  }

  private genericFor(name: string): Statement {
    const { lexer, scope } = this;
    scope.declareHidden();
    const locals = [scope.declare(name)];
    while (this.takes(COMMA)) locals.push(scope.declare(this.expectName()));
    this.expect(TOKEN_IN);
    const { line } = lexer;
    const values = this.expressionList();
    this.settle(values[values.length - 1]!);
    scope.activateHidden();
    this.expect(TOKEN_DO);
    scope.activate(locals);
    return { type: 'genericFor', line, locals, values, block: this.loopBlock() };
  }

  private functionStatement(line: number): Statement {
    const { lexer } = this;
    lexer.advance();
    let target: Target = this.resolve(this.expectName());
    while (lexer.token === DOT) target = this.field(target);
    const isMethod = lexer.token === COLON;
    if (isMethod) target = this.field(target);
    const body = this.functionBody(isMethod, line);
    const value: Expression = { type: 'function', line: lexer.lastLine, body };
    this.assignTo(target, line);
    return { type: 'assign', line, targets: [target], values: [value] };
  }

  private localFunction(line: number): Statement {
    const { scope } = this;
    const local = scope.declare(this.expectName());
    scope.activate([local]);
    const body = this.functionBody(false, this.lexer.line);
    return { type: 'localFunction', line, local, body };
  }

  private localStatement(line: number): Statement {
    const { scope } = this;
    const locals = [];
    do {
      locals.push(scope.declare(this.expectName()));
    } while (this.takes(COMMA));
    const values = this.takes(ASSIGN) ? this.expressionList() : [];
    if (values.length > 0) this.settle(values[values.length - 1]!);
    scope.activate(locals);
    return { type: 'local', line, locals, values };
  }

  private returnStatement(line: number): Statement {
    const { lexer } = this;
    lexer.advance();
    const isEmpty = this.isAtBlockEnd() || lexer.token === SEMICOLON;
    const values = isEmpty ? [] : this.expressionList();
    if (values.length > 0) this.settle(values[values.length - 1]!);
    return { type: 'return', line, values };
  }

  private expressionStatement(line: number): Statement {
    const { lexer } = this;
    const first = this.primary();
    if (first.type === 'functionCall' || first.type === 'methodCall') {
      return { type: 'call', line, call: first };
    }
    const targets = [this.target(first)];
    while (this.takes(COMMA)) {
      const next = this.primary();
      this.scope.checkLimit(targets.length, MAXIMUM_LEVELS - this.levels, 'variables in assignment');
      targets.push(this.target(next));
    }
    this.expect(ASSIGN);
    const values = this.expressionList();
    this.settle(values[values.length - 1]!);
    for (const target of targets) this.assignTo(target, lexer.lastLine);
    return { type: 'assign', line, targets, values };
  }

  /** What {@link primary} has just read, if it can be assigned to. */
  private target(node: Expression): Target {
    if (this.primaryKind === 'target') {
      switch (node.type) {
        case 'local':
        case 'upvalue':
        case 'global':
        case 'index':
          return node;
        default:
      }
    }
    throw this.lexer.syntaxError('syntax error');
  }

  private assignTo(target: Target, line: number): void {
    if (target.type === 'local') target.local.isReassigned = true;
    else if (target.type === 'upvalue') this.scope.upvalues[target.index]!.local.isReassigned = true;
    const node: { line: number } = target;
    node.line = line;
  }
}
