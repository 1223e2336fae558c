import { errors } from '../../errors.ts';
import type { ExpiryOptions } from '../../keyspace/expiry-options.ts';
import { type Option, type OptionsOf, valued } from '../../wire/grammar/options.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { time } from '../../wire/grammar/pieces.ts';
import { EXPIRY_FORMATS, requireFieldTime } from './field-time.ts';

const TIME_NAMES: { readonly [K in keyof ExpiryOptions]-?: string } = {
  ex: 'seconds',
  px: 'milliseconds',
  exat: 'unix-time-seconds',
  pxat: 'unix-time-milliseconds',
};

/** A time, of which everything that does not depend on the clock is checked when it is met, as Redis does. */
export function fieldTimePiece(format: keyof ExpiryOptions): Piece<number> {
  const { isRelative } = EXPIRY_FORMATS[format];
  const exact = time(TIME_NAMES[format], isRelative ? {} : { docType: 'unix-time' });
  return {
    ...exact,
    read: (reader) => {
      const value = exact.read(reader);
      requireFieldTime(value, EXPIRY_FORMATS[format], reader.commandName);
      return value;
    },
  };
}

/** `EX seconds` and its kin. */
function expiryOption(format: keyof ExpiryOptions): Option<number> {
  const value = fieldTimePiece(format);
  return {
    ...valued(format.toUpperCase(), value),
    read: (reader) => {
      if (reader.remaining === 0) throw errors.missingExpireTime();
      return value.read(reader);
    },
  };
}

/** EX, PX, EXAT and PXAT, as HGETEX and HSETEX have them. */
export const fieldExpiryOptions: OptionsOf<ExpiryOptions> = {
  ex: expiryOption('ex'),
  px: expiryOption('px'),
  exat: expiryOption('exat'),
  pxat: expiryOption('pxat'),
};
