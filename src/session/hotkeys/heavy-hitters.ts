import type { ByteString } from '../../bytes/byte-string.ts';

/** What is known of a key. */
interface Counter {
  key: ByteString;
  /** At least what the key weighs altogether. */
  upper: number;
  /** At most so much of it was other keys' weight: the key weighs `upper - error` at least. */
  error: number;
  /** Where it is in the heap. */
  position: number;
}

/**
 * The heaviest keys of a stream of weighted keys, in memory that does not grow with the stream: Space-Saving (Metwally,
 * Agrawal, El Abbadi 2005) with weights.
 *
 *     counters   a ≤ 90   b ≤ 40   c ≤ 9   d ≤ 7 ←─ the least: the next key that has no counter takes it over, and what
 *                                                   it says as the bound of its own error
 *
 * Invariants:
 *
 * 1. The bounds of all counters add up to the weight of the whole stream.
 * 2. A key with a counter weighs from `upper - error` to `upper`; one without, at most the least bound. So a key that is
 *    heavier than the stream's weight divided by the number of counters has one.
 * 3. The heap is one: no counter's bound is below its parent's.
 *
 * While there are no more keys than counters, all is exact.
 */
export class HeavyHitters {
  private readonly capacity: number;
  private readonly counters = new Map<ByteString, Counter>();
  /** A binary heap, the least bound first. */
  private readonly heap: Counter[] = [];

  /** @param capacity how many keys are kept an eye on */
  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** The key has come, and weighs so much (more than nothing). O(log capacity). */
  add(key: ByteString, weight: number): void {
    const { counters, heap } = this;
    let counter = counters.get(key);
    if (counter === undefined) {
      if (heap.length < this.capacity) {
        counter = { key, upper: weight, error: 0, position: heap.length };
        heap.push(counter);
        counters.set(key, counter);
        this.rise(counter);
        return;
      }
      counter = heap[0]!;
      counters.delete(counter.key);
      counter.key = key;
      counter.error = counter.upper;
      counters.set(key, counter);
    }
    counter.upper += weight;
    this.sink(counter);
  }

  /** The heaviest so many keys with what they weigh at least, the heaviest first. O(capacity · log capacity). */
  top(count: number): [key: ByteString, weight: number][] {
    return this.heap
      .map(({ key, upper, error }): [ByteString, number] => [key, upper - error])
      .sort((a, b) => b[1] - a[1])
      .slice(0, count);
  }

  private rise(counter: Counter): void {
    const { heap } = this;
    let at = counter.position;
    while (at > 0) {
      const parent = heap[(at - 1) >> 1]!;
      if (parent.upper <= counter.upper) break;
      this.place(parent, at);
      at = (at - 1) >> 1;
    }
    this.place(counter, at);
  }

  private sink(counter: Counter): void {
    const { heap } = this;
    let at = counter.position;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.upper < heap[child]!.upper) child++;
      const least = heap[child]!;
      if (least.upper >= counter.upper) break;
      this.place(least, at);
      at = child;
    }
    this.place(counter, at);
  }

  private place(counter: Counter, at: number): void {
    this.heap[at] = counter;
    counter.position = at;
  }

  /**
   * For tests: throws if an invariant does not hold.
   *
   * @param truth what each key of the stream weighs
   */
  checkInvariants(truth: ReadonlyMap<ByteString, number>): void {
    const { counters, heap } = this;
    if (counters.size !== heap.length || heap.length > this.capacity)
      throw new Error('counters and heap differ');
    let total = 0;
    for (const [at, counter] of heap.entries()) {
      if (counter.position !== at || counters.get(counter.key) !== counter)
        throw new Error('a counter is lost');
      if (at > 0 && heap[(at - 1) >> 1]!.upper > counter.upper) throw new Error('3: no heap');
      total += counter.upper;
      const weight = truth.get(counter.key) ?? 0;
      if (weight > counter.upper || weight < counter.upper - counter.error)
        throw new Error('2: out of bounds');
    }
    let whole = 0;
    for (const [key, weight] of truth) {
      whole += weight;
      if (!counters.has(key) && weight > (heap[0]?.upper ?? 0))
        throw new Error('2: a heavy key has no counter');
    }
    if (total !== whole) throw new Error(`1: ${total} of ${whole}`);
  }
}
