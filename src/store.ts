import { Blocking } from './blocking/blocking.ts';
import { type ByteString, type Bytes, describe, toText } from './bytes/byte-string.ts';
import type { Many } from './bytes/many.ts';
import { requireOptions } from './keyspace/arguments.ts';
import { compose } from './keyspace/compose.ts';
import { Keyspace, type KeyspaceOptions, keyspaceOptionNames } from './keyspace/keyspace.ts';
import { bigKeySteps, bigKeys } from './keyspace/memory/big-keys.ts';
import type {
  BigKey,
  BigKeysOptions,
  BigKeysProgress,
  MemoryReport,
} from './keyspace/memory/memory-options.ts';
import { memoryReport } from './keyspace/memory/memory-report.ts';
import { Operations, type Text } from './keyspace/operations.ts';
import type {
  Persistence,
  PersistenceOptions,
  PersistenceStatus,
  StoragePlace,
} from './keyspace/persistence.ts';
import { printAs } from './keyspace/summary.ts';
import type { RestoreOptions } from './persistence/rdb/dump-options.ts';
import { createScriptHandle, type ScriptHandle } from './scripting/script-handle.ts';
import { forkOf } from './snapshots/fork.ts';
import { Snapshot } from './snapshots/snapshot.ts';
import { timelineOf } from './snapshots/timeline.ts';
import { type ConsumedEntry, type ConsumeOptions, consume } from './streams/consume.ts';
import { createMulti, type Multi } from './transactions/multi.ts';
import { runTransaction, type Transaction, type TransactionScope } from './transactions/transaction.ts';
import { createWatch, type Watch } from './transactions/watch.ts';
import { type AllOperations, operationsClasses } from './views/all-operations.ts';
import { emptyRecord, exactNumber, lossyDecoder, type TextRecord } from './views/answers.ts';
import { BigIntsView, BytesView } from './views/views.ts';

declare global {
  // For compilers whose libraries do not have it yet.
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/** How a store is made. Everything has a default. */
export interface StoreOptions extends KeyspaceOptions {}

/** How a store is opened that outlives its process: see {@link Store.open}. */
export interface OpenOptions extends StoreOptions, PersistenceOptions {
  /** Where it lives: `nodeFiles('./data')` of `lodis/node`, `opfsFiles()` of `lodis/browser`, `memoryFiles()` of `lodis/persistence`. */
  readonly storage: StoragePlace;
}

/**
 * Redis inside your process: sixteen databases of strings, hashes, lists, sets, sorted sets, streams, arrays and vector
 * sets, with Redis's commands as typed, synchronous methods.
 *
 * A string given to it means its UTF-8 bytes, a `Uint8Array` means itself. It answers with strings;
 * {@link Store.bytes} is the same in `Uint8Array`s.
 *
 * @example
 * const store = new Store();
 * store.set('greeting', 'hello', { ex: 60 });
 * store.get('greeting'); // 'hello'
 */
export class Store extends Operations<Text> {
  private bytesView: BytesView | undefined = undefined;
  private bigintsView: BigIntsView | undefined = undefined;
  /** The transaction that this is the view of, if it is: it cannot be used any longer than that. */
  private readonly scope: TransactionScope | undefined;
  private blockingCalls: Blocking | undefined = undefined;

  /**
   * An empty store, on database 0. Starts no timer, draws no randomness and does no I/O.
   *
   * @throws RangeError if an option is out of its range
   */
  constructor(options?: StoreOptions);
  /** @internal Another view of the same data. */
  constructor(keyspace: Keyspace, databaseIndex: number, scope?: TransactionScope);
  constructor(options: StoreOptions | Keyspace = {}, databaseIndex = 0, scope?: TransactionScope) {
    super(options instanceof Keyspace ? options : new Keyspace(options), databaseIndex);
    this.scope = scope;
    scope?.add(this);
  }

  /**
   * A store whose data outlives the process: loads what is in the storage, and keeps there from then on what the options
   * say. Only one process (worker, tab) at a time may have it open; `await store.close()` lets go of it.
   *
   * O(n of the data); the event loop turns meanwhile.
   *
   * @throws StorageLocked if somebody else has it open; Error if what is there cannot be loaded, which is then as it was
   * @throws TypeError or RangeError if an option is not known or of no use
   * @example
   * const store = await Store.open({ storage: nodeFiles('./data'), appendonly: true });
   */
  static open(options: OpenOptions): Promise<Store> {
    return openStore(options);
  }

  /** The same store, answering every key, field, member and value as a `Uint8Array`. */
  get bytes(): BytesView {
    if (this.bytesView === undefined) {
      this.bytesView = new (this.keyspace.persistence?.views.bytes ?? BytesView)(
        this.keyspace,
        this.database.index,
      );
      this.scope?.add(this.bytesView);
    }
    return this.bytesView;
  }

  /**
   * The same store, answering the integers that may lie beyond 2^53 (INCR and its kin, absolute expiry times) as
   * `bigint`. The store itself throws a RangeError, and changes nothing, rather than round one.
   */
  get bigints(): BigIntsView {
    if (this.bigintsView === undefined) {
      this.bigintsView = new (this.keyspace.persistence?.views.bigints ?? BigIntsView)(
        this.keyspace,
        this.database.index,
      );
      this.scope?.add(this.bigintsView);
    }
    return this.bigintsView;
  }

  /** The commands that wait until there is something for them, as methods that promise: `await store.blocking.blpop(…)`. */
  get blocking(): Blocking {
    this.blockingCalls ??= new Blocking<Text>(this.keyspace, this);
    return this.blockingCalls;
  }

  /**
   * The entries of a stream for a consumer of a group, one by one, for `for await`: first what the consumer already has
   * pending, then new ones, for which it waits.
   *
   * Asking for the next entry acknowledges the one before: it was dealt with. Whatever leaves the loop (a throw, `break`,
   * `return`) leaves the entry that was under way pending, so that it comes first the next time, or to whoever claims it;
   * JavaScript does not tell these ways apart, so say `entry.ack()` before a `break` that means success. Only one entry at
   * a time is fetched, and several loops over one group share the work; give each a consumer of its own.
   *
   * The loop ends when `block` milliseconds have brought nothing or the signal is aborted; with an error when the group or
   * the stream goes (NOGROUP, WRONGTYPE) or the store is closed. (`return()` of the iterator itself takes effect once a
   * wait that is on has ended.) O(log pending) for each entry.
   *
   * @throws TypeError or ReplyError, at once, if an option is not known or of no use
   * @example
   * for await (const entry of store.consume('jobs', 'workers', 'worker-1', { create: true })) {
   *   if (entry.deliveryCount > 3) store.rpush('failed', entry.id);
   *   else await work(entry.fields);
   * }
   */
  consume(
    stream: Bytes,
    group: Bytes,
    consumer: Bytes,
    options?: ConsumeOptions,
  ): AsyncGenerator<ConsumedEntry, void, undefined> {
    return consume<Text>(this, stream, group, consumer, options);
  }

  /**
   * The same data, on another of the numbered databases.
   *
   * @throws RangeError if there is no database of that number
   */
  select(index: number): Store {
    if (!Number.isInteger(index) || this.keyspace.databases[index] === undefined) {
      throw new RangeError(
        `there is no database ${index}: they are 0 to ${this.keyspace.databases.length - 1}`,
      );
    }
    return viewOf(this.keyspace, index, this.scope);
  }

  /**
   * Moves this store's clock forward by so many milliseconds and fires everything that falls due, in order:
   * for tests, that need not sleep.
   *
   * @throws RangeError if `durationMs` is negative or not a number
   */
  advance(durationMs: number): void {
    this.keyspace.advance(durationMs);
  }

  /**
   * Runs a function whose commands happen all or not at all: if it throws, everything it did to the store is undone, and
   * the error comes out. Nobody learns of the changes (watchers, waiting calls, subscribers, whoever records effects)
   * before it has returned. Meanwhile the clock stands still.
   *
   * The function must be done when it returns: an `async` one is undone. Other calls on this store inside of it are part
   * of the transaction too. A transaction inside another one that throws is undone alone, if the outer one catches that.
   *
   * O(keys changed), plus O(n) for each collection that existed and is changed in place, to copy it once.
   *
   * @returns what the function returns
   * @throws whatever the function throws; TypeError if it returns a promise
   * @example
   * store.transaction((tx) => {
   *   if (tx.decrby('balance:ada', 10) < 0) throw new Error('too poor');
   *   tx.incrby('balance:bob', 10);
   * });
   */
  transaction<T>(run: (tx: Transaction) => T): T {
    const { keyspace, database } = this;
    return runTransaction(keyspace, (scope) => viewOf(keyspace, database.index, scope), run);
  }

  /**
   * Queues commands, and runs them all in one go with `exec()`, which answers with their results, each of its own type.
   * As in Redis, an error of one does not undo the others: for that there is {@link transaction}.
   *
   * @example
   * const [, visits] = store.multi().set('last', 'ada').incr('visits').exec();
   */
  multi(): Multi<Text> {
    return createMulti<Text>(this, operationsClasses);
  }

  /**
   * Watches keys, so that a `multi()` can be called off if one of them has changed since: optimistic locking for code
   * that awaits something between reading and writing. `exec()` ends the watch, and so does `unwatch()`.
   *
   * @throws ReplyError if no key is given
   * @example
   * const watch = store.watch('seats');
   * const price = await quote(Number(store.get('seats')));
   * const sold = watch.multi().decr('seats').rpush('sales', price).exec(); // null if 'seats' changed meanwhile
   */
  watch(keys: Many): Watch<Text> {
    return createWatch<Text>(this, operationsClasses, this.database, this.inputMany(keys));
  }

  /**
   * Takes a snapshot of all databases and functions, for {@link Store.restore}: to undo, and for tests that begin with the same
   * data each. O(1); from then on what is changed is remembered, once for each key, and a collection is copied before
   * it is changed in place for the first time. That ends when the snapshot is released, or nobody holds it any more.
   *
   * @throws Error inside a transaction
   * @example
   * const seeded = store.snapshot();
   * afterEach(() => store.restore(seeded));
   */
  snapshot(): Snapshot {
    return timelineOf(this.keyspace).snapshot();
  }

  /**
   * A store of its own with the same data, settings and functions, by the same clock: what happens to one does not concern the
   * other. It has no connections, subscriptions or snapshots, and is kept in memory only. O(n), but texts are shared.
   *
   * @param options what is to be otherwise there
   * @throws RangeError if an option is out of its range, or there are keys in a database that it is not to have
   */
  fork(options: StoreOptions = {}): Store {
    return viewOf(forkOf(this.keyspace, options), this.database.index, undefined);
  }

  /**
   * What the store takes in memory, by database and type, with its counters: for `console.table(store.memory().rows)`.
   *
   * Touches no key, and nothing is slower afterwards. O(keys), and O(n) for each collection that was not measured before.
   */
  memory(): MemoryReport {
    return memoryReport(this.keyspace);
  }

  /**
   * The largest keys of all databases, the largest first: for `console.table(store.bigKeys())`.
   *
   * Touches no key. O(keys), and O(n) for each collection that was not measured before: a million keys take some tenths
   * of a second. {@link Store.bigKeysIterator} does it bit by bit.
   *
   * @throws TypeError or RangeError if an option is not known or of no use
   * @example
   * console.table(store.bigKeys({ count: 3, type: 'hash', by: 'elements' }));
   */
  bigKeys(options: BigKeysOptions = {}): BigKey[] {
    return bigKeys<Text>(this, options);
  }

  /**
   * {@link Store.bigKeys} in steps of a few milliseconds, for a program that has other things to do meanwhile: each step
   * says how far it is, and which keys are the largest so far. The store may change between the steps: a key that is
   * there throughout, with a size that stays, is judged as if the others did not.
   *
   * @throws TypeError or RangeError if an option is not known or of no use
   * @example
   * let largest: BigKey[] = [];
   * for (const { keys } of store.bigKeysIterator()) {
   *   largest = keys;
   *   await new Promise((resolve) => setTimeout(resolve));
   * }
   */
  bigKeysIterator(options: BigKeysOptions = {}): Generator<BigKeysProgress, undefined, undefined> {
    return bigKeySteps<Text>(this, options);
  }

  /**
   * Keeps a script, and answers a function that runs it with keys and arguments: for scripts that are called often.
   *
   * @throws ReplyError if it does not compile, or scripting is off
   * @example
   * const take = store.script("return redis.call('DECRBY', KEYS[1], ARGV[1])");
   * take('stock:42', '3');
   */
  script(source: Bytes): ScriptHandle {
    return createScriptHandle<Text>(this, source);
  }

  // ── what outlives the process ────────────────────────────────────────────────────────────────────────────

  /**
   * Writes the RDB file: the state at this moment is in it once the promise resolves. The store can be used meanwhile.
   * O(n of the data), bit by bit. Redis 1.0.0.
   *
   * Rejects with a ReplyError if a save is under way, and with what the storage says if it fails: then the file is as it was.
   *
   * @throws Error if the store has no storage
   */
  async save(): Promise<'OK'> {
    await persistenceOf(this.keyspace).save();
    return 'OK';
  }

  /**
   * Begins to write the RDB file, and tells whether it did: with `schedule` it is put off while the append-only file is
   * rewritten. Redis 1.0.0; `schedule` 3.2.2.
   *
   * @throws ReplyError if a save is under way, or (without `schedule`) a rewrite; Error if the store has no storage
   */
  bgsave(options: { readonly schedule?: boolean } = {}): 'started' | 'scheduled' {
    requireOptions(options, SAVING);
    return persistenceOf(this.keyspace).backgroundSave(options.schedule === true);
  }

  /**
   * Begins to rewrite the append-only file, or will once the save is done that is under way. Redis 1.0.0.
   *
   * @throws ReplyError if it is being rewritten; Error if the store has no storage
   */
  bgrewriteaof(): 'started' | 'scheduled' {
    return persistenceOf(this.keyspace).rewrite();
  }

  /** When the data was last saved, or loaded, in Unix seconds. Redis 1.0.0. @throws Error if the store has no storage */
  lastsave(): number {
    return persistenceOf(this.keyspace).status.lastSaveSeconds;
  }

  /** How the data is being kept, as it is now; `undefined` if the store has no storage. */
  get persistence(): PersistenceStatus | undefined {
    return this.keyspace.persistence?.status;
  }

  /**
   * Ends all subscriptions made with `subscribe` and its kin, on whichever view of the store, and all waits: calls of
   * {@link Store.blocking} that wait are rejected. Lets go of the host's timer. That is done when this returns.
   *
   * A store without storage stays usable; keys then expire when they are touched. What was opened with {@link Store.open}
   * is saved, if there are save points and `save` is not `false`; what is left of the append-only file is written and
   * synced; and the storage is free once the promise resolves. Writes are refused from the start. May be called again.
   *
   * Rejects with what the storage says if something could not be written. It is free all the same.
   */
  close(options: { readonly save?: boolean } = {}): Promise<void> {
    requireOptions(options, CLOSING);
    const { persistence, driver, waiters, hub } = this.keyspace;
    const closed = persistence?.close(options) ?? Promise.resolve();
    driver.stop();
    waiters?.failAll(new Error('the store was closed'));
    hub.close();
    return closed;
  }

  protected override output(value: ByteString): string {
    return value.isWellFormed() ? value : toText(value);
  }

  protected override outputText(value: string): string {
    return value;
  }

  protected override outputBytes(value: Uint8Array): string {
    return lossyDecoder.decode(value);
  }

  protected override outputInteger(value: number | bigint): number {
    return exactNumber(value);
  }

  protected override startRecord(): TextRecord {
    return emptyRecord();
  }

  protected override addToRecord(record: TextRecord, field: ByteString, value: ByteString): void {
    record[this.output(field)] = this.output(value);
  }
}

// Out of the class: one that names itself is renamed `_Store` by bundlers, in errors and wherever it is printed.
function viewOf(keyspace: Keyspace, databaseIndex: number, scope?: TransactionScope): Store {
  return new (keyspace.persistence?.views.store ?? Store)(keyspace, databaseIndex, scope);
}

/** What keeps the data of this store. @throws Error if nothing does */
function persistenceOf({ persistence }: Keyspace): Persistence {
  if (persistence === undefined)
    throw new Error('this store has no storage: only what was opened with Store.open({ storage }) is kept');
  return persistence;
}

async function openStore(options: OpenOptions): Promise<Store> {
  // Callers without types may forget them.
  const { storage, ...others } = Object(options) as OpenOptions;
  if (typeof storage?.attach !== 'function')
    throw new TypeError(
      `storage must be nodeFiles(folder) of 'lodis/node' or its like, as in Store.open({ storage }), got ${describe(storage)}`,
    );
  const own: Record<string, unknown> = {};
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(others))
    (keyspaceOptionNames.has(name) ? own : kept)[name] = value;
  const keyspace = new Keyspace(own);
  try {
    keyspace.persistence = await storage.attach(keyspace, kept);
  } catch (error) {
    keyspace.driver.stop();
    throw error;
  }
  return viewOf(keyspace, 0);
}

export interface Store extends AllOperations<Text> {
  /** `await using store = await Store.open(…)` closes it at the end of the block, where the host knows of such blocks. */
  [Symbol.asyncDispose](): Promise<void>;
  /**
   * Everything becomes as it was when the snapshot was taken: all databases, TTLs (as the times at which keys and fields
   * expire), groups, functions. Snapshots can be restored in any order, as often as wanted. O(keys changed since).
   *
   * Whoever watches, waits for or has a copy of a key that becomes another learns of it; no keyspace notification tells of
   * it. Statistics, scripts that were loaded, the clock and settings stay.
   *
   * @throws Error inside a transaction, or if the snapshot has been released; TypeError if it is of another store
   */
  restore(snapshot: Snapshot): 'OK';
  /** What `dump` made these bytes of: {@link AllOperations.restore}. */
  restore(key: Bytes, ttlMs: number, payload: Uint8Array, options?: RestoreOptions): 'OK';
}

compose(Store, operationsClasses);

// Where the host has no such symbol, there must be no method named `undefined` either.
if (Symbol.asyncDispose !== undefined) {
  Store.prototype[Symbol.asyncDispose] = function (this: Store) {
    return this.close();
  };
}

const SAVING = new Set(['schedule']);
const CLOSING = new Set(['save']);
const restoreKey: AllOperations<Text>['restore'] = Store.prototype.restore;
Store.prototype.restore = function (
  this: Store,
  what: Snapshot | Bytes,
  ttlMs?: number,
  payload?: Uint8Array,
  options?: RestoreOptions,
): 'OK' {
  if (!(what instanceof Snapshot)) return restoreKey.call(this, what, ttlMs!, payload!, options);
  timelineOf(this.keyspace).restore(what);
  return 'OK';
};

printAs(Store, 'Store');
