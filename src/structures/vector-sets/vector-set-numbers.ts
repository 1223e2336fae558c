import type { Keyspace } from '../../keyspace/keyspace.ts';
import type { VectorSetNumbers } from './vector-set.ts';

const ofKeyspaces = new WeakMap<Keyspace, VectorSetNumbers>();

/** Where the vector sets of a store get their numbers from. */
export function vectorSetNumbers(keyspace: Keyspace): VectorSetNumbers {
  let numbers = ofKeyspaces.get(keyspace);
  if (numbers === undefined) {
    numbers = { next: 0 };
    ofKeyspaces.set(keyspace, numbers);
  }
  return numbers;
}
