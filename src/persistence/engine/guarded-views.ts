import type { Keyspace } from '../../keyspace/keyspace.ts';
import type { GuardedViews } from '../../keyspace/persistence.ts';
import { Store } from '../../store.ts';
import type { Transaction } from '../../transactions/transaction.ts';
import { BigIntsView, BytesView } from '../../views/views.ts';
import { isGuardedMethod, runMethods, writeMethods } from './write-methods.ts';

// The views of a store whose data is kept: those of a plain store, with each method that writes wrapped:
//
//     may it write? ─▶ begin ─▶ the method ─▶ end ─▶ is it on the disk? ─▶ the caller has its answer
//     (MISCONF)                 (effects)            (appendfsync always)
//
// They are classes of their own, so that a plain store pays nothing.

/** What a wrapped method is called on. */
interface View {
  readonly keyspace: Keyspace;
}
type Method = (this: View, ...args: unknown[]) => unknown;

/** Runs something as one: what it does is found again as a whole or not at all, and is kept before this returns. */
function together<T>(keyspace: Keyspace, run: () => T): T {
  const persistence = keyspace.persistence!;
  persistence.begin();
  try {
    return run();
  } finally {
    persistence.end();
    // Where this is a promise, nobody here can wait for it: `await store.blocking.waitaof(1, 0, 0)` does.
    persistence.beforeReply()?.catch(ignore);
  }
}

/** The failure is kept by the engine, which refuses writes from then on. */
function ignore(): void {}

/** A method of a write command. */
function guarded(method: Method): Method {
  return function (...args) {
    const persistence = this.keyspace.persistence!;
    persistence.requireWritable();
    persistence.begin();
    try {
      return method.apply(this, args);
    } finally {
      persistence.end();
      persistence.beforeReply()?.catch(ignore);
    }
  };
}

/** A method that may run write commands, each of which is asked whether it may write. */
function grouped(method: Method): Method {
  return function (...args) {
    return together(this.keyspace, () => method.apply(this, args));
  };
}

/** What reads streams for calls that wait: it writes if it reads for a group. */
function guardedIfForGroup(method: Method): Method {
  const ofWrites = guarded(method);
  return function (reading) {
    const isForGroup = (reading as { readonly reader: unknown }).reader !== undefined;
    return (isForGroup ? ofWrites : method).call(this, reading);
  };
}

function guardMethods(view: { readonly prototype: object }): void {
  for (const [names, wrap] of [
    [writeMethods(), guarded],
    [runMethods, grouped],
    [['readStreams'], guardedIfForGroup],
  ] as const) {
    for (const name of names) {
      const method = (view.prototype as Record<string, Method | undefined>)[name];
      if (method === undefined) continue;
      Object.defineProperty(view.prototype, name, {
        value: wrap(method),
        writable: true,
        configurable: true,
      });
    }
  }
}

/** Of several commands, refused as one if a write is among them. */
function commandsTogether<T>(keyspace: Keyspace, run: () => T, methods: readonly string[]): T {
  if (methods.some(isGuardedMethod)) keyspace.persistence!.requireWritable();
  return together(keyspace, run);
}

class GuardedStore extends Store {
  override transaction<T>(run: (tx: Transaction) => T): T {
    return together(this.keyspace, () => super.transaction(run));
  }

  /** @internal */
  together<T>(run: () => T, methods: readonly string[]): T {
    return commandsTogether(this.keyspace, run, methods);
  }
}

class GuardedBytesView extends BytesView {
  /** @internal */
  together<T>(run: () => T, methods: readonly string[]): T {
    return commandsTogether(this.keyspace, run, methods);
  }
}

class GuardedBigIntsView extends BigIntsView {
  /** @internal */
  together<T>(run: () => T, methods: readonly string[]): T {
    return commandsTogether(this.keyspace, run, methods);
  }
}

let views: GuardedViews | undefined;

/** The classes, made when the first store is opened. */
export function guardedViews(): GuardedViews {
  if (views !== undefined) return views;
  for (const [view, plain] of [
    [GuardedStore, Store],
    [GuardedBytesView, BytesView],
    [GuardedBigIntsView, BigIntsView],
  ] as const) {
    guardMethods(view);
    // To those who look, it is what it is used as.
    Object.defineProperty(view, 'name', { value: plain.name });
  }
  views = { store: GuardedStore, bytes: GuardedBytesView, bigints: GuardedBigIntsView };
  return views;
}
