import type { ByteString } from '../bytes/byte-string.ts';
import { Aside } from './aside.ts';
import type { Database } from './database.ts';
import type { Keeper } from './keeper.ts';
import type { Keyspace } from './keyspace.ts';
import { type SavedKey, SavedKeys, UncopiedValues } from './saved-keys.ts';
import { saveOrder } from './undo.ts';

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
  private readonly uncopied = new UncopiedValues();
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
    if (saved !== undefined) this.uncopied.add(saved);
  }

  /** {@link save}, and copies the value, which is about to be changed in place. O(n of the value), the first time. */
  saveValue(database: Database, key: ByteString): void {
    this.save(database, key);
    this.uncopied.copy(database, key);
  }

  /** Takes everything out of a database. O(1). */
  setAside(database: Database): void {
    const aside = new Aside(database);
    aside.exchangeWith(database);
    const undo = (): void => {
      aside.exchangeWith(database);
      aside.settle();
    };
    this.push({ undo, commit: () => aside.settle() });
  }

  /** Two databases have been exchanged. O(1). */
  exchanged(first: Database, second: Database): void {
    this.push({ undo: () => this.keyspace.exchange(first, second), commit: nothing });
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
      if (step instanceof Group) for (const saved of step.all) this.uncopied.forget(saved);
    }
    this.untold.length = savepoint.untoldCount;
    const { keyspace } = this;
    keyspace.dirty = savepoint.dirty;
    keyspace.expiredCount = savepoint.expiredCount;
    keyspace.expiredFieldCount = savepoint.expiredFieldCount;
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

interface Step {
  undo(): void;
  /** Called once it is sure that it will never be undone. */
  commit(): void;
}

const nothing = (): void => {};

/** The keys of all databases that were changed between two other steps, each as it was before. */
class Group extends SavedKeys implements Step {
  private readonly restoreOrders: (() => void)[] = [];

  protected override added(database: Database): Map<ByteString, SavedKey> {
    this.restoreOrders.push(saveOrder(database));
    return super.added(database);
  }

  undo(): void {
    this.putBack();
    for (const restoreOrder of this.restoreOrders) restoreOrder();
  }

  commit(): void {}
}
