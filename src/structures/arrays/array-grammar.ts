import type { Bytes } from '../../bytes/byte-string.ts';
import { type Many, manyOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { parseInteger } from '../../numbers/integer.ts';
import { MAX_UINT64, parseUnsigned } from '../../numbers/unsigned.ts';
import { choice, flag, options, repeated, valued } from '../../wire/grammar/options.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { integer, pattern, string } from '../../wire/grammar/pieces.ts';
import { pickOne, type Sampler } from '../../wire/grammar/sampler.ts';
import { together } from '../../wire/grammar/together.ts';
import { type TokenReader, upperCase } from '../../wire/grammar/token-reader.ts';
import { indexedValuesOf, MAX_INDEX } from './array-arguments.ts';
import type {
  ArgrepOptions,
  ArlastitemsOptions,
  ArrayArithmetic,
  ArrayBitwise,
  ArrayBound,
  ArrayCounting,
  ArrayIndex,
  ArrayRange,
  ArscanOptions,
  IndexedValues,
  ManyIndexes,
  ManyRanges,
} from './array-options.ts';
import { requirePredicateCount, requireRegexLength } from './array-predicates.ts';

/** What indexes are made up of: mostly near each other, some at the ends of slices, blocks, and of all. */
const INDEXES = ['0', '0', '1', '1', '2', '2', '3', '4', '5', '6', '7', '9', '12', '30', '100', '255', '256'];
const FAR_INDEXES = [
  ...['4095', '4096', '5000', '8388607', '8388608', '16777216', '9007199254740991', '9007199254740992'],
  ...['18446744073709551613', '18446744073709551614', '18446744073709551615', ' 7', '+8', '007', '-1'],
];

function sampleIndex(sampler: Sampler): string {
  const choice = sampler.below(20);
  if (choice === 0) return sampler.integer();
  return pickOne(sampler, choice < 4 ? FAR_INDEXES : INDEXES);
}

/** `isLate`: the method itself says, after a look at the key, that it is none; it is then given `NaN`. */
interface IndexRules {
  readonly isLate?: boolean;
  readonly greatest?: bigint;
}

function readIndex(reader: TokenReader, { isLate = false, greatest = MAX_INDEX }: IndexRules): ArrayIndex {
  const index = parseUnsigned(reader.next());
  if (index !== undefined && (typeof index === 'number' || index <= greatest)) return index;
  if (isLate) return Number.NaN;
  throw errors.invalidArrayIndex();
}

/** An index. */
export function index(name = 'index', rules: IndexRules = {}): Piece<ArrayIndex> {
  return {
    read: (reader) => readIndex(reader, rules),
    write: (value, out) => out.push(String(value)),
    sample: (sampler, out) => out.push(sampleIndex(sampler)),
    docs: [{ name, type: 'integer' }],
    minTokens: 1,
    isVariable: false,
  };
}

/** An index at which nothing can be inserted is one to go on at. */
export function cursorIndex(): Piece<ArrayIndex> {
  return index('index', { greatest: MAX_UINT64 });
}

/** One or more indexes, to the end of the command. */
export function indexes(rules: IndexRules = {}): Piece<ManyIndexes> {
  const single = index('index', rules);
  return {
    ...single,
    read: (reader) => {
      const read: ArrayIndex[] = [];
      while (reader.remaining > 0) read.push(single.read(reader));
      return read;
    },
    write: (values, out) => {
      for (const value of typeof values === 'object' ? values : [values]) single.write(value, out);
    },
    sample: (sampler, out) => {
      const count = 1 + sampler.below(4);
      for (let at = 0; at < count; at++) single.sample(sampler, out);
    },
    docs: [{ name: 'index', type: 'integer', flags: ['multiple'] }],
    isVariable: true,
  };
}

/** Pairs to the end of the command, of which the odd one out is the arity error. */
function pairsOf<T>(
  name: string,
  first: Piece<ArrayIndex>,
  second: Piece<T>,
): Pick<Piece<[ArrayIndex, T][]>, 'read' | 'sample' | 'docs' | 'minTokens' | 'isVariable'> {
  return {
    read: (reader) => {
      if (reader.remaining % 2 !== 0) throw errors.wrongArity(reader.commandName);
      const read: [ArrayIndex, T][] = [];
      while (reader.remaining > 0) read.push([first.read(reader), second.read(reader)]);
      return read;
    },
    sample: (sampler, out) => {
      const count = 1 + sampler.below(3);
      for (let at = 0; at < count; at++) {
        first.sample(sampler, out);
        second.sample(sampler, out);
      }
    },
    docs: [{ name, type: 'block', flags: ['multiple'], arguments: [...first.docs, ...second.docs] }],
    minTokens: 2,
    isVariable: true,
  };
}

/** Indexes with their values. */
export function indexedValues(): Piece<IndexedValues> {
  return {
    ...pairsOf('data', index(), string('value')),
    write: (values, out) => {
      for (const [at, value] of indexedValuesOf(values)) out.push(String(at), value as Bytes);
    },
  };
}

/** Ranges of indexes. */
export function ranges(): Piece<ManyRanges> {
  return {
    ...pairsOf('range', index('start'), index('end')),
    write: (values, out) => {
      const list = Array.isArray(values[0]) ? (values as readonly ArrayRange[]) : [values as ArrayRange];
      for (const [start, end] of list) out.push(String(start), String(end));
    },
  };
}

/** Where a search begins or ends. */
export function bound(name: string): Piece<ArrayBound> {
  return {
    ...index(name),
    read: (reader) => {
      const token = reader.peek();
      if (token !== '-' && token !== '+') return readIndex(reader, {});
      reader.next();
      return token;
    },
    write: (value, out) => out.push(String(value)),
    sample: (sampler, out) =>
      out.push(sampler.below(2) === 0 ? pickOne(sampler, ['-', '+']) : sampleIndex(sampler)),
    docs: [{ name, type: 'string' }],
  };
}

/** How many elements to answer with. */
function limit(): Piece<number> {
  const count = integer('limit');
  return {
    ...count,
    read: (reader) => {
      const value = count.read(reader);
      if (value <= 0) throw errors.limitNotPositive();
      return value;
    },
    sample: (sampler, out) => out.push(pickOne(sampler, ['1', '2', '3', '10', '0', 'x'])),
  };
}

/** LIMIT, or nothing: any other number of tokens is the arity error. */
export function scanOptions(): Piece<ArscanOptions | undefined> {
  const piece = options<ArscanOptions>({ limit: valued('LIMIT', limit()) });
  return {
    ...piece,
    read: (reader) => {
      if (reader.remaining !== 0 && reader.remaining !== 2) throw errors.wrongArity(reader.commandName);
      return piece.read(reader);
    },
  };
}

/** A count, and REV; of a count that asks for nothing the rest is not looked at. */
export function lastItems(): readonly [Piece<number>, Piece<ArlastitemsOptions | undefined>] {
  const count = integer('count', { error: errors.invalidCount });
  const rest = options<ArlastitemsOptions>({ rev: flag('REV') });
  return together<[number, ArlastitemsOptions | undefined]>(2, {
    read: (reader) => {
      const asked = count.read(reader);
      if (asked <= 0) {
        while (reader.remaining > 0) reader.next();
        return [asked, undefined];
      }
      if (reader.remaining > 1) throw errors.wrongArity(reader.commandName);
      return [asked, rest.read(reader)];
    },
    write: ([asked, given], out) => {
      count.write(asked, out);
      rest.write(given, out);
    },
    sample: (sampler, out) => {
      out.push(sampler.below(8) === 0 ? sampler.integer() : pickOne(sampler, ['1', '2', '3', '5', '20']));
      rest.sample(sampler, out);
    },
    docs: [...count.docs, ...rest.docs],
    minTokens: 1,
    isVariable: true,
  });
}

/** FULL, once. */
export function infoOptions(): Piece<{ full?: boolean } | undefined> {
  return options<{ full?: boolean }>({ full: flag('FULL') }, { isRepetitionRefused: true });
}

const SOUGHT = ['a', 'b', 'A', '1', '10', '', 'foo', 'Foo', 'é'];
const REGEXES = [
  'a',
  '^a',
  'o$',
  '[0-9]+',
  'f.o',
  '(a|b)c?',
  '^$',
  '\\d',
  '(',
  'a**',
  '(a)\\1',
  '',
  '[[:alpha:]]',
];

function sought(): Piece<Bytes> {
  return { ...string('string'), sample: (sampler, out) => out.push(pickOne(sampler, SOUGHT)) };
}

function regex(): Piece<Bytes> {
  return { ...pattern(), sample: (sampler, out) => out.push(pickOne(sampler, REGEXES)) };
}

type SearchOptions = ArgrepOptions & { withvalues?: boolean };

function countOf(many: Many | undefined): number {
  return many === undefined ? 0 : manyOf(many).length;
}

/** What is looked for, and how: predicates and options in any order. */
export function searchOptions(): Piece<SearchOptions> {
  const kinds = {
    exact: repeated('EXACT', sought()),
    match: repeated('MATCH', sought()),
    glob: repeated('GLOB', pattern()),
    re: repeated('RE', regex()),
  };
  const piece = options<SearchOptions>(
    {
      ...kinds,
      combine: choice('combine', { and: 'AND', or: 'OR' }),
      limit: valued('LIMIT', limit()),
      withvalues: flag('WITHVALUES'),
      nocase: flag('NOCASE'),
    },
    {
      check: ({ exact, match, glob, re }, justRead) => {
        requirePredicateCount(countOf(exact) + countOf(match) + countOf(glob) + countOf(re));
        if (justRead === 're') requireRegexLength(manyOf(re!).at(-1) as string);
      },
    },
  );
  return {
    ...piece,
    read: (reader) => piece.read(reader) ?? {},
    sample: (sampler, out) => {
      if (sampler.below(8) > 0) pickOne(sampler, Object.values(kinds)).sample(sampler, out);
      piece.sample(sampler, out);
      if (sampler.below(8) > 0) out.push('NOCASE');
    },
    docs: [
      {
        name: 'predicate',
        type: 'oneof',
        flags: ['multiple'],
        arguments: [
          predicateDoc('exact', 'string'),
          predicateDoc('match', 'string'),
          predicateDoc('glob', 'pattern'),
          predicateDoc('re', 'pattern'),
        ],
      },
      {
        name: 'options',
        type: 'oneof',
        flags: ['optional', 'multiple'],
        arguments: [
          { name: 'and', type: 'pure-token', token: 'AND' },
          { name: 'or', type: 'pure-token', token: 'OR' },
          { name: 'limit', type: 'integer', token: 'LIMIT' },
          { name: 'withvalues', type: 'pure-token', token: 'WITHVALUES' },
          { name: 'nocase', type: 'pure-token', token: 'NOCASE' },
        ],
      },
    ],
    minTokens: 2,
  };
}

function predicateDoc(name: string, value: string): Piece<unknown>['docs'][number] {
  return {
    name,
    type: 'block',
    arguments: [
      { name, type: 'pure-token', token: name.toUpperCase() },
      { name: value, type: 'string' },
    ],
  };
}

/** What AROP is to do. */
export type ArrayOperation = ArrayArithmetic | ArrayBitwise | ArrayCounting;

const WORDS = ['sum', 'min', 'max', 'and', 'or', 'xor', 'used'] as const;

/** An operation, and the value of MATCH. */
export function operation(): Piece<ArrayOperation> {
  return {
    read: (reader) => {
      const token = upperCase(reader.next());
      if (token === 'MATCH') {
        if (reader.remaining !== 1) throw errors.matchNeedsValue();
        return { match: reader.next() };
      }
      const word = WORDS.find((each) => each.toUpperCase() === token);
      if (word === undefined) throw errors.unknownOperation();
      if (reader.remaining > 0) throw errors.wrongArity(reader.commandName);
      return word;
    },
    write: (value, out) => {
      if (typeof value === 'object') out.push('MATCH', value.match);
      else out.push(value.toUpperCase());
    },
    sample: (sampler, out) => {
      const word = pickOne(sampler, [...WORDS, 'match', 'match', 'avg']);
      out.push(word.toUpperCase());
      if (word === 'match') out.push(sampler.value());
    },
    docs: [
      {
        name: 'operation',
        type: 'oneof',
        arguments: [
          ...WORDS.slice(0, -1).map((word) => wordDoc(word)),
          { name: 'match', type: 'block', arguments: [wordDoc('match'), { name: 'value', type: 'string' }] },
          wordDoc('used'),
        ],
      },
    ],
    minTokens: 1,
    isVariable: true,
  };
}

function wordDoc(name: string): Piece<unknown>['docs'][number] {
  return { name, type: 'pure-token', token: name.toUpperCase() };
}

/** The size of a ring: any integer of 64 bits, of which the method says that it must be positive. */
export function ringSize(): Piece<number | bigint> {
  return {
    read: (reader) => {
      const size = parseInteger(reader.next());
      if (size === undefined) throw errors.ringSizeInvalid();
      return size;
    },
    write: (value, out) => out.push(String(value)),
    sample: (sampler, out) =>
      out.push(
        sampler.below(10) === 0
          ? pickOne(sampler, ['0', '-1', 'x', '9007199254740993', '9223372036854775807'])
          : pickOne(sampler, ['1', '2', '3', '3', '4', '5', '8', '300']),
      ),
    docs: [{ name: 'size', type: 'integer' }],
    minTokens: 1,
    isVariable: false,
  };
}
