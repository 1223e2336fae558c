import { Duplex } from 'node:stream';
import { requireOwnKeyspace } from '../keyspace/own-keyspace.ts';
import type { Store } from '../store.ts';
import { type Chunk, type ChunkWithEncoding, type ClientOptions, type Done, Link } from './link.ts';

export type { ClientOptions } from './link.ts';

/**
 * A class for the `Connector` option of ioredis and iovalkey. It makes what their `AbstractConnector` stands for; its
 * instances have no type here, because that class has private members, which no other type can have.
 */
export type ConnectorClass = new (options: unknown) => never;

/**
 * What to give ioredis (4, 5, 6) or iovalkey as its `Connector`, so that it talks to this store instead of a server.
 * Everything else about the client stays as it is: `duplicate()`, pipelines, transactions, subscriptions, reconnection.
 * `host`, `port`, `path` and `tls` mean nothing then.
 *
 * @throws TypeError if it is given no store, or one of another copy of this package
 * @example
 * const redis = new Redis({ Connector: connectorFor(store) });
 * const cluster = new Redis.Cluster([{}], { redisOptions: { Connector: connectorFor(store, { cluster: true }) } });
 */
export function connectorFor(store: Store, options: ClientOptions = {}): ConnectorClass {
  requireOwnKeyspace(store?.keyspace);
  class StoreConnector extends Connector {
    constructor() {
      super(store, options);
    }
  }
  return StoreConnector as unknown as ConnectorClass;
}

/** What ioredis asks of a connector. */
class Connector {
  /** Why the last connection failed. None ever does. */
  readonly firstError: undefined = undefined;
  private readonly store: Store;
  private readonly options: ClientOptions;
  private stream: ClientStream | undefined = undefined;
  private isConnecting = false;

  constructor(store: Store, options: ClientOptions) {
    this.store = store;
    this.options = options;
  }

  /** Whether the server, as INFO describes it, will do. */
  check(): boolean {
    return true;
  }

  connect(): Promise<ClientStream> {
    this.isConnecting = true;
    // A turn later, as with a socket: until then the client may change its mind.
    return new Promise((resolve, reject) => {
      process.nextTick(() => {
        if (!this.isConnecting) {
          reject(new Error('Connection is closed.'));
          return;
        }
        this.stream = new ClientStream(this.store, this.options);
        resolve(this.stream);
      });
    });
  }

  disconnect(): void {
    this.isConnecting = false;
    this.stream?.end();
  }
}

/** The client's end: a duplex that answers to what is asked of a socket. */
class ClientStream extends Duplex {
  private readonly link: Link;

  constructor(store: Store, options: ClientOptions) {
    super({ allowHalfOpen: false, decodeStrings: false });
    this.link = new Link(store, this, options);
  }

  override _write(chunk: Chunk, encoding: BufferEncoding, done: Done): void {
    this.link.receive(chunk, encoding, done);
  }

  override _writev(chunks: ChunkWithEncoding[], done: Done): void {
    this.link.receiveMany(chunks, done);
  }

  override _read(): void {
    this.link.read();
  }

  override _final(done: Done): void {
    this.link.final(done);
  }

  override _destroy(error: Error | null, done: Done): void {
    this.link.gone(error);
    done(error);
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  /** There is no network to be slow. */
  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
