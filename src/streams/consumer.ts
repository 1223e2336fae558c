import type { ByteString } from '../bytes/byte-string.ts';
import type { PendingEntry } from './pending-entry.ts';
import { SortedById } from './sorted-by-id.ts';

/** A member of a consumer group, and what it has not acknowledged yet. */
export class Consumer {
  readonly name: ByteString;
  /** What it was given and has not acknowledged. Its group keeps it. */
  readonly pending: SortedById<PendingEntry> = new SortedById();
  /** When it last tried to read or to claim, in Unix milliseconds. */
  seenAtMs: number;
  /** When it last got something, in Unix milliseconds; -1: never. */
  activeAtMs = -1;

  constructor(name: ByteString, seenAtMs: number) {
    this.name = name;
    this.seenAtMs = seenAtMs;
  }
}
