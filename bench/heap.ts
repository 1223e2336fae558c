/** Lets the engine collect everything that nobody holds. */
export function collectGarbage(): void {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('run with --expose-gc');
  gc();
}

/** Everything a program pays for, after a collection: the engine's heap, and the memory of typed arrays beside it. */
export function usedBytes(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
