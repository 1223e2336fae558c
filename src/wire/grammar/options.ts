import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { type Many, manyOf } from '../../bytes/many.ts';
import { errors, type ReplyError } from '../../errors.ts';
import type { AnyPiece, ArgumentDoc, KeySpec, Piece } from './piece.ts';
import { pickOne, type Sampler } from './sampler.ts';
import { type TokenReader, upperCase } from './token-reader.ts';

/** One option of a command: the keywords that begin it, and how the rest of it is read and written. */
export interface Option<T> {
  /** In upper case. */
  readonly keywords: readonly string[];
  /** Reads what follows the keyword. */
  read(reader: TokenReader, keyword: string): T;
  /** Writes it, keyword included. */
  write(value: T, out: Bytes[]): void;
  sample(sampler: Sampler, out: ByteString[]): void;
  /** What it means to be given again. Default: the last one counts. */
  readonly join?: (before: T, again: T) => T;
  readonly docs: ArgumentDoc;
  readonly keys?: readonly KeySpec[];
}

/** An option that came to its command in a later version of Redis. */
export function since<T>(version: string, option: Option<T>): Option<T> {
  return { ...option, docs: { ...option.docs, since: version } };
}

/** A keyword by itself. */
export function flag(keyword: string): Option<boolean> {
  return {
    keywords: [keyword],
    read: () => true,
    write: (value, out) => {
      if (value) out.push(keyword);
    },
    sample: (_sampler, out) => out.push(keyword),
    docs: { name: keyword.toLowerCase(), type: 'pure-token', token: keyword },
  };
}

/** A keyword with a value behind it. */
export function valued<T>(keyword: string, piece: Piece<T>): Option<T> {
  const [first] = piece.docs;
  return {
    keywords: [keyword],
    read: (reader) => piece.read(reader),
    write: (value, out) => {
      out.push(keyword);
      piece.write(value, out);
    },
    sample: (sampler, out) => {
      out.push(keyword);
      piece.sample(sampler, out);
    },
    docs:
      piece.docs.length === 1
        ? { ...first!, token: keyword }
        : { name: keyword.toLowerCase(), type: 'block', token: keyword, arguments: piece.docs },
    ...(piece.keys === undefined
      ? {}
      : { keys: piece.keys.map((spec) => ({ ...spec, begin: { keyword, startFrom: 0 } })) }),
  };
}

/** A keyword with a value behind it, as often as one likes; the method takes one value, or an array. */
export function repeated(keyword: string, piece: Piece<Bytes>): Option<Many> {
  const single = valued(keyword, piece);
  return {
    keywords: single.keywords,
    read: (reader, token) => [single.read(reader, token)],
    join: (before, again) => [...manyOf(before), ...manyOf(again)],
    write: (values, out) => {
      for (const value of manyOf(values)) single.write(value, out);
    },
    sample: (sampler, out) => {
      const count = 1 + sampler.below(2);
      for (let at = 0; at < count; at++) single.sample(sampler, out);
    },
    docs: { ...single.docs, flags: ['multiple', 'multiple_token'] },
  };
}

/** One of several keywords, each standing for a value: `{ score: 'BYSCORE', lex: 'BYLEX' }`. */
export function choice<const T extends string>(name: string, words: Readonly<Record<T, string>>): Option<T> {
  const entries = Object.entries(words) as [T, string][];
  return {
    keywords: entries.map(([, word]) => word),
    read: (_reader, keyword) => entries.find(([, word]) => word === keyword)![0],
    write: (value, out) => out.push(words[value]),
    sample: (sampler, out) => out.push(pickOne(sampler, entries)[1]),
    docs: {
      name,
      type: 'oneof',
      arguments: entries.map(([value, token]) => ({ name: value, type: 'pure-token', token })),
    },
  };
}

/** A keyword with several values behind it, as an object: `LIMIT offset count`. */
export function block<T extends object>(
  keyword: string,
  pieces: { readonly [K in keyof T]-?: Piece<T[K]> },
): Option<T> {
  const entries = Object.entries(pieces) as [keyof T & string, AnyPiece][];
  const least = entries.reduce((sum, [, piece]) => sum + piece.minTokens, 0);
  return {
    keywords: [keyword],
    read: (reader) => {
      // That something is missing is said before what is there is looked at.
      if (reader.remaining < least) throw errors.syntax();
      const value: Partial<Record<keyof T, unknown>> = {};
      for (const [name, piece] of entries) value[name] = piece.read(reader);
      return value as T;
    },
    write: (value, out) => {
      out.push(keyword);
      for (const [name, piece] of entries) piece.write(value[name], out);
    },
    sample: (sampler, out) => {
      out.push(keyword);
      for (const [, piece] of entries) piece.sample(sampler, out);
    },
    docs: {
      name: keyword.toLowerCase(),
      type: 'block',
      token: keyword,
      arguments: entries.flatMap(([, piece]) => piece.docs),
    },
  };
}

/** The options of `T`, every one of them: leaving one out does not compile. */
export type OptionsOf<T> = { readonly [K in keyof T]-?: Option<Exclude<T[K], undefined>> };

export interface OptionRules<T> {
  /** Groups of which a command may have at most one; the second one met is a syntax error. */
  readonly exclusive?: readonly (readonly (keyof T)[])[];
  /** Whether an option given twice is a syntax error, instead of the last one counting; or the options so treated. */
  readonly isRepetitionRefused?: boolean | readonly (keyof T)[];
  /** Said of an option refused by the rules above, before its value is read. Default: the syntax error. */
  readonly conflict?: (name: keyof T) => ReplyError;
  /** Said of an unknown keyword. Default: the syntax error. */
  readonly unknown?: (token: ByteString, reader: TokenReader) => ReplyError;
  /** Looked at after each option, while reading: conflicts that groups cannot express. Throws what Redis would say. */
  readonly check?: (soFar: Partial<T>, justRead: keyof T, reader: TokenReader) => void;
  /** Looked at once all options are read. Throws what Redis would say. */
  readonly finish?: (given: Partial<T>, reader: TokenReader) => void;
  /** How likely each option is in a random example, in percent. Default 25. */
  readonly samplePercent?: number;
  /** All options are shown as one choice of this name, where their conflicts are the method's to say. */
  readonly title?: string;
  /** Reading ends, without an error, at a token that is no keyword of these (something else follows). */
  readonly stopsAtUnknown?: boolean;
}

/**
 * The trailing options of a command, in any order, as one object; `undefined` where there are none.
 * Repeating an option is allowed and the last one counts, as Redis does in most places.
 */
export function options<T extends object>(
  all: OptionsOf<T>,
  rules: OptionRules<T> = {},
): Piece<T | undefined> {
  type Name = keyof T & string;
  const entries = Object.entries(all) as [Name, Option<unknown>][];
  const byKeyword = new Map<string, [Name, Option<unknown>]>();
  for (const entry of entries) for (const keyword of entry[1].keywords) byKeyword.set(keyword, entry);
  const rivals = new Map<Name, Name[]>();
  for (const group of rules.exclusive ?? []) {
    for (const name of group as readonly Name[]) {
      rivals.set(name, [
        ...(rivals.get(name) ?? []),
        ...(group as readonly Name[]).filter((other) => other !== name),
      ]);
    }
  }
  const refused = rules.isRepetitionRefused ?? false;
  const isOnce = (name: Name) => (typeof refused === 'boolean' ? refused : refused.includes(name));
  const samplePercent = rules.samplePercent ?? 25;
  const keySpecs = entries.flatMap(([, option]) => option.keys ?? []);

  return {
    read: (reader) => {
      if (reader.remaining === 0) return undefined;
      const value: Partial<Record<Name, unknown>> = {};
      while (reader.remaining > 0) {
        const token = reader.peek()!;
        let keyword: string = token;
        let found = byKeyword.get(keyword);
        if (found === undefined) {
          keyword = upperCase(token);
          found = byKeyword.get(keyword);
        }
        if (found === undefined) {
          if (rules.stopsAtUnknown) break;
          throw rules.unknown?.(token, reader) ?? errors.syntax();
        }
        reader.next();
        const [name, option] = found;
        const before = value[name];
        const isRepeated = before !== undefined && isOnce(name);
        if (isRepeated || rivals.get(name)?.some((other) => value[other] !== undefined)) {
          throw rules.conflict?.(name) ?? errors.syntax();
        }
        const read = option.read(reader, keyword);
        value[name] = before === undefined || option.join === undefined ? read : option.join(before, read);
        rules.check?.(value as Partial<T>, name, reader);
      }
      rules.finish?.(value as Partial<T>, reader);
      return value as T;
    },
    write: (value, out) => {
      if (value === undefined) return;
      for (const [name, option] of entries) if (value[name] !== undefined) option.write(value[name], out);
    },
    sample: (sampler, out) => {
      for (const [, option] of entries) {
        if (option.docs.since !== undefined && !sampler.knows(option.docs.since)) continue;
        if (sampler.below(100) < samplePercent) option.sample(sampler, out);
      }
    },
    docs:
      rules.title === undefined
        ? describeOptions(entries, (rules.exclusive ?? []) as readonly (readonly string[])[])
        : [
            {
              name: rules.title,
              type: 'oneof',
              flags: ['optional'],
              arguments: entries.map(([, option]) => option.docs),
            },
          ],
    minTokens: 0,
    isVariable: true,
    ...(keySpecs.length === 0 ? {} : { keys: keySpecs }),
  };
}

/** Exclusive options are shown as one `oneof`, the others by themselves. */
function describeOptions(
  entries: readonly [string, Option<unknown>][],
  groups: readonly (readonly string[])[],
): ArgumentDoc[] {
  const docs: ArgumentDoc[] = [];
  const grouped = new Set<string>();
  for (const [name, option] of entries) {
    if (grouped.has(name)) continue;
    const group = groups.find((members) => members.includes(name));
    if (group === undefined) {
      docs.push({ ...option.docs, flags: ['optional', ...(option.docs.flags ?? [])] });
      continue;
    }
    for (const member of group) grouped.add(member);
    docs.push({
      name: 'condition',
      type: 'oneof',
      flags: ['optional'],
      arguments: entries.filter(([other]) => group.includes(other)).map(([, other]) => other.docs),
    });
  }
  return docs;
}
