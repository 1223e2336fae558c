import type { ByteString } from '../../bytes/byte-string.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { type Codec, double } from '../../wire/codec.ts';
import type { Reply } from '../../wire/resp/reply.ts';
import type { ReplySink } from '../../wire/resp/reply-sink.ts';
import type { ArrayElement, ArrayFullInfo, ArrayInfo } from './array-options.ts';

/** Elements: an array of pairs of index and value, in both protocols. */
export const arrayElements: Codec<readonly ArrayElement<Raw>[]> = {
  write: (elements, sink) => {
    sink.array(elements.length);
    for (const { index, value } of elements) {
      sink.array(2);
      sink.integer(index);
      sink.bulk(value);
    }
  },
  read: (reply) => (reply as [Reply, Reply][]).map(([index, value]) => ({ index, value })),
};

const FIELDS = {
  count: 'count',
  len: 'len',
  nextInsertIndex: 'next-insert-index',
  slices: 'slices',
  directorySize: 'directory-size',
  superDirEntries: 'super-dir-entries',
  sliceSize: 'slice-size',
} satisfies Record<keyof ArrayInfo, string>;

/** Those that only FULL tells; averages are doubles. */
const FULL_FIELDS = {
  denseSlices: 'dense-slices',
  sparseSlices: 'sparse-slices',
  avgDenseSize: 'avg-dense-size',
  avgDenseFill: 'avg-dense-fill',
  avgSparseSize: 'avg-sparse-size',
} satisfies Record<Exclude<keyof ArrayFullInfo, keyof ArrayInfo>, string>;

type Names = Readonly<Record<string, string>>;

function writeFields(names: Names, info: object, sink: ReplySink): void {
  for (const [field, name] of Object.entries(names)) {
    const value = (info as Record<string, number | bigint>)[field]!;
    sink.bulk(name as ByteString);
    if (name.startsWith('avg-')) sink.double(Number(value));
    else sink.integer(value);
  }
}

function readFields(names: Names, reply: Reply): Record<string, unknown> {
  const flat = reply instanceof Map ? [...reply].flat() : (reply as Reply[]);
  const byName = new Map(Object.entries(names).map(([field, name]) => [name, field]));
  const info: Record<string, unknown> = {};
  for (let at = 0; at < flat.length; at += 2) {
    const name = flat[at] as string;
    info[byName.get(name)!] = name.startsWith('avg-') ? double.read(flat[at + 1]!) : flat[at + 1];
  }
  return info;
}

function infoCodec<T extends object>(names: Names): Codec<T> {
  return {
    write: (info, sink) => {
      sink.map(Object.keys(names).length);
      writeFields(names, info, sink);
    },
    read: (reply) => readFields(names, reply),
  };
}

/** What ARINFO tells: a map. */
export const arrayInfo = infoCodec<ArrayInfo<Raw>>(FIELDS);

/** What ARINFO FULL tells. */
export const arrayFullInfo = infoCodec<ArrayFullInfo<Raw>>({ ...FIELDS, ...FULL_FIELDS });
