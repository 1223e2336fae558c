import { aclCategories } from '../../wire/acl-categories.ts';
import type { Command } from '../../wire/command.ts';
import type { ArgumentDoc, KeySpec } from '../../wire/grammar/piece.ts';
import { legacyKeyRange } from '../../wire/key-positions.ts';
import { statuses, type Tree } from '../../wire/tree-codec.ts';

/** The flags COMMAND INFO tells, in its order. The others are the server's own business. */
const TOLD_FLAGS = [
  'write',
  'readonly',
  'denyoom',
  'module',
  'admin',
  'pubsub',
  'noscript',
  'blocking',
  'loading',
  'stale',
  'skip_monitor',
  'skip_slowlog',
  'asking',
  'fast',
  'no_auth',
  'may_replicate',
  'no_mandatory_keys',
  'protected',
  'no_async_loading',
  'no_multi',
  'movablekeys',
  'allow_busy',
  'touches_arbitrary_keys',
  'script_runner',
];

/** A command's element of COMMAND INFO. */
export function infoOf(command: Command, subcommands: readonly Command[]): Tree {
  const range = legacyKeyRange(command.keySpecs);
  const flags = new Set(command.flags);
  if (range.isMovable) flags.add('movablekeys');
  return [
    command.fullName,
    command.arity,
    statuses(TOLD_FLAGS.filter((flag) => flags.has(flag))),
    range.first,
    range.last,
    range.step,
    statuses(aclCategories(command).map((category) => `@${category}`)),
    new Set(command.facts.tips),
    new Set(command.keySpecs.map(keySpecTree)),
    new Set(subcommands.map((subcommand) => infoOf(subcommand, []))),
  ];
}

function keySpecTree({ begin, find, flags, notes }: KeySpec): Tree {
  const described = new Map<string, Tree>();
  if (notes !== undefined) described.set('notes', notes);
  described.set('flags', statuses(flags));
  described.set('begin_search', beginTree(begin));
  described.set('find_keys', findTree(find));
  return described;
}

function typed(type: string, spec: Readonly<Record<string, string | number>>): Tree {
  return new Map<string, Tree>([
    ['type', type],
    ['spec', new Map(Object.entries(spec))],
  ]);
}

function beginTree(begin: KeySpec['begin']): Tree {
  if (begin === 'unknown') return typed('unknown', {});
  if ('index' in begin) return typed('index', { index: begin.index });
  return typed('keyword', { keyword: begin.keyword, startfrom: begin.startFrom });
}

function findTree(find: KeySpec['find']): Tree {
  if (find === 'unknown') return typed('unknown', {});
  if ('lastKey' in find) {
    return typed('range', { lastkey: find.lastKey, keystep: find.step, limit: find.limit });
  }
  return typed('keynum', { keynumidx: find.keyNumberIndex, firstkey: find.firstKey, keystep: find.step });
}

/** A command's value in COMMAND DOCS. */
export function docsOf(command: Command, subcommands: readonly Command[]): Tree {
  const { facts } = command;
  const docs = new Map<string, Tree>([
    ['summary', facts.summary],
    ['since', facts.since],
    ['group', facts.group.replace('_', '-')],
    ['complexity', facts.complexity],
  ]);
  if (facts.deprecatedSince !== undefined) {
    docs.set('doc_flags', statuses(['deprecated']));
    docs.set('deprecated_since', facts.deprecatedSince);
  }
  if (facts.replacedBy !== undefined) docs.set('replaced_by', facts.replacedBy);
  if (facts.history !== undefined) docs.set('history', new Set(facts.history));
  if (command.docs.length > 0) docs.set('arguments', argumentTrees(command.docs, { count: 0 }));
  if (subcommands.length > 0) {
    docs.set('subcommands', new Map(subcommands.map((sub) => [sub.fullName, docsOf(sub, [])])));
  }
  return docs;
}

/** Keys are numbered in the order of their specifications, across all levels of nesting. */
function argumentTrees(docs: readonly ArgumentDoc[], keys: { count: number }): Tree[] {
  return docs.map((doc) => {
    const isLeaf = doc.arguments === undefined;
    const described = new Map<string, Tree>([
      ['name', doc.name],
      ['type', doc.type],
    ]);
    if (isLeaf) described.set('display_text', doc.name);
    const keySpecIndex = doc.type === 'key' ? keys.count++ : undefined;
    const shownIndex = doc.keySpecIndex ?? keySpecIndex;
    if (shownIndex !== undefined) described.set('key_spec_index', shownIndex);
    if (doc.token !== undefined) described.set('token', doc.token);
    if (doc.flags !== undefined && doc.flags.length > 0) described.set('flags', statuses(doc.flags));
    if (doc.arguments !== undefined) described.set('arguments', argumentTrees(doc.arguments, keys));
    return described;
  });
}
