import { describe, expect, it } from 'vitest';
import { ReplyError } from '../../src/errors.ts';
import type { Reply } from '../../src/wire/resp/reply.ts';
import { ReplyBuilder } from '../../src/wire/resp/reply-builder.ts';
import type { ReplySink } from '../../src/wire/resp/reply-sink.ts';

function built(protocol: 2 | 3, write: (sink: ReplySink) => void, bytes = false): Reply {
  const builder = new ReplyBuilder({ protocol, bytes });
  write(builder);
  return builder.finish();
}

const failure = new ReplyError('ERR no');
const utf8 = (text: string) => new TextEncoder().encode(text);

const cases: [name: string, write: (sink: ReplySink) => void, resp2: Reply, resp3: Reply][] = [
  ['status', (to) => to.simple('OK'), 'OK', 'OK'],
  ['integer', (to) => to.integer(42), 42, 42],
  ['negative zero', (to) => to.integer(-0), 0, 0],
  ['safe bigint', (to) => to.integer(-7n), -7, -7],
  ['largest safe bigint', (to) => to.integer(2n ** 53n - 1n), 2 ** 53 - 1, 2 ** 53 - 1],
  ['unsafe bigint', (to) => to.integer(2n ** 53n), 2n ** 53n, 2n ** 53n],
  ['unsafe negative bigint', (to) => to.integer(-(2n ** 63n)), -(2n ** 63n), -(2n ** 63n)],
  ['bulk', (to) => to.bulk('é'), 'é', 'é'],
  ['bulk of other bytes', (to) => to.bulk('a\udcff'), 'a\ufffd', 'a\ufffd'],
  ['raw bytes', (to) => to.bytes(utf8('é')), 'é', 'é'],
  ['nil', (to) => to.nil(), null, null],
  ['nil array', (to) => to.nilArray(), null, null],
  ['double', (to) => to.double(3.25), '3.25', 3.25],
  ['infinity', (to) => to.double(Number.POSITIVE_INFINITY), 'inf', Number.POSITIVE_INFINITY],
  ['boolean', (to) => to.boolean(true), 1, true],
  ['false', (to) => to.boolean(false), 0, false],
  ['big number', (to) => to.bigNumber('12345678901234567890'), '12345678901234567890', 12345678901234567890n],
  ['verbatim', (to) => to.verbatim('txt', 'é'), 'é', 'é'],
  ['empty array', (to) => to.array(0), [], []],
  ['empty map', (to) => to.map(0), [], new Map()],
  ['empty set', (to) => to.set(0), [], new Set()],
  ['empty push', (to) => to.push(0), [], []],
];

describe('ReplyBuilder', () => {
  it.each(cases)('builds %s', (_name, write, resp2, resp3) => {
    expect(built(2, write)).toStrictEqual(resp2);
    expect(built(3, write)).toStrictEqual(resp3);
  });

  it('answers an error as the error itself, inside aggregates too', () => {
    expect(built(2, (to) => to.error(failure))).toBe(failure);
    const nested = built(2, (to) => {
      to.array(2);
      to.error(failure);
      to.integer(1);
    });
    expect(nested).toStrictEqual([failure, 1]);
  });

  it('gives errors the text that goes over the wire', () => {
    const reply = built(2, (to) => to.error(new ReplyError("ERR '\udcff'\r\n x\n")));
    expect(reply).toStrictEqual(new ReplyError("ERR '\ufffd'   x"));
  });

  it('nests aggregates, closing as many as a value completes', () => {
    const write = (to: ReplySink) => {
      to.array(3);
      to.map(2);
      to.bulk('a');
      to.set(2);
      to.integer(1);
      to.array(0);
      to.bulk('b');
      to.map(0);
      to.push(1);
      to.nil();
      to.array(1);
      to.array(1);
      to.bulk('last');
    };
    expect(built(2, write)).toStrictEqual([['a', [1, []], 'b', []], [null], [['last']]]);
    expect(built(3, write)).toStrictEqual([
      new Map<Reply, Reply>([
        ['a', new Set<Reply>([1, []])],
        ['b', new Map()],
      ]),
      [null],
      [['last']],
    ]);
  });

  it('builds bulks as bytes on demand, statuses as text', () => {
    const source = Uint8Array.of(1, 2);
    const reply = built(
      3,
      (to) => {
        to.array(5);
        to.simple('OK');
        to.bulk('a\udcff');
        to.bytes(source);
        to.verbatim('txt', 'v');
        to.double(1.5);
      },
      true,
    );
    source.fill(9);
    expect(reply).toStrictEqual(['OK', Uint8Array.of(97, 255), Uint8Array.of(1, 2), utf8('v'), 1.5]);
    expect(built(2, (to) => to.double(1.5), true)).toStrictEqual(utf8('1.5'));
    expect(built(2, (to) => to.bytes(Buffer.from('a')), true)).toStrictEqual(utf8('a'));
  });

  it('serves one reply after the other, in either protocol', () => {
    const builder = new ReplyBuilder();
    builder.map(0);
    expect(builder.finish()).toStrictEqual([]);
    builder.protocol = 3;
    builder.map(0);
    expect(builder.finish()).toStrictEqual(new Map());
  });

  it('refuses a codec that announced another number of values than it wrote', () => {
    const builder = new ReplyBuilder();
    expect(() => builder.finish()).toThrow('before all of its announced values');
    builder.array(2);
    builder.integer(1);
    expect(() => builder.finish()).toThrow('before all of its announced values');
    builder.array(1);
    builder.integer(1);
    builder.integer(2);
    expect(() => builder.finish()).toThrow('a second reply');
    builder.integer(3);
    expect(builder.finish()).toBe(3);
  });
});
