import type { ValueKind } from '../../keyspace/entry.ts';
import type { VectorSet } from './vector-set.ts';

/** The type of vector sets, which Redis has as a module's: those are all of the encoding `raw`. */
export const VECTOR_SET: ValueKind<VectorSet> = {
  type: 'vectorset',
  isEmpty: (set) => set.size === 0,
  size: (set) => set.size,
  clone: (set) => set.clone(),
  save: (set) => {
    const snapshot = set.snapshot();
    return () => snapshot;
  },
  heapBytes: (set) => set.heapBytes,
  encoding: () => 'raw',
};
