import type { ByteString } from '../../bytes/byte-string.ts';
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

  read(access: number): number {
    return access;
  }

  usedToWrite(access: number): number {
    return access;
  }

  written(access: number): number {
    return access;
  }

  placed(access: number, key: ByteString, oldAccess: number): number {
    return this.inner.placed(access, key, oldAccess);
  }

  start(): number {
    return this.inner.start();
  }

  rank(access: number): number {
    return this.inner.rank(access);
  }

  idleSeconds(access: number): number | undefined {
    return this.inner.idleSeconds(access);
  }

  idleFor(seconds: number): number | undefined {
    return this.inner.idleFor(seconds);
  }

  frequency(access: number): number | undefined {
    return this.inner.frequency(access);
  }

  usedSoOften(frequency: number): number | undefined {
    return this.inner.usedSoOften(frequency);
  }

  clockMoved(): void {
    this.inner.clockMoved();
  }
}
