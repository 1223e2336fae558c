import type { Bytes } from '../bytes/byte-string.ts';
import { type Many, manyOf } from '../bytes/many.ts';
import { errors, type ReplyError } from '../errors.ts';
import { parseInteger } from '../numbers/integer.ts';
import { choice, type Option, since } from '../wire/grammar/options.ts';
import type { ArgumentDoc, Piece } from '../wire/grammar/piece.ts';
import { string } from '../wire/grammar/pieces.ts';
import { pickOne, type Sampler } from '../wire/grammar/sampler.ts';
import { isKeyword, type TokenReader } from '../wire/grammar/token-reader.ts';
import { NO_OPTIONS } from './known-options.ts';
import {
  requireId,
  requireNewId,
  requireRangeEnd,
  requireRangeStart,
  requireTrimming,
  requireTrimOptions,
} from './stream-arguments.ts';
import type { IdempotentId, References, TrimOptions, XaddOptions } from './stream-options.ts';

/** An id, now and then one that is none. */
function sampleId(sampler: Sampler): string {
  return sampler.streamId();
}

function sampleBound(sampler: Sampler): string {
  if (sampler.below(3) === 0) return pickOne(sampler, ['-', '+']);
  return (sampler.below(4) === 0 ? '(' : '') + sampleId(sampler);
}

/** A consumer group. */
export function groupName(): Piece<Bytes> {
  return { ...string('group'), sample: (sampler, out) => out.push(sampler.group()) };
}

/** A consumer of a group. */
export function consumerName(): Piece<Bytes> {
  return { ...string('consumer'), sample: (sampler, out) => out.push(sampler.consumer()) };
}

/** An id as it stands, looked at by the method. */
export function idText(name = 'id', sample = sampleId): Piece<string> {
  return {
    read: (reader) => reader.next(),
    write: (value, out) => out.push(value),
    sample: (sampler, out) => out.push(sample(sampler)),
    docs: [{ name, type: 'string' }],
    minTokens: 1,
    isVariable: false,
  };
}

/** An id that is looked at as soon as it is read. */
export function id(name = 'id'): Piece<string> {
  return checkedId(name, requireId, sampleId);
}

/** Where a range begins. */
export function rangeStart(name = 'start'): Piece<string> {
  return checkedId(name, requireRangeStart, sampleBound);
}

/** Where a range ends. */
export function rangeEnd(name = 'end'): Piece<string> {
  return checkedId(name, requireRangeEnd, sampleBound);
}

function checkedId(
  name: string,
  check: (text: string) => unknown,
  sample: (sampler: Sampler) => string,
): Piece<string> {
  const piece = idText(name, sample);
  return {
    ...piece,
    read: (reader) => {
      const text = reader.next();
      check(text);
      return text;
    },
  };
}

/** The end of a range that stands before its beginning, but is looked at after it. */
export function rangeEndFirst(): Piece<string> {
  return {
    ...idText('end', sampleBound),
    read: (reader) => {
      const text = reader.next();
      const start = reader.peek();
      if (start !== undefined) requireRangeStart(start);
      requireRangeEnd(text);
      return text;
    },
  };
}

/** One or more ids to the end of the command, looked at by the method. */
export function idTexts(): Piece<Many> {
  const one = idText();
  return {
    read: (reader) => {
      const ids: string[] = [one.read(reader)];
      while (reader.remaining > 0) ids.push(reader.next());
      return ids;
    },
    write: (ids, out) => out.push(...manyOf(ids)),
    sample: (sampler, out) => {
      for (let left = 1 + sampler.below(3); left > 0; left--) one.sample(sampler, out);
    },
    docs: [{ name: 'id', type: 'string', flags: ['multiple'] }],
    minTokens: 1,
    isVariable: true,
  };
}

/** KEEPREF, DELREF or ACKED. */
export const references: Option<References> = since(
  '8.2.0',
  choice('condition', { keepref: 'KEEPREF', delref: 'DELREF', acked: 'ACKED' }),
);

// ── XADD and XTRIM: what is removed ────────────────────────────────────────────────────────────────────────

const trimDocs: readonly ArgumentDoc[] = [
  {
    name: 'strategy',
    type: 'oneof',
    arguments: [
      { name: 'maxlen', type: 'pure-token', token: 'MAXLEN' },
      { name: 'minid', type: 'pure-token', token: 'MINID', since: '6.2.0' },
    ],
  },
  {
    name: 'operator',
    type: 'oneof',
    flags: ['optional'],
    arguments: [
      { name: 'equal', type: 'pure-token', token: '=' },
      { name: 'approximately', type: 'pure-token', token: '~' },
    ],
  },
  { name: 'threshold', type: 'string' },
  { name: 'count', type: 'integer', token: 'LIMIT', since: '6.2.0', flags: ['optional'] },
];

/**
 * Reads one option of trimming, if the next token begins one that has something behind it.
 *
 * @returns whether it did
 */
function readTrimOption(reader: TokenReader, options: TrimOptions): boolean {
  const word = reader.peek()!;
  // Most words here are ids, which begin with a digit.
  if (word.charCodeAt(0) < CAPITAL_A) return false;
  const hasValue = reader.remaining >= 2;
  if (hasValue && isKeyword(word, 'MAXLEN')) {
    startTrimming(reader, options);
    options.maxlen = nonNegative(reader, errors.trimMaxlenNegative);
  } else if (hasValue && isKeyword(word, 'MINID')) {
    startTrimming(reader, options);
    options.minid = reader.next();
    requireId(options.minid);
  } else if (hasValue && isKeyword(word, 'LIMIT')) {
    reader.next();
    options.limit = nonNegative(reader, errors.trimLimitNegative);
  } else if (isKeyword(word, 'KEEPREF') || isKeyword(word, 'DELREF') || isKeyword(word, 'ACKED')) {
    if (options.references !== undefined) return false;
    options.references = reader.next().toLowerCase() as References;
  } else return false;
  return true;
}

const CAPITAL_A = 0x41;

function startTrimming(reader: TokenReader, options: TrimOptions): void {
  if (options.maxlen !== undefined || options.minid !== undefined) throw errors.trimMaxlenAndMinid();
  reader.next();
  if (reader.remaining < 2) return;
  if (reader.accept('~')) options.approximate = true;
  else reader.accept('=');
}

function nonNegative(reader: TokenReader, error: () => ReplyError): number {
  const value = parseInteger(reader.next());
  if (value === undefined) throw errors.notAnInteger();
  if (value < 0) throw error();
  return Number(value);
}

function writeTrimOptions(options: TrimOptions, out: Bytes[]): void {
  if (options.references !== undefined) out.push(options.references.toUpperCase());
  const { maxlen, minid } = options;
  if (maxlen !== undefined || minid !== undefined) {
    out.push(maxlen === undefined ? 'MINID' : 'MAXLEN', options.approximate === true ? '~' : '=');
    out.push(minid ?? String(maxlen));
  }
  if (options.limit !== undefined) out.push('LIMIT', String(options.limit));
}

function sampleTrimOptions(sampler: Sampler, out: string[]): void {
  if (sampler.knows('8.2.0') && sampler.below(4) === 0) references.sample(sampler, out);
  const isByLength = sampler.below(2) === 0;
  out.push(isByLength ? 'MAXLEN' : 'MINID');
  const operator = sampler.below(3);
  if (operator > 0) out.push(operator === 1 ? '=' : '~');
  out.push(isByLength ? pickOne(sampler, ['0', '1', '2', '3', '5', '10', '-1']) : sampleId(sampler));
  if (sampler.below(operator === 2 ? 3 : 20) === 0) {
    out.push('LIMIT', pickOne(sampler, ['0', '1', '5', '100', '-1', 'x']));
  }
}

/** What XTRIM removes. */
export function trimming(): Piece<TrimOptions> {
  return {
    read: (reader) => {
      const options: TrimOptions = {};
      while (reader.remaining > 0) if (!readTrimOption(reader, options)) throw errors.syntax();
      requireTrimming(options);
      return options;
    },
    write: writeTrimOptions,
    sample: sampleTrimOptions,
    docs: [
      {
        name: 'trim',
        type: 'block',
        arguments: [...trimDocs, { ...references.docs, flags: ['optional'] }],
      },
    ],
    minTokens: 2,
    isVariable: true,
  };
}

/** XADD's options, the mark among them that no stream is to be made. */
export type XaddWireOptions = XaddOptions & { nomkstream?: boolean };

/** The options of XADD, and the id that ends them. */
export function xaddOptions(): Piece<XaddWireOptions> {
  return {
    read: (reader) => {
      if (reader.peek() === '*') {
        reader.next();
        return NO_OPTIONS;
      }
      const options: XaddWireOptions = {};
      while (reader.remaining > 0 && reader.peek() !== '*') {
        if (readTrimOption(reader, options)) continue;
        if (reader.accept('NOMKSTREAM')) options.nomkstream = true;
        else if (!readIdempotence(reader, options)) {
          requireNewId(reader.peek());
          if (options.idmp !== undefined || options.idmpauto !== undefined) throw errors.idmpNeedsChosenId();
          break;
        }
      }
      if (reader.remaining > 0) options.id = reader.next();
      requireTrimOptions(options);
      return options;
    },
    write: (options, out) => {
      if (options.nomkstream === true) out.push('NOMKSTREAM');
      if (options.idmpauto !== undefined) out.push('IDMPAUTO', options.idmpauto);
      if (options.idmp !== undefined) out.push('IDMP', options.idmp.producer, options.idmp.id);
      writeTrimOptions(options, out);
      out.push(options.id ?? '*');
    },
    sample: (sampler, out) => {
      if (sampler.below(8) === 0) out.push('NOMKSTREAM');
      if (sampler.below(4) === 0) sampleTrimOptions(sampler, out);
      out.push(sampler.below(3) === 0 ? `${sampler.below(10)}-*` : sampleId(sampler).replace('*', '1-1'));
    },
    docs: [
      { name: 'nomkstream', type: 'pure-token', token: 'NOMKSTREAM', since: '6.2.0', flags: ['optional'] },
      { ...references.docs, flags: ['optional'] },
      {
        name: 'idmp',
        type: 'oneof',
        since: '8.6.0',
        flags: ['optional'],
        arguments: [
          { name: 'pid', type: 'string', token: 'IDMPAUTO' },
          {
            name: 'idmp',
            type: 'block',
            token: 'IDMP',
            arguments: [
              { name: 'pid', type: 'string' },
              { name: 'iid', type: 'string' },
            ],
          },
        ],
      },
      { name: 'trim', type: 'block', flags: ['optional'], arguments: trimDocs },
      {
        name: 'id-selector',
        type: 'oneof',
        arguments: [
          { name: 'auto-id', type: 'pure-token', token: '*' },
          { name: 'id', type: 'string' },
        ],
      },
    ],
    minTokens: 1,
    isVariable: true,
  };
}

/** Reads IDMP or IDMPAUTO, if the next token is it and has enough behind it. */
function readIdempotence(reader: TokenReader, options: XaddOptions): boolean {
  const word = reader.peek()!;
  if (reader.remaining >= 2 && isKeyword(word, 'IDMPAUTO')) {
    requireOneName(options);
    reader.next();
    options.idmpauto = reader.next();
    if (options.idmpauto === '') throw errors.idmpProducerEmpty('IDMPAUTO');
    return true;
  }
  if (reader.remaining < 3 || !isKeyword(word, 'IDMP')) return false;
  requireOneName(options);
  reader.next();
  const [producer, message] = [reader.next(), reader.next()];
  if (producer === '') throw errors.idmpProducerEmpty('IDMP');
  if (message === '') throw errors.idmpIdEmpty('IDMP');
  options.idmp = { producer, id: message } satisfies IdempotentId;
  return true;
}

function requireOneName({ idmp, idmpauto }: XaddOptions): void {
  if (idmp !== undefined || idmpauto !== undefined) throw errors.idmpTwice();
}

// ── `IDS numids id …` ──────────────────────────────────────────────────────────────────────────────────────

const GREATEST_INT32 = 2 ** 31 - 1;

/** What is said of a number of ids that is wrong. */
export interface IdsErrors {
  readonly notPositive: () => ReplyError;
  readonly mismatch: () => ReplyError;
}

/** What follows the word IDS: a number of ids, and so many of them. They are looked at by the method. */
export function countedIds(reader: TokenReader, { notPositive, mismatch }: IdsErrors): string[] {
  const count = parseInteger(reader.next());
  if (count === undefined || count < 1 || count > GREATEST_INT32) throw notPositive();
  if (count > reader.remaining) throw mismatch();
  return Array.from({ length: Number(count) }, () => reader.next());
}

/** As XDELEX, XACKDEL and XNACK take it. */
export const idsDocs: ArgumentDoc = {
  name: 'ids',
  type: 'block',
  token: 'IDS',
  arguments: [
    { name: 'numids', type: 'integer' },
    { name: 'id', type: 'string', flags: ['multiple'] },
  ],
};

export function writeIds(ids: Many, out: Bytes[]): void {
  const all = manyOf(ids);
  out.push('IDS', String(all.length), ...all);
}

export function sampleIds(sampler: Sampler, out: string[]): void {
  const count = 1 + sampler.below(3);
  out.push('IDS', String(sampler.below(20) === 0 ? sampler.below(5) : count));
  for (let left = count; left > 0; left--) out.push(sampleId(sampler));
}

// ── commands that look at the key before their arguments ───────────────────────────────────────────────────

/** What is asked before the arguments are read. */
interface Looking {
  typeUnder(key: string): string;
  typeToRead(key: string): string;
  hasStreamGroup(key: string, group: string): boolean;
}

/** @throws ReplyError if the key holds something that is no stream */
export function requireStreamOrNothing(operations: Looking, tokens: readonly string[]): void {
  const type = operations.typeUnder(tokens[1]!);
  if (type !== 'none' && type !== 'stream') throw errors.wrongType();
}

/** @throws ReplyError if the key holds no stream */
export function requireStream(operations: Looking, tokens: readonly string[]): void {
  requireStreamOrNothing(operations, tokens);
  if (operations.typeUnder(tokens[1]!) === 'none') throw errors.noSuchKey();
}

/** @throws ReplyError if the key holds no stream with this group */
export function requireGroup(operations: Looking, tokens: readonly string[]): void {
  const [, key, group] = tokens as [string, string, string];
  const type = operations.typeToRead(key);
  if (type !== 'none' && type !== 'stream') throw errors.wrongType();
  if (!operations.hasStreamGroup(key, group)) throw errors.noKeyOrGroup(key, group);
}

/** {@link requireStream} for a subcommand that reads. @throws ReplyError if the key holds no stream */
export function requireInfoStream(operations: Looking, tokens: readonly string[]): void {
  const type = operations.typeToRead(tokens[2]!);
  if (type === 'none') throw errors.noSuchKey();
  if (type !== 'stream') throw errors.wrongType();
}
