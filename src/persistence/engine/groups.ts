import type { Keyspace } from '../../keyspace/keyspace.ts';

/** What is done as one: a command, a transaction, a script. Knows how deep we are in such groups, and what waits for the end. */
export class Groups {
  private readonly keyspace: Keyspace;
  private depth = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
  }

  get isInside(): boolean {
    return this.depth > 0;
  }

  /** Whether it is the outermost that begins. */
  begin(): boolean {
    return this.depth++ === 0;
  }

  /** Whether it was the outermost that has ended; {@link ended} is to be called then, when its effects are told. */
  end(): boolean {
    return --this.depth === 0;
  }

  /** Runs what waited for the end of the group. */
  ended(): void {
    while (this.waiting.length > 0 && this.isBetween) this.waiting.shift()!();
  }

  private get isBetween(): boolean {
    return this.depth === 0 && this.keyspace.journal === undefined;
  }

  /** Runs this between two groups: now, or when the one is over that we are in. It must not throw. */
  runBetween(run: () => void): void {
    if (this.isBetween) run();
    else this.waiting.push(run);
  }
}
