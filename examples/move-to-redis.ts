/**
 * Moves data to a Redis and back: DUMP writes what a key holds as Redis itself would, RESTORE reads it, on either side.
 *
 *     npx tsx examples/move-to-redis.ts --port 6379     some keys, to the Redis on that port of this machine and back
 *
 * What was developed or tested on a store can so be given to a server, and what a server holds be looked at in a test.
 */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { Store } from '../src/index.ts'; // in your program: from 'lodis'

/** So many keys are under way at once. */
const KEYS_AT_ONCE = 100;

export interface MoveOptions {
  /** Only keys that match this glob pattern. Default: all. */
  readonly match?: string;
  /** Overwrite keys that the other side has. Default: they are left as they are. */
  readonly replace?: boolean;
}

/** A key that was not copied, and why. */
export interface Refused {
  readonly key: string;
  readonly reason: string;
}

/** What became of the keys. */
export interface Moved {
  readonly copied: number;
  /** Among them what an older Redis does not know (arrays, vector sets, hashes whose fields expire). */
  readonly refused: readonly Refused[];
}

/** Copies keys of a store's database to that of a client, with their TTLs. */
export async function copyToRedis(store: Store, redis: Redis, options: MoveOptions = {}): Promise<Moved> {
  const flags = options.replace === true ? ['REPLACE'] : [];
  const copy = async (key: Uint8Array): Promise<boolean> => {
    const payload = store.dump(key);
    if (payload === null) return false; // its time was over meanwhile
    // The moment at which it expires, not how long it has: nobody knows how long this takes.
    const expiresAtMs = Math.max(store.pexpiretime(key), 0);
    await redis.call('RESTORE', Buffer.from(key), expiresAtMs, Buffer.from(payload), 'ABSTTL', ...flags);
    return true;
  };
  return copyAll(batches(store.bytes.scanIterator(matching(options))), copy);
}

/** Copies keys of a client's database to that of a store, with their TTLs. The Redis must be 7.0 or newer (PEXPIRETIME). */
export async function copyFromRedis(redis: Redis, store: Store, options: MoveOptions = {}): Promise<Moved> {
  const replace = options.replace ?? false;
  const copy = async (key: Uint8Array): Promise<boolean> => {
    const name = Buffer.from(key);
    const [payload, expiresAtMs] = await Promise.all([redis.dumpBuffer(name), redis.pexpiretime(name)]);
    // ioredis declares that there always is something.
    if ((payload as Buffer | null) === null) return false;
    store.restore(key, Math.max(expiresAtMs, 0), payload, { absttl: true, replace });
    return true;
  };
  return copyAll(redis.scanBufferStream({ ...matching(options), count: KEYS_AT_ONCE }), copy);
}

function matching({ match }: MoveOptions): { match?: string } {
  return match === undefined ? {} : { match };
}

/** What is refused on one side or the other is told; whatever else goes wrong (no connection, say) ends it. */
async function copyAll(
  keys: Iterable<readonly Uint8Array[]> | AsyncIterable<readonly Uint8Array[]>,
  copy: (key: Uint8Array) => Promise<boolean>,
): Promise<Moved> {
  let copied = 0;
  const refused: Refused[] = [];
  for await (const batch of keys) {
    // What is asked for in one go travels in one go.
    const outcomes = await Promise.allSettled(batch.map(copy));
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') {
        if (outcome.value) copied++;
      } else if (isReply(outcome.reason)) {
        refused.push({ key: Buffer.from(batch[at]!).toString(), reason: outcome.reason.message });
      } else throw outcome.reason;
    }
  }
  return { copied, refused };
}

function* batches(keys: Iterable<Uint8Array>): Generator<Uint8Array[]> {
  let batch: Uint8Array[] = [];
  for (const key of keys) {
    batch.push(key);
    if (batch.length < KEYS_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

/** An error that is an answer: the store's, or ioredis's, which has a class of its own of the same name. */
function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

// ── some keys, there and back ──────────────────────────────────────────────────────────────────────────────

const PREFIX = 'lodis example:';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '6379' } } });
  const port = Number(values.port);
  const redis = new Redis({ host: '127.0.0.1', port, lazyConnect: true, retryStrategy: () => null });
  let failure: Error | undefined;
  redis.on('error', (error) => {
    failure = error;
  });
  try {
    await redis.connect();
  } catch (error) {
    console.error(`no Redis at 127.0.0.1:${values.port}: ${(failure ?? (error as Error)).message}`);
    process.exitCode = 1;
    return;
  }
  const here = new Store();
  here.set(`${PREFIX}greeting`, 'hello', { ex: 60 });
  here.zadd(`${PREFIX}board`, { ada: 420, bob: 380 });
  here.xadd(`${PREFIX}orders`, { order: 'tea' });
  here.pfadd(`${PREFIX}visitors`, ['ada', 'bob']);
  here.arset(`${PREFIX}lines`, 0, ['one', 'two']);
  here.vadd(`${PREFIX}notes`, [0.1, 0.9], 'bread');

  const names = Array.from(here.scanIterator());
  try {
    tell('to Redis', await copyToRedis(here, redis));
    console.log('Redis says:', await redis.zrange(`${PREFIX}board`, 0, -1, 'WITHSCORES'));
    await redis.zincrby(`${PREFIX}board`, 50, 'bob');
    await redis.pfadd(`${PREFIX}visitors`, 'cid');

    const there = new Store();
    tell('and back', await copyFromRedis(redis, there, { match: `${PREFIX}*` }));
    console.log('lodis says:', there.zrangeWithScores(`${PREFIX}board`, 0, -1));
    console.log('visitors:', there.pfcount(`${PREFIX}visitors`), 'TTL:', there.ttl(`${PREFIX}greeting`));
  } finally {
    await redis.del(names).catch(() => {});
    redis.disconnect();
  }
}

function tell(where: string, { copied, refused }: Moved): void {
  console.log(`${where}: ${copied} keys`);
  for (const { key, reason } of refused) console.log(`  but not ${key}: ${reason}`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
