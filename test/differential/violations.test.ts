import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server as TcpServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect as connectTo, Store, serve } from '../../src/index.ts';
import { type Server, serverOf } from '../../src/session/server.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { until } from '../support/turns.ts';

// What is no request, sent over sockets to a real server and to a store that is served: the same bytes must come back,
// and the connection must be closed by the same.

const SENTINEL = 'sentinel-7f3a';
const ECHO = `*2\r\n$4\r\nECHO\r\n$${SENTINEL.length}\r\n${SENTINEL}\r\n`;

const redis = await startRedisServer();

const store = new Store();
let tcp: TcpServer;
let server: Server;
beforeAll(async () => {
  server = serverOf(store.keyspace);
  tcp = createServer((socket) => serve(store, socket)).listen(0, '127.0.0.1');
  await once(tcp, 'listening');
});
afterAll(async () => {
  tcp.close();
  await redis?.stop();
});

/** All that comes back, and whether the server closed the connection before it answered what came last. */
function answerOf(port: number, parts: readonly string[]): Promise<{ text: string; isClosed: boolean }> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    const done = (isClosed: boolean): void => {
      socket.destroy();
      resolve({ text, isClosed });
    };
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.endsWith(`${SENTINEL}\r\n`)) done(false);
    });
    // Redis closes without reading what else has come, and the host resets such a connection.
    socket.on('error', () => {});
    socket.on('close', () => done(true));
    for (const part of [...parts, ECHO]) socket.write(Buffer.from(part, 'latin1'));
  });
}

async function compare(...parts: string[]): Promise<{ text: string; isClosed: boolean }> {
  const [ours, theirs] = await Promise.all([
    answerOf((tcp.address() as AddressInfo).port, parts),
    answerOf((redis as RedisServer).port, parts),
  ]);
  expect(ours).toStrictEqual(theirs);
  return ours;
}

describe.skipIf(redis === undefined)('beside a real server', () => {
  it.each([
    ...['*x\r\n', '*1x\r\n', '*\r\n', '*2147483648\r\n', '*9223372036854775808\r\n', '* 1\r\n', '*+1\r\n'],
    ...[
      '*1\r\n:1\r\n',
      '*1\r\n*1\r\n$4\r\nPING\r\n',
      '*2\r\n$4\r\nECHO\r\n%1\r\n',
      '*1\r\nPING\r\n',
      '*1\r\n\r\n',
    ],
    ...[
      '*1\r\n$\r\n',
      '*1\r\n$x\r\n',
      '*1\r\n$-1\r\n',
      '*1\r\n$536870913\r\n',
      '*1\r\n$99999999999999999999\r\n',
    ],
    ...['"PING\r\n', "'PING\r\n", 'PING "a"b\r\n', 'SET k "\r\n'],
    ...['PING\r\n*x\r\nPING\r\n', 'MULTI\r\nPING\r\n*1\r\n$-5\r\nEXEC\r\n', 'PING\r\n"\r\n"\r\n'],
    ...['QUIT\r\nPING\r\n', 'MULTI\r\nQUIT\r\n'],
  ])('%j ends the connection', async (text) => {
    expect((await compare(text)).isClosed).toBe(true);
  });

  it.each([
    ...['*0\r\n', '*-1\r\n', '*-5\r\n*0\r\n\r\n\r\n', '   \r\n\t\r\n', '\n', 'PING\n', '  PING  \r\n'],
    ...[
      '*1\r\n$4\r\nPINGxx',
      '*1\r\n$0\r\n\r\n',
      '$4\r\nPING\r\n',
      '+OK\r\n',
      ':1\r\n',
      '>1\r\n$4\r\nPING\r\n',
    ],
    ...['""\r\n', '"\\x50ING"\r\n', "'it\\'s'\r\n", 'GET / HTTP/1.0\r\n', 'NO SUCH COMMAND\r\n'],
  ])('%j does not', async (text) => {
    expect((await compare(text)).isClosed).toBe(false);
  });

  it('HTTP is not spoken, and its POST is closed without a word', async () => {
    await compare('POST / HTTP/1.1\r\n');
    // What was said before may get lost when the connection is reset, ours and theirs.
    const { port } = tcp.address() as AddressInfo;
    const request = ['GET / HTTP/1.1\r\n', 'Host: localhost\r\n'];
    expect((await answerOf(port, request)).isClosed).toBe(true);
    expect((await answerOf((redis as RedisServer).port, request)).isClosed).toBe(true);
  });

  it('what is long before AUTH ends the connection', async () => {
    const client = await redis!.connect();
    const own = connectTo(store);
    await client.send(['CONFIG', 'SET', 'requirepass', 'secret']);
    own.call('CONFIG', 'SET', 'requirepass', 'secret');
    const auth = '*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n';
    for (const [request, error] of [
      ['*11\r\n', 'unauthenticated multibulk length'],
      ['*1\r\n$16385\r\n', 'unauthenticated bulk length'],
    ] as const) {
      expect(await compare(request)).toStrictEqual({
        text: `-ERR Protocol error: ${error}\r\n`,
        isClosed: true,
      });
    }
    expect((await compare(`*2\r\n$4\r\nECHO\r\n$16384\r\n${'x'.repeat(16_384)}\r\n${auth}`)).isClosed).toBe(
      false,
    );
    expect((await compare(`${auth}*2\r\n$6\r\nSTRLEN\r\n$16385\r\n${'x'.repeat(16_385)}\r\n`)).isClosed).toBe(
      false,
    );
    await client.send(['CONFIG', 'SET', 'requirepass', '']);
    own.call('CONFIG', 'SET', 'requirepass', '');
    own.close();
    await client.close();
  });

  it('limits that are set', async () => {
    const client = await redis!.connect();
    const set = (name: string, value: string) => client.send(['CONFIG', 'SET', name, value]);
    await set('proto-max-bulk-len', '1mb');
    server.limits.protoMaxBulkLen = 1024 * 1024;
    expect((await compare('*2\r\n$4\r\nECHO\r\n$1048577\r\n')).isClosed).toBe(true);
    const most = 'x'.repeat(1024 * 1024);
    expect((await compare(`*2\r\n$6\r\nSTRLEN\r\n$1048576\r\n${most}\r\n`)).text).toMatch(/^:0\r\n/);

    await set('proto-max-bulk-len', '512mb');
    server.limits.protoMaxBulkLen = 512 * 1024 * 1024;
    await set('client-query-buffer-limit', '1mb');
    server.limits.clientQueryBufferLimit = 1024 * 1024;
    expect(await compare('*2\r\n$4\r\nECHO\r\n$3000000\r\n', most, most)).toStrictEqual({
      text: '',
      isClosed: true,
    });
    await set('client-query-buffer-limit', '1gb');
    server.limits.clientQueryBufferLimit = 1024 * 1024 * 1024;

    await set('client-output-buffer-limit', 'normal 1mb 0 0');
    server.limits.clientOutputBufferLimit.normal.hardBytes = 1024 * 1024;
    const long = `*3\r\n$3\r\nSET\r\n$4\r\nlong\r\n$1048576\r\n${most}\r\n`;
    expect((await compare(long)).isClosed).toBe(false);
    expect((await compare('*2\r\n$3\r\nGET\r\n$4\r\nlong\r\n')).isClosed).toBe(true);
    await set('client-output-buffer-limit', 'normal 0 0 0');
    server.limits.clientOutputBufferLimit.normal.hardBytes = 0;
    expect((await compare('*2\r\n$3\r\nGET\r\n$4\r\nlong\r\n')).text.length).toBeGreaterThan(1024 * 1024);
    await client.close();
  });
});

it.skipIf(redis === undefined)('nothing is kept for those who were closed', async () => {
  await until(() => server.sessions.size === 0);
  expect(server.statistics.connections).toBeGreaterThan(40);
});
