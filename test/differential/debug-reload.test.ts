import { lua } from '../../src/scripting/index.ts';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { behaviours, type Script } from './support/behaviours.ts';
import type { Tokens } from './support/sides.ts';

// DEBUG RELOAD: what is saved and loaded is what it was, in the encodings that the server gives it when it loads it. Of a
// store without storage that is done in memory, by the same code that reads and writes its files.

const RELOADS = ['DEBUG RELOAD', 'DEBUG RELOAD NOFLUSH MERGE'] as const;

/** Builds values, and asks for their encodings before and after they are loaded. */
function reloading(keys: readonly string[], lines: Script): Script {
  const asked = keys.map((key) => `OBJECT ENCODING ${key}`);
  return [
    ...lines,
    ...asked,
    ...RELOADS.flatMap((reload) => [
      reload,
      ...asked,
      ...keys.map((key) => `DEBUG DIGEST-VALUE ${key}`),
      'DBSIZE',
      'DEBUG DIGEST',
    ]),
  ];
}

function words(count: number, letter = 'v'): string {
  return Array.from({ length: count }, (_, at) => `${letter}${at}`).join(' ');
}

function pairs(count: number): string {
  return Array.from({ length: count }, (_, at) => `f${at} v${at}`).join(' ');
}

function scored(count: number): string {
  return Array.from({ length: count }, (_, at) => `${at / 2} m${at}`).join(' ');
}

const LONG = 'x'.repeat(65);

/** 7.0 has no listpacks of sets, nor lists that are one listpack. */
function isNewEncoding(tokens: Tokens, ours: ReplyNode, theirs: ReplyNode): boolean {
  if (tokens[1] !== 'ENCODING' || ours.type !== '$' || theirs.type !== '$') return false;
  const key = tokens[2]!;
  if (key.startsWith('set')) return ours.value === 'listpack' && theirs.value === 'hashtable';
  return key.startsWith('list') && ours.value === 'listpack' && theirs.value === 'quicklist';
}

behaviours(
  'DEBUG RELOAD',
  {
    strings: reloading(
      ['int', 'text', 'long', 'appended', 'number', 'float', 'shrunk', 'bits', 'empty', 'huge', 'binary'],
      [
        'SET int 12345',
        'SET text hello',
        `SET long ${LONG}`,
        'SET appended 1',
        'APPEND appended 2',
        'SETRANGE number 0 42',
        'INCRBYFLOAT float 1.5',
        `SET shrunk ${LONG}`,
        'SETRANGE shrunk 0 y',
        'SETBIT bits 1000 1',
        'SET empty ""',
        'SET huge 9223372036854775808',
        'SET binary "\\xff\\x00\\xfe"',
        'SET expiring v PX 1000000000',
      ],
    ),
    hashes: reloading(
      ['small', 'large', 'shrunk', 'wide', 'narrowed', 'numbers'],
      [
        `HSET small ${pairs(5)}`,
        `HSET large ${pairs(600)}`,
        `HSET shrunk ${pairs(600)}`,
        ...Array.from({ length: 590 }, (_, at) => `HDEL shrunk f${at}`),
        `HSET wide f ${LONG}`,
        `HSET narrowed f ${LONG}`,
        'HSET narrowed f short',
        'HSET numbers 1 2 3 -4 5 99999999999999999999',
      ],
    ),
    sets: reloading(
      ['set:ints', 'set:many-ints', 'set:words', 'set:many-words', 'set:was-words', 'set:shrunk', 'set:wide'],
      [
        'SADD set:ints 3 1 2 -70000',
        `SADD set:many-ints ${Array.from({ length: 600 }, (_, at) => at).join(' ')}`,
        `SADD set:words ${words(5)}`,
        `SADD set:many-words ${words(200)}`,
        'SADD set:was-words a 1 2',
        'SREM set:was-words a',
        `SADD set:shrunk ${words(200)}`,
        ...Array.from({ length: 195 }, (_, at) => `SREM set:shrunk v${at}`),
        `SADD set:wide ${LONG}`,
      ],
    ),
    'sorted sets': reloading(
      ['small', 'large', 'shrunk', 'wide', 'special'],
      [
        `ZADD small ${scored(5)}`,
        `ZADD large ${scored(200)}`,
        `ZADD shrunk ${scored(200)}`,
        'ZREMRANGEBYRANK shrunk 0 194',
        `ZADD wide 1 ${LONG}`,
        'ZADD special inf a -inf b 0.1 c -0 d 1e300 e 3 f',
      ],
    ),
    lists: reloading(
      ['list:small', 'list:large', 'list:shrunk', 'list:wide', 'list:numbers'],
      [
        `RPUSH list:small ${words(5)}`,
        `RPUSH list:large ${words(3000)}`,
        `RPUSH list:shrunk ${words(3000)}`,
        'LTRIM list:shrunk 0 3',
        `RPUSH list:wide ${'y'.repeat(10_000)} ${LONG}`,
        'RPUSH list:numbers 1 -1 127 128 65536 9223372036854775807 1.5',
        'LRANGE list:large 0 -1',
      ],
    ),
    streams: [
      ...Array.from({ length: 150 }, (_, at) => `XADD s ${at + 1}-1 f${at % 3} v${at}`),
      'XDEL s 3-1 5-1',
      'XGROUP CREATE s g 4',
      'XGROUP CREATECONSUMER s g idle',
      'XREADGROUP GROUP g alice COUNT 3 STREAMS s >',
      'XADD empty 1-1 a b',
      'XDEL empty 1-1',
      ...RELOADS.flatMap((reload) => [
        reload,
        'XRANGE s - +',
        'XLEN s',
        'XPENDING s g',
        'XINFO STREAM empty',
        'XADD empty 1-1 a b',
        'OBJECT ENCODING s',
      ]),
    ],
    'HyperLogLogs, places, bitmaps': reloading(
      ['hll', 'dense', 'geo', 'bits'],
      [
        'PFADD hll a b c',
        `PFADD dense ${words(3000)}`,
        'GEOADD geo 13.361389 38.115556 Palermo 15.087269 37.502669 Catania',
        'BITFIELD bits SET u8 0 200 SET i16 #3 -5',
      ],
    ),
    'databases and expiry': [
      ...['SET a 1', 'SELECT 5', 'SET b 2', 'EXPIRE b 1000', 'SELECT 0', 'SET c 3 PXAT 99999999999999'],
      'SET gone 1 PX 100000',
      'DEBUG SET-ACTIVE-EXPIRE 0',
      'PEXPIREAT gone 1',
      ...RELOADS.flatMap((reload) => [
        ...[reload, 'DBSIZE', 'GET a', 'PEXPIRETIME c', 'SELECT 5', 'GET b', 'PERSIST b', 'SELECT 0'],
      ]),
      'DEBUG SET-ACTIVE-EXPIRE 1',
    ],
    'what becomes of clients': [
      ...['SELECT 3', 'CLIENT SETNAME me', 'SET k v', 'MULTI', 'GET k', 'DEBUG RELOAD', 'GET k', 'EXEC'],
      ...['CLIENT GETNAME', 'GET k', 'WATCH k', 'DEBUG RELOAD', 'DEBUG RELOAD NOK', 'SELECT 0', 'UNWATCH'],
      ...['DEBUG RELOAD MERGE NOFLUSH NOK', 'DEBUG AOF-FLUSH-SLEEP', 'DEBUG AOF-FLUSH-SLEEP 0'],
    ],
    functions: [
      [
        'FUNCTION',
        'LOAD',
        "#!lua name=lib\nredis.register_function('f', function(keys) return redis.call('GET', keys[1]) end)",
      ],
      ...[
        'SET k v',
        'FCALL f 1 k',
        'DEBUG RELOAD',
        'FCALL f 1 k',
        'FUNCTION LIST',
        'DEBUG RELOAD NOFLUSH MERGE',
      ],
      ...['FCALL f 1 k', 'FUNCTION FLUSH'],
    ],
  },
  { isExempt: isNewEncoding, storeOptions: () => ({ scripting: lua() }) },
);
