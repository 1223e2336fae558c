import type { ByteString } from '../bytes/byte-string.ts';
import type { Database } from './database.ts';
import { Entry, NEVER, type Stored } from './entry.ts';
import { accessOf } from './eviction/uses.ts';
import type { Keeper } from './keeper.ts';
import type { Keyspace } from './keyspace.ts';
import { release, restore, saveOrder, setAside } from './undo.ts';

/**
 * What undoes a transaction, and what is told of it once it is committed.
 *
 * Before a key is changed for the first time, what it holds is saved: a bare string as it is; an entry by reference,
 * with its value and expiry. Only when a value is about to be changed in place is it copied, so that a transaction which
 * deletes, renames or expires a large collection pays nothing for its size, and one that adds to it pays once.
 *
 *     steps    [ group      | exchange | group    | group         ]
 *              k1, k2 as     SWAPDB 0 1  k1 as      k3 as it was at
 *              they were                 it was     an inner transaction's start
 *              ←──────────────── undone in this direction ─────────
 *
 * Databases that are flushed are put aside whole, and exchanged ones exchanged back. Such a step, and the start of an
 * inner transaction, begin a new *group* of saved keys.
 *
 * Invariants:
 *
 * 1. Undoing the last step brings back exactly the state at the moment when the step was begun.
 * 2. A saved value that is not a copy is the very one it was: nothing has changed it in place since. Those are in
 *    {@link uncopied}, by the value, whichever entry and key have it now.
 * 3. No observer is called while a journal is kept.
 */
export class Journal implements Keeper {
  private readonly keyspace: Keyspace;
  private readonly steps: Step[] = [];
  /** The last step, if keys can still be saved there. */
  private group: Group | undefined = undefined;
  private readonly uncopied = new Map<unknown, SavedKey[]>();
  /** What is to be told, in order. */
  private readonly untold: (() => void)[] = [];

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
  }

  // ── saving ───────────────────────────────────────────────────────────────────────────────────────────────

  /** Saves what a key holds, unless that was done. O(1). */
  save(database: Database, key: ByteString): void {
    if (this.group === undefined) {
      this.group = new Group();
      this.steps.push(this.group);
    }
    const saved = this.group.save(database, key);
    if (saved === undefined || !canChangeInPlace(saved.value)) return;
    const others = this.uncopied.get(saved.value);
    if (others === undefined) this.uncopied.set(saved.value, [saved]);
    else others.push(saved);
  }

  /** {@link save}, and copies the value, which is about to be changed in place. O(n of the value), the first time. */
  saveValue(database: Database, key: ByteString): void {
    this.save(database, key);
    const entry = database.map.get(key);
    if (!(entry instanceof Entry)) return;
    const { kind, value } = entry;
    const savedKeys = this.uncopied.get(value);
    if (savedKeys === undefined) return;
    // One each: what is brought back first may change again before the next is.
    for (const saved of savedKeys) saved.makeValue = kind.save?.(value) ?? always(kind.clone(value));
    this.uncopied.delete(value);
  }

  /** Takes everything out of a database. O(1). */
  setAside(database: Database): void {
    const { putBack, drop } = setAside(database);
    this.push({ undo: putBack, commit: drop });
  }

  /** Two databases have been exchanged. O(1). */
  exchanged(first: Database, second: Database): void {
    this.push({ undo: () => first.exchange(second), commit: nothing });
  }

  private push(step: Step): void {
    this.steps.push(step);
    this.group = undefined;
  }

  /**
   * Called when a key is said to have changed.
   *
   * @throws Error if nobody said so before: that is a defect in the command
   */
  requireSaved(database: Database, key: ByteString): void {
    if (this.group?.has(database, key) !== true)
      throw new Error(`a command changed ${JSON.stringify(key)} without Database.beforeChange`);
  }

  /** Runs this when the transaction is committed. */
  tellLater(tell: () => void): void {
    this.untold.push(tell);
  }

  // ── ending ───────────────────────────────────────────────────────────────────────────────────────────────

  /** A point to which one can go back. */
  savepoint(): Savepoint {
    this.group = undefined;
    const { dirty, expiredCount, expiredFieldCount } = this.keyspace;
    return {
      stepCount: this.steps.length,
      untoldCount: this.untold.length,
      dirty,
      expiredCount,
      expiredFieldCount,
    };
  }

  /** Brings back everything as it was then. O(keys changed since). */
  rollBack(savepoint: Savepoint): void {
    this.group = undefined;
    while (this.steps.length > savepoint.stepCount) {
      const step = this.steps.pop()!;
      step.undo();
      if (step instanceof Group) for (const saved of step.saved) this.forget(saved);
    }
    this.untold.length = savepoint.untoldCount;
    const { keyspace } = this;
    keyspace.dirty = savepoint.dirty;
    keyspace.expiredCount = savepoint.expiredCount;
    keyspace.expiredFieldCount = savepoint.expiredFieldCount;
  }

  private forget(saved: SavedKey): void {
    const savedKeys = this.uncopied.get(saved.value);
    const at = savedKeys?.indexOf(saved) ?? -1;
    if (at < 0) return;
    if (savedKeys!.length === 1) this.uncopied.delete(saved.value);
    else savedKeys!.splice(at, 1);
  }

  /** Makes it final, and tells it. The keyspace keeps this journal no more. */
  commit(): void {
    for (const step of this.steps) step.commit();
    for (const tell of this.untold) tell();
  }
}

/** See {@link Journal.savepoint}. */
export interface Savepoint {
  readonly stepCount: number;
  readonly untoldCount: number;
  readonly dirty: number;
  readonly expiredCount: number;
  readonly expiredFieldCount: number;
}

/** What a key held. */
export interface SavedKey {
  /** Nothing, a bare string, or an entry that held the following. */
  readonly stored: Stored | undefined;
  /** The value itself, as long as nothing has changed it in place. */
  readonly value: unknown;
  /** What makes one like it, once, if something has. */
  makeValue: (() => unknown) | undefined;
  readonly expiresAtMs: number;
  /** What was noted of its uses. */
  readonly access: number;
}

function always<T>(value: T): () => T {
  return () => value;
}

/** Strings of JavaScript never do. */
function canChangeInPlace(value: unknown): boolean {
  return typeof value === 'object';
}

interface Step {
  undo(): void;
  /** Called once it is sure that it will never be undone. */
  commit(): void;
}

const nothing = (): void => {};

/** The keys of all databases that were changed between two other steps, each as it was before. */
class Group implements Step {
  private readonly databases = new Map<Database, SavedDatabase>();

  /** `undefined` if the key was saved before. */
  save(database: Database, key: ByteString): SavedKey | undefined {
    let there = this.databases.get(database);
    if (there === undefined) {
      there = { keys: new Map(), restoreOrder: saveOrder(database) };
      this.databases.set(database, there);
    }
    if (there.keys.has(key)) return undefined;
    const held = database.map.get(key);
    const stored = database.storedOf(held);
    const access = accessOf(database, held);
    const saved: SavedKey =
      typeof stored === 'object'
        ? { stored, value: stored.value, makeValue: undefined, expiresAtMs: stored.expiresAtMs, access }
        : { stored, value: undefined, makeValue: undefined, expiresAtMs: NEVER, access };
    there.keys.set(key, saved);
    return saved;
  }

  has(database: Database, key: ByteString): boolean {
    return this.databases.get(database)?.keys.has(key) === true;
  }

  get saved(): SavedKey[] {
    return Array.from(this.databases.values(), ({ keys }) => [...keys.values()]).flat();
  }

  undo(): void {
    // An entry may have moved from key to key, so all of them are let go of before any comes back.
    for (const [database, { keys }] of this.databases) for (const key of keys.keys()) release(database, key);
    for (const [database, { keys, restoreOrder }] of this.databases) {
      for (const [key, saved] of keys) restore(database, key, saved);
      restoreOrder();
    }
  }

  commit(): void {}
}

interface SavedDatabase {
  readonly keys: Map<ByteString, SavedKey>;
  readonly restoreOrder: () => void;
}
