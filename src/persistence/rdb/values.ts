import { Entry, type Stored, type ValueKind } from '../../keyspace/entry.ts';
import { storedString } from '../../structures/strings/string-value.ts';
import { ARRAY_FORM } from './array-form.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { CorruptValue } from './corrupt-value.ts';
import { HASH_FORM } from './hash-form.ts';
import { LIST_FORM } from './list-form.ts';
import { SET_FORM } from './set-form.ts';
import { SORTED_SET_FORM } from './sorted-set-form.ts';
import { STREAM_FORM } from './stream-form.ts';
import { STRING_FORM } from './string-form.ts';
import type { ReadContext, ValueForm, ValueReader, WriteOptions } from './value-form.ts';
import { VECTOR_SET_FORM } from './vector-set-form.ts';

/** Every kind of value that can be written. */
const FORMS: readonly ValueForm<unknown>[] = [
  STRING_FORM as ValueForm<unknown>,
  LIST_FORM as ValueForm<unknown>,
  SET_FORM as ValueForm<unknown>,
  SORTED_SET_FORM as ValueForm<unknown>,
  HASH_FORM as ValueForm<unknown>,
  STREAM_FORM as ValueForm<unknown>,
  ARRAY_FORM as ValueForm<unknown>,
  VECTOR_SET_FORM as ValueForm<unknown>,
];

const FORM_OF_KIND = new Map<ValueKind<unknown>, ValueForm<unknown>>();
const READER_OF_TYPE: { kind: ValueKind<unknown>; read: ValueReader<unknown> }[] = [];
for (const form of FORMS) {
  FORM_OF_KIND.set(form.kind, form);
  for (const [type, read] of Object.entries(form.readers)) {
    READER_OF_TYPE[Number(type)] = { kind: form.kind, read };
  }
}

/**
 * Writes what a key holds: the type byte and the value, in the oldest form that says all of it. O(n).
 *
 * @returns the version of RDB that knows this form: a reader of an older one must be told
 */
export function writeValue(writer: ByteWriter, stored: Stored, options: WriteOptions): number {
  if (typeof stored === 'string') return STRING_FORM.write(writer, stored, options);
  const form = FORM_OF_KIND.get(stored.kind);
  if (form === undefined) throw new TypeError(`a ${stored.kind.type} cannot be written`);
  return form.write(writer, stored.value, options);
}

/**
 * Reads a type byte and a value: what a key is to hold. It is in the encoding that Redis would give it by its limits. Fields
 * of a hash may have expired already. O(n); the memory it takes is in proportion to the bytes that are there.
 *
 * @throws CorruptValue if it is none
 */
export function readValue(reader: ByteReader, context: ReadContext): Stored {
  return readValueOfType(reader.readByte(), reader, context);
}

/** The same for a value whose type byte has been read. @throws CorruptValue if it is none */
export function readValueOfType(type: number, reader: ByteReader, context: ReadContext): Stored {
  const known = READER_OF_TYPE[type];
  if (known === undefined) throw new CorruptValue(`a value of the unknown type ${type}`);
  const value = known.read(reader, context);
  return typeof value === 'string' ? storedString(value) : new Entry(known.kind, value);
}
