import type { Output, Text } from '../keyspace/operations.ts';
import { ClaimOperations } from './claim-operations.ts';
import { StreamEntryOperations } from './entry-operations.ts';
import { StreamGroupOperations } from './group-operations.ts';
import { IdempotencyOperations } from './idempotency-operations.ts';
import { StreamInfoOperations } from './info-operations.ts';
import { PendingOperations } from './pending-operations.ts';
import { StreamReadOperations } from './read-operations.ts';
import { ReferenceOperations } from './reference-operations.ts';
import { StreamView } from './stream-view.ts';

/** Everything that can be done with streams without waiting. */
export interface StreamOperations<O extends Output = Text>
  extends StreamEntryOperations<O>,
    StreamGroupOperations<O>,
    PendingOperations<O>,
    ClaimOperations<O>,
    ReferenceOperations<O>,
    IdempotencyOperations<O>,
    StreamInfoOperations<O>,
    StreamReadOperations<O> {}

/** The classes that make it up. */
export const streamOperationsClasses = [
  StreamView,
  StreamEntryOperations,
  StreamGroupOperations,
  PendingOperations,
  ClaimOperations,
  ReferenceOperations,
  IdempotencyOperations,
  StreamInfoOperations,
  StreamReadOperations,
] as const;
