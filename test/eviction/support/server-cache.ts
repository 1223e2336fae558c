import type { Command, RawClient } from '../../support/raw-client.ts';
import type { RedisServer } from '../../support/redis-server.ts';
import { keyName, VALUE } from './store-cache.ts';
import type { Trace } from './traces.ts';

export interface ServerSettings {
  readonly policy: string;
  readonly samples: number;
  /** About how many keys it is to hold. */
  readonly capacity: number;
  /** Further settings, by name. */
  readonly settings?: Readonly<Record<string, string>>;
  /** For how long each key lives, in seconds; 0 for ever. */
  readonly lifetimeSeconds?: number;
}

export interface ServerRate {
  /** Of the reads, how many per cent found their key. */
  readonly hitRate: number;
  /** How many keys it held, on an average, once it was full. */
  readonly capacity: number;
}

/** Less than the server reads at a time: a longer pipeline takes memory now and then, and keys go for it. */
const CHUNK = 40;

/**
 * Puts a real server to a trace. It reads by `SET key value NX`, which looks a key up once, like GET, and puts it there
 * if it is not, so that what is in the pipeline already need not be known: every request still meets what all before it have left.
 */
export async function serverRate(
  server: RedisServer,
  trace: Trace,
  settings: ServerSettings,
): Promise<ServerRate> {
  const client = await server.connect();
  try {
    await prepare(client, settings);
    const { keys, writes } = trace;
    const lifetime = settings.lifetimeSeconds ?? 0;
    const expiry = lifetime === 0 ? [] : ['EX', String(lifetime)];
    let reads = 0;
    let hits = 0;
    const sizes: number[] = [];
    for (let from = 0; from < keys.length; from += CHUNK) {
      const to = Math.min(keys.length, from + CHUNK);
      const commands: Command[] = [];
      for (let at = from; at < to; at++) {
        const name = keyName(keys[at]!);
        const isWrite = writes !== undefined && writes[at] === 1;
        commands.push(['SET', name, VALUE, ...expiry, ...(isWrite ? [] : ['NX'])]);
      }
      commands.push(['DBSIZE']);
      const replies = await client.pipeline(commands);
      for (let at = from; at < to; at++) {
        if (writes !== undefined && writes[at] === 1) continue;
        reads++;
        const reply = replies[at - from]!;
        if (reply.type === '-') throw new Error(reply.value);
        if (reply.type === '$' && reply.value === null) hits++;
      }
      const size = replies.at(-1)!;
      if (size.type !== ':') throw new Error('DBSIZE did not answer a number');
      sizes.push(Number(size.value));
    }
    // It is full where the number of keys has come to within its last fluctuations.
    const full = sizes.slice(Math.floor(sizes.length / 2));
    return {
      hitRate: (100 * hits) / reads,
      capacity: Math.round(full.reduce((sum, size) => sum + size, 0) / full.length),
    };
  } finally {
    await client.close();
  }
}

/** Empties it, and sets the limit at what it takes with so many keys in it, and such a pipeline under way. */
async function prepare(client: RawClient, options: ServerSettings): Promise<void> {
  const { policy, samples, capacity, settings = {}, lifetimeSeconds = 0 } = options;
  await ask(client, ['CONFIG', 'SET', 'maxmemory', '0']);
  await ask(client, ['FLUSHALL', 'SYNC']);
  const all = { 'maxmemory-policy': policy, 'maxmemory-samples': String(samples), ...settings };
  for (const [name, value] of Object.entries(all)) await ask(client, ['CONFIG', 'SET', name, value]);
  const expiry = lifetimeSeconds === 0 ? [] : ['EX', String(lifetimeSeconds)];
  for (let from = 0; from < capacity; from += CHUNK) {
    const commands = Array.from(
      { length: Math.min(CHUNK, capacity - from) },
      (_, at): Command => ['SET', keyName(99_000_000 + from + at), VALUE, ...expiry],
    );
    await client.pipeline(commands);
  }
  const used = /^used_memory:(\d+)/m.exec(await ask(client, ['INFO', 'memory']))?.[1];
  if (used === undefined) throw new Error('INFO tells no used_memory');
  await ask(client, ['FLUSHALL', 'SYNC']);
  await ask(client, ['CONFIG', 'SET', 'maxmemory', used]);
}

async function ask(client: RawClient, command: Command): Promise<string> {
  const reply = await client.send(command);
  if (reply.type === '-') throw new Error(`${command.join(' ')}: ${reply.value}`);
  return 'value' in reply ? String(reply.value) : '';
}
