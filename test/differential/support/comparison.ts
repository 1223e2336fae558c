import type { ReplyNode } from '../../../src/wire/resp/reply-node.ts';
import { areEqual, areNear, print } from './reply-equality.ts';
import type { Tokens } from './sides.ts';
import { areSameStreamReplies, STREAM_COMMANDS } from './stream-replies.ts';

export { print };

/**
 * How two replies to the same command are compared. Everything is byte for byte, but for what has no order, what
 * is random, what reads the clock, and what the older reference server is known to print otherwise.
 */
export type Comparison =
  /** Byte for byte. */
  | 'exact'
  /** The same elements in any order. */
  | 'unordered'
  /** The same pairs in any order, where RESP2 gives them flat. */
  | 'pairs'
  /** `[cursor, elements]`: the same cursor, the same elements in any order. */
  | 'scan'
  | 'scanPairs'
  /** Integers that may lie a little apart: the two sides were asked at different times. */
  | 'time'
  /** Only the shape: types and lengths. */
  | 'shape';

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  KEYS: 'unordered',
  SMEMBERS: 'unordered',
  SINTER: 'unordered',
  SUNION: 'unordered',
  SDIFF: 'unordered',
  HKEYS: 'unordered',
  HVALS: 'unordered',
  HGETALL: 'pairs',
  SCAN: 'scan',
  SSCAN: 'scan',
  HSCAN: 'scanPairs',
  ZSCAN: 'scanPairs',
  TTL: 'time',
  PTTL: 'time',
  EXPIRETIME: 'time',
  PEXPIRETIME: 'time',
  HTTL: 'time',
  HPTTL: 'time',
  HEXPIRETIME: 'time',
  HPEXPIRETIME: 'time',
  TIME: 'shape',
  RANDOMKEY: 'shape',
  SRANDMEMBER: 'shape',
  SPOP: 'shape',
  HRANDFIELD: 'shape',
  ZRANDMEMBER: 'shape',
};

/** How replies to this command are compared. */
export function comparisonOf(tokens: Tokens): Comparison {
  return COMPARISONS[tokens[0]!.toUpperCase()] ?? 'exact';
}

/**
 * What is different between our reply and the server's, in words, or `undefined` if they are the same.
 */
export function difference(tokens: Tokens, ours: ReplyNode, theirs: ReplyNode): string | undefined {
  const isSame = STREAM_COMMANDS.has(tokens[0]!.toUpperCase())
    ? areSameStreamReplies(tokens, ours, theirs)
    : areSame(ours, theirs, comparisonOf(tokens));
  return isSame ? undefined : `${show(tokens)}\n  lodis:  ${print(ours)}\n  server: ${print(theirs)}`;
}

function areSame(ours: ReplyNode, theirs: ReplyNode, comparison: Comparison): boolean {
  switch (comparison) {
    case 'exact':
      return areEqual(ours, theirs);
    case 'unordered':
      return areEqual(sorted(ours, 1), sorted(theirs, 1));
    case 'pairs':
      return areEqual(sorted(ours, 2), sorted(theirs, 2));
    case 'scan':
      return areEqual(sortedInside(ours, 1), sortedInside(theirs, 1));
    case 'scanPairs':
      return areEqual(sortedInside(ours, 2), sortedInside(theirs, 2));
    case 'time':
      return areNear(ours, theirs);
    case 'shape':
      return shapeOf(ours) === shapeOf(theirs);
  }
}

/** The elements of an array or set, in groups of so many, in the order of their print. */
function sorted(node: ReplyNode, groupSize: number): ReplyNode {
  if (node.type === '%') {
    const entries = [...node.entries].sort((a, b) => compare(print(a[0]), print(b[0])));
    return { ...node, entries };
  }
  if (!('items' in node) || node.items === null) return node;
  // RESP3 gives pairs as arrays of two: then each is one element.
  const size = node.items.every((item) => item.type === '*') ? 1 : groupSize;
  const groups: ReplyNode[][] = [];
  for (let at = 0; at < node.items.length; at += size) groups.push(node.items.slice(at, at + size));
  groups.sort((a, b) => compare(a.map(print).join(), b.map(print).join()));
  return { ...node, items: groups.flat() };
}

function sortedInside(node: ReplyNode, groupSize: number): ReplyNode {
  if (node.type !== '*' || node.items?.length !== 2) return node;
  return { ...node, items: [node.items[0]!, sorted(node.items[1]!, groupSize)] };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function shapeOf(node: ReplyNode): string {
  if ('items' in node && node.items !== null) return `${node.type}[${node.items.map(shapeOf).join()}]`;
  if ('value' in node && node.value === null) return `${node.type}null`;
  return node.type === '-' ? print(node) : node.type;
}

/** A command as one would type it. */
export function show(tokens: Tokens): string {
  return tokens.map((token) => (/^[\w.:*+-]+$/.test(token) ? token : JSON.stringify(token))).join(' ');
}
