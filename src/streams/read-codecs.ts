import type { ByteString } from '../bytes/byte-string.ts';
import type { Raw } from '../keyspace/operations.ts';
import type { Codec } from '../wire/codec.ts';
import type { Reply } from '../wire/resp/reply.ts';
import type { ReplySink } from '../wire/resp/reply-sink.ts';
import type { AnyReadEntry, StreamRead } from './read-options.ts';
import { readEntry, writeFields } from './stream-codecs.ts';
import { ClaimedEntry } from './stream-entry.ts';

/** What was read of each stream: pairs of key and entries in RESP2, a map in RESP3; the nil array for nothing. */
export const streamsRead: Codec<readonly StreamRead<ByteString, AnyReadEntry<Raw>>[] | null> = {
  write: (streams, sink) => {
    if (streams === null) return sink.nilArray();
    const isMap = sink.protocol === 3;
    if (isMap) sink.map(streams.length);
    else sink.array(streams.length);
    for (const { key, entries } of streams) {
      if (!isMap) sink.array(2);
      sink.bulk(key);
      sink.array(entries.length);
      for (const entry of entries) writeReadEntry(entry, sink);
    }
  },
  read: (reply) => {
    if (reply === null) return null;
    const streams = [...(reply as Iterable<readonly [Reply, Reply]>)];
    return streams.map(([key, entries]) => ({ key, entries: (entries as Reply[]).map(readReadEntry) }));
  },
};

/** `[id, [field, value, …]]`; nil instead of the fields of one that is gone; idle time and count of one that was claimed. */
function writeReadEntry(entry: AnyReadEntry<Raw>, sink: ReplySink): void {
  const isClaimed = entry instanceof ClaimedEntry;
  sink.array(isClaimed ? 4 : 2);
  sink.bulk(entry.id);
  if (entry.fields === null) sink.nilArray();
  else writeFields(entry.fields, sink);
  if (!isClaimed) return;
  sink.integer(entry.idleMs);
  sink.integer(entry.deliveryCount);
}

function readReadEntry(reply: Reply): unknown {
  const [, , idleMs, deliveryCount] = reply as [Reply, Reply, Reply?, Reply?];
  return idleMs === undefined ? readEntry(reply) : Object.assign(readEntry(reply), { idleMs, deliveryCount });
}
