import type { ByteString } from '../bytes/byte-string.ts';
import type { Raw } from '../keyspace/operations.ts';
import type { Codec } from '../wire/codec.ts';
import type { Reply } from '../wire/resp/reply.ts';
import type { ReplySink } from '../wire/resp/reply-sink.ts';
import { isNoneAsked, type StreamEntry } from './stream-entry.ts';

type RawEntry = StreamEntry<Raw>;

/** `[id, [field, value, …]]`. */
export const entry: Codec<Pick<RawEntry, 'id' | 'fields'>> = {
  write: writeEntry,
  read: readEntry,
};

export function writeEntry(value: Pick<RawEntry, 'id' | 'fields'>, sink: ReplySink): void {
  sink.array(2);
  sink.bulk(value.id);
  writeFields(value.fields, sink);
}

export function writeFields(flat: readonly ByteString[], sink: ReplySink): void {
  sink.array(flat.length);
  for (const text of flat) sink.bulk(text);
}

/** An entry as a server tells it. */
class EntryTold {
  readonly id: Reply;
  readonly fields: Record<string, unknown>;
  readonly #flat: readonly Reply[];

  constructor(id: Reply, flat: readonly Reply[]) {
    this.id = id;
    this.fields = readFields(flat);
    this.#flat = flat;
  }

  /** As those of {@link StreamEntry}. */
  get pairs(): [Reply, Reply][] {
    const flat = this.#flat;
    return flat.flatMap((field, at): [Reply, Reply][] => (at % 2 === 0 ? [[field, flat[at + 1]!]] : []));
  }
}

export function readEntry(reply: Reply): { id: Reply; fields: unknown } {
  const [id, flat] = reply as [Reply, Reply[] | null];
  return flat === null ? { id, fields: null } : new EntryTold(id, flat);
}

export function readFields(flat: readonly Reply[]): Record<string, unknown> {
  const fields = Object.create(null) as Record<string, unknown>;
  for (let at = 0; at < flat.length; at += 2) fields[flat[at] as string] = flat[at + 1];
  return fields;
}

/** An array of entries; the nil array where none were asked for. */
export const entries: Codec<readonly RawEntry[]> = {
  write: (values, sink) => {
    if (isNoneAsked(values)) return sink.nilArray();
    sink.array(values.length);
    for (const value of values) writeEntry(value, sink);
  },
  read: (reply) => ((reply ?? []) as Reply[]).map(readEntry),
};

/** An entry, or nil. */
export const entryOrNil: Codec<RawEntry | null> = {
  write: (value, sink) => (value === null ? sink.nil() : writeEntry(value, sink)),
  read: (reply) => (reply === null ? null : readEntry(reply)),
};
