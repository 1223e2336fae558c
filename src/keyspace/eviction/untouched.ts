import type { Entry, Stored } from '../entry.ts';
import type { Keyspace } from '../keyspace.ts';
import type { AccessTracker } from './access-tracker.ts';

/** Runs this so that it leaves no trace in when and how often keys were used; but what it makes is new. */
export function untouched<T>(keyspace: Keyspace, run: () => T): T {
  const { access } = keyspace;
  if (access === undefined) return run();
  const blind = new BlindTracker(access);
  keyspace.access = blind;
  try {
    return run();
  } finally {
    // Unless another policy began meanwhile.
    if (keyspace.access === blind) keyspace.access = access;
  }
}

/** A tracker that sees neither reads nor writes. */
class BlindTracker implements AccessTracker {
  private readonly inner: AccessTracker;

  constructor(inner: AccessTracker) {
    this.inner = inner;
  }

  read(): void {}

  usedToWrite(): void {}

  written(): void {}

  placed(entry: Entry, old: Stored | undefined): void {
    this.inner.placed(entry, old);
  }

  textEntry(text: string): Entry {
    return this.inner.textEntry(text);
  }

  start(entry: Entry): void {
    this.inner.start(entry);
  }

  rank(entry: Entry): number {
    return this.inner.rank(entry);
  }

  idleSeconds(entry: Entry): number | undefined {
    return this.inner.idleSeconds(entry);
  }

  setIdleSeconds(entry: Entry, seconds: number): void {
    this.inner.setIdleSeconds(entry, seconds);
  }

  frequency(entry: Entry): number | undefined {
    return this.inner.frequency(entry);
  }

  setFrequency(entry: Entry, frequency: number): void {
    this.inner.setFrequency(entry, frequency);
  }

  clockMoved(): void {
    this.inner.clockMoved();
  }
}
