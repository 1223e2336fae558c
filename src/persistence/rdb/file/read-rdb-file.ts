import type { StoredFile } from '../../storage/storage.ts';
import type { ReadContext } from '../value-form.ts';
import { RdbReader } from './rdb-reader.ts';
import type { RdbTarget } from './rdb-target.ts';

/** How a file is read. */
export interface ReadRdbFileOptions {
  /** Whether the checksum is looked at (`rdbchecksum`). Default: true. */
  readonly checksChecksum?: boolean;
  /** Whether something else may come behind it: commands, in an append-only file of Redis 4 to 6. Default: false. */
  readonly mayBeFollowed?: boolean;
  /** Told after each chunk up to where the file has been read, and how many keys there were. */
  readonly onProgress?: (readBytes: number, keys: number) => void;
  /** Resolves when the host's event loop has turned: asked every few milliseconds. */
  readonly turn: () => Promise<void>;
}

/**
 * Reads an RDB file from the beginning and tells the target what is in it, a few milliseconds at a time; one value may take
 * longer. O(bytes); holds a chunk or two, or the largest value.
 *
 * @returns the reader, which says what it has found
 * @throws RdbError if it is not whole and good; what was told until then was told
 */
export async function readRdbFile(
  file: StoredFile,
  target: RdbTarget,
  context: ReadContext,
  options: ReadRdbFileOptions,
): Promise<RdbReader> {
  const { checksChecksum = true, mayBeFollowed = false, onProgress, turn } = options;
  const { sizeBytes } = file;
  const reader = new RdbReader(target, context, { checksChecksum, totalBytes: sizeBytes });
  let fed = 0;
  while (fed < sizeBytes && !reader.isOver) {
    // No more than there is in the file, whatever a length in it says.
    const length = Math.min(sizeBytes - fed, Math.max(CHUNK_BYTES, reader.missingBytes));
    const chunk = await file.read(fed, length);
    if (chunk.length === 0) break;
    fed += chunk.length;
    reader.feed(chunk);
    let sliceEndMs = performance.now() + SLICE_MS;
    while (reader.step(RECORDS_PER_LOOK, BYTES_PER_LOOK)) {
      if (performance.now() < sliceEndMs) continue;
      await turn();
      sliceEndMs = performance.now() + SLICE_MS;
    }
    onProgress?.(reader.position, reader.keyCount);
  }
  reader.end();
  if (!mayBeFollowed) reader.requireWhole(sizeBytes);
  return reader;
}

const CHUNK_BYTES = 2 ** 20;
const SLICE_MS = 2;
/** So many small records, or so many bytes of large ones, take a fraction of a millisecond. */
const RECORDS_PER_LOOK = 64;
const BYTES_PER_LOOK = 2 ** 14;
