import type { ValueKind } from '../../keyspace/entry.ts';
import type { Limits } from '../../keyspace/limits.ts';
import type { VectorSetNumbers } from '../../structures/vector-sets/vector-set.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { StringOptions } from './strings.ts';

/** What decides in which bytes a value is written. */
export interface WriteOptions extends StringOptions {
  readonly limits: Limits;
}

/** What a value that was read needs of the store it comes to. */
export interface ReadContext {
  /** What decides in which encoding it is kept. */
  readonly limits: Limits;
  /** From 0 up to but not including 1. */
  readonly random: () => number;
  /** Where vector sets get their numbers from. */
  readonly vectorSets: VectorSetNumbers;
}

/** How values of a kind are written and read: one constant per kind, listed in values.ts. */
export interface ValueForm<T> {
  readonly kind: ValueKind<T>;
  /** Writes the type byte and the value, in the oldest form that says all of it; the RDB version that knows this form. */
  write(writer: ByteWriter, value: T, options: WriteOptions): number;
  /** For each type byte what reads the value behind it, or throws a CorruptValue. */
  readonly readers: Readonly<Record<number, ValueReader<T>>>;
}

export type ValueReader<T> = (reader: ByteReader, context: ReadContext) => T;

/** The version of RDB that Redis 7.0 writes; it knows all forms up to type 19. */
export const RDB_VERSION_7_0 = 10;
/** The version of RDB that Redis 7.4 writes: the first with expiring fields of hashes. */
export const RDB_VERSION_7_4 = 12;
/** The version of RDB that Redis 8.0 writes: the first with vector sets. */
export const RDB_VERSION_8_0 = 12;
