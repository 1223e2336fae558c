import type { ByteString } from '../bytes/byte-string.ts';
import { Operations, type Output, type Text } from '../keyspace/operations.ts';
import type { LogEntry } from './log-entry.ts';
import { type OutputOf, StreamEntry } from './stream-entry.ts';
import { formatId } from './stream-id.ts';

/** What all operations on streams have in common: how an entry leaves a view of the store. */
export abstract class StreamView<O extends Output = Text> extends Operations<O> {
  /** How this view answers a byte string, for whoever answers several. */
  protected get outputOfView(): OutputOf<O> {
    return (value: ByteString) => this.output(value);
  }

  /** An entry as this view answers it. */
  protected outputEntry(entry: LogEntry, output: OutputOf<O>): StreamEntry<O> {
    return new StreamEntry<O>(formatId(entry), this.outputFields(entry), entry, output);
  }

  /** The fields of an entry as this view answers them. */
  protected outputFields({ fields, values }: LogEntry): O['record'] {
    const record = this.startRecord();
    for (let at = 0; at < fields.length; at++) this.addToRecord(record, fields[at]!, values[at]!);
    return record;
  }
}
