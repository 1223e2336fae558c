import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ReplyNode } from '../../../src/wire/resp/reply-node.ts';
import { tokensOf } from './behaviours.ts';
import type { Tokens } from './sides.ts';

/** A small script of the corpus. */
export interface LuaScript {
  readonly name: string;
  readonly source: string;
  readonly keys: Tokens;
  readonly args: Tokens;
  /** Commands that are run before it. */
  readonly before: readonly Tokens[];
}

/** The scripts of one file. */
export interface LuaScripts {
  /** What they are about: the file's name. */
  readonly topic: string;
  readonly scripts: readonly LuaScript[];
}

/**
 * Reads all `.lua` files of a folder. In them a script begins after a line `--- its name` and ends before the next such
 * line, without the line end before it: what it says in its first line is line 1 in error texts. Between the name and
 * the script there may be lines `--: keys …`, `--: args …` (their words, quoted as in redis-cli) and `--: before …`
 * (a command).
 */
export function readLuaCorpus(folder: string): LuaScripts[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.lua'))
    .sort()
    .map((file) => ({
      topic: basename(file, '.lua').replaceAll('-', ' '),
      scripts: scriptsIn(readFileSync(join(folder, file), 'utf8')),
    }));
}

function scriptsIn(text: string): LuaScript[] {
  const [preamble, ...parts] = text.replace(/\n$/, '').split(/^--- /m);
  if (preamble !== '') throw new Error(`a file of scripts begins with ${JSON.stringify(preamble)}`);
  const scripts = parts.map((part, at) => scriptOf(at === parts.length - 1 ? part : part.replace(/\n$/, '')));
  const names = new Set<string>();
  for (const { name } of scripts) {
    if (names.has(name)) throw new Error(`two scripts are called ${name}`);
    names.add(name);
  }
  return scripts;
}

function scriptOf(part: string): LuaScript {
  const lines = part.split('\n');
  const name = lines.shift()!;
  const script = { name, keys: [] as Tokens, args: [] as Tokens, before: [] as Tokens[] };
  for (; lines[0]?.startsWith('--: ') === true; lines.shift()) {
    const [, kind, rest] = /^--: (\w+) (.*)$/.exec(lines[0]) ?? [];
    const tokens = tokensOf(rest ?? '');
    if (kind === 'keys') script.keys = tokens;
    else if (kind === 'args') script.args = tokens;
    else if (kind === 'before') script.before.push(tokens);
    else throw new Error(`${name}: what is ${JSON.stringify(lines[0])}?`);
  }
  return { ...script, source: lines.join('\n') };
}

/** The call of a script. */
export function evalOf(script: LuaScript): Tokens {
  return ['EVAL', script.source, String(script.keys.length), ...script.keys, ...script.args];
}

/**
 * A reply without what differs from run to run: addresses of tables and functions. The sign of what is not a number
 * is masked too: in the reference it comes from the processor, and JavaScript has none.
 */
export function masked(node: ReplyNode): ReplyNode {
  if (node.type === '%') return { ...node, entries: node.entries.map(([k, v]) => [masked(k), masked(v)]) };
  if ('items' in node) return node.items === null ? node : { ...node, items: node.items.map(masked) };
  if ('value' in node && typeof node.value === 'string') return { ...node, value: maskedText(node.value) };
  return node;
}

function maskedText(text: string): string {
  return text
    .replace(/\b(table|function|thread|userdata): (builtin: )?0x[0-9a-f]+/g, '$1: 0x…')
    .replace(/-nan\b/g, 'nan');
}
