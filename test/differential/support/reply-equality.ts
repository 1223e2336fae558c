import { formatDouble17, parseDouble } from '../../../src/numbers/double.ts';
import type { ReplyNode } from '../../../src/wire/resp/reply-node.ts';

/** Milliseconds (or seconds) by which answers that read the clock may differ. */
const TIME_TOLERANCE = 5000;

/** Byte for byte, but for doubles that the older server prints longer. */
export function areEqual(ours: ReplyNode, theirs: ReplyNode): boolean {
  if (print(ours) === print(theirs)) return true;
  if (ours.type === '$' && theirs.type === '$') return isOlderDouble(ours.value, theirs.value);
  if (ours.type === ',' && theirs.type === ',') {
    return Object.is(ours.value, theirs.value) || isOlderCoordinate(ours.value, theirs.text);
  }
  if ('items' in ours && 'items' in theirs && ours.type === theirs.type && ours.items && theirs.items) {
    const others = theirs.items;
    return ours.items.length === others.length && ours.items.every((item, at) => areEqual(item, others[at]!));
  }
  return false;
}

/** Before 7.2 a score went out with 17 digits, since then with as few as tell it apart. */
function isOlderDouble(ours: string | null, theirs: string | null): boolean {
  if (ours === null || theirs === null) return false;
  const value = parseDouble(ours);
  return value !== undefined && (formatDouble17(value) === theirs || isOlderCoordinate(value, theirs));
}

/** Before 8.0 coordinates went out with 17 digits behind the point, zeros at the end left out. */
function isOlderCoordinate(value: number, theirs: string): boolean {
  return Math.abs(value) <= 180 && value.toFixed(17).replace(/\.?0+$/, '') === theirs;
}

/** The same, but that integers may lie a little apart: they are times. */
export function areNear(ours: ReplyNode, theirs: ReplyNode): boolean {
  if (ours.type === ':' && theirs.type === ':') {
    const [a, b] = [Number(ours.value), Number(theirs.value)];
    return a < 0 || b < 0 ? a === b : Math.abs(a - b) <= TIME_TOLERANCE;
  }
  if (ours.type === '*' && theirs.type === '*' && ours.items !== null && theirs.items !== null) {
    const others = theirs.items;
    return ours.items.length === others.length && ours.items.every((item, at) => areNear(item, others[at]!));
  }
  return areEqual(ours, theirs);
}

/** A reply on one line, every type told apart. */
export function print(node: ReplyNode): string {
  if (node.type === '%')
    return `%{${node.entries.map(([key, value]) => `${print(key)}: ${print(value)}`).join(', ')}}`;
  if ('items' in node)
    return `${node.type}${node.items === null ? 'null' : `[${node.items.map(print).join(', ')}]`}`;
  if (node.type === '_') return '_';
  if (node.type === ',') return `,${node.text}`;
  return `${node.type}${typeof node.value === 'string' ? JSON.stringify(node.value) : String(node.value)}`;
}
