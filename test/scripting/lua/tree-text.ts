/**
 * Syntax trees as text, for tests: once as lists in parentheses, which show what each name was resolved to, and once as a source
 * that reads as the same tree again.
 */

import type {
  Block,
  Expression,
  FunctionBody,
  Local,
  Statement,
} from '../../../src/scripting/lua/syntax/ast.ts';

/** A chunk as lists. A local is `name.number` (counted from 1 as they are met), an upvalue `^name`, a global its name. */
export function listText(body: FunctionBody): string {
  const numbers = new Map<Local, number>();
  const local = (it: Local): string => {
    if (!numbers.has(it)) numbers.set(it, numbers.size + 1);
    const marks = (it.isCaptured ? '!' : '') + (it.isReassigned ? '=' : '');
    return `${it.name}.${numbers.get(it)}${marks}`;
  };
  const list = (name: string, ...parts: string[]) =>
    `(${[name, ...parts].filter((part) => part !== '').join(' ')})`;
  const all = <T>(parts: readonly T[], text: (part: T) => string) => parts.map(text).join(' ');
  const group = <T>(parts: readonly T[], text: (part: T) => string) => `[${all(parts, text)}]`;

  function functionText(it: FunctionBody): string {
    const upvalues = it.upvalues.map(({ name, source }) =>
      source.kind === 'local' ? `${name}<${local(source.local)}` : `${name}<^${source.index}`,
    );
    return list(
      'function',
      `[${[...it.parameters.map(local), ...(it.isVararg ? ['...'] : [])].join(' ')}]`,
      it.argTable === undefined ? '' : `arg:${local(it.argTable)}`,
      upvalues.length === 0 ? '' : `{${upvalues.join(' ')}}`,
      blockText(it.block),
    );
  }

  function expressionText(it: Expression): string {
    switch (it.type) {
      case 'local':
        return local(it.local);
      case 'upvalue':
        return `^${it.name}`;
      case 'global':
        return it.name;
      case 'index':
        return list('.', expressionText(it.object), expressionText(it.key));
      case 'functionCall':
        return list('call', expressionText(it.callee), all(it.args, expressionText));
      case 'methodCall':
        return list(`call:${it.name}`, expressionText(it.object), all(it.args, expressionText));
      case 'nil':
      case 'true':
      case 'false':
        return it.type;
      case 'vararg':
        return '...';
      case 'number':
        return `${it.value}`;
      case 'string':
        return JSON.stringify(it.value);
      case 'function':
        return functionText(it.body);
      case 'table':
        return list(
          'table',
          all(it.items, (item) =>
            item.type === 'item'
              ? expressionText(item.value)
              : `${expressionText(item.key)}=${expressionText(item.value)}`,
          ),
        );
      case 'parenthesised':
        return list('one', expressionText(it.inner));
      case 'binary':
        return list(it.operator, expressionText(it.left), expressionText(it.right));
      case 'and':
      case 'or':
        return list(it.type, expressionText(it.left), expressionText(it.right));
      case 'unary':
        return list(it.operator, expressionText(it.operand));
    }
  }

  function statementText(it: Statement): string {
    switch (it.type) {
      case 'local':
        return list('local', group(it.locals, local), all(it.values, expressionText));
      case 'assign':
        return list('=', group(it.targets, expressionText), all(it.values, expressionText));
      case 'call':
        return expressionText(it.call);
      case 'do':
        return list('do', blockText(it.block));
      case 'while':
        return list('while', expressionText(it.condition), blockText(it.block));
      case 'repeat':
        return list('repeat', blockText(it.block), expressionText(it.condition));
      case 'if':
        return list(
          'if',
          all(it.branches, ({ condition, block }) => `${expressionText(condition)} ${blockText(block)}`),
          it.otherwise === undefined ? '' : `else ${blockText(it.otherwise)}`,
        );
      case 'numericFor':
        return list(
          'for',
          local(it.local),
          expressionText(it.start),
          expressionText(it.limit),
          it.step === undefined ? '' : expressionText(it.step),
          blockText(it.block),
        );
      case 'genericFor':
        return list('for-in', group(it.locals, local), all(it.values, expressionText), blockText(it.block));
      case 'localFunction':
        return list('local-function', local(it.local), functionText(it.body));
      case 'return':
        return list('return', all(it.values, expressionText));
      case 'break':
        return '(break)';
    }
  }

  const blockText = (it: Block): string => `{${it.statements.map(statementText).join('; ')}}`;
  return blockText(body.block);
}

/** A chunk as a source with as many parentheses as may be. */
export function sourceText(body: FunctionBody): string {
  const names = (locals: readonly Local[]) => locals.map(({ name }) => name).join(',');
  const list = (parts: readonly Expression[]) => parts.map(expression).join(',');
  // Around what may give several values, parentheses would mean something.
  const operand = (it: Expression): string => {
    const isCall = it.type === 'functionCall' || it.type === 'methodCall' || it.type === 'vararg';
    return isCall || it.type === 'parenthesised' ? expression(it) : `(${expression(it)})`;
  };
  const functionRest = (it: FunctionBody): string => {
    const parameters = [...it.parameters.map(({ name }) => name), ...(it.isVararg ? ['...'] : [])];
    return `(${parameters.join(',')})${block(it.block)} end`;
  };
  const string = (value: string) =>
    `"${[...value].map((char) => `\\${char.charCodeAt(0).toString().padStart(3, '0')}`).join('')}"`;

  function expression(it: Expression): string {
    switch (it.type) {
      case 'local':
        return it.local.name;
      case 'upvalue':
      case 'global':
        return it.name;
      case 'index':
        return `${prefix(it.object)}[${expression(it.key)}]`;
      case 'functionCall':
        return `${prefix(it.callee)}(${list(it.args)})`;
      case 'methodCall':
        return `${prefix(it.object)}:${it.name}(${list(it.args)})`;
      case 'nil':
      case 'true':
      case 'false':
        return it.type;
      case 'vararg':
        return '...';
      case 'number':
        return `${it.value}`;
      case 'string':
        return string(it.value);
      case 'function':
        return `function${functionRest(it.body)}`;
      case 'table':
        return `{${it.items.map((item) => (item.type === 'item' ? expression(item.value) : `[${expression(item.key)}]=${expression(item.value)}`)).join(';')}}`;
      case 'parenthesised':
        return `(${expression(it.inner)})`;
      case 'binary':
        return `${operand(it.left)}${it.operator}${operand(it.right)}`;
      case 'and':
      case 'or':
        return `${operand(it.left)} ${it.type} ${operand(it.right)}`;
      case 'unary':
        return `${it.operator} ${operand(it.operand)}`;
    }
  }

  const isTarget = (it: Expression) => ['local', 'upvalue', 'global', 'index'].includes(it.type);
  const prefix = (it: Expression) => (isTarget(it) ? expression(it) : operand(it));

  function statement(it: Statement): string {
    switch (it.type) {
      case 'local':
        return `local ${names(it.locals)}${it.values.length > 0 ? `=${list(it.values)}` : ''}`;
      case 'assign':
        return `${list(it.targets)}=${list(it.values)}`;
      case 'call':
        return expression(it.call);
      case 'do':
        return `do ${block(it.block)} end`;
      case 'while':
        return `while ${expression(it.condition)} do ${block(it.block)} end`;
      case 'repeat':
        return `repeat ${block(it.block)} until ${expression(it.condition)}`;
      case 'if': {
        const branches = it.branches.map(
          (branch) => `if ${expression(branch.condition)} then ${block(branch.block)}`,
        );
        return `${branches.join(' else')} ${it.otherwise === undefined ? '' : `else ${block(it.otherwise)}`} end`;
      }
      case 'numericFor': {
        const step = it.step === undefined ? '' : `,${expression(it.step)}`;
        return `for ${it.local.name}=${expression(it.start)},${expression(it.limit)}${step} do ${block(it.block)} end`;
      }
      case 'genericFor':
        return `for ${names(it.locals)} in ${list(it.values)} do ${block(it.block)} end`;
      case 'localFunction':
        return `local function ${it.local.name}${functionRest(it.body)}`;
      case 'return':
        return `return ${list(it.values)}`;
      case 'break':
        return 'break';
    }
  }

  const block = (it: Block): string => it.statements.map((part) => `${statement(part)};`).join('\n');
  return block(body.block);
}
