import type { NativeCall } from '../values/native-call.ts';

/** How much of the stack a native function of the reference may use, its arguments included. */
const MOST_ON_STACK = 8000;

/** How many results a function can put beside its arguments. */
export function mostResults(call: NativeCall): number {
  return MOST_ON_STACK - call.count;
}
