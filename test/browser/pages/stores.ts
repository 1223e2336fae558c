import { connect, Store } from '../../../src/index.ts';
import { indexedDbFiles, opfsFiles } from '../../../src/persistence/browser.ts';
import { lua } from '../../../src/scripting/index.ts';
import { errorOf, expose } from './expose.ts';

export type Kind = 'opfs' | 'indexed-db';

const library = {
  errorOf,
  connect,
  /** Opens the store of a name, and keeps it for the next call. */
  async open(kind: Kind, name: string, options: { appendonly?: boolean; save?: false } = {}): Promise<Store> {
    kept.store = await Store.open({
      storage: kind === 'opfs' ? opfsFiles(name) : indexedDbFiles(name),
      scripting: lua(),
      appendfsync: 'always',
      ...options,
    });
    return kept.store;
  },
  /** The one that was opened last. */
  current(): Store {
    return kept.store!;
  },
  /** Writes a key of every type, a library, and a key in another database. Resolves once all of it is on the disk. */
  async fill(store: Store): Promise<void> {
    store.set('string', 'héllo \u{1f600}');
    store.set('bytes', new Uint8Array([0, 255, 128, 10]));
    store.set('later', 'v', { px: 1_000_000_000 });
    store.hset('hash', { a: '1', b: '2' });
    store.rpush('list', ['x', 'y', 'z']);
    store.sadd('set', ['1', '2', 'three']);
    store.zadd('zset', { one: 1, half: 0.5 });
    store.xadd('stream', { field: 'value' }, { id: '1-1' });
    store.xgroupCreate('stream', 'group', '0');
    store.geoadd('geo', { longitude: 13.361389, latitude: 38.115556, member: 'Palermo' });
    store.pfadd('hll', ['a', 'b', 'c']);
    store.setbit('bits', 100, 1);
    store.select(7).set('elsewhere', 'yes');
    store.functionLoad("#!lua name=l\nredis.register_function('f', function() return 'of a function' end)");
    store.transaction((tx) => {
      tx.incr('n');
      tx.incr('n');
    });
    store.eval("redis.call('SADD', KEYS[1], 'a', 'b') return redis.call('INCR', KEYS[2])", ['scripted', 'n']);
    await store.blocking.waitaof(1, 0, 0);
  },
  /** What a store holds, in a form that can be compared: everything, exactly. */
  contentOf(store: Store): Record<string, unknown> {
    const content: Record<string, unknown> = {};
    for (let index = 0; index < 16; index++) {
      const database = store.select(index);
      for (const key of database.keys('*').sort()) {
        const dump = database.bytes.dump(key)!;
        content[`${index} ${key}`] = [database.type(key), database.pexpiretime(key), Array.from(dump).join()];
      }
    }
    content['function'] = store.functionList().map(({ libraryName }) => libraryName);
    return content;
  },
};

const kept: { store?: Store } = {};

export type Library = typeof library;

expose(library, import.meta.url);
