import type { ByteString, Bytes } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import { checkDatabase } from './database-invariants.ts';
import { Entry, NEVER, type Stored, type ValueKind } from './entry.ts';
import { events, type KeyEvent } from './events.ts';
import type { Candidates } from './eviction/candidates.ts';
import { type TextSlot, TextSlots } from './eviction/text-slots.ts';
import { accessOf, note, usedForWrite } from './eviction/uses.ts';
import type { Home } from './home.ts';
import { KeyTimer } from './key-timer.ts';
import type { Keyspace } from './keyspace.ts';
import { putMeteredText, setMetered } from './memory/metered-text.ts';
import type { TableRoom } from './memory/table-room.ts';
import type { Subkeys } from './observer.ts';
import { ScanOrder } from './scan-order.ts';

/** What stands in the map beside a key: what the key holds or, while uses of texts are noted, where its text is. */
export type Held = Stored | TextSlot;

/**
 * One numbered database: keys and what they hold.
 *
 * Invariants:
 *
 * 1. A value in {@link map} is a bare string (well-formed text, no TTL) or an {@link Entry}; while there are {@link texts},
 *    a slot of theirs instead of a bare string.
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
  map = new Map<ByteString, Held>();
  entryCount = 0;
  /** How many keys have an expiry. */
  expiringCount = 0;
  /** Whether no key is other than well-formed text. Never true again once it was false, until all is cleared. */
  hasOnlyTextKeys = true;
  /** Only for what undoes a transaction, and eviction. */
  scanOrder: ScanOrder | undefined = undefined;
  /** What the keys count for in {@link Keyspace.memory}. */
  countedBytes = 0;
  /** What the tables take in which the keys are, while somebody counts. */
  tableRoom: TableRoom | undefined = undefined;
  /** The texts whose uses are noted, while a policy asks for that. */
  texts: TextSlots | undefined = undefined;
  /** The entries that eviction draws its samples from, while it needs that. */
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
    const held = this.map.get(key);
    return typeof held === 'object' ? this.live(key, held) : this.storedOf(held);
  }

  /** What that means which stands in the map. */
  storedOf(held: Held | undefined): Stored | undefined {
    return typeof held === 'number' ? this.texts!.texts[held]! : held;
  }

  /** {@link find} where the command has asked for the time already: that costs more than the finding. */
  findAt(key: ByteString, nowMs: number): Stored | undefined {
    const held = this.map.get(key);
    if (typeof held !== 'object' || held.expiresAtMs === NEVER) return this.storedOf(held);
    return this.isExpired(key, held, nowMs) ? undefined : held;
  }

  /** The entry just found under the key, unless its time is over: then it is removed. */
  live(key: ByteString, entry: Entry): Entry | undefined {
    return entry.expiresAtMs !== NEVER && this.isExpired(key, entry, this.keyspace.now()) ? undefined : entry;
  }

  /** Removes the entry if its time is over. */
  private isExpired(key: ByteString, entry: Entry, nowMs: number): boolean {
    if (nowMs < entry.expiresAtMs || this.keyspace.isLoading) return false;
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
    if (typeof found !== 'object') throw errors.wrongType();
    if (this.live(key, found) === undefined) return undefined;
    if (found.kind !== kind) throw errors.wrongType();
    return found.value as T;
  }

  /** {@link get} for a command that may change the value in place. In a transaction it is copied first. */
  getForWrite<T>(key: ByteString, kind: ValueKind<T>): T | undefined {
    const found = this.findForWrite(key);
    if (found === undefined) return undefined;
    if (typeof found === 'string' || found.kind !== kind) throw errors.wrongType();
    this.beforeChangeInPlace(key);
    return found.value as T;
  }

  /** {@link find} for a command that may change what the key holds: it uses it, whether it then does so or not. */
  findForWrite(key: ByteString): Stored | undefined {
    const found = this.find(key);
    usedForWrite(this, key);
    return found;
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
    const held = this.map.get(key);
    if (typeof held === 'number') return this.readText(held);
    const found = typeof held === 'object' ? this.live(key, held) : held;
    if (found === undefined) return this.missed(key);
    const { keyspace } = this;
    keyspace.hitCount++;
    if (keyspace.access !== undefined && typeof found === 'object')
      found.access = keyspace.access.read(found.access);
    return found;
  }

  /** A command that reads has found this text. */
  readText(slot: TextSlot): string {
    const { keyspace } = this;
    const { access, texts } = this.texts!;
    keyspace.hitCount++;
    access[slot] = keyspace.access!.read(access[slot]!);
    return texts[slot]!;
  }

  /** {@link get} for a command that reads, and tells of a key that is not there. */
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

  // ── writing (the caller then says so with `changed`) ─────────────────────────────────────────────────────

  /**
   * Called before the key is made to hold something else, or its entry another value or expiry; the methods below do so
   * themselves. Here a transaction remembers what there was. O(1).
   */
  beforeChange(key: ByteString): void {
    this.keyspace.keeper?.save(this, key);
  }

  /** Called before the value under the key is changed in place. O(1); in a transaction O(n of the value), once. */
  beforeChangeInPlace(key: ByteString): void {
    this.keyspace.keeper?.saveValue(this, key);
  }

  /**
   * Makes the key hold this text and nothing else: no TTL, whatever was there before.
   *
   * @param access what was noted of its uses elsewhere, if it comes from there
   */
  putText(key: ByteString, text: string, access = 0): void {
    this.beforeChange(key);
    const map = this.map;
    if (this.keyspace.isMetered) {
      putMeteredText(this, key, text, map.get(key), access);
      return;
    }
    if (this.entryCount !== 0) {
      const old = map.get(key);
      if (typeof old === 'object') this.letGo(old);
    }
    const sizeBefore = map.size;
    map.set(key, text);
    if (map.size !== sizeBefore) this.added(key);
  }

  /** {@link putText} for a key that has just been found to hold this text without a TTL. */
  replaceText(key: ByteString, old: string, text: string): void {
    this.beforeChange(key);
    if (this.texts === undefined) this.map.set(key, text);
    else this.texts.texts[this.map.get(key) as TextSlot] = text;
    this.keyspace.memory?.replacedText(this, old, text);
  }

  /**
   * A whole SET for the usual case: a string as it came from the caller, text, no entry that would have to be let go,
   * and nobody who wants to know. O(1), and about what `Map.set` costs.
   *
   * @returns false if this is another case; nothing is changed then
   */
  setPlainly(key: string, text: string): boolean {
    if (this.entryCount !== 0 || !this.hasOnlyTextKeys || this.keyspace.observed)
      return this.keyspace.isOnlyMetered && setMetered(this, key, text);
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
    const held = this.map.get(key);
    const old = this.storedOf(held);
    const oldAccess = accessOf(this, held);
    this.vacate(held);
    this.map.set(key, entry);
    this.entryCount++;
    if (entry.expiresAtMs !== NEVER) {
      this.expiringCount++;
      this.schedule(key, entry, entry.expiresAtMs);
    }
    entry.kind.adopt?.(entry.value, this.home, key);
    if (old === undefined) this.added(key);
    const { memory, access } = this.keyspace;
    this.candidates?.add(key, entry);
    memory?.replaced(this, key, old, entry);
    if (access !== undefined) entry.access = access.placed(entry.access, key, oldAccess);
  }

  /** What stands in the map goes; something else takes its place, or the key goes too. */
  vacate(held: Held | undefined): void {
    if (typeof held === 'object') this.letGo(held);
    else if (typeof held === 'number') this.texts!.remove(held, this.map);
  }

  /** The map has got this key, in which it was not before. Only for what is part of the database besides. */
  added(key: ByteString): void {
    if (this.hasOnlyTextKeys && !key.isWellFormed()) this.hasOnlyTextKeys = false;
    this.scanOrder?.add(key, this.map);
    this.tableRoom?.added(this);
    const { keyspace } = this;
    if (keyspace.observed && !keyspace.isOnlyMetered) keyspace.announce(this, key, events.new);
  }

  /** Takes the key out of the map and says nothing of it. */
  remove(key: ByteString): Stored | undefined {
    const held = this.map.get(key);
    const old = this.storedOf(held);
    if (old === undefined) return undefined;
    this.beforeChange(key);
    this.map.delete(key);
    this.vacate(held);
    this.keyspace.memory?.left(this, key, old);
    this.tableRoom?.deleted(this);
    return old;
  }

  /** An entry leaves the map, or another takes its place. Only for what undoes a transaction besides. */
  letGo(entry: Entry): void {
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
    const held = this.map.get(key);
    entry.access = accessOf(this, held);
    this.map.set(key, entry);
    this.vacate(held);
    this.entryCount++;
    this.candidates?.add(key, entry);
    this.keyspace.memory?.replaced(this, key, found, entry);
    return entry;
  }

  /** The value of the entry, which is under a key here, takes another form in memory, and means the same as before. */
  reformed(entry: Entry): void {
    this.keyspace.memory?.recount(this, entry);
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
      this.candidates?.stays(entry);
      return;
    }
    entry.expiresAtMs = atMs;
    if (entry.slot < 0) this.candidates?.add(key, entry);
    this.schedule(key, entry, atMs);
  }

  /** Only for what undoes a transaction besides. */
  schedule(key: ByteString, entry: Entry, atMs: number): void {
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
    if (keyspace.isMetered && (this.entryCount !== 0 || this.texts !== undefined)) this.meter(key, event);
    return !keyspace.isOnlyMetered && keyspace.announce(this, key, event, subkeys);
  }

  /** The key was changed, unless it is gone. */
  private meter(key: ByteString, event: KeyEvent): void {
    const held = this.map.get(key);
    if (held === undefined) return;
    const { memory, access } = this.keyspace;
    if (typeof held === 'object') memory?.recount(this, held);
    if (access !== undefined) note(this, held, access.written(accessOf(this, held), key, event));
  }

  /**
   * {@link changed} for a change of which Redis tells nobody: it wakes nobody, breaks no WATCH and is no event, but it
   * counts, and is recorded (what happens in a consumer group).
   */
  changedSilently(key: ByteString): boolean {
    this.keyspace.dirty++;
    if (this.keyspace.isMetered) this.meter(key, events.silent);
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
    return this.scanOrder.pickLive(this.map, this.keyspace.random, (key) => this.has(key));
  }

  /** Gives another database all keys and takes its own, with their timers. O(1). */
  exchange(other: Database): void {
    [this.map, other.map] = [other.map, this.map];
    [this.entryCount, other.entryCount] = [other.entryCount, this.entryCount];
    [this.expiringCount, other.expiringCount] = [other.expiringCount, this.expiringCount];
    [this.hasOnlyTextKeys, other.hasOnlyTextKeys] = [other.hasOnlyTextKeys, this.hasOnlyTextKeys];
    [this.scanOrder, other.scanOrder] = [other.scanOrder, this.scanOrder];
    [this.countedBytes, other.countedBytes] = [other.countedBytes, this.countedBytes];
    [this.tableRoom, other.tableRoom] = [other.tableRoom, this.tableRoom];
    [this.texts, other.texts] = [other.texts, this.texts];
    [this.candidates, other.candidates] = [other.candidates, this.candidates];
    [this.home, other.home] = [other.home, this.home];
    this.home.database = this;
    other.home.database = other;
  }

  /** Removes everything and says nothing of it. O(entries). */
  clear(): void {
    this.keyspace.keeper?.clearing?.(this);
    if (this.entryCount > 0)
      for (const stored of this.map.values()) if (typeof stored === 'object') this.letGo(stored);
    this.map = new Map();
    if (this.texts !== undefined) this.texts = new TextSlots();
    this.keyspace.memory?.add(this, -this.countedBytes);
    this.hasOnlyTextKeys = true;
    this.scanOrder = undefined;
    this.tableRoom?.cleared();
  }

  /** For tests: throws if an invariant does not hold. O(n). */
  checkInvariants(): void {
    checkDatabase(this);
  }
}
