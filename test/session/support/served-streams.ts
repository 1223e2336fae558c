import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { Duplex } from 'node:stream';
import { MessageChannel } from 'node:worker_threads';
import { portStream, type ServedConnection, type Store, serve } from '../../../src/index.ts';
import { latin1 } from '../../wire/support.ts';

/** The client's end of a stream that is served: raw bytes, one unit each. */
export interface FarEnd {
  readonly connection: ServedConnection;
  write(text: string): void;
  /** All that came, once it ends with this. Rejects if the stream ends first. */
  until(end: string): Promise<string>;
  /** All that came until the end of the stream. */
  toEnd(): Promise<string>;
  /** Resolves once so many bytes have come, and drops them. */
  count(bytes: number): Promise<void>;
  /** Reads nothing until {@link resume}. */
  pause(): void;
  resume(): void;
  /** Says that nothing more will come. */
  end(): void;
  /** Is gone. */
  destroy(): void;
}

/** Two ends of a stream in memory. Each end's writes arrive at the other in a later turn. */
export function duplexPair(): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  /** What each end is to call once its last write is wanted. */
  const owing: ((() => void) | undefined)[] = [];
  const make = (other: number): Duplex =>
    new Duplex({
      read() {
        const done = owing[other];
        owing[other] = undefined;
        done?.();
      },
      write(chunk: Uint8Array, _encoding, done) {
        setImmediate(() => {
          if (ends[other]!.push(chunk)) done();
          else owing[1 - other] = done;
        });
      },
      final(done) {
        ends[other]!.push(null);
        done();
      },
      destroy(error, done) {
        setImmediate(() => ends[other]!.destroy());
        done(error);
      },
    });
  ends.push(make(1), make(0));
  return [ends[0]!, ends[1]!];
}

function farEnd(connection: ServedConnection, stream: Duplex): FarEnd {
  let received = '';
  let receivedBytes = 0;
  let isCounting = false;
  let hasEnded = false;
  let look = (): void => {};
  stream.on('data', (chunk: Buffer) => {
    receivedBytes += chunk.length;
    if (!isCounting) received += chunk.toString('latin1');
    look();
  });
  const ended = (): void => {
    hasEnded = true;
    look();
  };
  stream.on('end', ended);
  stream.on('close', ended);
  stream.on('error', () => {});
  const wait = (isDone: () => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      look = () => {
        if (isDone()) {
          look = () => {};
          resolve(received);
          received = '';
          receivedBytes = 0;
        } else if (hasEnded) reject(new Error(`it ended after ${JSON.stringify(received.slice(-200))}`));
      };
      look();
    });
  return {
    connection,
    write: (text) => void stream.write(latin1(text)),
    until: (end) => wait(() => received.endsWith(end)),
    toEnd: () => wait(() => hasEnded),
    count: async (bytes) => {
      isCounting = true;
      await wait(() => receivedBytes >= bytes);
      isCounting = false;
    },
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    end: () => void stream.end(),
    destroy: () => void stream.destroy(),
  };
}

/** Each kind of stream, opened on a store. */
export const kinds: Readonly<Record<string, (store: Store) => Promise<FarEnd>>> = {
  'a stream of Node': async (store) => {
    const [here, there] = duplexPair();
    return farEnd(serve(store, here), there);
  },
  'a socket': async (store) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const served = once(server, 'connection').then(([socket]) => serve(store, socket as Duplex));
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const connection = await served;
    server.close();
    return farEnd(connection, client);
  },
  'web streams': async (store) => {
    const up = new TransformStream<Uint8Array, Uint8Array>();
    const down = new TransformStream<Uint8Array, Uint8Array>();
    const connection = serve(store, { readable: up.readable, writable: down.writable });
    return farEnd(connection, Duplex.fromWeb({ readable: down.readable, writable: up.writable }));
  },
  'a port': async (store) => {
    const { port1, port2 } = new MessageChannel();
    return farEnd(serve(store, port1), Duplex.fromWeb(portStream(port2)));
  },
};
