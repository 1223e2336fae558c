import type { Stream } from '../../streams/stream.ts';
import { STREAM } from '../../streams/stream-value.ts';
import { readStream } from './read-stream.ts';
import { STREAM_TYPES, type StreamType, typeFor, VERSION_OF_TYPE } from './stream-layout.ts';
import type { ValueForm, ValueReader } from './value-form.ts';
import { writeStream } from './write-stream.ts';

/** Streams: see stream-layout.ts. */
export const STREAM_FORM: ValueForm<Stream> = {
  kind: STREAM,
  write(writer, stream, options) {
    const type = typeFor(stream);
    writer.writeByte(type);
    writeStream(writer, stream, type, options);
    return VERSION_OF_TYPE[type];
  },
  readers: Object.fromEntries(Object.values(STREAM_TYPES).map((type) => [type, readerOf(type)])),
};

function readerOf(type: StreamType): ValueReader<Stream> {
  return (reader, { limits }) => readStream(reader, type, limits);
}
