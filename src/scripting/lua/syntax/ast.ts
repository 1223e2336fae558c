/**
 * The syntax tree of a chunk, with every name already resolved to the local it means.
 *
 * `line` is everywhere the line a run-time error there is reported at: that of the reference implementation, which
 * is not always where the expression begins (an arithmetic operator has the line of the last token of its right operand, a
 * call that of its opening parenthesis or argument). The line of a target is that of the assignment to it.
 *
 * What the parser reads in a loop nests as deep as a source is long: left operands of operators that are left associative,
 * objects that are indexed, what is called. Whoever walks the tree walks those in a loop too. All else nests at most 200 deep.
 */

/** A local variable: declared once, referred to by identity. */
export class Local {
  readonly name: string;
  /** Whether a function within its own refers to it. */
  isCaptured = false;
  /** Whether it is assigned to anywhere but where it is declared. */
  isReassigned = false;
  /** The register the compiler gives it; -1 while it has none. */
  register = -1;

  constructor(name: string) {
    this.name = name;
  }
}

/** Where a function finds one of its upvalues when it is made: a local of the function around it, or one of that one's. */
export type UpvalueSource =
  | { readonly kind: 'local'; readonly local: Local }
  | { readonly kind: 'upvalue'; readonly index: number };

export interface Upvalue {
  readonly name: string;
  readonly local: Local;
  readonly source: UpvalueSource;
}

export interface FunctionBody {
  /** The line of `function`, and of its `end`. Both 0 for a main chunk. */
  readonly line: number;
  readonly endLine: number;
  /** `self` included. */
  readonly parameters: readonly Local[];
  readonly isVararg: boolean;
  /**
   * The local `arg` that a vararg function which does not use `...` has (5.1 still fills it); not among the parameters.
   * Undefined where nothing names it. In one that does use `...` it is an ordinary local that is never given a value.
   */
  readonly argTable: Local | undefined;
  readonly upvalues: readonly Upvalue[];
  readonly block: Block;
}

export interface Block {
  readonly statements: readonly Statement[];
}

export type Statement =
  | {
      readonly type: 'local';
      readonly line: number;
      readonly locals: readonly Local[];
      readonly values: readonly Expression[];
    }
  | {
      readonly type: 'assign';
      readonly line: number;
      readonly targets: readonly Target[];
      readonly values: readonly Expression[];
    }
  | { readonly type: 'call'; readonly line: number; readonly call: CallExpression | MethodCallExpression }
  | { readonly type: 'do'; readonly line: number; readonly block: Block }
  | { readonly type: 'while'; readonly line: number; readonly condition: Expression; readonly block: Block }
  /** The condition sees the block's locals. */
  | { readonly type: 'repeat'; readonly line: number; readonly block: Block; readonly condition: Expression }
  | {
      readonly type: 'if';
      readonly line: number;
      readonly branches: readonly { readonly condition: Expression; readonly block: Block }[];
      readonly otherwise: Block | undefined;
    }
  | {
      readonly type: 'numericFor';
      /** That of its `do`, where the reference looks at the numbers. */
      readonly line: number;
      readonly local: Local;
      readonly start: Expression;
      readonly limit: Expression;
      readonly step: Expression | undefined;
      readonly block: Block;
    }
  | {
      readonly type: 'genericFor';
      /** That of its first value, which is where calling the iterator reports. */
      readonly line: number;
      readonly locals: readonly Local[];
      readonly values: readonly Expression[];
      readonly block: Block;
    }
  | {
      readonly type: 'localFunction';
      readonly line: number;
      readonly local: Local;
      readonly body: FunctionBody;
    }
  | { readonly type: 'return'; readonly line: number; readonly values: readonly Expression[] }
  | { readonly type: 'break'; readonly line: number };
// `function a.b:c() end` is an `assign` of one function.

export type Target = NameExpression | IndexExpression;

export type NameExpression =
  | { readonly type: 'local'; readonly line: number; readonly local: Local }
  | { readonly type: 'upvalue'; readonly line: number; readonly index: number; readonly name: string }
  | { readonly type: 'global'; readonly line: number; readonly name: string };

export interface IndexExpression {
  readonly type: 'index';
  readonly line: number;
  readonly object: Expression;
  readonly key: Expression;
}

export interface CallExpression {
  readonly type: 'functionCall';
  readonly line: number;
  readonly callee: Expression;
  readonly args: readonly Expression[];
}

export interface MethodCallExpression {
  readonly type: 'methodCall';
  /** Where the call reports; where looking the method up does (indexing the object, that is). */
  readonly line: number;
  readonly methodLine: number;
  readonly object: Expression;
  readonly name: string;
  readonly args: readonly Expression[];
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '^' | '..' | '==' | '~=' | '<' | '<=' | '>' | '>=';

export type TableItem =
  | { readonly type: 'item'; readonly value: Expression }
  | { readonly type: 'field'; readonly line: number; readonly key: Expression; readonly value: Expression };

export type Expression =
  | NameExpression
  | IndexExpression
  | CallExpression
  | MethodCallExpression
  | { readonly type: 'nil' | 'true' | 'false' | 'vararg'; readonly line: number }
  | { readonly type: 'number'; readonly line: number; readonly value: number }
  | { readonly type: 'string'; readonly line: number; readonly value: string }
  | { readonly type: 'function'; readonly line: number; readonly body: FunctionBody }
  | { readonly type: 'table'; readonly line: number; readonly items: readonly TableItem[] }
  /** Cuts several results to one. Only there where it does: around a call or `...`. */
  | { readonly type: 'parenthesised'; readonly line: number; readonly inner: Expression }
  | {
      readonly type: 'binary';
      readonly line: number;
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      /** Whether all operands are numbers, so that it may be computed when it is compiled. */
      readonly isNumeric: boolean;
    }
  | {
      readonly type: 'and' | 'or';
      readonly line: number;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly type: 'unary';
      readonly line: number;
      readonly operator: '-' | 'not' | '#';
      readonly operand: Expression;
    };
