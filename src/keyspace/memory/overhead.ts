import type { Memory } from './memory.ts';

/**
 * What somebody holds for a store beside its keys: subscriptions, clients, scripts. Whoever does keeps one of these, in O(1)
 * with each change, whether or not anybody counts; from when somebody does, it is part of what the store uses.
 */
export class Overhead {
  /** About how many bytes of the host's memory it is now. */
  bytes = 0;
  private memory: Memory | undefined = undefined;

  /** There is so much more of it; less, if it is negative. */
  add(bytes: number): void {
    this.bytes += bytes;
    this.memory?.addOverhead(bytes);
  }

  /** From now on it counts there. */
  countIn(memory: Memory): void {
    this.memory = memory;
    memory.addOverhead(this.bytes);
  }
}
