import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Store } from '../../src/index.ts';
import { type Server, serverOf } from '../../src/session/server.ts';
import { bulk, request } from '../support/requests.ts';
import { turn } from '../support/turns.ts';
import { latin1 } from '../wire/support.ts';
import { TestCarrier } from './support/test-carrier.ts';

const MEGABYTE = 1024 * 1024;
let store: Store;
let server: Server;
let client: TestCarrier;
beforeEach(() => {
  // No slice is ever over, but where a test says so.
  vi.spyOn(performance, 'now').mockReturnValue(0);
  store = new Store({ clock: { now: () => 1_700_000_000_000 } });
  server = serverOf(store.keyspace);
  client = new TestCarrier(store);
});
afterEach(() => vi.restoreAllMocks());

/** Has so much time pass with every command, by the clock that measures durations. */
function tickBy(stepMs: number): void {
  let nowMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    nowMs += stepMs;
    return nowMs;
  });
}

describe('requests', () => {
  it('are answered alike wherever they are cut', () => {
    const text = `${request('SET', 'k', '\xff\r\n$1')}PING\r\n${request('GET', 'k')}ECHO "a b"\r\n${request('DEL', 'k')}`;
    const expected = '+OK\r\n+PONG\r\n$5\r\n\xff\r\n$1\r\n$3\r\na b\r\n:1\r\n';
    for (let at = 0; at <= text.length; at++) {
      client.send(text.slice(0, at), text.slice(at));
      expect(client.received(), `cut at ${at}`).toBe(expected);
    }
    client.send(...text);
    expect(client.received()).toBe(expected);
  });

  it('of one chunk are answered in one chunk', () => {
    client.send('PING\r\n'.repeat(100));
    expect(client.chunks.length).toBe(1);
    expect(client.received()).toBe('+PONG\r\n'.repeat(100));
  });

  it('that are answered at length are answered in several', () => {
    store.set('k', 'x'.repeat(10_000));
    client.send('GET k\r\n'.repeat(100));
    expect(client.chunks.length).toBeGreaterThan(5);
    expect(client.received().length).toBe(100 * 10_010);
  });

  it('run no more once the connection is closed', () => {
    client.send(`QUIT\r\n${request('SET', 'k', 'v')}`, request('SET', 'k', 'v'));
    expect(client.received()).toBe('+OK\r\n');
    expect(client.events).toStrictEqual(['end']);
    expect(store.exists('k')).toBe(0);
    expect(server.sessions.size).toBe(0);
  });

  it('wait while a command waits for its answer', () => {
    const waits = vi.spyOn(client.endpoint.session, 'isWaiting', 'get').mockReturnValue(true);
    client.send('PING\r\n', 'PING\r\n');
    expect(client.received()).toBe('');
    expect(client.endpoint.session.peer.pendingBytes?.received).toBe(12);
    waits.mockReturnValue(false);
    client.endpoint.session.peer.resume();
    expect(client.received()).toBe('+PONG\r\n+PONG\r\n');
    expect(client.endpoint.session.peer.pendingBytes?.received).toBe(0);
  });

  it('that become possible while another connection runs come after that one', () => {
    const other = new TestCarrier(store);
    const waits = vi.spyOn(client.endpoint.session, 'isWaiting', 'get').mockReturnValue(true);
    client.send('SET k theirs\r\n');
    vi.spyOn(server, 'settle').mockImplementationOnce(() => {
      waits.mockReturnValue(false);
      client.endpoint.session.peer.resume();
    });
    other.send('SET k ours\r\nGET k\r\n');
    expect(other.received()).toBe('+OK\r\n$4\r\nours\r\n');
    expect(client.received()).toBe('+OK\r\n');
    expect(store.get('k')).toBe('theirs');
  });
});

describe('turns', () => {
  it('let the event loop turn, and others run, within a long pipeline', async () => {
    tickBy(0.1);
    const other = new TestCarrier(store);
    client.send(request('INCR', 'k').repeat(1000));
    const first = Number(store.get('k'));
    expect(first).toBeGreaterThan(50);
    expect(first).toBeLessThan(500);
    other.send('GET k\r\n');
    expect(other.received()).toBe('');
    let replies = client.received();
    while (Number(store.get('k')) < 1000) {
      await turn();
      replies += client.received();
    }
    expect(replies).toBe(Array.from({ length: 1000 }, (_, at) => `:${at + 1}\r\n`).join(''));
    const seen = Number(/^\$\d+\r\n(\d+)\r\n$/.exec(other.received())?.[1]);
    expect(seen).toBeGreaterThan(first);
    expect(seen).toBeLessThan(1000);
  });

  it('end also for commands that are refused or queued', async () => {
    tickBy(1);
    client.send('MULTI\r\n', 'FOO\r\n'.repeat(1000));
    expect(client.received().split('-ERR').length).toBeLessThan(500);
    client.endpoint.closed();
    await turn();
    expect(client.received()).toBe('');
  });

  it('are not needed where the clock stands still', () => {
    client.send('PING\r\n'.repeat(10_000));
    expect(client.received()).toBe('+PONG\r\n'.repeat(10_000));
  });

  it('are forgotten with who waited for one', async () => {
    tickBy(0.1);
    const other = new TestCarrier(store);
    client.send('INCR k\r\n'.repeat(1000));
    other.send('SET other 1\r\n');
    client.endpoint.closed();
    other.endpoint.closed();
    const before = store.get('k');
    for (let at = 0; at < 5; at++) await turn();
    expect(store.get('k')).toBe(before);
    expect(store.exists('other')).toBe(0);
    expect(server.sessions.size).toBe(0);
  });
});

describe('messages', () => {
  it('leave together, once the code that sends them is done', async () => {
    for (const text of ['a', 'b', 'c']) client.endpoint.session.send((sink) => sink.bulk(text));
    expect(client.received()).toBe('');
    await Promise.resolve();
    expect(client.chunks.length).toBe(1);
    expect(client.received()).toBe('$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n');
  });

  it('that another connection causes leave with its replies', () => {
    const other = new TestCarrier(store);
    vi.spyOn(server, 'settle').mockImplementation(() => {
      client.endpoint.session.send((sink) => sink.bulk('news'));
    });
    other.send('PING\r\nPING\r\n');
    expect(client.chunks.length).toBe(1);
    expect(client.received()).toBe(bulk('news').repeat(2));
  });
});

describe('a client that takes nothing', () => {
  beforeEach(() => {
    store.set('k', 'x'.repeat(MEGABYTE));
    client.isClogged = true;
  });

  it('has no more commands run, and then no more of them read', () => {
    client.send('GET k\r\n'.repeat(100));
    expect(server.statistics.commandCount).toBe(16);
    expect(client.events).toStrictEqual([]);
    client.send(`SET k ${'y'.repeat(MEGABYTE)}\r\n`);
    expect(client.events).toStrictEqual(['pause']);
    client.drain();
    expect(server.statistics.commandCount).toBe(32);
    while (client.pendingBytes > 0) client.drain();
    expect(server.statistics.commandCount).toBe(101);
    expect(client.events).toStrictEqual(['pause', 'resume']);
    expect(client.received().length).toBe(100 * (MEGABYTE + 12) + 5);
    expect(store.get('k')?.[0]).toBe('y');
  });

  it('is cut off at the hard limit', () => {
    server.limits.clientOutputBufferLimit.normal.hardBytes = 3 * MEGABYTE;
    client.send('GET k\r\nGET k\r\n');
    expect(client.events).toStrictEqual([]);
    client.send('GET k\r\nSET k 1\r\n');
    expect(client.events).toStrictEqual(['destroy']);
    expect(server.sessions.size).toBe(0);
    expect(store.get('k')).not.toBe('1');
  });

  it('is cut off when it is beyond the soft limit for too long, though nothing more is sent', () => {
    server.limits.clientOutputBufferLimit.normal = { hardBytes: 0, softBytes: MEGABYTE, softSeconds: 10 };
    client.send('GET k\r\n');
    store.advance(9_000);
    client.send('GET k\r\n');
    store.advance(1_000);
    expect(client.events).toStrictEqual([]);
    store.advance(1);
    expect(client.events).toStrictEqual(['destroy']);
    expect(server.sessions.size).toBe(0);
  });

  it('is not cut off if it takes some in time', () => {
    server.limits.clientOutputBufferLimit.normal = { hardBytes: 0, softBytes: MEGABYTE, softSeconds: 10 };
    client.send('GET k\r\n');
    store.advance(9_000);
    client.drain();
    store.advance(9_000);
    client.send('GET k\r\n');
    store.advance(10_000);
    expect(client.events).toStrictEqual([]);
    client.endpoint.closed();
    store.advance(60_000);
    expect(client.events).toStrictEqual([]);
  });

  it('has limits of its own while it is subscribed', () => {
    server.limits.clientOutputBufferLimit.pubsub.hardBytes = 10_000;
    const send = () => client.endpoint.session.send((sink) => sink.bulk('x'.repeat(100_000)));
    send();
    expect(client.events).toStrictEqual([]);
    Object.defineProperty(client.endpoint.session, 'isSubscribed', { value: true });
    send();
    expect(client.events).toStrictEqual(['destroy']);
  });

  it('is not waited for when the connection is closed', () => {
    client.send('GET k\r\n'.repeat(20));
    client.endpoint.session.close();
    expect(client.events).toStrictEqual(['destroy']);
    expect(client.endpoint.session.peer.pendingBytes?.received).toBe(0);
  });
});

describe('what is held for requests', () => {
  it('is what has come, not what is announced', () => {
    client.send('*1000000\r\n$500000000\r\nabc');
    expect(client.endpoint.session.peer.pendingBytes?.received).toBe(3);
    client.send('*1000000\r\n');
    expect(client.endpoint.session.peer.pendingBytes?.received).toBe(13);
  });

  it('is bounded by client-query-buffer-limit', () => {
    server.limits.clientQueryBufferLimit = MEGABYTE;
    client.send(`*2\r\n$4\r\nECHO\r\n$2000000\r\n${'x'.repeat(900_000)}`);
    expect(client.events).toStrictEqual([]);
    client.send('x'.repeat(200_000));
    expect(client.events).toStrictEqual(['destroy']);
    expect(client.received()).toBe('');
    expect(server.sessions.size).toBe(0);
  });

  it('counts tokens without bytes', () => {
    server.limits.clientQueryBufferLimit = MEGABYTE;
    client.send('*2000000\r\n', '$0\r\n\r\n'.repeat(40_000));
    expect(client.events).toStrictEqual([]);
    client.send('$0\r\n\r\n'.repeat(10_000));
    expect(client.events).toStrictEqual(['destroy']);
  });

  it('counts what MULTI has queued', () => {
    server.limits.clientQueryBufferLimit = MEGABYTE;
    const set = request('SET', 'k', 'x'.repeat(100_000));
    client.send('MULTI\r\n', ...Array.from({ length: 9 }, () => set));
    expect(client.events).toStrictEqual([]);
    client.send('EXEC\r\n', 'MULTI\r\n', ...Array.from({ length: 9 }, () => set));
    expect(client.events).toStrictEqual([]);
    client.send(set, set);
    expect(client.events).toStrictEqual(['destroy']);
    expect(server.sessions.size).toBe(0);
  });

  it('does not stop a client from sending one long argument', () => {
    const value = 'x'.repeat(3 * MEGABYTE);
    const text = request('SET', 'k', value);
    for (let at = 0; at < text.length; at += 65_536) client.send(text.slice(at, at + 65_536));
    expect(client.received()).toBe('+OK\r\n');
    expect(client.events).toStrictEqual([]);
    expect(store.strlen('k')).toBe(value.length);
  });

  it('follows proto-max-bulk-len from one request to the next', () => {
    server.limits.protoMaxBulkLen = 10;
    client.send(request('ECHO', '0123456789'));
    expect(client.received()).toBe('$10\r\n0123456789\r\n');
    client.send(request('ECHO', '0123456789a'));
    expect(client.received()).toBe('-ERR Protocol error: invalid bulk length\r\n');
    expect(client.events).toStrictEqual(['end']);
  });
});

describe('the end', () => {
  it('comes after the answers to all that was complete', () => {
    client.send('PING\r\nPIN');
    client.endpoint.ended();
    client.endpoint.ended();
    expect(client.received()).toBe('+PONG\r\n');
    expect(client.events).toStrictEqual(['end']);
    expect(server.sessions.size).toBe(0);
    expect(client.reason).toBeUndefined();
  });

  it('comes at once for a client that waits', () => {
    vi.spyOn(client.endpoint.session, 'isWaiting', 'get').mockReturnValue(true);
    client.send('PING\r\n');
    client.endpoint.ended();
    expect(client.events).toStrictEqual(['end']);
    expect(server.sessions.size).toBe(0);
  });

  it('waits for a client that has said all but still takes its answers', () => {
    store.set('k', 'x'.repeat(MEGABYTE));
    client.isClogged = true;
    client.send('GET k\r\n'.repeat(20));
    client.endpoint.ended();
    expect(client.events).toStrictEqual([]);
    client.drain();
    expect(server.statistics.commandCount).toBe(20);
    expect(client.events).toStrictEqual(['end']);
  });

  it('leaves nothing to be written or told', async () => {
    const { session } = client.endpoint;
    session.send((sink) => sink.simple('late'));
    client.endpoint.closed('why');
    client.endpoint.closed('again');
    client.send('SET k v\r\n');
    client.endpoint.drained();
    client.endpoint.ended();
    session.send((sink) => sink.simple('later'));
    session.close();
    await turn();
    expect(client.received()).toBe('');
    expect(client.events).toStrictEqual([]);
    expect(client.reason).toBe('why');
    expect(store.exists('k')).toBe(0);
  });

  it('comes with an error and a reason where a command has a defect', () => {
    const defect = new TypeError('undefined is not a function');
    vi.spyOn(client.endpoint.session.view, 'get').mockImplementation(() => {
      throw defect;
    });
    client.send('PING\r\nGET k\r\nPING\r\n');
    expect(client.received()).toBe('+PONG\r\n-ERR internal error: undefined is not a function\r\n');
    expect(client.events).toStrictEqual(['end']);
    expect(client.reason).toBe(defect);
    expect(server.sessions.size).toBe(0);
    const other = new TestCarrier(store);
    other.send(latin1('PING\r\n'));
    expect(other.received()).toBe('+PONG\r\n');
  });

  it('takes half a reply back where a command has a defect', () => {
    vi.spyOn(client.endpoint.session.view, 'hgetall').mockReturnValue({ f: 1n } as never);
    store.hset('h', { f: 'v' });
    client.send('PING\r\nHGETALL h\r\n');
    expect(client.received()).toMatch(/^\+PONG\r\n-ERR internal error: [^\r]*\r\n$/);
    expect(client.reason).toBeInstanceOf(Error);
  });
});
