import { Timer } from '../../ttl/timer-wheel.ts';
import type { Session } from '../session.ts';
import type { OutputBufferLimit } from './connection-limits.ts';

/**
 * Watches how much is written for a client that does not take it (`client-output-buffer-limit`). Its soft limit is
 * measured by the store's clock, and by a timer, so that it holds for clients to whom nothing more is sent.
 */
export class OutputGuard extends Timer {
  private readonly session: Session;
  private readonly pendingBytes: () => number;
  private readonly cutOff: () => void;
  /** Since when the soft limit is passed without a break. */
  private sinceMs: number | undefined = undefined;

  constructor(session: Session, pendingBytes: () => number, cutOff: () => void) {
    super();
    this.session = session;
    this.pendingBytes = pendingBytes;
    this.cutOff = cutOff;
  }

  /** To be called when the other side has not taken all at once, and when it has taken some of it. */
  check(): void {
    const { server, isSubscribed, isClosed } = this.session;
    if (isClosed) return;
    const limit = server.limits.clientOutputBufferLimit[isSubscribed ? 'pubsub' : 'normal'];
    const pendingBytes = this.pendingBytes();
    if (limit.hardBytes > 0 && pendingBytes >= limit.hardBytes) this.cutOff();
    else if (limit.softBytes > 0 && pendingBytes >= limit.softBytes) this.checkSoft(limit);
    else this.release();
  }

  private checkSoft({ softSeconds }: OutputBufferLimit): void {
    const { keyspace } = this.session.server;
    const nowMs = keyspace.now();
    this.sinceMs ??= nowMs;
    // Later than the time that is allowed, as Redis has it.
    const endMs = this.sinceMs + softSeconds * 1000 + 1;
    if (nowMs >= endMs) this.cutOff();
    else if (!this.isScheduled) keyspace.schedule(this, endMs);
  }

  override fire(): void {
    this.check();
  }

  /** The limit is kept, or nobody is left to whom it applies. */
  release(): void {
    if (this.sinceMs === undefined) return;
    this.sinceMs = undefined;
    this.session.server.keyspace.driver.cancel(this);
  }
}
