import { describe, expect, test } from 'vitest';
import { ReplyError } from '../../src/errors.ts';
import { type Connection, connect } from '../../src/session/connection.ts';
import { Store } from '../../src/store.ts';
import { tokensOf } from '../differential/support/behaviours.ts';
import { settled } from '../support/turns.ts';

// Waiting for streams as it is since 7.2, when Redis began to run a waiting client's command anew, and 8.4, when it can
// claim what has become idle meanwhile. The reference server is older.

const START_MS = 1_800_000_000_000;
const NOGROUP = "NOGROUP No such key 'k' or consumer group 'g' in XREADGROUP with GROUP option";
const WRONGTYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value';

/** Somebody whose last command may be waiting. */
class Client {
  readonly heard: unknown[] = [];
  private readonly connection: Connection;

  constructor(store: Store) {
    this.connection = connect(store);
  }

  say(line: string): this {
    this.connection.send(...(tokensOf(line) as [string, ...string[]])).then(
      (reply) => this.heard.push(reply),
      (error: unknown) => this.heard.push(error instanceof ReplyError ? error.message : error),
    );
    return this;
  }
}

class Scene {
  readonly store = new Store({ clock: { now: () => START_MS } });
  private readonly writer = connect(this.store);

  client(line: string): Client {
    return new Client(this.store).say(line);
  }

  async run(...lines: readonly string[]): Promise<void> {
    for (const line of lines) this.writer.call(...(tokensOf(line) as [string, ...string[]]));
    await settled();
    this.store.keyspace.waiters?.checkInvariants();
    this.store.keyspace.checkInvariants();
  }

  async advance(durationMs: number): Promise<void> {
    this.store.advance(durationMs);
    await settled();
    this.store.keyspace.waiters?.checkInvariants();
  }

  /** Nobody waits any more, and nothing of them is left. */
  expectNobody(): void {
    expect([this.store.keyspace.waiters?.size, this.store.keyspace.wheel.size]).toEqual([0, 0]);
  }
}

const GROUP_READER = 'XREADGROUP GROUP g a BLOCK 0 STREAMS k >';

describe('XREADGROUP learns what became of its stream and group', () => {
  const endings: Readonly<Record<string, readonly [lines: readonly string[], error: string]>> = {
    'XGROUP DESTROY': [['XGROUP DESTROY k g'], NOGROUP],
    DEL: [['DEL k'], NOGROUP],
    UNLINK: [['UNLINK k'], NOGROUP],
    'RENAME away': [['RENAME k elsewhere'], NOGROUP],
    'MOVE away': [['MOVE k 1'], NOGROUP],
    FLUSHDB: [['FLUSHDB'], NOGROUP],
    'SWAPDB, nothing there': [['SWAPDB 0 1'], NOGROUP],
    'SWAPDB, another type there': [['SELECT 1', 'SET k v', 'SELECT 0', 'SWAPDB 0 1'], WRONGTYPE],
    'EXPIRE in the past': [['EXPIRE k -1'], NOGROUP],
    SET: [['SET k v'], WRONGTYPE],
    'a set in its place': [['MULTI', 'DEL k', 'SADD k a', 'EXEC'], WRONGTYPE],
    'a stream without the group in its place': [['MULTI', 'DEL k', 'XADD k 1-1 f v', 'EXEC'], NOGROUP],
    'a stream renamed over it': [['XADD other 1-1 f v', 'RENAME other k'], NOGROUP],
    'a stream copied over it': [['XADD other 1-1 f v', 'COPY other k REPLACE'], NOGROUP],
  };
  for (const [name, [lines, error]] of Object.entries(endings)) {
    test(name, async () => {
      const scene = new Scene();
      await scene.run('XGROUP CREATE k g 0 MKSTREAM');
      const groupReader = scene.client(GROUP_READER);
      const reader = scene.client('XREAD BLOCK 1000 STREAMS k 5');
      await scene.run(...lines);
      expect([groupReader.heard, reader.heard]).toEqual([[error], []]);
      // Those without a group go on waiting, for whatever stream there will be.
      await scene.run('SELECT 0', 'DEL k', 'XADD k 6-1 f v');
      expect(reader.heard).toEqual([[['k', [['6-1', ['f', 'v']]]]]]);
      scene.expectNobody();
    });
  }

  test('its time is over', async () => {
    const scene = new Scene();
    await scene.run('XGROUP CREATE k g 0 MKSTREAM', 'PEXPIRE k 50');
    const reader = scene.client(GROUP_READER);
    await scene.advance(49);
    expect(reader.heard).toEqual([]);
    await scene.advance(1);
    expect(reader.heard).toEqual([NOGROUP]);
    scene.expectNobody();
  });

  test('one of several streams', async () => {
    const scene = new Scene();
    await scene.run('XGROUP CREATE k g 0 MKSTREAM', 'XGROUP CREATE l g 0 MKSTREAM');
    const reader = scene.client('XREADGROUP GROUP g a BLOCK 0 STREAMS k l > >');
    await scene.run('DEL k');
    expect(reader.heard).toEqual([NOGROUP]);
  });

  test('a stream with the group and entries in its place', async () => {
    const scene = new Scene();
    await scene.run('XGROUP CREATE k g 0 MKSTREAM');
    const reader = scene.client(GROUP_READER);
    await scene.run('XADD other 1-1 f v', 'XGROUP CREATE other g 0', 'RENAME other k');
    expect(reader.heard).toEqual([[['k', [['1-1', ['f', 'v']]]]]]);
  });
});

describe('the whole command is run anew', () => {
  test('all streams that have become ready are answered, in the order of the command', async () => {
    const scene = new Scene();
    await scene.run('XADD k 1-1 f v');
    const reader = scene.client('XREAD BLOCK 0 STREAMS k l $ $');
    const twice = scene.client('XREAD BLOCK 0 STREAMS k k $ 0-9');
    await scene.run('MULTI', 'XADD l 1-1 f v', 'XADD k 2-1 f v', 'EXEC');
    expect(reader.heard).toEqual([
      [
        ['k', [['2-1', ['f', 'v']]]],
        ['l', [['1-1', ['f', 'v']]]],
      ],
    ]);
    expect(twice.heard).toHaveLength(1);
  });

  test('what is gone before it is seen was never there', async () => {
    const scene = new Scene();
    await scene.run('XGROUP CREATE k g 0 MKSTREAM');
    const [reader, groupReader] = [scene.client('XREAD BLOCK 0 STREAMS k $'), scene.client(GROUP_READER)];
    await scene.run('MULTI', 'XADD k 1-1 f v', 'XDEL k 1-1', 'EXEC');
    await scene.run('MULTI', 'XADD k 2-1 f v', 'XTRIM k MAXLEN 0', 'EXEC');
    expect([reader.heard, groupReader.heard]).toEqual([[], []]);
    await scene.run('XADD k 3-1 f v');
    const entry = [['k', [['3-1', ['f', 'v']]]]];
    expect([reader.heard, groupReader.heard]).toEqual([[entry], [entry]]);
  });

  test('who waits is a consumer, was seen, and has not been active', async () => {
    const scene = new Scene();
    await scene.run('XGROUP CREATE k g 0 MKSTREAM');
    const reader = scene.client(GROUP_READER);
    expect(scene.store.xinfoConsumers('k', 'g')).toMatchObject([{ name: 'a', idle: 0, inactive: -1 }]);
    await scene.advance(30);
    expect(scene.store.xinfoConsumers('k', 'g')).toMatchObject([{ name: 'a', idle: 30, inactive: -1 }]);
    await scene.run('XADD k 1-1 f v');
    expect(reader.heard).toHaveLength(1);
    expect(scene.store.xinfoConsumers('k', 'g')).toMatchObject([{ name: 'a', idle: 0, inactive: 0 }]);
  });

  test('limits hold for what was waited for', async () => {
    const scene = new Scene();
    const clients = ['COUNT 1', 'MAXCOUNT 2', 'MAXSIZE 1'].map((limit) =>
      scene.client(`XREAD ${limit} BLOCK 0 STREAMS k l 0 0`),
    );
    await scene.run('MULTI', 'XADD k 1-1 f v', 'XADD k 2-1 f v', 'XADD l 1-1 f v', 'EXEC');
    const [first, second] = [
      ['1-1', ['f', 'v']],
      ['2-1', ['f', 'v']],
    ];
    expect(clients.map(({ heard }) => heard)).toEqual([
      [
        [
          ['k', [first]],
          ['l', [first]],
        ],
      ],
      [[['k', [first, second]]]],
      [[['k', [first]]]],
    ]);
  });
});

describe('+ and waiting (7.4)', () => {
  test('an entry that is there is the answer, without one it is as $', async () => {
    const scene = new Scene();
    await scene.run('XADD k 1-1 f v', 'XADD k 2-1 f v', 'XADD empty 5-1 f v', 'XDEL empty 5-1');
    const at = scene.client('XREAD BLOCK 0 STREAMS k +');
    const none = scene.client('XREAD BLOCK 0 STREAMS none +');
    const empty = scene.client('XREAD BLOCK 0 STREAMS empty +');
    await settled();
    expect([at.heard, none.heard, empty.heard]).toEqual([[[['k', [['2-1', ['f', 'v']]]]]], [], []]);
    await scene.run('XADD none 1-1 f v', 'DEL empty', 'XADD empty 5-1 f v', 'XADD empty 5-2 f v');
    expect(none.heard).toEqual([[['none', [['1-1', ['f', 'v']]]]]]);
    expect(empty.heard).toEqual([[['empty', [['5-2', ['f', 'v']]]]]]);
  });
});

describe('XREADGROUP … CLAIM … BLOCK (8.4)', () => {
  const CLAIMER = 'XREADGROUP GROUP g b CLAIM 100 BLOCK 1000 STREAMS k >';

  /** `a` has had 1-1 for 60 ms and 2-1 for 20 ms. */
  async function pendingScene(): Promise<Scene> {
    const scene = new Scene();
    await scene.run('XGROUP CREATE k g 0 MKSTREAM', 'XADD k 1-1 f v', 'XREADGROUP GROUP g a STREAMS k >');
    await scene.advance(40);
    await scene.run('XADD k 2-1 f v', 'XREADGROUP GROUP g a STREAMS k >');
    await scene.advance(20);
    return scene;
  }

  test('wakes when an entry has been idle for so long', async () => {
    const scene = await pendingScene();
    const claimer = scene.client(CLAIMER);
    await scene.advance(39);
    expect(claimer.heard).toEqual([]);
    await scene.advance(1);
    expect(claimer.heard).toEqual([[['k', [['1-1', ['f', 'v'], 100, 1]]]]]);
    scene.expectNobody();
    claimer.say(CLAIMER);
    await scene.advance(40);
    expect(claimer.heard.slice(1)).toEqual([[['k', [['2-1', ['f', 'v'], 100, 1]]]]]);
    expect(scene.store.xpendingRange('k', 'g', '-', '+', 10)).toMatchObject([
      { id: '1-1', consumer: 'b', idleMs: 40, deliveryCount: 2 },
      { id: '2-1', consumer: 'b', idleMs: 0, deliveryCount: 2 },
    ]);
  });

  test('the first to wait has it, the others go on waiting', async () => {
    const scene = await pendingScene();
    const [first, second] = [scene.client(CLAIMER), scene.client(CLAIMER.replace(' b ', ' c '))];
    await scene.advance(40);
    expect([first.heard.length, second.heard]).toEqual([1, []]);
    await scene.advance(40);
    expect(second.heard).toEqual([[['k', [['2-1', ['f', 'v'], 100, 1]]]]]);
  });

  test('a new entry serves it at once, alone', async () => {
    const scene = await pendingScene();
    const claimer = scene.client(CLAIMER);
    await scene.run('XADD k 3-1 f v');
    expect(claimer.heard).toEqual([[['k', [['3-1', ['f', 'v'], 0, 0]]]]]);
    scene.expectNobody();
  });

  test('what is delivered, claimed and acknowledged meanwhile moves the time', async () => {
    const scene = new Scene();
    await scene.run('XGROUP CREATE k g 0 MKSTREAM');
    const claimer = scene.client(CLAIMER);
    const other = new Client(scene.store);
    await scene.advance(50);
    expect(scene.store.keyspace.wheel.size).toBe(1);
    // Given to another in one command with its coming: there is never something new to be had.
    await scene.run('MULTI', 'XADD k 1-1 f v', 'XREADGROUP GROUP g a STREAMS k >', 'EXEC');
    await scene.advance(60);
    await scene.run('XCLAIM k g c 0 1-1 JUSTID');
    await scene.advance(60);
    expect(claimer.heard).toEqual([]);
    await scene.run('XCLAIM k g c 0 1-1 IDLE 90');
    await scene.advance(9);
    expect(claimer.heard).toEqual([]);
    await scene.run('XACK k g 1-1');
    await scene.advance(500);
    expect(claimer.heard).toEqual([]);
    await scene.run('MULTI', 'XADD k 2-1 f v', 'XREADGROUP GROUP g a STREAMS k >', 'EXEC');
    other.say('XCLAIM k g c 0 2-1 IDLE 100');
    await settled();
    expect(claimer.heard).toEqual([[['k', [['2-1', ['f', 'v'], 100, 2]]]]]);
    scene.expectNobody();
  });

  test('what is released (XNACK) serves it at once', async () => {
    const scene = await pendingScene();
    const claimer = scene.client(CLAIMER);
    await scene.run('XNACK k g FAIL IDS 1 2-1');
    expect(claimer.heard).toMatchObject([[['k', [['2-1', ['f', 'v'], expect.any(Number), 1]]]]]);
    scene.expectNobody();
  });

  test('what is pending, but deleted, is never had, and makes no work', async () => {
    const scene = await pendingScene();
    await scene.run('XDEL k 1-1 2-1');
    const claimer = scene.client(CLAIMER);
    await scene.advance(999);
    expect(claimer.heard).toEqual([]);
    await scene.advance(1);
    expect(claimer.heard).toEqual([null]);
    scene.expectNobody();
  });

  test('in a transaction nobody waits', async () => {
    const scene = await pendingScene();
    const client = new Client(scene.store);
    for (const line of ['MULTI', CLAIMER, CLAIMER.replace('CLAIM 100', 'CLAIM 60'), 'EXEC']) client.say(line);
    await settled();
    expect(client.heard.at(-1)).toEqual([null, [['k', [['1-1', ['f', 'v'], 60, 1]]]]]);
  });

  test('a wait for several streams, one of them for its history, is none', async () => {
    const scene = await pendingScene();
    await scene.run('XGROUP CREATE l g 0 MKSTREAM');
    const reader = scene.client('XREADGROUP GROUP g b CLAIM 100 BLOCK 0 STREAMS k l > 0');
    await settled();
    expect(reader.heard).toEqual([[['l', []]]]);
  });
});

describe('typed calls', () => {
  test('xread', async () => {
    const { store } = new Scene();
    const calls = [
      store.blocking.xread({ k: '$', other: '0' }),
      store.blocking.xread([['k', '0']], { count: 1, block: 100 }),
      store.bytes.blocking.xread({ k: '$' }),
    ] as const;
    store.xadd('k', { f: 'v' }, { id: '1-1' });
    store.xadd('k', { f: 'w' }, { id: '2-1' });
    const [all, one, bytes] = await Promise.all(calls);
    expect(all).toMatchObject([
      {
        key: 'k',
        entries: [
          { id: '1-1', fields: { f: 'v' } },
          { id: '2-1', fields: { f: 'w' } },
        ],
      },
    ]);
    expect(one).toMatchObject([{ key: 'k', entries: [{ id: '1-1' }] }]);
    expect(bytes![0]!.key).toEqual(new TextEncoder().encode('k'));
    expect(bytes![0]!.entries[0]!.fields).toEqual([
      [new TextEncoder().encode('f'), new TextEncoder().encode('v')],
    ]);
    expect(await store.blocking.xread({ k: '0' }, { maxcount: 1 })).toMatchObject([
      { entries: [{ id: '1-1' }] },
    ]);
  });

  test('xreadgroup, xreadgroupClaim', async () => {
    const scene = new Scene();
    const { store } = scene;
    store.xgroupCreate('k', 'g', '0', { mkstream: true });
    const first = store.blocking.xreadgroup('g', 'a', 'k', { count: 1 });
    const second = store.blocking.xreadgroup('g', 'b', ['k'], { noack: true });
    store.xadd('k', { f: 'v' }, { id: '1-1' });
    store.xadd('k', { f: 'w' }, { id: '2-1' });
    expect(await first).toMatchObject([{ key: 'k', entries: [{ id: '1-1' }] }]);
    expect(await second).toMatchObject([{ key: 'k', entries: [{ id: '2-1' }] }]);
    expect(store.xpending('k', 'g')).toMatchObject({ count: 1, consumers: [{ name: 'a', count: 1 }] });
    const claim = store.blocking.xreadgroupClaim('g', 'c', 'k', 50);
    await scene.advance(50);
    expect(await claim).toMatchObject([{ entries: [{ id: '1-1', idleMs: 50, deliveryCount: 1 }] }]);
  });

  test('ends: time, signal, close, group', async () => {
    const { store } = new Scene();
    const message = (error: unknown): string => (error as Error).message;
    const timed = store.blocking.xread({ k: '$' }, { block: 100 });
    const controller = new AbortController();
    const aborted = store.blocking.xread({ k: '$' }, { signal: controller.signal }).catch(message);
    store.advance(100);
    expect(await timed).toBeNull();
    controller.abort(new Error('enough'));
    expect(await aborted).toBe('enough');
    store.xgroupCreate('k', 'g', '0', { mkstream: true });
    const gone = store.blocking.xreadgroup('g', 'a', 'k').catch(message);
    store.xgroupDestroy('k', 'g');
    expect(await gone).toBe(NOGROUP);
    const closed = store.blocking.xread({ k: '$' }).catch(message);
    store.close();
    expect(await closed).toBe('the store was closed');
    expect(store.keyspace.waiters?.size).toBe(0);
  });

  test('what cannot be meant is refused', async () => {
    const { store } = new Scene();
    const message = (error: unknown): string => (error as Error).message;
    const { blocking } = store;
    expect(await blocking.xread({ k: '>' }).catch(message)).toMatch('The > ID can be specified only');
    expect(await blocking.xread({ k: 'x' }).catch(message)).toMatch('Invalid stream ID');
    expect(await blocking.xread({ k: '$' }, { block: -1 }).catch(message)).toBe('ERR timeout is negative');
    expect(await blocking.xread({ k: '$' }, { block: 0.5 }).catch(message)).toMatch(
      'timeout is not an integer',
    );
    expect(await blocking.xread({ k: '$' }, { block: 2 ** 63 }).catch(message)).toBe(
      'ERR timeout is out of range',
    );
    expect(await blocking.xread({ k: '$' }, { timeout: 1 } as never).catch(message)).toMatch(
      'unknown option timeout',
    );
    expect(await blocking.xread({}).catch(message)).toMatch('wrong number of arguments');
    expect(await blocking.xreadgroup('g', 'a', 'k').catch(message)).toBe(NOGROUP);
    store.xgroupCreate('k', 'g', '0', { mkstream: true });
    expect(await blocking.xreadgroupClaim('g', 'a', 'k', -1).catch(message)).toMatch(
      'must be a positive integer',
    );
    expect(await blocking.xreadgroup('g', 'a', 'k', { count: 2, maxcount: 1 }).catch(message)).toMatch(
      'MAXCOUNT must be greater',
    );
    store.set('text', 'v');
    expect(await blocking.xread({ text: '0' }).catch(message)).toBe(WRONGTYPE);
    let refused: Promise<unknown> | undefined;
    store.transaction(() => {
      refused = blocking.xread({ k: '$' }).catch(message);
    });
    expect(await refused).toBe('a blocking call cannot be part of a transaction');
  });

  test('code that runs synchronously is one change to those who wait', async () => {
    const { store } = new Scene();
    const call = store.blocking.xread({ k: '$' });
    store.xadd('k', { f: '1' }, { id: '1-1' });
    store.xdel('k', '1-1');
    store.xadd('k', { f: '2' }, { id: '2-1' });
    expect(await call).toMatchObject([{ entries: [{ id: '2-1' }] }]);
  });
});
