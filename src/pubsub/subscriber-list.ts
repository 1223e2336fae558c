/**
 * Those who subscribed to one channel or pattern, in the order in which they did.
 *
 *     slots    A   B   ·   D   E        · has left; D is not moved while messages are under way
 *     places   A→0 B→1 D→3 E→4          only while there are many
 *
 * A delivery walks over the slots up to the {@link end} it found when it began. So who comes during it is not met, and
 * who leaves during it is met no more, without anything being copied.
 *
 * Invariants:
 *
 * 1. {@link size} slots hold somebody, and nobody twice.
 * 2. Later slots hold those who came later.
 * 3. `places`, if there, says where each is, and nothing else.
 * 4. A slot is never given to somebody else, unless {@link tidy} is called: between deliveries.
 */
export class SubscriberList<T extends object> {
  private slots: (T | undefined)[];
  private places: Map<T, number> | undefined = undefined;
  /** How many there are. */
  size = 1;

  /** Most lists have one subscriber for ever, and an array that was never added to is small. */
  constructor(first: T) {
    this.slots = [first];
  }

  /** Behind the last slot. */
  get end(): number {
    return this.slots.length;
  }

  /** Who is in the slot: nobody, if whoever was there has left. */
  at(slot: number): T | undefined {
    return this.slots[slot];
  }

  /** Adds somebody at the end; false if they are there already. Amortised O(1). */
  add(subscriber: T): boolean {
    if (this.placeOf(subscriber) >= 0) return false;
    this.slots.push(subscriber);
    this.size++;
    if (this.places !== undefined) this.places.set(subscriber, this.slots.length - 1);
    else if (this.slots.length > SEARCHED) this.indexPlaces();
    return true;
  }

  /** Takes somebody out; false if they were not there. O(1). */
  remove(subscriber: T): boolean {
    const place = this.placeOf(subscriber);
    if (place < 0) return false;
    this.slots[place] = undefined;
    this.size--;
    this.places?.delete(subscriber);
    return true;
  }

  private placeOf(subscriber: T): number {
    return this.places === undefined ? this.slots.indexOf(subscriber) : (this.places.get(subscriber) ?? -1);
  }

  /** Closes the gaps, if they are many: O(1) for each that is closed. Not while a delivery walks over the slots. */
  tidy(): void {
    if (this.slots.length - this.size <= this.size) return;
    this.slots = this.slots.filter((subscriber) => subscriber !== undefined);
    this.places = undefined;
    if (this.slots.length > SEARCHED) this.indexPlaces();
  }

  private indexPlaces(): void {
    const places = new Map<T, number>();
    this.slots.forEach((subscriber, place) => {
      if (subscriber !== undefined) places.set(subscriber, place);
    });
    this.places = places;
  }

  /** Everybody, in order. */
  *[Symbol.iterator](): Generator<T> {
    for (const subscriber of this.slots) if (subscriber !== undefined) yield subscriber;
  }

  /** For tests: throws if an invariant does not hold. O(n). */
  checkInvariants(): void {
    const present = [...this];
    if (present.length !== this.size) throw new Error(`size ${this.size}, but ${present.length} are there`);
    if (new Set(present).size !== present.length) throw new Error('somebody is there twice');
    if (this.places === undefined) return;
    if (this.places.size !== this.size) throw new Error('places of somebody who is not there');
    for (const [subscriber, place] of this.places) {
      if (this.slots[place] !== subscriber) throw new Error('a place is wrong');
    }
  }
}

/** So few are searched one by one; a map of places would take far more memory than the list. */
const SEARCHED = 16;
