import { RDB_VERSION_7_0, RDB_VERSION_7_4 } from '../value-form.ts';

/**
 * The first nine bytes of an RDB file: who wrote it, and the version of the format.
 *
 *     REDIS0012     Redis, and Valkey before 9.0
 *     VALKEY080     Valkey from 9.0 on
 */
export const HEADER_BYTES = 9;

/** Whose numbers the file uses: where they went apart, the same number means another thing. */
export type Dialect = 'redis' | 'valkey';

export interface Header {
  readonly dialect: Dialect;
  readonly version: number;
}

/** The version that Valkey 9 writes. */
const VALKEY_VERSION = 80;

/** From this version on there is a checksum at the end. */
export const VERSION_WITH_CHECKSUM = 5;

/** The newest version of each that is known here. */
export const NEWEST_VERSION: Readonly<Record<Dialect, number>> = { redis: 15, valkey: VALKEY_VERSION };

/** What the first nine bytes say, or `undefined` if that is nothing. */
export function parseHeader(bytes: Uint8Array): Header | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, HEADER_BYTES));
  const redis = /^REDIS(\d{4})$/.exec(text);
  if (redis !== null) return { dialect: 'redis', version: Number(redis[1]) };
  const valkey = /^VALKEY(\d{3})$/.exec(text);
  return valkey === null ? undefined : { dialect: 'valkey', version: Number(valkey[1]) };
}

/** `REDIS0010` */
export function headerOf(version: number): Uint8Array {
  return Uint8Array.from(`REDIS${String(version).padStart(4, '0')}`, (letter) => letter.charCodeAt(0));
}

/** The oldest version that is written: whatever is in a file, Redis 7.0 and newer can read how it is put together. */
export const OLDEST_VERSION_WRITTEN = RDB_VERSION_7_0;

/**
 * The versions that brought types of values which are written again as they were read; all others are written in forms of
 * the oldest version.
 */
const VERSION_OF_TYPE: Readonly<Record<number, number>> = {
  7: RDB_VERSION_7_4,
  21: 11,
  22: RDB_VERSION_7_4,
  23: RDB_VERSION_7_4,
  24: RDB_VERSION_7_4,
  25: RDB_VERSION_7_4,
  26: 13,
  27: 14,
  28: 14,
};

/** Which version a file may need that holds a value which was read of this type. */
export function versionOfType(type: number): number {
  return VERSION_OF_TYPE[type] ?? OLDEST_VERSION_WRITTEN;
}
