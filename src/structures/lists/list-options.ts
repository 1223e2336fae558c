/** An end of a list: its head is left, its tail is right. */
export type ListEnd = 'left' | 'right';

/** Options of `lpos`. */
export interface LposOptions {
  /**
   * Which match to return: 1 is the first, 2 the second, …; -1 is the first when searching from the tail, and so on.
   * Default 1.
   */
  rank?: number;
  /** Compare at most so many elements. 0, the default, is all. */
  maxlen?: number;
}

/** Options of `lposCount`. */
export interface LposCountOptions extends LposOptions {
  /** Return at most so many matches, beginning with that of `rank`. 0, the default, is all. */
  count?: number;
}

/** Options of `lmpop`. */
export interface LmpopOptions {
  /** How many elements to remove at most. Default 1. */
  count?: number;
}

/** Options of `lmovem`: how many elements to move, `count` or `exactly`, and in what order they arrive. */
export interface LmovemOptions {
  /** At most so many: all there are, if there are fewer. */
  count?: number;
  /** So many or none. */
  exactly?: number;
  /** One by one (`'obo'`), as so many `lmove` would; or as a block (`'bulk'`) that keeps the order it had. */
  order: 'obo' | 'bulk';
}
