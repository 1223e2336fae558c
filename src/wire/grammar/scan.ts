import type { Bytes } from '../../bytes/byte-string.ts';
import { errors, type ReplyError } from '../../errors.ts';
import { type OptionsOf, valued } from './options.ts';
import type { Piece } from './piece.ts';
import { integer, pattern, string } from './pieces.ts';
import { isKeyword } from './token-reader.ts';

const DIGITS = /^\+?\d+$/;
const MAX_UINT64 = 2n ** 64n - 1n;

/** A cursor of SCAN and its kin: an unsigned 64-bit number. Ours lie far below 2^53; larger ones are brought there. */
export function cursor(): Piece<number> {
  return {
    read: (reader) => {
      const token = reader.next();
      if (token.length === 1 && token >= '0' && token <= '9') return Number(token);
      if (!DIGITS.test(token) || BigInt(token.replace('+', '')) > MAX_UINT64) throw errors.invalidCursor();
      return Math.min(Number(token), Number.MAX_SAFE_INTEGER);
    },
    write: (value, out) => out.push(String(value)),
    sample: (sampler, out) => out.push(sampler.below(4) === 0 ? sampler.integer() : '0'),
    docs: [{ name: 'cursor', type: 'integer' }],
    minTokens: 1,
    isVariable: false,
  };
}

/** The options that SCAN, HSCAN, SSCAN and ZSCAN share. */
export const scanOptions: OptionsOf<{ match?: Bytes; count?: number }> = {
  match: valued('MATCH', pattern()),
  count: valued('COUNT', scanCount()),
};

/** How much a step looks at: a number below one is a syntax error. */
function scanCount(): Piece<number> {
  const count = integer('count');
  return {
    ...count,
    read: (reader) => {
      const value = count.read(reader);
      if (value < 1) throw errors.syntax();
      return value;
    },
  };
}

/** TYPE, which SCAN alone has. */
export const typeOption = valued('TYPE', {
  ...string('type'),
  sample: (sampler, out) => out.push(['string', 'hash', 'list', 'set', 'zset'][sampler.below(5)]!),
} satisfies Piece<Bytes>);

/** What SCAN, SSCAN and ZSCAN say of a word that is no option of theirs. */
export function unknownScanOption(token: string): ReplyError {
  return isKeyword(token, 'NOVALUES') ? errors.novaluesOutsideHscan() : errors.syntax();
}

/**
 * For HSCAN, SSCAN and ZSCAN, which look at the key before their options: where there is no such key, Redis never sees
 * what is wrong with those. The method is then given options which say the error once it reads them.
 */
export function afterKey<T extends { match?: Bytes }>(options: Piece<T | undefined>): Piece<T | undefined> {
  return {
    ...options,
    read: (reader) => {
      try {
        return options.read(reader);
      } catch (error) {
        while (reader.remaining > 0) reader.next();
        return {
          get match(): Bytes {
            throw error;
          },
        } as T;
      }
    },
  };
}
