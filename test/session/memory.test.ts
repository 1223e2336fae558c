import { describe, expect, test } from 'vitest';
import { type Connection, connect, Store } from '../../src/index.ts';
import { lua } from '../../src/scripting/index.ts';
import type { Reply } from '../../src/wire/resp/reply.ts';

const MEGABYTE = 1024 * 1024;

function info(client: Connection, ...sections: string[]): Map<string, string> {
  const lines = String(client.call('INFO', ...sections)).split('\r\n');
  const fields = lines.filter((line) => line.includes(':'));
  return new Map(fields.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

function figure(client: Connection, field: string): number {
  return Number(info(client, 'memory', 'stats').get(field));
}

function statsOf(client: Connection): Map<string, Reply> {
  return client.call('MEMORY', 'STATS') as unknown as Map<string, Reply>;
}

describe('MEMORY USAGE', () => {
  test('is what the key adds to what is used', () => {
    const store = new Store();
    const client = connect(store);
    for (const fill of [
      () => store.set('key', 'x'.repeat(1000)),
      () => store.set('key', 'v', { ex: 100 }),
      () => store.hset('key', { field: 'x'.repeat(1000) }),
      () =>
        store.rpush(
          'key',
          Array.from({ length: 1000 }, (_, at) => `element:${at}`),
        ),
      () => store.sadd('key', Array.from({ length: 1000 }, (_, at) => at).map(String)),
      () => store.zadd('key', { a: 1, b: 2 }),
      () => store.xadd('key', { field: 'value' }),
    ]) {
      store.del('key');
      const before = figure(client, 'used_memory');
      fill();
      const usage = store.memoryUsage('key');
      expect(usage).toBe(figure(client, 'used_memory') - before);
      expect(client.call('MEMORY', 'USAGE', 'key', 'SAMPLES', '0')).toBe(usage);
      expect(store.memoryUsage('key', { samples: 3 })).toBe(usage);
    }
  });

  test('is neither a hit nor a miss', () => {
    const store = new Store();
    const client = connect(store);
    store.set('k', 'v');
    store.memoryUsage('k');
    expect(store.memoryUsage('nok')).toBeNull();
    expect([figure(client, 'keyspace_hits'), figure(client, 'keyspace_misses')]).toEqual([0, 0]);
  });

  test('refuses what is no number of samples', () => {
    const store = new Store();
    expect(() => store.memoryUsage('k', { samples: -1 })).toThrow('ERR syntax error');
    expect(() => store.memoryUsage('k', { samples: 1.5 })).toThrow('ERR value is not an integer');
    expect(() => store.memoryUsage('k', { sample: 1 } as object)).toThrow(TypeError);
  });
});

describe('MEMORY STATS and INFO memory', () => {
  test('tell the same, and it adds up', () => {
    const store = new Store();
    const client = connect(store, { protocol: 3 });
    store.set('a', 'x'.repeat(10_000));
    store.set('b', 'v', { ex: 100 });
    store.select(3).hset('h', { f: 'v' });
    store.subscribe('channel', () => {});
    const stats = statsOf(client);
    const fields = info(client, 'memory');
    const used = Number(fields.get('used_memory'));
    expect(stats.get('total.allocated')).toBe(used);
    expect(stats.get('overhead.total')).toBe(Number(fields.get('used_memory_overhead')));
    expect(stats.get('dataset.bytes')).toBe(Number(fields.get('used_memory_dataset')));
    expect(stats.get('clients.normal')).toBe(Number(fields.get('mem_clients_normal')));
    expect(Number(stats.get('overhead.total')) + Number(stats.get('dataset.bytes'))).toBe(used);
    expect(stats.get('dataset.bytes')).toBeGreaterThan(10_000);
    expect(stats.get('keys.count')).toBe(3);
    expect(stats.get('keys.bytes-per-key')).toBe(Math.floor(used / 3));
    expect([...stats.keys()].filter((name) => /^db\.\d/.test(name))).toEqual(['db.0', 'db.3']);
    const keys = ['a', 'b'].reduce((sum, key) => sum + store.memoryUsage(key)!, 0);
    expect(used).toBe(keys + store.select(3).memoryUsage('h')! + store.keyspace.memory!.overheadBytes);
  });

  test('the peak stays, with its time, and CONFIG RESETSTAT leaves it', () => {
    let nowMs = 1_700_000_000_000;
    const store = new Store({ clock: { now: () => nowMs } });
    const client = connect(store);
    client.call('MEMORY', 'STATS');
    nowMs += 5000;
    store.set('k', 'x'.repeat(MEGABYTE));
    nowMs += 5000;
    store.del('k');
    client.call('CONFIG', 'RESETSTAT');
    const fields = info(client, 'memory');
    expect(Number(fields.get('used_memory_peak'))).toBeGreaterThan(MEGABYTE);
    expect(Number(fields.get('used_memory'))).toBeLessThan(MEGABYTE / 10);
    expect(fields.get('used_memory_peak_time')).toBe('1700000005');
    expect(fields.get('used_memory_peak_human')).toMatch(/^1\.0\dM$/);
    expect(Number.parseFloat(fields.get('used_memory_peak_perc')!)).toBeLessThan(10);
  });

  test('INFO as clients send it when they connect counts nothing, and estimates well where keys are alike', () => {
    const store = new Store();
    for (let at = 0; at < 1000; at++) {
      store.set(`key:${at}`, 'x'.repeat(100));
      store.select(1).hset(`hash:${at}`, { field: 'value' });
    }
    const client = connect(store);
    const estimate = Number(info(client).get('used_memory'));
    expect(store.keyspace.memory).toBeUndefined();
    const exact = figure(client, 'used_memory');
    expect(store.keyspace.memory).toBeDefined();
    expect(estimate / exact).toBeCloseTo(1, 1);
    expect(Number(info(client).get('used_memory'))).toBe(figure(client, 'used_memory'));
  });

  test('scripts and functions count until they are forgotten', () => {
    const store = new Store({ scripting: lua() });
    const client = connect(store);
    const used = figure(client, 'used_memory');
    const names = ['number_of_cached_scripts', 'number_of_functions', 'number_of_libraries'];
    for (let at = 0; at < 600; at++) client.call('EVAL', `return ${at} -- ${'x'.repeat(1000)}`, '0');
    const library = `#!lua name=lib\nredis.register_function('f', function() return 1 end) -- ${'x'.repeat(1000)}`;
    client.call('FUNCTION', 'LOAD', library);
    const fields = info(client, 'memory');
    expect(names.map((name) => fields.get(name))).toEqual(['500', '1', '1']);
    const scripts = Number(fields.get('used_memory_scripts_eval'));
    const functions = Number(fields.get('used_memory_functions'));
    expect(scripts).toBeGreaterThan(500 * 1000);
    expect(functions).toBeGreaterThan(1000);
    expect(Number(fields.get('used_memory_scripts'))).toBe(scripts + functions);
    expect(Number(fields.get('used_memory')) - used).toBe(scripts + functions);
    expect(Number(fields.get('used_memory_vm_eval'))).toBeGreaterThan(1000);
    expect(Number(fields.get('used_memory_vm_functions'))).toBeGreaterThan(1000);
    client.call('FUNCTION', 'LOAD', 'REPLACE', library.slice(0, -900));
    expect(figure(client, 'used_memory_functions')).toBeLessThan(functions);
    client.call('SCRIPT', 'FLUSH');
    client.call('FUNCTION', 'DELETE', 'lib');
    expect(figure(client, 'used_memory')).toBe(used);
  });
});

describe('MEMORY DOCTOR', () => {
  const doctor = (client: Connection) => String(client.call('MEMORY', 'DOCTOR'));

  test('has nothing to say of an empty store', () => {
    expect(doctor(connect(new Store()))).toMatch(/^The store is empty or uses very little memory/);
  });

  test('has nothing to say of large values, of which all are there', () => {
    const store = new Store();
    const client = connect(store);
    for (let at = 0; at < 10; at++) store.set(`k${at}`, 'x'.repeat(MEGABYTE));
    expect(doctor(client)).toMatch(/used for 10 keys\. Nothing about that stands out\.$/);
  });

  test.for([
    [
      'a peak that is over',
      'Peak:',
      (store: Store) => {
        store.set('large', 'x'.repeat(20 * MEGABYTE));
        store.del('large');
      },
    ],
    [
      'a limit that is near',
      'Limit:',
      (store: Store) => {
        connect(store).call('CONFIG', 'SET', 'maxmemory', '8mb', 'maxmemory-policy', 'allkeys-random');
      },
    ],
    [
      'clients that take much',
      'Clients:',
      (store: Store) => {
        connect(store).call('SUBSCRIBE', 'x'.repeat(2 * MEGABYTE));
      },
    ],
    [
      'scripts without end',
      'Scripts:',
      (store: Store) => {
        for (let at = 0; at < 1001; at++) store.scriptLoad(`return ${at}`);
      },
    ],
    [
      'keys with little in them',
      'Overhead:',
      (store: Store) => {
        store.flushall();
        for (let at = 0; at < 100_000; at++) store.set(`k${at}`, '');
      },
    ],
  ] as const)('tells of %s', ([, word, cause]) => {
    const store = new Store({ scripting: lua() });
    const client = connect(store);
    client.call('MEMORY', 'STATS');
    for (let at = 0; at < 7; at++) store.set(`k${at}`, 'x'.repeat(1.1 * MEGABYTE));
    cause(store);
    expect(doctor(client)).toContain(` * ${word}`);
  });
});

describe('INFO keysizes', () => {
  const keysizes = (store: Store) =>
    String(connect(store).call('INFO', 'keysizes')).split('\r\n').slice(1, -1);

  test('counts keys by the powers of two that their sizes reach', () => {
    const store = new Store();
    for (let length = 0; length <= 10; length++) store.set(`k${length}`, 'x'.repeat(length));
    expect(keysizes(store)).toEqual(['db0_distrib_strings_sizes:0=1,1=1,2=2,4=4,8=3']);
  });

  test('in bytes, in thousands and in millions of them', () => {
    const store = new Store();
    for (const power of [9, 10, 19, 20, 21]) {
      store.set(`at${power}`, 'x'.repeat(2 ** power));
      store.set(`below${power}`, 'x'.repeat(2 ** power - 1));
    }
    store.set('wide', '日'.repeat(400));
    expect(keysizes(store)).toEqual(['db0_distrib_strings_sizes:256=1,512=2,1K=2,256K=1,512K=2,1M=2,2M=1']);
  });

  test('by type and database, streams and the like left out', () => {
    const store = new Store();
    store.set('s', 'abc');
    store.rpush('l', ['1', '2', '3', '4', '5']);
    store.sadd('set', ['a', 'b']);
    store.zadd('z', { a: 1 });
    store.hset('h', { a: '1', b: '2', c: '3', d: '4' });
    store.xadd('x', { f: 'v' });
    store.select(7).pfadd('hll', ['a']);
    expect(keysizes(store)).toEqual([
      'db0_distrib_strings_sizes:2=1',
      'db0_distrib_lists_items:4=1',
      'db0_distrib_sets_items:2=1',
      'db0_distrib_zsets_items:1=1',
      'db0_distrib_hashes_items:4=1',
      'db7_distrib_strings_sizes:16=1',
    ]);
  });

  test('with key-memory-histograms also in bytes of memory', () => {
    const store = new Store();
    store.rpush('l', 'x'.repeat(100_000));
    expect(keysizes(store)).toEqual(['db0_distrib_lists_items:1=1']);
    connect(store).call('CONFIG', 'SET', 'key-memory-histograms', 'yes');
    expect(keysizes(store)).toEqual(['db0_distrib_lists_items:1=1', 'db0_distrib_lists_sizes:64K=1']);
  });

  test('is shown to those who ask for it, or for everything', () => {
    const client = connect(new Store());
    expect(client.call('INFO')).not.toContain('# Keysizes');
    expect(client.call('INFO', 'ALL')).toContain('# Keysizes');
  });
});
