import type { Bytes } from '../../bytes/byte-string.ts';
import type { Many } from '../../bytes/many.ts';

/** Options of `sort`, `sortRo` and `sortStore`. */
export interface SortOptions {
  /**
   * Sort by what other keys hold: in the pattern, `*` is replaced by the element, and `->field` at the end means a
   * field of a hash. A pattern without `*` (by custom `'nosort'`) leaves the elements in their own order.
   */
  by?: Bytes;
  /** Only so many elements (all, if negative), from the one at `offset` on. */
  limit?: { offset: number; count: number };
  /** Answer with what other keys hold instead of the element: patterns as in `by`, or `'#'` for the element itself. */
  get?: Many;
  /** Default: `'asc'`. */
  order?: 'asc' | 'desc';
  /** Compare as bytes, not as numbers. */
  alpha?: boolean;
}

/** Options of `sortStore`. */
export interface SortStoreOptions extends SortOptions {
  /** The key that becomes a list of the result. */
  store: Bytes;
}
