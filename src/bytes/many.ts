import type { Bytes } from './byte-string.ts';

/**
 * Names with their values, as callers may give them: an object, a `Map`, or an array of pairs (for names that are
 * bytes, or that repeat).
 */
export type Pairs<V = Bytes> =
  | Readonly<Record<string, V>>
  | ReadonlyMap<Bytes, V>
  | readonly (readonly [name: Bytes, value: V])[];

/** The pairs one by one, in whichever form they were given. */
export function pairsOf<V>(pairs: Pairs<V>): Iterable<readonly [name: Bytes, value: V]> {
  if (Array.isArray(pairs)) return pairs as readonly (readonly [Bytes, V])[];
  return pairs instanceof Map ? pairs : (Object.entries(pairs) as [string, V][]);
}

/** Where Redis takes one or more: one, or an array of them. */
export type Many = Bytes | readonly Bytes[];

/** Whether it is an array of them; what is neither is left for those to refuse who take one. */
export function isMany(many: Many): many is readonly Bytes[] {
  return typeof many !== 'string' && Array.isArray(many);
}

/** All of them, as an array. */
export function manyOf(many: Many): readonly Bytes[] {
  return typeof many === 'string' || many instanceof Uint8Array ? [many] : many;
}
