import { Store } from '../src/index.ts';
import type { MaxMemoryPolicy } from '../src/keyspace/eviction/policy.ts';
import { Chance, freshString } from './data.ts';

/** A store that is filled up to its limit; then keys come and go, each once, so often as many as there is room for. */
export interface Churn {
  readonly policy: MaxMemoryPolicy;
  readonly keyLength: number;
  readonly valueLength: number;
  readonly maxBytes: number;
}

const TIMES = 5;
const MB = 1_000_000;
const policies = ['allkeys-lru', 'allkeys-lfu', 'allkeys-random', 'volatile-ttl'] as const;

export const churns: readonly Churn[] = [
  [8, 8, 8 * MB],
  [12, 60, 8 * MB],
  [16, 1024, 32 * MB],
].flatMap(([keyLength, valueLength, maxBytes]) =>
  policies.map((policy) => ({
    policy,
    keyLength: keyLength!,
    valueLength: valueLength!,
    maxBytes: maxBytes!,
  })),
);

/** What it is called, here and on a command line. */
export function churnName({ policy, keyLength, valueLength }: Churn): string {
  return `${policy}, names of ${keyLength}, values of ${valueLength}`;
}

/** Makes such a store, and has keys come and go. */
export function churned({ policy, keyLength, valueLength, maxBytes }: Churn, share = 1): Store {
  const store = new Store({ maxMemory: maxBytes * share, maxMemoryPolicy: policy });
  const chance = new Chance(17);
  let made = 0;
  const put = (): void => {
    const digits = (made++).toString(36);
    const key = freshString(digits.padStart(keyLength, '-'));
    const value = freshString(digits.padStart(valueLength, '-'));
    if (policy.startsWith('volatile')) store.set(key, value, { ex: 1000 + chance.below(100_000) });
    else store.set(key, value);
  };
  while (store.keyspace.evictedCount === 0) put();
  for (let left = TIMES * store.dbsize(); left > 0; left--) put();
  return store;
}
