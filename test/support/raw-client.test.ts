import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RawClient } from './raw-client.ts';
import { startRedisServer } from './redis-server.ts';

const redis = await startRedisServer();
afterAll(() => redis?.stop());

describe.skipIf(redis === undefined)('RawClient with a real server', () => {
  let client: RawClient;
  beforeEach(async () => {
    client = await redis!.connect();
    await client.send(['FLUSHALL']);
  });
  afterEach(() => client.close());

  it('answers exact trees, errors among them', async () => {
    expect(await client.send(['PING'])).toStrictEqual({ type: '+', value: 'PONG' });
    expect(await client.send(['GET', 'k'])).toStrictEqual({ type: '$', value: null });
    expect(await client.send(['INCR', 'k'])).toStrictEqual({ type: ':', value: 1 });
    expect(await client.send(['LPUSH', 'k', 'v'])).toStrictEqual({
      type: '-',
      value: 'WRONGTYPE Operation against a key holding the wrong kind of value',
    });
  });

  it('sends bytes, and text as UTF-8', async () => {
    await client.send(['SET', Uint8Array.of(0, 255), 'é']);
    expect(await client.send(['GET', Uint8Array.of(0, 255)])).toStrictEqual({ type: '$', value: 'é' });
    expect(await client.send(['STRLEN', '\0\udcff'])).toStrictEqual({ type: ':', value: 2 });
  });

  it('keeps the order of pipelines and of commands sent at once', async () => {
    const commands = Array.from({ length: 5000 }, (_, at) => ['ECHO', String(at)]);
    const expected = commands.map(([, value]) => ({ type: '$', value }));
    expect(await client.pipeline(commands)).toStrictEqual(expected);
    expect(await Promise.all(commands.slice(0, 100).map((command) => client.send(command)))).toStrictEqual(
      expected.slice(0, 100),
    );
    expect(await client.pipeline([])).toStrictEqual([]);
  });

  it('carries big values', async () => {
    const value = 'x'.repeat(3_000_000);
    await client.send(['SET', 'k', value]);
    const reply = await client.send(['GET', 'k']);
    expect(reply.type === '$' && reply.value === value).toBe(true);
  });

  it('knows every type of the server in RESP3', async () => {
    expect(await client.hello(3)).toMatchObject({ type: '%' });
    const show = (name: string) => client.send(['DEBUG', 'PROTOCOL', name]);
    expect(await show('null')).toStrictEqual({ type: '_' });
    expect(await show('double')).toMatchObject({ type: ',', text: expect.stringMatching(/^3\.141/) });
    expect(await show('bignum')).toStrictEqual({ type: '(', value: '1234567999999999999999999999999999999' });
    expect(await show('true')).toStrictEqual({ type: '#', value: true });
    expect(await show('false')).toStrictEqual({ type: '#', value: false });
    expect(await show('set')).toMatchObject({ type: '~', items: [{ value: 0 }, { value: 1 }, { value: 2 }] });
    expect(await show('map')).toMatchObject({
      type: '%',
      entries: [
        [{ value: 0 }, { type: '#', value: false }],
        [{}, {}],
        [{}, {}],
      ],
    });
    expect(await show('verbatim')).toStrictEqual({
      type: '=',
      format: 'txt',
      value: 'This is a verbatim\nstring',
    });
    expect(await show('attrib')).toMatchObject({
      type: '$',
      attributes: [[{ value: 'key-popularity' }, { type: '*' }]],
    });
    expect(await client.hello(2)).toMatchObject({ type: '*' });
    expect(await show('null')).toStrictEqual({ type: '$', value: null });
  });

  it('keeps pushes apart from replies', async () => {
    await client.hello(3);
    const reply = await client.send(['DEBUG', 'PROTOCOL', 'push']);
    expect(reply).toStrictEqual({ type: '$', value: 'Some real reply following the push reply' });
    expect(await client.receive()).toMatchObject({
      type: '>',
      items: [{ value: 'server-cpu-usage' }, { value: 42 }],
    });
    client.write(['SUBSCRIBE', 'news']);
    expect(await client.receive()).toMatchObject({
      type: '>',
      items: [{ value: 'subscribe' }, {}, { value: 1 }],
    });
    const message = client.receive();
    expect(await client.send(['PUBLISH', 'news', 'hi'])).toStrictEqual({ type: ':', value: 1 });
    expect(await message).toMatchObject({ type: '>', items: [{ value: 'message' }, {}, { value: 'hi' }] });
  });

  it('receives what RESP2 sends unasked', async () => {
    const publisher = await redis!.connect();
    await client.send(['SUBSCRIBE', 'news']);
    await publisher.send(['PUBLISH', 'news', 'hi']);
    expect(await client.receive()).toMatchObject({
      type: '*',
      items: [{ value: 'message' }, {}, { value: 'hi' }],
    });
    await publisher.close();
  });

  it('sends raw bytes', async () => {
    client.writeRaw(new TextEncoder().encode('PING\r\nECHO "a b"\r\n'));
    expect(await client.receive()).toStrictEqual({ type: '+', value: 'PONG' });
    expect(await client.receive()).toStrictEqual({ type: '$', value: 'a b' });
  });

  it('rejects what is waited for when the connection ends, and all that comes later', async () => {
    const waiting = expect(client.send(['BLPOP', 'k', '0'])).rejects.toThrow('the connection is closed');
    const receiving = expect(client.receive()).rejects.toThrow('the connection is closed');
    await client.close();
    await client.close();
    await waiting;
    await receiving;
    await expect(client.send(['PING'])).rejects.toThrow('the connection is closed');
  });
});

describe('RawClient with a bad server', () => {
  let server: Server;
  let accepted: Promise<Socket>;
  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    accepted = once(server, 'connection').then(([socket]) => socket as Socket);
    await once(server, 'listening');
  });
  const port = () => (server.address() as AddressInfo).port;

  it('rejects on what is no reply', async () => {
    const client = await RawClient.connect(port());
    const socket = await accepted;
    const first = client.send(['A']);
    const second = client.send(['B']);
    socket.write(':1\r\n?\r\n');
    expect(await first).toStrictEqual({ type: ':', value: 1 });
    await expect(second).rejects.toThrow('no reply begins with "?"');
    await client.close();
    server.close();
  });

  it('rejects where nobody listens', async () => {
    const free = port();
    server.close();
    await once(server, 'close');
    await expect(RawClient.connect(free)).rejects.toThrow('ECONNREFUSED');
  });
});
