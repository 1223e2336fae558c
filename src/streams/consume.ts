import { type Bytes, toByteString } from '../bytes/byte-string.ts';
import { ReplyError } from '../errors.ts';
import { requireOptions } from '../keyspace/arguments.ts';
import { type CancelSignal, requireSignal } from '../keyspace/cancel-signal.ts';
import type { Output, Text } from '../keyspace/operations.ts';
import { BlockingReads } from './blocking-reads.ts';
import type { StreamGroupOperations } from './group-operations.ts';
import type { PendingOperations } from './pending-operations.ts';
import { requireBlock, requireMinIdle } from './read-arguments.ts';
import type { StreamReadOperations } from './read-operations.ts';
import type { StreamEntry } from './stream-entry.ts';

/** Options of `store.consume`. */
export interface ConsumeOptions {
  /**
   * Whether what this consumer already has pending comes first: what it was at when it last ended. Default `true`. Ids
   * whose entries were deleted meanwhile are acknowledged and passed over.
   */
  pending?: boolean;
  /**
   * Also take over entries that anybody in the group has had pending for so many milliseconds, and those that were released
   * (`xnack`). It has to be longer than the work on an entry ever takes, or two will be at it. Default: none.
   */
  claimIdleMs?: number;
  /** End when nothing has come for so many milliseconds; 0, the default, is never. */
  block?: number;
  /** An `AbortSignal` that ends the loop, without an error. The entry that is being worked on is not affected. */
  signal?: CancelSignal;
  /** Whether the process is kept running while the loop waits. Default: no, where the host knows of such a thing. */
  keepAlive?: boolean;
  /** Make the group, reading from the beginning, and the stream, if they are not there. Default `false`. */
  create?: boolean;
  /** New entries do not become pending: each is given out at most once, whatever becomes of it. Default `false`. */
  noack?: boolean;
}

/** The commands that a consumer lives on. */
export interface ConsumedOperations<O extends Output>
  extends StreamReadOperations<O>,
    PendingOperations<O>,
    StreamGroupOperations<O> {}

/** An entry that a consumer is to deal with: see `store.consume`. */
export class ConsumedEntry<O extends Output = Text> {
  /** Such as `1526919030474-55`. */
  readonly id: string;
  /** As those of any {@link StreamEntry}: of a field name that repeats, the last value; {@link ConsumedEntry.pairs} has all. */
  readonly fields: O['record'];
  /** How often it was given to somebody, this time included: one that fails again and again can be put aside. */
  readonly deliveryCount: number | bigint;
  readonly #entry: StreamEntry<O>;
  readonly #acknowledge: (id: string) => boolean;

  /** @internal */
  constructor(entry: StreamEntry<O>, deliveryCount: number | bigint, acknowledge: (id: string) => boolean) {
    this.id = entry.id;
    this.fields = entry.fields;
    this.deliveryCount = deliveryCount;
    this.#entry = entry;
    this.#acknowledge = acknowledge;
  }

  /** All fields with their values, in their order: Redis allows a field name to repeat. O(fields), made anew each time. */
  get pairs(): [field: O['string'], value: O['string']][] {
    return this.#entry.pairs;
  }

  /**
   * Acknowledges it now, instead of when the next one is asked for. O(log pending).
   *
   * @returns whether it was pending still
   */
  ack(): boolean {
    return this.#acknowledge(this.id);
  }
}

const KNOWN = new Set([
  'pending',
  'claimIdleMs',
  'block',
  'signal',
  'keepAlive',
  'create',
  'noack',
] satisfies (keyof ConsumeOptions)[]);

/** The entries for a consumer of a group, one by one: what `store.consume` answers. */
export function consume<O extends Output>(
  view: ConsumedOperations<O>,
  stream: Bytes,
  group: Bytes,
  consumer: Bytes,
  options: ConsumeOptions = {},
): AsyncGenerator<ConsumedEntry<O>, void, undefined> {
  requireOptions(options, KNOWN);
  requireSignal(options.signal);
  const { claimIdleMs, block } = options;
  if (claimIdleMs !== undefined) requireMinIdle(claimIdleMs);
  if (block !== undefined) requireBlock(block, view.keyspace);
  return entriesFor(view, copyOf(stream), copyOf(group), copyOf(consumer), options);
}

async function* entriesFor<O extends Output>(
  view: ConsumedOperations<O>,
  stream: Bytes,
  group: Bytes,
  consumer: Bytes,
  options: ConsumeOptions,
): AsyncGenerator<ConsumedEntry<O>, void, undefined> {
  const { pending = true, create = false, signal } = options;
  if (create) createGroup(view, stream, group);
  const acknowledge = (id: string): boolean => view.xack(stream, group, id) === 1;
  if (pending) {
    for (let after = '0'; !isAborted(signal); ) {
      const [read] = view.xreadgroupPending(group, consumer, [[stream, after]], { count: 1 });
      const entry = read?.entries[0];
      if (entry === undefined) break;
      after = entry.id;
      if (entry.fields !== null) {
        const [details] = view.xpendingRange(stream, group, entry.id, entry.id, 1);
        yield new ConsumedEntry<O>(entry as StreamEntry<O>, details!.deliveryCount, acknowledge);
      }
      // Whoever leaves the loop, by a throw or otherwise, never asks for the next entry: then this is not reached.
      acknowledge(entry.id);
    }
  }
  const reads = new BlockingReads<O>(view.keyspace, view);
  while (!isAborted(signal)) {
    const found = await nextEntry(reads, stream, group, consumer, options);
    if (found === undefined) return;
    yield new ConsumedEntry<O>(found.entry, found.deliveryCount, acknowledge);
    acknowledge(found.entry.id);
  }
}

/** The next entry to be had, one that lay idle or a new one; `undefined` if the time is over or the signal came. */
async function nextEntry<O extends Output>(
  reads: BlockingReads<O>,
  stream: Bytes,
  group: Bytes,
  consumer: Bytes,
  options: ConsumeOptions,
): Promise<{ entry: StreamEntry<O>; deliveryCount: number | bigint } | undefined> {
  const { claimIdleMs, block = 0, signal, keepAlive = false, noack = false } = options;
  const waiting = { count: 1, block, keepAlive, noack, ...(signal === undefined ? {} : { signal }) };
  try {
    if (claimIdleMs === undefined) {
      const read = await reads.xreadgroup(group, consumer, stream, waiting);
      return read === null ? undefined : { entry: read[0]!.entries[0]!, deliveryCount: 1 };
    }
    const read = await reads.xreadgroupClaim(group, consumer, stream, claimIdleMs, waiting);
    if (read === null) return undefined;
    const entry = read[0]!.entries[0]!;
    const before = entry.deliveryCount;
    return { entry, deliveryCount: typeof before === 'number' ? before + 1 : before };
  } catch (error) {
    if (isAborted(signal) && error === signal?.reason) return undefined;
    throw error;
  }
}

/** A look of its own each time: it changes while others run. */
function isAborted(signal: CancelSignal | undefined): boolean {
  return signal?.aborted === true;
}

function createGroup<O extends Output>(view: ConsumedOperations<O>, stream: Bytes, group: Bytes): void {
  try {
    view.xgroupCreate(stream, group, '0', { mkstream: true });
  } catch (error) {
    if (!(error instanceof ReplyError) || error.code !== 'BUSYGROUP') throw error;
  }
}

/** What these bytes are now, whatever their owner does to them meanwhile. @throws TypeError if they are none */
function copyOf(bytes: Bytes): Bytes {
  toByteString(bytes);
  return typeof bytes === 'string' ? bytes : bytes.slice();
}
