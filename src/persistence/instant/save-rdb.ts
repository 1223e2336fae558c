import type { ByteString } from '../../bytes/byte-string.ts';
import type { CancelSignal } from '../../keyspace/cancel-signal.ts';
import type { Stored } from '../../keyspace/entry.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import { afterTurn } from '../../ttl/host-turn.ts';
import type { AppendedFile } from '../storage/storage.ts';
import { InstantWalk } from './instant-walk.ts';
import { sliceOf } from './slice.ts';

/** What makes bytes of keys: an `RdbWriter`, or whatever else writes a state down. */
export interface KeyWriter {
  /** How many keys a database has, and how many of them expire. Told before any key, of those that have any. */
  size?(databaseIndex: number, keyCount: number, expiringCount: number): void;
  /** One key with all it holds, as it is now: see `Visit`. */
  key(databaseIndex: number, key: ByteString, stored: Stored, expiresAtMs: number, access: number): void;
  /** After the last key. */
  end(): void;
  /** How many bytes {@link take} would answer. */
  readonly bufferedBytes: number;
  /** All bytes that were made since it was last asked. */
  take(): Uint8Array;
}

export interface SaveOptions {
  /** Told after each slice how many keys are written, of how many. */
  readonly onProgress?: ((keyCount: number, keyTotal: number) => void) | undefined;
  /** Ends it before all is written. */
  readonly signal?: CancelSignal | undefined;
}

/**
 * Writes down what all databases hold at the moment of the call, whatever happens meanwhile: in slices of a millisecond or
 * two, between which the host's event loop turns, and in chunks, of which one is appended while the next is made.
 *
 * A value is written in one go, however large it is. O(all), and while it runs, O(n of the value) more for the first change
 * of each key.
 *
 * @param writer has written by now what comes before the keys
 * @param sink is not synced, and not closed. Part of it may have been written if this rejects
 * @throws Error (at once) inside a transaction, which may be undone
 * @throws (rejecting) what the writer or the sink has thrown; the signal's reason
 */
export function saveRdb(
  keyspace: Keyspace,
  writer: KeyWriter,
  sink: Pick<AppendedFile, 'append'>,
  options: SaveOptions = {},
): Promise<void> {
  const { access: tracker } = keyspace;
  const walk = new InstantWalk(keyspace, (databaseIndex, key, stored, expiresAtMs, access) =>
    // What another tracker has noted means nothing to the writer.
    writer.key(databaseIndex, key, stored, expiresAtMs, keyspace.access === tracker ? access : 0),
  );
  for (const { index, size, expiringCount } of keyspace.databases)
    if (size > 0) writer.size?.(index, size, expiringCount);
  return new Save(walk, writer, sink, options).run();
}

class Save {
  readonly #walk: InstantWalk;
  readonly #writer: KeyWriter;
  readonly #sink: Pick<AppendedFile, 'append'>;
  readonly #options: SaveOptions;
  /** The chunk that is being written. */
  #appending: Promise<void> = Promise.resolve();

  constructor(
    walk: InstantWalk,
    writer: KeyWriter,
    sink: Pick<AppendedFile, 'append'>,
    options: SaveOptions,
  ) {
    this.#walk = walk;
    this.#writer = writer;
    this.#sink = sink;
    this.#options = options;
  }

  async run(): Promise<void> {
    try {
      while (await this.#slice());
      await this.#appending;
    } finally {
      this.#walk.cancel();
      // Whoever closes or removes the file must not do so amid a write.
      await this.#appending.catch(nothing);
    }
  }

  /** Whether there is more to do. */
  async #slice(): Promise<boolean> {
    await new Promise<void>(afterTurn);
    const { onProgress, signal } = this.#options;
    const walk = this.#walk;
    const writer = this.#writer;
    if (signal?.aborted === true) throw signal.reason;
    const isMore = walk.step(sliceOf(writer));
    onProgress?.(walk.visitedCount, walk.keyCount);
    if (!isMore) writer.end();
    if (!isMore || writer.bufferedBytes >= CHUNK_BYTES) await this.#append();
    return isMore;
  }

  /** Waits for what is being written only; what comes next is made while this is written. */
  async #append(): Promise<void> {
    await this.#appending;
    this.#appending = this.#sink.append(this.#writer.take());
    // It is looked at before the next chunk, and that may be after it has failed.
    this.#appending.catch(nothing);
  }
}

/** What is worth an append: large enough to be fast, small enough to be summed and handed over within a fraction of a millisecond. */
const CHUNK_BYTES = 2 ** 18;
const nothing = (): void => {};
