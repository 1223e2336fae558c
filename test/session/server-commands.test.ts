import { describe, expect, test } from 'vitest';
import { ReplyError } from '../../src/errors.ts';
import { type Connection, connect, type Reply, Store, type StoreOptions } from '../../src/index.ts';
import { Config } from '../../src/session/config/config.ts';
import { flag, integer, Refusal, text } from '../../src/session/config/parameter.ts';
import { type Server, serverOf } from '../../src/session/server.ts';

const START_MS = 1_700_000_000_123;

interface Stage {
  readonly store: Store;
  readonly server: Server;
  readonly connection: Connection;
  /** What each command from now on takes, in milliseconds. */
  takes(durationMs: number): void;
}

/** A store whose time stands still, and whose commands take as long as one says. */
function stage(options: StoreOptions = {}): Stage {
  const store = new Store({ clock: { now: () => START_MS }, ...options });
  const server = serverOf(store.keyspace);
  let durationMs = 0;
  let ticks = 0;
  let clockMs = 1000;
  server.tick = () => {
    // Asked before and after each command.
    ticks++;
    if (ticks % 2 === 0) clockMs += durationMs;
    server.clockMs = clockMs;
    return clockMs;
  };
  const connection = connect(store);
  ticks = 0;
  return {
    store,
    server,
    connection,
    takes: (ms) => {
      durationMs = ms;
    },
  };
}

function infoField(connection: Connection, field: string): string | undefined {
  const lines = (connection.call('INFO', 'everything') as string).split('\r\n');
  return lines.find((line) => line.startsWith(`${field}:`))?.slice(field.length + 1);
}

describe('the configuration', () => {
  test('a place that refuses undoes what was set before it', () => {
    const config = new Config();
    let shouldRefuse = false;
    let real = 7;
    config.register(integer('a-number', 1));
    config.register(flag('a-flag', false));
    config.register(text('b-text', 'x'), {
      get: () => String(real),
      set: (value) => {
        if (shouldRefuse) throw new Refusal('not now');
        real = Number(value);
      },
    });
    config.set([
      ['a-number', '2'],
      ['b-text', '8'],
    ]);
    expect([config.number('a-number'), config.text('b-text'), real]).toEqual([2, '8', 8]);
    shouldRefuse = true;
    expect(() =>
      config.set([
        ['A-NUMBER', '3'],
        ['a-flag', 'yes'],
        ['b-text', '9'],
      ]),
    ).toThrow("ERR CONFIG SET failed (possibly related to argument 'b-text') - not now");
    expect([config.number('a-number'), config.isOn('a-flag'), real]).toEqual([2, false, 8]);
  });

  test('a name is registered once', () => {
    expect(() => new Config().register(text('maxmemory'))).toThrow('registered twice');
    expect(() => new Config().bind('nok', { get: () => 1, set: () => {} })).toThrow('no parameter nok');
  });

  test('is a map in RESP3, the names as they were asked for', () => {
    const { connection } = stage();
    connection.call('HELLO', '3');
    expect(connection.call('CONFIG', 'GET', 'MaxMemory', 'slowlog-*')).toEqual(
      new Map([
        ['MaxMemory', '0'],
        ['slowlog-log-slower-than', '10000'],
        ['slowlog-max-len', '128'],
      ]),
    );
  });

  test("tells the store's own limits and databases", () => {
    const { connection, store } = stage({ databases: 3, limits: { hashMaxListpackEntries: 5 } });
    expect(connection.call('CONFIG', 'GET', 'databases')).toEqual(['databases', '3']);
    expect(connection.call('CONFIG', 'GET', 'hash-max-ziplist-entries')).toEqual([
      'hash-max-ziplist-entries',
      '5',
    ]);
    connection.call('CONFIG', 'SET', 'hash-max-listpack-entries', '1');
    expect(store.keyspace.limits.hashMaxListpackEntries).toBe(1);
    store.hset('h', { a: '1', b: '2' });
    expect(store.objectEncoding('h')).toBe('hashtable');
  });

  test('notify-keyspace-events makes changes known', () => {
    const { connection, store } = stage();
    const seen: string[] = [];
    const subscriber = connect(store);
    subscriber.onMessage = (message) => seen.push(String(message));
    subscriber.call('SUBSCRIBE', '__keyevent@0__:set');
    connection.call('SET', 'a', '1');
    connection.call('CONFIG', 'SET', 'notify-keyspace-events', 'E$');
    connection.call('SET', 'b', '1');
    expect(seen).toEqual(['message,__keyevent@0__:set,b']);
    expect(() => connection.call('CONFIG', 'SET', 'notify-keyspace-events', 'E?')).toThrow(
      "Invalid event class character. Use 'Ag$lshzxeKEtmdn",
    );
    expect(connection.call('CONFIG', 'GET', 'notify-keyspace-events')).toEqual([
      'notify-keyspace-events',
      '$E',
    ]);
  });

  test('the limits of connections and of tracking', () => {
    const { connection, server } = stage();
    connection.call('CONFIG', 'SET', 'client-query-buffer-limit', '2mb', 'tracking-table-max-keys', '5');
    connection.call('CONFIG', 'SET', 'client-output-buffer-limit', 'replica 1 2 3 pubsub 1kb 0 0');
    expect(server.limits.clientQueryBufferLimit).toBe(2 * 1024 ** 2);
    expect(server.tracking.maxKeys).toBe(5);
    expect(server.limits.clientOutputBufferLimit).toEqual({
      normal: { hardBytes: 0, softBytes: 0, softSeconds: 0 },
      replica: { hardBytes: 1, softBytes: 2, softSeconds: 3 },
      pubsub: { hardBytes: 1024, softBytes: 0, softSeconds: 0 },
    });
    expect(connection.call('CONFIG', 'GET', 'client-output-buffer-limit')).toEqual([
      'client-output-buffer-limit',
      'normal 0 0 0 slave 1 2 3 pubsub 1024 0 0',
    ]);
  });
});

describe('INFO', () => {
  test('is a text with a format in RESP3', () => {
    const { connection } = stage();
    expect(connection.call('INFO', 'cluster')).toBe('# Cluster\r\ncluster_enabled:0\r\n');
  });

  test('tells what clients ask for', () => {
    const { connection, store } = stage();
    expect(infoField(connection, 'redis_version')).toBe('8.10.0');
    expect(infoField(connection, 'loading')).toBe('0');
    expect(infoField(connection, 'maxmemory_policy')).toBe('noeviction');
    connection.call('CONFIG', 'SET', 'maxmemory', '1536kb', 'maxmemory-policy', 'allkeys-lru');
    expect(infoField(connection, 'maxmemory_policy')).toBe('allkeys-lru');
    expect(infoField(connection, 'maxmemory_human')).toBe('1.50M');
    expect(infoField(connection, 'run_id')).toMatch(/^[0-9a-f]{40}$/);
    expect(infoField(connection, 'run_id')).toBe(infoField(connect(store), 'run_id'));
    expect(infoField(connect(new Store()), 'run_id')).not.toBe(infoField(connection, 'run_id'));
  });

  test('counts clients by what they do', () => {
    const { connection, store } = stage();
    const [a, b] = [connect(store), connect(store, { protocol: 3 })];
    a.call('SUBSCRIBE', 'channel', 'other');
    a.call('PSUBSCRIBE', 'c*');
    b.call('WATCH', 'k', 'l');
    b.call('CLIENT', 'TRACKING', 'ON');
    b.call('GET', 'k');
    b.send('BLPOP', 'q', '0').catch(() => {});
    const fields = ['connected_clients', 'pubsub_clients', 'watching_clients', 'total_watched_keys'];
    expect(fields.map((field) => infoField(connection, field))).toEqual(['3', '1', '1', '2']);
    expect(infoField(connection, 'blocked_clients')).toBe('1');
    expect(infoField(connection, 'total_blocking_keys')).toBe('1');
    expect(infoField(connection, 'tracking_clients')).toBe('1');
    expect(infoField(connection, 'tracking_total_keys')).toBe('1');
    expect(infoField(connection, 'pubsub_channels')).toBe('2');
    expect(infoField(connection, 'pubsub_patterns')).toBe('1');
    a.close();
    b.close();
    expect(fields.map((field) => infoField(connection, field))).toEqual(['1', '0', '0', '0']);
    expect(infoField(connection, 'total_connections_received')).toBe('3');
  });

  test('counts keys, those that expire, and hashes with fields that do', () => {
    const { connection, store } = stage();
    store.set('a', '1');
    store.set('b', '1', { ex: 10 });
    store.set('c', '1', { ex: 20 });
    store.hset('h', { f: '1', g: '2' });
    store.hexpire('h', 10, 'f');
    store.select(2).hset('h', { f: '1' });
    store.select(2).hexpire('h', 10, 'f');
    expect(infoField(connection, 'db0')).toBe('keys=4,expires=2,avg_ttl=15000,subexpiry=1');
    expect(infoField(connection, 'db2')).toBe('keys=1,expires=0,avg_ttl=0,subexpiry=1');
    expect(infoField(connection, 'db1')).toBeUndefined();
    store.rename('h', 'i');
    store.copy('i', 'j');
    expect(infoField(connection, 'db0')).toMatch(/subexpiry=2$/);
    store.hpersist('i', 'f');
    expect(infoField(connection, 'db0')).toMatch(/subexpiry=1$/);
    store.swapdb(0, 1);
    expect(infoField(connection, 'db1')).toMatch(/^keys=5,.*subexpiry=1$/);
    store.advance(10_000);
    expect(infoField(connection, 'expired_keys')).toBe('1');
    expect(infoField(connection, 'expired_subkeys')).toBe('2');
    expect(infoField(connection, 'db1')).toMatch(/subexpiry=0$/);
    store.flushall();
    expect(infoField(connection, 'db1')).toBeUndefined();
  });

  test('of commands how often and how long, until it begins anew', () => {
    const { connection, takes } = stage();
    takes(0.25);
    connection.call('SET', 'k', 'v');
    takes(0.75);
    connection.call('SET', 'k', 'v');
    expect(() => connection.call('LPUSH', 'k', 'a')).toThrow('WRONGTYPE');
    expect(() => connection.call('SET', 'k')).toThrow('arguments');
    takes(0);
    expect(infoField(connection, 'cmdstat_set')).toBe(
      'calls=2,usec=1000,usec_per_call=500.00,rejected_calls=1,failed_calls=0',
    );
    expect(infoField(connection, 'latency_percentiles_usec_set')).toBe(
      'p50=250.879,p99=753.663,p99.9=753.663',
    );
    expect(infoField(connection, 'cmdstat_lpush')).toMatch(/failed_calls=1$/);
    expect(infoField(connection, 'errorstat_WRONGTYPE')).toBe('count=1');
    expect(connection.call('LATENCY', 'HISTOGRAM', 'set', 'get')).toEqual([
      'set',
      ['calls', 2, 'histogram_usec', [264, 1, 1056, 2]],
    ]);
    connection.call('CONFIG', 'SET', 'latency-tracking', 'no');
    expect(infoField(connection, 'latency_percentiles_usec_set')).toBeUndefined();
    connection.call('CONFIG', 'RESETSTAT');
    expect(infoField(connection, 'cmdstat_set')).toBeUndefined();
    expect(infoField(connection, 'errorstat_WRONGTYPE')).toBeUndefined();
    expect(infoField(connection, 'total_error_replies')).toBe('0');
  });

  test('does not count without bound what calls itself an error', () => {
    const { connection, server } = stage();
    for (let at = 0; at < 128; at++) {
      expect(() => connection.call('DEBUG', 'ERROR', `CODE${at} x`)).toThrow(ReplyError);
    }
    expect(infoField(connection, 'errorstat_CODE127')).toBe('count=1');
    for (let at = 0; at < 1000; at++) {
      expect(() => connection.call('DEBUG', 'ERROR', `MORE${at} x`)).toThrow(ReplyError);
    }
    expect([...server.statistics.errors.keys()]).toEqual(['ERRORSTATS_DISABLED']);
    expect(infoField(connection, 'errorstat_ERRORSTATS_DISABLED')).toBe('count=1');
    expect(infoField(connection, 'total_error_replies')).toBe('1128');
    connection.call('CONFIG', 'RESETSTAT');
    expect(() => connection.call('DEBUG', 'ERROR', 'CODE x')).toThrow(ReplyError);
    expect(infoField(connection, 'errorstat_CODE')).toBe('count=1');
  });
});

describe('SLOWLOG', () => {
  test('remembers what took long: when, how long, and whose it was', () => {
    const { connection, store, takes } = stage();
    connection.call('CLIENT', 'SETNAME', 'jim');
    takes(9.999);
    connection.call('SET', 'quick', '1');
    takes(10.0015);
    connection.call('SET', 'slow', '1');
    takes(0);
    expect(connection.call('SLOWLOG', 'GET')).toEqual([
      [0, 1_700_000_000, 10_001, ['SET', 'slow', '1'], 'local:1', 'jim'],
    ]);
    connection.call('SLOWLOG', 'RESET');
    connection.call('CONFIG', 'SET', 'slowlog-log-slower-than', '500');
    store.advance(2000);
    takes(0.5);
    connection.call('GET', 'slow');
    takes(0);
    expect(connection.call('SLOWLOG', 'GET')).toEqual([
      [1, 1_700_000_002, 500, ['GET', 'slow'], 'local:1', 'jim'],
    ]);
    expect(connection.call('SLOWLOG', 'LEN')).toBe(1);
  });

  test('is off below zero', () => {
    const { connection, takes } = stage();
    connection.call('CONFIG', 'SET', 'slowlog-log-slower-than', '-1');
    takes(100_000);
    connection.call('SET', 'k', 'v');
    takes(0);
    expect(connection.call('SLOWLOG', 'LEN')).toBe(0);
    expect(connection.call('CONFIG', 'GET', 'slowlog-log-slower-than')).toEqual([
      'slowlog-log-slower-than',
      '-1',
    ]);
  });
});

describe('LATENCY', () => {
  test('monitors nothing until it is told from when on', () => {
    const { connection, takes } = stage();
    takes(500);
    connection.call('SET', 'k', 'v');
    takes(0);
    expect(connection.call('LATENCY', 'LATEST')).toEqual([]);
    expect(connection.call('LATENCY', 'DOCTOR')).toContain('CONFIG SET latency-monitor-threshold');
  });

  test('remembers the worst of each second, by kinds of commands', () => {
    const { connection, store, takes } = stage();
    connection.call('CONFIG', 'SET', 'latency-monitor-threshold', '10');
    expect(connection.call('LATENCY', 'DOCTOR')).toBe('No latency spike was seen so far.\n');
    takes(20.7);
    connection.call('GET', 'k');
    takes(15);
    connection.call('GET', 'k');
    takes(9.9);
    connection.call('GET', 'k');
    takes(30);
    connection.call('KEYS', '*');
    store.advance(3000);
    takes(12);
    connection.call('GET', 'k');
    takes(0);
    expect(connection.call('LATENCY', 'LATEST')).toEqual([
      ['fast-command', 1_700_000_003, 12, 20],
      ['command', 1_700_000_000, 30, 30],
    ]);
    expect(connection.call('LATENCY', 'HISTORY', 'fast-command')).toEqual([
      [1_700_000_000, 20],
      [1_700_000_003, 12],
    ]);
    expect(connection.call('LATENCY', 'HISTORY', 'nok')).toEqual([]);
    store.advance(57_000);
    expect(connection.call('LATENCY', 'GRAPH', 'fast-command')).toBe(
      [
        'fast-command - high 20 ms, low 12 ms (all time high 20 ms)',
        '-'.repeat(80),
        '#',
        '|',
        '|',
        '|_',
        '',
        '15',
        'm7',
        ' s',
        '',
      ].join('\n'),
    );
    expect(connection.call('LATENCY', 'DOCTOR')).toContain(
      '1. fast-command: 2 latency spikes (average 16ms, mean deviation 4ms, period 3.00 sec). Worst all time event 20ms.',
    );
    expect(connection.call('LATENCY', 'RESET', 'fast-command', 'nok')).toBe(1);
    expect(connection.call('LATENCY', 'RESET')).toBe(1);
    expect(connection.call('LATENCY', 'LATEST')).toEqual([]);
  });

  test('remembers so many seconds and no more', () => {
    const { connection, store, takes } = stage();
    connection.call('CONFIG', 'SET', 'latency-monitor-threshold', '1');
    for (let at = 0; at < 200; at++) {
      takes(at + 1);
      connection.call('GET', 'k');
      store.advance(1000);
    }
    takes(0);
    const history = connection.call('LATENCY', 'HISTORY', 'fast-command') as Reply[];
    expect(history).toHaveLength(160);
    expect(history[0]).toEqual([1_700_000_040, 41]);
    expect((connection.call('LATENCY', 'GRAPH', 'fast-command') as string).split('\n')[2]).toHaveLength(80);
  });
});

describe('MONITOR', () => {
  test("tells a connection's listener what others ask for; typed calls are no commands", () => {
    const { connection, store } = stage();
    const seen: Reply[] = [];
    connection.onMessage = (message) => seen.push(message);
    expect(connection.call('MONITOR')).toBe('OK');
    const other = connect(store);
    store.set('typed', '1');
    other.call('SET', 'k', 'a b');
    connection.call('PING');
    connection.close();
    other.call('GET', 'k');
    expect(seen).toEqual([
      '1700000000.123000 [0 local:2] "SET" "k" "a b"',
      '1700000000.123000 [0 local:1] "PING"',
    ]);
    expect(serverOf(store.keyspace).monitors.size).toBe(0);
  });
});

describe('DEBUG', () => {
  test('SLEEP lets time pass on the clock of the store', () => {
    const { connection, store } = stage();
    store.set('k', 'v', { px: 100 });
    connection.call('DEBUG', 'SLEEP', '0.05');
    expect(store.pttl('k')).toBe(50);
    connection.call('DEBUG', 'SLEEP', '0.05');
    expect(store.dbsize()).toBe(0);
    expect(store.keyspace.now()).toBe(START_MS + 100);
  });

  test('SET-ACTIVE-EXPIRE 0: what expires goes only when somebody comes by it', () => {
    const { connection, store } = stage();
    connection.call('DEBUG', 'SET-ACTIVE-EXPIRE', '0');
    store.set('a', '1', { px: 100 });
    store.set('b', '1', { px: 100 });
    store.hset('h', { f: '1', g: '2' });
    store.hpexpire('h', 100, 'f');
    store.advance(1000);
    expect(store.dbsize()).toBe(3);
    expect(store.keyspace.expiredFieldCount).toBe(0);
    expect(store.get('a')).toBeNull();
    expect(store.hkeys('h')).toEqual(['g']);
    expect(store.dbsize()).toBe(2);
    store.keyspace.checkInvariants();
    connection.call('DEBUG', 'SET-ACTIVE-EXPIRE', '1');
    store.advance(1000);
    expect(store.dbsize()).toBe(1);
    store.keyspace.checkInvariants();
  });

  test('PROTOCOL attrib and push in RESP3', () => {
    const { connection } = stage();
    connection.call('HELLO', '3');
    expect(connection.call('DEBUG', 'PROTOCOL', 'attrib')).toBe('Some real reply following the attribute');
    expect(connection.call('DEBUG', 'PROTOCOL', 'push')).toBe('Some real reply following the push reply');
  });

  test('OBJECT tells the encoding, and what ends a server is not there', () => {
    const { connection, store } = stage();
    store.set('k', 'v');
    expect(connection.call('DEBUG', 'OBJECT', 'k')).toMatch(
      /^Value at:0x\w+ refcount:1 encoding:embstr serializedlength:\d+ lru:\d+ lru_seconds_idle:0$/,
    );
    for (const name of ['SEGFAULT', 'PANIC', 'OOM', 'RESTART', 'CRASH-AND-RECOVER', 'constructor']) {
      expect(() => connection.call('DEBUG', name)).toThrow('unknown subcommand');
    }
    const help = connection.call('DEBUG', 'HELP') as string[];
    expect(help[0]).toBe('DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:');
    expect(help.slice(-2)).toEqual(['HELP', '    Prints this help.']);
  });
});

describe('the server as a whole', () => {
  test('SHUTDOWN ends all connections, and nothing else', () => {
    const { connection, store } = stage();
    const other = connect(store);
    store.set('k', 'v');
    connection.call('SHUTDOWN', 'NOSAVE');
    expect([connection.isClosed, other.isClosed]).toEqual([true, true]);
    expect(connect(store).call('GET', 'k')).toBe('v');
  });

  test('ROLE, WAIT, WAITAOF, LASTSAVE, LOLWUT, SFLUSH', () => {
    const { connection, store } = stage();
    expect(connection.call('ROLE')).toEqual(['master', 0, []]);
    expect(connection.call('WAIT', '3', '0')).toBe(0);
    expect(connection.call('WAITAOF', '0', '3', '0')).toEqual([0, 0]);
    expect(() => connection.call('WAITAOF', '1', '0', '0')).toThrow(
      'ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.',
    );
    expect(() => connection.call('WAITAOF', '2', '0', '0')).toThrow(
      'ERR value is out of range, value must between 0 and 1',
    );
    expect(() => connection.call('WAITAOF', '0', '0', '-1')).toThrow('ERR timeout is negative');
    store.advance(5000);
    expect(connection.call('LASTSAVE')).toBe(1_700_000_000);
    expect(connection.call('LOLWUT', 'VERSION', '5', '40')).toMatch(/Redis ver\. 8\.10\.0\n$/);
    expect(() => connection.call('SFLUSH', '0', '10')).toThrow(
      'ERR This instance has cluster support disabled',
    );
  });
});
