import { describe, expect, test } from 'vitest';
import { ReplyError } from '../../src/errors.ts';
import { Store } from '../../src/index.ts';
import { lua } from '../../src/scripting/index.ts';
import { datasetDigest } from '../../src/session/debug/digest.ts';
import { collectingPeer } from '../../src/session/peer.ts';
import { RawView } from '../../src/session/raw-view.ts';
import { registry } from '../../src/session/registry.ts';
import { serverOf } from '../../src/session/server.ts';
import { Session } from '../../src/session/session.ts';
import type { Command } from '../../src/wire/command.ts';
import { RespWriter } from '../../src/wire/resp/resp-writer.ts';
import { RandomSampler } from '../differential/support/random-sampler.ts';
import { typedArguments } from '../support/typed-arguments.ts';

// Every command there is, in a store that is full and lets nothing go: the flag `denyoom` decides, and nothing else does.

const SEED = 20_261_122;
const SAMPLES = 2;
/** So many until each form of a command has been met. */
const MOST_SAMPLES = 60;
const NEWEST = '99.0.0';
const OOM = "OOM command not allowed when used memory > 'maxmemory'.";
const commands = registry.all.filter(({ forms }) => forms.length > 0);

/** Keys of the names that samples have, of most types. */
function fullStore(): Store {
  const store = new Store({ scripting: lua(), clock: { now: () => 1_700_000_000_000 } });
  store.set('filler', 'v');
  store.set('k1', '1');
  store.rpush('k2', ['a', 'b']);
  store.hset('k3', { a: '1', b: '2' });
  store.sadd('k4', ['a', 'b']);
  store.zadd('k5', { a: 1, b: 2 });
  store.xadd('k6', { a: '1' }, { id: '1-0' });
  talk(store, ['CONFIG', 'SET', 'maxmemory', '1']);
  return store;
}

/** All that is replied to these commands of one client, as it goes out. */
function talk(store: Store, ...all: (readonly string[])[]): string {
  const writer = new RespWriter();
  const session = new Session(serverOf(store.keyspace), collectingPeer(writer));
  for (const tokens of all) session.execute(tokens, false);
  const written = new TextDecoder('latin1').decode(writer.take());
  session.close();
  return written;
}

function digestOf({ keyspace }: Store): string {
  const views = keyspace.databases.map(({ index }) => new RawView(keyspace, index));
  return JSON.stringify(datasetDigest(views));
}

function isRefusal(reply: string): boolean {
  return reply === `-${OOM}\r\n`;
}

type Methods = Record<string, (...args: unknown[]) => unknown>;

/** What the method throws. */
function thrownBy(view: object, method: string, args: readonly unknown[]): unknown {
  try {
    (view as Methods)[method]!(...args);
    return undefined;
  } catch (error) {
    return error;
  }
}

function methodOf(command: Command, args: readonly unknown[]): string {
  const form = command.forms.find(({ when }) => when?.(args) ?? true) ?? command.forms[0]!;
  return String(form.method);
}

describe('a store that is full', () => {
  test('on the wire it refuses what may add, as soon as it is asked, and nothing else', () => {
    const sampler = new RandomSampler(SEED, NEWEST);
    for (const command of commands) {
      const mayAdd = command.flags.has('denyoom');
      const store = fullStore();
      for (let at = 0; at < SAMPLES; at++) {
        const before = digestOf(store);
        const tokens = command.sample(sampler);
        // What removes may make room.
        const reply = talk(mayAdd ? store : fullStore(), tokens);
        expect([command.facts.name, isRefusal(reply)]).toEqual([command.facts.name, mayAdd]);
        if (!mayAdd) continue;
        expect(digestOf(store)).toBe(before);
      }
      if (!mayAdd) continue;
      const { rejectedCalls, calls } = countsOf(store, command);
      expect([command.facts.name, rejectedCalls, calls]).toEqual([command.facts.name, SAMPLES, 0]);
    }
  });

  test('typed methods of commands that may add throw the same, and change nothing; all others do not', () => {
    const sampler = new RandomSampler(SEED + 1, NEWEST);
    const store = fullStore();
    const views = [store, store.bytes, store.bigints];
    const before = digestOf(store);
    const refused = new Set<string>();
    for (const command of commands.filter(({ facts }) => facts.target === undefined)) {
      const mayAdd = command.flags.has('denyoom');
      const other = mayAdd ? undefined : fullStore();
      const isMet = () => !mayAdd || command.forms.every(({ method }) => refused.has(String(method)));
      for (let at = 0; at < (isMet() ? SAMPLES : MOST_SAMPLES); at++) {
        const args = typedArguments(command, command.sample(sampler));
        if (args === undefined) continue;
        const method = methodOf(command, args);
        if (other !== undefined) {
          const error = thrownBy(other, method, args);
          expect(error instanceof ReplyError && error.code === 'OOM', method).toBe(false);
          continue;
        }
        for (const view of views) {
          const error = thrownBy(view, method, args);
          // What cannot be meant is told first, where it is.
          if (error instanceof TypeError) continue;
          expect(error, method).toBeInstanceOf(ReplyError);
          if ((error as ReplyError).code === 'OOM') {
            expect((error as ReplyError).message).toBe(OOM);
            refused.add(method);
          }
        }
      }
    }
    expect(digestOf(store)).toBe(before);
    const all = commands
      .filter(({ facts, flags }) => facts.target === undefined && flags.has('denyoom'))
      .flatMap(({ forms }) => forms.map(({ method }) => String(method)));
    expect(all.filter((method) => !refused.has(method))).toEqual([]);
  });

  test('MULTI queues nothing; what it had queued is asked once, all together', () => {
    const sampler = new RandomSampler(SEED + 2, NEWEST);
    const isEnd = new Set(['exec', 'discard', 'quit', 'reset']);
    for (const command of commands) {
      if (isEnd.has(command.fullName)) continue;
      let tokens = command.sample(sampler);
      // A sample may be too short, where the grammar does not say how much is needed.
      while (!command.accepts(tokens.length)) tokens = command.sample(sampler);
      const reply = talk(fullStore(), ['MULTI'], tokens, ['EXEC']);
      expect(reply, command.facts.name).toBe(
        `+OK\r\n-${OOM}\r\n-EXECABORT Transaction discarded because of previous errors.\r\n`,
      );
    }
  });

  test('those who monitor see nothing of what is refused', () => {
    const store = fullStore();
    const writer = new RespWriter();
    const monitor = new Session(serverOf(store.keyspace), collectingPeer(writer));
    monitor.execute(['MONITOR'], false);
    talk(store, ['SET', 'k1', 'x'], ['GET', 'k1'], ['MULTI'], ['SET', 'k1', 'x'], ['EXEC']);
    const lines = new TextDecoder().decode(writer.take()).split('\r\n');
    expect(lines.map((line) => line.replace(/^\+[\d.]+ \[[^\]]*\] /, ''))).toEqual([
      '+OK',
      '"GET" "k1"',
      '"MULTI"',
      '"EXEC"',
      '',
    ]);
  });
});

function countsOf(store: Store, { fullName }: Command): { rejectedCalls: number; calls: number } {
  const info = talk(store, ['INFO', 'commandstats']);
  const line = info.split('\r\n').find((one) => one.startsWith(`cmdstat_${fullName}:`)) ?? '';
  return {
    rejectedCalls: Number(/rejected_calls=(\d+)/.exec(line)?.[1]),
    calls: Number(/:calls=(\d+)/.exec(line)?.[1]),
  };
}
