import type { Bytes } from '../../bytes/byte-string.ts';
import { type Pairs, pairsOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { formatDouble, parseDouble } from '../../numbers/double.ts';
import { array, double, doubleOrNil, integer, integerOrNil } from '../../wire/codec.ts';
import { commandsOf, commandTable, marked } from '../../wire/command.ts';
import { flag, options, since } from '../../wire/grammar/options.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { double as decimal, key, many, string } from '../../wire/grammar/pieces.ts';
import type { SortedSetMemberOperations } from './member-operations.ts';
import { rankWithScore } from './sorted-set-codecs.ts';
import type { ScoredMember, ScoredMembers, ZaddOptions } from './sorted-set-options.ts';

const { command, form, commandWithForms } = commandsOf<SortedSetMemberOperations<Raw>>();

type ZaddWords = ZaddOptions & { incr?: boolean };

const zaddWords = options<ZaddWords>(
  {
    nx: flag('NX'),
    xx: flag('XX'),
    gt: since('6.2.0', flag('GT')),
    lt: since('6.2.0', flag('LT')),
    ch: since('3.0.2', flag('CH')),
    incr: since('3.0.2', flag('INCR')),
  },
  { stopsAtUnknown: true, samplePercent: 12 },
);

/** ZADD looks at its words in pairs when it has seen that scores and members come in pairs, and before it reads these. */
const zaddOptions: Piece<ZaddWords | undefined> = {
  ...zaddWords,
  read: (reader) => {
    const words = zaddWords.read(reader);
    if (words === undefined) return undefined;
    const { nx, xx, gt, lt, incr } = words;
    if (nx && xx) reader.defer(errors.zaddNxAndXx());
    if ((nx && (gt || lt)) || (gt && lt)) reader.defer(errors.zaddGtLtNx());
    if (incr && reader.remaining > 2) reader.defer(errors.zaddIncrPairs());
    return Object.keys(words).length === 0 ? undefined : words;
  },
};

/** `score member [score member …]`, to the end of the command. */
const scoresAndMembers: Piece<ScoredMembers> = {
  read: (reader) => {
    if (reader.remaining === 0 || reader.remaining % 2 !== 0) throw errors.syntax();
    const members: ScoredMember[] = [];
    while (reader.remaining > 0) {
      const score = parseDouble(reader.next());
      if (score === undefined) reader.defer(errors.notAFloat());
      members.push({ score: score ?? 0, member: reader.next() });
    }
    return members;
  },
  write: (members, out) => {
    const given = Array.isArray(members)
      ? (members as readonly ScoredMember<Bytes>[])
      : Array.from(pairsOf(members as Pairs<number>), ([member, score]) => ({ member, score }));
    for (const { member, score } of given) out.push(formatDouble(score), member);
  },
  sample: (sampler, out) => {
    const count = 1 + sampler.below(4);
    for (let at = 0; at < count; at++) out.push(sampler.double(), sampler.value());
  },
  docs: [
    {
      name: 'data',
      type: 'block',
      flags: ['multiple'],
      arguments: [
        { name: 'score', type: 'double' },
        { name: 'member', type: 'string' },
      ],
    },
  ],
  minTokens: 2,
  isVariable: true,
};

const withscoreWords = options<{ withscore?: boolean }>({ withscore: since('7.2.0', flag('WITHSCORE')) });

/** The one word that may follow; two are the arity error, whatever they are. */
const withscore: Piece<{ withscore?: boolean } | undefined> = {
  ...withscoreWords,
  read: (reader) => {
    if (reader.remaining > 1) throw errors.wrongArity(reader.commandName);
    return withscoreWords.read(reader);
  },
};

export const sortedSetMemberCommands = commandTable<SortedSetMemberOperations<Raw>>()([
  commandWithForms({
    name: 'ZADD',
    summary:
      "Adds one or more members to a sorted set, or updates their scores. Creates the key if it doesn't exist.",
    since: '1.2.0',
    group: 'sorted_set',
    complexity: 'O(log(N)) for each item added, where N is the number of elements in the sorted set.',
    flags: 'write denyoom fast',
    history: [
      ['2.4.0', 'Accepts multiple elements.'],
      ['3.0.2', 'Options: `XX`, `NX`, `CH` and `INCR`.'],
      ['6.2.0', 'Options: `GT` and `LT`.'],
    ],
    args: [key('RW update'), scoresAndMembers, zaddOptions],
    wireOrder: [0, 2, 1],
    forms: [form('zaddIncr', doubleOrNil, marked('incr', 2)), form('zadd', integer)],
  }),
  command({
    name: 'ZINCRBY',
    summary: 'Increments the score of a member in a sorted set.',
    since: '1.2.0',
    group: 'sorted_set',
    complexity: 'O(log(N)) where N is the number of elements in the sorted set.',
    flags: 'write denyoom fast',
    args: [key('RW access update'), decimal('increment'), string('member')],
    method: 'zincrby',
    reply: double,
  }),
  command({
    name: 'ZREM',
    summary:
      'Removes one or more members from a sorted set. Deletes the sorted set if all members were removed.',
    since: '1.2.0',
    group: 'sorted_set',
    complexity:
      'O(M*log(N)) with N being the number of elements in the sorted set and M the number of elements to be removed.',
    flags: 'write fast',
    history: [['2.4.0', 'Accepts multiple elements.']],
    args: [key('RW delete'), many(string('member'))],
    method: 'zrem',
    reply: integer,
  }),
  command({
    name: 'ZCARD',
    summary: 'Returns the number of members in a sorted set.',
    since: '1.2.0',
    group: 'sorted_set',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO')],
    method: 'zcard',
    reply: integer,
  }),
  command({
    name: 'ZSCORE',
    summary: 'Returns the score of a member in a sorted set.',
    since: '1.2.0',
    group: 'sorted_set',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO access'), string('member')],
    method: 'zscore',
    reply: doubleOrNil,
  }),
  command({
    name: 'ZMSCORE',
    summary: 'Returns the score of one or more members in a sorted set.',
    since: '6.2.0',
    group: 'sorted_set',
    complexity: 'O(N) where N is the number of members being requested.',
    flags: 'readonly fast',
    args: [key('RO access'), many(string('member'))],
    method: 'zmscore',
    reply: array(doubleOrNil),
  }),
  commandWithForms({
    name: 'ZRANK',
    summary: 'Returns the index of a member in a sorted set ordered by ascending scores.',
    since: '2.0.0',
    group: 'sorted_set',
    complexity: 'O(log(N))',
    flags: 'readonly fast',
    history: [['7.2.0', 'Option: `WITHSCORE`.']],
    args: [key('RO access'), string('member'), withscore],
    forms: [form('zrankWithScore', rankWithScore, marked('withscore', 2)), form('zrank', integerOrNil)],
  }),
  commandWithForms({
    name: 'ZREVRANK',
    summary: 'Returns the index of a member in a sorted set ordered by descending scores.',
    since: '2.0.0',
    group: 'sorted_set',
    complexity: 'O(log(N))',
    flags: 'readonly fast',
    history: [['7.2.0', 'Option: `WITHSCORE`.']],
    args: [key('RO access'), string('member'), withscore],
    forms: [form('zrevrankWithScore', rankWithScore, marked('withscore', 2)), form('zrevrank', integerOrNil)],
  }),
]);
