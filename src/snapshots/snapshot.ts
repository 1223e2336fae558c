import type { Moment } from './moment.ts';
import type { Timeline } from './timeline.ts';

/**
 * What a store held at one moment: `store.snapshot()` takes it, and `store.restore(snapshot)` brings it back, as often as
 * wanted. While it is held, what is changed in the store is remembered, once for each key. When it is not held any more, and
 * the host has collected it as garbage, nothing is remembered for it; {@link release} says so at once.
 */
export class Snapshot {
  /** @internal */
  readonly timeline: Timeline;
  /** @internal `undefined` once it is released. */
  moment: Moment | undefined;

  /** @internal */
  constructor(timeline: Timeline, moment: Moment) {
    this.timeline = timeline;
    this.moment = moment;
  }

  /** It will not be restored any more, and costs nothing from now on. Does nothing if that was said before. */
  release(): void {
    this.timeline.release(this);
  }
}

export interface Snapshot {
  /** `using snapshot = store.snapshot()` releases it at the end of the block, where the host knows of such blocks. */
  [Symbol.dispose](): void;
}

// Where the host has no such symbol, there must be no method named `undefined` either.
if (Symbol.dispose !== undefined) Snapshot.prototype[Symbol.dispose] = Snapshot.prototype.release;
