import { describe, expect, test } from 'vitest';
import type { ConsumedEntry, ConsumeOptions } from '../../src/index.ts';
import { connect } from '../../src/session/connection.ts';
import { Store } from '../../src/store.ts';
import { settled } from '../support/turns.ts';

const START_MS = 1_800_000_000_000;

class Scene {
  readonly store = new Store({ clock: { now: () => START_MS } });

  constructor(count = 0) {
    this.store.xgroupCreate('s', 'g', '0', { mkstream: true });
    this.add(1, count);
  }

  add(from: number, to: number): void {
    for (let at = from; at <= to; at++) this.store.xadd('s', { n: String(at) }, { id: `${at}-0` });
  }

  /** Runs a loop until it ends by itself, and notes what it was given. */
  async loop(
    consumer: string,
    options: ConsumeOptions = { block: 1 },
    work: (entry: ConsumedEntry) => unknown = () => {},
    seen: string[] = [],
  ): Promise<string[]> {
    for await (const entry of this.store.consume('s', 'g', consumer, options)) {
      seen.push(entry.id);
      await work(entry);
    }
    return seen;
  }

  pending(): string[] {
    return this.store.xpendingRange('s', 'g', '-', '+', 100).map(({ id, consumer }) => `${id} ${consumer}`);
  }
}

/** A loop that has nothing to do any more is let go: its time is over. */
async function ended<T>(scene: Scene, loop: Promise<T>): Promise<T> {
  for (let times = 0; times < 5; times++) {
    await settled();
    await settled();
    scene.store.advance(1000);
  }
  return loop;
}

describe('what is given, and what becomes of it', () => {
  test('new entries, each acknowledged when the next one is asked for', async () => {
    const scene = new Scene(3);
    const pendingDuring: string[][] = [];
    const loop = scene.loop('a', { block: 10 }, () => pendingDuring.push(scene.pending()));
    expect(await ended(scene, loop)).toEqual(['1-0', '2-0', '3-0']);
    // One at a time is fetched: nothing else is pending while it is worked on.
    expect(pendingDuring).toEqual([['1-0 a'], ['2-0 a'], ['3-0 a']]);
    expect(scene.pending()).toEqual([]);
  });

  test('what comes while it waits', async () => {
    const scene = new Scene();
    const seen: string[] = [];
    const loop = scene.loop('a', { block: 500 }, () => {}, seen);
    await settled();
    scene.add(1, 2);
    await settled();
    await settled();
    await settled();
    scene.store.advance(400);
    scene.add(3, 3);
    expect(await ended(scene, loop)).toEqual(['1-0', '2-0', '3-0']);
    expect(scene.pending()).toEqual([]);
  });

  test('a throw leaves the entry pending, and the next loop begins with it', async () => {
    const scene = new Scene(3);
    const failing = scene.loop('a', { block: 10 }, ({ id }) => {
      if (id === '2-0') throw new Error('broken');
    });
    await expect(failing).rejects.toThrow('broken');
    expect(scene.pending()).toEqual(['2-0 a']);
    const counts: unknown[] = [];
    const again = scene.loop('a', { block: 10 }, ({ deliveryCount }) => counts.push(deliveryCount));
    expect(await ended(scene, again)).toEqual(['2-0', '3-0']);
    expect(counts).toEqual([2, 1]);
    expect(scene.pending()).toEqual([]);
  });

  test('so do break and return; ack() says otherwise', async () => {
    const scene = new Scene(3);
    for await (const { id } of scene.store.consume('s', 'g', 'a')) {
      expect(id).toBe('1-0');
      break;
    }
    expect(scene.pending()).toEqual(['1-0 a']);
    for await (const entry of scene.store.consume('s', 'g', 'a')) {
      if (entry.id === '1-0') continue;
      expect([entry.id, entry.ack(), entry.ack()]).toEqual(['2-0', true, false]);
      break;
    }
    expect(scene.pending()).toEqual([]);
    const iterator = scene.store.consume('s', 'g', 'a');
    expect((await iterator.next()).value?.id).toBe('3-0');
    await iterator.return();
    expect(scene.pending()).toEqual(['3-0 a']);
    expect(await iterator.next()).toEqual({ value: undefined, done: true });
  });

  test('entries have their fields, repeated ones too', async () => {
    const { store } = new Scene();
    const fields = [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ] as const;
    store.xadd('s', fields, { id: '1-0' });
    for await (const entry of store.consume('s', 'g', 'a')) {
      expect([entry.id, { ...entry.fields }, entry.pairs]).toEqual(['1-0', { a: '3', b: '2' }, fields]);
      break;
    }
    for await (const entry of store.bytes.consume('s', 'g', 'a')) {
      expect(entry.id).toBe('1-0');
      expect(entry.fields[0]).toEqual([new TextEncoder().encode('a'), new TextEncoder().encode('1')]);
      expect(entry.deliveryCount).toBe(2);
      break;
    }
  });
});

describe('where it begins', () => {
  test('with what is pending, of which some was deleted', async () => {
    const scene = new Scene(5);
    scene.store.xreadgroup('g', 'a', 's', { count: 3 });
    scene.store.xreadgroup('g', 'b', 's', { count: 1 });
    scene.store.xdel('s', '2-0');
    expect(await ended(scene, scene.loop('a', { block: 10 }))).toEqual(['1-0', '3-0', '5-0']);
    expect(scene.pending()).toEqual(['4-0 b']);
  });

  test('or not: pending false', async () => {
    const scene = new Scene(3);
    scene.store.xreadgroup('g', 'a', 's', { count: 1 });
    expect(await ended(scene, scene.loop('a', { block: 10, pending: false }))).toEqual(['2-0', '3-0']);
    expect(scene.pending()).toEqual(['1-0 a']);
  });

  test('what fails each time does not stop it from going on: it comes once to a loop', async () => {
    const scene = new Scene(2);
    scene.store.xreadgroup('g', 'a', 's');
    const seen: string[] = [];
    for (let times = 0; times < 3; times++) {
      for await (const entry of scene.store.consume('s', 'g', 'a')) {
        seen.push(`${entry.id} ${entry.deliveryCount}`);
        break;
      }
    }
    expect(seen).toEqual(['1-0 2', '1-0 3', '1-0 4']);
  });

  test('create makes the group, from the beginning, and the stream', async () => {
    const scene = new Scene();
    const { store } = scene;
    store.xadd('old', { n: '1' }, { id: '1-0' });
    const seen: string[] = [];
    for (const stream of ['old', 'new']) {
      const loop = (async () => {
        for await (const { id } of store.consume(stream, 'h', 'a', { create: true, block: 10 }))
          seen.push(`${stream} ${id}`);
      })();
      await settled();
      store.xadd(stream, { n: '2' }, { id: '2-0' });
      await ended(scene, loop);
    }
    expect(seen).toEqual(['old 1-0', 'old 2-0', 'new 2-0']);
    const again = store.consume('old', 'h', 'a', { create: true, block: 10 }).next();
    expect(await ended(scene, again)).toEqual({ value: undefined, done: true });
  });

  test('without it, a group that is not there is an error', async () => {
    const { store } = new Scene();
    await expect(store.consume('s', 'none', 'a').next()).rejects.toThrow('NOGROUP');
    await expect(store.consume('none', 'g', 'a', { pending: false }).next()).rejects.toThrow('NOGROUP');
    store.set('text', 'v');
    await expect(store.consume('text', 'g', 'a').next()).rejects.toThrow('WRONGTYPE');
    await expect(store.consume('text', 'g', 'a', { create: true }).next()).rejects.toThrow('WRONGTYPE');
  });
});

describe('several', () => {
  test('loops over one group share the work', async () => {
    const scene = new Scene();
    const seen: Record<string, string[]> = { a: [], b: [], c: [] };
    const loops = Object.entries(seen).map(([name, ids]) => scene.loop(name, { block: 100 }, () => {}, ids));
    await settled();
    for (let at = 1; at <= 30; at++) {
      scene.add(at, at);
      await settled();
    }
    await ended(scene, Promise.all(loops));
    const all = Object.values(seen).flat();
    expect(all.sort((x, y) => Number.parseInt(x, 10) - Number.parseInt(y, 10))).toEqual(
      Array.from({ length: 30 }, (_, at) => `${at + 1}-0`),
    );
    for (const ids of Object.values(seen)) expect(ids.length).toBeGreaterThan(5);
    expect(scene.pending()).toEqual([]);
  });

  test('one takes over what another left: claimIdleMs', async () => {
    const scene = new Scene(3);
    const dying = scene.loop('dead', {}, () => {
      throw new Error('dies');
    });
    await expect(dying).rejects.toThrow('dies');
    const got: string[] = [];
    const loop = scene.loop('b', { claimIdleMs: 500, block: 2000 }, ({ id, deliveryCount }) =>
      got.push(`${id} ${deliveryCount} at ${scene.store.keyspace.now() - START_MS}`),
    );
    for (let times = 0; times < 10; times++) await settled();
    expect(got).toEqual(['2-0 1 at 0', '3-0 1 at 0']);
    scene.store.advance(499);
    await settled();
    expect(got).toHaveLength(2);
    scene.store.advance(1);
    for (let times = 0; times < 5; times++) await settled();
    expect(got.slice(2)).toEqual(['1-0 2 at 500']);
    await ended(scene, loop);
    expect(scene.pending()).toEqual([]);
  });

  test('what was released (XNACK) goes to whoever claims', async () => {
    const scene = new Scene(1);
    scene.store.xreadgroup('g', 'a', 's');
    scene.store.xnack('s', 'g', 'fail', ['1-0']);
    const counts: unknown[] = [];
    const loop = scene.loop('b', { claimIdleMs: 1_000_000, block: 10 }, (entry) =>
      counts.push(entry.deliveryCount),
    );
    expect(await ended(scene, loop)).toEqual(['1-0']);
    expect(counts).toEqual([2]);
  });

  test('clients and loops share a group too', async () => {
    const scene = new Scene();
    const seen: string[] = [];
    const loop = scene.loop('a', { block: 100 }, () => {}, seen);
    await settled();
    const reply = connect(scene.store).send(
      'XREADGROUP',
      'GROUP',
      'g',
      'b',
      'BLOCK',
      '0',
      'STREAMS',
      's',
      '>',
    );
    scene.add(1, 1);
    scene.add(2, 2);
    await ended(scene, loop);
    expect(seen).toEqual(['1-0']);
    expect(await reply).toEqual([['s', [['2-0', ['n', '2']]]]]);
  });
});

describe('how it ends', () => {
  test('noack: nothing is ever pending', async () => {
    const scene = new Scene(2);
    const pendingDuring: string[] = [];
    const loop = scene.loop('a', { block: 10, noack: true }, () => pendingDuring.push(...scene.pending()));
    expect(await ended(scene, loop)).toEqual(['1-0', '2-0']);
    expect(pendingDuring).toEqual([]);
  });

  test('the signal ends it, waiting or not, without an error', async () => {
    const scene = new Scene(2);
    const waiting = new AbortController();
    const loop = scene.loop('a', { signal: waiting.signal });
    for (let times = 0; times < 5; times++) await settled();
    waiting.abort();
    expect(await loop).toEqual(['1-0', '2-0']);
    scene.add(3, 4);
    const working = new AbortController();
    expect(await scene.loop('a', { signal: working.signal }, () => working.abort())).toEqual(['3-0']);
    // What was being worked on was done.
    expect(scene.pending()).toEqual([]);
    expect(await scene.loop('a', { signal: working.signal })).toEqual([]);
    expect(scene.store.xlen('s')).toBe(4);
    expect(scene.store.keyspace.waiters?.size).toBe(0);
  });

  test('with the error, when the group or the stream goes', async () => {
    const scene = new Scene();
    const first = scene.loop('a', {}).catch((error: Error) => error.message);
    await settled();
    scene.store.xgroupDestroy('s', 'g');
    expect(await first).toMatch('NOGROUP');
    scene.store.xgroupCreate('s', 'g', '0');
    const second = scene.loop('a', {}).catch((error: Error) => error.message);
    await settled();
    scene.store.set('s', 'text');
    expect(await second).toMatch('WRONGTYPE');
  });

  test('the group goes while an entry is worked on', async () => {
    const scene = new Scene(2);
    const loop = scene.loop('a', {}, () => scene.store.del('s'));
    await expect(loop).rejects.toThrow('NOGROUP');
  });

  test('close', async () => {
    const scene = new Scene(1);
    const seen: string[] = [];
    const loop = scene.loop('a', {}, () => {}, seen).catch((error: Error) => error.message);
    for (let times = 0; times < 5; times++) await settled();
    scene.store.close();
    expect(await loop).toBe('the store was closed');
    expect([seen, scene.pending()]).toEqual([['1-0'], []]);
  });

  test('what cannot be meant is refused at once', () => {
    const { store } = new Scene();
    const bad = (options: object) => () => store.consume('s', 'g', 'a', options as ConsumeOptions);
    expect(bad({ Block: 1 })).toThrow('unknown option Block');
    expect(bad({ block: -1 })).toThrow('timeout is negative');
    expect(bad({ claimIdleMs: 1.5 })).toThrow('min-idle-time');
    expect(bad({ signal: new AbortController() })).toThrow('expected an AbortSignal');
    expect(bad([] as object)).toThrow('expected an object of options');
  });

  test('nothing happens before the first entry is asked for', () => {
    const { store } = new Scene(1);
    store.consume('s', 'g', 'a', { create: true });
    expect(store.xinfoConsumers('s', 'g')).toEqual([]);
  });
});
