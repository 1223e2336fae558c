import type { ByteString } from '../bytes/byte-string.ts';
import type { Database } from './database.ts';
import { NEVER } from './entry.ts';
import type { KeyEvent } from './events.ts';
import type { Keyspace } from './keyspace.ts';
import type { Observer } from './observer.ts';

/** Somebody who wants to know whether keys stay as they are: a connection that has said WATCH, or typed code. */
export interface Watcher {
  /** Whether a watched key has changed. Set by {@link WatchedKeys}, for good until it watches nothing any more. */
  touched: boolean;
}

interface WatchedKey {
  readonly database: Database;
  readonly key: ByteString;
}

/**
 * Who watches which keys: the bookkeeping of WATCH. A watched key belongs to the numbered database in which it was
 * watched, whatever is selected later; SWAPDB changes what it holds.
 *
 * Invariants:
 *
 * 1. `watchers.get(d)?.get(k)` has a watcher exactly if `keysOf.get(watcher)` has `d` and `k`, once. No such map or set
 *    is empty.
 * 2. A watcher that is touched watches nothing: it cannot be touched any more.
 * 3. It observes the keyspace exactly while a key is watched, so that nobody pays for it otherwise.
 * 4. A watched key that has expired was alive when it was watched, or came later: one found to have expired by then is
 *    removed. So if it is still there when the transaction is about to be executed, it has changed.
 */
export class WatchedKeys implements Observer {
  private readonly keyspace: Keyspace;
  private readonly watchers = new Map<Database, Map<ByteString, Set<Watcher>>>();
  private readonly keysOf = new Map<Watcher, WatchedKey[]>();

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
  }

  /** How many watchers there are that have not been touched. */
  get size(): number {
    return this.keysOf.size;
  }

  /** From now on, any change of the key marks the watcher. The same key twice is once. O(1). */
  watch(database: Database, key: ByteString, watcher: Watcher): void {
    // A key whose time is over counts as absent. This removes it.
    database.has(key);
    if (watcher.touched) return;
    if (this.keysOf.size === 0) this.keyspace.observe(this);
    let watched = this.watchers.get(database);
    if (watched === undefined) {
      watched = new Map();
      this.watchers.set(database, watched);
    }
    let watchers = watched.get(key);
    if (watchers === undefined) {
      watchers = new Set();
      watched.set(key, watchers);
    }
    if (watchers.has(watcher)) return;
    watchers.add(watcher);
    const keys = this.keysOf.get(watcher);
    if (keys === undefined) this.keysOf.set(watcher, [{ database, key }]);
    else keys.push({ database, key });
  }

  /** Whether a key of this watcher has changed, or its time is over though nobody has noticed yet. O(keys watched). */
  isTouched(watcher: Watcher): boolean {
    if (watcher.touched) return true;
    const { keyspace } = this;
    return (
      this.keysOf.get(watcher)?.some(({ database, key }) => {
        const stored = database.map.get(key);
        if (typeof stored !== 'object' || stored.expiresAtMs === NEVER) return false;
        return stored.expiresAtMs <= keyspace.now();
      }) === true
    );
  }

  /** How many keys this watcher watches: none, once it is touched. O(1). */
  countOf(watcher: Watcher): number {
    return this.keysOf.get(watcher)?.length ?? 0;
  }

  /** Watches none of its keys any more, and forgets that one changed: UNWATCH, and what EXEC does in any case. */
  unwatchAll(watcher: Watcher): void {
    this.drop(watcher);
    watcher.touched = false;
  }

  private drop(watcher: Watcher): void {
    const keys = this.keysOf.get(watcher);
    if (keys === undefined) return;
    this.keysOf.delete(watcher);
    for (const { database, key } of keys) {
      const watched = this.watchers.get(database)!;
      const watchers = watched.get(key)!;
      watchers.delete(watcher);
      if (watchers.size > 0) continue;
      watched.delete(key);
      if (watched.size === 0) this.watchers.delete(database);
    }
    if (this.keysOf.size === 0) this.keyspace.unobserve(this);
  }

  // ── observing ────────────────────────────────────────────────────────────────────────────────────────────

  changed(database: Database, key: ByteString, event: KeyEvent): void {
    if (event.leavesValue === undefined) this.touch(database, key);
  }

  /** Only keys that are there change by it: in one of the databases, if they are exchanged. O(keys watched there). */
  flushing(databases: readonly Database[]): void {
    const changing: WatchedKey[] = [];
    for (const database of databases) {
      for (const key of this.watchers.get(database)?.keys() ?? []) {
        if (database.map.has(key)) changing.push({ database, key });
      }
    }
    this.touchLater(changing);
  }

  /** Two databases are about to change places: what is in neither does not change. O(keys watched there). */
  exchanging(first: Database, second: Database): void {
    const changing: WatchedKey[] = [];
    const look = (database: Database, other: Database): void => {
      for (const key of this.watchers.get(database)?.keys() ?? []) {
        if (database.map.has(key) || isLive(other, key)) changing.push({ database, key });
      }
    };
    look(first, second);
    look(second, first);
    this.touchLater(changing);
  }

  private touchLater(changing: readonly WatchedKey[]): void {
    if (changing.length === 0) return;
    this.keyspace.whenCommitted(() => {
      for (const { database, key } of changing) this.touch(database, key);
    });
  }

  private touch(database: Database, key: ByteString): void {
    const watchers = this.watchers.get(database)?.get(key);
    if (watchers === undefined) return;
    for (const watcher of [...watchers]) {
      watcher.touched = true;
      this.drop(watcher);
    }
  }

  /** For tests: throws if an invariant does not hold. O(keys watched). */
  checkInvariants(): void {
    let registered = 0;
    for (const watched of this.watchers.values()) {
      if (watched.size === 0) throw new Error('a database without watched keys');
      for (const watchers of watched.values()) {
        if (watchers.size === 0) throw new Error('a key without watchers');
        registered += watchers.size;
      }
    }
    for (const [watcher, keys] of this.keysOf) {
      if (watcher.touched) throw new Error('a touched watcher watches');
      if (keys.length === 0) throw new Error('a watcher without keys');
      registered -= keys.length;
      for (const { database, key } of keys) {
        if (this.watchers.get(database)?.get(key)?.has(watcher) !== true) throw new Error('not registered');
      }
    }
    if (registered !== 0) throw new Error('a key is watched by somebody unknown');
  }
}

function isLive(database: Database, key: ByteString): boolean {
  const stored = database.map.get(key);
  if (typeof stored !== 'object') return stored !== undefined;
  return stored.expiresAtMs === NEVER || stored.expiresAtMs > database.keyspace.now();
}

const ofKeyspace = new WeakMap<Keyspace, WatchedKeys>();

/** The watched keys of a keyspace, made when they are first asked for: most keyspaces never need them. */
export function watchedKeysOf(keyspace: Keyspace): WatchedKeys {
  let watchedKeys = ofKeyspace.get(keyspace);
  if (watchedKeys === undefined) {
    watchedKeys = new WatchedKeys(keyspace);
    ofKeyspace.set(keyspace, watchedKeys);
  }
  return watchedKeys;
}
