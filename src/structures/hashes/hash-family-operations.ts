import type { Output } from '../../keyspace/operations.ts';
import { FieldExpiryOperations } from './field-expiry-operations.ts';
import { FieldUpdateOperations } from './field-update-operations.ts';
import { HashOperations } from './hash-operations.ts';
import { HashScanOperations } from './hash-scan-operations.ts';

/** All commands on hashes. */
export interface HashFamilyOperations<O extends Output>
  extends HashOperations<O>,
    HashScanOperations<O>,
    FieldExpiryOperations<O>,
    FieldUpdateOperations<O> {}

/** The classes that have them. */
export const hashFamilyClasses = [
  HashOperations,
  HashScanOperations,
  FieldExpiryOperations,
  FieldUpdateOperations,
] as const;
