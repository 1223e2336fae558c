import { DatabaseOperations } from './database-operations.ts';
import { ExpiryOperations } from './expiry-operations.ts';
import { KeyOperations } from './key-operations.ts';
import { MemoryOperations } from './memory/memory-operations.ts';
import { ObjectOperations } from './object-operations.ts';
import type { Output } from './operations.ts';
import { ScanOperations } from './scan-operations.ts';

/** The commands that belong to no type: on keys, whatever they hold, and on whole databases. */
export interface GenericOperations<O extends Output>
  extends KeyOperations<O>,
    ExpiryOperations<O>,
    ScanOperations<O>,
    ObjectOperations<O>,
    MemoryOperations<O>,
    DatabaseOperations<O> {}

/** The classes that have them. */
export const genericOperationsClasses = [
  KeyOperations,
  ExpiryOperations,
  ScanOperations,
  ObjectOperations,
  MemoryOperations,
  DatabaseOperations,
] as const;
