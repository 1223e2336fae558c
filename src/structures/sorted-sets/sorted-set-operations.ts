import type { Output } from '../../keyspace/operations.ts';
import { SortedSetAlgebraOperations } from './algebra-operations.ts';
import { SortedSetMemberOperations } from './member-operations.ts';
import { SortedSetPopOperations } from './pop-operations.ts';
import { SortedSetRangeOperations } from './range-operations.ts';
import { SortedSetScanOperations } from './scan-operations.ts';

/** The sorted set commands. */
export interface SortedSetOperations<O extends Output>
  extends SortedSetMemberOperations<O>,
    SortedSetPopOperations<O>,
    SortedSetScanOperations<O>,
    SortedSetRangeOperations<O>,
    SortedSetAlgebraOperations<O> {}

/** The classes that have them. */
export const sortedSetOperationsClasses = [
  SortedSetMemberOperations,
  SortedSetPopOperations,
  SortedSetScanOperations,
  SortedSetRangeOperations,
  SortedSetAlgebraOperations,
] as const;
