import type { ValueKind } from '../../keyspace/entry.ts';
import type { SparseArray } from './sparse-array.ts';

/** The array type. */
export const ARRAY: ValueKind<SparseArray> = {
  type: 'array',
  isEmpty: (array) => array.count === 0,
  size: (array) => array.count,
  clone: (array) => array.clone(),
  save: (array) => {
    const saved = array.clone();
    return () => saved;
  },
  heapBytes: (array) => array.heapBytes,
  encoding: () => 'sliced-array',
};
