import { type ByteString, byteLength, fromBytes, LONGEST_TEXT, toBytes } from '../../bytes/byte-string.ts';
import { exceedsListpackSize, LIST, ListValue } from '../../structures/lists/list-value.ts';
import type { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { CorruptValue, demand, demandSome } from './corrupt-value.ts';
import { readCount, readLength, writeLength } from './lengths.ts';
import { decodeListpack, freshListpackWriter, type ListpackWriter } from './listpack.ts';
import { readRawString, readString, writeRawString } from './strings.ts';
import { RDB_VERSION_7_0, type ReadContext, type ValueForm, type WriteOptions } from './value-form.ts';
import { decodeZiplist } from './ziplist.ts';

/**
 * Lists:
 *
 *     18   nodes │ container, node │ container, node │ …
 *
 * where the container is 2 and the node a string that is a listpack, or 1 and the node is one element that is larger than a
 * listpack may be. Read are also the older forms: the elements one by one (1), one ziplist (10), and several of them (14).
 *
 * Redis fills a node until one more element might make it larger than `list-max-listpack-size` allows. What nodes a list
 * has there depends on how it grew; those written here are the ones it would have if it had grown at its tail.
 */
export const LIST_FORM: ValueForm<ListValue> = {
  kind: LIST,
  write: writeList,
  readers: {
    1: readElements,
    10: (reader) => quicklist(decodeZiplist(readRawString(reader))),
    14: readZiplists,
    18: readNodes,
  },
};

const TYPE_QUICKLIST_2 = 18;
const PLAIN = 1;
const PACKED = 2;
/** Of all lists, one after the other. */
const nodes = new ByteWriter();
/** What Redis adds to an element's length where it asks whether its entry might still fit. */
const ENTRY_OVERHEAD_BYTES = 8;
const MOST_BYTES_OF_UNIT = 3;

function writeList(writer: ByteWriter, list: ListValue, options: WriteOptions): number {
  const { elements } = list;
  writer.writeByte(TYPE_QUICKLIST_2);
  const node = freshListpackWriter();
  if (list.encoding === 'listpack') {
    elements.forEach(0, elements.size, (value) => node.add(value));
    writeLength(writer, 1);
    writeNode(writer, PACKED, node.end(), options);
    return RDB_VERSION_7_0;
  }
  // How many nodes there are must be written before them.
  nodes.clear();
  let count = 0;
  const endNode = () => {
    if (node.count === 0) return;
    writeNode(nodes, PACKED, node.end(), options);
    count++;
    node.clear();
  };
  const size = options.limits.listMaxListpackSize;
  elements.forEach(0, elements.size, (value) => {
    // Mostly the least look at it tells that it fits.
    const most = MOST_BYTES_OF_UNIT * value.length;
    if (!fitsNode(node, most, size)) {
      const length = byteLength(value);
      if (exceedsListpackSize(size, length, 1)) {
        endNode();
        writeNode(nodes, PLAIN, toBytes(value), options);
        count++;
        return;
      }
      if (node.count > 0 && !fitsNode(node, length, size)) endNode();
    }
    node.add(value);
  });
  endNode();
  writeLength(writer, count);
  writer.writeBytes(nodes.written);
  // Lest the room of the largest list that was ever dumped be held for ever.
  nodes.clear();
  return RDB_VERSION_7_0;
}

/** Whether an element of so many bytes may still be added to the node. */
function fitsNode(node: ListpackWriter, length: number, maxListpackSize: number): boolean {
  const bytes = node.length + length + ENTRY_OVERHEAD_BYTES;
  return !exceedsListpackSize(maxListpackSize, bytes, node.count + 1);
}

function writeNode(writer: ByteWriter, container: number, bytes: Uint8Array, options: WriteOptions): void {
  writeLength(writer, container);
  writeRawString(writer, bytes, options);
}

function readElements(reader: ByteReader, { limits }: ReadContext): ListValue {
  const values: ByteString[] = [];
  for (let left = readCount(reader, 1); left > 0; left--) values.push(readString(reader));
  return ListValue.of(values, fitOneNode(values, limits.listMaxListpackSize) ? 'listpack' : 'quicklist');
}

/** Whether all of them, added one by one to a list, stay in its first node. */
function fitOneNode(values: readonly ByteString[], maxListpackSize: number): boolean {
  const node = freshListpackWriter();
  for (const value of values) {
    const length = byteLength(value);
    if (exceedsListpackSize(maxListpackSize, length, 1)) return false;
    if (node.count > 0 && !fitsNode(node, length, maxListpackSize)) return false;
    node.add(value);
  }
  return !exceedsListpackSize(maxListpackSize, node.length, node.count);
}

function readZiplists(reader: ByteReader, { limits }: ReadContext): ListValue {
  const values: ByteString[] = [];
  let nodes = 0;
  for (let left = readCount(reader, 1); left > 0; left--) {
    const node = decodeZiplist(readRawString(reader));
    if (node.length > 0) nodes++;
    append(values, node);
  }
  demandSome(nodes, 'an empty list');
  return nodes === 1 ? fromOneNode(values, limits.listMaxListpackSize) : quicklist(values);
}

function readNodes(reader: ByteReader, { limits }: ReadContext): ListValue {
  const values: ByteString[] = [];
  let packed = 0;
  let plain = 0;
  for (let left = readCount(reader, 2); left > 0; left--) {
    const container = readLength(reader);
    const bytes = readRawString(reader);
    if (container === PACKED) {
      const node = decodeListpack(bytes);
      if (node.length > 0) packed++;
      append(values, node);
    } else if (container === PLAIN) {
      demand(bytes.length > 0, 'a node without an element');
      demand(bytes.length <= LONGEST_TEXT, 'an element that is too long');
      values.push(fromBytes(bytes));
      plain++;
    } else throw new CorruptValue('a node of an unknown kind');
  }
  demandSome(values.length, 'an empty list');
  return packed === 1 && plain === 0 ? fromOneNode(values, limits.listMaxListpackSize) : quicklist(values);
}

function append(values: ByteString[], more: readonly ByteString[]): void {
  // As arguments of one push they might be too many.
  for (const value of more) values.push(value);
}

/** Redis makes a listpack of what is in one node, if that is not too large. */
function fromOneNode(values: readonly ByteString[], maxListpackSize: number): ListValue {
  return ListValue.fitting(values, maxListpackSize);
}

function quicklist(values: readonly ByteString[]): ListValue {
  demandSome(values.length, 'an empty list');
  return ListValue.of(values, 'quicklist');
}
