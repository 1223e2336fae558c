import RedisMock from 'ioredis-mock';
import { LRUCache } from 'lru-cache';
import { Store } from '../src/index.ts';
import { formatCount, freshString, names, sizes, visits } from './data.ts';
import { type Comparison, type Contestant, compare, type Section, type Settings } from './harness.ts';
import { RatioTable } from './table.ts';

const TTL_MS = 3_600_000;
const MOCK = 'ioredis-mock';
const MOCK_OPERATIONS = 2000;
const values = Array.from({ length: 1024 }, (_, number) => freshString(`value ${number}`));

export const strings: Section = {
  name: 'strings',
  title: 'Strings beside Map, lru-cache and ioredis-mock',
  async run(settings) {
    const plain = new RatioTable('GET and SET', ['Map', MOCK]);
    const expiring = new RatioTable('Keys with a TTL', ['lru-cache', MOCK]);
    const all = sizes(settings.isQuick).map((size) => new Data(size));
    for (const data of all) await comparePlain(data, plain, settings);
    plain.print();
    for (const data of all) await compareExpiring(data, expiring, settings);
    expiring.print();
  },
};

/** Keys, and the same keys in the order in which they are visited. */
class Data {
  readonly size: number;
  readonly keys: readonly string[];
  readonly visited: readonly string[];

  constructor(size: number) {
    this.size = size;
    this.keys = names('key', size);
    this.visited = visits(this.keys);
  }

  label(command: string): string {
    return `${command}, ${formatCount(this.size)} keys`;
  }
}

async function comparePlain(data: Data, table: RatioTable, settings: Settings): Promise<void> {
  const { keys, visited } = data;
  const store = new Store();
  const map = new Map<string, string>();
  const counters = new Map<string, number>();
  const mock = await mockWith(data);
  keys.forEach((key, at) => {
    const value = values[at & 1023]!;
    store.set(key, value);
    map.set(key, value);
    counters.set(key, 0);
  });
  const add = async (name: string, contestants: Contestant[]) =>
    table.add(
      data.label(name),
      ...(await compareApart(data.label(name), visited.length, contestants, settings)),
    );

  await add('GET', [
    {
      name: 'lodis',
      run: () => {
        let sum = 0;
        for (const key of visited) sum += store.get(key)!.length;
        return sum;
      },
    },
    {
      name: 'Map',
      run: () => {
        let sum = 0;
        for (const key of visited) sum += map.get(key)!.length;
        return sum;
      },
    },
    ...mocked(mock, data, async (client, key) => (await client.get(key))!.length),
  ]);

  await add('SET', [
    {
      name: 'lodis',
      run: () => {
        let sum = 0;
        for (let at = 0; at < visited.length; at++)
          sum += store.set(visited[at]!, values[at & 1023]!) === 'OK' ? 1 : 0;
        return sum;
      },
    },
    {
      name: 'Map',
      run: () => {
        let sum = 0;
        for (let at = 0; at < visited.length; at++) sum += map.set(visited[at]!, values[at & 1023]!).size;
        return sum;
      },
    },
    ...mocked(mock, data, async (client, key, at) => (await client.set(key, values[at & 1023]!)).length),
  ]);

  const counting = new Store();
  for (const key of keys) counting.set(key, '0');
  await add('INCR', [
    {
      name: 'lodis',
      run: () => {
        let sum = 0;
        for (const key of visited) sum += counting.incr(key);
        return sum;
      },
    },
    {
      name: 'Map',
      run: () => {
        let sum = 0;
        for (const key of visited) {
          const next = counters.get(key)! + 1;
          counters.set(key, next);
          sum += next;
        }
        return sum;
      },
    },
  ]);

  const filled = new Store();
  const filledMap = new Map<string, string>();
  await add('SET and DEL of new keys, each', [
    {
      name: 'lodis',
      run: () => {
        let sum = 0;
        for (let at = 0; at < keys.length; at++)
          sum += filled.set(keys[at]!, values[at & 1023]!) === 'OK' ? 1 : 0;
        for (const key of keys) sum += filled.del(key);
        return sum;
      },
      operations: 2 * keys.length,
    },
    {
      name: 'Map',
      run: () => {
        let sum = 0;
        for (let at = 0; at < keys.length; at++) sum += filledMap.set(keys[at]!, values[at & 1023]!).size;
        for (const key of keys) sum += filledMap.delete(key) ? 1 : 0;
        return sum;
      },
      operations: 2 * keys.length,
    },
  ]);
  mock?.disconnect();
}

async function compareExpiring(data: Data, table: RatioTable, settings: Settings): Promise<void> {
  const { keys, visited } = data;
  let store = new Store();
  let cache = new LRUCache<string, string>({ max: data.size, ttl: TTL_MS });
  const mock = await mockWith(data);
  const add = async (name: string, contestants: Contestant[]) =>
    table.add(
      data.label(name),
      ...(await compareApart(data.label(name), visited.length, contestants, settings)),
    );
  const fillStore = () => {
    let sum = 0;
    for (let at = 0; at < keys.length; at++)
      sum += store.set(keys[at]!, values[at & 1023]!, { px: TTL_MS }) === 'OK' ? 1 : 0;
    return sum;
  };
  const fillCache = () => {
    let sum = 0;
    for (let at = 0; at < keys.length; at++)
      sum += cache.set(keys[at]!, values[at & 1023]!, { ttl: TTL_MS }).size;
    return sum;
  };

  await add('SET with PX of new keys', [
    {
      name: 'lodis',
      operations: keys.length,
      prepare: () => {
        store.close();
        store = new Store();
      },
      run: fillStore,
    },
    {
      name: 'lru-cache',
      operations: keys.length,
      prepare: () => {
        cache = new LRUCache<string, string>({ max: data.size, ttl: TTL_MS });
      },
      run: fillCache,
    },
  ]);
  fillStore();
  fillCache();

  await add('SET with EX, again', [
    {
      name: 'lodis',
      run: () => {
        let sum = 0;
        for (let at = 0; at < visited.length; at++)
          sum += store.set(visited[at]!, values[at & 1023]!, { ex: 3600 + (at & 1023) }) === 'OK' ? 1 : 0;
        return sum;
      },
    },
    {
      name: 'lru-cache',
      run: () => {
        let sum = 0;
        for (let at = 0; at < visited.length; at++)
          sum += cache.set(visited[at]!, values[at & 1023]!, { ttl: (3600 + (at & 1023)) * 1000 }).size;
        return sum;
      },
    },
    ...mocked(
      mock,
      data,
      async (client, key, at) => (await client.set(key, values[at & 1023]!, 'EX', 3600 + (at & 1023))).length,
    ),
  ]);

  await add('GET of keys with a TTL', [
    {
      name: 'lodis',
      run: () => {
        let sum = 0;
        for (const key of visited) sum += store.get(key)!.length;
        return sum;
      },
    },
    {
      name: 'lru-cache',
      run: () => {
        let sum = 0;
        for (const key of visited) sum += cache.get(key)!.length;
        return sum;
      },
    },
  ]);
  store.close();
  mock?.disconnect();
}

/** The mock in a comparison of its own: its garbage would be collected at the expense of the others. */
async function compareApart(
  title: string,
  operations: number,
  contestants: readonly Contestant[],
  settings: Settings,
): Promise<Comparison[]> {
  const plain = contestants.filter(({ name }) => name !== MOCK);
  const comparisons = [await compare(title, operations, plain, settings)];
  const mock = contestants.find(({ name }) => name === MOCK);
  if (mock !== undefined)
    comparisons.push(await compare(`${title}, ${MOCK}`, operations, [plain[0]!, mock], settings));
  return comparisons;
}

type Mock = InstanceType<typeof RedisMock>;

/** Beyond this many keys it would take minutes to fill. */
const MOST_MOCK_KEYS = 100_000;

async function mockWith(data: Data): Promise<Mock | undefined> {
  if (data.size > MOST_MOCK_KEYS) return undefined;
  const mock = new RedisMock();
  await mock.flushall();
  for (let at = 0; at < data.size; at += 1000) {
    const pairs = data.keys.slice(at, at + 1000).flatMap((key, index) => [key, values[index & 1023]!]);
    await mock.mset(...pairs);
  }
  return mock;
}

/** The mock's turn, awaited call by call as its users do. */
function mocked(
  mock: Mock | undefined,
  data: Data,
  call: (client: Mock, key: string, at: number) => Promise<number>,
): Contestant[] {
  if (mock === undefined) return [];
  return [
    {
      name: MOCK,
      operations: MOCK_OPERATIONS,
      run: async () => {
        let sum = 0;
        for (let at = 0; at < MOCK_OPERATIONS; at++) sum += await call(mock, data.visited[at]!, at);
        return sum;
      },
    },
  ];
}
