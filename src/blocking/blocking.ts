import type { Bytes } from '../bytes/byte-string.ts';
import type { Many } from '../bytes/many.ts';
import { errors } from '../errors.ts';
import { requireInteger } from '../keyspace/arguments.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import type { Output, Text } from '../keyspace/operations.ts';
import { BlockingReads } from '../streams/blocking-reads.ts';
import type { StreamReadOperations } from '../streams/read-operations.ts';
import type { ListEnd, LmovemOptions } from '../structures/lists/list-options.ts';
import type { ZmpopResult } from '../structures/sorted-sets/sorted-set-options.ts';
import type { Outcome } from './blocked.ts';
import { BlockingOperations, type RepeatedOperations } from './blocking-operations.ts';
import type {
  BlmovemOptions,
  BlmpopOptions,
  BlockingOptions,
  BzmpopOptions,
  PoppedElement,
  PoppedElements,
  PoppedMember,
} from './blocking-options.ts';

const WAITING = new Set(['timeout', 'signal', 'keepAlive']);
const WAITING_AND_COUNT = new Set([...WAITING, 'count']);
const WAITING_AND_MOVING = new Set([...WAITING_AND_COUNT, 'exactly', 'order']);

/**
 * The commands that wait, as methods that promise: `store.blocking`.
 *
 * A call takes what is there at once, before it returns. If there is nothing, it waits: for `timeout` seconds, after
 * which it resolves to `null`, or for ever. Those who wait for the same key are served in the order of their calls, after
 * the code that now runs is done, all of which is to them one change. A wait that is aborted was never served.
 *
 * A call rejects with
 * - a ReplyError: what Redis would have replied (WRONGTYPE, a timeout that is none, …);
 * - the signal's reason, once that is aborted; if it was so from the start, nothing is looked at;
 * - an Error if the store is closed meanwhile, or was before and the call has a timeout, which nothing would end;
 * - a TypeError if it was called with other than keys and options.
 */
export class Blocking<O extends Output = Text> extends BlockingReads<O> {
  private readonly operations: BlockingOperations<O>;

  /** @internal Use `store.blocking`. */
  constructor(keyspace: Keyspace, view: RepeatedOperations<O> & StreamReadOperations<O>) {
    super(keyspace, view);
    this.operations = new BlockingOperations(view);
  }

  // ── lists ────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Removes the first element of the first of these lists that exists. Waits until one does. O(keys). Redis 2.0.0.
   *
   * @returns the element and the key of its list; `null` if the time is over
   * @example
   * const job = await store.blocking.blpop(['urgent', 'jobs'], { timeout: 5 });
   */
  blpop(keys: Many, options: BlockingOptions = {}): Promise<PoppedElement<O['string']> | null> {
    return this.waitSeconds(options, WAITING, (timeout) => this.operations.blpop(keys, timeout));
  }

  /** The same with the last element: see {@link blpop}. O(keys). Redis 2.0.0. */
  brpop(keys: Many, options: BlockingOptions = {}): Promise<PoppedElement<O['string']> | null> {
    return this.waitSeconds(options, WAITING, (timeout) => this.operations.brpop(keys, timeout));
  }

  /**
   * Removes up to `count` elements (default 1) from one end of the first of these lists that exists. Waits until one
   * does. O(keys + count). Redis 7.0.0.
   *
   * @returns the elements and the key of their list; `null` if the time is over
   */
  blmpop(
    keys: Many,
    where: ListEnd,
    options: BlmpopOptions = {},
  ): Promise<PoppedElements<O['string']> | null> {
    return this.waitSeconds(options, WAITING_AND_COUNT, (timeout) => {
      const { count } = options;
      return this.operations.blmpop(timeout, keys, where, count === undefined ? {} : { count });
    });
  }

  /**
   * Moves an element from one end of a list to one end of another, or of the same. Waits until there is one. O(1).
   * Redis 6.2.0.
   *
   * @returns the element; `null` if the time is over
   */
  blmove(
    source: Bytes,
    destination: Bytes,
    wherefrom: ListEnd,
    whereto: ListEnd,
    options: BlockingOptions = {},
  ): Promise<O['string'] | null> {
    return this.waitSeconds(options, WAITING, (timeout) =>
      this.operations.blmove(source, destination, wherefrom, whereto, timeout),
    );
  }

  /** Moves the last element of a list to the head of another: see {@link blmove}, which serves better. Redis 2.2.0. */
  brpoplpush(source: Bytes, destination: Bytes, options: BlockingOptions = {}): Promise<O['string'] | null> {
    return this.waitSeconds(options, WAITING, (timeout) =>
      this.operations.brpoplpush(source, destination, timeout),
    );
  }

  /**
   * Moves elements from one end of a list to one end of another, or of the same: up to `count`, or `exactly` so many,
   * for which it waits until the list is long enough; one, without either. O(elements). Redis 8.10.0.
   *
   * @returns the elements in the order in which they now stand there; `null` if the time is over
   */
  blmovem(
    source: Bytes,
    destination: Bytes,
    wherefrom: ListEnd,
    whereto: ListEnd,
    options: BlmovemOptions = {},
  ): Promise<O['string'][] | null> {
    return this.waitSeconds(options, WAITING_AND_MOVING, (timeout) => {
      const { count, exactly, order } = options;
      const isOne = count === undefined && exactly === undefined && order === undefined;
      const move = isOne ? undefined : ({ count, exactly, order } as LmovemOptions);
      return this.operations.blmovem(source, destination, wherefrom, whereto, timeout, move);
    });
  }

  // ── sorted sets ──────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Removes the member with the least score from the first of these sorted sets that exists. Waits until one does.
   * O(keys + log n). Redis 5.0.0.
   *
   * @returns the member with its score, and the key of its sorted set; `null` if the time is over
   */
  bzpopmin(keys: Many, options: BlockingOptions = {}): Promise<PoppedMember<O['string']> | null> {
    return this.waitSeconds(options, WAITING, (timeout) => this.operations.bzpopmin(keys, timeout));
  }

  /** The same with the greatest score: see {@link bzpopmin}. O(keys + log n). Redis 5.0.0. */
  bzpopmax(keys: Many, options: BlockingOptions = {}): Promise<PoppedMember<O['string']> | null> {
    return this.waitSeconds(options, WAITING, (timeout) => this.operations.bzpopmax(keys, timeout));
  }

  /**
   * Removes up to `count` members (default 1) with the least scores (`'min'`) or the greatest (`'max'`) from the first
   * of these sorted sets that exists. Waits until one does. O(keys + count · log n). Redis 7.0.0.
   *
   * @returns the members with their scores, and the key of their sorted set; `null` if the time is over
   */
  bzmpop(
    keys: Many,
    where: 'min' | 'max',
    options: BzmpopOptions = {},
  ): Promise<ZmpopResult<O['string']> | null> {
    return this.waitSeconds(options, WAITING_AND_COUNT, (timeout) => {
      const { count } = options;
      return this.operations.bzmpop(timeout, keys, where, count === undefined ? {} : { count });
    });
  }

  // ── the append-only file ─────────────────────────────────────────────────────────────────────────────────

  /**
   * Waits until all that was done up to now is synced to the append-only file here (`numlocal` 1), for `timeoutMs`
   * milliseconds, or for ever if that is 0; with `numlocal` 0 it only looks. Redis 7.2.0.
   *
   * @returns how many have it: here, 0 or 1; at replicas, of which there are none, 0
   */
  async waitaof(
    numlocal: 0 | 1,
    numreplicas: number,
    timeoutMs: number,
  ): Promise<[local: number, replicas: number]> {
    for (const integer of [numlocal, numreplicas, timeoutMs]) requireInteger(integer);
    if (numlocal !== 0 && numlocal !== 1) throw errors.outOfRangeBetween(0, 1);
    if (timeoutMs < 0) throw errors.timeoutNegative();
    const { persistence } = this.keyspace;
    if (persistence?.settings.appendonly === true)
      return [(await persistence.syncedWithin(numlocal === 0 ? undefined : timeoutMs)) ? 1 : 0, 0];
    if (numlocal > 0) throw errors.noAppendOnly();
    return [0, 0];
  }

  private waitSeconds<T>(
    options: BlockingOptions,
    known: ReadonlySet<string>,
    attempt: (timeout: number) => Outcome<T | null>,
  ): Promise<T | null> {
    return this.wait(options, known, () => attempt(options.timeout ?? 0));
  }
}
