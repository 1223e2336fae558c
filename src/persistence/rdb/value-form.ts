import type { ValueKind } from '../../keyspace/entry.ts';
import type { Limits } from '../../keyspace/limits.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { StringOptions } from './strings.ts';

/** What decides in which bytes a value is written. */
export interface WriteOptions extends StringOptions {
  readonly limits: Limits;
}

/** What decides in which encoding a value is kept that was read. */
export interface ReadContext {
  readonly limits: Limits;
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
