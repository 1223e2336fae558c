import { normalise } from './support/acl-normalise.ts';
import { interleavings } from './support/interleavings.ts';

// Streams and what belongs to connections: watched and tracked keys, users, transactions.

const BEGIN = [
  'b: XADD k 1-1 f a',
  'b: XADD k 1-2 f b',
  'b: XADD k 1-3 f c',
  'b: XGROUP CREATE k g 0',
  'b: XREADGROUP GROUP g c COUNT 2 STREAMS k >',
];

/** `a` watches k, `b` does this, and `a` finds out whether it counted. */
function watched(...lines: readonly string[]): string[] {
  return [
    ...BEGIN,
    ...lines.flatMap((line) => ['a: WATCH k', `b: ${line}`, 'a: MULTI', 'a: PING', 'a: EXEC']),
  ];
}

/** The same for a client that tracks what it reads. */
function tracked(...lines: readonly string[]): string[] {
  return [...BEGIN, 'a: CLIENT TRACKING ON', ...lines.flatMap((line) => ['a: XLEN k', `b: ${line}`])];
}

const CHANGES = [
  'XADD k 2-1 f v',
  'XADD k 2-1 f v',
  'XADD k NOMKSTREAM 2-2 f v',
  'XADD k MAXLEN 4 2-3 f v',
  'XADD k',
  'XDEL k 1-1',
  'XDEL k 1-1',
  'XTRIM k MAXLEN 3',
  'XTRIM k MAXLEN 3',
  'XTRIM k MAXLEN ~ 2',
  'XSETID k 3-0',
  'XSETID k 1-0',
  'XGROUP CREATE k h 0',
  'XGROUP CREATE k h 0',
  'XGROUP SETID k h 1-2',
  'XGROUP DESTROY k h',
  'XGROUP DESTROY k h',
  'XGROUP CREATECONSUMER k g d',
  'XGROUP CREATECONSUMER k g d',
  'XGROUP DELCONSUMER k g d',
  'XGROUP DELCONSUMER k g d',
  'XREADGROUP GROUP g c COUNT 1 STREAMS k >',
  'XREADGROUP GROUP g c STREAMS k 0',
  'XREADGROUP GROUP g c STREAMS k >',
  'XREADGROUP GROUP g c STREAMS k >',
  'XREADGROUP GROUP none c STREAMS k >',
  'XACK k g 1-2',
  'XACK k g 1-2',
  'XCLAIM k g e 0 1-3',
  'XCLAIM k g e 0 9-9',
  'XCLAIM k g e 100000 1-3',
  'XAUTOCLAIM k g f 0 0',
  'XAUTOCLAIM k g f 100000 0',
  'XPENDING k g',
  'XRANGE k - +',
  'XREAD STREAMS k 0',
  'XINFO STREAM k FULL',
  'XLEN k',
];

interleavings('streams and WATCH', { 'what is a change, and what is not': watched(...CHANGES) });

interleavings('streams and tracking', {
  'what is a change, and what is not': tracked(...CHANGES),
  'each read is remembered': [
    ...BEGIN,
    'a: CLIENT TRACKING ON',
    ...[
      ...[
        'XLEN k',
        'XRANGE k - +',
        'XREVRANGE k + -',
        'XREAD STREAMS k 0',
        'XREAD COUNT 1 STREAMS nok k 0 0',
        'XPENDING k g',
      ],
      ...[
        'XINFO STREAM k',
        'XINFO GROUPS k',
        'XINFO CONSUMERS k g',
        'XPENDING k g - + 10',
        'XREAD STREAMS k abc',
      ],
    ].flatMap((line, at) => [`a: ${line}`, `b: XADD k ${at + 2}-0 f v`]),
    'b: XADD nok 1-1 f v',
  ],
  'commands that write do not count as reads': [
    ...BEGIN,
    'a: CLIENT TRACKING ON',
    ...['XACK k g 1-1', 'XCLAIM k g c 0 1-2', 'XDEL k 1-1', 'XREADGROUP GROUP g c STREAMS k >'].flatMap(
      (line, at) => [`a: ${line}`, `b: XADD k ${at + 2}-0 f v`],
    ),
  ],
});

interleavings(
  'streams and users',
  {
    'the keys of each command': [
      'a: ACL SETUSER u on nopass ~k* +@all',
      'a: XADD x 1-1 f v',
      'a: XGROUP CREATE x g 0',
      'b: AUTH u p',
      ...[
        'XADD k 1-1 f v',
        'XADD x 1-1 f v',
        'XREAD STREAMS k 0',
        'XREAD STREAMS x 0',
        'XREAD STREAMS k x 0 0',
        'XREAD COUNT 1 BLOCK 0 STREAMS k x 0 0',
        'XREAD COUNT 1 STREAMS k k2 0 0',
        'XREAD STREAMS k x 0',
        'XREAD STREAMS x',
        'XREAD COUNT 1 k 0',
        'XGROUP CREATE k g 0',
        'XGROUP CREATE x h 0',
        'XREADGROUP GROUP g c STREAMS k >',
        'XREADGROUP GROUP g c STREAMS x >',
        'XREADGROUP GROUP x y STREAMS k >',
        'XREADGROUP GROUP g c COUNT 1 NOACK STREAMS k x > >',
        'XACK x g 1-1',
        'XACK k g 1-1',
        'XINFO STREAM x',
        'XINFO STREAM k',
        'XINFO GROUPS x',
        'XPENDING x g',
        'XCLAIM x g c 0 1-1',
        'XAUTOCLAIM x g c 0 0',
        'XDEL x 1-1',
        'XTRIM x MAXLEN 0',
        'XSETID x 1-1',
        'XLEN x',
        'XRANGE x - +',
        'XREVRANGE x + -',
      ].map((line) => `b: ${line}`),
    ],
    'who may only read, and who may only write': [
      'a: XADD k 1-1 f v',
      'a: XGROUP CREATE k g 0',
      'a: ACL SETUSER r on nopass %R~k +@all',
      'a: ACL SETUSER w on nopass %W~k +@all',
      'b: AUTH r p',
      'c: AUTH w p',
      ...[
        'XLEN k',
        'XRANGE k - +',
        'XREAD STREAMS k 0',
        'XREADGROUP GROUP g c STREAMS k >',
        'XADD k 9-1 f v',
        'XDEL k 1-1',
        'XACK k g 1-1',
        'XPENDING k g',
        'XCLAIM k g c 0 1-1',
        'XAUTOCLAIM k g c 0 0',
        'XINFO STREAM k',
        'XGROUP CREATECONSUMER k g d',
        'XSETID k 10-1',
        'XTRIM k MAXLEN 0',
      ].flatMap((line) => [`b: ${line}`, `c: ${line}`]),
    ],
    'categories and subcommands': [
      'a: XADD k 1-1 f v',
      'a: ACL SETUSER u on nopass ~* +@stream -xgroup +xgroup|create -xinfo|stream',
      'b: AUTH u p',
      'b: XADD k 1-2 f v',
      'b: XGROUP CREATE k g 0',
      'b: XGROUP DESTROY k g',
      'b: XINFO GROUPS k',
      'b: XINFO STREAM k',
      'b: GET k',
      'a: ACL SETUSER u -@all +@read',
      'b: XRANGE k - +',
      'b: XADD k 1-3 f v',
      'b: XREADGROUP GROUP g c STREAMS k >',
      'b: XREAD STREAMS k 0',
      'a: ACL SETUSER u -@all +@write -@blocking',
      'b: XADD k 1-3 f v',
      'b: XREADGROUP GROUP g c STREAMS k >',
      'a: ACL DRYRUN u XREAD STREAMS k 0',
      'a: ACL DRYRUN u XADD k 1-1 f v',
    ],
  },
  { normalise, before: ['ACL DELUSER u r w'] },
);

interleavings('streams and transactions', {
  'several clients on one group': [
    ...BEGIN,
    'a: MULTI',
    'a: XREADGROUP GROUP g d STREAMS k >',
    'b: XADD k 2-1 f v',
    'a: XACK k g 1-1 1-3',
    'b: XREADGROUP GROUP g c STREAMS k >',
    'a: XADD k 3-1 f v',
    'a: XADD k 3-1 f v',
    'a: EXEC',
    'b: XREADGROUP GROUP g c STREAMS k >',
    'b: XPENDING k g',
    'a: XPENDING k g - + 10 d',
  ],
  'another database': [
    'a: SELECT 1',
    'a: XADD k 1-1 f v',
    'b: XLEN k',
    'b: XADD k 5-5 f v',
    'a: XADD k 1-2 f v',
    'a: SWAPDB 0 1',
    'b: XRANGE k - +',
    'a: XRANGE k - +',
    'b: XGROUP CREATE k g 0',
    'b: MOVE k 2',
    'b: XREADGROUP GROUP g c STREAMS k >',
    'b: SELECT 2',
    'b: XREADGROUP GROUP g c STREAMS k >',
    'b: DEL k',
  ],
});
