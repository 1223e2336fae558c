import { Chance } from '../../../bench/data.ts';
import { toBytes } from '../../../src/bytes/byte-string.ts';
import type { Command, RawClient } from '../../support/raw-client.ts';
import type { RedisServer } from '../../support/redis-server.ts';
import { keyName, VALUE } from './store-cache.ts';
import { permutation } from './traces.ts';

// How well the keys are chosen that go: there are many, in a known order of who should go first, and the limit is halved.

/** What orders the keys: how long ago they were used, or when they expire. */
export type Order = 'idle' | 'ttl';

/** Per key: 0 goes first. */
export function shrinkOrder(keys: number): Uint32Array {
  return permutation(keys, new Chance(233));
}

/** Of the keys that went, how many per cent should have stayed. */
export function misplaced(order: Uint32Array, stayed: (key: number) => boolean): number {
  let gone = 0;
  for (let key = 0; key < order.length; key++) if (!stayed(key)) gone++;
  let wrong = 0;
  for (let key = 0; key < order.length; key++) if (order[key]! >= gone && !stayed(key)) wrong++;
  return (100 * wrong) / gone;
}

/** The experiment on a real server: {@link misplaced}. */
export async function serverMisplaced(
  server: RedisServer,
  { policy, samples, order, keys }: { policy: string; samples: number; order: Order; keys: number },
): Promise<number> {
  const client = await server.connect();
  try {
    const settings = { maxmemory: '0', 'maxmemory-policy': policy, 'maxmemory-samples': String(samples) };
    for (const [name, value] of Object.entries(settings)) await must(client, ['CONFIG', 'SET', name, value]);
    await must(client, ['FLUSHALL', 'SYNC']);
    const before = await usedBytes(client);
    const ranks = shrinkOrder(keys);
    await must(client, ['SET', 'model', VALUE]);
    const payload = await dump(client);
    await must(client, ['DEL', 'model']);
    const fill: Command[] = [];
    for (let key = 0; key < keys; key++) {
      const name = keyName(key);
      if (order === 'ttl') fill.push(['SET', name, VALUE, 'EX', String(100_000 + 10 * ranks[key]!)]);
      else fill.push(['RESTORE', name, '0', payload, 'IDLETIME', String(10 * (keys - ranks[key]!))]);
    }
    for (let from = 0; from < fill.length; from += 500) await client.pipeline(fill.slice(from, from + 500));
    const limit = Math.round((before + (await usedBytes(client))) / 2);
    await must(client, ['CONFIG', 'SET', 'maxmemory', String(limit)]);
    while ((await usedBytes(client)) > limit);
    const stayed = new Uint8Array(keys);
    for (let from = 0; from < keys; from += 500) {
      const asked = Array.from({ length: Math.min(500, keys - from) }, (_, at) => from + at);
      const replies = await client.pipeline(asked.map((key) => ['EXISTS', keyName(key)]));
      replies.forEach((reply, at) => {
        stayed[asked[at]!] = reply.type === ':' && reply.value === 1 ? 1 : 0;
      });
    }
    return misplaced(ranks, (key) => stayed[key] === 1);
  } finally {
    await client.close();
  }
}

async function must(client: RawClient, command: Command): Promise<void> {
  const reply = await client.send(command);
  if (reply.type === '-') throw new Error(`${command.join(' ')}: ${reply.value}`);
}

async function usedBytes(client: RawClient): Promise<number> {
  const reply = await client.send(['INFO', 'memory']);
  const text = reply.type === '$' ? (reply.value ?? '') : '';
  return Number(/^used_memory:(\d+)/m.exec(text)?.[1]);
}

/** What DUMP answers for the key `model`. */
async function dump(client: RawClient): Promise<Uint8Array> {
  const reply = await client.send(['DUMP', 'model']);
  if (reply.type !== '$' || reply.value === null) throw new Error('DUMP did not answer a payload');
  return toBytes(reply.value);
}
