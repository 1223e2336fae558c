import { expect, test } from 'vitest';
import { Blocked } from '../../src/blocking/blocked.ts';
import { toText } from '../../src/bytes/byte-string.ts';
import { ReplyError } from '../../src/errors.ts';
import { connect } from '../../src/session/connection.ts';
import { registry } from '../../src/session/registry.ts';
import { streamReadCommands } from '../../src/streams/read-commands.ts';
import type { ReadLimits } from '../../src/streams/read-options.ts';
import { type GroupReadRequest, StreamReads } from '../../src/streams/stream-reads.ts';
import { compareKeyspaces } from '../differential/support/keyspace-dump.ts';
import { mutate, RandomSampler, randomFrom } from '../differential/support/random-sampler.ts';
import { LodisSide } from '../differential/support/sides.ts';
import { typedArguments } from '../support/typed-arguments.ts';

// XREAD and XREADGROUP as they are called beside their own arguments written out as tokens, on a connection that never
// waits: same answer, same error, same store; and the typed methods of the store beside both.

const SEQUENCES = 150;
const COMMANDS_PER_SEQUENCE = 80;
const NOW_MS = 1_700_000_000_000;
/** Over the wire the same as `>`; to a typed call an id as any other, after which nothing can be pending. */
const GREATEST_ID = '18446744073709551615-18446744073709551615';
const FILLING = [
  'XADD',
  'XADD',
  'XADD',
  'XGROUP CREATE',
  'XGROUP CREATE',
  'XACK',
  'XCLAIM',
  'XNACK',
  'XDEL',
  'DEL',
]
  .map((name) => registry.get(name.toLowerCase().replace(' ', '|')) ?? registry.get(name))
  .map((command) => command!);

type Outcome = { readonly value: unknown } | { readonly error: string };
type Args = readonly unknown[];
type Streams = readonly (readonly [string, string])[];
interface Request extends ReadLimits {
  readonly group?: { readonly group: string; readonly consumer: string };
  readonly claim?: number;
  readonly block?: number;
  readonly noack?: boolean;
}

test('reading agrees with the wire, and typed methods with both', async () => {
  const met = new Set<string>();
  for (let sequence = 0; sequence < SEQUENCES; sequence++) {
    const options = { clock: { now: () => NOW_MS }, random: randomFrom(sequence) };
    const sides = [new LodisSide(options), new LodisSide(options), new LodisSide(options)] as const;
    const [direct, wired, typed] = sides;
    const sampler = new RandomSampler(sequence, '99.0.0');
    const reads = new StreamReads(direct.store);
    for (let at = 0; at < COMMANDS_PER_SEQUENCE; at++) {
      if (sampler.below(5) < 3) {
        const tokens = FILLING[sampler.below(FILLING.length)]!.sample(sampler);
        for (const side of sides) side.runNow([tokens], 2);
        continue;
      }
      const command = streamReadCommands[sampler.below(streamReadCommands.length)]!;
      const sampled = command.sample(sampler);
      const args = typedArguments(command, sampler.below(10) === 0 ? mutate(sampled, sampler) : sampled);
      if (args === undefined) continue;
      const { method, reply } = command.forms[0]!;
      const mine = outcome(() =>
        (reads as unknown as Record<string, (...args: Args) => unknown>)[String(method)]!(...args),
      );
      const [head, ...rest] = command.encode(method, args);
      const other = outcome(() => reply.read(connect(wired.store).call(head as string, ...rest)));
      const isWaiting = 'value' in mine && mine.value instanceof Blocked;
      const shown = `${String(head)} ${JSON.stringify(rest)}`;
      expect(isWaiting ? { value: null } : plain(mine), shown).toEqual(plain(other));
      const [name, third] = typedCall(typed, args as [Streams, Request?]);
      expect(plain(outcome(third)), `${name}: ${shown}`).toEqual(plain(other));
      met.add('error' in mine ? 'failed' : isWaiting ? 'waits' : mine.value === null ? 'nothing' : name);
    }
    for (const side of sides) side.store.keyspace.checkInvariants();
    await compareKeyspaces(direct, wired);
    await compareKeyspaces(typed, wired);
  }
  expect([...met].sort()).toEqual(
    [
      'failed',
      'nothing',
      'waits',
      'xread',
      'xreadgroup',
      'xreadgroupClaim',
      'xreadgroupPending',
      'wire',
    ].sort(),
  );
});

/** The typed method that means the same, if there is one: of a group, all ids must ask for the same. */
function typedCall(
  { store }: LodisSide,
  [streams, request = {}]: [Streams, Request?],
): [string, () => unknown] {
  const { group, claim, block: _block, noack, ...limits } = request;
  const options = { ...limits, ...(noack === undefined ? {} : { noack }) };
  const orNull = (found: readonly unknown[]): unknown => (found.length === 0 ? null : found);
  if (group === undefined) return ['xread', () => orNull(store.xread(streams, options))];
  const keys = streams.map(([key]) => key);
  const newOnes = streams.filter(([, id]) => id === '>' || id === GREATEST_ID).length;
  const reader = [group.group, group.consumer] as const;
  if (newOnes === streams.length && claim === undefined) {
    return ['xreadgroup', () => orNull(store.xreadgroup(...reader, keys, options))];
  }
  if (newOnes === streams.length) {
    return ['xreadgroupClaim', () => orNull(store.xreadgroupClaim(...reader, keys, claim!, options))];
  }
  if (newOnes === 0)
    return ['xreadgroupPending', () => orNull(store.xreadgroupPending(...reader, streams, limits))];
  const { block: _never, ...all } = request;
  return ['wire', () => new StreamReads(store).xreadgroup(streams, all as GroupReadRequest)];
}

/** Without the classes of entries. */
function plain(given: Outcome): Outcome {
  if ('error' in given || given.value === null) return given;
  const streams = given.value as { key: unknown; entries: Record<string, unknown>[] }[];
  return {
    value: streams.map(({ key, entries }) => ({
      key,
      entries: entries.map(({ id, fields, idleMs, deliveryCount }) => ({
        id,
        fields,
        idleMs,
        deliveryCount,
      })),
    })),
  };
}

function outcome(run: () => unknown): Outcome {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof ReplyError) return { error: toText(error.message) };
    throw error;
  }
}
