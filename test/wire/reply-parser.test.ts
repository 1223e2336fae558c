import { describe, expect, it } from 'vitest';
import { ReplyError } from '../../src/errors.ts';
import type { Reply } from '../../src/wire/resp/reply.ts';
import { type ReplyNode, toReply } from '../../src/wire/resp/reply-node.ts';
import { ReplyParser } from '../../src/wire/resp/reply-parser.ts';
import { cuts, latin1, readReplies } from './support.ts';

const bulk = (value: string): ReplyNode => ({ type: '$', value });
const integer = (value: number): ReplyNode => ({ type: ':', value });

const good: [input: string, node: ReplyNode, reply: Reply][] = [
  ['+OK\r\n', { type: '+', value: 'OK' }, 'OK'],
  ['+\r\n', { type: '+', value: '' }, ''],
  ['-ERR \xff\r\n', { type: '-', value: 'ERR \udcff' }, new ReplyError('ERR \ufffd')],
  ['!6\r\nERR\r\nx\r\n', { type: '!', value: 'ERR\r\nx' }, new ReplyError('ERR\r\nx')],
  [':42\r\n', integer(42), 42],
  [':-0\r\n', integer(0), 0],
  [':+7\r\n', integer(7), 7],
  [':9007199254740991\r\n', integer(2 ** 53 - 1), 2 ** 53 - 1],
  [':9007199254740992\r\n', { type: ':', value: 2n ** 53n }, 2n ** 53n],
  [':-9223372036854775808\r\n', { type: ':', value: -(2n ** 63n) }, -(2n ** 63n)],
  ['$2\r\n\r\n\r\n', bulk('\r\n'), '\r\n'],
  ['$0\r\n\r\n', bulk(''), ''],
  ['$3\r\n\xc3\xa9\xff\r\n', bulk('é\udcff'), 'é\ufffd'],
  ['$-1\r\n', { type: '$', value: null }, null],
  ['*-1\r\n', { type: '*', items: null }, null],
  ['_\r\n', { type: '_' }, null],
  ['*0\r\n', { type: '*', items: [] }, []],
  [
    '*2\r\n:1\r\n*1\r\n$1\r\na\r\n',
    { type: '*', items: [integer(1), { type: '*', items: [bulk('a')] }] },
    [1, ['a']],
  ],
  ['~2\r\n:1\r\n:2\r\n', { type: '~', items: [integer(1), integer(2)] }, new Set([1, 2])],
  ['>1\r\n+x\r\n', { type: '>', items: [{ type: '+', value: 'x' }] }, ['x']],
  ['%0\r\n', { type: '%', entries: [] }, new Map()],
  [
    '%2\r\n$1\r\na\r\n*2\r\n:1\r\n:2\r\n:1\r\n_\r\n',
    {
      type: '%',
      entries: [
        [bulk('a'), { type: '*', items: [integer(1), integer(2)] }],
        [integer(1), { type: '_' }],
      ],
    },
    new Map<Reply, Reply>([
      ['a', [1, 2]],
      [1, null],
    ]),
  ],
  [',1.50\r\n', { type: ',', value: 1.5, text: '1.50' }, 1.5],
  [',-1e-7\r\n', { type: ',', value: -1e-7, text: '-1e-7' }, -1e-7],
  [',inf\r\n', { type: ',', value: Number.POSITIVE_INFINITY, text: 'inf' }, Number.POSITIVE_INFINITY],
  [',-inf\r\n', { type: ',', value: Number.NEGATIVE_INFINITY, text: '-inf' }, Number.NEGATIVE_INFINITY],
  [',nan\r\n', { type: ',', value: Number.NaN, text: 'nan' }, Number.NaN],
  [',-nan\r\n', { type: ',', value: Number.NaN, text: '-nan' }, Number.NaN],
  ['#t\r\n', { type: '#', value: true }, true],
  ['#f\r\n', { type: '#', value: false }, false],
  ['(-12345678901234567890\r\n', { type: '(', value: '-12345678901234567890' }, -12345678901234567890n],
  ['=6\r\ntxt:\r\n\r\n', { type: '=', format: 'txt', value: '\r\n' }, '\r\n'],
  ['=4\r\nmkd:\r\n', { type: '=', format: 'mkd', value: '' }, ''],
  // The attribute of a value, of a value within an aggregate, an empty one, and one within an attribute.
  ['|1\r\n+ttl\r\n:9\r\n+OK\r\n', { type: '+', value: 'OK' }, 'OK'],
  ['*1\r\n|1\r\n+ttl\r\n*1\r\n:9\r\n:1\r\n', { type: '*', items: [integer(1)] }, [1]],
  ['|0\r\n:1\r\n', integer(1), 1],
  ['|1\r\n|1\r\n+a\r\n+b\r\n+c\r\n+d\r\n:1\r\n', integer(1), 1],
];

const bad = [
  ...[
    'x\r\n',
    '\r\n',
    '\xff\r\n',
    '$x\r\n',
    '$\r\n',
    '$-2\r\n',
    '$1.5\r\n',
    '!-1\r\n',
    '=-1\r\n',
    '~-1\r\n',
    '%-1\r\n',
  ],
  ...['*1e3\r\n', '*99999999999999999999\r\n', '$?\r\n'],
  ...[
    ':\r\n',
    ':x\r\n',
    ':1.5\r\n',
    ': 1\r\n',
    ',\r\n',
    ',x\r\n',
    ',1,5\r\n',
    ',infinity\r\n',
    ',.\r\n',
    ',0x1\r\n',
  ],
  ...['#\r\n', '#true\r\n', '_x\r\n', '(\r\n', '(1.5\r\n'],
  ...['+a\rb\r\n', '$1\r\nabc\r\n', '$1\r\na\n\n', '=3\r\ntxt\r\n', '=4\r\ntxtx\r\n', '*2\r\n:1\r\n?\r\n'],
];

describe('ReplyParser', () => {
  it.each(good)('reads %j, wherever it is cut', (input, node, reply) => {
    for (const chunks of cuts(latin1(input))) {
      const { replies, error } = readReplies(chunks);
      expect(error).toBeUndefined();
      expect(replies).toStrictEqual([node]);
      expect(toReply(replies[0]!)).toStrictEqual(reply);
    }
  });

  it('reads all of them one after the other, in one chunk or in bytes', () => {
    const input = latin1(good.map(([text]) => text).join(''));
    const nodes = good.map(([, node]) => node);
    expect(readReplies([input]).replies).toStrictEqual(nodes);
    expect(readReplies(Array.from(input, (byte) => Uint8Array.of(byte))).replies).toStrictEqual(nodes);
  });

  it.each(good)('waits for every last byte of %j', (input) => {
    const bytes = latin1(input);
    for (let length = 0; length < bytes.length; length++) {
      expect(readReplies([bytes.subarray(0, length)])).toStrictEqual({ replies: [], error: undefined });
    }
  });

  it.each(bad)('refuses %j, wherever it is cut, once', (input) => {
    for (const chunks of cuts(latin1(`:1\r\n${input}`))) {
      const { replies, error } = readReplies([...chunks, latin1(':2\r\n')]);
      expect(replies).toStrictEqual([integer(1)]);
      expect(error).toMatch(/^MalformedReplyError: /);
    }
  });

  it('keeps attributes where they belong, on demand', () => {
    const input =
      '*2\r\n|1\r\n+k\r\n|1\r\n+inner\r\n:0\r\n:9\r\n*1\r\n:1\r\n$-1\r\n|1\r\n+k\r\n:8\r\n|1\r\n+l\r\n:7\r\n:2\r\n';
    const name = (value: string): ReplyNode => ({ type: '+', value });
    for (const chunks of cuts(latin1(input))) {
      expect(readReplies(chunks, { keepAttributes: true }).replies).toStrictEqual([
        {
          type: '*',
          items: [
            {
              type: '*',
              items: [integer(1)],
              attributes: [[name('k'), { type: ':', value: 9, attributes: [[name('inner'), integer(0)]] }]],
            },
            { type: '$', value: null },
          ],
        },
        {
          type: ':',
          value: 2,
          attributes: [
            [name('k'), integer(8)],
            [name('l'), integer(7)],
          ],
        },
      ]);
    }
  });

  it('reads a thousand levels, and refuses more', () => {
    const nested = (depth: number) => latin1(`${'*1\r\n'.repeat(depth)}:1\r\n`);
    const [node] = readReplies([nested(1000)]).replies;
    expect(JSON.stringify(toReply(node!))).toBe(`${'['.repeat(1000)}1${']'.repeat(1000)}`);
    expect(readReplies([nested(1001)]).error).toMatch('nest deeper than 1000');
  });

  it('reads a big bulk in small chunks', () => {
    const body = '0123456789'.repeat(300_000);
    const parser = new ReplyParser();
    const input = latin1(`$${body.length}\r\n${body}\r\n`);
    for (let at = 0; at < input.length; at += 1000) {
      expect(parser.next()).toBeUndefined();
      parser.feed(input.subarray(at, at + 1000));
    }
    const node = parser.next();
    expect(node?.type === '$' && node.value === body).toBe(true);
    expect(parser.next()).toBeUndefined();
  });

  it('gives bulks and verbatim texts as bytes on demand', () => {
    const input = '*4\r\n+OK\r\n$1\r\n\xff\r\n=5\r\ntxt:a\r\n$-1\r\n';
    const [node] = readReplies([latin1(input)]).replies;
    expect(toReply(node!, { bytes: true })).toStrictEqual([
      'OK',
      Uint8Array.of(255),
      Uint8Array.of(97),
      null,
    ]);
  });
});
