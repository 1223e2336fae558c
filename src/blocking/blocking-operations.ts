import type { Bytes } from '../bytes/byte-string.ts';
import { type Many, manyOf } from '../bytes/many.ts';
import { errors } from '../errors.ts';
import type { ValueKind } from '../keyspace/entry.ts';
import { Operations, type Output, type Text } from '../keyspace/operations.ts';
import type { ListOperations } from '../structures/lists/list-operations.ts';
import type { ListEnd, LmovemOptions, LmpopOptions } from '../structures/lists/list-options.ts';
import { LIST } from '../structures/lists/list-value.ts';
import type { SortedSetPopOperations } from '../structures/sorted-sets/pop-operations.ts';
import type { ZmpopOptions, ZmpopResult } from '../structures/sorted-sets/sorted-set-options.ts';
import { ZSET } from '../structures/sorted-sets/sorted-set-value.ts';
import { Blocked, type Outcome } from './blocked.ts';
import type { PoppedElement, PoppedElements, PoppedMember } from './blocking-options.ts';
import { timeoutMsOf } from './timeout.ts';

/** The operations that blocking commands repeat until they have a result. */
export interface RepeatedOperations<O extends Output> extends ListOperations<O>, SortedSetPopOperations<O> {}

/**
 * The blocking commands up to the point where they would wait: each makes one attempt and answers its result, or, if
 * nothing is there for it, a {@link Blocked}: what it would wait for. What then happens is for those to decide who call:
 * the typed methods that promise ({@link Blocking}), and sessions.
 *
 * Timeouts are in seconds; 0 is for ever. Each method throws, before it looks at any key, a ReplyError if its timeout is
 * none, and WRONGTYPE as its kin does that does not wait.
 */
export class BlockingOperations<O extends Output = Text> {
  private readonly view: RepeatedOperations<O>;

  constructor(view: RepeatedOperations<O>) {
    this.view = view;
  }

  blpop(keys: Many, timeout: number): Outcome<PoppedElement<O['string']> | null> {
    return this.popElement('blpop', keys, 'left', timeout);
  }

  brpop(keys: Many, timeout: number): Outcome<PoppedElement<O['string']> | null> {
    return this.popElement('brpop', keys, 'right', timeout);
  }

  private popElement(
    command: string,
    keys: Many,
    where: ListEnd,
    timeout: number,
  ): Outcome<PoppedElement<O['string']> | null> {
    const all = someOf(keys, () => errors.wrongArity(command));
    return this.attempt(all, LIST, timeout, (from) => {
      const popped = this.view.lmpop(from, where);
      return popped && { key: popped.key, element: popped.elements[0]! };
    });
  }

  blmpop(
    timeout: number,
    keys: Many,
    where: ListEnd,
    options: LmpopOptions = {},
  ): Outcome<PoppedElements<O['string']> | null> {
    const all = someOf(keys, errors.numkeysMustBePositive);
    return this.attempt(all, LIST, timeout, (from) => this.view.lmpop(from, where, options));
  }

  blmove(
    source: Bytes,
    destination: Bytes,
    wherefrom: ListEnd,
    whereto: ListEnd,
    timeout: number,
  ): Outcome<O['string'] | null> {
    const to = copyOf(destination);
    return this.attempt([source], LIST, timeout, ([from]) => this.view.lmove(from!, to, wherefrom, whereto));
  }

  brpoplpush(source: Bytes, destination: Bytes, timeout: number): Outcome<O['string'] | null> {
    return this.blmove(source, destination, 'right', 'left', timeout);
  }

  blmovem(
    source: Bytes,
    destination: Bytes,
    wherefrom: ListEnd,
    whereto: ListEnd,
    timeout: number,
    options?: LmovemOptions,
  ): Outcome<O['string'][] | null> {
    const to = copyOf(destination);
    // A list may be there and not be long enough.
    const wakesOn = options?.exactly === undefined ? 'new' : 'any';
    return this.attempt(
      [source],
      LIST,
      timeout,
      ([from]) => this.view.lmovem(from!, to, wherefrom, whereto, options),
      wakesOn,
    );
  }

  bzpopmin(keys: Many, timeout: number): Outcome<PoppedMember<O['string']> | null> {
    return this.popMember('bzpopmin', keys, 'min', timeout);
  }

  bzpopmax(keys: Many, timeout: number): Outcome<PoppedMember<O['string']> | null> {
    return this.popMember('bzpopmax', keys, 'max', timeout);
  }

  private popMember(
    command: string,
    keys: Many,
    where: 'min' | 'max',
    timeout: number,
  ): Outcome<PoppedMember<O['string']> | null> {
    const all = someOf(keys, () => errors.wrongArity(command));
    return this.attempt(all, ZSET, timeout, (from) => {
      const popped = this.view.zmpop(from, where);
      return popped && { key: popped.key, ...popped.members[0]! };
    });
  }

  bzmpop(
    timeout: number,
    keys: Many,
    where: 'min' | 'max',
    options: ZmpopOptions = {},
  ): Outcome<ZmpopResult<O['string']> | null> {
    const all = someOf(keys, errors.numkeysMustBePositive);
    return this.attempt(all, ZSET, timeout, (from) => this.view.zmpop(from, where, options));
  }

  /**
   * Each attempt is the whole command, as in Redis since 7.2: it takes from the first of the keys that holds something,
   * and finds it an error if one before that holds something else. It is made again once one of them holds the kind.
   */
  private attempt<T>(
    given: readonly Bytes[],
    kind: ValueKind<unknown>,
    timeout: number,
    run: (keys: readonly Bytes[]) => T | null,
    wakesOn: 'new' | 'any' = 'new',
  ): Outcome<T | null> {
    const database = Operations.databaseOf(this.view);
    const timeoutMs = timeoutMsOf(timeout, timeout === 0 ? 0 : database.keyspace.now());
    const result = run(given);
    if (result !== null) return result;
    // What is waited for is what these bytes are now, whatever their owner does to them meanwhile.
    const copies = given.map(copyOf);
    const names = Operations.namesOf(this.view, copies);
    return new Blocked<T | null>({
      database,
      keys: names,
      kind,
      timeoutMs,
      wakesOn,
      attempt: (key) => {
        const found = database.find(key);
        return typeof found === 'object' && found.kind === kind ? run(copies) : null;
      },
    });
  }
}

function someOf(keys: Many, none: () => Error): readonly Bytes[] {
  const all = manyOf(keys);
  if (all.length === 0) throw none();
  return all;
}

/** The same bytes, which nobody else can change. */
function copyOf(bytes: Bytes): Bytes {
  return typeof bytes === 'string' ? bytes : Uint8Array.from(bytes);
}
