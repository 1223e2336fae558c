import type { ByteString } from '../../bytes/byte-string.ts';

/**
 * Where pieces get their random tokens from when they make up commands. Whoever samples decides the pools: few keys,
 * so that commands meet; awkward values, so that errors are met too.
 */
export interface Sampler {
  /** A whole number in [0, below). */
  below(limit: number): number;
  key(): ByteString;
  /** A field, member, element or value. */
  value(): ByteString;
  integer(): ByteString;
  double(): ByteString;
  pattern(): ByteString;
  /** A length of time, in whatever unit. */
  time(): ByteString;
  /** A point in time, in whatever unit. */
  unixTime(): ByteString;
  /** The id of an entry of a stream. */
  streamId(): ByteString;
  /** A consumer group of a stream. */
  group(): ByteString;
  /** A consumer of a group. */
  consumer(): ByteString;
  /** Whether what was introduced in this Redis version may occur. */
  knows(since: string): boolean;
}

/** One of them, each with the same chance. */
export function pickOne<T>(sampler: Sampler, choices: readonly T[]): T {
  return choices[sampler.below(choices.length)]!;
}
