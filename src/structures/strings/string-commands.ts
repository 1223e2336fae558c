import { type Pairs, pairsOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { parseInteger } from '../../numbers/integer.ts';
import { array, bulk, bulkOrNil, integer, ok, okOrNil } from '../../wire/codec.ts';
import { commandsOf, commandTable, marked } from '../../wire/command.ts';
import { expiryOptions } from '../../wire/grammar/expiry.ts';
import { flag, options, since, valued } from '../../wire/grammar/options.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { key, keys, pairs, string, time, integer as whole } from '../../wire/grammar/pieces.ts';
import { upperCase } from '../../wire/grammar/token-reader.ts';
import type { StringOperations } from './string-operations.ts';
import {
  GETEX_EXPIRIES,
  type GetexOptions,
  type MsetexOptions,
  SET_CONDITIONS,
  SET_EXPIRIES,
  type SetOptions,
} from './string-options.ts';

const { command, form, commandWithForms } = commandsOf<StringOperations<Raw>>();

/** Options with which SET looks at what the key held. */
const READING_OPTIONS: ReadonlySet<string> = new Set(['GET', 'IFEQ', 'IFNE', 'IFDEQ', 'IFDNE']);
export const stringCommands = commandTable<StringOperations<Raw>>()([
  command({
    name: 'GET',
    summary: 'Returns the string value of a key.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO access')],
    method: 'get',
    reply: bulkOrNil,
  }),
  commandWithForms({
    name: 'SET',
    summary: 'Sets the string value of a key, ignoring its type.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    flags: 'write denyoom',
    args: [
      key('RW access update variable_flags', 'key', {
        notes: 'Read only where GET or a comparison is given',
        flagsOf: (tokens) =>
          tokens.slice(3).some((token) => READING_OPTIONS.has(upperCase(token)))
            ? ['RW', 'access', 'update']
            : ['OW', 'update'],
      }),
      string('value'),
      options<SetOptions & { get?: boolean }>(
        {
          nx: flag('NX'),
          xx: flag('XX'),
          ifeq: since('8.4.0', valued('IFEQ', string('ifeq-value'))),
          ifne: since('8.4.0', valued('IFNE', string('ifne-value'))),
          ifdeq: since('8.4.0', valued('IFDEQ', string('ifdeq-digest'))),
          ifdne: since('8.4.0', valued('IFDNE', string('ifdne-digest'))),
          get: flag('GET'),
          ...expiryOptions({ isDeferred: true }),
          keepttl: flag('KEEPTTL'),
        },
        { exclusive: [SET_CONDITIONS, SET_EXPIRIES] },
      ),
    ],
    forms: [form('setGet', bulkOrNil, marked('get', 2)), form('set', okOrNil)],
  }),
  command({
    name: 'SETNX',
    summary: "Set the string value of a key only when the key doesn't exist.",
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    flags: 'write denyoom fast',
    deprecatedSince: '2.6.12',
    replacedBy: '`SET` with the `NX` argument',
    args: [key('OW insert'), string('value')],
    method: 'setnx',
    reply: integer,
  }),
  command({
    name: 'SETEX',
    summary: "Sets the string value and expiration time of a key. Creates the key if it doesn't exist.",
    since: '2.0.0',
    group: 'string',
    complexity: 'O(1)',
    flags: 'write denyoom',
    deprecatedSince: '2.6.12',
    replacedBy: '`SET` with the `EX` argument',
    args: [key('OW update'), time('seconds'), string('value')],
    method: 'setex',
    reply: ok,
  }),
  command({
    name: 'PSETEX',
    summary:
      "Sets both string value and expiration time in milliseconds of a key. The key is created if it doesn't exist.",
    since: '2.6.0',
    group: 'string',
    complexity: 'O(1)',
    flags: 'write denyoom',
    deprecatedSince: '2.6.12',
    replacedBy: '`SET` with the `PX` argument',
    args: [key('OW update'), time('milliseconds'), string('value')],
    method: 'psetex',
    reply: ok,
  }),
  command({
    name: 'GETSET',
    summary: 'Returns the previous string value of a key after setting it to a new value.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    flags: 'write denyoom fast',
    deprecatedSince: '6.2.0',
    replacedBy: '`SET` with the `GET` argument',
    args: [key('RW access update'), string('value')],
    method: 'getset',
    reply: bulkOrNil,
  }),
  command({
    name: 'GETDEL',
    summary: 'Returns the string value of a key after deleting the key.',
    since: '6.2.0',
    group: 'string',
    complexity: 'O(1)',
    flags: 'write fast',
    args: [key('RW access delete')],
    method: 'getdel',
    reply: bulkOrNil,
  }),
  command({
    name: 'GETEX',
    summary: 'Returns the string value of a key after setting its expiration time.',
    since: '6.2.0',
    group: 'string',
    complexity: 'O(1)',
    flags: 'write fast',
    args: [
      key('RW access update'),
      options<GetexOptions>(
        { ...expiryOptions({ isLate: true }), persist: flag('PERSIST') },
        { exclusive: [GETEX_EXPIRIES] },
      ),
    ],
    method: 'getex',
    reply: bulkOrNil,
  }),
  command({
    name: 'MGET',
    summary: 'Atomically returns the string values of one or more keys.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(N) where N is the number of keys to retrieve.',
    flags: 'readonly fast',
    tips: ['request_policy:multi_shard'],
    args: [keys('RO access')],
    method: 'mget',
    reply: array(bulkOrNil),
  }),
  command({
    name: 'MSET',
    summary: 'Atomically creates or modifies the string values of one or more keys.',
    since: '1.0.1',
    group: 'string',
    complexity: 'O(N) where N is the number of keys to set.',
    flags: 'write denyoom',
    tips: ['request_policy:multi_shard', 'response_policy:all_succeeded'],
    args: [pairs(key('OW update'), string('value'))],
    method: 'mset',
    reply: ok,
  }),
  command({
    name: 'MSETNX',
    summary: "Atomically modifies the string values of one or more keys only when all keys don't exist.",
    since: '1.0.1',
    group: 'string',
    complexity: 'O(N) where N is the number of keys to set.',
    flags: 'write denyoom',
    args: [pairs(key('OW insert'), string('value'))],
    method: 'msetnx',
    reply: integer,
  }),
  command({
    name: 'MSETEX',
    summary: 'Atomically sets multiple string keys with an optional shared expiration.',
    since: '8.4.0',
    group: 'string',
    complexity: 'O(N) where N is the number of keys to set.',
    flags: 'write denyoom movablekeys',
    args: [
      numberedPairs('OW update'),
      options<MsetexOptions>(
        { nx: flag('NX'), xx: flag('XX'), ...expiryOptions({ isDeferred: true }), keepttl: flag('KEEPTTL') },
        { exclusive: [['nx', 'xx'], SET_EXPIRIES] },
      ),
    ],
    method: 'msetex',
    reply: integer,
  }),
  command({
    name: 'APPEND',
    summary: "Appends a string to the value of a key. Creates the key if it doesn't exist.",
    since: '2.0.0',
    group: 'string',
    complexity: 'O(1) amortized, for an appended value of any constant size.',
    flags: 'write denyoom fast',
    args: [key('RW insert'), string('value')],
    method: 'append',
    reply: integer,
  }),
  command({
    name: 'STRLEN',
    summary: 'Returns the length of a string value.',
    since: '2.2.0',
    group: 'string',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO')],
    method: 'strlen',
    reply: integer,
  }),
  command({
    name: 'GETRANGE',
    summary: 'Returns a substring of the string stored at a key.',
    since: '2.4.0',
    group: 'string',
    complexity: 'O(N) where N is the length of the returned string.',
    flags: 'readonly',
    args: [key('RO access'), whole('start'), whole('end')],
    method: 'getrange',
    reply: bulk,
  }),
  command({
    name: 'SUBSTR',
    summary: 'Returns a substring from a string value.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(N) where N is the length of the returned string.',
    flags: 'readonly',
    deprecatedSince: '2.0.0',
    replacedBy: '`GETRANGE`',
    args: [key('RO access'), whole('start'), whole('end')],
    method: 'substr',
    reply: bulk,
  }),
  command({
    name: 'SETRANGE',
    summary:
      "Overwrites a part of a string value with another by an offset. Creates the key if it doesn't exist.",
    since: '2.2.0',
    group: 'string',
    complexity: 'O(M) where M is the length of the value.',
    flags: 'write denyoom',
    args: [key('RW update'), whole('offset'), string('value')],
    method: 'setrange',
    reply: integer,
  }),
]);

/** `numkeys key value [key value …]`. */
function numberedPairs(flags: string): Piece<Pairs> {
  const keyFlags = flags.split(' ');
  return {
    read: (reader) => {
      const count = parseInteger(reader.next());
      if (count === undefined || count < 1) throw errors.invalidNumberOfKeys();
      if (count > Math.floor(reader.remaining / 2)) throw errors.wrongNumberOfPairs();
      return Array.from({ length: Number(count) }, () => [reader.next(), reader.next()] as const);
    },
    write: (values, out) => {
      const given = [...pairsOf(values)];
      out.push(String(given.length), ...given.flat());
    },
    sample: (sampler, out) => {
      const count = 1 + sampler.below(3);
      out.push(String(count));
      for (let at = 0; at < count; at++) out.push(sampler.key(), sampler.value());
    },
    docs: [
      { name: 'numkeys', type: 'integer' },
      {
        name: 'data',
        type: 'block',
        flags: ['multiple'],
        arguments: [
          { name: 'key', type: 'key' },
          { name: 'value', type: 'string' },
        ],
      },
    ],
    minTokens: 3,
    isVariable: true,
    keys: [{ begin: { index: 0 }, find: { keyNumberIndex: 0, firstKey: 1, step: 2 }, flags: keyFlags }],
  };
}
