import { Redis, type RedisOptions } from 'ioredis';
import { createClient, type RedisClientType } from 'redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { connectorFor } from '../../src/clients/ioredis.ts';
import { socketFor } from '../../src/clients/node-redis.ts';
import { Store } from '../../src/index.ts';
import { lua } from '../../src/scripting/index.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';

/** A client of node-redis, as it is made without options. */
export type NodeRedis = RedisClientType;

/** How clients of a site are opened. */
interface Doors {
  ioredis(options?: RedisOptions): Redis;
  nodeRedis(): RedisClientType;
}

/** Where a package does its work: a store of this process, or the real server. */
export interface Site {
  /** Opens a client, which ends with the test. Nobody else's data are there when a test begins. */
  redis(options?: RedisOptions): Redis;
  /** The same of node-redis. Connected. */
  nodeRedis(): Promise<NodeRedis>;
  /** Has something ended when the test is over, before the clients are. */
  atEnd(end: () => unknown): void;
}

/**
 * Declares the same tests twice: once on a store, once on the real server, where there is one. So what they say of a
 * package is what it does for everybody.
 */
export function onBothSites(name: string, declare: (site: Site) => void): void {
  describe(`${name} on a store`, () => {
    const store = new Store({ scripting: lua() });
    const doors: Doors = {
      ioredis: (options) =>
        new Redis({ Connector: connectorFor(store), maxRetriesPerRequest: null, ...options }),
      nodeRedis: () => createClient({ socket: socketFor(store) }),
    };
    declareOn(doors, declare);
    afterAll(() => store.close());
  });
  describe(`${name} on the real server`, () => {
    let server: RedisServer | undefined;
    beforeAll(async () => {
      server = await startRedisServer();
    });
    afterAll(() => server?.stop());
    beforeEach((context) => {
      context.skip(server === undefined, 'no redis-server');
    });
    const address = () => ({ port: server!.port, host: '127.0.0.1' });
    const doors: Doors = {
      ioredis: (options) => new Redis({ ...address(), maxRetriesPerRequest: null, ...options }),
      nodeRedis: () => createClient({ socket: address() }),
    };
    declareOn(doors, declare);
  });
}

function declareOn(doors: Doors, declare: (site: Site) => void): void {
  const endings: (() => unknown)[] = [];
  const clients: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
    const cleaner = doors.ioredis();
    await cleaner.flushall();
    await cleaner.quit();
    for (const end of clients.splice(0)) await end();
  });
  declare({
    redis(options) {
      const client = doors.ioredis(options);
      clients.push(() => client.disconnect());
      return client;
    },
    async nodeRedis() {
      const client = doors.nodeRedis();
      clients.push(() => client.isOpen && client.destroy());
      client.on('error', () => {});
      await client.connect();
      return client;
    },
    atEnd(end) {
      endings.push(end);
    },
  });
}
