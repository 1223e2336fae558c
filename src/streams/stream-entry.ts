import type { ByteString } from '../bytes/byte-string.ts';
import type { Output, Text } from '../keyspace/operations.ts';
import type { LogEntry } from './log-entry.ts';

/** How a view of the store answers a byte string. */
export type OutputOf<O extends Output> = (value: ByteString) => O['string'];

/** An entry of a stream: its id, and its fields with their values. A copy: nothing that becomes of it touches the store. */
export class StreamEntry<O extends Output = Text> {
  /** Such as `1526919030474-55`: Unix milliseconds, unless it was added with an id, and a number. Text in every view. */
  readonly id: string;
  /**
   * An object without a prototype, in `store.bytes` an array of pairs. Of a field name that repeats the object has the last
   * value, and it has names that are whole numbers first; {@link StreamEntry.pairs} has all of them, in their order.
   */
  readonly fields: O['record'];
  readonly #source: LogEntry;
  readonly #output: OutputOf<O>;

  /** @internal */
  constructor(id: string, fields: O['record'], source: LogEntry, output: OutputOf<O>) {
    this.id = id;
    this.fields = fields;
    this.#source = source;
    this.#output = output;
  }

  /** All fields with their values, in their order: Redis allows a field name to repeat. O(fields), made anew each time. */
  get pairs(): [field: O['string'], value: O['string']][] {
    const { fields, values } = this.#source;
    return fields.map((field, at) => [this.#output(field), this.#output(values[at]!)]);
  }
}

/** An entry that was pending with others and is now ours: how long it lay, and how often it was delivered before. */
export class ClaimedEntry<O extends Output = Text> extends StreamEntry<O> {
  /** Milliseconds since it was last delivered; 0 for a new entry; since 1970 for one that was released (`xnack`). */
  readonly idleMs: number;
  /** How often it had been delivered before; 0 for a new entry. */
  readonly deliveryCount: number | bigint;

  /** @internal */
  constructor(
    id: string,
    fields: O['record'],
    source: LogEntry,
    output: OutputOf<O>,
    idleMs: number,
    deliveryCount: number | bigint,
  ) {
    super(id, fields, source, output);
    this.idleMs = idleMs;
    this.deliveryCount = deliveryCount;
  }
}

/** An entry that is pending, and may have been deleted from the stream since. */
export type PendingStreamEntry<O extends Output = Text> =
  | StreamEntry<O>
  | { readonly id: string; readonly fields: null };

/** The answers of {@link noneAsked}: their readers may do with them what they like. */
const answersToNone = new WeakSet<readonly unknown[]>();

/**
 * What a range answers that was asked for no entries: Redis replies nil then, if there is such a stream, and a codec
 * can tell it from an empty range.
 */
export function noneAsked(): never[] {
  const none: never[] = [];
  answersToNone.add(none);
  return none;
}

/** Whether these are none because none were asked for. */
export function isNoneAsked(entries: readonly unknown[]): boolean {
  return entries.length === 0 && answersToNone.has(entries);
}
