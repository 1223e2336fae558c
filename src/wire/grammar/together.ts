import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import type { ArgumentDoc, KeySpec, Piece } from './piece.ts';
import type { Sampler } from './sampler.ts';
import type { TokenReader } from './token-reader.ts';

/** How several arguments are read, written and made up in one go. */
export interface Together<T extends readonly unknown[]> {
  read(reader: TokenReader): T;
  write(values: T, out: Bytes[]): void;
  sample(sampler: Sampler, out: ByteString[]): void;
  readonly docs: readonly ArgumentDoc[];
  readonly minTokens: number;
  readonly isVariable: boolean;
  readonly keys?: readonly KeySpec[];
}

/**
 * Several arguments of a method that follow each other, but whose tokens stand in another order than they do, mixed, or
 * are looked at in another order. The first piece reads for all of them, the last one writes.
 *
 * @param count how many arguments
 */
export function together<T extends readonly unknown[]>(
  count: T['length'],
  all: Together<T>,
): { readonly [I in keyof T]: Piece<T[I]> } {
  const { docs, minTokens, isVariable, keys } = all;
  // Between the turn of the first piece and those of the others, which follow at once.
  let read: T;
  const written: unknown[] = [];
  const pieces = Array.from({ length: count }, (_, at): Piece<unknown> => {
    const isFirst = at === 0;
    return {
      read: (reader) => {
        if (isFirst) read = all.read(reader);
        return read[at];
      },
      write: (value, out) => {
        written[at] = value;
        if (at === count - 1) all.write(written as unknown as T, out);
      },
      sample: (sampler, out) => {
        if (isFirst) all.sample(sampler, out);
      },
      docs: isFirst ? docs : [],
      minTokens: isFirst ? minTokens : 0,
      isVariable: isFirst && isVariable,
      ...(isFirst && keys !== undefined ? { keys } : {}),
    };
  });
  return pieces as unknown as { readonly [I in keyof T]: Piece<T[I]> };
}
