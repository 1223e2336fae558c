import { orTimedOut } from '../blocking/blocking-grammar.ts';
import type { Raw } from '../keyspace/operations.ts';
import { commandsOf, commandTable } from '../wire/command.ts';
import { streamsRead } from './read-codecs.ts';
import { groupReadOptions, readOptions, streamsAndIds } from './read-grammar.ts';
import type { StreamReads } from './stream-reads.ts';

const { command } = commandsOf<StreamReads<Raw>>();

const limitsCame = ['8.10.0', 'Added the `MAXCOUNT` and `MAXSIZE` options.'] as const;

/** The commands that read what was not read before, and may wait for it. */
export const streamReadCommands = commandTable<StreamReads<Raw>>()([
  command({
    name: 'XREAD',
    summary:
      'Returns the entries of one or more streams that come after the ids given. Blocks until there are any otherwise.',
    since: '5.0.0',
    group: 'stream',
    complexity:
      'O(S*log(N)+M) with S streams of N entries, M being the number of entries returned. Each XADD looks at all who wait for its stream.',
    flags: 'readonly blocking movablekeys',
    history: [limitsCame],
    target: 'streamReads',
    args: [streamsAndIds('xread'), readOptions()],
    wireOrder: [1, 0],
    arity: -4,
    method: 'xread',
    reply: orTimedOut(streamsRead),
  }),
  command({
    name: 'XREADGROUP',
    summary:
      'Returns new entries of one or more streams for a consumer in a group, or those that it has pending. Blocks until there are any otherwise.',
    since: '5.0.0',
    group: 'stream',
    complexity:
      'O(S*log(N)+M) with S streams of N entries, M being the number of entries returned. Each XADD looks at all who wait for its stream.',
    flags: 'write blocking movablekeys',
    history: [['8.4.0', 'Added the `CLAIM` option.'], limitsCame],
    target: 'streamReads',
    args: [streamsAndIds('xreadgroup'), groupReadOptions()],
    wireOrder: [1, 0],
    arity: -7,
    method: 'xreadgroup',
    reply: orTimedOut(streamsRead),
  }),
]);
