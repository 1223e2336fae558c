import { expect, test } from 'vitest';
import type { PersistenceSettings } from '../../../src/keyspace/persistence.ts';
import {
  DIES,
  type Fault,
  FaultyStorage,
  failAt,
  type Operation,
} from '../../../src/persistence/storage/faults.ts';
import { afterTurn } from '../../../src/ttl/host-turn.ts';
import { type Kept, keep } from './support.ts';

// A few commands and a rewrite, with `appendfsync always`, and at every single operation of the storage one thing that goes
// wrong: what was acknowledged is there again, in order, once, and nothing that was never asked for.

const STEPS = 7;
const REWRITE_AT = 2;

interface Outcome {
  /** How many steps were acknowledged, and how many have been made in memory at most. */
  acknowledged: number;
  made: number;
}

/** Each step is one group: a list and a counter must agree, whatever happens. */
async function step(kept: Kept, outcome: Outcome): Promise<void> {
  const { store, aof } = kept;
  aof.requireWritable();
  aof.begin();
  try {
    store.rpush('l', String(outcome.made));
    store.incr('n');
    outcome.made++;
  } finally {
    aof.end();
  }
  const { made } = outcome;
  await aof.beforeReply();
  outcome.acknowledged = Math.max(outcome.acknowledged, made);
}

async function scenario(storage: FaultyStorage, changes: Partial<PersistenceSettings>): Promise<Outcome> {
  const outcome: Outcome = { acknowledged: 0, made: 0 };
  let kept: Kept | undefined;
  try {
    kept = await keep(storage, changes);
    for (let at = 0; at < STEPS; at++) {
      if (at === REWRITE_AT) kept.aof.rewriter.start();
      await step(kept, outcome).catch(() => {});
      for (let turns = at % 3; turns > 0; turns--) await new Promise<void>(afterTurn);
    }
    await kept.aof.stop();
  } catch {
    // It could not be opened, or not be closed well.
  } finally {
    await kept?.aof.stop().catch(() => {});
    kept?.store.keyspace.driver.stop();
  }
  return outcome;
}

/** Opens what is left, and says how many steps are there. */
async function found(storage: FaultyStorage): Promise<number> {
  const kept = await keep(storage);
  const { store, aof } = kept;
  const steps = store.llen('l');
  expect(store.lrange('l', 0, -1)).toEqual(Array.from({ length: steps }, (_, at) => String(at)));
  expect(Number(store.get('n') ?? 0)).toBe(steps);
  // It goes on from there.
  const outcome = { acknowledged: steps, made: steps };
  await step(kept, outcome);
  expect(outcome.acknowledged).toBe(steps + 1);
  await aof.stop();
  store.keyspace.driver.stop();
  const again = await keep(storage);
  expect(again.store.llen('l')).toBe(steps + 1);
  await again.aof.stop();
  again.store.keyspace.driver.stop();
  return steps;
}

async function check(storage: FaultyStorage, { acknowledged, made }: Outcome, what: string): Promise<void> {
  let steps: number;
  try {
    steps = await found(storage);
  } catch (cause) {
    throw new Error(`${what}: ${(cause as Error).message}`, { cause });
  }
  if (steps < acknowledged || steps > made)
    throw new Error(`${what}: ${acknowledged} acknowledged, ${made} made, ${steps} found`);
}

function show({ number, kind, name, to }: Operation): string {
  return `${number} ${kind} ${name}${to === undefined ? '' : ` → ${to}`}`;
}

/** All that can go wrong with an operation: of what is appended, several bytes may be the last; of commands, each. */
function faultsOf({ kind, name, bytes = 0 }: Operation, code: string, isThorough: boolean): Fault[] {
  const stride = isThorough && name.includes('.incr.') ? 1 : Math.max(1, Math.floor(bytes / 2));
  const parts: Fault[] = [];
  if (kind === 'append') for (let done = 1; done < bytes; done += stride) parts.push({ code, done });
  return [{ code, done: 'nothing' }, { code, done: 'all' }, ...parts];
}

/** Some of all that a loss of power may leave. */
function* losses(storage: FaultyStorage, most: number): Generator<FaultyStorage> {
  let count = 0;
  for (const left of storage.powerLosses()) {
    if (count++ >= most) return;
    yield left;
  }
}

for (const immediate of [true, false]) {
  for (const aofUseRdbPreamble of [true, false]) {
    const changes = { aofUseRdbPreamble };
    const name = `${immediate ? 'at once' : 'waiting'}, base as ${aofUseRdbPreamble ? 'RDB' : 'commands'}`;
    for (const [what, code] of [
      ['the process dies', DIES],
      ['an operation fails once', 'EIO'],
    ] as const) {
      test(`${what} anywhere (${name})`, async () => {
        const whole = new FaultyStorage({ immediate });
        expect(await scenario(whole, changes)).toEqual({ acknowledged: STEPS, made: STEPS });
        const operations = [...whole.log];
        expect(operations.length).toBeGreaterThan(30);
        for (const operation of operations) {
          for (const fault of faultsOf(operation, code, immediate && aofUseRdbPreamble)) {
            const storage = new FaultyStorage({ immediate });
            storage.plan = failAt(operation.number, fault);
            const outcome = await scenario(storage, changes);
            const where = `${what} (${fault.done} done) at ${show(operation)}`;
            await check(storage.afterProcessDied(), outcome, where);
            if (typeof fault.done === 'number') continue;
            for (const left of losses(storage, 4)) await check(left, outcome, `${where}, and power is lost`);
          }
        }
      });
    }
  }
}
