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
 * @throws TypeError if it is none of these forms, text least of all, whose letters would pass for a record
 */
export function pairsOf<V>(pairs: Pairs<V>): Iterable<readonly [name: Bytes, value: V]> {
  if (isRecord(pairs)) return Object.entries(pairs) as [string, V][];
  if (pairs instanceof Map) return pairs;
  if (!Array.isArray(pairs)) throw noPairs(pairs);
  for (const pair of pairs) {
    if (!Array.isArray(pair))
      throw new TypeError(`expected [name, value] in the array, got ${describe(pair)}`);
  }
  return pairs as readonly (readonly [Bytes, V])[];
}

/**
 * For those with arguments behind the pairs: who gives them in another order is to hear of the first that is wrong.
 *
 * @throws TypeError if it is none of the forms of pairs
 */
export function requirePairs(pairs: Pairs<unknown>): void {
  if (typeof pairs !== 'object' || pairs === null) throw noPairs(pairs);
}

function noPairs(given: unknown): TypeError {
  return new TypeError(`expected an object, a Map or an array of pairs, got ${describe(given)}`);
}

/** Whether the names are those of an object's own properties. */
export function isRecord<V>(pairs: Pairs<V>): pairs is Readonly<Record<string, V>> {
  if (typeof pairs !== 'object' || pairs === null || Array.isArray(pairs)) return false;
  return !(pairs instanceof Map || pairs instanceof Uint8Array);
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
    throw new TypeError(`expected a string or a Uint8Array, got ${describe(undefined)}`);
  return true;
}

/** All of them, as an array; what is no array counts as one. */
export function manyOf(many: Many): readonly Bytes[] {
  return isMany(many) ? many : [many];
}
