/**
 * The sizes at which Redis changes the encoding of a value, and the largest string; the names are those of
 * Redis's configuration. They decide what OBJECT ENCODING
 * answers, and what trimming a stream approximately leaves.
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
  /** How long a HyperLogLog may be, in bytes, before all of its registers are kept. */
  hllSparseMaxBytes: number;
  /** The bytes of a stream's node; 0 is no limit. */
  streamNodeMaxBytes: number;
  /** The entries of a stream's node; 0 is no limit. */
  streamNodeMaxEntries: number;
  /** For how long a new stream remembers the names of messages, in seconds. */
  streamIdmpDurationSeconds: number;
  /** How many names a new stream remembers of each producer. */
  streamIdmpMaxSize: number;
  /** How many indexes are a slice of a new array: a power of two from 256 to 65536. */
  arraySliceSize: number;
  /** The most elements of a sparse slice of an array; 0: there are none such. */
  arraySparseKmax: number;
  /** The elements at which a dense slice of an array becomes sparse. */
  arraySparseKmin: number;
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
    hllSparseMaxBytes: 3000,
    streamNodeMaxBytes: 4096,
    streamNodeMaxEntries: 100,
    streamIdmpDurationSeconds: 100,
    streamIdmpMaxSize: 100,
    arraySliceSize: 4096,
    arraySparseKmax: 10,
    arraySparseKmin: 5,
    protoMaxBulkLengthBytes: 512 * 1024 * 1024,
  };
}
