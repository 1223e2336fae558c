import { type Bytes, describe } from './byte-string.ts';

/**
 * Names with their values, as callers may give them: an object, a `Map`, or an array of pairs (for names that are
 * bytes, or that repeat).
 */
export type Pairs<V = Bytes> =
  | Readonly<Record<string, V>>
  | ReadonlyMap<Bytes, V>
  | readonly (readonly [name: Bytes, value: V])[];

/**
 * The pairs one by one, in whichever form they were given.
 *
 * @throws TypeError if they are in none of them
 */
export function pairsOf<V>(pairs: Pairs<V>): Iterable<readonly [name: Bytes, value: V]> {
  if (Array.isArray(pairs)) {
    // A string could be taken apart like a pair: `['k1', 'v1']` must not set `k` to `1`.
    for (const pair of pairs)
      if (!Array.isArray(pair)) throw new TypeError(`expected a pair [name, value], got ${describe(pair)}`);
    return pairs as readonly (readonly [Bytes, V])[];
  }
  if (pairs instanceof Map) return pairs;
  if (typeof pairs === 'object' && pairs !== null) return Object.entries(pairs) as [string, V][];
  throw new TypeError(`expected an object, a Map or an array of pairs, got ${describe(pairs)}`);
}

/** Where Redis takes one or more: one, or an array of them. */
export type Many = Bytes | readonly Bytes[];

/**
 * Whether it is an array of them; what is neither is left for those to refuse who take one.
 *
 * @throws TypeError if it is an array with nothing in some place
 */
export function isMany(many: Many): many is readonly Bytes[] {
  if (typeof many === 'string' || !Array.isArray(many)) return false;
  // Those who walk over it with `map` would never see the holes of an array.
  if (many.includes(undefined))
    throw new TypeError(`expected strings or Uint8Arrays in the array, got ${describe(undefined)}`);
  return true;
}

/**
 * All of them, as an array. O(n).
 *
 * @throws TypeError if it is neither one nor an array
 */
export function manyOf(many: Many): readonly Bytes[] {
  if (typeof many === 'string' || many instanceof Uint8Array) return [many];
  if (isMany(many)) return many;
  throw new TypeError(`expected a string, a Uint8Array or an array of them, got ${describe(many)}`);
}
