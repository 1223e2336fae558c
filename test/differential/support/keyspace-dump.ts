import type { ReplyNode } from '../../../src/wire/resp/reply-node.ts';
import { difference, show } from './comparison.ts';
import type { Side, Tokens } from './sides.ts';
import { isRebuilt } from './stream-replies.ts';

const READERS: Readonly<Record<string, (key: string) => Tokens[]>> = {
  string: (key) => [['GET', key]],
  hash: (key) => [['HGETALL', key]],
  list: (key) => [['LRANGE', key, '0', '-1']],
  set: (key) => [['SMEMBERS', key]],
  zset: (key) => [['ZRANGE', key, '0', '-1', 'WITHSCORES']],
  array: (key) => [
    ['ARSCAN', key, '0', '18446744073709551614'],
    ['ARNEXT', key],
    ['ARINFO', key, 'FULL'],
  ],
  stream: (key) => [['XINFO', 'STREAM', key, 'FULL', 'COUNT', '0']],
};

/** Types whose encodings the reference server (7.0) names otherwise than Redis 8. */
const ENCODINGS_DIFFER = new Set(['set', 'list']);

/**
 * Compares everything two sides hold: keys, types, values and TTLs of every database; and, unless they came to hold it by
 * different ways, what tells of that: encodings, and when consumers were active. Throws with all differences if there
 * are any.
 */
export async function compareKeyspaces(
  ours: Side,
  theirs: Side,
  { databases = [0, 1], withHistory = true } = {},
): Promise<void> {
  const differences: string[] = [];
  for (const database of databases) {
    // Not DBSIZE: the server counts what has expired and was not yet removed.
    const commands: Tokens[] = [
      ['SELECT', String(database)],
      ['KEYS', '*'],
    ];
    const [mine, others] = await Promise.all([ours.run(commands, 2), theirs.run(commands, 2)]);
    collect(commands, mine, others, differences);
    const keys = new Set([...keysIn(mine[1]!), ...keysIn(others[1]!)]);
    for (const key of keys) {
      const [type] = await ours.run([['TYPE', key]], 2);
      const name = type?.type === '+' ? type.value : '';
      const reads: Tokens[] = [['TYPE', key], ['PTTL', key], ...(READERS[name]?.(key) ?? [])];
      if (withHistory && !ENCODINGS_DIFFER.has(name)) reads.push(['OBJECT', 'ENCODING', key]);
      const [a, b] = await Promise.all([ours.run(reads, 2), theirs.run(reads, 2)]);
      // What a stream holds is the last of the reads.
      const left =
        !withHistory && name === 'stream' && isRebuilt(a.at(-1)!, b.at(-1)!) ? reads.slice(0, -1) : reads;
      collect(left, a, b, differences);
    }
  }
  const back: Tokens[] = [['SELECT', '0']];
  await Promise.all([ours.run(back, 2), theirs.run(back, 2)]);
  if (differences.length > 0) throw new Error(`the keyspaces differ:\n${differences.join('\n')}`);
}

function collect(commands: readonly Tokens[], ours: ReplyNode[], theirs: ReplyNode[], into: string[]): void {
  commands.forEach((tokens, at) => {
    const found = difference(tokens, ours[at]!, theirs[at]!);
    if (found !== undefined) into.push(found);
  });
}

function keysIn(node: ReplyNode): string[] {
  if (node.type !== '*' || node.items === null) throw new Error(`no list of keys: ${show([node.type])}`);
  return node.items.map((item) => (item.type === '$' ? item.value! : ''));
}
