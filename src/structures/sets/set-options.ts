import type { Bytes } from '../../bytes/byte-string.ts';

/** Options of `sscan` and `sscanIterator`. */
export interface SscanOptions {
  /** Only members that match this glob pattern. */
  match?: Bytes;
  /** About how many members one step looks at. Default 10. */
  count?: number;
}

/** Options of `sintercard` and `sdiffcard`. */
export interface SetCardOptions {
  /** Stop counting at this many; 0, the default, means never. */
  limit?: number;
}

/** Options of `sunioncard`. */
export interface SunioncardOptions extends SetCardOptions {
  /** Allow an estimate in place of the exact number. It is counted exactly all the same. */
  approx?: boolean;
}
