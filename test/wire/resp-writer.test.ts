import { describe, expect, it } from 'vitest';
import { fromBytes } from '../../src/bytes/byte-string.ts';
import { ReplyError } from '../../src/errors.ts';
import type { ReplySink } from '../../src/wire/resp/reply-sink.ts';
import { RespWriter } from '../../src/wire/resp/resp-writer.ts';
import { asLatin1, latin1 } from './support.ts';

function written(protocol: 2 | 3, write: (sink: ReplySink) => void): string {
  const writer = new RespWriter(protocol);
  write(writer);
  return asLatin1(writer.take());
}

const cases: [name: string, write: (sink: ReplySink) => void, resp2: string, resp3: string][] = [
  ['status', (to) => to.simple('OK'), '+OK\r\n', '+OK\r\n'],
  [
    'status of UTF-8',
    (to) => to.simple('é€😀'),
    '+\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\r\n',
    '+\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\r\n',
  ],
  ['error', (to) => to.error(new ReplyError('ERR no')), '-ERR no\r\n', '-ERR no\r\n'],
  [
    'error with line breaks',
    (to) => to.error(new ReplyError('ERR a\r\nb\nc\n\r')),
    '-ERR a  b c\r\n',
    '-ERR a  b c\r\n',
  ],
  [
    'error quoting a byte',
    (to) => to.error(new ReplyError("ERR '\udcff'")),
    "-ERR '\xff'\r\n",
    "-ERR '\xff'\r\n",
  ],
  ['integer', (to) => to.integer(42), ':42\r\n', ':42\r\n'],
  ['bulk', (to) => to.bulk('abc'), '$3\r\nabc\r\n', '$3\r\nabc\r\n'],
  ['empty bulk', (to) => to.bulk(''), '$0\r\n\r\n', '$0\r\n\r\n'],
  [
    'bulk of UTF-8',
    (to) => to.bulk('aé😀'),
    '$7\r\na\xc3\xa9\xf0\x9f\x98\x80\r\n',
    '$7\r\na\xc3\xa9\xf0\x9f\x98\x80\r\n',
  ],
  ['bulk of other bytes', (to) => to.bulk('a\udcff\udc80'), '$3\r\na\xff\x80\r\n', '$3\r\na\xff\x80\r\n'],
  [
    'raw bytes',
    (to) => to.bytes(Uint8Array.of(0, 255, 13, 10)),
    '$4\r\n\0\xff\r\n\r\n',
    '$4\r\n\0\xff\r\n\r\n',
  ],
  ['nil', (to) => to.nil(), '$-1\r\n', '_\r\n'],
  ['nil array', (to) => to.nilArray(), '*-1\r\n', '_\r\n'],
  ['array', (to) => to.array(3), '*3\r\n', '*3\r\n'],
  ['map', (to) => to.map(3), '*6\r\n', '%3\r\n'],
  ['set', (to) => to.set(3), '*3\r\n', '~3\r\n'],
  ['push', (to) => to.push(3), '*3\r\n', '>3\r\n'],
  ['double', (to) => to.double(3.25), '$4\r\n3.25\r\n', ',3.25\r\n'],
  ['integral double', (to) => to.double(10), '$2\r\n10\r\n', ',10\r\n'],
  ['infinity', (to) => to.double(Number.NEGATIVE_INFINITY), '$4\r\n-inf\r\n', ',-inf\r\n'],
  ['not a number', (to) => to.double(Number.NaN), '$3\r\nnan\r\n', ',nan\r\n'],
  ['true', (to) => to.boolean(true), ':1\r\n', '#t\r\n'],
  ['false', (to) => to.boolean(false), ':0\r\n', '#f\r\n'],
  [
    'big number',
    (to) => to.bigNumber('-123456789012345678901'),
    '$22\r\n-123456789012345678901\r\n',
    '(-123456789012345678901\r\n',
  ],
  ['verbatim', (to) => to.verbatim('txt', 'é\n'), '$3\r\n\xc3\xa9\n\r\n', '=7\r\ntxt:\xc3\xa9\n\r\n'],
];

describe('RespWriter', () => {
  it.each(cases)('writes %s', (_name, write, resp2, resp3) => {
    expect(written(2, write)).toBe(resp2);
    expect(written(3, write)).toBe(resp3);
  });

  it('writes integers of every length', () => {
    const integers: (number | bigint)[] = [
      0,
      -0,
      -1,
      2 ** 53 - 1,
      -(2 ** 53) + 1,
      2n ** 63n - 1n,
      -(2n ** 63n),
    ];
    for (let power = 1; power < 2 ** 53; power *= 10)
      integers.push(power - 1, power, power + 1, -power, 7 * power);
    const safe = integers.filter((value) => typeof value === 'bigint' || Number.isSafeInteger(value));
    for (const value of safe) expect(written(2, (to) => to.integer(value))).toBe(`:${String(value)}\r\n`);
  });

  it.each([
    ['ASCII', 'a'],
    ['Latin', 'é'],
    ['a pair', '😀'],
    ['an escaped byte', '\udcff'],
  ])('counts the bytes of bulks of any length that end in %s', (_name, end) => {
    for (const length of [
      0, 1, 8, 9, 10, 47, 48, 49, 62, 63, 64, 65, 98, 99, 100, 999, 4095, 4096, 9998, 20000,
    ]) {
      const value = 'x'.repeat(length) + end;
      const bytes = written(2, (to) => to.bulk(value));
      const header = /^\$(\d+)\r\n/.exec(bytes);
      const body = bytes.slice(header?.[0].length, -2);
      expect(body.length).toBe(Number(header?.[1]));
      expect(fromBytes(latin1(body)) === value).toBe(true);
      expect(bytes.endsWith('\r\n')).toBe(true);
    }
  });

  it('hands over runs that share no memory with what is written later', () => {
    for (const length of [1, 1000, 16_000, 17_000, 40_000, 1_000_000]) {
      const writer = new RespWriter();
      writer.bytes(new Uint8Array(length).fill(1));
      const first = writer.take();
      const copy = first.slice();
      writer.bytes(new Uint8Array(length).fill(2));
      const second = writer.take();
      expect(first.buffer).not.toBe(second.buffer);
      expect(Buffer.compare(first, copy)).toBe(0);
      expect(second.length).toBe(first.length);
    }
  });

  it.each([
    ['many short replies', 25_000, (to: ReplySink) => Array.from({ length: 5000 }, () => to.simple('OK'))],
    ['one long status', 20_003, (to: ReplySink) => to.simple('x'.repeat(20_000))],
    ['one long status of wide characters', 30_003, (to: ReplySink) => to.simple('€'.repeat(10_000))],
  ])('does not hand over much more memory than bytes for %s', (_name, length, write) => {
    const writer = new RespWriter();
    write(writer);
    const taken = writer.take();
    expect(taken.length).toBe(length);
    expect(taken.subarray(-2)).toEqual(Uint8Array.of(13, 10));
    expect(taken.buffer.byteLength).toBeLessThanOrEqual(2 * taken.length);
  });

  it('counts what is pending, takes it once, and discards it', () => {
    const writer = new RespWriter();
    expect(writer.take()).toEqual(new Uint8Array(0));
    writer.simple('OK');
    expect(writer.pendingLength).toBe(5);
    expect(asLatin1(writer.take())).toBe('+OK\r\n');
    expect(writer.pendingLength).toBe(0);
    writer.bytes(new Uint8Array(100_000));
    writer.discard();
    writer.integer(1);
    expect(asLatin1(writer.take())).toBe(':1\r\n');
  });

  it('copies raw bytes before it returns', () => {
    const writer = new RespWriter();
    const bytes = Uint8Array.of(97, 98);
    writer.bytes(bytes);
    bytes.fill(0);
    expect(asLatin1(writer.take())).toBe('$2\r\nab\r\n');
  });

  it('changes the protocol between replies', () => {
    const writer = new RespWriter();
    writer.nil();
    writer.protocol = 3;
    writer.nil();
    expect(asLatin1(writer.take())).toBe('$-1\r\n_\r\n');
  });

  it('writes requests', () => {
    const writer = new RespWriter(3);
    writer.writeCommand(['SET', 'ké', Uint8Array.of(255)]);
    writer.writeCommand(['PING']);
    expect(asLatin1(writer.take())).toBe(
      '*3\r\n$3\r\nSET\r\n$3\r\nk\xc3\xa9\r\n$1\r\n\xff\r\n*1\r\n$4\r\nPING\r\n',
    );
  });
});
