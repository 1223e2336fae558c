import { describe } from '../bytes/byte-string.ts';
import { Journal } from '../keyspace/journal.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import type { Text } from '../keyspace/operations.ts';
import type { AllOperations } from '../views/all-operations.ts';
import type { BigIntsView, BytesView } from '../views/views.ts';

/** What the function given to `store.transaction` works with. It cannot be used after that function has returned. */
export interface Transaction extends AllOperations<Text> {
  /** The same transaction, answering every key, field, member and value as a `Uint8Array`. */
  readonly bytes: BytesView;
  /** The same transaction, answering the integers that may lie beyond 2^53 as `bigint`. */
  readonly bigints: BigIntsView;
  /**
   * The same transaction, on another of the numbered databases.
   *
   * @throws RangeError if there is no database of that number
   */
  select(index: number): Transaction;
  /** A transaction inside this one: if its function throws, and this one's catches that, it alone is undone. */
  transaction<T>(run: (tx: Transaction) => T): T;
}

/** What a view stands on. */
interface Ending {
  keyspace: unknown;
  database: unknown;
}

/** The views that were handed out for one transaction, which end with it. */
export class TransactionScope {
  private readonly views: Ending[] = [];

  /** This view ends with the transaction. */
  add(view: object): void {
    this.views.push(view as Ending);
  }

  /** From now on every command on the views throws: without keyspace and database it can do nothing. O(views). */
  end(): void {
    for (const view of this.views) {
      view.keyspace = OVER;
      view.database = OVER;
    }
  }
}

/** Whoever looks for anything in it learns that it is too late. */
const OVER = new Proxy(
  {},
  {
    get: () => {
      throw new Error(
        'this transaction is over: what its function was given cannot be used after it has returned',
      );
    },
  },
);

/**
 * Runs the function on a view made by `createView`; undoes what it did, if it throws.
 *
 * @throws whatever the function throws; TypeError if it returns a promise
 */
export function runTransaction<V extends object, T>(
  keyspace: Keyspace,
  createView: (scope: TransactionScope) => V,
  run: (view: V) => T,
): T {
  if (typeof run !== 'function') throw new TypeError(`expected a function, got ${describe(run)}`);
  const outer = keyspace.journal;
  if (outer !== undefined) return runIn(outer, keyspace, createView, run);
  const journal = new Journal(keyspace);
  // Before anything is saved: what has to go is no part of what can be undone.
  const { memoryLimit } = keyspace;
  memoryLimit.hold();
  // A key that was ready before must not serve anybody now: what they took would be there again.
  const { waiters } = keyspace;
  waiters?.hold();
  try {
    keyspace.keepJournal(journal);
    let result: T;
    try {
      result = runIn(journal, keyspace, createView, run);
    } finally {
      keyspace.keepJournal(undefined);
    }
    journal.commit();
    return result;
  } finally {
    memoryLimit.release();
    waiters?.release();
  }
}

/** Runs the function from a savepoint on. */
function runIn<V extends object, T>(
  journal: Journal,
  keyspace: Keyspace,
  createView: (scope: TransactionScope) => V,
  run: (view: V) => T,
): T {
  return keyspace.atOneMoment(() => {
    const start = journal.savepoint();
    const scope = new TransactionScope();
    let isDone = false;
    try {
      const returned = run(createView(scope));
      if (isPromise(returned)) throw promiseReturned(returned);
      isDone = true;
      return returned;
    } finally {
      scope.end();
      if (!isDone) journal.rollBack(start);
    }
  });
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

function promiseReturned(promise: PromiseLike<unknown>): TypeError {
  // The rest of the function will fail, as its transaction is over. That is told here, and need not be told again.
  promise.then(undefined, () => {});
  return new TypeError(
    'the function of a transaction must be done when it returns, but it returned a promise: ' +
      'nothing was changed. Await what is needed before, or use watch() and multi()',
  );
}
