/** What must be said of an answer that comes later. */
export interface LaterDescription<T> {
  /** Resolves to the answer. What it rejects with is replied, if it is an error of Redis's. */
  readonly answer: Promise<T>;
  /** How long to wait for it, in milliseconds by the store's clock; 0, which is the default, for as long as it takes. */
  readonly timeoutMs?: number;
  /** What is answered when that time is over, or CLIENT UNBLOCK ends the wait. Without it nothing but the answer does. */
  readonly instead?: () => T;
}

/**
 * What a command answers that must wait for something other than a key: a file to be written, to be loaded, to be synced.
 * Only those may answer so which say in their facts that they {@link CommandFacts.waits}, and only to sessions whose
 * commands may wait. Meanwhile other clients go on.
 */
export class Later<T> {
  readonly answer: Promise<T>;
  readonly timeoutMs: number;
  readonly instead: (() => T) | undefined;

  constructor({ answer, timeoutMs = 0, instead }: LaterDescription<T>) {
    this.answer = answer;
    this.timeoutMs = timeoutMs;
    this.instead = instead;
  }
}
