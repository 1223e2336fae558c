import { Socket } from 'node:net';
import { requireOwnKeyspace } from '../keyspace/own-keyspace.ts';
import type { Store } from '../store.ts';
import { type Chunk, type ChunkWithEncoding, type ClientOptions, type Done, Link } from './link.ts';

export type { ClientOptions } from './link.ts';

/** What node-redis takes as its `socket` option, and hands on to its socket. */
export interface StoreSocketOptions {
  /** Never calls back: no connection is ever opened. */
  readonly lookup: () => void;
}

/**
 * What to give node-redis (npm `redis` or `@redis/client` 4, 5, 6) as its `socket` option, so that it talks to this store
 * instead of a server. Everything else about the client stays as it is: `duplicate()`, transactions, subscriptions,
 * reconnection. To set more, spread it: `socket: { ...socketFor(store), reconnectStrategy: 100 }`.
 *
 * @throws TypeError if it is given no store, or one of another copy of this package
 * @example
 * const client = createClient({ socket: socketFor(store) });
 * await client.connect();
 */
export function socketFor(store: Store, options: ClientOptions = {}): StoreSocketOptions {
  requireOwnKeyspace(store?.keyspace);
  // node-redis gives these options to `net.Socket`, which gives them to `Duplex`, which takes its work from them.
  const hooks = {
    construct(this: StoreSocket, done: Done): void {
      links.set(this, new Link(store, this, options));
      this.connecting = false;
      // There is no network to be slow: lets go of a timer that may run already.
      this.setTimeout(0);
      this.setTimeout = () => this;
      done();
      process.nextTick(() => {
        if (this.destroyed) return;
        this.emit('connect');
        this.emit('ready');
      });
    },
    write(this: StoreSocket, chunk: Chunk, encoding: BufferEncoding, done: Done): void {
      linkOf(this).receive(chunk, encoding, done);
    },
    writev(this: StoreSocket, chunks: ChunkWithEncoding[], done: Done): void {
      linkOf(this).receiveMany(chunks, done);
    },
    read(this: StoreSocket): void {
      links.get(this)?.read();
    },
    final(this: StoreSocket, done: Done): void {
      linkOf(this).final(done);
    },
    destroy(this: StoreSocket, error: Error | null, done: Done): void {
      links.get(this)?.gone(error);
      // The socket's own way to end: lets go of its unused handle, and tells that it is closed.
      Socket.prototype._destroy.call(this, error, done);
    },
    lookup(): void {},
  };
  return hooks;
}

/** The socket of a client, as its hooks know it. */
type StoreSocket = Socket & { connecting: boolean };

/** Sockets take no fields of ours. */
const links = new WeakMap<Socket, Link>();

function linkOf(socket: Socket): Link {
  return links.get(socket)!;
}
