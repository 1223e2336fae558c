import { describe, expect, it } from 'vitest';
import { ByteQueue } from '../../src/wire/resp/byte-queue.ts';
import { RequestParser } from '../../src/wire/resp/request-parser.ts';
import { asLatin1, cuts, latin1, readRequests } from './support.ts';

const protocolError = (text: string) => `ReplyError: ERR Protocol error: ${text}`;

describe('RequestParser', () => {
  const good: [input: string, requests: string[][]][] = [
    ['*1\r\n$4\r\nPING\r\n', [['PING']]],
    ['*2\r\n$4\r\nECHO\r\n$0\r\n\r\n', [['ECHO', '']]],
    ['*2\r\n$4\r\nECHO\r\n$4\r\n\r\n\0*\r\n', [['ECHO', '\r\n\0*']]],
    ['*2\r\n$4\r\nECHO\r\n$4\r\n\xc3\xa9\xff\xc3\r\n', [['ECHO', 'é\udcff\udcc3']]],
    ['*1\r\n$1\r\na\r\n*1\r\n$1\r\nb\r\nc\r\n*1\r\n$1\r\nd\r\n', [['a'], ['b'], ['c'], ['d']]],
    // Nothing at all.
    ['*0\r\n*-1\r\n*-5\r\n*-9223372036854775808\r\n\r\n\n  \r\nPING\r\n', [['PING']]],
    // Redis does not look at the bytes that end a length and a bulk, beyond the CR.
    ['*1\rx$4\rxPINGxxPING\r\n', [['PING'], ['PING']]],
    // Inline.
    ['PING\n', [['PING']]],
    ['SET k v \r\r\n', [['SET', 'k', 'v']]],
    ['ECHO\ta\rb\r\n', [['ECHO', 'a', 'b']]],
    ['\x0b\x0c ECHO\x0ba\r\n', [['ECHO\x0ba']]],
    ['ECHO "" \'\'\r\n""\r\n', [['ECHO', '', ''], ['']]],
    ['ECHO "a\\x41\\n\\r\\t\\b\\a\\q\\"\\\\"\r\n', [['ECHO', 'aA\n\r\t\b\x07q"\\']]],
    ['ECHO "\\xfF\\xzz\\xA" "\\x4"\r\n', [['ECHO', '\udcffxzzxA', 'x4']]],
    ["ECHO 'a\\'b\\n\"'\r\n", [['ECHO', 'a\'b\\n"']]],
    ['ECHO a"b c" d\'e f\'\x0bg\r\n', [['ECHO', 'ab c', 'de f', 'g']]],
    ['ECHO \\x41 \xc3\xa9 \xff\r\n', [['ECHO', '\\x41', 'é', '\udcff']]],
    ['ECHO "\\xc3\\xa9"\r\n', [['ECHO', 'é']]],
  ];

  const bad: [input: string, error: string, before?: string[][]][] = [
    ['*\r\n', 'invalid multibulk length'],
    ['*x\r\n', 'invalid multibulk length'],
    ['*+1\r\n', 'invalid multibulk length'],
    ['*01\r\n', 'invalid multibulk length'],
    ['*-0\r\n', 'invalid multibulk length'],
    ['*-\r\n', 'invalid multibulk length'],
    ['*1 \r\n', 'invalid multibulk length'],
    ['*2147483648\r\n', 'invalid multibulk length'],
    ['*9223372036854775808\r\n', 'invalid multibulk length'],
    ['*-9223372036854775809\r\n', 'invalid multibulk length'],
    [`*-${'9'.repeat(1000)}\r\n`, 'invalid multibulk length'],
    ['PING\r\n*0\nPING\r\n', 'invalid multibulk length', [['PING']]],
    ['*1\r\nx4\r\nPING\r\n', "expected '$', got 'x'"],
    ['*1\r\n\r\n', "expected '$', got '\r'"],
    ['*1\r\n\xff\r\n', "expected '$', got '\udcff'"],
    ['*1\r\n$\r\n', 'invalid bulk length'],
    ['*1\r\n$x\r\n', 'invalid bulk length'],
    ['*1\r\n$-1\r\n', 'invalid bulk length'],
    ['*1\r\n$04\r\n', 'invalid bulk length'],
    ['*2\r\n$4\r\nPING\r\n$536870913\r\n', 'invalid bulk length'],
    ['PING\r\nECHO "a\r\nPING\r\n', 'unbalanced quotes in request', [['PING']]],
    ["ECHO 'a\r\n", 'unbalanced quotes in request'],
    ['"\r\n', 'unbalanced quotes in request'],
    ['ECHO "a"b\r\n', 'unbalanced quotes in request'],
    ["ECHO 'a'b\r\n", 'unbalanced quotes in request'],
    ['ECHO a\\"b\r\n', 'unbalanced quotes in request'],
    ['ECHO "a\\\r\n', 'unbalanced quotes in request'],
  ];

  it.each(good)('reads %j, wherever it is cut', (input, requests) => {
    for (const chunks of cuts(latin1(input))) {
      expect(readRequests(chunks)).toStrictEqual({ requests, error: undefined });
    }
  });

  it.each(bad)('refuses %j, wherever it is cut', (input, error, requests = []) => {
    for (const chunks of cuts(latin1(input))) {
      expect(readRequests(chunks)).toStrictEqual({ requests, error: protocolError(error) });
    }
  });

  it('waits for every last byte', () => {
    const input = latin1('*2\r\n$4\r\nECHO\r\n$1\r\na\r\n');
    for (let length = 0; length < input.length; length++) {
      expect(readRequests([input.subarray(0, length)])).toStrictEqual({ requests: [], error: undefined });
    }
  });

  it.each([
    ['an inline request', 'ECHO ', 'too big inline request'],
    ['an array length', '*', 'too big mbulk count string'],
    ['a bulk length', '*1\r\n$', 'too big bulk count string'],
  ])('lets %s be incomplete up to 64 KB', (_name, prefix, error) => {
    const line = prefix.slice(prefix.lastIndexOf('\n') + 1);
    const most = latin1(prefix + '1'.repeat(65_536 - line.length));
    const parser = new RequestParser();
    expect(readRequests([most], parser).error).toBeUndefined();
    expect(readRequests([latin1('1')], parser).error).toBe(protocolError(error));
  });

  it('reads a longer inline request that arrives at once', () => {
    const text = 'a'.repeat(100_000);
    expect(readRequests([latin1(`ECHO ${text}\r\n`)]).requests).toStrictEqual([['ECHO', text]]);
  });

  it('never finds the end of a line that holds a NUL', () => {
    const parser = new RequestParser();
    expect(readRequests([latin1('ECHO a\0b\r\n')], parser)).toStrictEqual({ requests: [], error: undefined });
    const error = protocolError('too big inline request');
    expect(readRequests([latin1('PING\r\n'.repeat(20_000))], parser)).toStrictEqual({ requests: [], error });
  });

  it('accepts announcements up to the limits', () => {
    for (const input of ['*2147483647\r\n', '*1\r\n$536870912\r\n']) {
      expect(readRequests([latin1(input)])).toStrictEqual({ requests: [], error: undefined });
    }
  });

  it('is lost after an error: it throws once and reads no more', () => {
    const parser = new RequestParser();
    parser.feed(latin1('*x\r\nPING\r\n'));
    expect(() => parser.next()).toThrow('ERR Protocol error: invalid multibulk length');
    expect(parser.next()).toBeUndefined();
    parser.feed(latin1('PING\r\n'));
    expect(parser.next()).toBeUndefined();
  });

  it('applies limits as they are when a request is read', () => {
    const parser = new RequestParser({ maxBulkLength: 4 });
    parser.feed(latin1('*1\r\n$4\r\nPING\r\n*1\r\n$5\r\n'));
    expect(parser.next()).toStrictEqual(['PING']);
    parser.maxBulkLength = 5;
    expect(parser.next()).toBeUndefined();
    parser.maxBulkLength = 1;
    parser.feed(latin1('hello\r\n*1\r\n$2\r\n'));
    expect(parser.next()).toStrictEqual(['hello']);
    expect(() => parser.next()).toThrow('invalid bulk length');
  });

  it.each([
    ['*10\r\n', undefined],
    ['*11\r\n', protocolError('unauthenticated multibulk length')],
    ['*1\r\n$16384\r\n', undefined],
    ['*1\r\n$16385\r\n', protocolError('unauthenticated bulk length')],
  ])('before authentication answers %j with %s', (input, error) => {
    const parser = new RequestParser();
    parser.authenticated = false;
    expect(readRequests([latin1(input)], parser).error).toBe(error);
    expect(readRequests([latin1(input)]).error).toBeUndefined();
  });

  it('reads a big bulk in small chunks without ever writing to a chunk', () => {
    const body = 'abcdefghij'.repeat(300_000);
    const input = latin1(`*2\r\n$4\r\nECHO\r\n$${body.length}\r\n${body}\r\nPING\r\n`);
    const before = input.slice();
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < input.length; at += 1000) chunks.push(input.subarray(at, at + 1000));
    const { requests, error } = readRequests(chunks);
    expect(error).toBeUndefined();
    expect(requests.length).toBe(2);
    expect(requests[0]?.[1] === body).toBe(true);
    expect(requests[1]).toStrictEqual(['PING']);
    expect(Buffer.compare(input, before)).toBe(0);
  });
});

describe('ByteQueue', () => {
  it('copies each byte a bounded number of times, however small the chunks are', () => {
    const queue = new ByteQueue();
    let copied = 0;
    let buffer = queue.bytes;
    const total = 1 << 18;
    for (let at = 0; at < total; at++) {
      queue.append(Uint8Array.of(at & 0xff));
      if (queue.bytes !== buffer) copied += queue.length;
      buffer = queue.bytes;
    }
    expect(copied).toBeLessThan(3 * total);
    expect(queue.length).toBe(total);
    for (let at = 0; at < total; at += 1009) expect(queue.bytes[queue.start + at]).toBe(at & 0xff);
  });

  it('reuses the room before what is pending', () => {
    const queue = new ByteQueue();
    let expected = '';
    let size = 0;
    for (let round = 0; round < 10_000; round++) {
      const chunk = String.fromCharCode(97 + (round % 26)).repeat(1 + (round % 7));
      queue.append(latin1(chunk));
      expected += chunk;
      const keep = 1 + (round % 50);
      if (expected.length > keep) {
        queue.start += expected.length - keep;
        expected = expected.slice(-keep);
      }
      expect(asLatin1(queue.bytes.subarray(queue.start, queue.end))).toBe(expected);
      size = Math.max(size, queue.bytes.length);
    }
    expect(size).toBeLessThanOrEqual(512);
  });
});
