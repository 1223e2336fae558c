import type { ByteString } from '../../../bytes/byte-string.ts';
import type { Stored } from '../../../keyspace/entry.ts';

/**
 * What is told of an RDB file while it is read, in its order. What it throws as a `CorruptValue` is taken for a fault of the
 * file, all else comes out of the reader as it is.
 */
export interface RdbTarget {
  /** Something about the file. */
  aux?(name: ByteString, value: ByteString): void;
  /** The source of a library of functions. */
  library(code: ByteString): void;
  /** How many keys the database has, and how many of them expire: a hint, which nobody has checked. */
  size?(databaseIndex: number, keys: number, expiring: number): void;
  /**
   * A key with all it holds. It is the target's to keep.
   *
   * @param expiresAtMs Unix time in milliseconds, which may be over, or `NEVER`
   * @param idleSeconds for how long nobody had used it, or -1 if the file does not say
   * @param frequency how often it was used, from 0 to 255, or -1 if the file does not say
   */
  key(
    databaseIndex: number,
    name: ByteString,
    stored: Stored,
    expiresAtMs: number,
    idleSeconds: number,
    frequency: number,
  ): void;
}
