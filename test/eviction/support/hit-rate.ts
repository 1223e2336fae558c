import type { Trace } from './traces.ts';

/** What a trace is put to. */
export interface Cache {
  /** The time is over this now. Called before each request. */
  advanceTo?(nowMs: number): void;
  /** Reads the key, and puts it there if it is not; the answer is whether it was. */
  read(key: number, lifetimeMs: number): boolean;
  /** Puts the key there, whatever there was. */
  write(key: number, lifetimeMs: number): void;
}

/** Of the reads, how many per cent found their key. A request takes a millisecond, unless it is said to take longer. */
export function hitRate(trace: Trace, cache: Cache, requestMs = 1): number {
  const { keys, writes, lifetimesMs } = trace;
  let reads = 0;
  let hits = 0;
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at]!;
    const lifetimeMs = lifetimesMs === undefined ? 0 : lifetimesMs[key]!;
    cache.advanceTo?.(requestMs * at);
    if (writes !== undefined && writes[at] === 1) {
      cache.write(key, lifetimeMs);
    } else {
      reads++;
      if (cache.read(key, lifetimeMs)) hits++;
    }
  }
  return (100 * hits) / reads;
}
