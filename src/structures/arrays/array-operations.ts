import type { Output, Text } from '../../keyspace/operations.ts';
import { ArrayElementOperations } from './array-element-operations.ts';
import { ArrayInsertOperations } from './array-insert-operations.ts';
import { ArrayRangeOperations } from './array-range-operations.ts';

/** The commands on arrays. */
export interface ArrayOperations<O extends Output = Text>
  extends ArrayElementOperations<O>,
    ArrayInsertOperations<O>,
    ArrayRangeOperations<O> {}

/** The classes they are declared in. */
export const arrayOperationsClasses = [
  ArrayElementOperations,
  ArrayInsertOperations,
  ArrayRangeOperations,
] as const;
