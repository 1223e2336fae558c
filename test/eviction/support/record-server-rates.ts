/**
 * Puts a real server to the tests' traces, and writes down its hit rates, so that tests need not have one:
 *
 *     npx tsx test/eviction/support/record-server-rates.ts
 */
import { writeFileSync } from 'node:fs';
import { startRedisServer } from '../../support/redis-server.ts';
import { serverRate } from './server-cache.ts';
import { serverMisplaced } from './shrinking.ts';
import { SHRINK_KEYS, TEST_SIZE } from './sizes.ts';
import { makeTraces } from './traces.ts';

const FILE = new URL('../../fixtures/server-hit-rates.ts', import.meta.url);
const RUNS = 3;
/** A day: these keys expire, but not while this runs. */
const DAY_SECONDS = 86_400;

const RATES = [
  { policy: 'allkeys-lfu', samples: 5 },
  { policy: 'allkeys-lfu', samples: 10 },
  { policy: 'volatile-lfu', samples: 5, lifetimeSeconds: DAY_SECONDS },
  { policy: 'allkeys-lru', samples: 5 },
  { policy: 'allkeys-lru', samples: 10 },
  { policy: 'allkeys-random', samples: 5 },
];
const ORDERS = [
  { policy: 'volatile-ttl', order: 'ttl', samples: 5 },
  { policy: 'volatile-ttl', order: 'ttl', samples: 10 },
  { policy: 'allkeys-lru', order: 'idle', samples: 5 },
  { policy: 'allkeys-lru', order: 'idle', samples: 10 },
] as const;

async function main(): Promise<void> {
  const server = await startRedisServer({ required: true });
  if (server === undefined) return;
  const rates: string[] = [];
  const orders: string[] = [];
  try {
    // Where the time is what decides, the server's clock cannot keep up with a trace.
    const traces = makeTraces(TEST_SIZE).filter(({ lifetimesMs }) => lifetimesMs === undefined);
    // A server that has just been started takes less memory for other things than later, and would hold other numbers of keys.
    await serverRate(server, traces[0]!, { ...RATES[0]!, capacity: TEST_SIZE.capacity });
    for (const trace of traces) {
      for (const settings of RATES) {
        const runs = [];
        for (let run = 0; run < RUNS; run++) {
          runs.push(
            await serverRate(server, trace, {
              ...settings,
              capacity: TEST_SIZE.capacity,
              settings: { 'lfu-decay-time': '0' },
            }),
          );
        }
        const found = runs.map(({ hitRate }) => hitRate);
        const { policy, samples } = settings;
        rates.push(
          print({
            trace: trace.name,
            policy,
            samples,
            capacity: Math.round(mean(runs.map(({ capacity }) => capacity))),
            hitRate: round(mean(found)),
            spread: round(Math.max(...found) - Math.min(...found)),
          }),
        );
        console.log(rates.at(-1));
      }
    }
    for (const settings of ORDERS) {
      const runs = [];
      for (let run = 0; run < RUNS; run++)
        runs.push(await serverMisplaced(server, { ...settings, keys: SHRINK_KEYS }));
      orders.push(
        print({ policy: settings.policy, samples: settings.samples, misplaced: round(mean(runs)) }),
      );
      console.log(orders.at(-1));
    }
  } finally {
    await server.stop();
  }
  writeFileSync(
    FILE,
    `// Written by test/eviction/support/record-server-rates.ts, with redis-server ${server.version}.

export interface ServerRateRecord {
  readonly trace: string;
  readonly policy: string;
  readonly samples: number;
  /** How many keys it held. */
  readonly capacity: number;
  /** Of the reads, how many per cent found their key: the mean of ${RUNS} runs. */
  readonly hitRate: number;
  /** How far the runs lay apart. */
  readonly spread: number;
}

/** The server's hit rates, with counts of use that do not decay. Its LRU goes by whole seconds, of which a run takes one. */
export const serverRates: readonly ServerRateRecord[] = [
${rates.map((line) => `  ${line},`).join('\n')}
];

/** Of the keys that went when the limit was halved, how many per cent should have stayed. */
export const serverOrders: readonly { policy: string; samples: number; misplaced: number }[] = [
${orders.map((line) => `  ${line},`).join('\n')}
];
`,
  );
}

function print(record: Readonly<Record<string, string | number>>): string {
  const fields = Object.entries(record).map(
    ([name, value]) => `${name}: ${typeof value === 'number' ? value : `'${value}'`}`,
  );
  return `{ ${fields.join(', ')} }`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}

await main();
