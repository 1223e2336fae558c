import { LRUCache } from 'lru-cache';
import { type MaxMemoryPolicy, Store } from '../src/index.ts';
import { formatCount, freshString, names, sizes, visits } from './data.ts';
import { compareWithServer } from './eviction-server.ts';
import { type Contestant, compare, type Section, type Settings } from './harness.ts';
import { RatioTable } from './table.ts';

const POLICIES = ['allkeys-lru', 'allkeys-lrm', 'allkeys-lfu', 'allkeys-random', 'volatile-ttl'] as const;
const OFF = 'no limit';
const BY_COUNT = 'lru-cache, max';
const BY_SIZE = 'lru-cache, maxSize';
/** More than anything here takes. */
const ENOUGH = '64gb';
const NEW_KEYS = 100_000;

export const eviction: Section = {
  name: 'eviction',
  title: 'A bounded memory: what policies cost, beside no limit and lru-cache',
  async run(settings) {
    const roomy = new RatioTable('GET and SET with a limit that is not reached', [OFF, BY_COUNT, BY_SIZE]);
    const full = new RatioTable('SET of new keys at the limit: one goes for each that comes', [
      BY_COUNT,
      BY_SIZE,
    ]);
    for (const size of sizes(settings.isQuick)) {
      for (const policy of POLICIES) await compareRoomy(roomy, policy, size, settings);
      for (const policy of POLICIES) await compareFull(full, policy, size, settings);
    }
    roomy.print();
    full.print();
    await compareWithServer(settings);
  },
};

function cacheByCount(max: number): LRUCache<string, string> {
  return new LRUCache<string, string>({ max });
}

function cacheBySize(maxSize: number): LRUCache<string, string> {
  return new LRUCache<string, string>({
    maxSize,
    sizeCalculation: (value, key) => value.length + key.length,
  });
}

/** Each subject has values of its own: what is shared would stay in the processor's cache. */
function valuesOf(keys: readonly string[]): string[] {
  return keys.map((key) => freshString(`value of ${key}`));
}

async function compareRoomy(
  table: RatioTable,
  policy: MaxMemoryPolicy,
  size: number,
  settings: Settings,
): Promise<void> {
  const keys = names('key', size);
  const visited = visits(keys);
  const bounded = new Store({ maxMemory: ENOUGH, maxMemoryPolicy: policy });
  const unbounded = new Store();
  const byCount = cacheByCount(2 * size);
  const bySize = cacheBySize(2 ** 40);
  for (const subject of [bounded, unbounded, byCount, bySize]) {
    const values = valuesOf(keys);
    for (let at = 0; at < size; at++) subject.set(keys[at]!, values[at]!);
  }
  const written = valuesOf(keys.slice(0, 1024));
  const reading = (name: string, subject: { get(key: string): string | null | undefined }): Contestant => ({
    name,
    run: () => {
      let sum = 0;
      for (const key of visited) sum += subject.get(key)!.length;
      return sum;
    },
  });
  const writing = (name: string, set: (key: string, value: string) => unknown): Contestant => ({
    name,
    run: () => {
      let sum = 0;
      for (let at = 0; at < visited.length; at++)
        if (set(visited[at]!, written[at % written.length]!) !== undefined) sum++;
      return sum;
    },
  });
  const add = async (command: string, contestants: readonly Contestant[]) => {
    const label = `${command}, ${policy}, ${formatCount(size)} keys`;
    table.add(label, await compare(label, visited.length, contestants, { ...settings, isBrief: true }));
  };
  await add('GET', [
    reading(policy, bounded),
    reading(OFF, unbounded),
    reading(BY_COUNT, byCount),
    reading(BY_SIZE, bySize),
  ]);
  await add('SET', [
    writing(policy, (key, value) => bounded.set(key, value)),
    writing(OFF, (key, value) => unbounded.set(key, value)),
    writing(BY_COUNT, (key, value) => byCount.set(key, value)),
    writing(BY_SIZE, (key, value) => bySize.set(key, value)),
  ]);
}

async function compareFull(
  table: RatioTable,
  policy: MaxMemoryPolicy,
  size: number,
  settings: Settings,
): Promise<void> {
  // So that of the keys that come again none is left, whatever goes.
  const comers = names('comer', size + NEW_KEYS);
  const value = freshString('value of a key');
  const expiry = policy.startsWith('volatile') ? { ex: 3600 } : undefined;
  const store = new Store({ maxMemoryPolicy: policy });
  const byCount = cacheByCount(size);
  const bySize = cacheBySize(size * (value.length + comers[0]!.length));
  for (let at = 0; at < size; at++) {
    store.set(`first:${at}`, value, expiry);
    byCount.set(`first:${at}`, value);
    bySize.set(`first:${at}`, value);
  }
  store.keyspace.memoryLimit.maxBytes = store.keyspace.countMemory().usedBytes;
  const coming = (name: string, set: (key: string) => unknown): Contestant => {
    let at = 0;
    return {
      name,
      run: () => {
        let sum = 0;
        for (let left = NEW_KEYS; left > 0; left--) {
          if (set(comers[at]!) !== undefined) sum++;
          at = at + 1 === comers.length ? 0 : at + 1;
        }
        return sum;
      },
    };
  };
  const label = `SET, ${policy}, ${formatCount(size)} keys`;
  table.add(
    label,
    await compare(
      label,
      NEW_KEYS,
      [
        coming(policy, (key) => store.set(key, value, expiry)),
        coming(BY_COUNT, (key) => byCount.set(key, value)),
        coming(BY_SIZE, (key) => bySize.set(key, value)),
      ],
      { ...settings, isBrief: true },
    ),
  );
}
