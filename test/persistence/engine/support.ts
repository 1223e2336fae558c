import { connect, type OpenOptions, Store } from '../../../src/index.ts';
import { persistent } from '../../../src/persistence/persistent.ts';
import type { Storage } from '../../../src/persistence/storage/storage.ts';
import { afterTurn } from '../../../src/ttl/host-turn.ts';

/** Opens a store on a storage; it says what it warns of. */
export async function openOn(
  storage: Storage,
  options: Partial<OpenOptions> = {},
): Promise<{ store: Store; warnings: string[] }> {
  const warnings: string[] = [];
  const store = await Store.open({
    storage: persistent(storage),
    onWarning: (warning) => warnings.push(warning),
    ...options,
  });
  return { store, warnings };
}

/** Lets the event loop turn until this holds. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns++) {
    if (turns > 10_000) throw new Error(`still waiting for ${String(holds)}`);
    await new Promise<void>(afterTurn);
  }
}

/** What a store holds, in a form that can be compared: the digest of Redis's, and the time at which each key expires. */
export function contentOf(store: Store): unknown {
  const connection = connect(store);
  const databases = store.keyspace.databases.map(({ index }) => {
    const view = store.select(index);
    return view
      .keys('*')
      .sort()
      .map((key) => [key, view.type(key), view.pexpiretime(key)]);
  });
  return [connection.call('DEBUG', 'DIGEST'), databases];
}

/** Something of every type, in several databases, with TTLs of keys and fields. */
export function fill(store: Store): void {
  store.set('text', 'value');
  store.set('expiring', 'value', { ex: 1000 });
  store.bytes.set(new Uint8Array([0xff, 0]), new Uint8Array([0, 0xfe]));
  store.setbit('bits', 77, 1);
  store.incrby('counter', 42);
  store.pfadd('hyperloglog', ['a', 'b']);
  store.rpush('list', ['a', 'b', 'c']);
  store.sadd('set', ['1', '2', 'x']);
  store.hset('hash', { name: 'Ada', visits: '1' });
  store.hexpire('hash', 500, 'visits');
  store.zadd('zset', { a: 1, b: 2.5 });
  store.geoadd('geo', { longitude: 13.361389, latitude: 38.115556, member: 'Palermo' });
  store.xadd('stream', { temperature: '20' });
  store.xgroupCreate('stream', 'group', '0');
  store.xreadgroup('group', 'consumer', 'stream');
  store.arset('array', 5, 'five');
  store.vadd('vectors', [1, 0, 0], 'east');
  const other = store.select(3);
  other.rpush(
    'elsewhere',
    Array.from({ length: 300 }, (_, at) => `element ${at}`),
  );
  other.expire('elsewhere', 2000);
}
