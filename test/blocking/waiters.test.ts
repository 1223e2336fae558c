import { describe, expect, test } from 'vitest';
import { Blocked, type BlockedDescription } from '../../src/blocking/blocked.ts';
import type { Waiter, WaitingClient } from '../../src/blocking/waiter.ts';
import { type Waiters, waitersOf } from '../../src/blocking/waiters.ts';
import { Keyspace } from '../../src/keyspace/keyspace.ts';
import { Store } from '../../src/store.ts';
import { LIST } from '../../src/structures/lists/list-value.ts';

/** Someone who notes down what it is told. */
class Listener implements WaitingClient<string> {
  readonly heard: string[] = [];

  served(result: string): void {
    this.heard.push(`served ${result}`);
  }

  timedOut(): void {
    this.heard.push('timed out');
  }

  failed(error: Error): void {
    this.heard.push(`failed: ${error.message}`);
  }
}

class Scene {
  readonly store: Store;
  readonly waiters: Waiters;

  constructor() {
    this.store = new Store({ clock: { now: () => 1_700_000_000_000 } });
    this.waiters = waitersOf(this.store.keyspace);
  }

  /** Waits to pop from a list. */
  pop(
    key: string,
    client: WaitingClient<string>,
    more: Partial<BlockedDescription<string>> = {},
  ): Waiter<string> {
    return this.waiters.wait(
      new Blocked<string>({
        database: this.store.keyspace.databases[0]!,
        keys: [key],
        kind: LIST,
        timeoutMs: 0,
        attempt: (ready) => this.store.lpop(ready),
        ...more,
      }),
      client,
    );
  }
}

test('making one observes nothing and starts nothing', () => {
  const keyspace = new Keyspace();
  expect(keyspace.waiters).toBeUndefined();
  const waiters = waitersOf(keyspace);
  expect(waitersOf(keyspace)).toBe(waiters);
  expect(keyspace.observed).toBe(false);
  waiters.serve();
  waiters.checkInvariants();
});

test('nobody is called by the change itself, nor while another is served', () => {
  const scene = new Scene();
  const { store, waiters } = scene;
  const heard: string[] = [];
  const listen = (name: string): WaitingClient<string> => ({
    served: (result) => {
      heard.push(`${name} in`);
      // What a client does on being served makes another key ready, and asks for serving.
      store.rpush('next', `${name}${result}`);
      waiters.serve();
      heard.push(`${name} out`);
    },
    timedOut: () => heard.push(`${name} timed out`),
    failed: () => heard.push(`${name} failed`),
  });
  scene.pop('k', listen('a'));
  scene.pop('next', listen('b'));
  store.rpush('k', '1');
  expect(heard).toEqual([]);
  waiters.serve();
  expect(heard).toEqual(['a in', 'a out', 'b in', 'b out']);
  expect(store.lrange('next', 0, -1)).toEqual(['ba1']);
  waiters.checkInvariants();
});

describe('ends from outside', () => {
  test('cancel, unblock', () => {
    const scene = new Scene();
    const [a, b, c, d] = [new Listener(), new Listener(), new Listener(), new Listener()];
    const all = [a, b, c, d].map((listener) => scene.pop('k', listener, { timeoutMs: 1000 }));
    scene.waiters.checkInvariants();
    expect(scene.waiters.size).toBe(4);
    all[0]!.cancel();
    expect(all[1]!.unblock()).toBe(true);
    expect(all[2]!.unblock('error')).toBe(true);
    expect([all[0]!.unblock(), all[1]!.unblock('error'), all[2]!.unblock()]).toEqual([false, false, false]);
    expect(all.map((waiter) => waiter.isWaiting)).toEqual([false, false, false, true]);
    scene.waiters.checkInvariants();
    scene.store.advance(1000);
    scene.store.rpush('k', 'x');
    scene.waiters.serve();
    expect([a, b, c, d].map(({ heard }) => heard)).toEqual([
      [],
      ['timed out'],
      ['failed: UNBLOCKED client unblocked via CLIENT UNBLOCK'],
      ['timed out'],
    ]);
    expect(scene.store.llen('k')).toBe(1);
    expect([scene.waiters.size, scene.waiters.keyCount]).toEqual([0, 0]);
  });

  test('who waits again on being told is not told again', () => {
    const scene = new Scene();
    const told: string[] = [];
    const again: WaitingClient<string> = {
      served: () => told.push('served'),
      timedOut: () => told.push('timed out'),
      failed: (error) => {
        told.push(error.message);
        scene.pop('k', again);
      },
    };
    scene.pop('k', again);
    scene.waiters.failAll(new Error('over'));
    expect(told).toEqual(['over']);
    expect(scene.waiters.size).toBe(1);
    scene.waiters.checkInvariants();
  });

  test('a client that throws harms nobody else', () => {
    const scene = new Scene();
    const broken: WaitingClient<string> = {
      served: () => {
        throw new Error('broken');
      },
      timedOut: () => {},
      failed: () => {
        throw new Error('broken too');
      },
    };
    const fine = new Listener();
    scene.pop('k', broken);
    scene.pop('k', fine);
    scene.pop('l', broken);
    scene.pop('l', fine);
    scene.store.rpush('k', ['1', '2']);
    expect(() => scene.waiters.serve()).toThrow('broken');
    expect(fine.heard).toEqual(['served 2']);
    expect(() => scene.waiters.failAll(new Error('over'))).toThrow('broken too');
    expect(fine.heard).toEqual(['served 2', 'failed: over']);
    scene.waiters.checkInvariants();
    expect(scene.waiters.size).toBe(0);
  });
});

test('while it is held, nobody is served, and no time is over', () => {
  const scene = new Scene();
  const [a, b] = [new Listener(), new Listener()];
  scene.pop('k', a, { timeoutMs: 10 });
  scene.pop('k', b, { timeoutMs: 10 });
  scene.waiters.hold();
  scene.waiters.hold();
  scene.store.rpush('k', 'x');
  scene.store.advance(20);
  scene.waiters.checkInvariants();
  scene.waiters.release();
  scene.waiters.serve();
  expect([a.heard, b.heard]).toEqual([[], []]);
  scene.waiters.release();
  expect([a.heard, b.heard]).toEqual([['served x'], ['timed out']]);
  scene.waiters.checkInvariants();
});

describe('those who watch a key', () => {
  test('may all be served by what stays there', () => {
    const scene = new Scene();
    const listeners = [new Listener(), new Listener()];
    for (const listener of listeners) {
      scene.pop('k', listener, {
        wakesOn: 'any',
        attempt: (key) => (scene.store.llen(key) > 1 ? `${scene.store.llen(key)} elements` : null),
      });
    }
    const popper = new Listener();
    scene.pop('k', popper);
    scene.store.rpush('k', ['a', 'b', 'c']);
    scene.waiters.serve();
    expect(listeners.map(({ heard }) => heard)).toEqual([['served 3 elements'], ['served 3 elements']]);
    expect(popper.heard).toEqual(['served a']);
    expect(scene.store.llen('k')).toBe(2);
  });

  test('are asked after any change, the going of the key included, and may fail', () => {
    const scene = new Scene();
    const attempts: string[] = [];
    const watch = (): Listener => {
      const listener = new Listener();
      scene.pop('k', listener, {
        wakesOn: 'any',
        attempt: (key) => {
          attempts.push(scene.store.type(key));
          if (scene.store.exists(key) === 0) throw new Error('gone');
          return null;
        },
      });
      return listener;
    };
    scene.store.rpush('k', 'a');
    const first = watch();
    for (const change of [
      () => scene.store.rpush('k', 'b'),
      () => scene.store.lset('k', 0, 'c'),
      () => scene.store.set('k', 'text'),
      () => scene.store.del('k'),
    ]) {
      change();
      scene.waiters.serve();
    }
    expect(attempts).toEqual(['list', 'list', 'string', 'none']);
    expect(first.heard).toEqual(['failed: gone']);
    for (const flush of [() => scene.store.flushall(), () => scene.store.swapdb(0, 1)]) {
      const listener = watch();
      flush();
      scene.waiters.serve();
      expect(listener.heard).toEqual(['failed: gone']);
    }
    scene.waiters.checkInvariants();
    expect(scene.waiters.size).toBe(0);
  });
});

test('ten thousand waiters: one element, one attempt', () => {
  const scene = new Scene();
  let attempts = 0;
  const listener = new Listener();
  for (let count = 0; count < 10_000; count++) {
    scene.pop('k', listener, {
      attempt: (key) => {
        attempts++;
        return scene.store.lpop(key);
      },
    });
  }
  scene.store.rpush('k', 'x');
  scene.waiters.serve();
  expect([attempts, listener.heard.length, scene.waiters.size]).toEqual([1, 1, 9_999]);
  scene.store.rpush('k', ['1', '2', '3']);
  scene.waiters.serve();
  expect([attempts, scene.waiters.size]).toEqual([4, 9_996]);
});
