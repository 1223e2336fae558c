// Compiled by `npm run typecheck`, never run: what the types of a bounded memory promise, and what they refuse.
import {
  type BigKey,
  type BigKeysOptions,
  type BigKeysProgress,
  type Binary,
  type MaxMemoryPolicy,
  type MemoryReport,
  type MemoryRow,
  Store,
  type StoreOptions,
} from '../../src/index.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Does not compile unless both types are the same. */
function same<A, B>(_proof: Same<A, B>): void {}

// Redis's ten policies, and no other text.
same<
  MaxMemoryPolicy,
  | 'noeviction'
  | `allkeys-${'lru' | 'lfu' | 'lrm' | 'random'}`
  | `volatile-${'lru' | 'lfu' | 'lrm' | 'random' | 'ttl'}`
>(true);
same<StoreOptions['maxMemoryPolicy'], MaxMemoryPolicy | undefined>(true);

// A size is a number of bytes or a text.
const bounded: StoreOptions = {
  maxMemory: '64mb',
  maxMemoryPolicy: 'allkeys-lru',
  maxMemorySamples: 10,
  lfuLogFactor: 10,
  lfuDecayTime: 1,
};
const store = new Store(bounded);
new Store({ maxMemory: 64 * 1024 ** 2 });
// @ts-expect-error misspelt
new Store({ maxMemoryPolicy: 'allkeys-lur' });
// @ts-expect-error in lower case
new Store({ maxMemoryPolicy: 'ALLKEYS-LRU' });
// @ts-expect-error only what expires has a time
new Store({ maxMemoryPolicy: 'allkeys-ttl' });
// @ts-expect-error no size
new Store({ maxMemory: null });
// @ts-expect-error no size
new Store({ maxMemory: 64n });
// @ts-expect-error CONFIG's name is not the option's
new Store({ maxmemory: '64mb' });
// @ts-expect-error a number
new Store({ maxMemorySamples: '10' });
// @ts-expect-error options do not change
bounded.maxMemory = 0;

// Tables for people: plain rows.
const report: MemoryReport = store.memory();
same<typeof report.rows, MemoryRow[]>(true);
same<typeof report.policy, MaxMemoryPolicy>(true);
same<typeof report.maxBytes, number | null>(true);
same<typeof report.peakBytes, number | null>(true);
same<keyof MemoryRow, 'db' | 'type' | 'keys' | 'elements' | 'bytes' | 'meanBytes' | 'percent'>(true);
const hitRate: number = report.hits / (report.hits + report.misses);
// @ts-expect-error there may be no limit
const left: number = report.maxBytes - report.usedBytes;
// @ts-expect-error a report is read
report.evicted = 0;

// The largest keys, in the form of the view.
const options: BigKeysOptions = { count: 3, by: 'elements', match: 'user:*', type: 'hash', db: 0 };
same<ReturnType<Store['bigKeys']>, BigKey[]>(true);
const largest: BigKey[] = store.bigKeys(options);
same<BigKey['key'], string>(true);
same<BigKey['ttlMs'], number | null>(true);
same<ReturnType<typeof store.bytes.bigKeys>, BigKey<Binary>[]>(true);
same<BigKey<Binary>['key'], Uint8Array>(true);
same<ReturnType<Store['bigKeysIterator']>, Generator<BigKeysProgress, undefined, undefined>>(true);
for (const { seen, total, keys } of store.bigKeysIterator({ by: 'bytes' })) {
  const done: number = seen / total;
  same<typeof keys, BigKey[]>(true);
  void done;
}
for (const { keys } of store.bytes.bigKeysIterator()) same<(typeof keys)[number]['key'], Uint8Array>(true);
// @ts-expect-error neither of the two
store.bigKeys({ by: 'size' });
// @ts-expect-error misspelt
store.bigKeys({ cuont: 3 });
// @ts-expect-error a number
store.bigKeysIterator({ db: '0' });

// One key; `null` if it is not there.
same<ReturnType<Store['memoryUsage']>, number | null>(true);
store.memoryUsage(Uint8Array.of(1), { samples: 0 });
// @ts-expect-error misspelt
store.memoryUsage('k', { sample: 0 });
same<ReturnType<Store['objectIdletime']>, number | null>(true);
same<ReturnType<Store['objectFreq']>, number | null>(true);
void [hitRate, left, largest];
