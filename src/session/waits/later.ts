import type { Codec } from '../../wire/codec.ts';

/**
 * What a command answers that must wait for something other than a key: a file to be written, to be loaded, to be synced.
 * Only those may answer so which say in their facts that they wait, and only to sessions whose commands may. Meanwhile
 * other clients go on.
 */
export class Later<T> {
  /** Resolves to the answer. What it rejects with is replied, if it is an error of Redis's. */
  readonly answer: Promise<T>;
  /** What is answered when CLIENT UNBLOCK ends the wait. Without it, that does not. */
  readonly instead: (() => T) | undefined;

  constructor(answer: Promise<T>, instead?: () => T) {
    this.answer = answer;
    this.instead = instead;
  }
}

/** How an answer is written that may come later: when it is there. */
export function later<T>(codec: Codec<T>): Codec<T | Later<T>> {
  return codec as Codec<T | Later<T>>;
}
