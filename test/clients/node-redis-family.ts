import { createClient, RESP_TYPES } from 'redis';
import { commandOptions, createClient as createClient4 } from 'redis-4';
import { createClient as createClient5 } from 'redis-5';
import { socketFor } from '../../src/clients/node-redis.ts';
import type { Store } from '../../src/index.ts';
import type { ClientPackage, TestClient, TestClientOptions, Word } from './support.ts';

type NodeRedis = ReturnType<typeof createClient>;
type NodeRedis4 = ReturnType<typeof createClient4>;

// None of these is cast: the socket options have the type that each client wants.
const openers: Record<string, (store: Store, options: TestClientOptions) => unknown> = {
  'node-redis 6': (store, { protocol = 3, database = 0 }) =>
    createClient({
      socket: { ...socketFor(store), reconnectStrategy: () => 1 },
      RESP: protocol,
      database,
    }),
  'node-redis 5': (store, { protocol = 2, database = 0 }) =>
    createClient5({
      socket: { ...socketFor(store), reconnectStrategy: () => 1 },
      RESP: protocol,
      database,
    }),
  'node-redis 4': (store, { database = 0 }) =>
    createClient4({ socket: { ...socketFor(store), reconnectStrategy: () => 1 }, database }),
};

/** node-redis. */
export const nodeRedisFamily: readonly ClientPackage[] = Object.entries(openers).map(([name, open]) => ({
  name,
  protocols: name === 'node-redis 4' ? [2] : [2, 3],
  open: (store, options = {}) => connected(open(store, options) as NodeRedis, name === 'node-redis 4'),
}));

async function connected(client: NodeRedis, isOld: boolean): Promise<TestClient> {
  // A connection that is lost is told as an error. The tests look at what follows.
  client.on('error', () => {});
  await client.connect();
  return new NodeClient(client, isOld);
}

class NodeClient implements TestClient {
  private readonly client: NodeRedis;
  private readonly isOld: boolean;

  constructor(client: NodeRedis, isOld: boolean) {
    this.client = client;
    this.isOld = isOld;
  }

  call(...words: Word[]): Promise<unknown> {
    return this.client.sendCommand(words);
  }

  callBytes(...words: Word[]): Promise<unknown> {
    if (this.isOld) {
      const old = this.client as unknown as NodeRedis4;
      return old.sendCommand(words, commandOptions({ returnBuffers: true }));
    }
    return this.client.sendCommand(words, { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } });
  }

  pipeline(commands: readonly Word[][]): Promise<unknown[]> {
    // Whatever is asked in one turn is sent together.
    return Promise.all(commands.map((words) => this.call(...words).catch((error: unknown) => error)));
  }

  async transaction(commands: readonly Word[][]): Promise<unknown[] | null> {
    const batch = this.client.multi();
    for (const words of commands) {
      if (this.isOld) (batch.addCommand as unknown as (words: Word[]) => unknown)(words);
      else batch.addCommand(words);
    }
    try {
      return await batch.exec();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error.constructor.name === 'WatchError') return null;
      if ('replies' in error) return error.replies as unknown[];
      throw error;
    }
  }

  watch(key: string): Promise<unknown> {
    return this.client.watch(key);
  }

  subscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown> {
    return this.client.subscribe(channel, listener);
  }

  psubscribe(pattern: string, listener: (message: string, channel: string) => void): Promise<unknown> {
    return this.client.pSubscribe(pattern, listener);
  }

  unsubscribe(channel: string): Promise<unknown> {
    return this.client.unsubscribe(channel);
  }

  duplicate(): Promise<TestClient> {
    return connected(this.client.duplicate() as NodeRedis, this.isOld);
  }

  reconnected(): Promise<void> {
    return new Promise((resolve) => this.client.once('ready', () => resolve()));
  }

  async quit(): Promise<unknown> {
    if (this.isOld) return await this.client.quit();
    await this.client.close();
    return 'OK';
  }

  destroy(): void {
    if (this.isOld) (this.client as unknown as NodeRedis4).disconnect().catch(() => {});
    else this.client.destroy();
  }
}
