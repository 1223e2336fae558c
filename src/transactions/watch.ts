import type { ByteString } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import type { Output, Text } from '../keyspace/operations.ts';
import { type WatchedKeys, type Watcher, watchedKeysOf } from '../keyspace/watched-keys.ts';
import { type CommandView, createMulti, type Multi, type OperationsClasses } from './multi.ts';

/** Keys that are being watched: see `store.watch`. */
export interface Watch<O extends Output = Text> {
  /**
   * Whether one of the keys has changed since, whoever did it: was written, deleted or renamed, got or lost a TTL, has
   * expired. Once the watch has ended: whether one had changed by then. O(keys).
   */
  readonly changed: boolean;
  /**
   * Queues commands that are run by `exec()` only if none of the keys has changed; it answers `null` if one has. Either
   * way that ends the watch. It throws, and runs nothing, if the watch has ended before.
   *
   * @throws Error if the watch has ended
   */
  multi(): Multi<O, [], null>;
  /** Ends the watch. Does nothing if it has ended. */
  unwatch(): void;
}

/** The watch that a queue of commands depends on. */
export interface WatchOfMulti {
  readonly changed: boolean;
  /** @throws Error if it has ended: then nobody has looked at its keys since */
  requireOpen(): void;
  unwatch(): void;
}

class RunningWatch<O extends Output> implements Watch<O>, WatchOfMulti {
  private readonly view: CommandView;
  private readonly operationsClasses: OperationsClasses;
  private readonly watchedKeys: WatchedKeys;
  private readonly watcher: Watcher = { touched: false };
  private isOver = false;
  private hasChanged = false;

  constructor(
    view: CommandView,
    operationsClasses: OperationsClasses,
    database: Database,
    keys: readonly ByteString[],
  ) {
    if (keys.length === 0) throw errors.wrongArity('watch');
    this.view = view;
    this.operationsClasses = operationsClasses;
    this.watchedKeys = watchedKeysOf(view.keyspace);
    for (const key of keys) this.watchedKeys.watch(database, key, this.watcher);
  }

  get changed(): boolean {
    return this.isOver ? this.hasChanged : this.watchedKeys.isTouched(this.watcher);
  }

  multi(): Multi<O, [], null> {
    this.requireOpen();
    return createMulti<O, null>(this.view, this.operationsClasses, this);
  }

  requireOpen(): void {
    if (this.isOver) throw new Error('this watch has ended: begin another one');
  }

  unwatch(): void {
    if (this.isOver) return;
    this.hasChanged = this.changed;
    this.isOver = true;
    this.watchedKeys.unwatchAll(this.watcher);
  }
}

/** Begins to watch these keys of the database, for commands that will be run on the view. */
export function createWatch<O extends Output>(
  view: CommandView,
  operationsClasses: OperationsClasses,
  database: Database,
  keys: readonly ByteString[],
): Watch<O> {
  return new RunningWatch<O>(view, operationsClasses, database, keys);
}
