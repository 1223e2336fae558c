import type { ReplyNode } from '../../../src/wire/resp/reply-node.ts';
import { areEqual, areNear, print } from './reply-equality.ts';
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

/** Which second half it has depends on whether a millisecond is over. */
const CLOCK_ID = /^(1\d{12})-\d$/;
/** Milliseconds by which ids of the two clocks may lie apart. */
const CLOCK_TOLERANCE_MS = 5000;

/** What may differ. */
interface Leniency {
  /** How far groups have come: since 7.4 Redis counts otherwise once entries are gone. That has tests of its own. */
  readonly inProgress?: boolean;
  /** What is not told again to whom it is told again: that consumers were active, and reads of what is pending. */
  readonly inActivity?: boolean;
}

const STRICT: Leniency = {};

/** Whether two replies to this command say the same. */
export function areSameStreamReplies(tokens: Tokens, ours: ReplyNode, theirs: ReplyNode): boolean {
  const [name, subcommand] = tokens.slice(0, 2).map((token) => token.toUpperCase());
  if (ours.type === '-' && theirs.type === '-') return said(ours.value) === said(theirs.value);
  if (name === 'XINFO' && subcommand === 'CONSUMERS') return areSame(ours, theirs, 'consumers', STRICT);
  if (name === 'XPENDING' && tokens.length > 3) return areSame(ours, theirs, 'pending', STRICT);
  return areSame(ours, theirs, '', { inProgress: isOlderAndGapped(theirs) });
}

/** Whether this tells of a stream that was rebuilt from the effects of the commands that made ours. */
export function isRebuilt(ours: ReplyNode, theirs: ReplyNode): boolean {
  return areSame(ours, theirs, '', { inActivity: true });
}

/** Whether this is the older server's, and entries of the stream of which it tells are gone. */
function isOlderAndGapped(info: ReplyNode): boolean {
  const fields = new Map(fieldsOf(info)?.map(([name, value]) => [name, print(value)]));
  if (fields.has('idmp-duration')) return false;
  return (
    fields.get('entries-added') !== fields.get('length') || fields.get('max-deleted-entry-id') !== '$"0-0"'
  );
}

/** What an error about a stream says, whichever version says it. */
export function said(text: string): string {
  return SAID_OTHERWISE.reduce((form, [pattern, replacement]) => form.replace(pattern, replacement), text);
}

/** Compares what stands under the field of this name. */
function areSame(ours: ReplyNode, theirs: ReplyNode, field: string, leniency: Leniency): boolean {
  if (leniency.inActivity === true && field === 'active-time') return true;
  if (leniency.inProgress === true && (field === 'lag' || field === 'entries-read')) return true;
  if (TIMES.has(field)) return areNear(ours, theirs);
  const [mine, others] = [fieldsOf(ours), fieldsOf(theirs)];
  if (mine !== undefined && others !== undefined) {
    if (ours.type !== theirs.type) return false;
    const known = new Set(others.map(([name]) => name));
    const kept = mine.filter(([name]) => known.has(name) || !NEWER_FIELDS.has(name));
    return (
      kept.length === others.length &&
      kept.every(
        ([name, value], at) => name === others[at]![0] && areSame(value, others[at]![1], name, leniency),
      )
    );
  }
  if (field === 'consumers' && ours.type === ':' && theirs.type === ':') {
    return isNoLess(ours, theirs);
  }
  if (ours.type === '*' && theirs.type === '*' && ours.items !== null && theirs.items !== null) {
    const rows = theirs.items;
    const kept = field === 'consumers' ? withoutIdleOnes(ours.items, rows) : ours.items;
    if (kept.length !== rows.length) return false;
    if (field === 'pending') return kept.every((row, at) => areSamePending(row, rows[at]!, leniency));
    return kept.every((item, at) => areSame(item, rows[at]!, '', leniency));
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
function areSamePending(ours: ReplyNode, theirs: ReplyNode, { inActivity }: Leniency): boolean {
  if (ours.type !== '*' || theirs.type !== '*' || ours.items === null || theirs.items === null) return false;
  const rows = theirs.items;
  const countAt = rows.length - 1;
  return (
    ours.items.length === rows.length &&
    ours.items.every((item, at) => {
      if (at === countAt - 1) return areNear(item, rows[at]!);
      return (
        areEqual(item, rows[at]!) || (at === countAt && inActivity === true && isNoLess(item, rows[at]!))
      );
    })
  );
}

function isNoLess(ours: ReplyNode, theirs: ReplyNode): boolean {
  return ours.type === ':' && theirs.type === ':' && ours.value >= theirs.value;
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
  return a !== null && b !== null && Math.abs(Number(a[1]) - Number(b[1])) <= CLOCK_TOLERANCE_MS;
}

function textOf(node: ReplyNode | undefined): string {
  return node?.type === '$' ? (node.value ?? '') : '';
}
