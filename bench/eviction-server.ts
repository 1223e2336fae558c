import { startRedisServer } from '../test/support/redis-server.ts';
import { besideServer, printBesideServer } from './beside-server.ts';
import { names, visits } from './data.ts';
import { encode, LocalEnd, ServerLink } from './ends.ts';
import { compare, type Settings } from './harness.ts';

const POLICIES = ['allkeys-lru', 'allkeys-lfu', 'allkeys-random', 'volatile-ttl'] as const;
const KEYS = 50_000;
const BATCH = 1000;
const BATCHES = 100;
const VALUE = 'value of a key that may have to go';
/** For the requests and replies that are under way, which the server counts as used. */
const SLACK_BYTES = 2 ** 20;

/** GET of keys that are held, and SET of new keys where one goes for each that comes: the same requests here and there. */
export async function compareWithServer(settings: Settings): Promise<void> {
  const redis = await startRedisServer({ required: false });
  if (redis === undefined) return;
  const link = await ServerLink.connect(redis);
  const rows: string[][] = [];
  const add = async (name: string, contestants: Parameters<typeof compare>[2]) => {
    const { fastestNs } = await compare(name, BATCH, contestants, { ...settings, isBrief: true });
    rows.push(besideServer(name, fastestNs));
  };
  try {
    for (const policy of POLICIES) {
      const expiry = policy.startsWith('volatile') ? ['EX', '36000'] : [];
      const held = names('key', KEYS);
      const filling = held.map((key) => ['SET', key, VALUE, ...expiry]);
      const local = new LocalEnd({ maxMemoryPolicy: policy });
      local.executeAll(filling);
      await link.send(
        encode([['CONFIG', 'SET', 'maxmemory', '0', 'maxmemory-policy', policy], ['FLUSHALL']]),
      );
      await link.send(encode(filling));

      const read = visits(held)
        .slice(0, BATCH)
        .map((key) => ['GET', key]);
      const reading = encode(read);
      await add(`GET, ${policy}`, [
        { name: 'requests', run: () => local.answer(reading) },
        { name: 'execute', run: () => local.executeAll(read) },
        { name: 'typed', run: () => read.reduce((sum, [, key]) => sum + local.store.get(key!)!.length, 0) },
        { name: 'server', isWaiting: true, run: () => link.send(reading) },
      ]);

      local.executeAll([['CONFIG', 'SET', 'maxmemory', String(local.store.memory().usedBytes)]]);
      const client = await redis.connect();
      const info = await client.send(['INFO', 'memory']);
      const used = Number(/^used_memory:(\d+)/m.exec(info.type === '$' ? (info.value ?? '') : '')?.[1]);
      await client.send(['CONFIG', 'SET', 'maxmemory', String(used + SLACK_BYTES)]);
      await client.close();
      // Each has keys of its own, which are new, and gone again before they come the next time.
      const batchesOf = (who: string) => {
        const sets = names(who, BATCHES * BATCH).map((key) => ['SET', key, VALUE, ...expiry]);
        return Array.from({ length: BATCHES }, (_, at) => sets.slice(at * BATCH, (at + 1) * BATCH));
      };
      const inTurn = <T>(list: readonly T[]) => {
        let at = 0;
        return () => list[at++ % list.length]!;
      };
      const nextRequest = inTurn(batchesOf('requests').map(encode));
      const nextBatch = inTurn(batchesOf('execute'));
      const nextCall = inTurn(batchesOf('typed'));
      const nextSent = inTurn(batchesOf('server').map(encode));
      const options = expiry.length > 0 ? { ex: 36_000 } : undefined;
      await add(`SET at the limit, ${policy}`, [
        { name: 'requests', run: () => local.answer(nextRequest()) },
        { name: 'execute', run: () => local.executeAll(nextBatch()) },
        {
          name: 'typed',
          run: () =>
            nextCall().reduce((sum, [, key]) => sum + local.store.set(key!, VALUE, options)!.length, 0),
        },
        { name: 'server', isWaiting: true, run: () => link.send(nextSent()) },
      ]);
    }
    printBesideServer(redis, rows);
  } finally {
    link.close();
    await redis.stop();
  }
}
