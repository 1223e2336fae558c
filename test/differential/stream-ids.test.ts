import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatId, parseId } from '../../src/streams/stream-id.ts';
import { toReply } from '../../src/wire/resp/reply-node.ts';
import type { RawClient } from '../support/raw-client.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';

let server: RedisServer | undefined;
let client: RawClient;

beforeAll(async () => {
  server = await startRedisServer();
  if (server !== undefined) client = await server.connect();
});

afterAll(async () => {
  await client?.close();
  await server?.stop();
});

/** What a number may look like, and may not. */
const NUMBERS = [
  ...[
    '',
    '0',
    '5',
    '05',
    '00',
    '007',
    '5 ',
    ' 5',
    '  5',
    '\t5',
    '\n5',
    '\v5',
    '\f5',
    '\r5',
    '\u00a05',
    '5\n',
    '5\0',
    '\u00005',
  ],
  ...[
    '+5',
    '+05',
    ' +5',
    '+ 5',
    '++5',
    '+-5',
    '-+5',
    '--5',
    '+',
    '-',
    ' ',
    '5.0',
    '5e3',
    '0x5',
    '5a',
    'a',
    '٥',
    '$',
    '*',
  ],
  ...['-0', '-00', '-05', '-1', ' -1', ' -5', '-01', '- 1', '-9223372036854775808', '-9223372036854775809'],
  ...['-18446744073709551615', '-18446744073709551616', ' -18446744073709551615', '-018446744073709551616'],
  ...[
    '9007199254740991',
    '9007199254740992',
    '9007199254740993',
    '9223372036854775807',
    '9223372036854775808',
  ],
  ...['18446744073709551615', '18446744073709551616', '018446744073709551615', '99999999999999999999'],
  ...[
    `${'0'.repeat(120)}5`,
    `${'0'.repeat(126)}5`,
    `${'0'.repeat(127)}5`,
    `${' '.repeat(126)}5`,
    '1'.repeat(20),
    '\udcff5',
  ],
];

test('ids are read as the server reads them, however they are spelt', async ({ skip }) => {
  if (server === undefined) return skip();
  const spellings = new Set<string>();
  for (const number of NUMBERS) {
    for (const spelling of [number, `${number}-1`, `1-${number}`, `${number}-${number}`])
      spellings.add(spelling);
  }
  for (const zeros of [123, 124, 125, 126])
    spellings.add(`${'0'.repeat(zeros)}1-2`).add(`1-${'0'.repeat(zeros)}2`);
  for (const rest of ['', '-7', 'x', 'é'.repeat(62), 'é'.repeat(63), '\0-7'])
    spellings.add(`5-1\0${rest}`).add(`5\0${rest}`);
  // What XGROUP CREATE takes for the last id.
  spellings.delete('$');
  for (const spelling of spellings) {
    await client.send(['DEL', 'k']);
    const created = toReply(await client.send(['XGROUP', 'CREATE', 'k', 'g', spelling, 'MKSTREAM']));
    const id = parseId(spelling);
    if (id === undefined) {
      expect([spelling, String(created)]).toEqual([spelling, expect.stringContaining('Invalid stream ID')]);
      continue;
    }
    const groups = toReply(await client.send(['XINFO', 'GROUPS', 'k']));
    expect([spelling, groups]).toEqual([spelling, [expect.arrayContaining([formatId(id)])]]);
  }
});
