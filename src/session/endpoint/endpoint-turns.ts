import { afterTurn } from '../../ttl/host-turn.ts';
import type { Server } from '../server.ts';

/** So long clients may have their commands run before the host's event loop turns. */
const SLICE_MS = 2;

/** One who takes turns: an endpoint. */
export interface TurnTaker {
  /** Runs requests until the server's clock says `endMs` or none can run. Returns whether more could. Does not throw. */
  runUntil(endMs: number): boolean;
  /** Sends what was written. Does not throw. */
  flush(): void;
}

/**
 * Has the byte streams of a store run their requests one stream after the other, and never for long.
 *
 *     bytes came ──▶ run(endpoint) ──▶ a slice of its requests ──▶ those who wait for a turn ──▶ flush all
 *                                          │ time is over
 *                                          └──▶ the host's event loop turns ──▶ next slice
 *
 * 1. One runs at a time. Who can go on because of what another did (a waiting pop) comes after that other one, as in Redis.
 * 2. All together have one slice per turn of the event loop.
 * 3. What a slice wrote to whom leaves at its end, in one piece each.
 */
export class EndpointTurns {
  private readonly server: Server;
  private readonly waiting = new Set<TurnTaker>();
  private readonly unsent = new Set<TurnTaker>();
  private isRunning = false;
  /** The slice is over: the next begins after the event loop has turned. */
  private isSpent = false;

  constructor(server: Server) {
    this.server = server;
  }

  /** It may have requests that can run: at once, or when it is its turn. */
  run(taker: TurnTaker): void {
    if (this.isRunning || this.isSpent) {
      this.waiting.add(taker);
      return;
    }
    this.runSlice(taker);
  }

  /** Whether it is to have a turn later. */
  isWaiting(taker: TurnTaker): boolean {
    return this.waiting.has(taker);
  }

  /** Something was written to it while none of its own requests ran. It leaves with the rest of the slice, or once the caller's code is done. */
  flushSoon(taker: TurnTaker): void {
    if (this.unsent.size === 0 && !this.isRunning) queueMicrotask(this.flushAll);
    this.unsent.add(taker);
  }

  /** It is gone. */
  forget(taker: TurnTaker): void {
    this.waiting.delete(taker);
    this.unsent.delete(taker);
  }

  private runSlice(first: TurnTaker | undefined): void {
    const { server } = this;
    this.isRunning = true;
    server.inSuccession(() => {
      const endMs = server.clockMs + SLICE_MS;
      let taker = first ?? this.takeNext();
      while (taker !== undefined) {
        if (taker.runUntil(endMs)) this.waiting.add(taker);
        if (server.clockMs >= endMs) break;
        taker = this.waiting.size === 0 ? undefined : this.takeNext();
      }
    });
    this.isRunning = false;
    if (this.unsent.size > 0) this.flushAll();
    if (this.waiting.size > 0) {
      this.isSpent = true;
      afterTurn(this.turned);
    }
  }

  private takeNext(): TurnTaker | undefined {
    for (const taker of this.waiting) {
      this.waiting.delete(taker);
      return taker;
    }
    return undefined;
  }

  private readonly turned = (): void => {
    this.isSpent = false;
    this.runSlice(undefined);
  };

  private readonly flushAll = (): void => {
    // Who is cut off meanwhile may cause further messages, which join at the end.
    for (const taker of this.unsent) {
      this.unsent.delete(taker);
      taker.flush();
    }
  };
}
