import { LRUCache } from 'lru-cache';
import type { MaxMemoryPolicy } from '../src/keyspace/eviction/policy.ts';
import { beladyHitRate } from '../test/eviction/support/belady.ts';
import { type Cache, hitRate } from '../test/eviction/support/hit-rate.ts';
import { ExactRedisLfu, PerfectLfu } from '../test/eviction/support/lfu-models.ts';
import { RandomModel } from '../test/eviction/support/random-model.ts';
import { ExactLrm, ExactLru } from '../test/eviction/support/recency-model.ts';
import { serverRate } from '../test/eviction/support/server-cache.ts';
import { TEST_SIZE } from '../test/eviction/support/sizes.ts';
import { keyName, StoreCache, VALUE } from '../test/eviction/support/store-cache.ts';
import { makeTraces, type Trace } from '../test/eviction/support/traces.ts';
import { type RedisServer, startRedisServer } from '../test/support/redis-server.ts';
import { formatCount } from './data.ts';
import { progress, type Section } from './harness.ts';
import { printNote, printTable } from './table.ts';

const QUICK = { requests: 50_000, keys: 5000, capacity: 500 };

export const hitRates: Section = {
  name: 'hit-rates',
  title: 'How often a bounded store has what it is asked for',
  async run({ isQuick }) {
    const size = isQuick ? QUICK : TEST_SIZE;
    const traces = makeTraces(size);
    const server = await startRedisServer({ required: false });
    const rows: { recency: string[]; frequency: string[] }[] = [];
    let capacity = size.capacity;
    try {
      // The server is filled to about so many keys; what it then holds is what all others are given. Its first run is unlike the others.
      for (let run = 0; run < 2 && server !== undefined; run++)
        ({ capacity } = await ofServer(server, traces[0]!, 'allkeys-lfu', 5, size.capacity));
      for (const trace of traces) rows.push(await measure(trace, capacity, size.capacity, server));
    } finally {
      await server?.stop();
    }
    const version = server === undefined ? '(none)' : server.version;
    printTable(
      'LRU and LRM: hits, per cent of the reads',
      [
        'trace',
        'best possible',
        'exact LRU',
        'lodis, 5 samples',
        'lodis, 10',
        'lru-cache',
        `redis-server ${version}`,
        'exact LRM',
        'lodis lrm, 5',
        'random',
        'lodis random',
      ],
      rows.map(({ recency }) => recency),
    );
    printTable(
      'LFU: hits, per cent of the reads',
      [
        'trace',
        'server, 5 samples',
        'lodis, 5',
        'server, 10',
        'lodis, 10',
        'least count of all',
        'perfect LFU',
      ],
      rows.map(({ frequency }) => frequency),
    );
    printNote(
      `${formatCount(size.requests)} requests for ${formatCount(size.keys)} keys, of which ${formatCount(capacity)} are held. ` +
        'Counts of use do not decay. The server’s LRU goes by whole seconds.',
    );
  },
};

async function measure(
  trace: Trace,
  capacity: number,
  wanted: number,
  server: RedisServer | undefined,
): Promise<{ recency: string[]; frequency: string[] }> {
  progress(trace.name);
  const { keyCount, lifetimesMs, writes } = trace;
  const rate = (cache: Cache) => format(hitRate(trace, cache));
  const lodis = (maxMemoryPolicy: MaxMemoryPolicy, maxMemorySamples: number) =>
    rate(
      new StoreCache(
        capacity,
        { maxMemoryPolicy, maxMemorySamples, lfuDecayTime: 0 },
        lifetimesMs === undefined ? 0 : 1,
      ),
    );
  // The server's time is not the trace's, and what is best with writes and expiries is another matter.
  const real = async (policy: string, samples: number) =>
    server === undefined || lifetimesMs !== undefined
      ? '–'
      : format((await ofServer(server, trace, policy, samples, wanted)).hitRate);
  const logFactor = 10;
  return {
    recency: [
      trace.name,
      writes === undefined ? format(beladyHitRate(trace, capacity)) : '–',
      rate(new ExactLru(capacity, keyCount)),
      lodis('allkeys-lru', 5),
      lodis('allkeys-lru', 10),
      rate(new Peer(capacity)),
      await real('allkeys-lru', 5),
      rate(new ExactLrm(capacity, keyCount)),
      lodis('allkeys-lrm', 5),
      rate(new RandomModel(capacity, keyCount)),
      lodis('allkeys-random', 5),
    ],
    frequency: [
      trace.name,
      await real('allkeys-lfu', 5),
      lodis('allkeys-lfu', 5),
      await real('allkeys-lfu', 10),
      lodis('allkeys-lfu', 10),
      rate(new ExactRedisLfu(capacity, keyCount, { logFactor, decayMinutes: 0 })),
      rate(new PerfectLfu(capacity, keyCount)),
    ],
  };
}

function ofServer(server: RedisServer, trace: Trace, policy: string, samples: number, capacity: number) {
  return serverRate(server, trace, { policy, samples, capacity, settings: { 'lfu-decay-time': '0' } });
}

function format(rate: number): string {
  return rate.toFixed(1);
}

/** lru-cache, with the time of the trace. */
class Peer implements Cache {
  private nowMs = 1;
  private readonly cache: LRUCache<string, string>;
  private readonly names: string[] = [];

  constructor(max: number) {
    this.cache = new LRUCache({
      max,
      perf: { now: () => this.nowMs },
      ttlResolution: 0,
      ttlAutopurge: false,
    });
  }

  advanceTo(nowMs: number): void {
    this.nowMs = nowMs + 1;
  }

  read(key: number, lifetimeMs: number): boolean {
    const name = this.name(key);
    if (this.cache.get(name) !== undefined) return true;
    this.write(key, lifetimeMs);
    return false;
  }

  write(key: number, lifetimeMs: number): void {
    this.cache.set(this.name(key), VALUE, lifetimeMs === 0 ? {} : { ttl: lifetimeMs });
  }

  private name(key: number): string {
    this.names[key] ??= keyName(key);
    return this.names[key];
  }
}
