import { type ByteString, type Bytes, fromBytes, toBytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { parseDouble } from '../../numbers/double.ts';
import { parseInteger, parseSafeInteger } from '../../numbers/integer.ts';
import type { ArgumentDoc, Piece } from '../../wire/grammar/piece.ts';
import { writeDouble } from '../../wire/grammar/pieces.ts';
import { pickOne, type Sampler } from '../../wire/grammar/sampler.ts';
import { together } from '../../wire/grammar/together.ts';
import { type TokenReader, upperCase } from '../../wire/grammar/token-reader.ts';
import { floatBytes, floatsOf } from './float-bytes.ts';
import {
  requireEpsilon,
  requireExploration,
  requireFilter,
  requireFilterExploration,
  requireLinks,
  requireVector,
  requireVsimCount,
} from './vector-set-arguments.ts';
import type { VaddOptions, VectorComponents, VsimOptions, VsimQuery } from './vector-set-options.ts';

// ── vectors ────────────────────────────────────────────────────────────────────────────────────────────────

const MOST_COMPONENTS = 2 ** 16;

/** `FP32 blob` or `VALUES n v …`. @throws ReplyError that it is no vector, whatever is wrong with it */
function readVector(reader: TokenReader): Float32Array {
  const vector = reader.accept('FP32')
    ? readBlob(reader)
    : reader.accept('VALUES')
      ? readValues(reader)
      : undefined;
  if (vector === undefined) throw errors.invalidVector();
  return requireVector(vector);
}

function readBlob(reader: TokenReader): Float32Array | undefined {
  return reader.remaining === 0 ? undefined : floatsOf(toBytes(reader.next()));
}

function readValues(reader: TokenReader): Float32Array | undefined {
  if (reader.remaining === 0) return undefined;
  const count = parseSafeInteger(reader.next());
  if (count === undefined || count < 1 || count > MOST_COMPONENTS || count > reader.remaining)
    return undefined;
  const vector = new Float32Array(count);
  for (let at = 0; at < count; at++) {
    const component = parseDouble(reader.next());
    if (component === undefined) return undefined;
    vector[at] = component;
  }
  return vector;
}

function writeVector(vector: VectorComponents, out: Bytes[]): void {
  out.push('FP32', floatBytes(vector));
}

const COMPONENTS = [1, -1, 0, 0.5, 2];

/** Nearly always of the same length, so that vectors meet. */
function sampleVector(sampler: Sampler, out: ByteString[]): void {
  const length = sampler.below(20) === 0 ? sampler.below(4) : 2;
  const components = Array.from({ length }, () => pickOne(sampler, COMPONENTS));
  if (sampler.below(3) === 0) out.push('FP32', fromBytes(floatBytes(components)));
  else
    out.push('VALUES', String(length), ...components.map((component) => componentText(sampler, component)));
}

function componentText(sampler: Sampler, component: number): ByteString {
  return sampler.below(30) === 0 ? sampler.double() : String(component);
}

const word = (token: string): ArgumentDoc => ({ name: token.toLowerCase(), type: 'pure-token', token });
const given = (doc: ArgumentDoc): ArgumentDoc => ({ ...doc, flags: ['optional'] });
const optionDoc = (token: string, name: string, type: ArgumentDoc['type']): ArgumentDoc =>
  given({ name, type, token });

// ── VADD ───────────────────────────────────────────────────────────────────────────────────────────────────

/** A whole number, NaN if the token is none. All that lies beyond 2^53 is the same here. */
function wholeNumber(token: ByteString): number {
  const value = parseInteger(token) ?? Number.NaN;
  if (typeof value === 'number') return value;
  return value < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
}

const WITH_VALUE: ReadonlySet<string> = new Set(['EF', 'M', 'SETATTR']);

function readVaddOptions(reader: TokenReader, reduce: number | undefined): VaddOptions {
  const options: VaddOptions = reduce === undefined ? {} : { reduce };
  while (reader.remaining > 0) {
    const keyword = upperCase(reader.next());
    if (WITH_VALUE.has(keyword) && reader.remaining === 0) throw errors.invalidVaddOption();
    switch (keyword) {
      case 'CAS':
        options.cas = true;
        break;
      case 'EF':
        options.ef = wholeNumber(reader.next());
        requireExploration(options.ef);
        break;
      case 'M':
        options.m = wholeNumber(reader.next());
        requireLinks(options.m);
        break;
      case 'SETATTR':
        options.setattr = reader.next();
        break;
      case 'NOQUANT':
      case 'Q8':
      case 'BIN':
        chooseQuantisation(options, keyword);
        break;
      default:
        throw errors.invalidVaddOption();
    }
  }
  return options;
}

/** The last one counts. */
function chooseQuantisation(options: VaddOptions, keyword: 'NOQUANT' | 'Q8' | 'BIN'): void {
  delete options.noquant;
  delete options.q8;
  delete options.bin;
  if (keyword === 'NOQUANT') options.noquant = true;
  else if (keyword === 'BIN') options.bin = true;
  else options.q8 = true;
}

/** `[REDUCE dim]`, before a vector; it is seen only where a vector can follow. */
function readReduce(reader: TokenReader): number | undefined {
  if (reader.remaining < 3 || !reader.accept('REDUCE')) return undefined;
  const dimension = wholeNumber(reader.next());
  if (!(dimension > 0)) throw errors.invalidVector();
  return dimension;
}

function sampleVaddOptions(sampler: Sampler, out: ByteString[]): void {
  const isChosen = () => sampler.below(10) === 0;
  if (isChosen()) out.push('CAS');
  if (isChosen()) out.push(pickOne(sampler, ['Q8', 'Q8', 'Q8', 'NOQUANT', 'BIN', 'q8']));
  if (isChosen()) out.push('EF', sampler.below(8) === 0 ? sampler.integer() : '50');
  if (sampler.below(3) === 0) out.push('SETATTR', sampleAttributes(sampler));
  if (isChosen()) out.push('M', pickOne(sampler, ['16', '16', '4', '3', '4097', 'x']));
}

/** `[REDUCE dim] FP32 blob | VALUES n v … element [option …]`: a vector, an element and options. */
export function vectorElementAndOptions(): readonly [
  Piece<VectorComponents>,
  Piece<Bytes>,
  Piece<VaddOptions | undefined>,
] {
  return together<[VectorComponents, Bytes, VaddOptions | undefined]>(3, {
    read: (reader) => {
      const reduce = readReduce(reader);
      const vector = readVector(reader);
      if (reduce !== undefined && reduce > vector.length) throw errors.invalidVector();
      if (reader.remaining === 0) throw errors.wrongArity(reader.commandName);
      const element = reader.next();
      return [vector, element, readVaddOptions(reader, reduce)];
    },
    write: ([vector, element, options = {}], out) => {
      if (options.reduce !== undefined) out.push('REDUCE', String(options.reduce));
      writeVector(vector, out);
      out.push(element);
      if (options.cas === true) out.push('CAS');
      if (options.noquant === true) out.push('NOQUANT');
      if (options.q8 === true) out.push('Q8');
      if (options.bin === true) out.push('BIN');
      if (options.ef !== undefined) out.push('EF', String(options.ef));
      if (options.setattr !== undefined) out.push('SETATTR', options.setattr);
      if (options.m !== undefined) out.push('M', String(options.m));
    },
    sample: (sampler, out) => {
      if (sampler.below(20) === 0) out.push('REDUCE', pickOne(sampler, ['1', '2', '3', '0', 'x']));
      sampleVector(sampler, out);
      out.push(sampler.value());
      sampleVaddOptions(sampler, out);
    },
    docs: [
      given({
        name: 'reduce',
        type: 'block',
        token: 'REDUCE',
        arguments: [{ name: 'dim', type: 'integer' }],
      }),
      { name: 'format', type: 'oneof', arguments: [word('FP32'), word('VALUES')] },
      { name: 'vector', type: 'string' },
      { name: 'element', type: 'string' },
      given(word('CAS')),
      given({ name: 'quant_type', type: 'oneof', arguments: [word('NOQUANT'), word('BIN'), word('Q8')] }),
      optionDoc('EF', 'build-exploration-factor', 'integer'),
      optionDoc('SETATTR', 'attributes', 'string'),
      optionDoc('M', 'numlinks', 'integer'),
    ],
    minTokens: 3,
    isVariable: true,
  });
}

const ATTRIBUTES = ['{"a":1}', '{"a":2,"b":"x"}', '{"b":"xy","c":[1,"x"]}', '{"a":true}', '', 'no json'];

export function sampleAttributes(sampler: Sampler): ByteString {
  return sampler.below(10) === 0 ? sampler.value() : pickOne(sampler, ATTRIBUTES);
}

// ── VSIM ───────────────────────────────────────────────────────────────────────────────────────────────────

/** The options as the wire has them: two of them choose the method. */
export interface VsimWireOptions extends VsimOptions {
  withscores?: boolean;
  withattribs?: boolean;
}

function readQuery(reader: TokenReader): VsimQuery {
  return reader.accept('ELE') ? { element: reader.next() } : { vector: readVector(reader) };
}

const VSIM_WITH_VALUE: ReadonlySet<string> = new Set(['COUNT', 'EPSILON', 'EF', 'FILTER', 'FILTER-EF']);

function readVsimOptions(reader: TokenReader): VsimWireOptions | undefined {
  if (reader.remaining === 0) return undefined;
  const options: VsimWireOptions = {};
  while (reader.remaining > 0) {
    const keyword = upperCase(reader.next());
    if (VSIM_WITH_VALUE.has(keyword) && reader.remaining === 0) throw errors.vsimSyntax();
    readVsimOption(options, keyword, reader);
  }
  return options;
}

function readVsimOption(options: VsimWireOptions, keyword: string, reader: TokenReader): void {
  switch (keyword) {
    case 'WITHSCORES':
      options.withscores = true;
      break;
    case 'WITHATTRIBS':
      options.withattribs = true;
      break;
    case 'TRUTH':
      options.truth = true;
      break;
    case 'NOTHREAD':
      options.nothread = true;
      break;
    case 'COUNT':
      options.count = wholeNumber(reader.next());
      requireVsimCount(options.count);
      break;
    case 'EPSILON':
      options.epsilon = parseDouble(reader.next()) ?? Number.NaN;
      requireEpsilon(options.epsilon);
      break;
    case 'EF':
      options.ef = wholeNumber(reader.next());
      requireExploration(options.ef);
      break;
    case 'FILTER-EF':
      options.filterEf = wholeNumber(reader.next());
      requireFilterExploration(options.filterEf);
      break;
    case 'FILTER': {
      const filter = reader.next();
      requireFilter(filter);
      options.filter = filter;
      break;
    }
    default:
      throw errors.vsimSyntax();
  }
}

/** What says the error once the method reads it, which it does only where there is such a key. */
function failingQuery(error: unknown): VsimQuery {
  return {
    get vector(): VectorComponents {
      throw error;
    },
  };
}

function failingOptions(error: unknown): VsimWireOptions {
  return {
    get count(): number {
      throw error;
    },
  };
}

function skipAll(reader: TokenReader): void {
  while (reader.remaining > 0) reader.next();
}

const FILTERS = ['.a == 1', '.a', '.b in ["x"]', '"x" in .b', '1 in .c or .a', '(', 'not .a', '.d'];

/** `ELE element | FP32 blob | VALUES n v … [option …]`: a query and options. */
export function queryAndOptions(): readonly [Piece<VsimQuery>, Piece<VsimWireOptions | undefined>] {
  return together<[VsimQuery, VsimWireOptions | undefined]>(2, {
    read: (reader) => {
      let query: VsimQuery;
      try {
        query = readQuery(reader);
      } catch (error) {
        skipAll(reader);
        return [failingQuery(error), undefined];
      }
      try {
        return [query, readVsimOptions(reader)];
      } catch (error) {
        skipAll(reader);
        return [query, failingOptions(error)];
      }
    },
    write: ([query, options = {}], out) => {
      if ('element' in query) out.push('ELE', query.element);
      else writeVector(query.vector, out);
      if (options.withscores === true) out.push('WITHSCORES');
      if (options.withattribs === true) out.push('WITHATTRIBS');
      if (options.count !== undefined) out.push('COUNT', String(options.count));
      if (options.epsilon !== undefined) out.push('EPSILON', writeDouble(options.epsilon));
      if (options.ef !== undefined) out.push('EF', String(options.ef));
      if (options.filter !== undefined) out.push('FILTER', options.filter);
      if (options.filterEf !== undefined) out.push('FILTER-EF', String(options.filterEf));
      if (options.truth === true) out.push('TRUTH');
      if (options.nothread === true) out.push('NOTHREAD');
    },
    sample: (sampler, out) => {
      if (sampler.below(2) === 0) out.push('ELE', sampler.value());
      else sampleVector(sampler, out);
      const isChosen = (percent = 15) => sampler.below(100) < percent;
      if (isChosen(40)) out.push('WITHSCORES');
      if (isChosen(40)) out.push('WITHATTRIBS');
      if (isChosen()) out.push('COUNT', sampler.integer());
      if (isChosen()) out.push('EPSILON', sampler.double());
      if (isChosen()) out.push('EF', sampler.below(8) === 0 ? sampler.integer() : '10');
      if (isChosen(30)) out.push('FILTER', pickOne(sampler, FILTERS));
      if (isChosen()) out.push('FILTER-EF', sampler.integer());
      if (isChosen()) out.push('TRUTH');
      if (isChosen()) out.push('NOTHREAD');
    },
    docs: [
      { name: 'format', type: 'oneof', arguments: [word('ELE'), word('FP32'), word('VALUES')] },
      { name: 'vector_or_element', type: 'string' },
      given(word('WITHSCORES')),
      { ...given(word('WITHATTRIBS')), since: '8.2.0' },
      optionDoc('COUNT', 'count', 'integer'),
      { ...optionDoc('EPSILON', 'max_distance', 'double'), since: '8.2.0' },
      optionDoc('EF', 'search-exploration-factor', 'integer'),
      optionDoc('FILTER', 'expression', 'string'),
      optionDoc('FILTER-EF', 'max-filtering-effort', 'integer'),
      given(word('TRUTH')),
      given(word('NOTHREAD')),
    ],
    minTokens: 2,
    isVariable: true,
  });
}

// ── VRANGE ─────────────────────────────────────────────────────────────────────────────────────────────────

const BOUNDS = ['-', '+', '[', '[a', '(a', '[b', '(b', 'a'];

/** A bound of a range of names, which the method reads. */
export function nameBound(name: string, usual: string): Piece<Bytes> {
  return {
    read: (reader) => reader.next(),
    write: (value, out) => out.push(value),
    sample: (sampler, out) => out.push(sampler.below(2) === 0 ? usual : pickOne(sampler, BOUNDS)),
    docs: [{ name, type: 'string' }],
    minTokens: 1,
    isVariable: false,
  };
}

/** Attributes: JSON text. */
export function attributes(): Piece<Bytes> {
  return {
    read: (reader) => reader.next(),
    write: (value, out) => out.push(value),
    sample: (sampler, out) => out.push(sampleAttributes(sampler)),
    docs: [{ name: 'json', type: 'string' }],
    minTokens: 1,
    isVariable: false,
  };
}
