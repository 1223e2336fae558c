import type { ByteString } from '../bytes/byte-string.ts';
import { textBytes } from '../bytes/text-bytes.ts';
import type { StreamId } from './stream-id.ts';

/** For so long a stream remembers the id of a message, in milliseconds, unless it is told otherwise: 100 seconds. */
export const DEFAULT_DURATION_MS = 100_000;
/** So many ids of messages a stream remembers for each producer, unless it is told otherwise. */
export const DEFAULT_MAX_SIZE = 100;

/** What may be changed of an {@link Idempotency}. */
export interface IdempotencyConfiguration {
  /** For how long an id is remembered, in milliseconds. */
  readonly durationMs?: number;
  /** How many ids are remembered for each producer. */
  readonly maxSize?: number;
}

/** That a producer added a message under an id of its own. */
export interface AddedMessage {
  readonly producer: ByteString;
  readonly iid: ByteString;
  /** The id of the entry that it became (and may be no longer). */
  readonly id: StreamId;
}

/** Under an iid, and in the list of its producer. */
interface Remembered {
  readonly iid: ByteString;
  readonly id: StreamId;
  readonly addedAtMs: number;
  /** The one recorded after it. */
  next: Remembered | undefined;
}

/** What is remembered of one producer. */
interface Producer {
  readonly ids: Map<ByteString, Remembered>;
  oldest: Remembered;
  newest: Remembered;
}

/** What it takes of the host's memory to remember nothing, a producer, and each id: without the names. */
const IDEMPOTENCY_BYTES = 330;
const PRODUCER_BYTES = 240;
const REMEMBERED_BYTES = 165;

/** So many other producers are looked after with each recording: with more than one, what is due goes faster than new comes. */
const SWEPT_AT_ONCE = 2;

/**
 * Which messages were added lately: what XADD with IDMP asks before it adds one. A producer names each of its messages by
 * an id of its own (its iid); for a while, and for so many of them, the stream remembers which entry that became.
 *
 *     producers    p1 ─→ ids   m7 ─┐   m8 ─┐   m9 ─┐
 *                              ↓       ↓       ↓
 *                     oldest → 5-0 ──→ 6-0 ──→ 8-1 ← newest
 *                  p2 ─→ …
 *
 * Both limits take from the oldest end of a producer's list: one more than `maxSize` drops the oldest, and what has been
 * remembered for `durationMs` drops when it is met. It is met by whoever asks for this producer, and by every recording,
 * which looks after a few other producers in turn; so what nobody asks for goes as well, at O(1) a recording, and there is
 * no timer.
 *
 * An entry's time is its id's, as in Redis, which keeps no other; but a time to come, which the ids of a stream may be
 * ahead to, counts as now, or it would be remembered until then.
 *
 * Invariants:
 *
 * 1. A producer that is tracked has at least one id and at most {@link maxSize}.
 * 2. Its list, from the oldest on in the order of recording, and its map hold the same.
 * 3. {@link heldCount} is the number of all ids.
 * 4. `#nameBytes` is -1 until somebody asks, and from then on what the names of all of them take.
 */
export class Idempotency {
  /** How many messages were ever recorded. */
  addedCount = 0;
  /** How many messages were ever found to have been added before: counted by who refuses them. */
  duplicateCount = 0;

  #durationMs: number;
  #maxSize: number;
  #held = 0;
  /** Made with the first recording: most streams never have one. */
  #producers: Map<ByteString, Producer> | undefined;
  #nameBytes = -1;
  /** Where looking after other producers goes on. */
  #sweep: Iterator<[ByteString, Producer]> | undefined;

  constructor(durationMs: number = DEFAULT_DURATION_MS, maxSize: number = DEFAULT_MAX_SIZE) {
    this.#durationMs = durationMs;
    this.#maxSize = maxSize;
  }

  /** For how long an id is remembered, in milliseconds. */
  get durationMs(): number {
    return this.#durationMs;
  }

  /** How many ids are remembered for each producer. */
  get maxSize(): number {
    return this.#maxSize;
  }

  /** How many ids take up memory: those remembered, and those due that nobody has met yet. O(1). */
  get heldCount(): number {
    return this.#held;
  }

  /** About what it takes of the host's memory. O(1), O(n) when it is asked first. */
  get heapBytes(): number {
    if (this.#nameBytes < 0) this.#nameBytes = this.#countNames();
    const producerCount = this.#producers?.size ?? 0;
    return (
      IDEMPOTENCY_BYTES + producerCount * PRODUCER_BYTES + this.#held * REMEMBERED_BYTES + this.#nameBytes
    );
  }

  #countNames(): number {
    let bytes = 0;
    for (const [producer, { ids }] of this.#producers ?? []) {
      bytes += textBytes(producer);
      for (const iid of ids.keys()) bytes += textBytes(iid);
    }
    return bytes;
  }

  /** How many producers have ids that are remembered. O(producers). */
  producerCount(nowMs: number): number {
    this.#expireAll(nowMs);
    return this.#producers?.size ?? 0;
  }

  /** How many ids are remembered, of all producers. O(producers). */
  idCount(nowMs: number): number {
    this.#expireAll(nowMs);
    return this.#held;
  }

  /** The entry that a producer's message became, if that is remembered. O(1), amortised. */
  find(producer: ByteString, iid: ByteString, nowMs: number): StreamId | undefined {
    const found = this.#producers?.get(producer);
    if (found === undefined) return undefined;
    this.#expire(producer, found, nowMs);
    return found.ids.get(iid)?.id;
  }

  /** Remembers which entry a producer's message became; that {@link find} does not know yet. O(1), amortised. */
  record(producer: ByteString, iid: ByteString, id: StreamId, nowMs: number): void {
    this.#add(producer, iid, id, typeof id.ms === 'number' && id.ms < nowMs ? id.ms : nowMs);
    this.addedCount++;
    this.#expireSome(nowMs);
  }

  /** {@link record} for those who rebuild what was: nothing is counted. O(1). */
  recordAgain(producer: ByteString, iid: ByteString, id: StreamId): void {
    this.#add(producer, iid, id, Number(id.ms));
  }

  #add(producer: ByteString, iid: ByteString, id: StreamId, addedAtMs: number): void {
    this.#producers ??= new Map();
    const producers = this.#producers;
    const added: Remembered = { iid, id, addedAtMs, next: undefined };
    const known = producers.get(producer);
    if (known === undefined) {
      producers.set(producer, { ids: new Map([[iid, added]]), oldest: added, newest: added });
    } else {
      if (known.ids.has(iid)) throw new Error('recorded twice');
      known.ids.set(iid, added);
      known.newest.next = added;
      known.newest = added;
    }
    this.#held++;
    if (this.#nameBytes >= 0)
      this.#nameBytes += textBytes(iid) + (known === undefined ? textBytes(producer) : 0);
    if (known !== undefined && known.ids.size > this.#maxSize) this.#dropOldest(producer, known);
  }

  /**
   * Changes the limits. Limits that differ from those in force make it forget every id, though not the counters.
   * O(1).
   *
   * @returns whether they differ
   */
  configure({ durationMs = this.#durationMs, maxSize = this.#maxSize }: IdempotencyConfiguration): boolean {
    if (durationMs === this.#durationMs && maxSize === this.#maxSize) return false;
    this.#durationMs = durationMs;
    this.#maxSize = maxSize;
    this.#producers = undefined;
    this.#nameBytes = -1;
    this.#sweep = undefined;
    this.#held = 0;
    return true;
  }

  /** What is remembered, producer by producer, the oldest first. Nothing may be recorded meanwhile. O(n). */
  *remembered(nowMs: number): Generator<AddedMessage, void, undefined> {
    this.#expireAll(nowMs);
    for (const [producer, { oldest }] of this.#producers ?? []) {
      for (let at: Remembered | undefined = oldest; at !== undefined; at = at.next) {
        yield { producer, iid: at.iid, id: at.id };
      }
    }
  }

  /** What takes up memory, producer by producer, the oldest first, also what is due: for those who write it down. O(n). */
  heldByProducer(): (readonly [producer: ByteString, messages: AddedMessage[]])[] {
    return Array.from(this.#producers ?? [], ([producer, { ids }]) => {
      const messages = Array.from(ids.values(), ({ iid, id }) => ({ producer, iid, id }));
      return [producer, messages] as const;
    });
  }

  /** An independent copy, counters included. O(n). */
  clone(): Idempotency {
    const cloned = new Idempotency(this.#durationMs, this.#maxSize);
    cloned.addedCount = this.addedCount;
    cloned.duplicateCount = this.duplicateCount;
    cloned.#held = this.#held;
    if (this.#producers !== undefined) {
      cloned.#producers = new Map();
      for (const [producer, { oldest }] of this.#producers) cloned.#producers.set(producer, copyOf(oldest));
    }
    return cloned;
  }

  /** For tests: throws if an invariant does not hold. O(n). */
  checkInvariants(): void {
    let held = 0;
    for (const [producer, { ids, oldest, newest }] of this.#producers ?? []) {
      if (ids.size === 0 || ids.size > this.#maxSize) throw new Error(`1: ${producer} has ${ids.size}`);
      let listed = 0;
      let last = oldest;
      const order = ids.values();
      for (let at: Remembered | undefined = oldest; at !== undefined; at = at.next) {
        if (ids.get(at.iid) !== at || order.next().value !== at)
          throw new Error(`2: ${at.iid} of ${producer}`);
        listed++;
        last = at;
      }
      if (listed !== ids.size || last !== newest) throw new Error(`2: the list of ${producer}`);
      held += listed;
    }
    if (held !== this.#held) throw new Error(`3: ${this.#held} held, but ${held}`);
    if (this.#nameBytes >= 0 && this.#nameBytes !== this.#countNames())
      throw new Error(`4: ${this.#nameBytes} bytes of names, but ${this.#countNames()}`);
  }

  #expireAll(nowMs: number): void {
    for (const [name, producer] of this.#producers ?? []) this.#expire(name, producer, nowMs);
  }

  #expireSome(nowMs: number): void {
    for (let swept = 0; swept < SWEPT_AT_ONCE; swept++) {
      this.#sweep ??= this.#producers!.entries();
      const { value, done } = this.#sweep.next();
      if (done === true) {
        this.#sweep = undefined;
        return;
      }
      this.#expire(value[0], value[1], nowMs);
    }
  }

  #expire(name: ByteString, producer: Producer, nowMs: number): void {
    while (producer.ids.size > 0 && nowMs - producer.oldest.addedAtMs >= this.#durationMs) {
      this.#dropOldest(name, producer);
    }
  }

  #dropOldest(name: ByteString, producer: Producer): void {
    const { oldest, ids } = producer;
    ids.delete(oldest.iid);
    this.#held--;
    if (this.#nameBytes >= 0)
      this.#nameBytes -= textBytes(oldest.iid) + (oldest.next === undefined ? textBytes(name) : 0);
    if (oldest.next === undefined) this.#producers!.delete(name);
    else producer.oldest = oldest.next;
  }
}

function copyOf(oldest: Remembered): Producer {
  const first = { ...oldest };
  const ids = new Map([[first.iid, first]]);
  let newest = first;
  for (let at = oldest.next; at !== undefined; at = at.next) {
    const copy = { ...at };
    newest.next = copy;
    newest = copy;
    ids.set(copy.iid, copy);
  }
  return { ids, oldest: first, newest };
}
