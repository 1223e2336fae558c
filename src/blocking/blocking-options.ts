import type { CancelSignal } from '../keyspace/cancel-signal.ts';
import type { LmovemOptions, LmpopOptions } from '../structures/lists/list-options.ts';
import type { ZmpopOptions } from '../structures/sorted-sets/sorted-set-options.ts';

/** Options of every blocking call. */
export interface BlockingOptions {
  /** How many seconds to wait, fractions included; 0, the default, is for ever. */
  timeout?: number;
  /** An `AbortSignal` that ends the wait: the call rejects with the signal's reason, and nothing has been taken. */
  signal?: CancelSignal;
  /** Whether the process is kept running while the call waits. Default: no, where the host knows of such a thing. */
  keepAlive?: boolean;
}

/** Options of `blmpop`. */
export interface BlmpopOptions extends BlockingOptions, LmpopOptions {}

/** Options of `blmovem`; without `count` or `exactly` it moves one. */
export interface BlmovemOptions extends BlockingOptions, Partial<LmovemOptions> {}

/** Options of `bzmpop`. */
export interface BzmpopOptions extends BlockingOptions, ZmpopOptions {}

/** An element, and the list it was popped from. */
export interface PoppedElement<S = string> {
  readonly key: S;
  readonly element: S;
}

/** Elements, and the list they were popped from. */
export interface PoppedElements<S = string> {
  readonly key: S;
  readonly elements: S[];
}

/** A member with its score, and the sorted set it was popped from. */
export interface PoppedMember<S = string> {
  readonly key: S;
  readonly member: S;
  readonly score: number;
}
