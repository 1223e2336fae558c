import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { type Many, manyOf, type Pairs, pairsOf } from '../../bytes/many.ts';
import { errors, type ReplyError } from '../../errors.ts';
import { parseDouble } from '../../numbers/double.ts';
import { MAX_INT64, MIN_INT64, parseInteger } from '../../numbers/integer.ts';
import type { AnyPiece, ArgumentDoc, KeySpec, Piece } from './piece.ts';
import { pickOne, type Sampler } from './sampler.ts';
import { isKeyword, type TokenReader } from './token-reader.ts';

/**
 * A key. `flags` are those of its key specification, in Redis's words: `RW access update`; `more` is what else there is
 * to say of it.
 */
export function key(
  flags: string,
  name = 'key',
  more: Partial<Pick<KeySpec, 'notes' | 'flagsOf' | 'find'>> = {},
): Piece<Bytes> {
  return {
    read: (reader) => reader.next(),
    write: (value, out) => out.push(value),
    sample: (sampler, out) => out.push(sampler.key()),
    docs: [{ name, type: 'key' }],
    minTokens: 1,
    isVariable: false,
    keys: [
      { begin: { index: 0 }, find: { lastKey: 0, step: 1, limit: 0 }, flags: flags.split(' '), ...more },
    ],
  };
}

/** A further key, which the key specification of an earlier one covers. */
export function coveredKey(name: string, keySpecIndex: number): Piece<Bytes> {
  return { ...key('', name), docs: [{ name, type: 'key', keySpecIndex }], keys: [] };
}

/** One or more keys, to the end of the command. */
export function keys(flags: string, name = 'key'): Piece<Many> {
  return {
    ...many(key(flags, name)),
    keys: [{ begin: { index: 0 }, find: { lastKey: -1, step: 1, limit: 0 }, flags: flags.split(' ') }],
  };
}

/** Bytes that are no key: a value, field, member, element. */
export function string(name: string): Piece<Bytes> {
  return {
    read: (reader) => reader.next(),
    write: (value, out) => out.push(value),
    sample: (sampler, out) => out.push(sampler.value()),
    docs: [{ name, type: 'string' }],
    minTokens: 1,
    isVariable: false,
  };
}

/** A glob pattern. */
export function pattern(name = 'pattern'): Piece<Bytes> {
  return {
    ...string(name),
    sample: (sampler, out) => out.push(sampler.pattern()),
    docs: [{ name, type: 'pattern' }],
  };
}

/** How a numeric piece treats a token that is no number of its kind. */
export interface NumberOptions {
  /** Said of a bad token. Default: Redis's usual text for the type. */
  readonly error?: (reader: TokenReader) => ReplyError;
  /** Whether the syntax of the rest is looked at before the error is said. */
  readonly isDeferred?: boolean;
  /** Whether the method itself says the error, later (after a look at the key): it is then given `NaN`. */
  readonly isLate?: boolean;
  /** What COMMAND DOCS calls its type. */
  readonly docType?: ArgumentDoc['type'];
}

/** One token that spells a number, where the parts that differ between kinds of numbers are given. */
function numeric<T extends number | bigint>(
  kind: {
    readonly parse: (token: ByteString) => T | undefined;
    readonly write: (value: T) => string;
    readonly sample: (sampler: Sampler) => ByteString;
    readonly error: () => ReplyError;
    readonly docType: ArgumentDoc['type'];
  },
  name: string,
  options: NumberOptions,
): Piece<T | number> {
  const { error = kind.error, isDeferred = false, isLate = false, docType = kind.docType } = options;
  return {
    read: (reader) => {
      const parsed = kind.parse(reader.next());
      if (parsed !== undefined) return parsed;
      if (isLate) return Number.NaN;
      const failure = error(reader);
      if (!isDeferred) throw failure;
      reader.defer(failure);
      return 0;
    },
    write: (value, out) => out.push(kind.write(value as T)),
    sample: (sampler, out) => out.push(kind.sample(sampler)),
    docs: [{ name, type: docType }],
    minTokens: 1,
    isVariable: false,
  };
}

const INT64 = {
  parse: parseInteger,
  write: String,
  sample: (sampler: Sampler) => sampler.integer(),
  error: errors.notAnInteger,
  docType: 'integer',
} as const;

const DOUBLE = {
  parse: parseDouble,
  write: writeDouble,
  sample: (sampler: Sampler) => sampler.double(),
  error: errors.notAFloat,
  docType: 'double',
} as const;

/** A 64-bit integer, exact: a `bigint` beyond 2^53. */
export function int64(name: string, options: NumberOptions = {}): Piece<number | bigint> {
  return numeric<number | bigint>(INT64, name, options);
}

/**
 * A 64-bit integer for which all that lies beyond 2^53 is the same: an index, a count, a limit.
 * Those are brought into the safe range.
 */
export function integer(name: string, options: NumberOptions = {}): Piece<number> {
  const exact = int64(name, options);
  return {
    ...exact,
    read: (reader) => {
      const value = exact.read(reader);
      if (typeof value === 'number') return value;
      return value < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
    },
  };
}

/** A 64-bit integer that is a time or a length of time: beyond 2^53 the nearest number serves. */
export function time(name: string, options: NumberOptions = {}): Piece<number> {
  const exact = int64(name, options);
  const isPoint = options.docType === 'unix-time';
  return {
    ...exact,
    read: (reader) => Number(exact.read(reader)),
    write: (value, out) => out.push(writeTime(value)),
    sample: (sampler, out) => out.push(isPoint ? sampler.unixTime() : sampler.time()),
  };
}

const LEAST_INT32 = -(2 ** 31);
const GREATEST_INT32 = 2 ** 31 - 1;

/** A 32-bit integer; `error`, where given, is said of any other token, be it no number or too large a one. */
export function int32(name: string, error?: () => ReplyError): Piece<number> {
  return {
    ...int64(name),
    read: (reader) => {
      const value = parseInteger(reader.next());
      if (value === undefined) throw (error ?? errors.notAnInteger)();
      if (value >= LEAST_INT32 && value <= GREATEST_INT32) return Number(value);
      throw error?.() ?? errors.outOfRangeBetween(LEAST_INT32, GREATEST_INT32);
    },
  };
}

/**
 * A 64-bit count whose sign says something of its own, so that it must have an opposite: the least integer has none.
 * What is wrong with it is said after the whole syntax has been read.
 */
export function signedCount(name = 'count'): Piece<number> {
  const count = integer(name, { isDeferred: true });
  return {
    ...count,
    read: (reader) => {
      if (reader.peek() === String(MIN_INT64)) reader.defer(errors.outOfRangeBetween(-MAX_INT64, MAX_INT64));
      return count.read(reader);
    },
  };
}

/** No token at all: gives the method a value that the command's name already says. */
export function constant<const T>(value: T): Piece<T> {
  return { read: () => value, write: () => {}, sample: () => {}, docs: [], minTokens: 0, isVariable: false };
}

/** All digits of it, and no more than fit into 64 bits: 2^63 itself stands for what lies just below. */
function writeTime(value: number): string {
  if (!Number.isInteger(value)) return String(value);
  const exact = BigInt(value);
  return String(exact === MAX_INT64 + 1n ? MAX_INT64 : exact);
}

/** A floating-point number, infinities included. */
export function double(name: string, options: NumberOptions = {}): Piece<number> {
  return numeric<number>(DOUBLE, name, options);
}

/** A number as a token that Redis reads back to the same number. */
export function writeDouble(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  if (value === Number.NEGATIVE_INFINITY) return '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** One keyword out of several, each standing for a value. `words` has the keywords in upper case. */
export function oneOf<const T extends string>(
  name: string,
  words: Readonly<Record<T, string>>,
  error: () => ReplyError = errors.syntax,
): Piece<T> {
  const choices = Object.entries(words) as [T, string][];
  return {
    read: (reader) => {
      const token = reader.next();
      for (const [value, word] of choices) if (isKeyword(token, word)) return value;
      throw error();
    },
    write: (value, out) => out.push(words[value]),
    sample: (sampler, out) => out.push(pickOne(sampler, choices)[1]),
    docs: [
      {
        name,
        type: 'oneof',
        arguments: choices.map(([value, token]) => ({ name: value, type: 'pure-token', token })),
      },
    ],
    minTokens: 1,
    isVariable: false,
  };
}

/** A piece that may be missing at the end of the command. */
export function optional<T>(piece: Piece<T>): Piece<T | undefined> {
  return {
    ...piece,
    read: (reader) => (reader.remaining === 0 ? undefined : piece.read(reader)),
    write: (value, out) => {
      if (value !== undefined) piece.write(value, out);
    },
    sample: (sampler, out) => {
      if (sampler.below(2) === 0) piece.sample(sampler, out);
    },
    docs: piece.docs.map((doc) => ({ ...doc, flags: [...(doc.flags ?? []), 'optional'] as const })),
    minTokens: 0,
    isVariable: true,
  };
}

/**
 * The same where its being there decides which method is meant (see `given`): the one that takes it is never run
 * without it, and the other does not look at it.
 */
export function deciding<T>(piece: Piece<T>): Piece<T> {
  return optional(piece) as Piece<T>;
}

/** One or more of a piece, to the end of the command. */
export function some<T>(piece: Piece<T>): Piece<readonly T[]> {
  return {
    read: (reader) => {
      const values = [piece.read(reader)];
      while (reader.remaining > 0) values.push(piece.read(reader));
      return values;
    },
    write: (values, out) => {
      for (const value of values) piece.write(value, out);
    },
    sample: (sampler, out) => {
      const count = 1 + sampler.below(4);
      for (let at = 0; at < count; at++) piece.sample(sampler, out);
    },
    docs: piece.docs.map((doc) => ({ ...doc, flags: [...(doc.flags ?? []), 'multiple'] as const })),
    minTokens: piece.minTokens,
    isVariable: true,
  };
}

/** One or more byte strings, to the end of the command; the method takes one, or an array. */
export function many(piece: Piece<Bytes>): Piece<Many> {
  const list = some(piece);
  return { ...list, write: (values, out) => list.write(manyOf(values), out) };
}

/**
 * Pairs of a name and a value, to the end of the command; an odd token out is the arity error, as in Redis.
 * Read as an array of pairs, which keeps repetitions and their order.
 */
export function pairs(name: Piece<Bytes>, value: Piece<Bytes>): Piece<Pairs> {
  const keySpecs: KeySpec[] | undefined = name.keys?.map((spec) => ({
    ...spec,
    find: { lastKey: -1, step: 2, limit: 0 },
  }));
  return {
    read: (reader) => {
      if (reader.remaining % 2 !== 0) throw errors.wrongArity(reader.commandName);
      const read = new Array<[Bytes, Bytes]>(reader.remaining / 2);
      for (let at = 0; at < read.length; at++) read[at] = [name.read(reader), value.read(reader)];
      return read;
    },
    write: (values, out) => {
      for (const [left, right] of pairsOf(values)) {
        name.write(left, out);
        value.write(right, out);
      }
    },
    sample: (sampler, out) => {
      const count = 1 + sampler.below(3);
      for (let at = 0; at < count; at++) {
        name.sample(sampler, out);
        value.sample(sampler, out);
      }
    },
    docs: [{ name: 'data', type: 'block', flags: ['multiple'], arguments: [...name.docs, ...value.docs] }],
    minTokens: 2,
    isVariable: true,
    ...(keySpecs === undefined ? {} : { keys: keySpecs }),
  };
}

/** `numkeys key [key …]`. */
export function numberedKeys(
  flags: string,
  errorsOf: {
    /** Said if the number is none. */
    readonly notANumber?: () => ReplyError;
    /** Said if it is below one. */
    readonly tooFew: (reader: TokenReader) => ReplyError;
    /** Said if fewer keys follow. */
    readonly tooMany?: () => ReplyError;
  },
): Piece<Many> {
  const { notANumber = errors.notAnInteger, tooFew, tooMany = errors.syntax } = errorsOf;
  return {
    read: (reader) => {
      const count = parseInteger(reader.next());
      if (count === undefined) throw notANumber();
      if (count < 1) throw tooFew(reader);
      if (count > reader.remaining) throw tooMany();
      reader.keyCount = Number(count);
      const read: Bytes[] = [];
      for (let at = 0; at < count; at++) read.push(reader.next());
      return read;
    },
    write: (values, out) => {
      const all = manyOf(values);
      out.push(String(all.length));
      for (const value of all) out.push(value);
    },
    sample: (sampler, out) => {
      const count = 1 + sampler.below(3);
      out.push(sampler.below(20) === 0 ? sampler.integer() : String(count));
      for (let at = 0; at < count; at++) out.push(sampler.key());
    },
    docs: [
      { name: 'numkeys', type: 'integer' },
      { name: 'key', type: 'key', flags: ['multiple'] },
    ],
    minTokens: 2,
    isVariable: true,
    keys: [
      { begin: { index: 0 }, find: { keyNumberIndex: 0, firstKey: 1, step: 1 }, flags: flags.split(' ') },
    ],
  };
}

/** Samples a piece into a fresh list. */
export function sampled(piece: AnyPiece, sampler: Sampler): string[] {
  const out: string[] = [];
  piece.sample(sampler, out);
  return out;
}
