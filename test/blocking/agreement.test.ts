import { expect, test } from 'vitest';
import { Blocked } from '../../src/blocking/blocked.ts';
import { blockingCommands } from '../../src/blocking/blocking-commands.ts';
import { BlockingOperations } from '../../src/blocking/blocking-operations.ts';
import { ReplyError } from '../../src/errors.ts';
import { connect } from '../../src/session/connection.ts';
import { registry } from '../../src/session/registry.ts';
import { compareKeyspaces } from '../differential/support/keyspace-dump.ts';
import { mutate, RandomSampler, randomFrom } from '../differential/support/random-sampler.ts';
import { LodisSide } from '../differential/support/sides.ts';
import { typedArguments } from '../support/typed-arguments.ts';

// The operations behind the typed methods are called beside their own arguments written out as tokens, on a connection
// that never waits: same answer, same error, same store. What would wait answers as what finds nothing.

const SEQUENCES = 120;
const COMMANDS_PER_SEQUENCE = 80;
const FILLING = ['RPUSH', 'LPUSH', 'ZADD', 'SET', 'DEL'].map((name) => registry.get(name)!);

type Method = (...args: unknown[]) => unknown;

test('blocking operations agree with the wire', async () => {
  const met = { waited: new Set<string>(), found: new Set<string>(), failed: new Set<string>() };
  for (let sequence = 0; sequence < SEQUENCES; sequence++) {
    const options = { clock: { now: () => 1_700_000_000_000 }, random: randomFrom(sequence) };
    const [typed, wired] = [new LodisSide(options), new LodisSide(options)];
    const operations = new BlockingOperations(typed.store) as unknown as Record<string, Method>;
    const sampler = new RandomSampler(sequence, '99.0.0');
    for (let at = 0; at < COMMANDS_PER_SEQUENCE; at++) {
      if (sampler.below(2) === 0) {
        const tokens = FILLING[sampler.below(FILLING.length)]!.sample(sampler);
        for (const side of [typed, wired]) side.runNow([tokens], 2);
        continue;
      }
      const command = blockingCommands[sampler.below(blockingCommands.length)]!;
      const sampled = command.sample(sampler);
      const args = typedArguments(command, sampler.below(10) === 0 ? mutate(sampled, sampler) : sampled);
      if (args === undefined) continue;
      const { method, reply } = command.forms[0]!;
      const name = String(method);
      const mine = outcome(() => operations[name]!(...args));
      const [head, ...rest] = command.encode(method, args);
      const other = outcome(() => reply.read(connect(wired.store).call(head as string, ...rest)));
      const isWaiting = 'value' in mine && mine.value instanceof Blocked;
      expect(isWaiting ? { value: null } : mine, `${name} ${JSON.stringify(rest)}`).toEqual(other);
      met['error' in mine ? 'failed' : isWaiting ? 'waited' : 'found'].add(name);
    }
    typed.store.keyspace.checkInvariants();
    await compareKeyspaces(typed, wired);
  }
  const all = blockingCommands.map(({ forms }) => String(forms[0]!.method)).sort();
  for (const [how, names] of Object.entries(met)) expect([how, [...names].sort()]).toEqual([how, all]);
});

function outcome(run: () => unknown): { readonly value: unknown } | { readonly error: string } {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof ReplyError) return { error: error.message };
    throw error;
  }
}
