import type { ByteString, Bytes } from '../bytes/byte-string.ts';
import { textBytes } from '../bytes/text-bytes.ts';
import { errors } from '../errors.ts';
import { Entry, NEVER, type Stored, type ValueKind } from './entry.ts';
import { events, type KeyEvent } from './events.ts';
import type { AccessTracker } from './eviction/access-tracker.ts';
import { Candidates } from './eviction/candidates.ts';
import type { SavedKey } from './journal.ts';
import { KeyTimer } from './key-timer.ts';
import type { Keyspace } from './keyspace.ts';
import type { Subkeys } from './observer.ts';
import { ScanOrder } from './scan-order.ts';

/** Where a key's timer finds the database that the key is in, whichever that is after a SWAPDB. */
export interface Home {
  database: Database;
  /** How many hashes have fields that expire. */
  expiringHashCount: number;
}

/**
 * One numbered database: keys and what they hold.
 *
 * Invariants:
 *
 * 1. A value in {@link map} is a bare string (well-formed text, no TTL) or an {@link Entry}.
 * 2. {@link entryCount} is the number of entries in the map. While it is zero a write needs no look at what it overwrites.
 * 3. An entry's timer is scheduled exactly while the entry has an expiry and is in the map.
 * 4. No container in the map is empty.
 * 5. Whatever is written goes through {@link changed}.
 * 6. While {@link hasOnlyTextKeys}, every key is well-formed. What is found under a caller's string is then what that
 *    string means, and the string need not be looked through.
 */
export class Database {
  readonly keyspace: Keyspace;
  readonly index: number;
  /** Exchanged by SWAPDB, like all that follows. */
  map = new Map<ByteString, Stored>();
  entryCount = 0;
  /** How many keys have an expiry. */
  expiringCount = 0;
  /** Whether no key is other than well-formed text. Never true again once it was false, until all is cleared. */
  hasOnlyTextKeys = true;
  private scanOrder: ScanOrder | undefined = undefined;
  /** What the keys count for in {@link Keyspace.memory}. */
  countedBytes = 0;
  /** What eviction draws its samples from, while it needs that. */
  candidates: Candidates | undefined = undefined;
  /** What timers hold on to: it goes with the keys. */
  home: Home = { database: this, expiringHashCount: 0 };

  constructor(keyspace: Keyspace, index: number) {
    this.keyspace = keyspace;
    this.index = index;
  }

  /** How many keys there are, those included that have expired and were not yet removed. */
  get size(): number {
    return this.map.size;
  }

  // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────

  /** What the key holds, or `undefined`. An expired key is removed on the way. */
  find(key: ByteString): Stored | undefined {
    const found = this.map.get(key);
    if (found === undefined || typeof found === 'string') return found;
    return this.live(key, found);
  }

  /** {@link find} where the command has asked for the time already: that costs more than the finding. */
  findAt(key: ByteString, nowMs: number): Stored | undefined {
    const found = this.map.get(key);
    if (found === undefined || typeof found === 'string' || found.expiresAtMs === NEVER) return found;
    return this.isExpired(key, found, nowMs) ? undefined : found;
  }

  /** The entry just found under the key, unless its time is over: then it is removed. */
  live(key: ByteString, entry: Entry): Entry | undefined {
    return entry.expiresAtMs !== NEVER && this.isExpired(key, entry, this.keyspace.now()) ? undefined : entry;
  }

  /** Removes the entry if its time is over. */
  private isExpired(key: ByteString, entry: Entry, nowMs: number): boolean {
    if (nowMs < entry.expiresAtMs) return false;
    this.expire(key, entry);
    return true;
  }

  has(key: ByteString): boolean {
    return this.find(key) !== undefined;
  }

  /**
   * The value of this kind under the key, or `undefined` if there is none.
   *
   * @throws ReplyError WRONGTYPE if the key holds another kind of value.
   */
  get<T>(key: ByteString, kind: ValueKind<T>): T | undefined {
    const found = this.map.get(key);
    if (found === undefined) return undefined;
    if (typeof found === 'string') throw errors.wrongType();
    if (this.live(key, found) === undefined) return undefined;
    if (found.kind !== kind) throw errors.wrongType();
    return found.value as T;
  }

  /**
   * {@link get} for a command that may change the value in place. In a transaction it is copied first.
   *
   * @throws ReplyError WRONGTYPE if the key holds another kind of value.
   */
  getForWrite<T>(key: ByteString, kind: ValueKind<T>): T | undefined {
    const value = this.get(key, kind);
    if (value !== undefined) this.beforeChangeInPlace(key);
    return value;
  }

  /** Like {@link getForWrite}, but puts what `create` makes under the key if there is nothing. */
  getOrCreate<T>(key: ByteString, kind: ValueKind<T>, create: () => T): T {
    const value = this.getForWrite(key, kind);
    if (value !== undefined) return value;
    const created = create();
    this.put(key, new Entry(kind, created));
    return created;
  }

  /** {@link find} for a command that reads, and tells of a key that is not there. */
  findToRead(key: ByteString): Stored | undefined {
    const found = this.find(key);
    if (found === undefined) return this.missed(key);
    this.hit(found);
    return found;
  }

  /** A command that reads has found this. */
  hit(found: Stored): void {
    const { keyspace } = this;
    keyspace.hitCount++;
    if (keyspace.access !== undefined && typeof found === 'object') keyspace.access.read(found);
  }

  /**
   * {@link get} for a command that reads, and tells of a key that is not there.
   *
   * @throws ReplyError WRONGTYPE if the key holds another kind of value.
   */
  getToRead<T>(key: ByteString, kind: ValueKind<T>): T | undefined {
    const found = this.findToRead(key);
    if (found === undefined) return undefined;
    if (typeof found === 'string' || found.kind !== kind) throw errors.wrongType();
    return found.value as T;
  }

  /** A command that reads did not find the key. With nobody who wants to know, that is one comparison. */
  missed(key: ByteString): undefined {
    this.keyspace.missCount++;
    if (this.keyspace.missesObserved) this.keyspace.announceMiss(this, key);
  }

  /** Unix milliseconds, {@link NEVER} without an expiry, `undefined` without the key, of which it tells. */
  expiryToRead(key: ByteString): number | undefined {
    const found = this.findToRead(key);
    if (found === undefined) return undefined;
    return typeof found === 'string' ? NEVER : found.expiresAtMs;
  }

  // ── writing (the caller then says so with `changed`) ─────────────────────────────────────────────────────

  /**
   * Called before the key is made to hold something else, or its entry another value or expiry; the methods below do so
   * themselves. Here a transaction remembers what there was. O(1).
   */
  beforeChange(key: ByteString): void {
    this.keyspace.journal?.save(this, key);
  }

  /** Called before the value under the key is changed in place. O(1); in a transaction O(n of the value), once. */
  beforeChangeInPlace(key: ByteString): void {
    this.keyspace.journal?.saveValue(this, key);
  }

  /** Makes the key hold this text and nothing else: no TTL, whatever was there before. */
  putText(key: ByteString, text: string): void {
    this.beforeChange(key);
    if (this.keyspace.isMetered) {
      this.putMeteredText(key, text);
      return;
    }
    const map = this.map;
    if (this.entryCount !== 0) {
      const old = map.get(key);
      if (typeof old === 'object') this.letGo(old);
    }
    const sizeBefore = map.size;
    map.set(key, text);
    if (map.size !== sizeBefore) this.added(key, text);
  }

  /** {@link putText} for a key that has just been found to hold text without a TTL. */
  replaceText(key: ByteString, text: string): void {
    this.beforeChange(key);
    if (this.keyspace.isMetered) this.putMeteredText(key, text);
    else this.map.set(key, text);
  }

  /** {@link putText} where somebody wants to know what there was before. */
  private putMeteredText(key: ByteString, text: string): void {
    const { map } = this;
    const { memory, access } = this.keyspace;
    const old = map.get(key);
    if (access !== undefined) {
      this.put(key, access.textEntry(text));
      return;
    }
    if (typeof old === 'object') this.letGo(old);
    map.set(key, text);
    if (old === undefined) this.added(key, text);
    else memory!.add(this, textBytes(text) - (typeof old === 'string' ? textBytes(old) : 0));
  }

  /**
   * A whole SET for the usual case: a string as it came from the caller, text, no entry that would have to be let go,
   * and nobody who wants to know. O(1), and about what `Map.set` costs.
   *
   * @returns false if this is another case; nothing is changed then
   */
  setPlainly(key: string, text: string): boolean {
    if (this.entryCount !== 0 || !this.hasOnlyTextKeys || this.keyspace.observed) return false;
    const map = this.map;
    const sizeBefore = map.size;
    map.set(key, text);
    if (map.size !== sizeBefore) {
      if (!key.isWellFormed()) {
        map.delete(key);
        return false;
      }
      this.scanOrder?.add(key, map);
    }
    this.keyspace.dirty++;
    return true;
  }

  /** Makes the key hold this entry. The entry may come with an expiry of its own (from elsewhere), else it has none. */
  put(key: ByteString, entry: Entry): void {
    this.beforeChange(key);
    const old = this.map.get(key);
    if (typeof old === 'object') {
      entry.access = old.access;
      this.letGo(old);
    }
    this.map.set(key, entry);
    this.entryCount++;
    this.candidates?.add(key, entry);
    if (entry.expiresAtMs !== NEVER) {
      this.expiringCount++;
      this.schedule(key, entry, entry.expiresAtMs);
    }
    entry.kind.adopt?.(entry.value, this.home, key);
    if (old === undefined) this.added(key, entry);
  }

  private added(key: ByteString, stored: Stored): void {
    this.keyspace.memory?.joined(this, key, stored);
    if (this.hasOnlyTextKeys && !key.isWellFormed()) this.hasOnlyTextKeys = false;
    this.scanOrder?.add(key, this.map);
    if (this.keyspace.observed) this.keyspace.announce(this, key, events.new);
  }

  /** Takes the key out of the map and says nothing of it. */
  remove(key: ByteString): Stored | undefined {
    const old = this.map.get(key);
    if (old === undefined) return undefined;
    this.beforeChange(key);
    if (typeof old === 'object') this.letGo(old);
    this.keyspace.memory?.left(this, key, old);
    this.map.delete(key);
    return old;
  }

  /** An entry leaves the map, or another takes its place. */
  private letGo(entry: Entry): void {
    this.entryCount--;
    if (entry.expiresAtMs !== NEVER) {
      this.expiringCount--;
      this.keyspace.wheel.cancel(entry.timer!);
    }
    entry.kind.discard?.(entry.value);
    this.candidates?.remove(entry);
    this.keyspace.memory?.release(this, entry);
  }

  /**
   * Deletes a live key as DEL does, its event included.
   *
   * @returns whether there was one
   */
  delete(key: ByteString): boolean {
    if (this.find(key) === undefined) return false;
    this.remove(key);
    this.changed(key, events.del);
    return true;
  }

  /** What the key holds, as an entry: a bare string becomes one on the way. */
  entryOf(key: ByteString, found: Stored, stringKind: ValueKind<unknown>): Entry {
    if (typeof found === 'object') return found;
    this.beforeChange(key);
    const entry = new Entry(stringKind, found);
    this.map.set(key, entry);
    this.entryCount++;
    return entry;
  }

  // ── expiry ───────────────────────────────────────────────────────────────────────────────────────────────

  /** Sets the entry to expire at this Unix time in milliseconds, or never. The entry is in the map under this key. */
  setExpiry(key: ByteString, entry: Entry, atMs: number): void {
    this.beforeChange(key);
    if (entry.expiresAtMs === NEVER) {
      if (atMs === NEVER) return;
      this.expiringCount++;
    } else if (atMs === NEVER) {
      this.expiringCount--;
      entry.expiresAtMs = NEVER;
      this.keyspace.wheel.cancel(entry.timer!);
      if (this.candidates?.isVolatile === true) this.candidates.remove(entry);
      return;
    }
    entry.expiresAtMs = atMs;
    if (entry.slot < 0) this.candidates?.add(key, entry);
    this.schedule(key, entry, atMs);
  }

  private schedule(key: ByteString, entry: Entry, atMs: number): void {
    let timer = entry.timer;
    if (timer === undefined) {
      timer = new KeyTimer(this.home, key, entry);
      entry.timer = timer;
    } else {
      timer.home = this.home;
      timer.key = key;
    }
    this.keyspace.schedule(timer, atMs);
  }

  /** Removes a key whose time is over. */
  expire(key: ByteString, entry: Entry): void {
    if (this.map.get(key) !== entry) return;
    this.remove(key);
    this.keyspace.expiredCount++;
    if (this.changed(key, events.expired)) this.effect('DEL', key);
  }

  // ── telling ──────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * The one way in which a write becomes known. Call it after the change, once per event.
   *
   * @param subkeys the field of a hash to which it happened, or several
   * @returns whether somebody records effects; only then the caller builds one and hands it to {@link effect}
   */
  changed(key: ByteString, event: KeyEvent, subkeys?: Subkeys): boolean {
    const keyspace = this.keyspace;
    keyspace.dirty++;
    if (!keyspace.observed) return false;
    return keyspace.announce(this, key, event, subkeys);
  }

  /**
   * {@link changed} for a change of which Redis tells nobody: it wakes nobody, breaks no WATCH and is no event, but it
   * counts, and is recorded (what happens in a consumer group).
   */
  changedSilently(key: ByteString): boolean {
    this.keyspace.dirty++;
    return this.keyspace.recordsSilently(this, key);
  }

  /**
   * After a key was made to hold something else, whatever command did it. Said before the command's own event; RENAME
   * and COPY say it last.
   */
  overwritten(key: ByteString, oldType: string, newType: string): void {
    if (!this.keyspace.observed) return;
    this.keyspace.announce(this, key, events.overwritten);
    if (oldType !== newType) this.keyspace.announce(this, key, events.typeChanged);
  }

  /** After a write that may have emptied a container: its key goes, and `del` is told. */
  removeIfEmpty<T>(key: ByteString, kind: ValueKind<T>, value: T): boolean {
    if (!kind.isEmpty(value)) return false;
    this.remove(key);
    if (this.keyspace.observed) this.keyspace.announce(this, key, events.del);
    return true;
  }

  /** Hands the deterministic command that repeats a change to whoever records it. Only after {@link changed} said so. */
  effect(...command: Bytes[]): void {
    this.keyspace.record(this, command);
  }

  /** The same for a command of any length: an array may have more elements than a call can have arguments. */
  effectOf(command: readonly Bytes[]): void {
    this.keyspace.record(this, command);
  }

  // ── walking ──────────────────────────────────────────────────────────────────────────────────────────────

  /** One step of SCAN: see {@link ScanOrder.scan}. Visits live keys only. */
  scan(cursor: number, count: number, visit: (key: ByteString, stored: Stored) => void): number {
    this.scanOrder ??= new ScanOrder(this.map.keys());
    return this.scanOrder.scan(cursor, count, (key) => {
      const stored = this.find(key);
      if (stored !== undefined) visit(key, stored);
    });
  }

  /** A live key, each with about the same chance, or `undefined` if there is none. Expected O(1), amortised. */
  randomKey(): ByteString | undefined {
    this.scanOrder ??= new ScanOrder(this.map.keys());
    for (let misses = 0; this.map.size > 0; misses++) {
      // At least half of the records live, so chance alone does not miss so often: a source that repeats itself does.
      this.scanOrder.tidy(this.map, misses % MISSES_IN_A_ROW === MISSES_IN_A_ROW - 1);
      const key = this.scanOrder.pick(this.keyspace.random);
      if (key !== undefined && this.find(key) !== undefined) return key;
    }
    return undefined;
  }

  /** Gives another database all keys and takes its own, with their timers. O(1). */
  exchange(other: Database): void {
    [this.map, other.map] = [other.map, this.map];
    [this.entryCount, other.entryCount] = [other.entryCount, this.entryCount];
    [this.expiringCount, other.expiringCount] = [other.expiringCount, this.expiringCount];
    [this.hasOnlyTextKeys, other.hasOnlyTextKeys] = [other.hasOnlyTextKeys, this.hasOnlyTextKeys];
    [this.scanOrder, other.scanOrder] = [other.scanOrder, this.scanOrder];
    [this.candidates, other.candidates] = [other.candidates, this.candidates];
    [this.home, other.home] = [other.home, this.home];
    this.home.database = this;
    other.home.database = other;
  }

  /** Puts all text into entries, and has all entries be followed from now on. O(keys). */
  wrapTexts(tracker: AccessTracker): void {
    for (const [key, stored] of this.map) {
      if (typeof stored === 'object') {
        tracker.start(stored);
        continue;
      }
      const entry = tracker.textEntry(stored);
      tracker.start(entry);
      this.map.set(key, entry);
      this.entryCount++;
      this.keyspace.memory?.wrapped(this, stored, entry);
    }
  }

  /** Gathers in it what eviction may draw, and keeps it so. O(entries). */
  keepCandidates(candidates: Candidates | undefined): void {
    this.candidates = candidates;
    for (const [key, stored] of this.map) {
      if (typeof stored === 'string') continue;
      stored.slot = -1;
      candidates?.add(key, stored);
    }
  }

  /** Removes everything and says nothing of it. */
  clear(): void {
    if (this.entryCount > 0)
      for (const stored of this.map.values()) if (typeof stored === 'object') this.letGo(stored);
    this.map.clear();
    this.hasOnlyTextKeys = true;
    this.scanOrder = undefined;
  }

  // ── undoing (for the journal of a transaction, and nobody else) ──────────────────────────────────────────

  /** What brings back the order of SCAN, and what is known of the keys in general. The keys must be back by then. */
  saveOrder(): () => void {
    const { scanOrder, hasOnlyTextKeys } = this;
    const restoreOrder = scanOrder?.save();
    return () => {
      restoreOrder?.();
      this.scanOrder = scanOrder;
      this.hasOnlyTextKeys = hasOnlyTextKeys;
    };
  }

  /** The first half of bringing a key back: what it holds now is let go of, and stays in the map for the moment. */
  release(key: ByteString): void {
    const stored = this.map.get(key);
    if (typeof stored === 'object') this.letGo(stored);
  }

  /** The second half: the key holds again what was saved. */
  restore(key: ByteString, saved: SavedKey): void {
    const { stored } = saved;
    if (stored === undefined) {
      this.map.delete(key);
      return;
    }
    this.map.set(key, stored);
    if (typeof stored === 'string') return;
    this.entryCount++;
    stored.value = saved.makeValue === undefined ? saved.value : saved.makeValue();
    stored.expiresAtMs = saved.expiresAtMs;
    this.candidates?.add(key, stored);
    if (stored.expiresAtMs !== NEVER) {
      this.expiringCount++;
      this.schedule(key, stored, stored.expiresAtMs);
    }
    stored.kind.adopt?.(stored.value, this.home, key);
  }

  /**
   * {@link clear}, but everything is only put aside. O(1).
   *
   * @returns what puts it back (with nothing else in the database), and what lets go of it for good, O(entries)
   */
  setAside(): { putBack: () => void; drop: () => void } {
    const { map, entryCount, expiringCount, hasOnlyTextKeys, scanOrder, candidates } = this;
    this.map = new Map();
    this.entryCount = 0;
    this.expiringCount = 0;
    this.hasOnlyTextKeys = true;
    this.scanOrder = undefined;
    if (candidates !== undefined) this.candidates = new Candidates(candidates.isVolatile);
    return {
      putBack: () => {
        this.map = map;
        this.entryCount = entryCount;
        this.expiringCount = expiringCount;
        this.hasOnlyTextKeys = hasOnlyTextKeys;
        this.scanOrder = scanOrder;
        this.candidates = candidates;
      },
      drop: () => {
        if (entryCount === 0) return;
        for (const stored of map.values()) {
          if (typeof stored === 'string') continue;
          if (stored.expiresAtMs !== NEVER) this.keyspace.wheel.cancel(stored.timer!);
          stored.kind.discard?.(stored.value);
        }
      },
    };
  }

  /** For tests: throws if an invariant does not hold. O(n). */
  checkInvariants(): void {
    let entries = 0;
    let expiring = 0;
    for (const [key, stored] of this.map) {
      if (this.hasOnlyTextKeys && !key.isWellFormed())
        throw new Error(`key ${JSON.stringify(key)} is no text`);
      if (typeof stored === 'string') {
        if (!stored.isWellFormed()) throw new Error(`bare value of ${JSON.stringify(key)} is no text`);
        continue;
      }
      entries++;
      if (stored.kind.isEmpty(stored.value)) throw new Error(`${JSON.stringify(key)} is empty`);
      if (stored.expiresAtMs === NEVER) continue;
      expiring++;
      if (stored.timer?.key !== key || stored.timer.home !== this.home)
        throw new Error('a timer points elsewhere');
    }
    const { candidates } = this;
    candidates?.checkInvariants(this.map, candidates.isVolatile ? expiring : entries);
    if (entries !== this.entryCount) throw new Error(`entryCount ${this.entryCount}, but ${entries} entries`);
    if (expiring !== this.expiringCount)
      throw new Error(`expiringCount ${this.expiringCount}, but ${expiring}`);
  }
}

/** So many records of dead keys one after the other, and RANDOMKEY drops them all. */
const MISSES_IN_A_ROW = 64;
