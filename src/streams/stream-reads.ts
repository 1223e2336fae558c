import { Blocked, type Outcome } from '../blocking/blocked.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import type { Pairs } from '../bytes/many.ts';
import { Operations, type Output, type Text } from '../keyspace/operations.ts';
import { requireBlock } from './read-arguments.ts';
import { type Reading, StreamReadOperations } from './read-operations.ts';
import type {
  AnyReadEntry,
  ReadLimits,
  StreamEntries,
  StreamRead,
  XreadgroupOptions,
} from './read-options.ts';
import { STREAM } from './stream-value.ts';

/** What XREAD may say besides the streams. */
export interface ReadRequest extends ReadLimits {
  /** How many milliseconds to wait if nothing is there; 0 for ever, and without it not at all. */
  block?: number;
}

/** What XREADGROUP may say besides the streams. */
export interface GroupReadRequest extends ReadRequest, XreadgroupOptions {
  group: { group: Bytes; consumer: Bytes };
  /** Milliseconds after which what somebody has pending is taken over. */
  claim?: number;
}

/** What XREADGROUP answers, one for each stream. */
export type GroupEntries<O extends Output = Text> = StreamRead<O['string'], AnyReadEntry<O>>;

const NO_REQUEST: ReadRequest = Object.freeze({});

/**
 * XREAD and XREADGROUP up to the point where they would wait: each makes one attempt and answers its result, or, if
 * nothing is there and it was asked to wait, a {@link Blocked}. What then happens is for those to decide who call:
 * sessions, and the typed methods that promise.
 */
export class StreamReads<O extends Output = Text> {
  private readonly view: StreamReadOperations<O>;

  constructor(view: StreamReadOperations<O>) {
    this.view = view;
  }

  xread(streams: Pairs, request: ReadRequest = NO_REQUEST): Outcome<StreamEntries<O>[] | null> {
    const { view } = this;
    const reading = StreamReadOperations.readingOf(view, streams, request);
    return this.attempt(reading, request.block) as Outcome<StreamEntries<O>[] | null>;
  }

  xreadgroup(streams: Pairs, request: GroupReadRequest): Outcome<GroupEntries<O>[] | null> {
    const { group, consumer } = request.group;
    const reading = StreamReadOperations.groupReadingOf(
      this.view,
      group,
      consumer,
      streams,
      request,
      request.claim,
    );
    return this.attempt(reading, request.block);
  }

  private attempt(reading: Reading, block: number | undefined): Outcome<GroupEntries<O>[] | null> {
    const { view } = this;
    const database = Operations.databaseOf(view);
    if (block !== undefined) requireBlock(block, database.keyspace);
    const result = StreamReadOperations.attempt(view, reading);
    if (result !== null || block === undefined) return result;
    const { reader } = reading;
    return new Blocked<GroupEntries<O>[] | null>({
      database,
      keys: reading.keys,
      kind: STREAM,
      timeoutMs: block,
      wakesOn: 'any',
      attempt: (key) => {
        // Without a group it waits for a stream to come; with one, that its stream goes is what it is told.
        if (reader === undefined) {
          const found = database.find(key);
          if (typeof found !== 'object' || found.kind !== STREAM) return null;
        }
        return StreamReadOperations.attempt(view, reading);
      },
      ...(reader?.claimMs === undefined
        ? {}
        : { nextAttemptAtMs: () => StreamReadOperations.nextClaimMs(view, reading) }),
    });
  }
}
