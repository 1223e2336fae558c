import { type ByteString, compareBytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { parseDouble } from '../../numbers/double.ts';
import type { Lookup } from './sort-pattern.ts';

/** How the elements of SORT are put in order. */
export interface SortOrder {
  /** What an element is weighed by. Default: itself. */
  readonly weigh: Lookup | undefined;
  readonly isAlpha: boolean;
  readonly isDescending: boolean;
  /** Whether bytes behind a zero byte count, which they do only where the result is stored. */
  readonly isForStore: boolean;
}

/**
 * The elements in order. Numbers that weigh the same are in the order of their elements' bytes. O(n log n).
 *
 * @throws ReplyError if a weight that is to be a number is none
 */
export function sorted(elements: readonly ByteString[], order: SortOrder): ByteString[] {
  return order.isAlpha ? sortedByText(elements, order) : sortedByNumber(elements, order);
}

function sortedByNumber(elements: readonly ByteString[], { weigh, isDescending }: SortOrder): ByteString[] {
  const items = elements.map((element) => {
    const text = weigh === undefined ? element : weigh(element);
    return { element, weight: text === undefined ? 0 : numberOf(text) };
  });
  const sign = isDescending ? -1 : 1;
  items.sort((a, b) => {
    if (a.weight !== b.weight) return a.weight < b.weight ? -sign : sign;
    return sign * compareBytes(a.element, b.element);
  });
  return items.map(({ element }) => element);
}

const LEADING_BLANKS = /^[ \t\n\v\f\r]+(?=.)/s;

/** As C's strtod reads it: up to a zero byte, blanks before the number allowed, nothing at all being zero. */
function numberOf(text: ByteString): number {
  const spelled = cString(text);
  if (spelled === '') return 0;
  const value = parseDouble(spelled.replace(LEADING_BLANKS, ''));
  if (value === undefined) throw errors.notADoubleToSort();
  return value;
}

function sortedByText(elements: readonly ByteString[], order: SortOrder): ByteString[] {
  const { weigh, isDescending, isForStore } = order;
  const items = elements.map((element) => {
    const text = weigh === undefined ? element : weigh(element);
    return { element, weight: text === undefined || isForStore ? text : cString(text) };
  });
  const sign = isDescending ? -1 : 1;
  items.sort((a, b) => sign * compareWeights(a.weight, b.weight));
  return items.map(({ element }) => element);
}

/** What weighs nothing comes first. */
function compareWeights(a: ByteString | undefined, b: ByteString | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  return compareBytes(a, b);
}

/** Up to the first zero byte. */
function cString(text: ByteString): ByteString {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
