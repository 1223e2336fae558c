import type { Output, Text } from '../keyspace/operations.ts';
import type { StreamEntry } from './stream-entry.ts';

/** What `xpending` answers: how much is pending in a group, and with whom. */
export interface PendingSummary<S = string> {
  readonly count: number;
  /** The least pending id, `null` if nothing is pending. */
  readonly minId: string | null;
  /** The greatest pending id, `null` if nothing is pending. */
  readonly maxId: string | null;
  /** Those who have something pending, by name. */
  readonly consumers: { readonly name: S; readonly count: number }[];
}

/** What is known of an entry that is pending in a group. */
export interface PendingDetails<S = string> {
  readonly id: string;
  /** Who has it; empty if it was released (XNACK). */
  readonly consumer: S;
  /** Milliseconds since it was last delivered; -1 if it was released. */
  readonly idleMs: number;
  /** A bigint only beyond 2^53 − 1, as of what was released by `xnack` in the mode `fatal`. */
  readonly deliveryCount: number | bigint;
}

/** What `xautoclaim` answers. */
export interface Autoclaimed<E> {
  /** Where to go on, `'0-0'` if all were looked at. */
  readonly cursor: string;
  readonly entries: E[];
  /** Ids that were pending, but not in the stream any more: they are pending no longer. */
  readonly deletedIds: string[];
}

/** What `xinfoStream` and `xinfoStreamFull` both answer. */
interface StreamFacts {
  readonly length: number;
  /** In how many nodes Redis would keep the entries. */
  readonly radixTreeKeys: number;
  readonly radixTreeNodes: number;
  readonly lastGeneratedId: string;
  readonly maxDeletedEntryId: string;
  readonly entriesAdded: number | bigint;
  readonly recordedFirstEntryId: string;
  /** For how many seconds the names of messages are remembered, and how many of each producer. */
  readonly idmpDuration: number;
  readonly idmpMaxsize: number;
  /** How many producers, and names of messages, are remembered. */
  readonly pidsTracked: number;
  readonly iidsTracked: number;
  /** How many messages were ever added by name, and how many were not because they had been. */
  readonly iidsAdded: number;
  readonly iidsDuplicates: number;
}

/** What `xinfoStream` answers. */
export interface StreamInfo<O extends Output = Text> extends StreamFacts {
  /** How many groups there are. */
  readonly groups: number;
  readonly firstEntry: StreamEntry<O> | null;
  readonly lastEntry: StreamEntry<O> | null;
}

/** What `xinfoStreamFull` answers. */
export interface FullStreamInfo<O extends Output = Text> extends StreamFacts {
  readonly entries: StreamEntry<O>[];
  readonly groups: FullGroupInfo<O['string']>[];
}

/** A group in {@link FullStreamInfo}. */
export interface FullGroupInfo<S = string> {
  readonly name: S;
  readonly lastDeliveredId: string;
  /** How many entries were read, `null` if that is not known. */
  readonly entriesRead: number | bigint | null;
  /** How many entries are still to be delivered, `null` if that is not known. */
  readonly lag: number | bigint | null;
  readonly pelCount: number;
  /** How many of those that are pending were released (XNACK). */
  readonly nackedCount: number;
  readonly pending: {
    readonly id: string;
    readonly consumer: S;
    /** Unix milliseconds. */
    readonly deliveryTime: number;
    readonly deliveryCount: number | bigint;
  }[];
  readonly consumers: FullConsumerInfo<S>[];
}

/** A consumer in {@link FullGroupInfo}. */
export interface FullConsumerInfo<S = string> {
  readonly name: S;
  /** When it last tried to read or claim, in Unix milliseconds. */
  readonly seenTime: number;
  /** When it last got something, in Unix milliseconds; -1: never. */
  readonly activeTime: number;
  readonly pelCount: number;
  readonly pending: {
    readonly id: string;
    /** Unix milliseconds. */
    readonly deliveryTime: number;
    readonly deliveryCount: number | bigint;
  }[];
}

/** A group, as `xinfoGroups` has it. */
export interface GroupInfo<S = string> {
  readonly name: S;
  /** How many consumers it has. */
  readonly consumers: number;
  /** How many entries are pending. */
  readonly pending: number;
  readonly lastDeliveredId: string;
  /** How many entries were read, `null` if that is not known. */
  readonly entriesRead: number | bigint | null;
  /** How many entries are still to be delivered, `null` if that is not known. */
  readonly lag: number | bigint | null;
}

/** A consumer, as `xinfoConsumers` has it. */
export interface ConsumerInfo<S = string> {
  readonly name: S;
  /** How many entries it has pending. */
  readonly pending: number;
  /** Milliseconds since it last tried to read or claim. */
  readonly idle: number;
  /** Milliseconds since it last got something; -1: it never did. */
  readonly inactive: number;
}
