import type { ByteString } from '../bytes/byte-string.ts';
import type { Database } from '../keyspace/database.ts';
import type { Waiter } from './waiter.ts';

/** A waiter's place in the queue of one of its keys. */
export class Place {
  readonly waiter: Waiter;
  readonly queue: Queue;
  /** Kept when the place is given up, so that whoever goes through the queue finds on from here. */
  next: Place | undefined = undefined;
  previous: Place | undefined = undefined;
  isTaken = true;

  constructor(waiter: Waiter, queue: Queue) {
    this.waiter = waiter;
    this.queue = queue;
  }
}

/**
 * Those who wait for one key, in the order in which they came: a linked list, because they leave from its middle as often
 * as from its head, and a `Set` would be slow to find its first once many have left.
 *
 * Invariants:
 *
 * 1. From `first` by `next` one meets all places that are taken and no other, in the order of `join`.
 * 2. `size` is their number, `watching` the number of those whose waiter wakes on any change.
 */
export class Queue {
  readonly database: Database;
  readonly key: ByteString;
  size = 0;
  watching = 0;
  /** Whether it stands in the list of what is ready. */
  isReady = false;
  /** Whether it stands in the list of what may be worth an attempt sooner. */
  isRipening = false;
  private first: Place | undefined = undefined;
  private last: Place | undefined = undefined;

  constructor(database: Database, key: ByteString) {
    this.database = database;
    this.key = key;
  }

  /** O(1). */
  join(waiter: Waiter): Place {
    const place = new Place(waiter, this);
    place.previous = this.last;
    if (this.last === undefined) this.first = place;
    else this.last.next = place;
    this.last = place;
    this.size++;
    if (waiter.blocked.wakesOn === 'any') this.watching++;
    return place;
  }

  /** O(1). The place is in this queue. */
  leave(place: Place): void {
    const { previous, next } = place;
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.last = previous;
    else next.previous = previous;
    place.previous = undefined;
    place.isTaken = false;
    this.size--;
    if (place.waiter.blocked.wakesOn === 'any') this.watching--;
  }

  /** Those who wait, in order. Anybody may leave meanwhile; who joins behind the last that is left is met too. */
  *[Symbol.iterator](): Generator<Waiter> {
    for (let place = this.first; place !== undefined; place = place.next) {
      if (place.isTaken) yield place.waiter;
    }
  }

  /** For tests: throws if an invariant does not hold. O(n). */
  checkInvariants(): void {
    let [size, watching] = [0, 0];
    let previous: Place | undefined;
    for (let place = this.first; place !== undefined; place = place.next) {
      if (!place.isTaken || place.previous !== previous) throw new Error('a place is out of line');
      size++;
      if (place.waiter.blocked.wakesOn === 'any') watching++;
      previous = place;
    }
    if (this.last !== previous) throw new Error('the last place is another');
    if (size !== this.size || watching !== this.watching) throw new Error('the queue is counted wrong');
  }
}
