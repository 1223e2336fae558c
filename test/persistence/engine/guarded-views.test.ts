import { expect, test } from 'vitest';
import { ReplyError, Store } from '../../../src/index.ts';
import type { Persistence } from '../../../src/keyspace/persistence.ts';
import { guardedViews } from '../../../src/persistence/engine/guarded-views.ts';
import { lua } from '../../../src/scripting/index.ts';
import { registry } from '../../../src/session/registry.ts';
import type { Command } from '../../../src/wire/command.ts';
import { RandomSampler, randomFrom } from '../../differential/support/random-sampler.ts';
import { typedArguments } from '../../support/typed-arguments.ts';

// Every typed method of an opened store that writes tells when it begins and ends, and is refused while nothing can be kept.

const SEQUENCES = 200;
const COMMANDS_PER_SEQUENCE = 60;
const commands = registry.all.filter(
  ({ facts, forms }) => (facts.target ?? 'store') === 'store' && forms.length > 0,
);
type Methods = Record<string, (...args: unknown[]) => unknown>;

/** A store with a persistence that only notes what it is told. */
function opened(seed = 1) {
  const plain = new Store({
    clock: { now: () => 1_700_000_000_000 },
    random: randomFrom(seed),
    scripting: lua(),
  });
  const { keyspace } = plain;
  const told = { depth: 0, groups: 0, asked: 0, replies: 0, effects: 0, kept: 0, isRefusing: false };
  const noting = {
    views: guardedViews(),
    begin: () => {
      if (told.depth++ === 0) told.groups++;
    },
    end: () => void told.depth--,
    requireWritable: () => {
      told.asked++;
      if (told.isRefusing) throw new ReplyError('MISCONF refused');
    },
    beforeReply: () => {
      if (told.depth > 0) return;
      told.replies++;
      told.kept = told.effects;
    },
    close: async () => {},
  };
  keyspace.persistence = noting as unknown as Persistence;
  keyspace.observe({
    effect: (_, command) => {
      told.effects++;
      if (told.depth === 0) throw new Error(`${command.join(' ')} outside of a group`);
    },
  });
  return { store: new noting.views.store(keyspace, 0), told };
}

function methodOf(command: Command, args: unknown[]): string {
  return String((command.forms.find(({ when }) => when?.(args) ?? true) ?? command.forms[0]!).method);
}

function run(view: object, name: string, args: unknown[]): void {
  try {
    (view as Methods)[name]!(...args);
  } catch (error) {
    if (!(error instanceof ReplyError || error instanceof RangeError)) throw error;
  }
}

test('no typed method writes without having asked, outside of a group, or answers before what it did is kept', () => {
  const writing = new Set<string>();
  for (let sequence = 0; sequence < SEQUENCES; sequence++) {
    const { store, told } = opened(sequence);
    const views = [store, store.bytes, store.bigints, store.select(1), store.select(1).bytes];
    const sampler = new RandomSampler(sequence, '99.0.0');
    for (let at = 0; at < COMMANDS_PER_SEQUENCE; at++) {
      const command = commands[sampler.below(commands.length)]!;
      const args = typedArguments(command, command.sample(sampler));
      if (args === undefined) continue;
      const name = methodOf(command, args);
      const before = { ...told };
      run(views[sampler.below(views.length)]!, name, args);
      expect(told.depth).toBe(0);
      if (told.effects > before.effects) {
        writing.add(name);
        expect(told.asked, name).toBeGreaterThan(before.asked);
        expect([name, told.groups - before.groups]).toEqual([name, 1]);
        expect([name, told.replies - before.replies]).toEqual([name, 1]);
      }
    }
  }
  expect(writing.size).toBeGreaterThan(70);
});

test('what is refused changes nothing; what only reads is not refused', () => {
  for (let sequence = 0; sequence < SEQUENCES / 10; sequence++) {
    const { store, told } = opened(sequence);
    const sampler = new RandomSampler(sequence, '99.0.0');
    const next = (): [Command, unknown[]] | undefined => {
      const command = commands[sampler.below(commands.length)]!;
      const args = typedArguments(command, command.sample(sampler));
      return args === undefined ? undefined : [command, args];
    };
    for (let at = 0; at < COMMANDS_PER_SEQUENCE; at++) {
      const call = next();
      if (call !== undefined) run(store, methodOf(...call), call[1]);
    }
    told.isRefusing = true;
    const { effects } = told;
    const { dirty } = store.keyspace;
    for (let at = 0; at < COMMANDS_PER_SEQUENCE; at++) {
      const call = next();
      if (call === undefined) continue;
      const [command, args] = call;
      const method = (store as unknown as Methods)[methodOf(command, args)]!;
      const refused = (() => {
        try {
          method.apply(store, args);
        } catch (error) {
          return (error as Error).message === 'MISCONF refused';
        }
        return false;
      })();
      expect([command.facts.name, refused]).toEqual([command.facts.name, command.flags.has('write')]);
    }
    expect([told.effects, store.keyspace.dirty]).toEqual([effects, dirty]);
  }
});

test('a transaction is one group, on whatever views of it', () => {
  const { store, told } = opened();
  store.transaction((tx) => {
    tx.set('a', '1');
    tx.bytes.set('b', '2');
    tx.bigints.incr('n');
    tx.select(1).rpush('l', ['x']);
    tx.transaction((inner) => inner.del('a'));
    store.select(2).set('outside', 'but inside');
  });
  expect(told).toMatchObject({ groups: 1, replies: 1, depth: 0, effects: 6 });
});

test('a transaction that is refused is undone as a whole', () => {
  const { store, told } = opened();
  told.isRefusing = true;
  expect(() => store.transaction((tx) => tx.set('a', '1'))).toThrow('MISCONF refused');
  expect(store.transaction((tx) => tx.get('a'))).toBeNull();
  expect(told).toMatchObject({ depth: 0, effects: 0 });
});

test('commands of multi() are one group, refused as one if any of them writes', () => {
  const { store, told } = opened();
  expect(store.multi().set('a', '1').get('a').incr('n').exec()).toEqual(['OK', '1', 1]);
  expect(store.bytes.multi().set('b', '1').exec()).toEqual(['OK']);
  expect(store.bigints.multi().incr('n').exec()).toEqual([2n]);
  expect(store.watch('a').multi().del('a').exec()).toEqual([1]);
  expect(told).toMatchObject({ groups: 4, replies: 4, depth: 0, effects: 5 });
  told.isRefusing = true;
  expect(() => store.multi().get('b').set('c', '1').exec()).toThrow('MISCONF refused');
  expect(store.multi().get('b').exec()).toEqual(['1']);
  expect(told.effects).toBe(5);
});

test('a script is one group, by whatever way it is run', () => {
  const { store, told } = opened();
  store.eval("redis.call('SET', 'a', '1') redis.call('SET', 'b', '2')");
  expect(told).toMatchObject({ groups: 1, replies: 1, effects: 2 });
  const handle = store.script("redis.call('INCR', 'n') return redis.call('INCR', 'n')");
  expect(handle()).toBe(2);
  expect(told).toMatchObject({ groups: 2, replies: 2, effects: 4 });
  store.functionLoad(
    "#!lua name=l\nredis.register_function('f', function() redis.call('DEL', 'a', 'b') end)",
  );
  store.fcall('f');
  expect(told).toMatchObject({ groups: 4, replies: 4, effects: 7, depth: 0 });
  told.isRefusing = true;
  expect(() => store.fcall('f')).toThrow('MISCONF refused');
  expect(() => store.functionFlush()).toThrow('MISCONF refused');
});

test('calls that waited are one group each when they are served, and kept before they are answered', async () => {
  const { store, told } = opened();
  const element = store.blocking.blpop('l');
  const entry = store.bytes.blocking.xread({ s: '$' });
  store.xadd('s', { f: 'v' });
  store.rpush('l', ['x']);
  expect(told.effects).toBe(2);
  expect(await element).toEqual({ key: 'l', element: 'x' });
  expect(told).toMatchObject({ depth: 0, effects: 3, kept: 3 });
  expect((await entry)![0]!.entries).toHaveLength(1);
});

test('acknowledgements of a consumer are groups', async () => {
  const { store, told } = opened();
  store.xadd('s', { f: 'v' });
  for await (const entry of store.consume('s', 'g', 'c', { create: true, block: 1 })) {
    entry.ack();
    break;
  }
  expect(store.xpending('s', 'g').count).toBe(0);
  expect(told.depth).toBe(0);
  expect(told.effects).toBeGreaterThan(3);
});

test('views of an opened store look like those of any other', () => {
  const { store } = opened();
  expect(store).toBeInstanceOf(Store);
  expect([store.constructor.name, store.bytes.constructor.name]).toEqual(['Store', 'BytesView']);
  store.set('k', 'v');
  expect(String(store)).toBe('Store { db0: 1 key }');
  expect(store.select(2).set('k', 'v')).toBe('OK');
});
