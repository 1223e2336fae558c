import { type GenericOperations, genericOperationsClasses } from '../keyspace/generic-operations.ts';
import type { Output } from '../keyspace/operations.ts';
import { DumpOperations } from '../persistence/rdb/dump-operations.ts';
import { PubsubOperations } from '../pubsub/pubsub-operations.ts';
import { SubscribeOperations } from '../pubsub/subscribe-operations.ts';
import { ScriptingOperations } from '../scripting/scripting-operations.ts';
import { type StreamOperations, streamOperationsClasses } from '../streams/stream-operations.ts';
import { type ArrayOperations, arrayOperationsClasses } from '../structures/arrays/array-operations.ts';
import { BitfieldOperations } from '../structures/bitmaps/bitfield-operations.ts';
import { BitmapOperations } from '../structures/bitmaps/bitmap-operations.ts';
import { type GeoFamilyOperations, geoFamilyClasses } from '../structures/geo/geo-family-operations.ts';
import { type HashFamilyOperations, hashFamilyClasses } from '../structures/hashes/hash-family-operations.ts';
import { HyperloglogOperations } from '../structures/hyperloglogs/hyperloglog-operations.ts';
import { ListOperations } from '../structures/lists/list-operations.ts';
import { SetAlgebraOperations } from '../structures/sets/set-algebra-operations.ts';
import { SetOperations } from '../structures/sets/set-operations.ts';
import { SortOperations } from '../structures/sort/sort-operations.ts';
import {
  type SortedSetOperations,
  sortedSetOperationsClasses,
} from '../structures/sorted-sets/sorted-set-operations.ts';
import { ComparisonOperations } from '../structures/strings/comparison-operations.ts';
import { CounterOperations } from '../structures/strings/counter-operations.ts';
import { StringOperations } from '../structures/strings/string-operations.ts';
import { VectorSearchOperations } from '../structures/vector-sets/vector-search-operations.ts';
import { VectorSetOperations } from '../structures/vector-sets/vector-set-operations.ts';

/** Every typed command, answering in the form `O`. */
export interface AllOperations<O extends Output>
  extends GenericOperations<O>,
    DumpOperations<O>,
    StringOperations<O>,
    ListOperations<O>,
    CounterOperations<O>,
    ComparisonOperations<O>,
    BitmapOperations<O>,
    BitfieldOperations<O>,
    SetOperations<O>,
    SetAlgebraOperations<O>,
    SortOperations<O>,
    HashFamilyOperations<O>,
    HyperloglogOperations<O>,
    SortedSetOperations<O>,
    GeoFamilyOperations<O>,
    StreamOperations<O>,
    VectorSetOperations<O>,
    VectorSearchOperations<O>,
    ArrayOperations<O>,
    PubsubOperations<O>,
    ScriptingOperations<O>,
    SubscribeOperations<O> {}

/** The classes whose methods every view of a store has. */
export const operationsClasses = [
  ...genericOperationsClasses,
  DumpOperations,
  StringOperations,
  CounterOperations,
  ComparisonOperations,
  BitmapOperations,
  BitfieldOperations,
  ListOperations,
  SetOperations,
  SetAlgebraOperations,
  SortOperations,
  ...hashFamilyClasses,
  HyperloglogOperations,
  ...sortedSetOperationsClasses,
  ...geoFamilyClasses,
  ...streamOperationsClasses,
  VectorSetOperations,
  VectorSearchOperations,
  ...arrayOperationsClasses,
  PubsubOperations,
  ScriptingOperations,
  SubscribeOperations,
] as const;
