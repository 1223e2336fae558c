import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { type Many, manyOf, type Pairs, pairsOf } from '../../bytes/many.ts';
import { errors, type ReplyError } from '../../errors.ts';
import { parseInteger } from '../../numbers/integer.ts';
import { type OptionRules, type OptionsOf, options, valued } from '../../wire/grammar/options.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { pairs, string } from '../../wire/grammar/pieces.ts';
import { isKeyword, type TokenReader } from '../../wire/grammar/token-reader.ts';

/** `numfields field [field …]`, of which `read` says how it is read. */
function fieldNames(read: (reader: TokenReader) => Many): Piece<Many> {
  return {
    read,
    write: (value, out) => {
      const names = manyOf(value);
      out.push(String(names.length));
      for (const name of names) out.push(name);
    },
    sample: (sampler, out) => {
      const count = 1 + sampler.below(3);
      out.push(sampler.below(20) === 0 ? sampler.integer() : String(count));
      for (let at = 0; at < count; at++) out.push(sampler.value());
    },
    docs: [
      { name: 'numfields', type: 'integer' },
      { name: 'field', type: 'string', flags: ['multiple'] },
    ],
    minTokens: 2,
    isVariable: true,
  };
}

/** `FIELDS numfields field [field …]` at its place, with nothing behind it. */
export function fixedFields(): Piece<Many> {
  const names = fieldNames((reader) => {
    const count = parseInteger(reader.next());
    if (count === undefined || count < 1) throw errors.numFieldsNotPositive();
    if (count !== reader.remaining) throw errors.numFieldsMismatch();
    return take(reader, reader.remaining);
  });
  const option = valued('FIELDS', names);
  return {
    ...names,
    read: (reader) => {
      if (!isKeyword(reader.next(), 'FIELDS')) throw errors.fieldsMisplaced();
      return names.read(reader);
    },
    write: (value, out) => option.write(value, out),
    sample: (sampler, out) => option.sample(sampler, out),
    docs: [{ ...option.docs, name: 'fields' }],
    minTokens: 1 + names.minTokens,
  };
}

/** `numfields field [field …]` behind a FIELDS that may stand anywhere, as HEXPIRE reads it. */
export const expiringFields: Piece<Many> = fieldNames((reader) => {
  if (reader.remaining < 2) throw errors.fieldsWithoutNumber();
  return take(reader, fieldCount(reader, 1, errors.numFieldsTooSmall));
});

/** The same, as HGETEX reads it. */
export const accessedFields: Piece<Many> = fieldNames((reader) => {
  if (reader.remaining === 0) throw errors.wrongArity(reader.commandName);
  return take(reader, fieldCount(reader, 1, errors.invalidNumberOfFields));
});

/** `numfields field value [field value …]`, as HSETEX reads it. */
export const assignedFields: Piece<Pairs> = {
  ...pairs(string('field'), string('value')),
  read: (reader) => {
    if (reader.remaining === 0) throw errors.wrongArity(reader.commandName);
    const count = fieldCount(reader, 2, errors.invalidNumberOfFields);
    return Array.from({ length: count }, () => [reader.next(), reader.next()] as const);
  },
  write: (value, out) => {
    const given = [...pairsOf(value)];
    out.push(String(given.length));
    for (const [field, text] of given) out.push(field, text);
  },
  sample: (sampler, out) => {
    const count = 1 + sampler.below(3);
    out.push(sampler.below(20) === 0 ? sampler.integer() : String(count));
    for (let at = 0; at < count; at++) out.push(sampler.value(), sampler.value());
  },
  docs: [
    { name: 'numfields', type: 'integer' },
    {
      name: 'data',
      type: 'block',
      flags: ['multiple'],
      arguments: [
        { name: 'field', type: 'string' },
        { name: 'value', type: 'string' },
      ],
    },
  ],
  minTokens: 3,
};

const GREATEST_FIELD_COUNT = 2 ** 31 - 1;

function fieldCount(reader: TokenReader, tokensPerField: number, error: () => ReplyError): number {
  const count = parseInteger(reader.next());
  if (count === undefined || count < 1 || count > GREATEST_FIELD_COUNT) throw error();
  if (Number(count) * tokensPerField > reader.remaining) throw errors.wrongArityUnnamed();
  return Number(count);
}

function take(reader: TokenReader, count: number): ByteString[] {
  return Array.from({ length: count }, () => reader.next());
}

/**
 * Two arguments whose tokens may be mixed: FIELDS with what belongs to it, and options, in any order. They are read, and
 * written, together: the first piece reads for both, the second one writes for both, options first as all versions
 * of Redis take them.
 */
export function fieldsAmidOptions<F, T extends object>(
  fields: Piece<F>,
  all: OptionsOf<T>,
  rules: OptionRules<T> = {},
): [fields: Piece<F>, options: Piece<T | undefined>] {
  type Both = T & { fields: F };
  const fieldsOption = valued('FIELDS', fields);
  const refused = rules.isRepetitionRefused ?? [];
  const others = Object.keys(all) as (keyof T)[];
  const both = options<Both>({ ...all, fields: fieldsOption } as unknown as OptionsOf<Both>, {
    exclusive: rules.exclusive ?? [],
    isRepetitionRefused: [
      ...(typeof refused === 'boolean' ? (refused ? others : []) : refused),
      'fields' as const,
    ],
    conflict: (name) =>
      name === 'fields' ? errors.repeatedFields() : (rules.conflict?.(name as keyof T) ?? errors.syntax()),
    unknown: (token) => errors.unknownArgument(token),
  });
  const rest = options<T>(all, rules);
  // Between the first piece's turn and the second's, which follows at once.
  let readOptions: T | undefined;
  let writtenFields: F;
  let sampledFields: ByteString[] = [];
  return [
    {
      ...fields,
      read: (reader) => {
        const { fields: given, ...givenOptions } = both.read(reader) ?? ({} as Partial<Both>);
        if (given === undefined) throw errors.missingFields();
        readOptions = givenOptions as unknown as T;
        return given;
      },
      write: (value) => {
        writtenFields = value;
      },
      sample: (sampler) => {
        sampledFields = [];
        fieldsOption.sample(sampler, sampledFields);
      },
      docs: [{ ...fieldsOption.docs, name: 'fields' }],
      minTokens: 1 + fields.minTokens,
    },
    {
      ...rest,
      read: () => readOptions,
      write: (value, out: Bytes[]) => {
        rest.write(value, out);
        fieldsOption.write(writtenFields, out);
      },
      sample: (sampler, out) => {
        if (sampler.below(2) === 0) {
          out.push(...sampledFields);
          rest.sample(sampler, out);
        } else {
          rest.sample(sampler, out);
          out.push(...sampledFields);
        }
      },
    },
  ];
}
