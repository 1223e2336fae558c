/**
 * The sizes at which Redis changes the encoding of a value, and the largest string; the names are those of
 * Redis's configuration. They decide what OBJECT ENCODING answers.
 */
export interface Limits {
  hashMaxListpackEntries: number;
  hashMaxListpackValueBytes: number;
  /** Positive: elements. Negative: -1…-5 for 4, 8, 16, 32, 64 KiB. */
  listMaxListpackSize: number;
  setMaxIntsetEntries: number;
  setMaxListpackEntries: number;
  setMaxListpackValueBytes: number;
  zsetMaxListpackEntries: number;
  zsetMaxListpackValueBytes: number;
  /** The longest string, in bytes. */
  protoMaxBulkLengthBytes: number;
}

/** Redis 8's defaults. */
export function defaultLimits(): Limits {
  return {
    hashMaxListpackEntries: 512,
    hashMaxListpackValueBytes: 64,
    listMaxListpackSize: -2,
    setMaxIntsetEntries: 512,
    setMaxListpackEntries: 128,
    setMaxListpackValueBytes: 64,
    zsetMaxListpackEntries: 128,
    zsetMaxListpackValueBytes: 64,
    protoMaxBulkLengthBytes: 512 * 1024 * 1024,
  };
}
