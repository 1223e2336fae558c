import { expect, test } from 'vitest';
import { ReplyError, Store } from '../../src/index.ts';
import { policies } from '../../src/keyspace/eviction/policy.ts';
import { lua } from '../../src/scripting/index.ts';
import { collectingPeer } from '../../src/session/peer.ts';
import { registry } from '../../src/session/registry.ts';
import { serverOf } from '../../src/session/server.ts';
import { Session } from '../../src/session/session.ts';
import { RespWriter } from '../../src/wire/resp/resp-writer.ts';
import { RandomSampler } from '../differential/support/random-sampler.ts';
import { typedArguments } from '../support/typed-arguments.ts';

// Keys go before a command, a transaction or a script changes anything, never in the midst of it: whatever the command, by
// whatever door it comes. So nothing is ever half done.

const SEED = 20_261_122;
const STEPS = 1500;
const commands = registry.all.filter(
  ({ facts, forms }) =>
    forms.length > 0 &&
    ['store', 'streamReads'].includes(facts.target ?? 'store') &&
    !/^(FLUSHALL|FLUSHDB|DEBUG)/.test(facts.name),
);

type Methods = Record<string, (...args: unknown[]) => unknown>;

test.each(policies.filter((policy) => policy !== 'noeviction'))('under %s', (maxMemoryPolicy) => {
  const sampler = new RandomSampler(SEED, '99.0.0');
  const store = new Store({
    maxMemoryPolicy,
    databases: 2,
    scripting: lua(),
    clock: { now: () => 1_700_000_000_000 },
    random: () => sampler.below(1000) / 1000,
  });
  store.close();
  const { keyspace } = store;
  const session = new Session(serverOf(keyspace), collectingPeer(new RespWriter()));
  const memory = keyspace.countMemory();
  const told: string[] = [];
  keyspace.observe({
    changed: (_, key, event) => told.push(`${event.name} ${key}`),
    effect: (_, command) => told.push(command.join(' ')),
  });
  const run = (view: object, tokens: readonly string[]) => {
    const [first, second] = tokens.map((token) => token.toUpperCase());
    const command = registry.get(`${first} ${second}`) ?? registry.get(first!)!;
    const args = typedArguments(command, tokens);
    if (args === undefined || (command.facts.target ?? 'store') !== 'store') return;
    const form = command.forms.find(({ when }) => when?.(args) ?? true) ?? command.forms[0]!;
    try {
      (view as Methods)[String(form.method)]!(...args);
    } catch (error) {
      if (!(error instanceof ReplyError || error instanceof RangeError)) throw error;
    }
  };
  const any = () => commands[sampler.below(commands.length)]!.sample(sampler);
  let evictions = 0;
  let changes = 0;
  for (let step = 0; step < STEPS; step++) {
    // Some keys that may go, and then less room than they take.
    keyspace.memoryLimit.maxBytes = 0;
    for (let more = sampler.below(4); more > 0; more--)
      store.set(`filler${sampler.below(9)}`, 'x'.repeat(sampler.below(500)), { ex: 1000 });
    const tokens = any();
    session.execute(['CLIENT', 'NO-EVICT', 'ON'], false);
    const way = sampler.below(5);
    if (way === 3) for (const queued of [['MULTI'], tokens, any(), any()]) session.execute(queued, false);
    // Without a limit before: this evicts nothing yet.
    keyspace.memoryLimit.isSuspended = true;
    keyspace.memoryLimit.maxBytes = Math.max(1, memory.usedBytes - sampler.below(2000));
    keyspace.memoryLimit.isSuspended = false;
    told.length = 0;
    if (way === 0) run(store, tokens);
    else if (way === 1) session.execute(tokens, false);
    else if (way === 2) {
      const script = "redis.call('SELECT', 0) redis.pcall('SET', 'k1', 'x') return redis.pcall(unpack(ARGV))";
      session.execute(['EVAL', script, '0', ...tokens], false);
    } else if (way === 3) session.execute(['EXEC'], false);
    else {
      store.transaction((tx) => {
        for (let count = sampler.below(5); count >= 0; count--) run(tx, any());
      });
    }
    // An evicted key is told of twice, as an event and as its effect.
    const isEvicted = told.map(
      (line, at) => line.startsWith('evicted ') || /^evicted /.test(told[at - 1] ?? ''),
    );
    const firstOther = isEvicted.indexOf(false);
    evictions += isEvicted.filter(Boolean).length;
    if (firstOther < 0) continue;
    changes++;
    expect([step, tokens, way, told.slice(firstOther).filter((line) => line.startsWith('evicted '))]).toEqual(
      [step, tokens, way, []],
    );
  }
  keyspace.checkInvariants();
  expect(evictions).toBeGreaterThan(STEPS / 10);
  expect(changes).toBeGreaterThan(STEPS / 10);
});
