/**
 * The expressions of the language, by recursive descent with operator precedences.
 *
 * The line of a node is that of the instruction the reference makes for it, and it makes one as late as it can: reading a
 * global or indexing waits until the value is wanted, and then has the line of the last token taken. A node that waits
 * has line 0; {@link ExpressionParser.settle} gives it its line at the very places where the reference makes the instruction.
 */

import type {
  BinaryOperator,
  Block,
  Expression,
  FunctionBody,
  IndexExpression,
  Local,
  NameExpression,
  TableItem,
} from './ast.ts';
import { Lexer } from './lexer.ts';
import { FunctionScope } from './scope.ts';
import {
  ASSIGN,
  ASTERISK,
  CARET,
  CLOSING_BRACE,
  CLOSING_BRACKET,
  CLOSING_PARENTHESIS,
  COLON,
  COMMA,
  DOT,
  GREATER,
  HASH,
  LESS,
  MINUS,
  OPENING_BRACE,
  OPENING_BRACKET,
  OPENING_PARENTHESIS,
  PERCENT,
  PLUS,
  SEMICOLON,
  SLASH,
  TOKEN_AND,
  TOKEN_CONCAT,
  TOKEN_DOTS,
  TOKEN_END,
  TOKEN_END_OF_SOURCE,
  TOKEN_EQUAL,
  TOKEN_FALSE,
  TOKEN_FUNCTION,
  TOKEN_GREATER_OR_EQUAL,
  TOKEN_LESS_OR_EQUAL,
  TOKEN_NAME,
  TOKEN_NIL,
  TOKEN_NOT,
  TOKEN_NOT_EQUAL,
  TOKEN_NUMBER,
  TOKEN_OR,
  TOKEN_STRING,
  TOKEN_TRUE,
  tokenText,
} from './tokens.ts';

/** How deep a source may nest, which is what keeps it from using up the host's stack. */
export const MAXIMUM_LEVELS = 200;

/** How strongly an operator binds its left and its right operand: less to the right where it is right associative. */
interface Operator {
  readonly name: BinaryOperator | 'and' | 'or';
  readonly left: number;
  readonly right: number;
}

const BINARY: readonly (readonly [token: number, operator: Operator])[] = [
  [TOKEN_OR, { name: 'or', left: 1, right: 1 }],
  [TOKEN_AND, { name: 'and', left: 2, right: 2 }],
  [LESS, { name: '<', left: 3, right: 3 }],
  [GREATER, { name: '>', left: 3, right: 3 }],
  [TOKEN_LESS_OR_EQUAL, { name: '<=', left: 3, right: 3 }],
  [TOKEN_GREATER_OR_EQUAL, { name: '>=', left: 3, right: 3 }],
  [TOKEN_NOT_EQUAL, { name: '~=', left: 3, right: 3 }],
  [TOKEN_EQUAL, { name: '==', left: 3, right: 3 }],
  [TOKEN_CONCAT, { name: '..', left: 5, right: 4 }],
  [PLUS, { name: '+', left: 6, right: 6 }],
  [MINUS, { name: '-', left: 6, right: 6 }],
  [ASTERISK, { name: '*', left: 7, right: 7 }],
  [SLASH, { name: '/', left: 7, right: 7 }],
  [PERCENT, { name: '%', left: 7, right: 7 }],
  [CARET, { name: '^', left: 10, right: 9 }],
];

/** Binds nothing. */
const NO_OPERATOR: Operator = { name: 'or', left: -1, right: -1 };
/** By token. */
const OPERATORS: readonly Operator[] = Array.from(
  { length: TOKEN_END_OF_SOURCE + 1 },
  (_, token) => BINARY.find(([its]) => its === token)?.[1] ?? NO_OPERATOR,
);

const UNARY_PRIORITY = 8;

/** What an expression that may begin a statement turned out to be. */
type Primary = 'call' | 'target' | 'value';

export abstract class ExpressionParser {
  protected readonly lexer: Lexer;
  protected scope: FunctionScope;
  /** How many levels are open. */
  protected levels: number;
  /** What {@link primary} read last. */
  protected primaryKind: Primary = 'value';

  constructor(source: string, chunkName: string, levels: number) {
    this.lexer = new Lexer(source, chunkName);
    this.scope = new FunctionScope(this.lexer, undefined, 0, true);
    this.levels = levels;
  }

  /** Reads statements up to one that ends a block. Its locals stay active. */
  protected abstract statements(): Block;

  protected enterLevel(): void {
    if (++this.levels > MAXIMUM_LEVELS) throw this.lexer.error('chunk has too many syntax levels');
  }

  /** Gives a node that waited for it the line of the last token taken. */
  protected settle(expression: Expression): Expression {
    if (expression.line === 0) {
      const node: { line: number } = expression;
      node.line = this.lexer.lastLine;
    }
    return expression;
  }

  protected isAt(token: number): boolean {
    return this.lexer.token === token;
  }

  protected takes(token: number): boolean {
    if (this.lexer.token !== token) return false;
    this.lexer.advance();
    return true;
  }

  protected expect(token: number): void {
    if (this.lexer.token !== token) throw this.lexer.syntaxError(`'${tokenText(token)}' expected`);
    this.lexer.advance();
  }

  /** Takes what closes the token that was opened on a line. */
  protected expectClosing(closing: number, opening: number, line: number): void {
    const { lexer } = this;
    if (lexer.token === closing) {
      lexer.advance();
      return;
    }
    const wanted = `'${tokenText(closing)}' expected`;
    if (line === lexer.line) throw lexer.syntaxError(wanted);
    throw lexer.syntaxError(`${wanted} (to close '${tokenText(opening)}' at line ${line})`);
  }

  protected expectName(): string {
    const { lexer } = this;
    if (lexer.token !== TOKEN_NAME) throw lexer.syntaxError("'<name>' expected");
    const { text } = lexer;
    lexer.advance();
    return text;
  }

  /** Reads one or more expressions. The last one is not settled. */
  protected expressionList(): Expression[] {
    const list = [this.expression()];
    while (this.takes(COMMA)) {
      this.settle(list[list.length - 1]!);
      list.push(this.expression());
    }
    return list;
  }

  /** Reads an expression, which may still have to be settled. */
  protected expression(): Expression {
    return this.operation(0);
  }

  /** Reads an expression whose operators bind stronger than a limit. */
  private operation(limit: number): Expression {
    const { lexer } = this;
    this.enterLevel();
    let left = this.operand();
    let operator = OPERATORS[lexer.token]!;
    while (operator.left > limit) {
      lexer.advance();
      this.settle(left);
      const right = this.operation(operator.right);
      this.settle(right);
      const { name } = operator;
      const line = lexer.lastLine;
      left =
        name === 'and' || name === 'or'
          ? { type: name, line, left, right }
          : {
              type: 'binary',
              line,
              operator: name,
              left,
              right,
              isNumeric: isNumeric(left) && isNumeric(right),
            };
      operator = OPERATORS[lexer.token]!;
    }
    this.levels--;
    return left;
  }

  /** Reads what stands before or after an operator. */
  private operand(): Expression {
    const { lexer } = this;
    const { line } = lexer;
    let node: Expression;
    switch (lexer.token) {
      case TOKEN_NUMBER:
        node = { type: 'number', line, value: lexer.number };
        break;
      case TOKEN_STRING:
        node = { type: 'string', line, value: lexer.text };
        break;
      case TOKEN_NIL:
        node = { type: 'nil', line };
        break;
      case TOKEN_TRUE:
        node = { type: 'true', line };
        break;
      case TOKEN_FALSE:
        node = { type: 'false', line };
        break;
      case TOKEN_DOTS:
        if (!this.scope.isVararg) throw lexer.syntaxError("cannot use '...' outside a vararg function");
        this.scope.usesVararg = true;
        node = { type: 'vararg', line };
        break;
      case MINUS:
        return this.unary('-');
      case HASH:
        return this.unary('#');
      case TOKEN_NOT:
        return this.unary('not');
      case OPENING_BRACE:
        return this.table();
      case TOKEN_FUNCTION: {
        lexer.advance();
        const body = this.functionBody(false, lexer.line);
        return { type: 'function', line: lexer.lastLine, body };
      }
      default:
        return this.primary();
    }
    lexer.advance();
    return node;
  }

  private unary(operator: '-' | '#' | 'not'): Expression {
    this.lexer.advance();
    const operand = this.settle(this.operation(UNARY_PRIORITY));
    return { type: 'unary', line: this.lexer.lastLine, operator, operand };
  }

  /** What a name means where it stands. Reading a global waits to be settled. */
  protected resolve(name: string): NameExpression {
    const local = this.scope.find(name);
    const line = this.lexer.lastLine;
    if (local !== undefined) return { type: 'local', line, local };
    const index = this.scope.findUpvalue(name);
    return index === -1 ? { type: 'global', line: 0, name } : { type: 'upvalue', line, index, name };
  }

  /** Reads a name or something in parentheses, and everything that indexes or calls it. */
  protected primary(): Expression {
    const { lexer } = this;
    let kind: Primary;
    let node: Expression;
    if (lexer.token === TOKEN_NAME) {
      node = this.resolve(this.expectName());
      kind = 'target';
    } else if (lexer.token === OPENING_PARENTHESIS) {
      node = this.parenthesised();
      kind = 'value';
    } else {
      throw lexer.syntaxError('unexpected symbol');
    }
    for (;;) {
      switch (lexer.token) {
        case DOT:
          node = this.field(node);
          kind = 'target';
          break;
        case OPENING_BRACKET: {
          this.settle(node);
          node = { type: 'index', line: 0, object: node, key: this.bracketedKey() };
          kind = 'target';
          break;
        }
        case COLON: {
          lexer.advance();
          const name = this.expectName();
          const methodLine = lexer.lastLine;
          this.settle(node);
          const { line } = lexer;
          node = { type: 'methodCall', line, methodLine, object: node, name, args: this.args() };
          kind = 'call';
          break;
        }
        case OPENING_PARENTHESIS:
        case TOKEN_STRING:
        case OPENING_BRACE: {
          this.settle(node);
          const { line } = lexer;
          node = { type: 'functionCall', line, callee: node, args: this.args() };
          kind = 'call';
          break;
        }
        default:
          this.primaryKind = kind;
          return node;
      }
    }
  }

  private parenthesised(): Expression {
    const { lexer } = this;
    const { line } = lexer;
    lexer.advance();
    const inner = this.expression();
    this.expectClosing(CLOSING_PARENTHESIS, OPENING_PARENTHESIS, line);
    this.settle(inner);
    const { type } = inner;
    const canBeSeveral = type === 'functionCall' || type === 'methodCall' || type === 'vararg';
    return canBeSeveral ? { type: 'parenthesised', line: lexer.lastLine, inner } : inner;
  }

  /** Reads `.name` after a value. */
  protected field(object: Expression): IndexExpression {
    const { lexer } = this;
    this.settle(object);
    lexer.advance();
    const value = this.expectName();
    return { type: 'index', line: 0, object, key: { type: 'string', line: lexer.lastLine, value } };
  }

  private bracketedKey(): Expression {
    this.lexer.advance();
    const key = this.settle(this.expression());
    this.expect(CLOSING_BRACKET);
    return key;
  }

  /** Reads the arguments of a call. */
  private args(): Expression[] {
    const { lexer } = this;
    const { line } = lexer;
    switch (lexer.token) {
      case OPENING_PARENTHESIS: {
        if (line !== lexer.lastLine) {
          throw lexer.syntaxError('ambiguous syntax (function call x new statement)');
        }
        lexer.advance();
        const list = this.isAt(CLOSING_PARENTHESIS) ? [] : this.expressionList();
        this.expectClosing(CLOSING_PARENTHESIS, OPENING_PARENTHESIS, line);
        if (list.length > 0) this.settle(list[list.length - 1]!);
        return list;
      }
      case OPENING_BRACE:
        return [this.table()];
      case TOKEN_STRING: {
        const node: Expression = { type: 'string', line, value: lexer.text };
        lexer.advance();
        return [node];
      }
      default:
        throw lexer.syntaxError('function arguments expected');
    }
  }

  private table(): Expression {
    const { lexer } = this;
    const { line } = lexer;
    const items: TableItem[] = [];
    /** The last item without a key is put into the table when the next one is read, or at the end. */
    let waiting: Expression | undefined;
    this.expect(OPENING_BRACE);
    do {
      if (lexer.token === CLOSING_BRACE) break;
      if (waiting !== undefined) this.settle(waiting);
      waiting = undefined;
      if (lexer.token === OPENING_BRACKET) {
        items.push(this.keyedItem(this.bracketedKey()));
      } else if (lexer.token === TOKEN_NAME && lexer.peek() === ASSIGN) {
        const value = this.expectName();
        items.push(this.keyedItem({ type: 'string', line: lexer.lastLine, value }));
      } else {
        waiting = this.expression();
        items.push({ type: 'item', value: waiting });
      }
    } while (this.takes(COMMA) || this.takes(SEMICOLON));
    this.expectClosing(CLOSING_BRACE, OPENING_BRACE, line);
    if (waiting !== undefined) this.settle(waiting);
    return { type: 'table', line, items };
  }

  private keyedItem(key: Expression): TableItem {
    this.expect(ASSIGN);
    const value = this.settle(this.expression());
    return { type: 'field', line: this.lexer.lastLine, key, value };
  }

  /** Reads a function from its parameters to its `end`. */
  protected functionBody(isMethod: boolean, line: number): FunctionBody {
    const { lexer } = this;
    const outer = this.scope;
    const scope = new FunctionScope(lexer, outer, line, false);
    this.scope = scope;
    this.expect(OPENING_PARENTHESIS);
    const parameters: Local[] = [];
    if (isMethod) {
      parameters.push(scope.declare('self'));
      scope.activate(parameters);
    }
    this.parameters(parameters);
    this.expect(CLOSING_PARENTHESIS);
    const block = this.statements();
    const endLine = lexer.line;
    this.expectClosing(TOKEN_END, TOKEN_FUNCTION, line);
    this.scope = outer;
    const argTable = scope.usesArgTable ? scope.argTable : undefined;
    const isArgNil = argTable !== undefined && scope.usesVararg;
    return {
      line,
      endLine,
      parameters,
      isVararg: scope.isVararg,
      argTable: isArgNil ? undefined : argTable,
      upvalues: scope.upvalues,
      block: isArgNil ? withNilLocal(argTable, block) : block,
    };
  }

  /** Reads the names between the parentheses, and makes them active. */
  private parameters(parameters: Local[]): void {
    const { lexer, scope } = this;
    if (lexer.token === CLOSING_PARENTHESIS) return;
    const declared: Local[] = [];
    do {
      if (lexer.token === TOKEN_NAME) {
        const local = scope.declare(this.expectName());
        declared.push(local);
        parameters.push(local);
      } else if (lexer.token === TOKEN_DOTS) {
        lexer.advance();
        scope.argTable = scope.declare('arg');
        declared.push(scope.argTable);
        scope.isVararg = true;
      } else {
        throw lexer.syntaxError("<name> or '...' expected");
      }
    } while (!scope.isVararg && this.takes(COMMA));
    scope.activate(declared);
  }
}

/** The block of a function that uses `...`: its `arg` is there, and nil. */
function withNilLocal(local: Local, block: Block): Block {
  return { statements: [{ type: 'local', line: 0, locals: [local], values: [] }, ...block.statements] };
}

/** Whether an expression is made of numbers only. */
function isNumeric(expression: Expression): boolean {
  switch (expression.type) {
    case 'number':
      return true;
    case 'binary':
      return expression.isNumeric;
    case 'unary':
      return expression.operator === '-' && isNumeric(expression.operand);
    default:
      return false;
  }
}
