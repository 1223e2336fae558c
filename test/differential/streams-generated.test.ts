import { registry } from '../../src/session/registry.ts';
import { commandsNamed, generated } from './support/generated.ts';
import { rewriteStreams } from './support/rewrite-streams.ts';

// Several groups and consumers on a few streams, at random.

const KEYS = ['k1', 'k2', 'k3'];
const streamCommands = registry.all.filter(
  ({ facts, forms }) => facts.group === 'stream' && forms.length > 0,
);
/** What fills streams and lists of pending entries comes more often than it is its turn. */
const favoured = commandsNamed(
  ...[
    'XADD',
    'XADD',
    'XADD',
    'XADD',
    'XADD',
    'XREADGROUP',
    'XREADGROUP',
    'XREADGROUP',
    'XGROUP CREATE',
    'XINFO STREAM',
  ],
);
const whole = commandsNamed('COPY', 'RENAME', 'DEL', 'EXPIRE');

/** The two sides as they are told, without how far groups have come. */
function isSameBut(difference: string): boolean {
  const [ours, theirs] = ['lodis', 'server'].map((side) =>
    new RegExp(`^ *${side}: +(.*)$`, 'm')
      .exec(difference)?.[1]
      ?.replace(/("(entries-read|lag|consumers)",?:? )(:-?\d+|\$null|_)/g, '$1'),
  );
  return ours !== undefined && ours === theirs;
}

generated('streams', [...streamCommands, ...favoured, ...favoured, ...whole], {
  keys: KEYS,
  stage: [
    ...KEYS.slice(0, 2).flatMap((key) =>
      ['g1', 'g2'].flatMap((group) => [
        ['XGROUP', 'CREATE', key, group, '0', 'MKSTREAM'],
        // Since 7.2 who finds nothing to read is a consumer all the same: here, everybody is one from the beginning.
        ...['c1', 'c2', 'c3', '\udcff'].map((consumer) => ['XGROUP', 'CREATECONSUMER', key, group, consumer]),
      ]),
    ),
    ['XADD', 'k1', '1-1', 'a', '1'],
    ['XADD', 'k1', '1-2', 'a', '2', 'b', 'x'],
    ['XADD', 'k1', '2-1', 'b', '3'],
    ['XADD', 'k2', '1-3', 'a', '1'],
    ['XADD', 'k2', '2-2', 'a', '2', 'a', '3'],
    ['XREADGROUP', 'GROUP', 'g1', 'c1', 'COUNT', '2', 'STREAMS', 'k1', 'k2', '>', '>'],
  ],
  rewrite: rewriteStreams,
  isExempt: (tokens, difference) => {
    const [name, subcommand] = tokens.slice(0, 2).map((token) => token.toUpperCase());
    // Since 7.2 who reads or claims nothing has become a consumer by that.
    if (name === 'XGROUP' && subcommand === 'CREATECONSUMER')
      return /lodis: +:0\n +server: :1/.test(difference);
    // Since 7.4 it is counted otherwise how far groups have come, once entries are gone; here nobody knows whether.
    if (name === 'XINFO' && subcommand === 'GROUPS') return isSameBut(difference);
    return false;
  },
});
