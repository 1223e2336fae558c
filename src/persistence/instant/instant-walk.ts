import type { ByteString } from '../../bytes/byte-string.ts';
import type { Database, Held } from '../../keyspace/database.ts';
import { NEVER, type Stored } from '../../keyspace/entry.ts';
import type { TextSlots } from '../../keyspace/eviction/text-slots.ts';
import type { Home } from '../../keyspace/home.ts';
import type { Keeper } from '../../keyspace/keeper.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import { KeyLog } from './key-log.ts';
import { KeySet } from './key-set.ts';

/**
 * Called for each key with what it held. The value may change as soon as this returns, so whatever is wanted of it is taken
 * at once. It must change nothing in the store.
 *
 * @param databaseIndex the number that its database had when the walk began
 * @param expiresAtMs Unix time in milliseconds, or {@link NEVER}. It may be over
 * @param access what is noted of its uses (for `keyspace.access`, if there is one), or 0
 */
export type Visit = (
  databaseIndex: number,
  key: ByteString,
  stored: Stored,
  expiresAtMs: number,
  access: number,
) => void;

/**
 * Walks through all keys of all databases bit by bit, and finds each as it was when the walk began, whatever happens
 * between its steps.
 *
 * Nothing is copied in advance. The walk goes through the maps in their order; but before a key is changed that it has not
 * visited yet, it is told (it is a {@link Keeper}), and visits that key at once.
 *
 *     map      k0   k1   k2   k3   k4   k5   k6 …  k900   k901
 *              ✓    ✓    ✓    ↑         ✓                  –
 *              passed         cursor    about to be        come since: nothing to visit
 *                                       changed: visited
 *
 * Before a key is changed, the walk must know whether it has passed it. So it notes those that it passes ({@link KeyLog}; about 20 bytes
 * for each). And it knows all that were about to be changed since it began, come since or passed before or neither
 * ({@link KeySet}): when the cursor meets one of those, it goes on. A map is known by itself and not by its database: SWAPDB
 * exchanges maps, and so does a transaction that flushes and is undone. A database that is cleared leaves its map to the walk.
 *
 * Invariants:
 *
 * 1. Every key that was in a map when the walk began is visited exactly once, as it was then, or the walk has failed or
 *    was cancelled.
 * 2. A key in a map that is walked has not been changed since, unless it was passed or told of. One that was told of has been
 *    visited, or was not there when the walk began.
 * 3. Once all is visited, the keyspace knows of the walk no more.
 */
export class InstantWalk implements Keeper {
  /** How many keys there were when it began. */
  readonly keyCount: number;
  readonly #keyspace: Keyspace;
  readonly #visit: Visit;
  readonly #walked = new Map<ReadonlyMap<ByteString, Held>, WalkedMap>();
  #visitedCount = 0;
  /** While {@link #visit} runs for a key that is about to be changed, nobody is there to be told that it failed. */
  #failure: { readonly error: unknown } | undefined = undefined;

  /** Begins: the state at this moment is what will be visited. Visits nothing yet. O(databases). */
  constructor(keyspace: Keyspace, visit: Visit) {
    if (keyspace.journal !== undefined)
      throw new Error('a walk cannot begin inside a transaction, which may be undone');
    this.#keyspace = keyspace;
    this.#visit = visit;
    let keyCount = 0;
    for (const database of keyspace.databases) {
      const { map } = database;
      if (map.size === 0) continue;
      this.#walked.set(map, new WalkedMap(database));
      keyCount += map.size;
    }
    this.keyCount = keyCount;
    if (keyCount > 0) keyspace.addKeeper(this);
  }

  /** How many keys have been visited. */
  get visitedCount(): number {
    return this.#visitedCount;
  }

  /** Whether all keys have been visited, or it was cancelled. */
  get isOver(): boolean {
    return this.#walked.size === 0;
  }

  /**
   * Visits keys until `isSpent`, which is asked after each, answers true.
   *
   * @returns whether there is more to do. It is asked after keys that are passed over, too
   * @throws what visiting a key has thrown, here or before that was changed; the walk is over then
   */
  step(isSpent: () => boolean): boolean {
    if (this.#failure !== undefined) throw this.#failure.error;
    try {
      for (const walked of this.#walked.values()) {
        if (this.#walkOn(walked, isSpent)) return true;
        this.#walked.delete(walked.map);
      }
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    this.#end();
    return false;
  }

  #walkOn(walked: WalkedMap, isSpent: () => boolean): boolean {
    const { entries, passed, told, databaseIndex, texts } = walked;
    for (let next = entries.next(); next.done !== true; next = entries.next()) {
      const [key, held] = next.value;
      if (told.size === 0 || !told.has(key)) {
        this.#visitHeld(databaseIndex, key, held, texts);
        passed.add(key);
      }
      if (isSpent()) return true;
    }
    return false;
  }

  /** Visits all that is left. */
  finish(): void {
    while (this.step(never));
  }

  /** Ends it before all is visited. */
  cancel(): void {
    this.#end();
  }

  #end(): void {
    this.#walked.clear();
    this.#keyspace.removeKeeper(this);
  }

  #fail(error: unknown): void {
    this.#failure = { error };
    this.#end();
  }

  #visitHeld(databaseIndex: number, key: ByteString, held: Held, texts: TextSlots | undefined): void {
    if (typeof held === 'object') this.#visit(databaseIndex, key, held, held.expiresAtMs, held.access);
    else if (typeof held === 'string') this.#visit(databaseIndex, key, held, NEVER, 0);
    else this.#visit(databaseIndex, key, texts!.texts[held]!, NEVER, texts!.access[held]!);
    this.#visitedCount++;
  }

  // ── what it is told ──────────────────────────────────────────────────────────────────────────────────────

  /** The key is about to be changed: it is visited, unless that was done. O(n of the value), once for each key. */
  save(database: Database, key: ByteString): void {
    const walked = this.#walked.get(database.map);
    if (walked === undefined || !walked.told.add(key) || walked.passed.has(key)) return;
    const held = database.map.get(key);
    if (held === undefined) return;
    try {
      this.#visitHeld(walked.databaseIndex, key, held, database.texts);
    } catch (error) {
      this.#fail(error);
    }
  }

  saveValue(database: Database, key: ByteString): void {
    this.save(database, key);
  }

  clearing(database: Database): void {
    this.#walked.get(database.map)?.leave(database);
  }
}

/** The keys of one database, as they are walked through. */
class WalkedMap {
  readonly map: ReadonlyMap<ByteString, Held>;
  readonly databaseIndex: number;
  readonly entries: Iterator<[ByteString, Held]>;
  /** Those that the cursor has visited. */
  readonly passed: KeyLog;
  /** Those that were about to be changed since the walk began, whether they were there then or not. */
  readonly told: KeySet;
  /** Goes where the map goes. */
  readonly #home: Home;
  /** Those that belonged to the map when a database last said that it would take another. */
  #leftTexts: TextSlots | undefined = undefined;

  constructor({ map, index, home }: Database) {
    this.map = map;
    this.databaseIndex = index;
    this.entries = map.entries();
    this.passed = new KeyLog(map.size);
    this.told = new KeySet(map.size);
    this.#home = home;
  }

  /** What the numbers in the map stand for. There may be others, or none, after a change of policy. */
  get texts(): TextSlots | undefined {
    const { database } = this.#home;
    return database.map === this.map ? database.texts : this.#leftTexts;
  }

  /** The database, which has had the map, takes another one. The map may come back to it, if it was only put aside. */
  leave({ texts }: Database): void {
    this.#leftTexts = texts;
  }
}

const never = (): boolean => false;
