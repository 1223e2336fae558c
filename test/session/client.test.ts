import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Connection, connect } from '../../src/session/connection.ts';
import { serverOf } from '../../src/session/server.ts';
import { Store } from '../../src/store.ts';
import type { Reply } from '../../src/wire/resp/reply.ts';

/** A store whose time stands still but for `store.advance`. */
function stillStore(): Store {
  return new Store({ clock: { now: () => 1_000_000 } });
}

function fieldsOf(line: Reply): Record<string, string> {
  return Object.fromEntries(
    String(line)
      .trim()
      .split(' ')
      .map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  );
}

function infoOf(connection: Connection): Record<string, string> {
  return fieldsOf(connection.call('CLIENT', 'INFO'));
}

describe('what a client says of itself', () => {
  test('SETINFO, its errors, and that RESET leaves it', () => {
    const a = connect(new Store());
    expect(a.call('CLIENT', 'SETINFO', 'LIB-NAME', 'mine(v1)')).toBe('OK');
    expect(a.call('CLIENT', 'SETINFO', 'lib-ver', '1.2.3')).toBe('OK');
    expect(() => a.call('CLIENT', 'SETINFO', 'LIB-NAME', 'a b')).toThrow(
      'ERR LIB-NAME cannot contain spaces, newlines or special characters.',
    );
    expect(() => a.call('CLIENT', 'SETINFO', 'lib-ver', 'é')).toThrow(
      'ERR lib-ver cannot contain spaces, newlines or special characters.',
    );
    expect(() => a.call('CLIENT', 'SETINFO', 'lib-foo', 'x')).toThrow("ERR Unrecognized option 'lib-foo'");
    a.call('CLIENT', 'SETNAME', 'me');
    a.call('CLIENT', 'NO-EVICT', 'ON');
    a.call('CLIENT', 'NO-TOUCH', 'ON');
    expect(infoOf(a)).toMatchObject({ name: 'me', 'lib-name': 'mine(v1)', 'lib-ver': '1.2.3', flags: 'eT' });
    a.call('RESET');
    expect(infoOf(a)).toMatchObject({ name: '', 'lib-name': 'mine(v1)', 'lib-ver': '1.2.3', flags: 'N' });
    a.call('CLIENT', 'SETINFO', 'LIB-NAME', '');
    expect(infoOf(a)['lib-name']).toBe('');
  });

  test('its age goes by the clock of the store, and its commands are counted', () => {
    const store = stillStore();
    const a = connect(store);
    const b = connect(store);
    store.advance(2999);
    a.call('PING');
    expect(infoOf(a)).toMatchObject({ age: '2', 'tot-cmds': '2', id: String(a.id), addr: `local:${a.id}` });
    expect(fieldsOf(a.call('CLIENT', 'LIST', 'ID', String(b.id)))).toMatchObject({ cmd: 'NULL', age: '2' });
  });

  test('how many keys it watches, and what it has queued', () => {
    const store = new Store();
    const [a, b] = [connect(store), connect(store)];
    a.call('WATCH', 'k', 'l', 'k');
    a.call('MULTI');
    a.call('SET', 'k', 'four');
    const shown = fieldsOf(b.call('CLIENT', 'LIST', 'ID', String(a.id)));
    expect(shown).toMatchObject({ watch: '2', multi: '1', flags: 'x', cmd: 'set' });
    expect(Number(shown['multi-mem'])).toBeGreaterThan('SETkfour'.length);
    b.call('SET', 'k', '1');
    expect(fieldsOf(b.call('CLIENT', 'LIST', 'ID', String(a.id)))['flags']).toBe('xd');
  });
});

describe('CLIENT KILL', () => {
  test('by age', () => {
    const store = stillStore();
    const old = connect(store);
    store.advance(5000);
    const young = connect(store);
    const me = connect(store);
    expect(me.call('CLIENT', 'KILL', 'MAXAGE', '6')).toBe(0);
    expect(me.call('CLIENT', 'KILL', 'MAXAGE', '5', 'SKIPME', 'no')).toBe(1);
    expect([old.isClosed, young.isClosed]).toEqual([true, false]);
    expect(() => me.call('CLIENT', 'KILL', 'MAXAGE', '0')).toThrow('ERR maxage should be greater than 0');
    expect(() => me.call('CLIENT', 'KILL', 'MAXAGE', 'x')).toThrow(
      'ERR maxage is not an integer or out of range',
    );
  });

  test('by address, in both forms', () => {
    const store = new Store();
    const [a, b, me] = [connect(store), connect(store), connect(store)];
    expect(me.call('CLIENT', 'KILL', `local:${a.id}`)).toBe('OK');
    expect(me.call('CLIENT', 'KILL', 'ADDR', `local:${b.id}`)).toBe(1);
    expect(me.call('CLIENT', 'KILL', 'LADDR', 'local:0')).toBe(0);
    expect([a.isClosed, b.isClosed, me.isClosed]).toEqual([true, true, false]);
    expect(me.call('CLIENT', 'KILL', `local:${me.id}`)).toBe('OK');
    expect(me.isClosed).toBe(true);
  });
});

describe('CLIENT REPLY', () => {
  test('an array of replies stays whole', () => {
    const a = connect(new Store());
    a.call('MULTI');
    for (const mode of ['OFF', 'ON', 'SKIP']) a.call('CLIENT', 'REPLY', mode);
    a.call('PING');
    expect(a.call('EXEC')).toEqual(['OK', 'OK', 'OK', 'PONG']);
    expect(a.call('PING')).toBe(null);
    expect(a.call('PING')).toBe('PONG');
  });
});

describe('CLIENT PAUSE', () => {
  let store: Store;
  let a: Connection;
  let b: Connection;
  beforeEach(() => {
    store = stillStore();
    [a, b] = [connect(store), connect(store)];
  });

  test('holds up everything, until the time of the store has come; in the order in which it came', async () => {
    a.call('CLIENT', 'PAUSE', '100');
    const replies: Reply[] = [];
    const note = (reply: Reply) => replies.push(reply);
    const all = [
      b.send('APPEND', 'k', 'b').then(note),
      a.send('APPEND', 'k', 'aa').then(note),
      b.send('GET', 'k').then(note),
      a.send('CLIENT', 'UNPAUSE').then(note),
    ];
    store.advance(99);
    await Promise.resolve();
    expect(replies).toEqual([]);
    expect(store.get('k')).toBe(null);
    store.advance(1);
    await Promise.all(all);
    expect(replies).toEqual([1, 'b', 3, 'OK']);
  });

  test('UNPAUSE ends it, once it has its own reply', async () => {
    a.call('CLIENT', 'PAUSE', '100', 'WRITE');
    const set = b.send('SET', 'k', '1');
    expect(a.call('GET', 'k')).toBe(null);
    expect(a.call('CLIENT', 'UNPAUSE')).toBe('OK');
    expect(a.call('GET', 'k')).toBe('1');
    expect(await set).toBe('OK');
  });

  test('typed calls are nobody’s commands', () => {
    a.call('CLIENT', 'PAUSE', '100');
    store.set('k', '1');
    expect(store.get('k')).toBe('1');
  });

  test('a call that cannot wait says so, and the connection stays usable', async () => {
    a.call('CLIENT', 'PAUSE', '100', 'WRITE');
    expect(() => b.call('SET', 'k', '1')).toThrow('the clients of this store are paused');
    expect(b.call('PING')).toBe('PONG');
    expect(b.call('GET', 'k')).toBe(null);
    store.advance(100);
    expect(b.call('SET', 'k', '1')).toBe('OK');
  });

  test('is the stricter, and the longer', async () => {
    a.call('CLIENT', 'PAUSE', '100', 'ALL');
    expect(() => a.call('CLIENT', 'PAUSE', '10', 'WRITE')).toThrow('paused');
    store.advance(100);
    a.call('CLIENT', 'PAUSE', '100', 'WRITE');
    a.call('CLIENT', 'PAUSE', '50', 'ALL');
    store.advance(99);
    expect(() => b.call('GET', 'k')).toThrow('paused');
    store.advance(1);
    expect(b.call('GET', 'k')).toBe(null);
  });

  test('who comes meanwhile is held up as well', async () => {
    a.call('CLIENT', 'PAUSE', '100');
    const late = connect(store);
    const pong = late.send('PING');
    expect(serverOf(store.keyspace).pause.isOn).toBe(true);
    store.advance(100);
    expect(await pong).toBe('PONG');
  });

  test('who ends meanwhile runs nothing', async () => {
    a.call('CLIENT', 'PAUSE', '100', 'WRITE');
    const set = b.send('SET', 'k', '1');
    b.close();
    await expect(set).rejects.toThrow('the connection is closed');
    store.advance(100);
    expect(store.get('k')).toBe(null);
  });

  describe('on the timers of the host', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    test('ends by itself', async () => {
      const timed = new Store();
      const [first, second] = [connect(timed), connect(timed)];
      first.call('CLIENT', 'PAUSE', '1000', 'WRITE');
      const set = second.send('SET', 'k', '1');
      await vi.advanceTimersByTimeAsync(900);
      expect(timed.get('k')).toBe(null);
      await vi.advanceTimersByTimeAsync(200);
      expect(await set).toBe('OK');
      timed.close();
    });
  });

  test('ends with the commands that come where the host has no timers', () => {
    let nowMs = 0;
    const untimed = new Store({ clock: { now: () => nowMs } });
    untimed.close();
    const [first, second] = [connect(untimed), connect(untimed)];
    first.call('CLIENT', 'PAUSE', '100', 'WRITE');
    expect(() => second.call('SET', 'k', '1')).toThrow('paused');
    nowMs = 100;
    expect(second.call('SET', 'k', '1')).toBe('OK');
  });
});
