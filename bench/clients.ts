import { Redis } from 'ioredis';
import Redis6 from 'ioredis-6';
import { createClient } from 'redis';
import { connectorFor } from '../src/clients/ioredis.ts';
import { socketFor } from '../src/clients/node-redis.ts';
import { Store } from '../src/index.ts';
import { startRedisServer } from '../test/support/redis-server.ts';
import { compare, type Section } from './harness.ts';
import { printNote, printTable } from './table.ts';

const VALUE = 'value '.repeat(10);
const BATCH = 100;

/** The same client, wherever it is connected. */
interface Client {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<unknown>;
  /** Sends so many GETs in one go. */
  pipeline(count: number): Promise<unknown[]>;
  close(): void;
}

function ioClient(redis: Redis): Client {
  return {
    get: (key) => redis.get(key),
    set: (key, value) => redis.set(key, value),
    pipeline: async (count) => {
      const batch = redis.pipeline();
      for (let at = 0; at < count; at++) batch.get('k');
      return (await batch.exec()) ?? [];
    },
    close: () => redis.disconnect(),
  };
}

async function nodeClient(socket: object): Promise<Client> {
  const client = createClient({ socket });
  await client.connect();
  return {
    get: (key) => client.get(key),
    set: (key, value) => client.set(key, value),
    pipeline: (count) => Promise.all(Array.from({ length: count }, () => client.get('k'))),
    close: () => client.destroy(),
  };
}

/** How each client is opened: on a store, and on a port. */
const packages: readonly {
  readonly name: string;
  readonly onStore: (store: Store) => Promise<Client> | Client;
  readonly onPort: (port: number) => Promise<Client> | Client;
}[] = [
  {
    name: 'ioredis 5',
    onStore: (store) => ioClient(new Redis({ Connector: connectorFor(store) })),
    onPort: (port) => ioClient(new Redis(port)),
  },
  {
    name: 'ioredis 6',
    onStore: (store) => ioClient(new Redis6({ Connector: connectorFor(store) }) as unknown as Redis),
    onPort: (port) => ioClient(new Redis6(port) as unknown as Redis),
  },
  {
    name: 'node-redis 6',
    onStore: (store) => nodeClient(socketFor(store)),
    onPort: (port) => nodeClient({ port, host: '127.0.0.1' }),
  },
];

/** What a program may do with its client: so many round trips or commands. */
const jobs: readonly {
  readonly name: string;
  readonly run: (client: Client, count: number) => Promise<number>;
}[] = [
  {
    name: 'GET, one after the other',
    run: async (client, count) => {
      let length = 0;
      for (let at = 0; at < count; at++) length += (await client.get('k'))!.length;
      return length;
    },
  },
  {
    name: 'SET, one after the other',
    run: async (client, count) => {
      for (let at = 0; at < count; at++) await client.set('k', VALUE);
      return count;
    },
  },
  {
    name: `GET, ${BATCH} in a pipeline`,
    run: async (client, count) => {
      let replies = 0;
      for (let at = 0; at < count; at += BATCH) replies += (await client.pipeline(BATCH)).length;
      return replies;
    },
  },
];

export const clients: Section = {
  name: 'clients',
  title: 'Clients of Redis: on a store in this process, and over loopback to a redis-server',
  async run(settings) {
    const redis = await startRedisServer({ required: false });
    if (redis === undefined) return;
    const count = settings.isQuick ? 500 : 2000;
    const store = new Store();
    const rows: string[][] = [];
    try {
      for (const { name, onStore, onPort } of packages) {
        const local = await onStore(store);
        const remote = await onPort(redis.port);
        await Promise.all([local.set('k', VALUE), remote.set('k', VALUE)]);
        for (const job of jobs) {
          const { ratios, fastestNs } = await compare(
            `${name}: ${job.name}`,
            count,
            [
              { name: 'store', isWaiting: true, run: () => job.run(local, count) },
              { name: 'server', isWaiting: true, run: () => job.run(remote, count) },
            ],
            settings,
          );
          const fastest = fastestNs.get('server')! / fastestNs.get('store')!;
          rows.push([
            `${name}: ${job.name}`,
            (1 / ratios.get('server')!.median).toFixed(1),
            fastest.toFixed(1),
          ]);
        }
        local.close();
        remote.close();
      }
    } finally {
      await redis.stop();
      store.close();
    }
    printTable(
      `Commands per second on a store ÷ over loopback to redis-server ${redis.version}`,
      ['client and job', 'median of rounds', 'fastest rounds'],
      rows,
    );
    printNote(
      'Above 1 the store is the faster. The clients are the published packages, with their defaults.',
    );
  },
};
