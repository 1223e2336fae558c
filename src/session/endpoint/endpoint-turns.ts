import type { Persistence } from '../../keyspace/persistence.ts';
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
  /** Lays by what was written, to be sent by {@link flushSealed}. */
  seal(): void;
  /** Sends what was laid by. Does not throw. */
  flushSealed(): void;
  /** Lets go of the stream, and of all that was written and not sent. */
  cutOff(): void;
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
 * 4. Of a store that is kept somewhere nothing leaves before the storage says that it may ({@link Persistence.beforeReply}),
 *    which it is asked once for all that a slice did. While it takes its time, no other slice runs: what comes meanwhile is
 *    one slice afterwards, as in a server that waits for its disk. Should it fail, those to whom something was to be sent are
 *    cut off, as if the server had died: they must not be told of what may be lost.
 */
export class EndpointTurns {
  private readonly server: Server;
  private readonly waiting = new Set<TurnTaker>();
  private readonly unsent = new Set<TurnTaker>();
  private isRunning = false;
  /** The slice is over: the next begins after the event loop has turned. */
  private isSpent = false;
  /** Those whose replies wait for the storage. */
  private sealed: Set<TurnTaker> | undefined = undefined;

  constructor(server: Server) {
    this.server = server;
  }

  /** It may have requests that can run: at once, or when it is its turn. */
  run(taker: TurnTaker): void {
    if (this.isRunning || this.isSpent || this.sealed !== undefined) {
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
    if (this.unsent.size === 0 && !this.isRunning && this.sealed === undefined) queueMicrotask(this.flushAll);
    this.unsent.add(taker);
  }

  /**
   * The same for much, of one whose requests run: it leaves at once, with what there is for others, unless the storage takes
   * its time.
   */
  flushNow(taker: TurnTaker): void {
    this.unsent.add(taker);
    this.flushAll();
  }

  /** Whether no request may run now, because replies wait for the storage. */
  get isHeld(): boolean {
    return this.sealed !== undefined;
  }

  /** It is gone. */
  forget(taker: TurnTaker): void {
    this.waiting.delete(taker);
    this.unsent.delete(taker);
    this.sealed?.delete(taker);
  }

  private runSlice(first: TurnTaker | undefined): void {
    const { server } = this;
    this.isRunning = true;
    server.inSuccession(() => {
      const endMs = server.clockMs + SLICE_MS;
      let taker = first ?? this.takeNext();
      while (taker !== undefined) {
        if (taker.runUntil(endMs)) this.waiting.add(taker);
        if (server.clockMs >= endMs || this.sealed !== undefined) break;
        taker = this.waiting.size === 0 ? undefined : this.takeNext();
      }
    });
    this.isRunning = false;
    if (this.unsent.size > 0) this.flushAll();
    this.runSoon();
  }

  /** Those who wait for a turn have it once the event loop has turned, or the storage has answered. */
  private runSoon(): void {
    if (this.waiting.size === 0 || this.isSpent || this.sealed !== undefined) return;
    this.isSpent = true;
    afterTurn(this.turned);
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
    if (this.sealed === undefined) this.runSlice(undefined);
  };

  private readonly flushAll = (): void => {
    if (this.sealed !== undefined) return;
    const { persistence } = this.server.keyspace;
    if (persistence !== undefined && this.unsent.size > 0) {
      let written: Promise<void> | undefined;
      try {
        written = this.written(persistence);
      } catch {
        this.cutOffAll(this.unsent);
        return;
      }
      if (written !== undefined) {
        this.hold(written);
        return;
      }
    }
    // Who is cut off meanwhile may cause further messages, which join at the end.
    for (const taker of this.unsent) {
      this.unsent.delete(taker);
      taker.flush();
    }
  };

  /** What takes long here is no command's time. LATENCY has a name for it where it is a sync. */
  private written(persistence: Persistence): Promise<void> | undefined {
    if (persistence.settings.appendfsync !== 'always') return persistence.beforeReply();
    return this.server.aside('aof-fsync-always', () => persistence.beforeReply());
  }

  /** All that was written so far leaves once the storage says so. */
  private hold(written: Promise<void>): void {
    const sealed = new Set(this.unsent);
    this.sealed = sealed;
    this.unsent.clear();
    for (const taker of sealed) taker.seal();
    written.then(
      () => {
        for (const taker of sealed) taker.flushSealed();
        this.resume();
      },
      () => {
        this.cutOffAll(sealed);
        this.resume();
      },
    );
  }

  private resume(): void {
    this.sealed = undefined;
    if (this.unsent.size > 0) this.flushAll();
    this.runSoon();
  }

  private cutOffAll(takers: Set<TurnTaker>): void {
    for (const taker of takers) {
      takers.delete(taker);
      taker.cutOff();
    }
  }
}
