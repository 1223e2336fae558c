import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Store } from '../../src/index.ts';
import { registry } from '../../src/session/registry.ts';
import { serverOf } from '../../src/session/server.ts';
import { RespWriter } from '../../src/wire/resp/resp-writer.ts';
import { mutate, RandomSampler, randomFrom } from '../differential/support/random-sampler.ts';
import { turn } from '../support/turns.ts';
import { readReplies } from '../wire/support.ts';
import { TestCarrier } from './support/test-carrier.ts';

// Whatever a peer sends: nothing throws, nothing is left hanging, what is held stays in proportion to what was sent, the
// store stays sound, and the replies do not depend on how the bytes were cut.

const SEED = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_261_121);
const RUNS = Number(process.env['LODIS_FUZZ_RUNS'] ?? 400);
const REDIS_8 = '8.10.0';
/** They tell of durations or of what has arrived, hold the process, or are made up of secrets. */
const WITHOUT = /^(ACL GENPASS|ACL LOG|DEBUG|HOTKEYS|INFO|SHUTDOWN|SLOWLOG|LATENCY|MONITOR|CLIENT|MEMORY)\b/;

const commands = registry.topLevel
  .flatMap((command) => [command, ...registry.subcommandsOf(command)])
  .filter(({ facts }) => !WITHOUT.test(facts.name));

interface Outcome {
  readonly replies: string;
  readonly events: readonly string[];
}

/** A store in which nothing is left to chance, and no string grows long. */
function newStore(): Store {
  return new Store({
    clock: { now: () => 1_700_000_000_000 },
    random: randomFrom(1),
    limits: { protoMaxBulkLengthBytes: 1_000_000 },
  });
}

/** What a fresh store answers to these chunks, after which the client ends. */
async function answer(chunks: readonly Uint8Array[]): Promise<Outcome> {
  const store = newStore();
  const client = new TestCarrier(store);
  const { session } = client.endpoint;
  let sent = 0;
  for (const chunk of chunks) {
    client.send(chunk);
    sent += chunk.length;
    // Beside its own bytes a token holds some more; the shortest is six bytes long: $0, two line ends.
    expect(session.peer.pendingBytes!.received).toBeLessThanOrEqual(sent * 5);
    expect(session.peer.pendingBytes!.written).toBe(0);
  }
  client.endpoint.ended();
  for (let turns = 0; !session.isClosed; turns++) {
    expect(turns, 'turns until all is answered').toBeLessThan(1000);
    await turn();
  }
  store.keyspace.checkInvariants();
  expect(serverOf(store.keyspace).sessions.size).toBe(0);
  expect(client.reason, 'no defect came to light').toBeUndefined();
  return { replies: client.received(), events: client.events };
}

/** Cut at these places, wherever they lie. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

/** Valid commands of every family, a few of them nearly valid, as a client would send them. */
function traffic(seed: number, count: number): Uint8Array {
  const sampler = new RandomSampler(seed, REDIS_8);
  const writer = new RespWriter();
  for (let at = 0; at < count; at++) {
    const tokens = commands[sampler.below(commands.length)]!.sample(sampler);
    writer.writeCommand(sampler.below(8) === 0 ? mutate(tokens, sampler) : tokens);
  }
  return writer.take();
}

/** Some bytes dropped, doubled, or replaced by what means something in RESP. */
function damage(bytes: Uint8Array, seed: number, times: number): Uint8Array {
  const random = randomFrom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const damaged = [...bytes];
  for (let time = 0; time < times; time++) {
    const at = below(damaged.length + 1);
    const meaningful = '*$-+0123456789\r\n\0"\'\\ :>%~\xff'.charCodeAt(below(26));
    const way = below(4);
    if (way === 0) damaged.splice(at, 1 + below(3));
    else if (way === 1) damaged.splice(at, 0, meaningful);
    else if (way === 2) damaged.splice(at, 1, meaningful);
    else damaged.splice(at, 0, ...damaged.slice(at, at + below(40)));
  }
  return Uint8Array.from(damaged);
}

const places = fc.array(fc.nat(100_000), { maxLength: 12 });
const seeds = fc.noShrink(fc.nat(0x7fffffff));

/** Stores are told apart by ids that are drawn at random; how much was sent when INFO is asked depends on the chunks. */
function withoutIds({ replies, events }: Outcome): Outcome {
  return {
    replies: replies
      .replace(/\b[0-9a-f]{40}\b/g, 'id')
      .replace(/[$=]\d+(?=\r?\n(?:txt:)?# )|(?<=total_net_\w+_bytes:)\d+/g, '…'),
    events,
  };
}

async function sameHoweverCut(bytes: Uint8Array, at: readonly number[]): Promise<Outcome> {
  const whole = await answer([bytes]);
  expect(withoutIds(await answer(cut(bytes, at)))).toStrictEqual(withoutIds(whole));
  return whole;
}

describe('whatever a peer sends', () => {
  it('random bytes', async () => {
    const alphabet = fc.constantFrom(
      ...'*$-0123456789 ab"\'\\',
      '\r\n',
      '\r',
      '\n',
      '\0',
      '\xff',
      'PING',
      'QUIT',
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .array(alphabet, { maxLength: 80 })
        .map((parts) => Uint8Array.from(Buffer.from(parts.join(''), 'latin1'))),
    );
    await fc.assert(
      fc.asyncProperty(bytes, places, async (text, at) => void (await sameHoweverCut(text, at))),
      { seed: SEED, numRuns: RUNS * 5 },
    );
  });

  it('valid traffic, in any chunks', async () => {
    let answered = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(seeds, places, async (seed, at) => {
        const { replies } = await sameHoweverCut(traffic(seed, 40), at);
        const nodes = readReplies([Buffer.from(replies, 'latin1')]);
        expect(nodes.error).toBeUndefined();
        answered += nodes.replies.length;
        refused += nodes.replies.filter(({ type }) => type === '-').length;
      }),
      { seed: SEED, numRuns: RUNS },
    );
    // Else this would be a test of error texts.
    expect(answered).toBeGreaterThan(RUNS * 10);
    expect(refused / answered).toBeLessThan(0.6);
  });

  it('damaged traffic, in any chunks', async () => {
    let broken = 0;
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 1, max: 8 }), places, async (seed, times, at) => {
        const { replies } = await sameHoweverCut(damage(traffic(seed, 20), seed, times), at);
        if (replies.includes('-ERR Protocol error')) broken++;
      }),
      { seed: SEED, numRuns: RUNS * 2 },
    );
    expect(broken).toBeGreaterThan(RUNS / 4);
  });

  it('traffic that ends at any byte', async () => {
    const bytes = traffic(SEED, 12);
    const { replies } = await answer([bytes]);
    let shorter = 0;
    for (let end = 0; end < bytes.length; end++) {
      const outcome = await answer([bytes.subarray(0, end)]);
      expect(replies.startsWith(outcome.replies), `cut off at ${end}`).toBe(true);
      expect(outcome.events).toStrictEqual(['end']);
      if (outcome.replies.length < replies.length) shorter++;
    }
    expect(shorter).toBeGreaterThan(bytes.length / 2);
  });

  it('traffic of which each byte is replaced in turn', async () => {
    const bytes = traffic(SEED + 1, 6);
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at] = changed[at]! ^ (1 << (at % 8));
      await answer([changed]);
    }
    expect(bytes.length).toBeGreaterThan(100);
  });
});
