import { expect, test } from 'vitest';
import { Blocked } from '../../src/blocking/blocked.ts';
import type { WaitingClient } from '../../src/blocking/waiter.ts';
import { type Waiters, waitersOf } from '../../src/blocking/waiters.ts';
import { Store } from '../../src/store.ts';
import { LIST } from '../../src/structures/lists/list-value.ts';
import { settled } from '../support/turns.ts';

// Waits that are worth another attempt at a time, though nothing changes: here, for a list to be old enough.

const START = 1_700_000_000_000;

class Scene {
  readonly store = new Store({ clock: { now: () => START } });
  readonly waiters: Waiters = waitersOf(this.store.keyspace);
  readonly heard: string[] = [];
  readonly attempts: string[] = [];
  /** From when on the list may be popped, in milliseconds after the start. */
  ripeMs: number | undefined = undefined;
  /** How often somebody was asked for the time of the next attempt. */
  asked = 0;

  pop(name: string, { timeoutMs = 0, keys = ['k'] } = {}): void {
    const now = (): number => this.store.keyspace.now() - START;
    const client: WaitingClient<string> = {
      served: (result) => this.heard.push(`${name} ${result} at ${now()}`),
      timedOut: () => this.heard.push(`${name} timed out at ${now()}`),
      failed: (error) => this.heard.push(`${name} ${error.message}`),
    };
    this.waiters.wait(
      new Blocked<string>({
        database: this.store.keyspace.databases[0]!,
        keys,
        kind: LIST,
        timeoutMs,
        wakesOn: 'any',
        attempt: () => {
          this.attempts.push(`${name} at ${now()}`);
          return this.ripeMs !== undefined && now() >= this.ripeMs ? this.store.lpop('k') : null;
        },
        nextAttemptAtMs: () => {
          this.asked++;
          return this.ripeMs === undefined ? undefined : START + this.ripeMs;
        },
      }),
      client,
    );
    this.waiters.checkInvariants();
  }
}

test('an attempt is made at the time, in the order of those who wait', () => {
  const scene = new Scene();
  scene.ripeMs = 100;
  scene.store.rpush('k', ['1', '2']);
  for (const name of ['a', 'b', 'c']) scene.pop(name);
  scene.store.advance(99);
  expect([scene.attempts, scene.heard]).toEqual([[], []]);
  scene.store.advance(1);
  expect(scene.heard).toEqual(['a 1 at 100', 'b 2 at 100']);
  scene.waiters.checkInvariants();
  scene.store.rpush('k', '3');
  scene.waiters.serve();
  expect(scene.heard.slice(2)).toEqual(['c 3 at 100']);
  expect(scene.waiters.size).toBe(0);
  expect(scene.store.keyspace.wheel.size).toBe(0);
});

test('the time is asked for again after each attempt', () => {
  const scene = new Scene();
  scene.pop('a');
  scene.store.advance(1000);
  expect(scene.attempts).toEqual([]);
  scene.ripeMs = 1500;
  scene.store.rpush('k', '1');
  scene.waiters.serve();
  expect(scene.attempts).toEqual(['a at 1000']);
  scene.ripeMs = 2000;
  scene.store.advance(600);
  expect(scene.attempts).toEqual(['a at 1000', 'a at 1600']);
  scene.waiters.checkInvariants();
  scene.ripeMs = undefined;
  scene.store.rpush('k', '2');
  scene.waiters.serve();
  expect(scene.store.keyspace.wheel.size).toBe(0);
  scene.waiters.checkInvariants();
  scene.ripeMs = 0;
  scene.store.rpush('k', '3');
  scene.waiters.serve();
  expect(scene.heard).toEqual(['a 1 at 1600']);
});

test('one timer serves the attempt and the end of the wait', () => {
  const scene = new Scene();
  scene.ripeMs = 100;
  scene.pop('a', { timeoutMs: 50 });
  scene.pop('b', { timeoutMs: 300 });
  expect(scene.store.keyspace.wheel.size).toBe(2);
  scene.store.advance(60);
  expect(scene.heard).toEqual(['a timed out at 60']);
  scene.store.advance(40);
  expect(scene.attempts).toEqual(['b at 100']);
  scene.waiters.checkInvariants();
  scene.store.advance(200);
  expect(scene.heard.slice(1)).toEqual(['b timed out at 300']);
  expect(scene.store.keyspace.wheel.size).toBe(0);
});

test('a clock that jumps over both makes the attempt, and then ends the wait', () => {
  const scene = new Scene();
  scene.ripeMs = 100;
  scene.store.rpush('k', '1');
  scene.pop('a', { timeoutMs: 300 });
  scene.pop('b', { timeoutMs: 300 });
  scene.store.advance(1000);
  expect(scene.heard).toEqual(['a 1 at 1000', 'b timed out at 1000']);
  scene.waiters.checkInvariants();
});

test('what is ripe already but not enough is not tried over and over', () => {
  const scene = new Scene();
  scene.ripeMs = 0;
  scene.pop('a', { keys: ['k', 'l'] });
  scene.store.advance(0);
  expect(scene.attempts).toEqual([]);
  scene.store.advance(5);
  expect(scene.attempts).toEqual(['a at 5', 'a at 5']);
  scene.waiters.checkInvariants();
});

test('while it is held nobody is tried; afterwards, everybody', () => {
  const scene = new Scene();
  scene.ripeMs = 100;
  scene.store.rpush('k', '1');
  scene.pop('a', { timeoutMs: 300 });
  scene.waiters.hold();
  scene.store.advance(150);
  scene.waiters.checkInvariants();
  expect(scene.attempts).toEqual([]);
  scene.waiters.release();
  expect(scene.heard).toEqual(['a 1 at 150']);
});

test('a timer of the host makes the attempt', async () => {
  let nowMs = START;
  const store = new Store({ clock: { now: () => nowMs } });
  const heard: (string | null)[] = [];
  waitersOf(store.keyspace).wait(
    new Blocked<string>({
      database: store.keyspace.databases[0]!,
      keys: ['k'],
      kind: LIST,
      timeoutMs: 0,
      attempt: () => store.lpop('k'),
      nextAttemptAtMs: () => START + 10,
    }),
    { served: (result) => heard.push(result), timedOut: () => {}, failed: () => {} },
  );
  // Said to nobody: only the time brings it to light.
  store.keyspace.waiters!.hold();
  store.rpush('k', 'x');
  await settled();
  expect(heard).toEqual([]);
  nowMs += 10;
  store.keyspace.driver.runSlice();
  store.keyspace.waiters!.release();
  expect(heard).toEqual(['x']);
});

test('whatever happened silently until it is time to serve, each is asked once', async () => {
  const scene = new Scene();
  const { keyspace } = scene.store;
  scene.store.rpush('k', ['1', '2']);
  for (const name of ['a', 'b', 'c']) scene.pop(name);
  scene.asked = 0;
  for (let times = 0; times < 100; times++) scene.waiters.ripen(keyspace.databases[0]!, 'k');
  expect(scene.asked).toBe(0);
  scene.ripeMs = 50;
  await settled();
  expect(scene.asked).toBe(3);
  scene.store.advance(50);
  expect(scene.heard).toEqual(['a 1 at 50', 'b 2 at 50']);
  // It may be time at once: nobody has to come for that.
  scene.ripeMs = 1000;
  scene.store.rpush('k', '3');
  await settled();
  scene.ripeMs = 10;
  scene.waiters.ripen(keyspace.databases[0]!, 'k');
  scene.waiters.ripen(keyspace.databases[0]!, 'none');
  await settled();
  expect(scene.heard.slice(2)).toEqual(['c 3 at 50']);
  scene.waiters.checkInvariants();
});
