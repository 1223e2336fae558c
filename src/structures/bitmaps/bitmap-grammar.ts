import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors, ReplyError } from '../../errors.ts';
import { parseInteger, parseSafeInteger } from '../../numbers/integer.ts';
import type { ArgumentDoc, Piece } from '../../wire/grammar/piece.ts';
import { integer, oneOf } from '../../wire/grammar/pieces.ts';
import { pickOne, type Sampler } from '../../wire/grammar/sampler.ts';
import { isKeyword, type TokenReader, upperCase } from '../../wire/grammar/token-reader.ts';
import type { BitOperation } from './bit-operation.ts';
import type { RefusedOperation } from './bitfield-steps.ts';
import type {
  BitfieldGet,
  BitfieldOffset,
  BitfieldOperation,
  BitfieldOverflow,
  BitfieldType,
  BitRange,
  BitsFrom,
} from './bitmap-options.ts';

/** The bit that SETBIT sets; one that is none is told after the offset. */
export const bitValue: Piece<0 | 1> = {
  ...integer('value'),
  read: (reader) => {
    const value = parseInteger(reader.next());
    return value === 0 || value === 1 ? value : (Number.NaN as 0);
  },
  sample: sampleBit,
};

/** The bit that BITPOS looks for. */
export const bitSought: Piece<0 | 1> = {
  ...integer('bit'),
  read: (reader) => {
    const value = parseInteger(reader.next());
    if (value === undefined) throw errors.notAnInteger();
    if (value !== 0 && value !== 1) throw errors.bitMustBe1Or0();
    return value;
  },
  sample: sampleBit,
};

function sampleBit(sampler: Sampler, out: ByteString[]): void {
  out.push(sampler.below(12) === 0 ? sampler.integer() : String(sampler.below(2)));
}

const BIT_OPERATIONS = ['AND', 'OR', 'XOR', 'NOT'] as const;
const LATER_BIT_OPERATIONS = ['DIFF', 'DIFF1', 'ANDOR', 'ONE'] as const;
const anyOperation = oneOf('operation', {
  ...{ and: 'AND', or: 'OR', xor: 'XOR', not: 'NOT' },
  ...{ diff: 'DIFF', diff1: 'DIFF1', andor: 'ANDOR', one: 'ONE' },
});

/** What BITOP does. */
export const bitOperation: Piece<BitOperation> = {
  ...anyOperation,
  sample: (sampler, out) => {
    const isLater = sampler.knows('8.2.0') && sampler.below(2) === 0;
    out.push(pickOne(sampler, isLater ? LATER_BIT_OPERATIONS : BIT_OPERATIONS));
  },
};

const start = integer('start');
const end = integer('end');
const unit: ArgumentDoc = {
  name: 'unit',
  type: 'oneof',
  since: '7.0.0',
  flags: ['optional'],
  arguments: [
    { name: 'byte', type: 'pure-token', token: 'BYTE' },
    { name: 'bit', type: 'pure-token', token: 'BIT' },
  ],
};

/** `[start end [BYTE | BIT]]`. */
export const bitRange: Piece<BitRange | undefined> = {
  read: (reader) => {
    const count = reader.remaining;
    if (count === 0) return undefined;
    if (count !== 2 && count !== 3) throw errors.syntax();
    const range: BitRange = { start: start.read(reader), end: end.read(reader) };
    if (count === 3) range.bit = readUnit(reader.next());
    return range;
  },
  write: writeRange,
  sample: (sampler, out) => {
    if (sampler.below(4) > 0) sampleRange(sampler, out);
  },
  docs: [
    {
      name: 'range',
      type: 'block',
      flags: ['optional'],
      arguments: [...start.docs, ...end.docs, unit],
    },
  ],
  minTokens: 0,
  isVariable: true,
};

/** `[start [end [BYTE | BIT]]]`. Redis looks at the unit before it looks at the end. */
export const bitRangeOrStart: Piece<BitRange | BitsFrom | undefined> = {
  read: (reader) => {
    const count = reader.remaining;
    if (count === 0) return undefined;
    if (count > 3) throw errors.syntax();
    const first = start.read(reader);
    if (count === 1) return { start: first };
    if (count === 2) return { start: first, end: end.read(reader) };
    const [last, word] = [reader.next(), reader.next()];
    const bit = readUnit(word);
    return { start: first, end: clampedInteger(last), bit };
  },
  write: writeRange,
  sample: (sampler, out) => {
    const length = sampler.below(4);
    if (length === 1) start.sample(sampler, out);
    else if (length > 1) sampleRange(sampler, out);
  },
  docs: [
    {
      name: 'range',
      type: 'block',
      flags: ['optional'],
      arguments: [
        ...start.docs,
        {
          name: 'end-unit-block',
          type: 'block',
          flags: ['optional'],
          arguments: [...end.docs, unit],
        },
      ],
    },
  ],
  minTokens: 0,
  isVariable: true,
};

function readUnit(token: ByteString): boolean {
  if (isKeyword(token, 'BIT')) return true;
  if (isKeyword(token, 'BYTE')) return false;
  throw errors.syntax();
}

function clampedInteger(token: ByteString): number {
  const value = parseInteger(token);
  if (value === undefined) throw errors.notAnInteger();
  if (typeof value === 'number') return value;
  return value < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
}

function writeRange(range: BitRange | BitsFrom | undefined, out: Bytes[]): void {
  if (range === undefined) return;
  out.push(String(range.start));
  if (range.end !== undefined) out.push(String(range.end));
  if (range.bit !== undefined) out.push(range.bit ? 'BIT' : 'BYTE');
}

function sampleRange(sampler: Sampler, out: ByteString[]): void {
  start.sample(sampler, out);
  end.sample(sampler, out);
  if (sampler.below(2) === 0) out.push(pickOne(sampler, ['BIT', 'BYTE']));
}

// ── BITFIELD ───────────────────────────────────────────────────────────────────────────────────────────────

const OVERFLOWS: ReadonlySet<string> = new Set(['wrap', 'sat', 'fail']);

/**
 * The operations of BITFIELD. What is wrong with a type, an offset or a value is left for the method to say; what cannot be read
 * at all stands in the list where it was met, because Redis says it only once it has looked at what comes before.
 */
export const bitfieldOperations: Piece<readonly BitfieldOperation[]> = {
  read: (reader) => {
    const operations: (BitfieldOperation | RefusedOperation)[] = [];
    let overflow: BitfieldOverflow = 'wrap';
    try {
      while (reader.remaining > 0) {
        const word = upperCase(reader.next());
        if (word === 'OVERFLOW') overflow = readOverflow(reader.next());
        else operations.push(readOperation(word, reader, overflow));
      }
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      operations.push({ refusal: error });
      while (reader.remaining > 0) reader.next();
    }
    return operations as BitfieldOperation[];
  },
  write: (operations, out) => {
    let overflow: BitfieldOverflow = 'wrap';
    for (const operation of operations) {
      const wanted: BitfieldOverflow =
        operation.get === undefined ? (operation.overflow ?? 'wrap') : overflow;
      if (wanted !== overflow) out.push('OVERFLOW', wanted.toUpperCase());
      overflow = wanted;
      writeOperation(operation, out);
    }
  },
  sample: (sampler, out) => {
    const count = sampler.below(4);
    for (let at = 0; at < count; at++) {
      if (sampler.below(4) === 0) out.push('OVERFLOW', pickOne(sampler, ['WRAP', 'SAT', 'FAIL']));
      sampleOperation(pickOne(sampler, ['GET', 'SET', 'INCRBY']), sampler, out);
    }
  },
  docs: bitfieldDocs(),
  minTokens: 0,
  isVariable: true,
};

/** The same where only GET is allowed; that others are not is the method's to say. */
export const bitfieldReads: Piece<readonly BitfieldGet[]> = {
  ...(bitfieldOperations as Piece<readonly BitfieldGet[]>),
  sample: (sampler, out) => {
    const count = sampler.below(4);
    for (let at = 0; at < count; at++) sampleOperation('GET', sampler, out);
  },
  docs: [
    {
      name: 'get-block',
      type: 'block',
      token: 'GET',
      flags: ['optional', 'multiple', 'multiple_token'],
      arguments: [
        { name: 'encoding', type: 'string' },
        { name: 'offset', type: 'integer' },
      ],
    },
  ],
};

function readOverflow(token: ByteString): BitfieldOverflow {
  const word = token.toLowerCase();
  if (!OVERFLOWS.has(word)) throw errors.bitfieldOverflow();
  return word as BitfieldOverflow;
}

function readOperation(word: string, reader: TokenReader, overflow: BitfieldOverflow): BitfieldOperation {
  const least = word === 'GET' ? 2 : word === 'SET' || word === 'INCRBY' ? 3 : Number.POSITIVE_INFINITY;
  if (reader.remaining < least) throw errors.syntax();
  const type = reader.next() as BitfieldType;
  const offset = readOffset(reader.next());
  if (word === 'GET') return { get: type, offset };
  const operand = parseInteger(reader.next()) ?? Number.NaN;
  return word === 'SET'
    ? { set: type, offset, value: operand, overflow }
    : { incrby: type, offset, increment: operand, overflow };
}

function readOffset(token: ByteString): BitfieldOffset {
  return token.startsWith('#') ? (token as `#${number}`) : (parseSafeInteger(token) ?? Number.NaN);
}

function writeOperation(operation: BitfieldOperation, out: Bytes[]): void {
  const { get, set, incrby, offset } = operation;
  if (get !== undefined) out.push('GET', get, String(offset));
  else if (set !== undefined) out.push('SET', set, String(offset), String(operation.value));
  else out.push('INCRBY', incrby, String(offset), String(operation.increment));
}

const SAMPLE_TYPES = ['u1', 'u4', 'u8', 'i8', 'i5', 'u13', 'u32', 'i32', 'u52', 'i53', 'u63', 'i64', 'i64'];
const SAMPLE_OPERANDS = ['255', '-129', '65536', '4294967295', '-9223372036854775808', '9007199254740993'];

function sampleOperation(word: string, sampler: Sampler, out: ByteString[]): void {
  out.push(
    word,
    sampler.below(25) === 0 ? pickOne(sampler, ['u64', 'i65', 'x']) : pickOne(sampler, SAMPLE_TYPES),
  );
  const offset = sampler.below(20) === 0 ? sampler.integer() : String(sampler.below(30));
  out.push(sampler.below(3) === 0 ? `#${offset}` : offset);
  if (word === 'GET') return;
  out.push(sampler.below(3) === 0 ? pickOne(sampler, SAMPLE_OPERANDS) : sampler.integer());
}

function bitfieldDocs(): ArgumentDoc[] {
  const field: ArgumentDoc[] = [
    { name: 'encoding', type: 'string' },
    { name: 'offset', type: 'integer' },
  ];
  return [
    {
      name: 'operation',
      type: 'oneof',
      flags: ['optional', 'multiple'],
      arguments: [
        { name: 'get-block', type: 'block', token: 'GET', arguments: field },
        {
          name: 'write',
          type: 'block',
          arguments: [
            {
              name: 'overflow-block',
              type: 'oneof',
              token: 'OVERFLOW',
              flags: ['optional'],
              arguments: ['WRAP', 'SAT', 'FAIL'].map((token) => ({
                name: token.toLowerCase(),
                type: 'pure-token',
                token,
              })),
            },
            {
              name: 'write-operation',
              type: 'oneof',
              arguments: [
                {
                  name: 'set-block',
                  type: 'block',
                  token: 'SET',
                  arguments: [...field, { name: 'value', type: 'integer' }],
                },
                {
                  name: 'incrby-block',
                  type: 'block',
                  token: 'INCRBY',
                  arguments: [...field, { name: 'increment', type: 'integer' }],
                },
              ],
            },
          ],
        },
      ],
    },
  ];
}

/** Whether these tokens of BITFIELD (name included) are known to change nothing. */
export function onlyReads(tokens: readonly ByteString[]): boolean {
  for (let at = 2; at < tokens.length; ) {
    const left = tokens.length - at - 1;
    const word = upperCase(tokens[at]!);
    if (word === 'GET' && left >= 2) at += 3;
    else if (word === 'OVERFLOW' && left >= 1) at += 2;
    else return false;
  }
  return true;
}
