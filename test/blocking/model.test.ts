import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ListEnd } from '../../src/index.ts';
import { Store } from '../../src/index.ts';
import { settled } from '../support/turns.ts';

// Typed calls that wait, beside a model that is nothing but arrays, gone through from the start each time.

const KEYS = ['a', 'b', 'c'];
const SEED = 20_240_807;

type Action =
  | { readonly do: 'pop'; readonly keys: readonly string[]; readonly end: ListEnd; readonly timeout: number }
  | { readonly do: 'move'; readonly from: string; readonly to: string; readonly timeout: number }
  | { readonly do: 'push'; readonly key: string; readonly end: ListEnd; readonly values: number }
  | { readonly do: 'remove'; readonly key: string }
  | { readonly do: 'abort'; readonly which: number }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'settle' };

const key = fc.constantFrom(...KEYS);
const end = fc.constantFrom<ListEnd>('left', 'right');
const timeout = fc.constantFrom(0, 1, 2, 3);
const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('pop' as const),
        keys: fc.array(key, { minLength: 1, maxLength: 3 }),
        end,
        timeout,
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), from: key, to: key, timeout }) },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('push' as const),
        key,
        end,
        values: fc.integer({ min: 1, max: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), key }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const), which: fc.nat(20) }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 0, max: 2 }) }),
    },
    { weight: 3, arbitrary: fc.constant({ do: 'settle' as const }) },
  ),
  { maxLength: 60, size: 'max' },
);

interface Call {
  readonly keys: readonly string[];
  readonly end: ListEnd;
  /** Where it goes to, at the other end. */
  readonly to: string | undefined;
  readonly dueAt: number;
  outcome: string | undefined;
}

/** What the calls come to, the slow and obvious way. */
class Model {
  readonly lists = new Map<string, string[]>();
  readonly calls: Call[] = [];
  private ready: string[] = [];
  private now = 0;

  /** A call begins: all who came before are served first; then it takes what is there, or waits. */
  begin(keys: readonly string[], from: ListEnd, to: string | undefined, seconds: number): void {
    this.serve();
    const dueAt = seconds === 0 ? Number.POSITIVE_INFINITY : this.now + seconds;
    const call: Call = { keys, end: from, to, dueAt, outcome: undefined };
    this.calls.push(call);
    const there = keys.find((name) => this.lists.has(name));
    if (there !== undefined) this.take(call, there);
  }

  push(name: string, at: ListEnd, values: readonly string[]): void {
    const list = this.lists.get(name) ?? [];
    if (list.length === 0) this.appears(name, list);
    for (const value of values) at === 'left' ? list.unshift(value) : list.push(value);
  }

  private appears(name: string, list: string[]): void {
    this.lists.set(name, list);
    const isWaitedFor = this.calls.some((call) => call.outcome === undefined && call.keys.includes(name));
    if (isWaitedFor && !this.ready.includes(name)) this.ready.push(name);
  }

  serve(): void {
    for (let name = this.ready.shift(); name !== undefined; name = this.ready.shift()) {
      for (const call of this.calls) {
        if (call.outcome === undefined && call.keys.includes(name) && this.lists.has(name)) {
          // The whole call anew.
          this.take(call, call.keys.find((other) => this.lists.has(other))!);
        }
      }
    }
  }

  private take(call: Call, name: string): void {
    const list = this.lists.get(name)!;
    const value = (call.end === 'left' ? list.shift() : list.pop())!;
    // It is out of the line before its move makes anything ready.
    call.outcome = call.to === undefined ? `${name} ${value}` : value;
    if (call.to === name) {
      list.push(value);
      return;
    }
    if (list.length === 0) this.lists.delete(name);
    if (call.to !== undefined) {
      const target = this.lists.get(call.to) ?? [];
      if (target.length === 0) this.appears(call.to, target);
      target.push(value);
    }
  }

  abort(which: number): void {
    const call = this.calls[which];
    if (call !== undefined) call.outcome ??= 'aborted';
  }

  pass(seconds: number): void {
    this.serve();
    this.now += seconds;
    for (const call of this.calls) if (call.dueAt <= this.now) call.outcome ??= 'null';
  }
}

test('calls that wait, as in a model', async () => {
  await fc.assert(
    fc.asyncProperty(actions, async (sequence) => {
      const store = new Store({ clock: { now: () => 1_700_000_000_000 } });
      const model = new Model();
      const outcomes: (string | undefined)[] = [];
      const aborts: AbortController[] = [];
      let pushed = 0;

      const follow = (start: (signal: AbortSignal) => Promise<unknown>): void => {
        const index = outcomes.push(undefined) - 1;
        const controller = new AbortController();
        aborts.push(controller);
        start(controller.signal).then(
          (result) => {
            outcomes[index] = shown(result);
          },
          () => {
            outcomes[index] = 'aborted';
          },
        );
      };

      for (const action of sequence) {
        switch (action.do) {
          case 'pop': {
            const { keys, end: from, timeout: seconds } = action;
            model.begin(keys, from, undefined, seconds);
            const name = from === 'left' ? 'blpop' : 'brpop';
            follow((signal) => store.blocking[name](keys, { timeout: seconds, signal }));
            break;
          }
          case 'move': {
            const { from, to, timeout: seconds } = action;
            model.begin([from], 'left', to, seconds);
            follow((signal) =>
              store.blocking.blmove(from, to, 'left', 'right', { timeout: seconds, signal }),
            );
            break;
          }
          case 'push': {
            const values = Array.from({ length: action.values }, () => `v${pushed++}`);
            model.push(action.key, action.end, values);
            if (action.end === 'left') store.lpush(action.key, values);
            else store.rpush(action.key, values);
            break;
          }
          case 'remove':
            model.lists.delete(action.key);
            store.del(action.key);
            break;
          case 'abort':
            model.abort(action.which);
            aborts[action.which]?.abort();
            break;
          case 'pass':
            model.pass(action.seconds);
            store.advance(action.seconds * 1000);
            break;
          case 'settle':
            model.serve();
            await settled();
            break;
        }
        // Between two settlings the outcomes are not yet to be seen, but the lists are.
        store.keyspace.waiters?.checkInvariants();
        expect(contents(store)).toEqual(Object.fromEntries([...model.lists].sort()));
      }
      model.serve();
      await settled();
      expect(outcomes).toEqual(model.calls.map(({ outcome }) => outcome));
      expect(contents(store)).toEqual(Object.fromEntries([...model.lists].sort()));
      const waiting = model.calls.filter(({ outcome }) => outcome === undefined);
      expect(store.keyspace.waiters?.size ?? 0).toBe(waiting.length);
      expect(store.keyspace.waiters?.keyCount ?? 0).toBe(new Set(waiting.flatMap(({ keys }) => keys)).size);
      store.keyspace.checkInvariants();
      for (const controller of aborts) controller.abort();
      expect(store.keyspace.waiters?.size ?? 0).toBe(0);
      expect(store.keyspace.observed).toBe(false);
      expect(store.keyspace.wheel.size).toBe(0);
    }),
    { seed: SEED, numRuns: 1500 },
  );
});

function shown(result: unknown): string {
  if (result === null) return 'null';
  if (typeof result === 'string') return result;
  const { key: name, element } = result as { key: string; element: string };
  return `${name} ${element}`;
}

function contents(store: Store): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const name of KEYS) if (store.exists(name) === 1) found[name] = store.lrange(name, 0, -1);
  return found;
}
