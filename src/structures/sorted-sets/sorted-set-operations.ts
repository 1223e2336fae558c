import type { Output } from '../../keyspace/operations.ts';
import { SortedSetAlgebraOperations } from './algebra-operations.ts';
import { SortedSetMemberOperations } from './member-operations.ts';
import { SortedSetRangeOperations } from './range-operations.ts';

/** The sorted set commands. */
export interface SortedSetOperations<O extends Output>
  extends SortedSetMemberOperations<O>,
    SortedSetRangeOperations<O>,
    SortedSetAlgebraOperations<O> {}

/** The classes that have them. */
export const sortedSetOperationsClasses = [
  SortedSetMemberOperations,
  SortedSetRangeOperations,
  SortedSetAlgebraOperations,
] as const;
