import { expect, test } from 'vitest';
import { ReplyError } from '../../src/errors.ts';
import { connect } from '../../src/session/connection.ts';
import { registry } from '../../src/session/registry.ts';
import type { Store } from '../../src/store.ts';
import type { Command } from '../../src/wire/command.ts';
import { compareKeyspaces } from '../differential/support/keyspace-dump.ts';
import { mutate, RandomSampler, randomFrom } from '../differential/support/random-sampler.ts';
import { LodisSide } from '../differential/support/sides.ts';
import { typedArguments } from '../support/typed-arguments.ts';

// Each typed method is called beside its own arguments written out as tokens: same answer, same error, same store.

const NOW_MS = 1_700_000_000_000;
const SEQUENCES = 300;
const COMMANDS_PER_SEQUENCE = 60;
const NEWEST = '99.0.0';
const commands = registry.all.filter(
  ({ facts, forms }) => (facts.target ?? 'store') === 'store' && forms.length > 0,
);

/** Answers that are not determined by what the store holds. */
const WITHOUT = new Set(['TIME']);

type Method = (...args: unknown[]) => unknown;
type Methods = Record<string, Method>;
type Outcome = { readonly value: unknown } | { readonly error: unknown };

test('typed methods agree with the wire', async () => {
  const met = new Set<string>();
  for (let sequence = 0; sequence < SEQUENCES; sequence++) {
    const options = () => ({ clock: { now: () => NOW_MS }, random: randomFrom(sequence) });
    const typed = new LodisSide(options());
    const wired = new LodisSide(options());
    const sampler = new RandomSampler(sequence, NEWEST);
    for (let at = 0; at < COMMANDS_PER_SEQUENCE; at++) {
      const command = commands[sampler.below(commands.length)]!;
      if (WITHOUT.has(command.facts.name)) continue;
      const sampled = command.sample(sampler);
      const tokens = sampler.below(10) === 0 ? mutate(sampled, sampler) : sampled;
      const args = typedArguments(command, tokens);
      if (args !== undefined) met.add(compare(command, args, typed.store, wired.store));
    }
    typed.store.keyspace.checkInvariants();
    await compareKeyspaces(typed, wired);
  }
  const methods = commands.flatMap((command) => command.forms.map((form) => String(form.method)));
  expect(methods.filter((method) => !met.has(method) && method !== 'time')).toEqual([]);
});

/** Runs both, compares, and returns the name of the method. */
function compare(command: Command, args: unknown[], typed: Store, wired: Store): string {
  const form = command.forms.find((candidate) => candidate.when?.(args) ?? true) ?? command.forms[0]!;
  const name = String(form.method);
  let mine = outcome(() => (typed as unknown as Methods)[name]!(...args));
  if ('error' in mine && mine.error instanceof RangeError) {
    // Not exact as a number, hence refused with nothing changed: the exact view says it.
    mine = outcome(() => (typed.bigints as unknown as Methods)[name]!(...args));
  }
  const [head, ...rest] = command.encode(form.method, args);
  // What is answered in bytes by every view is no text.
  const connection = connect(wired, { bytes: name === 'dump' });
  const others = outcome(() => form.reply.read(connection.call(head as string, ...rest)));
  const shown = `${command.facts.name} ${JSON.stringify(rest, (_key, value) => (typeof value === 'bigint' ? String(value) : value))}`;
  if ('error' in mine && !command.accepts(rest.length + 1)) {
    // Nothing where something is needed: tokens are too few then, whatever the method calls it.
    expect(others, shown).toHaveProperty('error');
  } else if ('error' in mine || 'error' in others) {
    // What is quoted of bytes that are no text reaches a client as U+FFFD.
    const messages = [mine, others].map((one) =>
      'error' in one ? (one.error as Error).message.toWellFormed() : one.value,
    );
    expect(messages[0], shown).toEqual(messages[1]);
  } else {
    expect(comparable(mine.value), shown).toEqual(comparable(others.value));
  }
  return name;
}

function outcome(run: () => unknown): Outcome {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof ReplyError || error instanceof RangeError) return { error };
    throw error;
  }
}

/** `bigint` and `number` of the same value are the same answer; so are `-0` and `0` where integers are meant. */
function comparable(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, comparable(inner)]);
  // The entry of a stream gives its fields in their order, repeated ones too, by a getter of its prototype.
  if ('pairs' in value && !Object.hasOwn(value, 'pairs')) entries.push(['pairs', comparable(value.pairs)]);
  return Object.fromEntries(entries);
}
