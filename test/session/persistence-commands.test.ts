import { beforeEach, describe, expect, it } from 'vitest';
import { errors, ReplyError } from '../../src/errors.ts';
import { type Connection, connect, Store } from '../../src/index.ts';
import { lua } from '../../src/scripting/index.ts';
import { settled, turn } from '../support/turns.ts';
import { FakePersistence, pending, storeKeptBy } from './support/fake-persistence.ts';
import { TestCarrier } from './support/test-carrier.ts';

// The commands on the files of a store, at a storage in the test's own hands.

let fake: FakePersistence;
let store: Store;
let connection: Connection;
beforeEach(() => {
  fake = new FakePersistence();
  store = storeKeptBy(fake, { scripting: lua() });
  connection = connect(store);
});

/** What was asked, without what is asked around every command. */
function asked(): string[] {
  return fake.calls.splice(0).filter((call) => !['begin', 'end', 'beforeReply'].includes(call));
}

describe('SAVE', () => {
  it('answers once it is saved; others go on', async () => {
    const saved = connection.send('SAVE');
    const other = connect(store);
    other.call('SET', 'k', 'v');
    expect(asked()).toStrictEqual(['save']);
    expect(other.call('CLIENT', 'LIST')).toMatch(/cmd=save/);
    fake.work.resolve();
    expect(await saved).toBe('OK');
  });

  it('says why it failed', async () => {
    fake.work.reject(new Error('ENOSPC: no space left on device'));
    await expect(connection.send('SAVE')).rejects.toThrow(
      new ReplyError('ERR saving failed: ENOSPC: no space left on device'),
    );
  });

  it('not while a save is under way, and not where nobody can wait', async () => {
    expect(() => connection.call('SAVE')).toThrow('SAVE takes its time, and call cannot wait; use send');
    fake.status.isSaving = true;
    await expect(connection.send('SAVE')).rejects.toThrow('ERR Background save already in progress');
    expect(asked()).toStrictEqual([]);
  });

  it('is not for MULTI, nor for scripts', async () => {
    connection.call('MULTI');
    await expect(connection.send('SAVE')).rejects.toThrow('ERR Command not allowed inside a transaction');
    connection.call('DISCARD');
    for (const name of ['SAVE', 'BGSAVE', 'BGREWRITEAOF', 'SHUTDOWN']) {
      expect(() => connection.call('EVAL', `return redis.call('${name}')`, '0')).toThrow(
        'not allowed from script',
      );
    }
  });

  it('whose client goes meanwhile answers nobody', async () => {
    const client = new TestCarrier(store);
    client.send('SAVE\r\nPING\r\n');
    client.endpoint.closed();
    fake.work.resolve();
    await settled();
    expect(client.received()).toBe('');
  });

  it('of a byte stream holds up what comes behind it', async () => {
    const client = new TestCarrier(store);
    client.send('SAVE\r\nPING\r\n');
    await turn();
    expect(client.received()).toBe('');
    fake.work.resolve();
    await turn();
    expect(client.received()).toBe('+OK\r\n+PONG\r\n');
  });
});

describe('BGSAVE and BGREWRITEAOF', () => {
  it('begin, or are put off', () => {
    expect(connection.call('BGSAVE')).toBe('Background saving started');
    expect(connection.call('BGREWRITEAOF')).toBe('Background append only file rewriting started');
    fake.status.isSaving = true;
    expect(() => connection.call('BGSAVE')).toThrow('ERR Background save already in progress');
    expect(() => connection.call('BGSAVE', 'SCHEDULE')).toThrow('ERR Background save already in progress');
    expect(connection.call('BGREWRITEAOF')).toBe('Background append only file rewriting scheduled');
    fake.status.isSaving = false;
    fake.status.isRewriting = true;
    expect(() => connection.call('BGREWRITEAOF')).toThrow(
      'ERR Background append only file rewriting already in progress',
    );
    expect(() => connection.call('BGSAVE')).toThrow(
      "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a BGSAVE whenever possible.",
    );
    expect(connection.call('BGSAVE', 'schedule')).toBe('Background saving scheduled');
    for (const args of [['NOK'], ['SCHEDULE', 'SCHEDULE']]) {
      expect(() => connection.call('BGSAVE', ...args)).toThrow('ERR syntax error');
    }
  });

  it('in a transaction begin once it is over', () => {
    for (const name of ['MULTI', 'BGSAVE', 'BGREWRITEAOF']) connection.call(name);
    const other = connect(store);
    other.call('PING');
    expect(asked()).toStrictEqual([]);
    expect(connection.call('EXEC')).toStrictEqual([
      'Background saving scheduled',
      'Background append only file rewriting scheduled',
    ]);
    expect(asked()).toStrictEqual(['backgroundSave', 'rewrite']);
  });

  it('in a transaction while one is under way', () => {
    fake.status.isSaving = true;
    for (const name of ['MULTI', 'BGSAVE']) connection.call(name);
    expect(connection.call('EXEC')).toStrictEqual([errors.saveInProgress()]);
  });
});

describe('WAITAOF', () => {
  it('answers once it is synced, or told that it is not', async () => {
    const replies = connection.send('WAITAOF', '1', '0', '100');
    expect(asked()).toStrictEqual(['syncedWithin 100']);
    fake.synchronization.resolve(true);
    expect(await replies).toStrictEqual([1, 0]);
    fake.synchronization = pending();
    fake.synchronization.resolve(false);
    expect(await connection.send('WAITAOF', '1', '0', '0')).toStrictEqual([0, 0]);
    expect(asked()).toStrictEqual(['syncedWithin 0']);
    expect(await connection.send('WAITAOF', '0', '0', '0')).toStrictEqual([0, 0]);
    expect(asked()).toStrictEqual(['syncedWithin undefined']);
  });

  it('can be unblocked', async () => {
    const other = connect(store);
    const id = String(connection.id);
    const first = connection.send('WAITAOF', '1', '0', '0');
    expect(other.call('CLIENT', 'UNBLOCK', id)).toBe(1);
    expect(await first).toStrictEqual([0, 0]);
    const second = connection.send('WAITAOF', '1', '0', '0');
    expect(other.call('CLIENT', 'UNBLOCK', id, 'ERROR')).toBe(1);
    await expect(second).rejects.toThrow('UNBLOCKED client unblocked via CLIENT UNBLOCK');
    expect(other.call('CLIENT', 'UNBLOCK', id)).toBe(0);
    fake.synchronization.resolve(true);
    expect(await connection.send('PING')).toBe('PONG');
  });

  it('SAVE cannot', async () => {
    const other = connect(store);
    const saved = connection.send('SAVE');
    expect(other.call('CLIENT', 'UNBLOCK', String(connection.id))).toBe(0);
    fake.work.resolve();
    expect(await saved).toBe('OK');
  });

  it('in a transaction answers at once what will be so when the reply leaves', () => {
    for (const name of ['MULTI', 'SET', 'WAITAOF']) {
      connection.call(name, ...(name === 'SET' ? ['k', 'v'] : name === 'WAITAOF' ? ['1', '0', '0'] : []));
    }
    expect(connection.call('EXEC')).toStrictEqual(['OK', [1, 0]]);
    fake.settings.appendfsync = 'everysec';
    for (const name of ['MULTI', 'WAITAOF']) {
      connection.call(name, ...(name === 'WAITAOF' ? ['1', '0', '0'] : []));
    }
    expect(connection.call('EXEC')).toStrictEqual([[0, 0]]);
  });

  it('is refused without an append-only file', () => {
    fake.settings.appendonly = false;
    expect(() => connection.call('WAITAOF', '1', '0', '0')).toThrow(
      'ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.',
    );
    expect(connection.call('WAITAOF', '0', '0', '0')).toStrictEqual([0, 0]);
  });
});

describe('SHUTDOWN', () => {
  it.each([
    [[], [[900, 1]], ['save', 'close {"save":false}']],
    [[], [], ['close {"save":false}']],
    [['SAVE'], [], ['save', 'close {"save":false}']],
    [['NOSAVE', 'NOW'], [[900, 1]], ['close {"save":false}']],
  ] as const)('%s with the save points %s', async (words, savePoints, calls) => {
    fake.settings.savePoints = savePoints;
    fake.work.resolve();
    const client = new TestCarrier(store);
    client.send(`SHUTDOWN ${words.join(' ')}\r\nPING\r\n`);
    expect(client.events).toStrictEqual([]);
    await turn();
    expect(asked()).toStrictEqual(calls);
    expect(client.received()).toBe('');
    expect(client.events).toStrictEqual(['end']);
    expect(connection.isClosed).toBe(true);
    expect(store.keyspace.driver.isStopped).toBe(true);
  });

  it('waits for the save that is under way; who would write meanwhile is held up', async () => {
    fake.settings.savePoints = [[900, 1]];
    fake.status.isSaving = true;
    const ended = connection.send('SHUTDOWN');
    await turn();
    expect(asked()).toStrictEqual([]);
    const other = new TestCarrier(store);
    other.send('GET k\r\nSET k v\r\n');
    await turn();
    expect(other.received()).toBe('$-1\r\n');
    fake.status.isSaving = false;
    fake.work.resolve();
    await expect(ended).rejects.toThrow('the connection is closed');
    expect(other.received()).toBe('');
    expect(store.exists('k')).toBe(0);
  });

  it('that fails leaves everything as it was, unless it is forced', async () => {
    fake.settings.savePoints = [[900, 1]];
    const waits = new TestCarrier(store);
    waits.send('BLPOP list 0\r\n');
    fake.work.reject(new Error('ENOSPC'));
    await expect(connection.send('SHUTDOWN')).rejects.toThrow('ERR Errors trying to SHUTDOWN. Check logs.');
    expect(asked()).toStrictEqual(['save']);
    connection.call('RPUSH', 'list', 'a');
    await turn();
    expect(waits.received()).toBe('*2\r\n$4\r\nlist\r\n$1\r\na\r\n');
    await expect(connection.send('SHUTDOWN', 'FORCE')).rejects.toThrow('the connection is closed');
    expect(asked()).toStrictEqual(['save', 'close {"save":false}']);
    expect(connection.isClosed).toBe(true);
  });

  it('ABORT has nothing to abort', () => {
    expect(() => connection.call('SHUTDOWN', 'ABORT')).toThrow('ERR No shutdown in progress.');
  });
});

describe('DEBUG', () => {
  it.each([
    [[], { save: true, flush: true, merge: false }],
    [['nosave', 'NOFLUSH', 'MERGE'], { save: false, flush: false, merge: true }],
  ])('RELOAD %s', async (words, options) => {
    const reloaded = connection.send('DEBUG', 'RELOAD', ...words);
    expect(asked()).toStrictEqual([`reload ${JSON.stringify(options)}`]);
    const other = connect(store);
    expect(() => other.call('GET', 'k')).toThrow('LOADING Redis is loading the dataset in memory');
    expect(() => other.call('SET', 'k', 'v')).toThrow('LOADING');
    expect(other.call('INFO', 'persistence')).toContain('# Persistence');
    other.call('MULTI');
    expect(() => other.call('GET', 'k')).toThrow('LOADING');
    expect(() => other.call('EXEC')).toThrow('EXECABORT');
    fake.work.resolve();
    expect(await reloaded).toBe('OK');
    expect(other.call('GET', 'k')).toBe(null);
  });

  it('RELOAD that fails', async () => {
    fake.work.reject(new Error('bad checksum'));
    await expect(connection.send('DEBUG', 'RELOAD')).rejects.toThrow(
      'ERR Error trying to load the RDB dump: bad checksum',
    );
    expect(connection.call('GET', 'k')).toBe(null);
  });

  it('LOADAOF', async () => {
    const loaded = connection.send('DEBUG', 'LOADAOF');
    expect(asked()).toStrictEqual(['loadAppendOnly']);
    fake.work.resolve();
    expect(await loaded).toBe('OK');
    expect(() => connect(new Store()).call('DEBUG', 'LOADAOF')).toThrow('this store has no storage');
  });

  it('where nobody can wait', () => {
    expect(() => connection.call('DEBUG', 'RELOAD')).toThrow('call cannot wait; use send');
    connection.call('MULTI');
    connection.call('DEBUG', 'RELOAD');
    expect(connection.call('EXEC')).toStrictEqual([errors.notInTransaction()]);
    expect(asked()).toStrictEqual([]);
  });

  it('AOF-FLUSH-SLEEP is nothing', () => {
    expect(connection.call('DEBUG', 'AOF-FLUSH-SLEEP', '10')).toBe('OK');
  });
});

describe('a store without storage', () => {
  const plain = connect(new Store());

  it.each(['SAVE', 'BGSAVE', 'BGREWRITEAOF'])('%s says what is missing', async (name) => {
    await expect(plain.send(name)).rejects.toThrow(
      `ERR ${name}: this store has no storage; open it with Store.open({ storage })`,
    );
  });

  it('LASTSAVE tells when it came to be', () => {
    const made = connect(new Store({ clock: { now: () => 5000 } }));
    expect(made.call('LASTSAVE')).toBe(5);
  });

  it('DEBUG RELOAD NOSAVE has nothing to load', () => {
    expect(() => plain.call('DEBUG', 'RELOAD', 'NOSAVE')).toThrow('this store has no storage');
  });

  it('DEBUG RELOAD of keys that are there is refused, and changes nothing', () => {
    plain.call('SET', 'k', 'v');
    expect(() => plain.call('DEBUG', 'RELOAD', 'NOFLUSH')).toThrow('ERR Error trying to load the RDB dump');
    expect(plain.call('GET', 'k')).toBe('v');
    expect(plain.call('DEBUG', 'RELOAD')).toBe('OK');
    expect(plain.call('GET', 'k')).toBe('v');
  });
});

describe('what cannot be kept is refused', () => {
  const MISCONF = 'MISCONF Errors writing to the AOF file: No space left on device';
  beforeEach(() => {
    connection.call('SET', 'k', 'v');
    fake.refusal = new ReplyError(MISCONF);
  });

  it('what writes, and PING; what reads is answered', () => {
    for (const line of [['SET', 'k', 'v'], ['DEL', 'nok'], ['PING'], ['FLUSHALL'], ['FUNCTION', 'FLUSH']]) {
      expect(() => connection.call(line[0]!, ...line.slice(1)), line.join(' ')).toThrow(MISCONF);
    }
    expect(connection.call('GET', 'k')).toBe('v');
    expect(connection.call('PUBLISH', 'c', 'm')).toBe(0);
    expect(connection.call('INFO', 'errorstats')).toContain('errorstat_MISCONF:count=5');
  });

  it('after what is wrong with the command itself, and before what keeps a subscriber from it', () => {
    expect(() => connection.call('SET', 'k')).toThrow('wrong number of arguments');
    expect(() => connection.call('NOK')).toThrow('unknown command');
    connection.call('SUBSCRIBE', 'c');
    expect(() => connection.call('SET', 'k', 'v')).toThrow('MISCONF');
    expect(() => connection.call('GET', 'k')).toThrow('only (P|S)SUBSCRIBE');
  });

  it('when it is queued, and at EXEC', () => {
    connection.call('MULTI');
    expect(() => connection.call('SET', 'k', 'v')).toThrow(MISCONF);
    expect(connection.call('GET', 'k')).toBe('QUEUED');
    expect(() => connection.call('EXEC')).toThrow(
      'EXECABORT Transaction discarded because of previous errors.',
    );
    fake.refusal = undefined;
    for (const line of [['MULTI'], ['SET', 'k', 'w']]) connection.call(line[0]!, ...line.slice(1));
    fake.refusal = new ReplyError(MISCONF);
    expect(() => connection.call('EXEC')).toThrow(`EXECABORT Transaction discarded because of: ${MISCONF}`);
    expect(connection.call('GET', 'k')).toBe('v');
    connection.call('MULTI');
    connection.call('GET', 'k');
    expect(connection.call('EXEC')).toStrictEqual(['v']);
  });

  it('scripts: those that say that they may write at once, the others when they do', () => {
    const evaluate = (script: string) => connection.call('EVAL', script, '0');
    expect(evaluate("return redis.call('GET', 'k')")).toBe('v');
    expect(() => evaluate("return redis.call('SET', 'k', 'w')")).toThrow(
      new RegExp(`^${MISCONF} script: [0-9a-f]{40}, on @user_script:1\\.$`),
    );
    expect(evaluate("return redis.pcall('SET', 'k', 'w').err")).toBe(MISCONF);
    expect(() => evaluate("#!lua\nreturn redis.call('GET', 'k')")).toThrow(new ReplyError(MISCONF));
    expect(evaluate("#!lua flags=no-writes\nreturn redis.call('GET', 'k')")).toBe('v');
    expect(() => connection.call('EVAL_RO', "#!lua\nreturn redis.call('GET', 'k')", '0')).toThrow(
      new ReplyError(MISCONF),
    );
  });

  it('a script that has written goes on', () => {
    fake.refusal = undefined;
    connection.onMessage = () => {
      fake.refusal = new ReplyError(MISCONF);
    };
    let isFirst = true;
    fake.requireWritable = () => {
      if (!isFirst) throw new ReplyError(MISCONF);
      isFirst = false;
    };
    connection.call('EVAL', "redis.call('SET', 'a', 1) redis.call('SET', 'b', 1)", '0');
    expect(connection.call('MGET', 'a', 'b')).toStrictEqual(['1', '1']);
  });
});

describe('CONFIG', () => {
  it('tells of the settings, and sets them', () => {
    fake.settings.savePoints = [
      [900, 1],
      [60, 100],
    ];
    expect(connection.call('CONFIG', 'GET', 'save', 'dir', 'append*', 'dbfilename')).toStrictEqual([
      ...['save', '900 1 60 100', 'dir', '/somewhere'],
      ...['appendonly', 'yes', 'appendfilename', 'appendonly.aof', 'appenddirname', 'appendonlydir'],
      ...['appendfsync', 'always', 'dbfilename', 'dump.rdb'],
    ]);
    connection.call(
      ...(['CONFIG', 'SET', 'save', '5 6', 'appendfsync', 'no', 'auto-aof-rewrite-min-size', '1mb'] as const),
      ...(['stop-writes-on-bgsave-error', 'no', 'aof-timestamp-enabled', 'yes'] as const),
      ...(['auto-aof-rewrite-percentage', '50', 'no-appendfsync-on-rewrite', 'yes'] as const),
      ...(['aof-load-truncated', 'no', 'aof-use-rdb-preamble', 'no'] as const),
    );
    expect(fake.settings).toMatchObject({
      savePoints: [[5, 6]],
      appendfsync: 'no',
      autoAofRewriteMinSize: 1024 ** 2,
      autoAofRewritePercentage: 50,
      stopWritesOnBgsaveError: false,
      aofTimestampEnabled: true,
      noAppendfsyncOnRewrite: true,
      aofLoadTruncated: false,
      aofUseRdbPreamble: false,
    });
  });

  it('is undone if something in it is refused', () => {
    expect(() =>
      connection.call('CONFIG', 'SET', 'appendfsync', 'no', 'appendonly', 'no', 'save', 'x'),
    ).toThrow("ERR CONFIG SET failed (possibly related to argument 'save') - Invalid save parameters");
    expect(fake.settings.appendfsync).toBe('always');
    expect(asked()).toStrictEqual([]);
  });

  it('SET appendonly answers when that has begun', async () => {
    const set = connection.send('CONFIG', 'SET', 'appendonly', 'no');
    expect(asked()).toStrictEqual(['setAppendOnly false']);
    fake.work.resolve();
    expect(await set).toBe('OK');
    expect(await connection.send('CONFIG', 'SET', 'appendonly', 'no')).toBe('OK');
    expect(asked()).toStrictEqual([]);
    fake.work = pending();
    fake.work.reject(new Error('ENOSPC'));
    await expect(connection.send('CONFIG', 'SET', 'appendonly', 'yes')).rejects.toThrow(
      "ERR CONFIG SET failed (possibly related to argument 'appendonly') - Unable to turn on AOF. Check server logs.",
    );
    expect(connection.call('CONFIG', 'SET', 'appendonly', 'yes')).toBe('OK');
  });

  it('of a store without storage keeps what it is set to', () => {
    const plain = connect(new Store());
    plain.call('CONFIG', 'SET', 'appendonly', 'yes', 'save', '1 2', 'appendfsync', 'no');
    expect(plain.call('CONFIG', 'GET', 'appendonly', 'save', 'appendfsync')).toStrictEqual([
      ...['appendonly', 'yes', 'save', '1 2', 'appendfsync', 'no'],
    ]);
  });
});

describe('INFO persistence', () => {
  it('tells how it goes', () => {
    Object.assign(fake.status, {
      isSaving: true,
      keysProcessed: 3,
      keysTotal: 8,
      changesSinceSave: 7,
      lastSaveStatus: 'err',
      lastSaveDurationSeconds: 2,
      appendedBytes: 100,
      bufferedBytes: 5,
      isRewriteDue: true,
      delayedSyncs: 4,
    });
    const text = String(connection.call('INFO', 'persistence'));
    for (const line of [
      'current_fork_perc:37.50',
      'current_save_keys_processed:3',
      'rdb_changes_since_last_save:7',
      'rdb_bgsave_in_progress:1',
      'rdb_last_save_time:1000',
      'rdb_last_bgsave_status:err',
      'rdb_last_bgsave_time_sec:2',
      'aof_enabled:1',
      'aof_current_size:100',
      'aof_pending_rewrite:1',
      'aof_buffer_length:5',
      'aof_delayed_fsync:4',
    ]) {
      expect(text).toContain(`\r\n${line}\r\n`);
    }
    fake.settings.appendonly = false;
    expect(connection.call('INFO', 'persistence')).not.toContain('aof_current_size');
    expect(connection.call('LASTSAVE')).toBe(1000);
  });
});
