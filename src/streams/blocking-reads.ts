import type { Outcome } from '../blocking/blocked.ts';
import { WaitingCalls } from '../blocking/waiting-calls.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import { type Many, manyOf, type Pairs } from '../bytes/many.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import type { Output, Text } from '../keyspace/operations.ts';
import type { StreamReadOperations } from './read-operations.ts';
import type {
  BlockingXreadgroupOptions,
  BlockingXreadOptions,
  ClaimedStreamEntries,
  StreamEntries,
} from './read-options.ts';
import { StreamReads } from './stream-reads.ts';

const READING = new Set(['block', 'signal', 'keepAlive', 'count', 'maxcount', 'maxsize']);
const READING_FOR_GROUP = new Set([...READING, 'noack']);

/** The calls that wait for entries of streams: a part of `store.blocking`. */
export class BlockingReads<O extends Output = Text> extends WaitingCalls {
  private readonly reads: StreamReads<O>;

  /** @internal */
  constructor(keyspace: Keyspace, view: StreamReadOperations<O>) {
    super(keyspace);
    this.reads = new StreamReads(view);
  }

  /**
   * The entries of one or more streams that come after the id given with each. Waits until there is one. `'$'` is the end
   * of the stream at the time of the call, so that what is added from then on is waited for. Everybody who waits for a
   * stream is given what is added to it; a stream that does not exist yet, or goes meanwhile, is waited for too.
   *
   * O(streams · log n + entries returned). Redis 5.0.0.
   *
   * @returns as `store.xread`; `null` if the time (`block` milliseconds) is over
   * @example
   * const news = await store.blocking.xread({ events: '$' }, { block: 5000 });
   */
  xread(streams: Pairs, options: BlockingXreadOptions = {}): Promise<StreamEntries<O>[] | null> {
    return this.wait(options, READING, () => this.reads.xread(streams, { ...options, ...blockOf(options) }));
  }

  /**
   * Gives a consumer of a group entries that nobody in the group was given before: see `store.xreadgroup`. Waits until
   * there is one. Those who wait in one group are served in the order of their calls.
   *
   * O(streams + entries returned). Redis 5.0.0.
   *
   * @returns as `store.xreadgroup`; `null` if the time (`block` milliseconds) is over. Rejects with NOGROUP if the group
   * or its stream goes meanwhile, with WRONGTYPE if the key comes to hold something else
   */
  xreadgroup(
    group: Bytes,
    consumer: Bytes,
    keys: Many,
    options: BlockingXreadgroupOptions = {},
  ): Promise<StreamEntries<O>[] | null> {
    return this.waitForGroup(group, consumer, keys, options, undefined) as Promise<StreamEntries<O>[] | null>;
  }

  /**
   * The same, but first come the entries that somebody has had pending for so many milliseconds, and those that were
   * released: see `store.xreadgroupClaim`. Waits until there is a new entry, or a pending one has been idle for so long.
   *
   * O(streams + entries returned · log n). Redis 8.4.0.
   *
   * @returns as `store.xreadgroupClaim`; `null` if the time (`block` milliseconds) is over. Rejects as {@link xreadgroup}
   */
  xreadgroupClaim(
    group: Bytes,
    consumer: Bytes,
    keys: Many,
    minIdleMs: number,
    options: BlockingXreadgroupOptions = {},
  ): Promise<ClaimedStreamEntries<O>[] | null> {
    // For callers without types: who leaves it out is told that it is no integer.
    const claim = minIdleMs ?? Number.NaN;
    return this.waitForGroup(group, consumer, keys, options, claim) as Promise<
      ClaimedStreamEntries<O>[] | null
    >;
  }

  private waitForGroup(
    group: Bytes,
    consumer: Bytes,
    keys: Many,
    options: BlockingXreadgroupOptions,
    claim: number | undefined,
  ): Promise<unknown> {
    return this.wait<unknown>(options, READING_FOR_GROUP, () => {
      const streams = manyOf(keys).map((key) => [key, '>'] as const);
      return this.reads.xreadgroup(streams, {
        ...options,
        ...blockOf(options),
        group: { group, consumer },
        ...(claim === undefined ? {} : { claim }),
      }) as Outcome<unknown>;
    });
  }
}

/** A typed call waits for ever where the command would not wait at all. */
function blockOf({ block = 0 }: { block?: number }): { block: number } {
  return { block };
}
