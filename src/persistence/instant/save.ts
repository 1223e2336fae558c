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
  /** One key with all it holds, as it is now: see `Visit`. */
  key(databaseIndex: number, key: ByteString, stored: Stored, expiresAtMs: number, access: number): void;
  /** After the last key. */
  end(): void;
  /** How many bytes {@link take} would answer. */
  readonly bufferedBytes: number;
  /** All bytes that were made since it was last asked: an array that is the caller's. */
  take(): Uint8Array;
}

/** Where the bytes go, one chunk after the other. */
export type ByteSink = Pick<AppendedFile, 'append'>;

export interface SaveOptions {
  /** Told after each slice how many keys are written, of how many. */
  readonly onProgress?: ((keyCount: number, keyTotal: number) => void) | undefined;
  /** Ends it before all is written. */
  readonly signal?: CancelSignal | undefined;
}

/**
 * Writes down what all databases hold at the moment when it is made, whatever happens meanwhile: in slices of a millisecond or
 * two, between which the host's event loop turns, and in chunks, of which one is appended while the next is made.
 *
 * A value is written in one go, however large it is. O(all), and while it runs, O(n of the value) more for the first change
 * of each key.
 */
export class Save {
  readonly #walk: InstantWalk;
  readonly #writer: KeyWriter;
  readonly #options: SaveOptions;
  /** The chunk that is being written. */
  #appending: Promise<void> = Promise.resolve();

  /**
   * This is the moment. {@link writeTo} or {@link cancel} must follow, as every change costs more until then.
   *
   * @param writer has written by now what comes before the keys
   * @throws Error inside a transaction, which may be undone
   */
  constructor(keyspace: Keyspace, writer: KeyWriter, options: SaveOptions = {}) {
    const { access: tracker } = keyspace;
    this.#walk = new InstantWalk(keyspace, (databaseIndex, key, stored, expiresAtMs, access) =>
      // What another tracker has noted means nothing to the writer.
      writer.key(databaseIndex, key, stored, expiresAtMs, keyspace.access === tracker ? access : 0),
    );
    this.#writer = writer;
    this.#options = options;
  }

  /** How many keys there are to write. */
  get keyCount(): number {
    return this.#walk.keyCount;
  }

  /**
   * Writes all of it.
   *
   * @param sink is not synced. Part of it may have been written if this rejects; but nothing is being written any more
   * @throws (rejecting) what the writer or the sink has thrown; the signal's reason
   */
  async writeTo(sink: ByteSink): Promise<void> {
    try {
      while (await this.#slice(sink));
      await this.#appending;
    } finally {
      this.cancel();
      await this.#appending.catch(nothing);
    }
  }

  /** Ends it. Before {@link writeTo}, that is; amid that, it is for the signal. */
  cancel(): void {
    this.#walk.cancel();
  }

  /** Whether there is more to do. */
  async #slice(sink: ByteSink): Promise<boolean> {
    await new Promise<void>(afterTurn);
    const { onProgress, signal } = this.#options;
    const walk = this.#walk;
    const writer = this.#writer;
    if (signal?.aborted === true) throw signal.reason;
    const isMore = walk.step(sliceOf(writer));
    onProgress?.(walk.visitedCount, walk.keyCount);
    if (!isMore) writer.end();
    if (!isMore || writer.bufferedBytes >= CHUNK_BYTES) await this.#append(sink);
    return isMore;
  }

  /** Waits for what is being written only; what comes next is made while this is written. */
  async #append(sink: ByteSink): Promise<void> {
    await this.#appending;
    this.#appending = sink.append(this.#writer.take());
    // It is looked at before the next chunk, and that may be after it has failed.
    this.#appending.catch(nothing);
  }
}

/** What is worth an append: large enough to be fast, small enough to be summed within a fraction of a millisecond. */
const CHUNK_BYTES = 2 ** 18;
const nothing = (): void => {};
