import type { Cache } from './hit-rate.ts';

/**
 * A cache that holds so many keys, and nothing but their numbers: the base of the exact models. A full one lets go of a
 * key before it takes in another; what has expired goes at once.
 */
export abstract class Model implements Cache {
  readonly capacity: number;
  private size = 0;
  /** Per key: whether it is there. */
  private readonly present: Uint8Array;
  /** Per key: when it goes, or 0. */
  private readonly expiresAtMs: Float64Array;
  /** Which keys may be due at this time. */
  private readonly due = new Map<number, number[]>();
  protected nowMs = 0;

  constructor(capacity: number, keyCount: number) {
    this.capacity = capacity;
    this.present = new Uint8Array(keyCount);
    this.expiresAtMs = new Float64Array(keyCount);
  }

  /** The key that goes when another comes. */
  protected abstract victim(): number;
  protected abstract joined(key: number): void;
  protected abstract left(key: number): void;
  protected abstract wasRead(key: number): void;
  protected abstract wasWritten(key: number): void;

  has(key: number): boolean {
    return this.present[key] === 1;
  }

  /** Where keys expire, a millisecond at a time. */
  advanceTo(nowMs: number): void {
    this.nowMs = nowMs;
    const keys = this.due.get(nowMs);
    if (keys === undefined) return;
    this.due.delete(nowMs);
    for (const key of keys) {
      if (this.has(key) && this.expiresAtMs[key] === nowMs) this.remove(key);
    }
  }

  read(key: number, lifetimeMs: number): boolean {
    const isThere = this.has(key);
    if (isThere) this.wasRead(key);
    else this.put(key, lifetimeMs);
    return isThere;
  }

  write(key: number, lifetimeMs: number): void {
    if (this.has(key)) {
      this.wasWritten(key);
      this.expireIn(key, lifetimeMs);
    } else {
      this.put(key, lifetimeMs);
    }
  }

  private put(key: number, lifetimeMs: number): void {
    if (this.size === this.capacity) this.remove(this.victim());
    this.size++;
    this.present[key] = 1;
    this.joined(key);
    this.expireIn(key, lifetimeMs);
  }

  private remove(key: number): void {
    this.size--;
    this.present[key] = 0;
    this.left(key);
  }

  private expireIn(key: number, lifetimeMs: number): void {
    const atMs = lifetimeMs === 0 ? 0 : this.nowMs + lifetimeMs;
    this.expiresAtMs[key] = atMs;
    if (atMs === 0) return;
    const keys = this.due.get(atMs);
    if (keys === undefined) this.due.set(atMs, [key]);
    else keys.push(key);
  }
}
