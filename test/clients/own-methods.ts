import { Redis } from 'ioredis';
import Redis4 from 'ioredis-4';
import Redis6 from 'ioredis-6';
import Valkey from 'iovalkey';
import { createClient } from 'redis';
import { createClient as createClient4 } from 'redis-4';
import { createClient as createClient5 } from 'redis-5';
import { connectorFor } from '../../src/clients/ioredis.ts';
import { socketFor } from '../../src/clients/node-redis.ts';
import type { Store } from '../../src/index.ts';

// The clients as they are, for tests of their own methods, which make objects of the replies.

/** ioredis and its kin. Their declarations have an overload for every order of the options: say which methods are used. */
export const ioClients: Readonly<Record<string, (store: Store) => unknown>> = {
  'ioredis 4': (store) => new Redis4({ Connector: connectorFor(store) }),
  'ioredis 5': (store) => new Redis({ Connector: connectorFor(store) }),
  'ioredis 6, RESP2': (store) => new Redis6({ Connector: connectorFor(store), protocol: 2 }),
  'ioredis 6, RESP3': (store) => new Redis6({ Connector: connectorFor(store), protocol: 3 }),
  iovalkey: (store) => new Valkey({ Connector: connectorFor(store) }),
};

/** node-redis. */
export const nodeClients = {
  'node-redis 4': (store: Store) => createClient4({ socket: socketFor(store) }),
  'node-redis 5': (store: Store) => createClient5({ socket: socketFor(store) }),
  'node-redis 6': (store: Store) => createClient({ socket: socketFor(store), RESP: 2 }),
  'node-redis 6, RESP3': (store: Store) => createClient({ socket: socketFor(store), RESP: 3 }),
} as const;

/** Opens one of them, to be called as the newest is: methods that are called alike in all versions. */
export async function openNodeClient(open: (store: Store) => unknown, store: Store) {
  const client = open(store) as ReturnType<(typeof nodeClients)['node-redis 6, RESP3']>;
  await client.connect();
  return {
    client,
    end: () => ('destroy' in client ? client.destroy() : (client as { disconnect(): void }).disconnect()),
  };
}
