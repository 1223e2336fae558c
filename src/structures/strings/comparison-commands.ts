import type { Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { bulk, bulkOrNil, type Codec, integer } from '../../wire/codec.ts';
import { commandsOf, commandTable, marked, type TypeOf } from '../../wire/command.ts';
import { flag, options, valued } from '../../wire/grammar/options.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { coveredKey, key, string, integer as whole } from '../../wire/grammar/pieces.ts';
import { upperCase } from '../../wire/grammar/token-reader.ts';
import type { Reply } from '../../wire/resp/reply.ts';
import type { ComparisonOperations } from './comparison-operations.ts';
import type { ComparisonOptions, LcsMatch, LcsMatches, LcsMatchesOptions } from './string-options.ts';

const { command, form, commandWithForms } = commandsOf<ComparisonOperations<Raw>>();

/** Whether LCS was asked for matches. */
function isIndexed(given: unknown): given is { withmatchlen?: boolean } {
  return (given as { idx?: boolean } | undefined)?.idx === true;
}

/** LCS says in words of its own, and before it reads its options, that a key holds no string. */
function requireStrings(operations: TypeOf, tokens: readonly string[]): void {
  const types = tokens.slice(1, 3).map((name) => operations.typeToRead(name));
  for (const type of types) {
    if (type !== 'string' && type !== 'none') throw errors.lcsNeedsStrings();
  }
}

/** `matches` and `len`, a map in RESP3. */
function lcsMatches<M extends LcsMatch>(lengthOf: (match: M) => number | undefined): Codec<LcsMatches<M>> {
  return {
    write: ({ matches, length }, sink) => {
      sink.map(2);
      sink.bulk('matches');
      sink.array(matches.length);
      for (const match of matches) {
        const matchLength = lengthOf(match);
        sink.array(matchLength === undefined ? 2 : 3);
        for (const [first, last] of [match.a, match.b]) {
          sink.array(2);
          sink.integer(first);
          sink.integer(last);
        }
        if (matchLength !== undefined) sink.integer(matchLength);
      }
      sink.bulk('len');
      sink.integer(length);
    },
    read: (reply) => {
      const [, matches, , length] = (reply instanceof Map ? [...reply].flat() : reply) as [
        Reply,
        Reply[][],
        Reply,
        Reply,
      ];
      return {
        matches: matches.map(([a, b, matchLength]) => ({
          a,
          b,
          ...(matchLength === undefined ? {} : { length: matchLength }),
        })),
        length,
      };
    },
  };
}

/** DELEX looks at its condition's name only after it has found a string under the key. */
const delexCondition: Piece<ComparisonOptions | undefined> = {
  ...options<ComparisonOptions>({
    ifeq: valued('IFEQ', string('ifeq-value')),
    ifne: valued('IFNE', string('ifne-value')),
    ifdeq: valued('IFDEQ', string('ifdeq-digest')),
    ifdne: valued('IFDNE', string('ifdne-digest')),
  }),
  read: (reader) => {
    if (reader.remaining === 0) return undefined;
    if (reader.remaining !== 2) throw errors.wrongArity(reader.commandName);
    const name = upperCase(reader.next()).toLowerCase();
    const value = reader.next();
    return DELEX_CONDITIONS.has(name) ? { [name]: value } : ({ unknown: value } as ComparisonOptions);
  },
  write: (value, out) => {
    const [given] = Object.entries(value ?? {}) as [string, Bytes][];
    if (given !== undefined) out.push(given[0].toUpperCase(), given[1]);
  },
};

const DELEX_CONDITIONS: ReadonlySet<string> = new Set(['ifeq', 'ifne', 'ifdeq', 'ifdne']);

export const comparisonCommands = commandTable<ComparisonOperations<Raw>>()([
  commandWithForms({
    name: 'LCS',
    summary: 'Finds the longest common substring.',
    since: '7.0.0',
    group: 'string',
    complexity: 'O(N*M) where N and M are the lengths of s1 and s2, respectively',
    flags: 'readonly',
    before: requireStrings,
    args: [
      key('RO access', 'key1', { find: { lastKey: 1, step: 1, limit: 0 } }),
      coveredKey('key2', 0),
      options<LcsMatchesOptions & { len?: boolean; idx?: boolean; withmatchlen?: boolean }>(
        {
          len: flag('LEN'),
          idx: flag('IDX'),
          minmatchlen: valued('MINMATCHLEN', whole('min-match-len')),
          withmatchlen: flag('WITHMATCHLEN'),
        },
        {
          finish: ({ idx, len }) => {
            if (idx === true && len === true) throw errors.lcsLengthAndIndexes();
          },
        },
      ),
    ],
    forms: [
      form(
        'lcsMatchesWithLengths',
        lcsMatches((match) => match.length),
        {
          when: ([, , given]) => isIndexed(given) && given.withmatchlen === true,
          mark: { idx: true, withmatchlen: true },
        },
      ),
      form(
        'lcsMatches',
        lcsMatches(() => undefined),
        { when: ([, , given]) => isIndexed(given), mark: { idx: true } },
      ),
      form('lcsLength', integer, marked('len', 2)),
      form('lcs', bulk),
    ],
  }),
  command({
    name: 'DIGEST',
    summary: 'Returns the hash digest of a string value.',
    since: '8.4.0',
    group: 'string',
    complexity: 'O(N) where N is the length of the string value.',
    flags: 'readonly fast',
    args: [key('RO access')],
    method: 'digest',
    reply: bulkOrNil,
  }),
  command({
    name: 'DELEX',
    summary: 'Conditionally removes the specified key based on value or digest comparison.',
    since: '8.4.0',
    group: 'string',
    complexity: 'O(1) for IFEQ/IFNE, O(N) for IFDEQ/IFDNE where N is the length of the string value.',
    flags: 'write fast',
    args: [key('RW delete variable_flags'), delexCondition],
    method: 'delex',
    reply: integer,
  }),
]);
