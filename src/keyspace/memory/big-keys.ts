import { type ByteString, toByteString } from '../../bytes/byte-string.ts';
import { STRING } from '../../structures/strings/string-value.ts';
import { requireOptions } from '../arguments.ts';
import type { Database } from '../database.ts';
import { NEVER, type Stored, type ValueKind } from '../entry.ts';
import { Operations, type Output } from '../operations.ts';
import { matcher } from '../scan-operations.ts';
import { storedBytes } from './memory.ts';
import type { BigKey, BigKeysOptions, BigKeysProgress } from './memory-options.ts';

const OPTION_NAMES = new Set<string>([
  'count',
  'by',
  'match',
  'type',
  'db',
] satisfies (keyof BigKeysOptions)[]);
const DEFAULT_COUNT = 10;
/** So many keys, elements of collections counted like keys, are a step: a few milliseconds. */
const STEP_SIZE = 16_384;

/** A key that may be one of the largest. */
interface Candidate {
  readonly database: Database;
  readonly key: ByteString;
  readonly stored: Stored;
  /** That by which it is compared. */
  readonly size: number;
}

/** All steps of {@link bigKeySteps} at once. */
export function bigKeys<O extends Output>(view: Operations<O>, options: BigKeysOptions): BigKey<O>[] {
  // There is a step, and without a bound on it no other.
  return bigKeySteps(view, options, Number.POSITIVE_INFINITY).next().value!.keys;
}

/**
 * Looks through all keys for the largest ones, and says after each step how far it is. It touches nothing and removes
 * nothing; keys whose time is over are passed by.
 *
 * What may be among the largest is put on a list of twice as many. When that is full, the smaller half goes, and from
 * then on what is no larger than the last that stayed is not put there: O(keys · log count) at worst.
 *
 * A step sees what is there when it comes by. A `Map` is gone through in the order in which keys came, so the keys that
 * are there throughout come first, and no more are looked at than there were; a database that is swapped, or flushed in
 * a transaction, is left.
 *
 * @throws TypeError or RangeError if an option is not known or of no use
 */
export function bigKeySteps<O extends Output>(
  view: Operations<O>,
  options: BigKeysOptions,
  stepSize = STEP_SIZE,
): Generator<BigKeysProgress<O>, undefined, undefined> {
  requireOptions(options, OPTION_NAMES);
  const { count = DEFAULT_COUNT, by = 'bytes', db } = options;
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`count must be a whole number from 1, got ${count}`);
  if (by !== 'bytes' && by !== 'elements')
    throw new TypeError(`by must be 'bytes' or 'elements', got ${String(by)}`);
  const { keyspace } = view;
  const { databases } = keyspace;
  if (db !== undefined && databases[db] === undefined) throw new RangeError(`there is no database ${db}`);
  const matches = options.match === undefined ? undefined : matcher(toByteString(options.match));
  const type = options.type === undefined ? undefined : toByteString(options.type).toLowerCase();
  const sizeOf = by === 'bytes' ? storedBytes : elementsOf;
  return search(db === undefined ? databases : [databases[db]!]);

  function* search(searched: readonly Database[]): Generator<BigKeysProgress<O>, undefined, undefined> {
    const total = searched.reduce((sum, { size }) => sum + size, 0);
    let largest: Candidate[] = [];
    let least = -1;
    let seen = 0;
    let work = 0;
    const cut = () => {
      largest = largest.sort((a, b) => b.size - a.size).slice(0, count);
      if (largest.length === count) least = largest.at(-1)!.size;
    };
    const progress = () => {
      cut();
      const nowMs = keyspace.now();
      return { seen, total, keys: largest.map((candidate) => rowOf(candidate, nowMs)) };
    };
    for (const database of searched) {
      const { map } = database;
      let left = map.size;
      const nowMs = database.expiringCount === 0 ? 0 : keyspace.now();
      for (const [key, held] of map) {
        if (left-- === 0 || database.map !== map) break;
        const stored = database.storedOf(held)!;
        if (work >= stepSize) {
          work = 0;
          yield progress();
        }
        seen++;
        work++;
        let kind: ValueKind<never> | ValueKind<unknown> = STRING;
        if (typeof stored === 'object') {
          if (stored.expiresAtMs !== NEVER && nowMs >= stored.expiresAtMs) continue;
          kind = stored.kind;
          if (kind !== STRING) work += stored.kind.size(stored.value);
        }
        if (type !== undefined && kind.type !== type) continue;
        if (matches !== undefined && !matches(key)) continue;
        const size = sizeOf(database, key, stored);
        if (size <= least) continue;
        largest.push({ database, key, stored, size });
        if (largest.length === 2 * count) cut();
      }
    }
    yield progress();
  }

  function rowOf({ database, key, stored }: Candidate, nowMs: number): BigKey<O> {
    const isEntry = typeof stored === 'object';
    const expiresAtMs = isEntry ? stored.expiresAtMs : NEVER;
    return {
      db: database.index,
      key: Operations.outputOf(view, key),
      type: isEntry ? stored.kind.type : STRING.type,
      encoding: isEntry
        ? stored.kind.encoding(stored.value, keyspace.limits)
        : STRING.encoding(stored, keyspace.limits),
      elements: elementsOf(database, key, stored),
      bytes: storedBytes(database, key, stored),
      ttlMs: expiresAtMs === NEVER ? null : Math.max(expiresAtMs - nowMs, 0),
    };
  }
}

/** How many elements there are, of a string how many bytes. */
export function elementsOf(_database: Database, _key: ByteString, stored: Stored): number {
  return typeof stored === 'string' ? STRING.size(stored) : stored.kind.size(stored.value);
}
