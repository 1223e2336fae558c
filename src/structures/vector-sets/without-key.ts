const answers = new WeakSet<readonly unknown[]>();

/**
 * The answer of a search where there is no key. To a typed caller nothing is nothing, but in RESP3 Redis replies an array
 * to it, and a map where a set has nothing that is similar enough.
 */
export function withoutKey<T>(): T[] {
  const answer: T[] = [];
  answers.add(answer);
  return answer;
}

/** Whether {@link withoutKey} made it. */
export function isWithoutKey(answer: readonly unknown[]): boolean {
  return answer.length === 0 && answers.has(answer);
}
