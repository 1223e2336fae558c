import { expect, test } from 'vitest';
import type { Bytes } from '../../src/bytes/byte-string.ts';
import { registry } from '../../src/session/registry.ts';
import { commandsNamed } from '../differential/support/generated.ts';
import { compareKeyspaces } from '../differential/support/keyspace-dump.ts';
import { mutate, RandomSampler } from '../differential/support/random-sampler.ts';
import { LodisSide } from '../differential/support/sides.ts';

// All commands of streams, those too that the reference server does not know: a store that is told nothing but the effects
// comes to hold the same streams, groups and lists of pending entries.

const START_MS = 1_700_000_000_000;
const SEQUENCES = 400;
const COMMANDS_PER_SEQUENCE = 60;
const KEYS = ['k1', 'k2'];

const commands = [
  ...registry.all.filter(({ facts, forms }) => facts.group === 'stream' && forms.length > 0),
  ...commandsNamed(
    'XADD',
    'XADD',
    'XADD',
    'XADD',
    'XGROUP CREATE',
    'XREADGROUP',
    'XREADGROUP',
    'XNACK',
    'COPY',
  ),
];

/** Both streams begin with nine entries, of which two groups have given out some. */
const STAGE = KEYS.flatMap((key) => [
  ...Array.from({ length: 9 }, (_, at) => `XADD ${key} 1-${at + 1} f ${at}`),
  `XGROUP CREATE ${key} g1 0`,
  `XGROUP CREATE ${key} g2 1-1`,
  `XREADGROUP GROUP g1 c1 COUNT 3 STREAMS ${key} >`,
  `XREADGROUP GROUP g1 c2 COUNT 4 STREAMS ${key} >`,
  `XREADGROUP GROUP g2 c1 COUNT 6 STREAMS ${key} >`,
]).map((line) => line.split(' '));

test('effects rebuild streams', async () => {
  const told = new Set<string>();
  for (let sequence = 0; sequence < SEQUENCES; sequence++) {
    let nowMs = START_MS;
    const clock = { now: () => nowMs };
    // Small nodes, too: in how many the entries lie is visible in what trimming leaves.
    const limits = { streamNodeMaxEntries: [100, 2, 3][sequence % 3]! };
    const [ours, copy] = [new LodisSide({ clock, limits }), new LodisSide({ clock, limits })];
    const sampler = new RandomSampler(sequence, '99.0.0', KEYS);
    const said: string[] = [];
    ours.store.keyspace.observe({
      effect: (_database: unknown, command: readonly Bytes[]) => {
        const tokens = [...command] as string[];
        const [reply] = copy.runNow([tokens], 2);
        if (reply?.type === '-') throw new Error(`after\n${said.join('\n')}\n${tokens}: ${reply.value}`);
        told.add(tokens[0]!);
      },
    });
    ours.runNow(STAGE, 2);
    for (let at = 0; at < COMMANDS_PER_SEQUENCE; at++) {
      const sampled = commands[sampler.below(commands.length)]!.sample(sampler);
      const tokens = sampler.below(12) === 0 ? mutate(sampled, sampler) : sampled;
      said.push(tokens.join(' '));
      ours.runNow([tokens], 2);
      nowMs += sampler.below(3);
    }
    ours.store.keyspace.checkInvariants();
    try {
      await compareKeyspaces(ours, copy, { withHistory: false });
    } catch (cause) {
      throw new Error(`after\n${said.join('\n')}\n${(cause as Error).message}`, { cause });
    }
  }
  expect([...told]).toEqual(
    expect.arrayContaining([
      'XADD',
      'XDEL',
      'XTRIM',
      'XGROUP',
      'XCLAIM',
      'XACK',
      'XNACK',
      'XDELEX',
      'XACKDEL',
      'XSETID',
    ]),
  );
});
