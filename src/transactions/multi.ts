import { errors, ReplyError } from '../errors.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import type { Output, Text } from '../keyspace/operations.ts';
import type { SubscribeOperations } from '../pubsub/subscribe-operations.ts';
import type { AllOperations } from '../views/all-operations.ts';
import { runTransaction } from './transaction.ts';
import type { WatchOfMulti } from './watch.ts';

/** Every method that is a command. (An iterator is many, and a subscription is none that could wait.) */
type CommandName = Exclude<keyof AllOperations<Text>, keyof SubscribeOperations<Text> | `${string}Iterator`>;
type ArgumentsOf<O extends Output> = { [M in CommandName]: Parameters<AllOperations<O>[M]> };
type AnswersOf<O extends Output> = { [M in CommandName]: ReturnType<AllOperations<O>[M]> };

/** Every command as a method that adds it to a queue. */
type QueuedCommands<O extends Output, R extends unknown[], A> = {
  readonly [M in keyof Pick<AllOperations<O>, CommandName>]: (
    ...args: ArgumentsOf<O>[M]
  ) => Multi<O, [...R, AnswersOf<O>[M]], A>;
};

/**
 * Commands in a queue: every method of the store adds one and returns the queue; see {@link MultiEnd} for what ends it.
 * `R` is the tuple of what they will answer, `A` what `exec()` answers if watched keys have changed.
 *
 * That a queue is assignable only to one of the same answers is said, not found out: the compiler would compare hundreds
 * of methods, each of which returns such a queue again.
 */
export interface Multi<in out O extends Output = Text, in out R extends unknown[] = [], in out A = never>
  extends MultiEnd<R, A>,
    QueuedCommands<O, R, A> {}

/** What a queue of commands can do besides taking commands. It can be executed or discarded once. */
export interface MultiEnd<R extends unknown[], A = never> {
  /**
   * Runs the commands, one after the other with nothing in between, at one moment, and returns their results.
   *
   * @returns the results in order; `null` if a watched key has changed, and then nothing was run
   * @throws MultiError if commands failed. The others were run all the same
   * @throws ReplyError EXECABORT if memory is bounded, there is no room, and one of them may add something. Nothing is
   *   changed then
   */
  exec(): R | A;
  /** Like {@link exec}, but failed commands have their error in the answer: as `Promise.allSettled` says it. */
  execSettled(): { [I in keyof R]: PromiseSettledResult<R[I]> } | A;
  /** Drops the commands, and ends the watch. */
  discard(): void;
}

/** Commands of a `multi()` failed. Those that did not were run, and have changed what they change. */
export class MultiError extends Error {
  override readonly name = 'MultiError';
  /** What each command answered, or the error that it threw, in order. */
  readonly replies: readonly unknown[];
  /** The positions in {@link replies} at which there are errors. */
  readonly errorIndexes: readonly number[];

  constructor(replies: readonly unknown[], errorIndexes: readonly number[], cause: unknown) {
    const first = `command ${errorIndexes[0]! + 1} of ${replies.length}: ${(cause as Error).message}`;
    super(errorIndexes.length === 1 ? first : `${errorIndexes.length} commands failed; ${first}`, { cause });
    this.replies = replies;
    this.errorIndexes = errorIndexes;
  }
}

/** A view of the store, on which commands are run. */
export interface CommandView {
  readonly keyspace: Keyspace;
  /** Runs calls of these methods as one, where the data is kept beyond the process. */
  together?<T>(run: () => T, methods: readonly string[]): T;
}

/** The classes whose methods the commands are. */
export type OperationsClasses = readonly { readonly prototype: object }[];

type Method = (...args: readonly unknown[]) => unknown;

/** The queue itself. Its methods for the commands are added by {@link queueClass}. */
class Queue {
  private readonly view: CommandView;
  private readonly watch: WatchOfMulti | undefined;
  private readonly calls: { readonly name: string; readonly args: readonly unknown[] }[] = [];
  private isOver = false;

  constructor(view: CommandView, watch: WatchOfMulti | undefined) {
    this.view = view;
    this.watch = watch;
  }

  queue(name: string, args: readonly unknown[]): this {
    this.requireOpen();
    this.calls.push({ name, args });
    return this;
  }

  exec(): unknown[] | null {
    const replies: unknown[] = [];
    const errorIndexes: number[] = [];
    const isRun = this.run(
      (value) => replies.push(value),
      (reason) => errorIndexes.push(replies.push(reason) - 1),
    );
    if (!isRun) return null;
    if (errorIndexes.length > 0) throw new MultiError(replies, errorIndexes, replies[errorIndexes[0]!]);
    return replies;
  }

  execSettled(): PromiseSettledResult<unknown>[] | null {
    const outcomes: PromiseSettledResult<unknown>[] = [];
    const isRun = this.run(
      (value) => outcomes.push({ status: 'fulfilled', value }),
      (reason) => outcomes.push({ status: 'rejected', reason }),
    );
    return isRun ? outcomes : null;
  }

  discard(): void {
    this.requireOpen();
    this.isOver = true;
    this.watch?.unwatch();
  }

  /** Whether the commands were run: not if a watched key has changed. */
  private run(fulfill: (value: unknown) => void, reject: (reason: unknown) => void): boolean {
    this.requireOpen();
    this.isOver = true;
    this.watch?.requireOpen();
    const { view, watch } = this;
    const methods = view as unknown as Readonly<Record<string, Method>>;
    const { keyspace } = view;
    const { memoryLimit } = keyspace;
    const hasRoom = memoryLimit.hold();
    const runAll = () =>
      keyspace.atOneMoment(() => {
        for (const { name, args } of this.calls) {
          let value: unknown;
          try {
            value = methods[name]!(...args);
          } catch (error) {
            if (!hasRoom && error instanceof ReplyError && error.code === 'OOM')
              throw errors.execRejected(error.message);
            reject(error);
            continue;
          }
          fulfill(value);
        }
      });
    const runUnlessCalledOff = () => {
      const isCalledOff = watch?.changed === true;
      watch?.unwatch();
      if (isCalledOff) return false;
      // Which of them add something, nobody knows before they run.
      if (hasRoom) runAll();
      else runTransaction(keyspace, () => view, runAll);
      return true;
    };
    try {
      if (view.together === undefined) return runUnlessCalledOff();
      return view.together(
        runUnlessCalledOff,
        this.calls.map(({ name }) => name),
      );
    } finally {
      memoryLimit.release();
    }
  }

  private requireOpen(): void {
    if (this.isOver) throw new Error('this multi() was executed or discarded: begin another one');
  }
}

/** As in {@link CommandName}. */
const NO_COMMAND = /(Iterator|subscribe)$/;

let QueueOfCommands: typeof Queue | undefined;

/** The queue with a method for each command, made when it is first needed. */
function queueClass(operationsClasses: OperationsClasses): typeof Queue {
  if (QueueOfCommands !== undefined) return QueueOfCommands;
  class WithCommands extends Queue {}
  for (const { prototype } of operationsClasses) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      if (name === 'constructor' || NO_COMMAND.test(name)) continue;
      Object.defineProperty(WithCommands.prototype, name, {
        value(this: Queue, ...args: readonly unknown[]) {
          return this.queue(name, args);
        },
      });
    }
  }
  QueueOfCommands = WithCommands;
  return WithCommands;
}

/** An empty queue of commands that will be run on this view, unless what is watched has changed. */
export function createMulti<O extends Output, A = never>(
  view: CommandView,
  operationsClasses: OperationsClasses,
  watch?: WatchOfMulti,
): Multi<O, [], A> {
  const Class = queueClass(operationsClasses);
  return new Class(view, watch) as unknown as Multi<O, [], A>;
}
