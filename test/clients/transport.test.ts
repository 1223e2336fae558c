import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { connectorFor } from '../../src/clients/ioredis.ts';
import { socketFor } from '../../src/clients/node-redis.ts';
import { connect, Store } from '../../src/index.ts';
import { turn, until } from '../support/turns.ts';
import { connectionCount } from './support.ts';

// The streams themselves, without a client: what they do when a client reads slowly, writes much, or breaks off.

/** What ioredis does with a connector. */
interface Connector {
  connect(): Promise<Duplex>;
  disconnect(): void;
}

const openers: Record<string, (store: Store) => Promise<Duplex>> = {
  'for ioredis': async (store) => {
    const ConnectorClass = connectorFor(store) as unknown as new (options: object) => Connector;
    return new ConnectorClass({}).connect();
  },
  'for node-redis': async (store) => {
    const socket = createConnection({ ...socketFor(store), port: 6379 });
    await once(socket, 'connect');
    return socket;
  },
};

describe.each(Object.entries(openers))('the stream %s', (_name, open) => {
  const stores: Store[] = [];
  const newStore = () => {
    const store = new Store();
    stores.push(store);
    return store;
  };
  afterEach(() => {
    for (const store of stores.splice(0)) store.close();
  });

  /** All that comes until the stream ends. */
  async function readAll(stream: Duplex): Promise<string> {
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    return text;
  }

  test('delivers nothing within a write, and the replies of one turn together', async () => {
    const stream = await open(newStore());
    const chunks: string[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(String(chunk)));
    stream.write('SET k v\r\n');
    stream.write(Buffer.from('GET k\r\n'));
    expect(chunks).toEqual([]);
    await once(stream, 'data');
    expect(chunks.join('')).toBe('+OK\r\n$1\r\nv\r\n');
    stream.destroy();
  });

  test('runs commands within the write', async () => {
    const store = newStore();
    const stream = await open(store);
    stream.write('SET k v\r\n');
    expect(store.get('k')).toBe('v');
    stream.destroy();
  });

  test('takes chunks of any kind, written together or alone', async () => {
    const store = newStore();
    const stream = await open(store);
    const text = '*3\r\n$3\r\nSET\r\n$2\r\né\r\n$4\r\né€\r\n'.replace('$4', '$5');
    stream.cork();
    stream.write(text.slice(0, 12));
    stream.write(Buffer.from(text.slice(12, 25)));
    stream.write(Buffer.from(text.slice(25)).toString('latin1'), 'latin1');
    stream.write(Buffer.from('GET é\r\n').toString('base64'), 'base64');
    stream.uncork();
    stream.end('QUIT\r\n');
    expect(await readAll(stream)).toBe('+OK\r\n$5\r\né€\r\n+OK\r\n');
    expect(connectionCount(store)).toBe(0);
  });

  test('answers what was asked before its end', async () => {
    const store = newStore();
    const stream = await open(store);
    const closed = once(stream, 'close');
    stream.end('ECHO last\r\nBLPOP none 0\r\n');
    expect(await readAll(stream)).toBe('$4\r\nlast\r\n');
    await closed;
    expect(connectionCount(store)).toBe(0);
  });

  test('ends when the store ends it', async () => {
    const store = newStore();
    const stream = await open(store);
    const closed = once(stream, 'close');
    stream.resume();
    connect(store).call('CLIENT', 'KILL', 'TYPE', 'normal');
    await closed;
    expect(stream.destroyed).toBe(true);
  });

  test('ends a stream that breaks the protocol with the error of Redis', async () => {
    const store = newStore();
    const stream = await open(store);
    stream.write('*1\r\n!4\r\n');
    expect(await readAll(stream)).toBe("-ERR Protocol error: expected '$', got '!'\r\n");
    expect(connectionCount(store)).toBe(0);
  });

  test('lets go of what a destroyed stream was waiting for', async () => {
    const store = newStore();
    const stream = await open(store);
    const closed = once(stream, 'close');
    stream.write('BLPOP l 0\r\n');
    stream.destroy();
    await closed;
    expect(connectionCount(store)).toBe(0);
    store.rpush('l', 'a');
    expect(store.llen('l')).toBe(1);
  });

  test('lets a client read as slowly as it likes', async () => {
    const store = newStore();
    const stream = await open(store);
    store.set('k', 'x'.repeat(100_000));
    for (let at = 0; at < 50; at++) stream.write('GET k\r\n');
    // Until it reads, no more than a chunk or two is pushed at it: the rest waits here.
    await turn();
    expect(stream.readableLength).toBeLessThan(500_000);
    stream.end('QUIT\r\n');
    expect((await readAll(stream)).length).toBe(50 * (100_000 + '$100000\r\n\r\n'.length) + '+OK\r\n'.length);
  });

  test('runs no more for a client that takes nothing', async () => {
    const store = newStore();
    const stream = await open(store);
    store.set('k', 'x'.repeat(1_000_000));
    for (let at = 0; at < 40; at++) stream.write('GET k\r\nINCR n\r\n');
    await turn();
    await turn();
    const ran = Number(store.get('n'));
    expect(ran).toBeGreaterThan(0);
    expect(ran).toBeLessThan(40);
    stream.resume();
    await until(() => store.get('n') === '40');
    stream.destroy();
  });

  test('lets a client write no faster than its commands can run', async () => {
    const store = newStore();
    const stream = await open(store);
    stream.write('BLPOP l 0\r\n');
    // What waits behind a waiting command is held up to a bound; then the stream asks for patience.
    const big = `*2\r\n$4\r\nECHO\r\n$1000000\r\n${'x'.repeat(1_000_000)}\r\n`;
    stream.write(big);
    stream.write(big);
    expect(stream.write(big)).toBe(false);
    const drained = once(stream, 'drain');
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    store.rpush('l', 'a');
    await drained;
    await until(() => bytes > 3_000_000);
    stream.destroy();
  });

  test('bears what is asked of a socket', async () => {
    const stream = (await open(newStore())) as Socket;
    expect(stream.setNoDelay(true).setKeepAlive(true, 100).setTimeout(1).ref().unref()).toBe(stream);
    stream.on('timeout', () => stream.destroy(new Error('timed out')));
    stream.write('PING\r\n');
    const [reply] = (await once(stream, 'data')) as [Buffer];
    expect(String(reply)).toBe('+PONG\r\n');
    stream.destroy();
  });
});

test('ioredis may change its mind before it is connected', async () => {
  const store = new Store();
  const ConnectorClass = connectorFor(store) as unknown as new (options: object) => Connector;
  const connector = new ConnectorClass({});
  const connecting = connector.connect();
  connector.disconnect();
  await expect(connecting).rejects.toThrow('Connection is closed.');
  expect(connectionCount(store)).toBe(0);
});

test('no connection is opened, whatever the host is called', async () => {
  const store = new Store();
  for (const host of ['127.0.0.1', '::1', 'localhost', 'no such host']) {
    // Nobody listens on this port.
    const socket = createConnection({ ...socketFor(store), host, port: 1 });
    await once(socket, 'connect');
    socket.write('PING\r\n');
    await once(socket, 'data');
    socket.destroy();
    await once(socket, 'close');
  }
  expect(connectionCount(store)).toBe(0);
});

describe('a process', () => {
  /** What a program of its own prints until it ends, which it must do by itself. */
  function run(program: string): string {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', program],
      { cwd: fileURLToPath(new URL('../..', import.meta.url)), encoding: 'utf8', timeout: 100_000 },
    );
    return stderr + stdout + (status === 0 ? '' : `exit code ${status}`);
  }

  const clients = `
    import { Redis } from 'ioredis';
    import Redis4 from 'ioredis-4';
    import Redis6 from 'ioredis-6';
    import Valkey from 'iovalkey';
    import { createClient } from 'redis';
    import { createClient as createClient4 } from 'redis-4';
    import { createClient as createClient5 } from 'redis-5';
    import { Store } from './src/index.ts';
    import { connectorFor } from './src/clients/ioredis.ts';
    import { socketFor } from './src/clients/node-redis.ts';
    const store = new Store();
    const io = [Redis, Redis4, Redis6, Valkey].map((Client) => new Client({ Connector: connectorFor(store) }));
    const node = await Promise.all([createClient, createClient4, createClient5].map((create) => create({ socket: socketFor(store) }).connect()));
    for (const client of [...io, ...node]) await client.set('k', 'v', ...(io.includes(client) ? ['EX', 1000] : []));
  `;

  test('ends by itself once its clients have', () => {
    const program = `${clients}
      for (const client of io) await client.quit();
      for (const client of node) await client.quit();
      console.log(store.get('k'));`;
    expect(run(program)).toBe('v\n');
  });

  test('is not kept alive by clients that are idle, subscribed or waiting', () => {
    const program = `${clients}
      // It has an interval of its own running as long as it is connected.
      await io[1].quit();
      await io[0].subscribe('news');
      await node[0].subscribe('news', () => {});
      io[2].blpop('l', 0);
      node[1].blPop('l', 0);
      console.log('end');`;
    expect(run(program)).toBe('end\n');
  });
});
