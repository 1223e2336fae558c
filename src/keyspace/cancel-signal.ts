import { describe } from '../bytes/byte-string.ts';

/** What is used of an `AbortSignal`, declared here because not every host's types have it. */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * For callers without types, before anything waits for the signal: who gives the controller itself would never be heard.
 *
 * @throws TypeError if this is neither a signal nor `undefined`
 */
export function requireSignal(signal: CancelSignal | undefined): void {
  if (signal === undefined) return;
  if (typeof signal === 'object' && signal !== null) {
    if (typeof signal.addEventListener === 'function' && typeof signal.aborted === 'boolean') return;
    if ('abort' in signal) throw new TypeError('expected an AbortSignal, got its controller: write .signal');
  }
  throw new TypeError(`expected an AbortSignal, got ${describe(signal)}`);
}
