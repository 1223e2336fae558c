import type { ReplyNode } from '../../../src/wire/resp/reply-node.ts';
import { areEqual, areNear } from './reply-equality.ts';
import type { Tokens } from './sides.ts';

/**
 * How replies about streams are compared: byte for byte, but for what reads the clock, and what the reference server
 * (7.0) does not tell yet or tells otherwise.
 */

/** Commands whose replies hold times, ids that come from a clock, or fields that are newer than the reference server. */
export const STREAM_COMMANDS = new Set([
  ...['XADD', 'XRANGE', 'XREVRANGE', 'XREAD', 'XREADGROUP', 'XINFO', 'XPENDING', 'XCLAIM', 'XAUTOCLAIM'],
]);

/** Fields of XINFO that are younger than the reference server. */
const NEWER_FIELDS = new Set([
  // 7.2: when a consumer last got something, beside when it last tried.
  ...['active-time', 'inactive'],
  // 8.6: idempotent production.
  ...['idmp-duration', 'idmp-maxsize', 'pids-tracked', 'iids-tracked', 'iids-added', 'iids-duplicates'],
  // 8.8: pending entries that XNACK gave back.
  'nacked-count',
]);

/** Fields of XINFO that say when, or how long ago. */
const TIMES = new Set(['idle', 'inactive', 'seen-time', 'active-time']);

/** What later versions than the reference server's say otherwise. */
const SAID_OTHERWISE: readonly (readonly [RegExp, string])[] = [
  // 7.2 names the command, and 7.4 what may stand in the place of an id.
  [/^(ERR Unbalanced) (\S+) list of streams: for each stream key an .* must be specified\.$/, '$1 list'],
  // 7.0 does not say why a sequence that has no successor is refused.
  [
    /^ERR Elements are too large to be stored$/,
    'ERR The ID specified in XADD is equal or smaller than the target stream top item',
  ],
];

const CLOCK_ID = /^(1\d{12})-(\d+)$/;
/** Milliseconds by which ids of the two clocks may lie apart. */
const CLOCK_TOLERANCE_MS = 5000;

/** Whether two replies to this command say the same. */
export function areSameStreamReplies(tokens: Tokens, ours: ReplyNode, theirs: ReplyNode): boolean {
  const [name, subcommand] = tokens.slice(0, 2).map((token) => token.toUpperCase());
  if (ours.type === '-' && theirs.type === '-') return said(ours.value) === said(theirs.value);
  if (name === 'XINFO' && subcommand === 'CONSUMERS') return areSame(ours, theirs, 'consumers');
  if (name === 'XPENDING' && tokens.length > 3) return areSame(ours, theirs, 'pending');
  return areSame(ours, theirs, '');
}

function said(text: string): string {
  return SAID_OTHERWISE.reduce((form, [pattern, replacement]) => form.replace(pattern, replacement), text);
}

/** Compares what stands under the field of this name. */
function areSame(ours: ReplyNode, theirs: ReplyNode, field: string): boolean {
  if (TIMES.has(field)) return areNear(ours, theirs);
  const [mine, others] = [fieldsOf(ours), fieldsOf(theirs)];
  if (mine !== undefined && others !== undefined) {
    if (ours.type !== theirs.type) return false;
    const known = new Set(others.map(([name]) => name));
    const kept = mine.filter(([name]) => known.has(name) || !NEWER_FIELDS.has(name));
    return (
      kept.length === others.length &&
      kept.every(([name, value], at) => name === others[at]![0] && areSame(value, others[at]![1], name))
    );
  }
  if (field === 'consumers' && ours.type === ':' && theirs.type === ':') {
    return Number(ours.value) >= Number(theirs.value);
  }
  if (ours.type === '*' && theirs.type === '*' && ours.items !== null && theirs.items !== null) {
    const rows = theirs.items;
    const kept = field === 'consumers' ? withoutIdleOnes(ours.items, rows) : ours.items;
    if (kept.length !== rows.length) return false;
    if (field === 'pending') return kept.every((row, at) => areSamePending(row, rows[at]!));
    return kept.every((item, at) => areSame(item, rows[at]!, ''));
  }
  return areEqual(ours, theirs) || areClockIds(ours, theirs);
}

/** The named fields of an answer of XINFO, if it is one: RESP2 gives them flat. */
function fieldsOf(node: ReplyNode): [string, ReplyNode][] | undefined {
  if (node.type === '%') return node.entries.map(([name, value]) => [textOf(name), value]);
  if (node.type !== '*' || node.items === null) return undefined;
  const { items } = node;
  if (!['length', 'name'].includes(textOf(items[0])) || items.length % 2 !== 0) return undefined;
  return items.flatMap((item, at) => (at % 2 === 0 ? [[textOf(item), items[at + 1]!]] : []));
}

/** `[id, time, count]`, or `[id, consumer, time, count]`. */
function areSamePending(ours: ReplyNode, theirs: ReplyNode): boolean {
  if (ours.type !== '*' || theirs.type !== '*' || ours.items === null || theirs.items === null) return false;
  const rows = theirs.items;
  const timeAt = rows.length - 2;
  return (
    ours.items.length === rows.length &&
    ours.items.every((item, at) => (at === timeAt ? areNear : areEqual)(item, rows[at]!))
  );
}

/** 7.2: who reads or claims is a consumer from then on, even if there was nothing for it. In 7.0 it is not. */
function withoutIdleOnes(ours: readonly ReplyNode[], theirs: readonly ReplyNode[]): readonly ReplyNode[] {
  const known = new Set(theirs.map(nameOf));
  return ours.filter((consumer) => known.has(nameOf(consumer)) || pendingCountOf(consumer) !== '0');
}

function nameOf(consumer: ReplyNode): string {
  return textOf(fieldsOf(consumer)?.find(([name]) => name === 'name')?.[1]);
}

function pendingCountOf(consumer: ReplyNode): string {
  const fields = fieldsOf(consumer) ?? [];
  const count = fields.find(([name, value]) => /^(pending|pel-count)$/.test(name) && value.type === ':')?.[1];
  return count?.type === ':' ? String(count.value) : '';
}

function areClockIds(ours: ReplyNode, theirs: ReplyNode): boolean {
  const [a, b] = [CLOCK_ID.exec(textOf(ours)), CLOCK_ID.exec(textOf(theirs))];
  return (
    a !== null && b !== null && a[2] === b[2] && Math.abs(Number(a[1]) - Number(b[1])) <= CLOCK_TOLERANCE_MS
  );
}

/** XINFO's answer without when consumers were last active: what they are told again need not be what made them so. */
export function withoutActivity(node: ReplyNode): ReplyNode {
  if (!('items' in node) || node.items === null) return node;
  const { items } = node;
  const kept = items.filter(
    (item, at) => textOf(item) !== 'active-time' && textOf(items[at - 1]) !== 'active-time',
  );
  return { ...node, items: kept.map(withoutActivity) };
}

function textOf(node: ReplyNode | undefined): string {
  return node?.type === '$' ? (node.value ?? '') : '';
}
