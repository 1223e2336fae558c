import type { Memory } from '../../keyspace/memory/memory.ts';
import { Overhead } from '../../keyspace/memory/overhead.ts';
import type { Server } from '../server.ts';
import type { Session } from '../session.ts';
import { clientBytes } from './client-bytes.ts';

/** With a smaller limit nobody could talk to the server any more, not even to raise it. */
const LEAST_LIMIT_BYTES = 128 * 1024;

/**
 * What all clients of a store take, and the limit of that: `maxmemory-clients`.
 *
 * Nothing is counted before somebody asks what the store uses, or there is a limit; from then on a client is counted anew
 * after each of its commands, and when bytes come from it or go to it. When all together pass the limit, those who take
 * most are disconnected, the largest first, until they do not.
 *
 * Invariants, while {@link isCounting}:
 *
 * 1. `totalBytes` is the sum of `Session.countedBytes`, and those are what each took when it was last looked at.
 * 2. What counts as {@link Overhead} is that without the subscriptions, which the hub counts.
 */
export class ClientMemory extends Overhead {
  /** What all clients take, as of when each was last looked at. */
  totalBytes = 0;
  /** Whether clients are counted. While false a command pays one comparison for it. */
  isCounting = false;
  /** How many clients were disconnected because they took too much. */
  evictedCount = 0;
  /** `maxmemory-clients`: bytes, a percentage of `maxmemory`, or 0 for no limit. */
  private limit = '0';
  private readonly server: Server;
  private isEvicting = false;

  constructor(server: Server) {
    super();
    this.server = server;
  }

  override countIn(memory: Memory): void {
    super.countIn(memory);
    this.begin();
  }

  /** As CONFIG GET shows it. */
  get maxmemoryClients(): string {
    return this.limit;
  }

  set maxmemoryClients(limit: string) {
    this.limit = limit;
    if (limit === '0' || limit === '0%') return;
    this.begin();
  }

  /** How much all clients may take; infinite without a limit. */
  get limitBytes(): number {
    const { limit } = this;
    if (limit === '0') return Number.POSITIVE_INFINITY;
    let bytes = Number.parseInt(limit, 10);
    if (limit.endsWith('%')) bytes = Math.floor((bytes * this.server.config.number('maxmemory')) / 100);
    return bytes === 0 ? Number.POSITIVE_INFINITY : Math.max(bytes, LEAST_LIMIT_BYTES);
  }

  /** What all clients take now. O(1) while they are counted, else O(clients). */
  get presentBytes(): number {
    if (this.isCounting) return this.totalBytes;
    let bytes = 0;
    for (const session of this.server.sessions.values()) bytes += clientBytes(session).total;
    return bytes;
  }

  private begin(): void {
    if (this.isCounting) return;
    this.isCounting = true;
    for (const session of this.server.sessions.values()) this.recount(session);
  }

  /** A client has come. */
  joined(session: Session): void {
    this.recount(session);
  }

  /** The client may take more than before, or less. To be called at the end of each of its commands. O(1). */
  update(session: Session): void {
    if (!session.isClosed && session.kind === 'client') this.recount(session);
  }

  private recount(session: Session): void {
    const bytes = clientBytes(session).total;
    const own = bytes - session.subscriptions.bytes;
    this.totalBytes += bytes - session.countedBytes;
    this.add(own - session.countedOwnBytes);
    session.countedBytes = bytes;
    session.countedOwnBytes = own;
  }

  /** The client is gone. */
  left(session: Session): void {
    this.totalBytes -= session.countedBytes;
    this.add(-session.countedOwnBytes);
    session.countedBytes = 0;
    session.countedOwnBytes = 0;
  }

  /**
   * Disconnects those who take most, if all together pass the limit, until they do not. Not to be called while a command
   * runs. O(1), O(clients log clients) if it is passed.
   */
  enforce(): void {
    if (this.limit === '0' || this.isEvicting || this.totalBytes <= this.limitBytes) return;
    this.isEvicting = true;
    const victims = [...this.server.sessions.values()]
      .filter(({ isSparedFromEviction }) => !isSparedFromEviction)
      .sort((a, b) => b.countedBytes - a.countedBytes);
    for (const victim of victims) {
      if (this.totalBytes <= this.limitBytes) break;
      this.evictedCount++;
      victim.cutOff();
    }
    this.isEvicting = false;
  }

  /** For tests: throws if an invariant does not hold. O(clients). */
  checkInvariants(): void {
    let total = 0;
    let own = 0;
    for (const session of this.server.sessions.values()) {
      total += session.countedBytes;
      own += session.countedOwnBytes;
    }
    if (total !== this.totalBytes) throw new Error(`totalBytes ${this.totalBytes}, but ${total}`);
    if (own !== this.bytes) throw new Error(`bytes ${this.bytes}, but ${own}`);
  }
}
