import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { ByteReader } from '../../persistence/rdb/byte-reader.ts';
import { ByteWriter } from '../../persistence/rdb/byte-writer.ts';
import { CorruptValue } from '../../persistence/rdb/corrupt-value.ts';
import { isSealed, sealPayload } from '../../persistence/rdb/payload.ts';
import { readString, writeString } from '../../persistence/rdb/strings.ts';

/**
 * What FUNCTION DUMP answers: the source of each library, as RDB writes it, and the footer of all dumps.
 *
 *     245, string │ 245, string │ … │ version of RDB 2 │ checksum 8
 */
const FUNCTION_LIBRARY = 245;
/** The version that brought libraries: any Redis that knows them reads it. */
const RDB_VERSION = 10;
const FOOTER_BYTES = 10;

/** O(length). */
export function writeLibraries(codes: Iterable<ByteString>, compress: boolean): Uint8Array {
  const writer = new ByteWriter();
  for (const code of codes) {
    writer.writeByte(FUNCTION_LIBRARY);
    writeString(writer, code, { compress });
  }
  return sealPayload(writer, RDB_VERSION);
}

/**
 * The source of each library, read when it is its turn: what is wrong with one is told before what follows is looked at.
 * O(length).
 *
 * @throws ReplyError if the bytes are damaged, of a newer version, or hold something else
 */
export function* readLibraries(payload: Uint8Array, checksChecksum: boolean): Generator<ByteString> {
  if (!isSealed(payload, checksChecksum)) throw errors.badPayload();
  // As in Redis a string may reach into the footer.
  const reader = new ByteReader(payload);
  while (reader.remaining > FOOTER_BYTES) {
    const type = reader.readByte();
    if (type !== FUNCTION_LIBRARY) throw errors.functionPayloadNotFunctions();
    yield readCode(reader);
  }
}

function readCode(reader: ByteReader): ByteString {
  try {
    return readString(reader);
  } catch (error) {
    if (error instanceof CorruptValue) throw errors.functionPayloadEnded();
    throw error;
  }
}
