import { once } from 'node:events';
import { type ChainableCommander, Redis } from 'ioredis';
import Redis4 from 'ioredis-4';
import Redis6 from 'ioredis-6';
import Valkey from 'iovalkey';
import { connectorFor } from '../../src/clients/ioredis.ts';
import type { Store } from '../../src/index.ts';
import type { ClientPackage, TestClient, TestClientOptions, Word } from './support.ts';

/** The options of a test in the words of these clients. */
function optionsOf({ database = 0, autoPipelining = false }: TestClientOptions) {
  return {
    db: database,
    enableAutoPipelining: autoPipelining,
    retryStrategy: () => 1,
    enableReadyCheck: false,
  };
}

// None of these is cast: the connector has the type that each client wants.
const openers: Record<string, (store: Store, options: TestClientOptions) => unknown> = {
  'ioredis 5': (store, options) => new Redis({ ...optionsOf(options), Connector: connectorFor(store) }),
  'ioredis 6': (store, options) =>
    new Redis6({ ...optionsOf(options), protocol: options.protocol ?? 3, Connector: connectorFor(store) }),
  'ioredis 4': (store, options) => new Redis4({ ...optionsOf(options), Connector: connectorFor(store) }),
  iovalkey: (store, options) => new Valkey({ ...optionsOf(options), Connector: connectorFor(store) }),
};

/** ioredis and its kin. */
export const ioredisFamily: readonly ClientPackage[] = Object.entries(openers).map(([name, open]) => ({
  name,
  protocols: name === 'ioredis 6' ? [2, 3] : [2],
  open: (store, options = {}) => connected(open(store, options) as Redis),
}));

async function connected(redis: Redis): Promise<TestClient> {
  // A connection that is lost is told as an error. The tests look at what follows.
  redis.on('error', () => {});
  if (redis.status !== 'ready') await once(redis, 'ready');
  return new IoClient(redis);
}

class IoClient implements TestClient {
  private readonly redis: Redis;

  constructor(redis: Redis) {
    this.redis = redis;
  }

  call(...[name, ...args]: Word[]): Promise<unknown> {
    const method = String(name).toLowerCase();
    // Pipelines of its own making know commands by their methods only, in ioredis 4.
    if (method in this.redis) return methodOf(this.redis, method)(...args) as Promise<unknown>;
    return this.redis.call(String(name), ...args);
  }

  callBytes(...[name, ...args]: Word[]): Promise<unknown> {
    // ioredis 4 has no callBuffer.
    return methodOf(this.redis, `${String(name).toLowerCase()}Buffer`)(...args) as Promise<unknown>;
  }

  async pipeline(commands: readonly Word[][]): Promise<unknown[]> {
    return (await addAll(this.redis.pipeline(), commands).exec())!.map(([error, reply]) => error ?? reply);
  }

  async transaction(commands: readonly Word[][]): Promise<unknown[] | null> {
    const replies = await addAll(this.redis.multi(), commands).exec();
    return replies === null ? null : replies.map(([error, reply]) => error ?? reply);
  }

  watch(key: string): Promise<unknown> {
    return this.redis.watch(key);
  }

  subscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown> {
    this.redis.on('message', (from, message) => {
      if (from === channel) listener(message, from);
    });
    return this.redis.subscribe(channel);
  }

  psubscribe(pattern: string, listener: (message: string, channel: string) => void): Promise<unknown> {
    this.redis.on('pmessage', (by, from, message) => {
      if (by === pattern) listener(message, from);
    });
    return this.redis.psubscribe(pattern);
  }

  unsubscribe(channel: string): Promise<unknown> {
    return this.redis.unsubscribe(channel);
  }

  duplicate(): Promise<TestClient> {
    return connected(this.redis.duplicate());
  }

  async reconnected(): Promise<void> {
    await new Promise((resolve) => this.redis.once('ready', resolve));
  }

  async quit(): Promise<unknown> {
    const ended = once(this.redis, 'end');
    const reply = await this.redis.quit();
    await ended;
    return reply;
  }

  destroy(): void {
    this.redis.disconnect();
  }
}

function addAll(batch: ChainableCommander, commands: readonly Word[][]): ChainableCommander {
  for (const [name, ...args] of commands) {
    methodOf(batch, String(name).toLowerCase())(...args);
  }
  return batch;
}

/** A command's method, by its name. */
function methodOf(target: object, name: string): (...words: Word[]) => unknown {
  const method: unknown = Reflect.get(target, name);
  if (typeof method !== 'function') throw new TypeError(`there is no method ${name}`);
  return (...words) => Reflect.apply(method, target, words) as unknown;
}
