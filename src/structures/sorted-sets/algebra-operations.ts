import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import type { Many } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import type { Database } from '../../keyspace/database.ts';
import type { ValueKind } from '../../keyspace/entry.ts';
import { eventsOf, type KeyEvent } from '../../keyspace/events.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { formatDouble } from '../../numbers/double.ts';
import type { MemberSet } from '../sets/member-set.ts';
import { SET } from '../sets/set-value.ts';
import {
  type AlgebraResult,
  type AlgebraSource,
  difference,
  intersection,
  intersectionSize,
  union,
} from './sorted-set-algebra.ts';
import type { Aggregate, ScoredMember, ZaggregateOptions, ZintercardOptions } from './sorted-set-options.ts';
import { type SortedSetValue, ZSET } from './sorted-set-value.ts';
import { storeMembers } from './store-members.ts';

const event = eventsOf('z');
const STORES = {
  zunionstore: event('zunionstore'),
  zinterstore: event('zinterstore'),
  zdiffstore: event('zdiffstore'),
} as const;

const AGGREGATES: ReadonlySet<string> = new Set(['sum', 'min', 'max', 'count'] satisfies Aggregate[]);

/** The commands that make one sorted set of several. Plain sets may take part: their members score 1. */
export abstract class SortedSetAlgebraOperations<O extends Output = Text> extends Operations<O> {
  /**
   * The members of any of these sets, in order of their joined scores. O(n log n) for all members together. Redis 6.2.0.
   *
   * @throws ReplyError if no key is given, or weights are not numbers, one for each key; WRONGTYPE
   */
  zunion(keys: Many, options: ZaggregateOptions = {}): O['string'][] {
    return this.resultMembers(this.unionOf(this.inputSources(keys, 'zunion'), options));
  }

  /** `zunion`, with the scores. O(n log n). Redis 6.2.0. @throws ReplyError as `zunion` does */
  zunionWithScores(keys: Many, options: ZaggregateOptions = {}): ScoredMember<O['string']>[] {
    return this.resultScored(this.unionOf(this.inputSources(keys, 'zunion'), options));
  }

  /**
   * Makes `destination` a sorted set of what `zunion` answers, whatever it held before; if that is nothing, there is no
   * such key then. O(n log n). Redis 2.0.0.
   *
   * @returns how many members it has
   * @throws ReplyError as `zunion` does
   */
  zunionstore(destination: Bytes, keys: Many, options: ZaggregateOptions = {}): number {
    this.makeRoom();
    const inputs = this.inputSources(keys, 'zunionstore');
    return this.storeResult('zunionstore', destination, inputs, options, this.unionOf(inputs, options));
  }

  /**
   * The members of all of these sets, in order of their joined scores. O(n · keys + m log m), n being the smallest set
   * and m the result. Redis 6.2.0.
   *
   * @throws ReplyError if no key is given, or weights are not numbers, one for each key; WRONGTYPE
   */
  zinter(keys: Many, options: ZaggregateOptions = {}): O['string'][] {
    return this.resultMembers(this.intersectionOf(this.inputSources(keys, 'zinter'), options));
  }

  /** `zinter`, with the scores. O(n · keys + m log m). Redis 6.2.0. @throws ReplyError as `zinter` does */
  zinterWithScores(keys: Many, options: ZaggregateOptions = {}): ScoredMember<O['string']>[] {
    return this.resultScored(this.intersectionOf(this.inputSources(keys, 'zinter'), options));
  }

  /**
   * Makes `destination` a sorted set of what `zinter` answers, whatever it held before; if that is nothing, there is no
   * such key then. O(n · keys + m log m). Redis 2.0.0.
   *
   * @returns how many members it has
   * @throws ReplyError as `zinter` does
   */
  zinterstore(destination: Bytes, keys: Many, options: ZaggregateOptions = {}): number {
    this.makeRoom();
    const inputs = this.inputSources(keys, 'zinterstore');
    return this.storeResult(
      'zinterstore',
      destination,
      inputs,
      options,
      this.intersectionOf(inputs, options),
    );
  }

  /**
   * How many members all of these sets have. O(n · keys), n being the smallest set. Redis 7.0.0.
   *
   * @throws ReplyError if no key is given, or `limit` is negative or no integer; WRONGTYPE
   */
  zintercard(keys: Many, options: ZintercardOptions = {}): number {
    const { sources } = this.inputSources(keys, 'zintercard');
    const { limit = 0 } = options;
    if (!Number.isInteger(limit) || limit < 0) throw errors.limitNegative();
    return intersectionSize(sources, limit);
  }

  /**
   * The members of the first of these sets that none of the others has, in order of their scores. O(n · keys), n being
   * the first set. Redis 6.2.0.
   *
   * @throws ReplyError if no key is given; WRONGTYPE
   */
  zdiff(keys: Many): O['string'][] {
    return this.resultMembers(difference(this.inputSources(keys, 'zdiff').sources));
  }

  /** `zdiff`, with the scores. O(n · keys). Redis 6.2.0. @throws ReplyError as `zdiff` does */
  zdiffWithScores(keys: Many): ScoredMember<O['string']>[] {
    return this.resultScored(difference(this.inputSources(keys, 'zdiff').sources));
  }

  /**
   * Makes `destination` a sorted set of what `zdiff` answers, whatever it held before; if that is nothing, there is no
   * such key then. O(n · keys). Redis 6.2.0.
   *
   * @returns how many members it has
   * @throws ReplyError as `zdiff` does
   */
  zdiffstore(destination: Bytes, keys: Many): number {
    this.makeRoom();
    const inputs = this.inputSources(keys, 'zdiffstore');
    return this.storeResult('zdiffstore', destination, inputs, {}, difference(inputs.sources));
  }

  private inputSources(keys: Many, command: string): Inputs {
    const names = this.inputMany(keys);
    if (names.length === 0) throw errors.noInputKeys(command);
    return { names, sources: names.map((name) => sourceAt(this.database, name)) };
  }

  private unionOf({ sources }: Inputs, options: ZaggregateOptions): AlgebraResult {
    requireAggregation(sources.length, options);
    return union(sources, options.weights, options.aggregate ?? 'sum');
  }

  private intersectionOf({ sources }: Inputs, options: ZaggregateOptions): AlgebraResult {
    requireAggregation(sources.length, options);
    return intersection(sources, options.weights, options.aggregate ?? 'sum');
  }

  private storeResult(
    command: keyof typeof STORES,
    destination: Bytes,
    { names }: Inputs,
    { weights, aggregate }: ZaggregateOptions,
    { members, scores }: AlgebraResult,
  ): number {
    const database = this.database;
    const to = this.input(destination);
    const stored: KeyEvent = STORES[command];
    if (storeMembers(database, to, members, scores, this.keyspace.limits, stored)) {
      const effect = [command.toUpperCase(), to, String(names.length), ...names];
      if (weights !== undefined) {
        effect.push('WEIGHTS');
        for (const weight of weights) effect.push(formatDouble(weight));
      }
      if (aggregate !== undefined) effect.push('AGGREGATE', aggregate.toUpperCase());
      database.effectOf(effect);
    }
    return members.length;
  }

  private resultMembers({ members }: AlgebraResult): O['string'][] {
    return members.map((member) => this.output(member));
  }

  private resultScored({ members, scores }: AlgebraResult): ScoredMember<O['string']>[] {
    return members.map((member, at) => ({ member: this.output(member), score: scores[at]! }));
  }
}

interface Inputs {
  readonly names: readonly ByteString[];
  readonly sources: readonly AlgebraSource[];
}

/**
 * The sorted set or set under a key.
 *
 * @throws ReplyError WRONGTYPE if it holds something else
 */
function sourceAt(database: Database, name: ByteString): AlgebraSource {
  const found = database.findToRead(name);
  if (found === undefined) return undefined;
  if (typeof found === 'object') {
    if (found.kind === (ZSET as ValueKind<unknown>)) return found.value as SortedSetValue;
    if (found.kind === (SET as ValueKind<unknown>)) return found.value as MemberSet;
  }
  throw errors.wrongType();
}

/** For typed callers. */
function requireAggregation(keyCount: number, { weights, aggregate }: ZaggregateOptions): void {
  if (weights !== undefined) {
    if (weights.length !== keyCount) throw errors.syntax();
    for (const weight of weights) {
      if (typeof weight !== 'number' || Number.isNaN(weight)) throw errors.weightNotAFloat();
    }
  }
  if (aggregate !== undefined && !AGGREGATES.has(aggregate)) throw errors.syntax();
}
