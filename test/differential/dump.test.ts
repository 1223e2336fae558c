import { fromBytes } from '../../src/bytes/byte-string.ts';
import { dumpCommands } from '../../src/persistence/rdb/dump-commands.ts';
import { registry } from '../../src/session/registry.ts';
import { hex, payload } from '../persistence/rdb/support.ts';
import { behaviours } from './support/behaviours.ts';
import { generated } from './support/generated.ts';

/** The payload of a value that is written in hexadecimal digits. */
const of = (digits: string, version = 10) => fromBytes(payload(hex(digits), version));

const ABC = of('00 03 616263');
/** With another last byte. */
const DAMAGED = fromBytes(payload(hex('00 03 616263')).with(-1, 0));
const FAR = '4102444800000';

behaviours('DUMP and RESTORE', {
  'DUMP of nothing, of too little and of too much': ['DUMP none', 'DUMP', 'DUMP a b', ['RESTORE', 'k', '0']],
  'RESTORE puts a value': [
    ['RESTORE', 'k', '0', ABC],
    'GET k',
    'TTL k',
    'OBJECT ENCODING k',
    'DUMP k',
    ['RESTORE', 'n', '0', of('00 c0 7b')],
    'INCR n',
    'DUMP n',
  ],
  'a key that holds something is busy, whatever else is wrong': [
    'SET k v',
    ['RESTORE', 'k', '0', ABC],
    ['RESTORE', 'k', 'x', 'x'],
    ['RESTORE', 'k', '-1', ABC],
    ['RESTORE', 'k', '0', ABC, 'FOO'],
    ['RESTORE', 'k', '0', ABC, 'IDLETIME', '-1'],
    ['RESTORE', 'k', '0', ABC, 'FREQ', '256'],
    'GET k',
  ],
  'REPLACE replaces, whatever was there': [
    'RPUSH k a b',
    'EXPIRE k 100',
    ['RESTORE', 'k', '0', ABC, 'REPLACE'],
    'GET k',
    'TTL k',
    ['RESTORE', 'k', '0', ABC, 'replace', 'Replace'],
    ['RESTORE', 'none', '0', ABC, 'REPLACE'],
    'GET none',
  ],
  'a payload that is bad changes nothing': [
    'SET k v EX 100',
    ['RESTORE', 'k', '0', 'x', 'REPLACE'],
    ['RESTORE', 'k', '0', '', 'REPLACE'],
    ['RESTORE', 'k', '0', DAMAGED, 'REPLACE'],
    ['RESTORE', 'k', '0', of('63 03 616263'), 'REPLACE'],
    ['RESTORE', 'k', '0', of('02 00'), 'REPLACE'],
    ['RESTORE', 'k', '0', of('00 80 00ffffff 61'), 'REPLACE'],
    ['RESTORE', 'none', '0', DAMAGED],
    'GET k',
    'TTL k',
    'EXISTS none',
  ],
  'the TTL': [
    ['RESTORE', 'a', '100000', ABC],
    'PTTL a',
    ['RESTORE', 'b', FAR, ABC, 'ABSTTL'],
    'PEXPIRETIME b',
    ['RESTORE', 'c', 'x', ABC],
    ['RESTORE', 'c', '-1', ABC],
    ['RESTORE', 'c', '+1', ABC],
    ['RESTORE', 'c', '1.5', ABC],
    ['RESTORE', 'c', '9223372036854775808', ABC],
    ['RESTORE', 'c', '-1', 'x'],
    ['RESTORE', 'c', '0', ABC, 'ABSTTL'],
    'TTL c',
    ['RESTORE', 'd', '9223372036854775807', ABC, 'ABSTTL'],
    'PEXPIRETIME d',
    // This one is past the end of time, and so it is over.
    ['RESTORE', 'e', '9223372036854775807', ABC],
    'EXISTS e',
  ],
  'a time that is over leaves no key': [
    ['RESTORE', 'a', '1', ABC, 'ABSTTL'],
    'EXISTS a',
    'SET k v',
    ['RESTORE', 'k', '1', ABC, 'ABSTTL'],
    ['RESTORE', 'k', '1', DAMAGED, 'ABSTTL', 'REPLACE'],
    'GET k',
    ['RESTORE', 'k', '1', ABC, 'ABSTTL', 'REPLACE'],
    'EXISTS k',
  ],
  'IDLETIME and FREQ': [
    ['RESTORE', 'a', '0', ABC, 'IDLETIME', '10'],
    ['RESTORE', 'b', '0', ABC, 'FREQ', '10'],
    ['RESTORE', 'c', '0', ABC, 'IDLETIME', '1', 'idletime', '2'],
    ['RESTORE', 'd', '0', ABC, 'FREQ', '1', 'FREQ', '255'],
    ['RESTORE', 'e', '0', ABC, 'IDLETIME'],
    ['RESTORE', 'e', '0', ABC, 'FREQ'],
    ['RESTORE', 'e', '0', ABC, 'IDLETIME', 'x'],
    ['RESTORE', 'e', '0', ABC, 'FREQ', 'x'],
    ['RESTORE', 'e', '0', ABC, 'IDLETIME', '-1', 'FOO'],
    ['RESTORE', 'e', '0', ABC, 'FREQ', '256', 'FOO'],
    ['RESTORE', 'e', '0', ABC, 'FREQ', '-1'],
    ['RESTORE', 'e', '0', ABC, 'IDLETIME', '1', 'FREQ', '1'],
    ['RESTORE', 'e', '0', ABC, 'FREQ', '1', 'IDLETIME', 'x'],
    ['RESTORE', 'e', '0', ABC, 'IDLETIME', '9223372036854775807', 'REPLACE', 'ABSTTL'],
  ],
  'versions and checksums': [
    ['RESTORE', 'a', '0', of('00 03 616263', 0)],
    ['RESTORE', 'b', '0', of('00 03 616263', 9)],
    ['RESTORE', 'c', '0', of('00 03 616263', 999)],
    ['RESTORE', 'd', '0', fromBytes(payload(hex('00 03 616263')).fill(0, -8))],
    'DEBUG SET-SKIP-CHECKSUM-VALIDATION 1',
    ['RESTORE', 'e', '0', DAMAGED],
    ['RESTORE', 'f', '0', of('00 03 616263', 999)],
    'DEBUG SET-SKIP-CHECKSUM-VALIDATION 0',
    ['RESTORE', 'g', '0', DAMAGED],
  ],
  'what follows a value is not looked at, and a value may reach into the footer': [
    ['RESTORE', 'a', '0', of('00 03 616263 64')],
    'GET a',
    ['RESTORE', 'b', '0', of('00 03 6162')],
    'GET b',
  ],
  rdbcompression: [
    ['SET', 'k', 'a'.repeat(1000)],
    'CONFIG SET rdbcompression no',
    'DUMP k',
    'CONFIG SET rdbcompression yes',
    'DUMP k',
  ],
  'an example of the documentation: a list as Redis 2.6 wrote it': [
    [
      'RESTORE',
      'mykey',
      '0',
      fromBytes(hex('0a171700000012000000030000c001000 4c0020004c00300ff0400 75233cc03b2ee9dd')),
    ],
    'TYPE mykey',
    'LRANGE mykey 0 -1',
    ['SET', 'ten', '10'],
    'DUMP ten',
  ],
  'RESTORE in a transaction': [
    'SET k v',
    'MULTI',
    ['RESTORE', 'k', '0', ABC],
    ['RESTORE', 'k', '0', ABC, 'REPLACE'],
    'APPEND k d',
    'EXEC',
    'GET k',
  ],
  'whoever watches the key learns of it': [
    'WATCH k',
    ['RESTORE', 'k', '0', ABC],
    'MULTI',
    'GET k',
    'EXEC',
    'WATCH k',
    ['RESTORE', 'k', '0', DAMAGED, 'REPLACE'],
    'MULTI',
    'GET k',
    'EXEC',
  ],
});

generated('DUMP and RESTORE', [
  ...dumpCommands,
  ...dumpCommands,
  ...registry.all.filter(({ facts }) =>
    ['SET', 'GET', 'APPEND', 'EXPIRE', 'PERSIST', 'COPY', 'DEL'].includes(facts.name),
  ),
]);

/** For each type: what makes one under `k`, what changes a copy, and what shows it. */
const COPIED: Record<string, readonly [make: string[], change: string[], show: string[]]> = {
  string: [['SET k hello'], ['APPEND k ! '], ['GET']],
  'an edited string': [['SETRANGE k 3 x'], ['SETRANGE k 0 abc', 'SETRANGE k 9 z'], ['GET']],
  list: [['RPUSH k a b c'], ['LSET k 0 z', 'LREM k 1 b', 'RPUSH k d'], ['LRANGE', '0', '-1']],
  'a set of integers': [['SADD k 1 2 3'], ['SREM k 1', 'SADD k 9'], ['SMEMBERS']],
  set: [['SADD k a b c'], ['SREM k a', 'SADD k d'], ['SMEMBERS']],
  'sorted set': [
    ['ZADD k 1 a 2 b'],
    ['ZINCRBY k 5 a', 'ZREM k b', 'ZADD k 3 c'],
    ['ZRANGE', '0', '-1', 'WITHSCORES'],
  ],
  hash: [['HSET k a 1 b 2'], ['HINCRBY k a 1', 'HDEL k b', 'HSET k c 3'], ['HGETALL']],
  stream: [
    ['XADD k 1-1 a 1', 'XADD k 1-2 a 2', 'XGROUP CREATE k g 0', 'XREADGROUP GROUP g c COUNT 1 STREAMS k >'],
    [
      'XADD k 5-0 b 2',
      'XDEL k 1-1',
      'XACK k g 1-1',
      'XGROUP CREATE k h 0',
      'XREADGROUP GROUP g d STREAMS k >',
    ],
    ['XRANGE', '-', '+'],
  ],
};

behaviours(
  'COPY',
  Object.fromEntries(
    Object.entries(COPIED).map(([name, [make, change, [reader, ...range]]]) => [
      `of ${name}: neither learns of what happens to the other`,
      [
        ...make,
        'PEXPIREAT k 4102444800000',
        'COPY k l',
        ...change,
        ...['k', 'l'].map((key) => [reader!, key, ...range]),
        'COPY k m',
        ...change.map((line) => line.replaceAll(' k ', ' m ')),
        ...['k', 'l', 'm'].map((key) => [reader!, key, ...range]),
        'PEXPIRETIME l',
      ],
    ]),
  ),
);
