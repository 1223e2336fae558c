import { type ByteString, compareBytes } from '../../bytes/byte-string.ts';
import { textBytes } from '../../bytes/text-bytes.ts';
import type { Database } from '../../keyspace/database.ts';
import type { KeyEvent } from '../../keyspace/events.ts';
import { Overhead } from '../../keyspace/memory/overhead.ts';
import type { Observer } from '../../keyspace/observer.ts';
import type { ReplySink } from '../../wire/resp/reply-sink.ts';
import type { Server } from '../server.ts';
import type { Session } from '../session.ts';
import { ClientTracking, type TrackingSettings } from './client-tracking.ts';
import { KeyPrefixes } from './key-prefixes.ts';

/** Under this name a RESP2 client that has subscribed to anything is told what others redirect to it. */
const INVALIDATE_CHANNEL = '__redis__:invalidate';

/** New, overwritten, of another type: the classes of events that only come together with a command's own. */
const PRELIMINARY: ReadonlySet<string> = new Set(['n', 'o', 'c']);

/** A remembered key's place, with the set of those who have read it. */
const KEY_BYTES = 210;
/** One more who has read it. */
const READER_BYTES = 10;
/** The places of a prefix: among all, with those who hear of it, and among the client's. */
const PREFIX_BYTES = 460;

/** Keys to forget; `null` is all of them. */
type Invalidated = readonly ByteString[] | null;

/** Those who hear of the keys with one prefix, and which of them have changed since they were last told. */
class Broadcast {
  readonly sessions = new Set<Session>();
  /** Each with the client that changed it first, if any did. */
  readonly changed = new Map<ByteString, Session | undefined>();
}

/**
 * Tells clients which keys they must forget: client-side caching, one table for all databases of a store.
 *
 *     GET k  by client 7   ──▶  keys      k ─▶ { 7, 9 }      ──  SET k  by anybody  ──▶  7 and 9 are told once
 *     TRACKING ON BCAST    ──▶  prefixes  user: ─▶ { 8 }     ──  SET user:1        ──▶  8 is told, each time
 *
 * Nothing of it exists in the way of a command while nobody tracks: only then does it observe the keyspace.
 *
 * Clients are told when the command is over and has its reply, in the order in which things happened. Of the keys under
 * one prefix they are told in one message, in the order of their bytes, when those who waited for the command are served
 * too. A typed call is over in a microtask, or with the next command or `store.advance`.
 *
 * Invariants:
 *
 * 1. No set of clients, in {@link keys} or {@link prefixes}, is empty.
 * 2. It observes the keyspace exactly while somebody tracks, or might again and then be told of keys read before.
 * 3. {@link itemCount} is the number of clients in {@link keys}, each counted for every key.
 */
export class Tracking implements Observer {
  private readonly server: Server;
  private limit = 1_000_000;
  /** Who has read which key, by the ids of the clients. */
  private readonly keys = new Map<ByteString, Set<number>>();
  private itemCount = 0;
  /** What {@link keys} takes. */
  readonly overhead = new Overhead();
  private readonly prefixes = new KeyPrefixes<Broadcast>();
  private readonly tracking = new Set<Session>();
  /** Those whose ids may be in {@link keys}: a client that turns tracking off still hears of what it had read. */
  private readonly readers = new Set<Session>();
  private isObserving = false;
  private isBroadcasting = false;
  private readonly untold: { readonly session: Session; readonly invalidated: Invalidated }[] = [];

  constructor(server: Server) {
    this.server = server;
  }

  // ── numbers that INFO shows ──────────────────────────────────────────────────────────────────────────────

  /** Has INFO show them. */
  addGauges(gauges: Map<string, () => number>): void {
    gauges.set('tracking_clients', () => this.clientCount);
    gauges.set('tracking_total_keys', () => this.keyCount);
    gauges.set('tracking_total_items', () => this.totalItems);
    gauges.set('tracking_total_prefixes', () => this.prefixCount);
  }

  /** How many clients track. */
  get clientCount(): number {
    return this.tracking.size;
  }

  /** How many keys are remembered. */
  get keyCount(): number {
    return this.keys.size;
  }

  /** How many keys are remembered, each counted once for every client that has read it. */
  get totalItems(): number {
    return this.itemCount;
  }

  /** How many different prefixes are broadcast. */
  get prefixCount(): number {
    return this.prefixes.size;
  }

  // ── who tracks ───────────────────────────────────────────────────────────────────────────────────────────

  /** CLIENT TRACKING ON, with settings that are known to go together. The prefixes come on top of those it has. */
  enable(session: Session, settings: TrackingSettings, prefixes: readonly ByteString[]): void {
    const own = session.tracking ?? new ClientTracking(session, this, settings);
    own.settings = settings;
    own.isRedirectBroken = false;
    session.tracking = own;
    this.tracking.add(session);
    if (settings.isBroadcast) {
      for (const prefix of prefixes.length === 0 ? [''] : prefixes) this.broadcastTo(session, own, prefix);
    } else this.readers.add(session);
    this.reconsider();
  }

  private broadcastTo(session: Session, own: ClientTracking, prefix: ByteString): void {
    if (!own.prefixes.has(prefix)) own.prefixBytes += PREFIX_BYTES + textBytes(prefix);
    own.prefixes.add(prefix);
    let broadcast = this.prefixes.get(prefix);
    if (broadcast === undefined) {
      broadcast = new Broadcast();
      this.prefixes.set(prefix, broadcast);
    }
    broadcast.sessions.add(session);
  }

  /** CLIENT TRACKING OFF, RESET. */
  disable(session: Session): void {
    const { tracking } = session;
    if (tracking === undefined) return;
    for (const prefix of tracking.prefixes) {
      const broadcast = this.prefixes.get(prefix)!;
      broadcast.sessions.delete(session);
      if (broadcast.sessions.size === 0) this.prefixes.delete(prefix);
    }
    session.tracking = undefined;
    this.tracking.delete(session);
    this.reconsider();
  }

  /** The client is gone. Its id stays in the table until the keys change, or nobody is left who could be told. */
  ended(session: Session): void {
    this.disable(session);
    if (this.readers.delete(session)) this.reconsider();
  }

  private reconsider(): void {
    if (this.readers.size === 0) this.forgetAll();
    const isNeeded = this.tracking.size > 0 || this.keys.size > 0;
    if (isNeeded === this.isObserving) return;
    this.isObserving = isNeeded;
    const { keyspace } = this.server;
    if (isNeeded) keyspace.observe(this);
    else keyspace.unobserve(this);
  }

  private forgetAll(): void {
    this.keys.clear();
    this.overhead.add(-this.overhead.bytes);
    this.itemCount = 0;
  }

  /** So many keys are remembered; beyond that the oldest are invalidated. `tracking-table-max-keys`, 0 is no limit. */
  get maxKeys(): number {
    return this.limit;
  }

  set maxKeys(limit: number) {
    this.limit = limit;
    this.trim();
  }

  private trim(): void {
    if (this.limit === 0) return;
    while (this.keys.size > this.limit) {
      const [oldest] = this.keys.keys();
      this.invalidate(oldest!, undefined);
    }
  }

  // ── what they have read ──────────────────────────────────────────────────────────────────────────────────

  /** The client has been given something of this key. */
  remember(key: ByteString, session: Session): void {
    let ids = this.keys.get(key);
    if (ids === undefined) {
      ids = new Set();
      this.keys.set(key, ids);
      this.overhead.add(KEY_BYTES + textBytes(key));
    } else if (ids.has(session.id)) return;
    ids.add(session.id);
    this.itemCount++;
    this.overhead.add(READER_BYTES);
    if (this.keys.size > this.limit) this.trim();
  }

  // ── what has changed ─────────────────────────────────────────────────────────────────────────────────────

  changed(_database: Database, key: ByteString, { category, leavesValue }: KeyEvent): void {
    if (leavesValue === true || PRELIMINARY.has(category)) return;
    const source = this.server.current;
    if (this.prefixes.size > 0) {
      this.prefixes.forEachOf(key, ({ changed }) => {
        if (!changed.has(key)) changed.set(key, source);
        if (this.isBroadcasting) return;
        this.isBroadcasting = true;
        this.server.afterServing(() => this.broadcast());
      });
    }
    this.invalidate(key, source);
  }

  private invalidate(key: ByteString, source: Session | undefined): void {
    const ids = this.keys.get(key);
    if (ids === undefined) return;
    this.keys.delete(key);
    this.itemCount -= ids.size;
    this.overhead.add(-KEY_BYTES - textBytes(key) - ids.size * READER_BYTES);
    if (this.tracking.size === 0) {
      this.reconsider();
      return;
    }
    for (const id of ids) {
      const session = this.server.sessions.get(id);
      const tracking = session?.tracking;
      // It may have gone, stopped tracking, or changed to broadcasts since it read the key.
      if (session === undefined || tracking === undefined || tracking.isBroadcast) continue;
      if (tracking.settings.noLoop && session === source) continue;
      this.later(session, [key]);
    }
  }

  /**
   * All keys of some databases go. Keys are remembered without their databases, so all of them are invalid. (SWAPDB
   * invalidates nothing, as in Redis: clients that cache do not use it.)
   */
  flushing(): void {
    this.server.keyspace.whenCommitted(() => {
      this.forgetAll();
      this.reconsider();
      for (const session of this.tracking) this.later(session, null);
    });
  }

  // ── telling ──────────────────────────────────────────────────────────────────────────────────────────────

  private later(session: Session, invalidated: Invalidated): void {
    this.untold.push({ session, invalidated });
    if (this.untold.length === 1) this.server.afterReply(() => this.tell());
  }

  private tell(): void {
    for (const { session, invalidated } of this.untold.splice(0)) this.send(session, invalidated);
  }

  private broadcast(): void {
    this.isBroadcasting = false;
    for (const [, { sessions, changed }] of this.prefixes.sorted()) {
      if (changed.size === 0) continue;
      const keys = [...changed].sort(([a], [b]) => compareBytes(a, b));
      changed.clear();
      const all = keys.map(([key]) => key);
      for (const session of [...sessions]) {
        const { access, tracking } = session;
        let heard = all;
        if (tracking?.settings.noLoop) {
          heard = keys.filter(([, source]) => source !== session).map(([key]) => key);
        }
        // What a user may not read, it does not hear of: names of keys tell something too (Redis 8.10).
        if (access.isGuarded) heard = heard.filter((key) => access.user.mayRead(key));
        if (heard.length > 0) this.send(session, heard);
      }
    }
  }

  /** Tells a client, or whom it redirects to. */
  private send(session: Session, invalidated: Invalidated): void {
    const { tracking } = session;
    if (tracking === undefined) return;
    const { redirectId } = tracking;
    if (redirectId === 0) {
      if (session.protocol === 3) session.send((sink) => writePush(sink, invalidated));
      return;
    }
    const target = this.server.sessions.get(redirectId);
    if (target === undefined) {
      tracking.isRedirectBroken = true;
      if (session.protocol === 3) session.send((sink) => writeBroken(sink, redirectId));
    } else if (target.protocol === 3) target.send((sink) => writePush(sink, invalidated));
    else if (target.isSubscribed) target.send((sink) => writeMessage(sink, invalidated));
  }

  /** For tests: throws if an invariant does not hold. O(n). */
  checkInvariants(): void {
    let items = 0;
    for (const ids of this.keys.values()) {
      if (ids.size === 0) throw new Error('nobody has read a remembered key');
      items += ids.size;
    }
    let bytes = items * READER_BYTES;
    for (const key of this.keys.keys()) bytes += KEY_BYTES + textBytes(key);
    if (bytes !== this.overhead.bytes) throw new Error(`bytes ${this.overhead.bytes}, but ${bytes}`);
    if (items !== this.itemCount) throw new Error(`itemCount ${this.itemCount}, but ${items} items`);
    for (const [prefix, { sessions }] of this.prefixes.sorted()) {
      if (sessions.size === 0) throw new Error(`nobody hears of ${JSON.stringify(prefix)}`);
      for (const session of sessions) {
        if (!session.tracking?.prefixes.has(prefix)) throw new Error('a client does not know its prefix');
      }
    }
    if (this.isObserving !== (this.tracking.size > 0 || this.keys.size > 0)) {
      throw new Error('it observes, or not, without a reason');
    }
  }
}

function writePush(sink: ReplySink, invalidated: Invalidated): void {
  sink.push(2);
  sink.bulk('invalidate');
  writeKeys(sink, invalidated);
}

function writeMessage(sink: ReplySink, invalidated: Invalidated): void {
  sink.push(3);
  sink.bulk('message');
  sink.bulk(INVALIDATE_CHANNEL);
  writeKeys(sink, invalidated);
}

function writeBroken(sink: ReplySink, redirectId: number): void {
  sink.push(2);
  sink.bulk('tracking-redir-broken');
  sink.integer(redirectId);
}

function writeKeys(sink: ReplySink, invalidated: Invalidated): void {
  if (invalidated === null) {
    sink.nil();
    return;
  }
  sink.array(invalidated.length);
  for (const key of invalidated) sink.bulk(key);
}
