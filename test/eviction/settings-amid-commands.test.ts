import { expect, test } from 'vitest';
import { ReplyError, Store } from '../../src/index.ts';
import { isVolatile, type MaxMemoryPolicy, policies } from '../../src/keyspace/eviction/policy.ts';
import { lua } from '../../src/scripting/index.ts';
import { collectingPeer } from '../../src/session/peer.ts';
import { registry } from '../../src/session/registry.ts';
import { serverOf } from '../../src/session/server.ts';
import { Session } from '../../src/session/session.ts';
import { RespWriter } from '../../src/wire/resp/resp-writer.ts';
import { RandomSampler } from '../differential/support/random-sampler.ts';
import { checkCount } from '../keyspace/memory/support.ts';

// Limits and policies that change all the time, between commands of every kind of several clients, within their
// transactions and scripts, and as they are told of what is evicted; on a clock that goes back now and then. After each
// command everything is counted and tracked as if it had been so from the start.

const SEED = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_261_122);
const STEPS = Number(process.env['LODIS_FUZZ_RUNS'] ?? 3000);
const CLIENTS = 3;
/** How much the keys may take, beside what they take then; the last is no limit. */
const LIMITS = [0.2, 0.8, 0.9, 0.95, 1, 1.05, 1.5, 100, 0];

/** They end the process or the session, or hold it; or look at the clock of the host for long. */
const WITHOUT =
  /^(SHUTDOWN|QUIT|RESET|HELLO|DEBUG (SLEEP|SEGFAULT)|CLIENT (PAUSE|KILL|REPLY)|MONITOR|ACL (SETUSER|DELUSER|LOAD)|AUTH|[PS]?SUBSCRIBE|FLUSHALL|FLUSHDB)\b/;
const commands = registry.all.filter(({ forms, facts }) => forms.length > 0 && !WITHOUT.test(facts.name));

class Clock {
  private ms = 1_700_000_000_000;

  now(): number {
    return this.ms;
  }

  move(ms: number): void {
    this.ms += ms;
  }
}

function limitOf({ keyspace }: Store, sampler: RandomSampler): string {
  const { overheadBytes, dataBytes } = keyspace.memory!;
  const part = LIMITS[sampler.below(LIMITS.length)]!;
  return part === 0 ? '0' : String(Math.ceil(overheadBytes + part * dataBytes));
}

function setting(store: Store, sampler: RandomSampler): string[] {
  switch (sampler.below(5)) {
    case 0:
      return ['CONFIG', 'SET', 'maxmemory-samples', ['1', '5', '1000000'][sampler.below(3)]!];
    case 1:
      return ['CONFIG', 'SET', 'lfu-decay-time', String(sampler.below(3))];
    case 2:
      return ['CONFIG', 'SET', 'maxmemory', limitOf(store, sampler)];
    case 3:
      return ['CLIENT', 'NO-TOUCH', sampler.below(2) === 0 ? 'ON' : 'OFF'];
    default:
      return ['CONFIG', 'SET', 'maxmemory-policy', policies[sampler.below(policies.length)]!];
  }
}

function anyCommand(store: Store, sampler: RandomSampler): readonly string[] {
  const chance = sampler.below(20);
  if (chance === 0) return setting(store, sampler);
  if (chance === 1) return ['MULTI'];
  if (chance < 4) return ['EXEC'];
  if (chance === 4) return ['EVAL', 'return redis.pcall(unpack(ARGV))', '0', ...anyCommand(store, sampler)];
  if (chance < 10) {
    const set = ['SET', `key:${sampler.below(40)}`, 'x'.repeat(sampler.below(300))];
    return sampler.below(2) === 0 ? set : [...set, 'EX', String(1 + sampler.below(1000))];
  }
  return commands[sampler.below(commands.length)]!.sample(sampler);
}

/** Throws if there is no room although something may go, or nothing is evicted that ought to be. */
function checkRoom({ keyspace }: Store): void {
  const { eviction, memory, memoryLimit } = keyspace;
  if (eviction === undefined) return;
  const { policy } = memoryLimit;
  const hasRoom = eviction.tryMakeRoom();
  expect(hasRoom).toBe(memory!.usedBytes <= eviction.maxBytes);
  if (hasRoom || policy === 'noeviction') return;
  for (const { size, expiringCount } of keyspace.databases)
    expect(isVolatile(policy) ? expiringCount : size).toBe(0);
}

test.each([1, 2, 3, 4])('seed %i', { timeout: 60_000 }, (number) => {
  const sampler = new RandomSampler(SEED + number, '99.0.0');
  const clock = new Clock();
  const store = new Store({
    clock,
    scripting: lua(),
    databases: 2,
    random: () => sampler.below(1000) / 1000,
  });
  store.close();
  const { keyspace } = store;
  keyspace.countMemory();
  const writer = new RespWriter();
  const open = () => {
    const session = new Session(serverOf(keyspace), collectingPeer(writer));
    session.execute(['HELLO', '3'], false);
    session.execute(['CLIENT', 'TRACKING', 'ON', 'BCAST'], false);
    return session;
  };
  const sessions = Array.from({ length: CLIENTS }, open);
  // Who is told of what is evicted does something about it.
  const administrator = open();
  let listener = open();
  let isTold = false;
  let evictions = 0;
  keyspace.observe({
    changed: (_, __, event) => {
      if (event.name !== 'evicted') return;
      evictions++;
      if (isTold || sampler.below(3) > 0) return;
      isTold = true;
      try {
        if (listener.isClosed) listener = open();
        listener.execute(
          sampler.below(3) === 0 ? setting(store, sampler) : anyCommand(store, sampler),
          false,
        );
      } finally {
        isTold = false;
      }
    },
  });
  const met = new Set<MaxMemoryPolicy>();
  for (let step = 0; step < STEPS; step++) {
    if (sampler.below(40) === 0) clock.move((sampler.below(3) - 1) * 10 ** sampler.below(9));
    const at = sampler.below(CLIENTS);
    if (sessions[at]!.isClosed) sessions[at] = open();
    const tokens = anyCommand(store, sampler);
    try {
      if (sampler.below(12) === 0) administrator.execute(setting(store, sampler), false);
      if (sampler.below(10) === 0) {
        store.transaction((tx) => {
          tx.set('k1', 'x'.repeat(sampler.below(2000)));
          sessions[at]!.execute(tokens, false);
          if (sampler.below(2) === 0) throw new ReplyError('ERR undone');
        });
      } else sessions[at]!.execute(tokens, false);
    } catch (error) {
      if (!(error instanceof ReplyError))
        throw new Error(`${step}: ${JSON.stringify(tokens)}`, { cause: error });
    }
    writer.take();
    try {
      checkCount(store);
    } catch (error) {
      throw new Error(`${step}: ${JSON.stringify(tokens)}`, { cause: error });
    }
    if (sampler.below(4) === 0) {
      isTold = true;
      checkRoom(store);
      isTold = false;
    }
    met.add(keyspace.memoryLimit.policy);
  }
  expect(evictions).toBeGreaterThan(STEPS / 20);
  expect(met.size).toBe(policies.length);
});
