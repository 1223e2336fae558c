import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Integer } from '../../numbers/integer.ts';
import { floatBytes, floatsOf } from '../../structures/vector-sets/float-bytes.ts';
import { Projection } from '../../structures/vector-sets/projection.ts';
import { type Quantisation, rawByteLength } from '../../structures/vector-sets/quantisation.ts';
import { type NodeParts, VectorGraph } from '../../structures/vector-sets/vector-graph.ts';
import { VectorSet } from '../../structures/vector-sets/vector-set.ts';
import { VECTOR_SET } from '../../structures/vector-sets/vector-set-value.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { CorruptValue, demand } from './corrupt-value.ts';
import { readLength, readLengthExact, writeLength } from './lengths.ts';
import { readRawString, readString, writeRawString, writeString } from './strings.ts';
import { RDB_VERSION_8_0, type ReadContext, type ValueForm, type WriteOptions } from './value-form.ts';

/**
 * Vector sets, which are values of a module in Redis: the type byte says no more than that, then comes which module,
 * and each field is led by a byte that tells what it is: 2 an unsigned integer, as a length; 5 a string; 0 the end.
 *
 *     7   module │ dimension, elements, quantisation + 256 M, flags │ input dimension, matrix │ element │ … │ element │ 0
 *
 * where the second part is there if flag 1 is set, and an element, the newest first, is
 *
 *     name │ attributes, if flag 2 is set │ vector │ how many numbers │ id │ level + 2^24 version
 *          │ for each level from 0: links, room for links, id … id, the worst link (from version 1 on)
 *          │ the bits of the norm + 2^32 those of the range
 */
export const VECTOR_SET_FORM: ValueForm<VectorSet> = {
  kind: VECTOR_SET,
  write: writeVectorSet,
  readers: { 7: readVectorSet },
};

const TYPE_MODULE = 7;
/** The module's name, nine characters of 6 bits, and in 10 bits the version of its format, 0. */
export const MODULE_ID = 0xbde72da2bb1eb400n;

const END = 0;
const UNSIGNED = 2;
const STRING = 5;

const PROJECTED = 1;
const ATTRIBUTED = 2;

const QUANTISATIONS: readonly Quantisation[] = ['f32', 'int8', 'bin'];
/** What is not said, before M could be chosen. */
const FORMER_M = 16;
const MOST_LINKS = 4096;
const MOST_COMPONENTS = 2 ** 16;
const MOST_LEVEL = 16;
const VERSION_SHIFT = 24;
/** From this version on the worst link is told of each level. */
const VERSION_WITH_WORST = 1;
/** An element has a name, a vector, and at least five numbers, each of which has a byte before it. */
const LEAST_BYTES = 16;
const LONGEST_STRING_BYTES = 2 ** 29;

function writeVectorSet(writer: ByteWriter, set: VectorSet, options: WriteOptions): number {
  const { graph, projection } = set;
  const hasAttributes = set.attributesCount > 0;
  writer.writeByte(TYPE_MODULE);
  writeLength(writer, MODULE_ID);
  writeUnsigned(writer, graph.dimension);
  writeUnsigned(writer, graph.size);
  writeUnsigned(writer, QUANTISATIONS.indexOf(graph.quantisation) + graph.maxLinks * 256);
  writeUnsigned(writer, (projection === undefined ? 0 : PROJECTED) + (hasAttributes ? ATTRIBUTED : 0));
  if (projection !== undefined) {
    const { inputDimension, outputDimension } = projection;
    if (inputDimension * outputDimension * 4 > LONGEST_STRING_BYTES) throw errors.stringTooLong();
    writeUnsigned(writer, inputDimension);
    writeBytes(writer, floatBytes(projection.matrix()), options);
  }
  for (const node of [...graph.nodes()].sort((one, other) => other.id - one.id)) {
    writeText(writer, node.name, options);
    if (hasAttributes) writeText(writer, node.attributes ?? '', options);
    writeNode(writer, graph.partsOf(node), graph.maxLinks, options);
  }
  writer.writeByte(END);
  return RDB_VERSION_8_0;
}

/** In the version without worst links, which all servers read: they find out themselves. */
function writeNode(
  writer: ByteWriter,
  { id, raw, links }: NodeParts,
  maxLinks: number,
  options: WriteOptions,
): void {
  writeBytes(writer, raw.bytes, options);
  writeUnsigned(
    writer,
    links.reduce((sum, ids) => sum + 2 + ids.length, 3),
  );
  writeUnsigned(writer, id);
  writeUnsigned(writer, links.length - 1);
  for (const [level, ids] of links.entries()) {
    writeUnsigned(writer, ids.length);
    writeUnsigned(writer, level === 0 ? 2 * maxLinks : maxLinks);
    for (const other of ids) writeUnsigned(writer, other);
  }
  writeUnsigned(writer, (BigInt(toBits(raw.range ?? 0)) << 32n) | BigInt(toBits(raw.norm)));
}

function writeUnsigned(writer: ByteWriter, value: number | bigint): void {
  writer.writeByte(UNSIGNED);
  writeLength(writer, value);
}

function writeText(writer: ByteWriter, value: ByteString, options: WriteOptions): void {
  writer.writeByte(STRING);
  writeString(writer, value, options);
}

function writeBytes(writer: ByteWriter, value: Uint8Array, options: WriteOptions): void {
  writer.writeByte(STRING);
  writeRawString(writer, value, options);
}

function readVectorSet(reader: ByteReader, { random, vectorSets }: ReadContext): VectorSet {
  demand(BigInt(readLengthExact(reader)) === MODULE_ID, 'a value of another module');
  const dimension = readUnsigned(reader);
  const count = readUnsigned(reader);
  const kind = readUnsigned(reader);
  const flags = readUnsigned(reader);
  const quantisation = QUANTISATIONS[kind & 0xff];
  const maxLinks = Math.floor(kind / 256) || FORMER_M;
  if (quantisation === undefined) throw new CorruptValue('an unknown quantisation');
  demand(dimension >= 1 && dimension <= MOST_COMPONENTS, 'a dimension that cannot be');
  demand(maxLinks <= MOST_LINKS, 'more links than can be');
  demand(flags <= PROJECTED + ATTRIBUTED, 'an unknown flag');
  const projection = (flags & PROJECTED) === 0 ? undefined : readProjection(reader, dimension);
  demand(count > 0, 'no elements');
  reader.requireRemaining(count * LEAST_BYTES, 'more elements than bytes');
  const hasAttributes = (flags & ATTRIBUTED) !== 0;
  const parts: NodeParts[] = [];
  for (let left = count; left > 0; left--) {
    parts.push(readNode(reader, hasAttributes, quantisation, rawByteLength(dimension, quantisation)));
  }
  demand(readLength(reader) === END, 'a value that does not end');
  // In the order in which they were added: of those that are alike the oldest is found first, and is where searches begin.
  parts.sort((one, other) => one.id - other.id);
  return sound(() => {
    const graph = VectorGraph.fromParts({ dimension, quantisation, maxLinks, random }, parts);
    return VectorSet.of(graph, projection, vectorSets);
  });
}

function readProjection(reader: ByteReader, dimension: number): Projection {
  const inputDimension = readUnsigned(reader);
  demand(
    inputDimension >= dimension && inputDimension <= MOST_COMPONENTS,
    'an input dimension that cannot be',
  );
  const bytes = readBytes(reader);
  demand(bytes.length === inputDimension * dimension * 4, 'a matrix of another size');
  return sound(() => Projection.fromMatrix(inputDimension, dimension, floatsOf(bytes)!));
}

function readNode(
  reader: ByteReader,
  hasAttributes: boolean,
  quantisation: Quantisation,
  byteLength: number,
): NodeParts {
  const name = readText(reader);
  const attributes = (hasAttributes && readText(reader)) || undefined;
  const bytes = readBytes(reader);
  demand(bytes.length === byteLength, 'a vector of another dimension');
  const numbers = readUnsigned(reader);
  const id = readUnsigned(reader);
  const about = readUnsigned(reader);
  const level = about & 0xff;
  const version = about >>> VERSION_SHIFT;
  demand(about < 2 ** 32 && version <= VERSION_WITH_WORST, 'an element of an unknown version');
  demand(level <= MOST_LEVEL, 'a level that cannot be');
  const links: number[][] = [];
  // Of the numbers that are told: id, level, bits, and what each level has beside its links.
  let known = 3 + (level + 1) * (version < VERSION_WITH_WORST ? 2 : 3);
  for (let at = 0; at <= level; at++) {
    const count = readUnsigned(reader);
    demand(count <= readUnsigned(reader), 'more links than there is room for');
    reader.requireRemaining(count * 2, 'more links than bytes');
    const ids: number[] = [];
    for (let left = count; left > 0; left--) ids.push(readUnsigned(reader));
    if (version >= VERSION_WITH_WORST) readUnsignedExact(reader);
    links.push(ids);
    known += count;
  }
  demand(numbers === known, 'another number of numbers');
  const both = BigInt(readUnsignedExact(reader));
  const norm = fromBits(Number(both & 0xffffffffn));
  const range = quantisation === 'int8' ? fromBits(Number(both >> 32n)) : undefined;
  return { name, id, attributes, raw: { bytes, norm, range }, links };
}

/** What comes of parts that contradict each other is not a mistake of ours. */
function sound<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) throw new CorruptValue(error.message);
    throw error;
  }
}

/** As far as it can be a number of anything. */
function readUnsigned(reader: ByteReader): number {
  demand(readLength(reader) === UNSIGNED, 'not an integer');
  return readLength(reader);
}

function readUnsignedExact(reader: ByteReader): Integer {
  demand(readLength(reader) === UNSIGNED, 'not an integer');
  return readLengthExact(reader);
}

function readText(reader: ByteReader): ByteString {
  demand(readLength(reader) === STRING, 'not a string');
  return readString(reader);
}

function readBytes(reader: ByteReader): Uint8Array {
  demand(readLength(reader) === STRING, 'not a string');
  return readRawString(reader);
}

const conversion = new DataView(new ArrayBuffer(4));

function toBits(float: number): number {
  conversion.setFloat32(0, float);
  return conversion.getUint32(0);
}

function fromBits(bits: number): number {
  conversion.setUint32(0, bits);
  return conversion.getFloat32(0);
}
