import type { ByteString } from '../../bytes/byte-string.ts';
import { type Codec, ok } from '../../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../../wire/command.ts';
import type { ArgumentDoc, Piece } from '../../wire/grammar/piece.ts';
import { tree } from '../../wire/tree-codec.ts';
import type { HotKeysOperations } from './hot-keys-operations.ts';

const { command, container } = commandsOf<HotKeysOperations>();

const facts = {
  since: '8.6.0',
  group: 'server',
  flags: 'admin noscript',
  target: 'hotKeys',
} as const satisfies Partial<CommandFacts>;

/** `+OK`, or nil. */
const okOrNil: Codec<'OK' | null> = {
  write: (value, sink) => (value === null ? sink.nil() : sink.simple(value)),
  read: (reply) => reply,
};

const number = (name: string): ArgumentDoc => ({ name, type: 'integer' });
const option = (token: string, name: string): ArgumentDoc => ({
  ...number(name),
  token,
  flags: ['optional'],
});
const metric = (token: string): ArgumentDoc => ({
  name: token.toLowerCase(),
  type: 'pure-token',
  token,
  flags: ['optional'],
});

/** All that follows START. What may stand there depends on who asks, so that the operation reads it. */
const startArguments: Piece<readonly ByteString[]> = {
  read: (reader) => {
    const tokens: ByteString[] = [];
    while (reader.remaining > 0) tokens.push(reader.next());
    return tokens;
  },
  write: (tokens, out) => {
    out.push(...tokens);
  },
  sample: (sampler, out) => {
    out.push('METRICS', '2', 'CPU', 'NET');
    if (sampler.below(2) === 0) out.push('COUNT', String(1 + sampler.below(64)));
    if (sampler.below(4) === 0) out.push('DURATION', String(1 + sampler.below(100)));
    if (sampler.below(4) === 0) out.push('SAMPLE', String(1 + sampler.below(10)));
  },
  docs: [
    {
      name: 'metrics',
      type: 'block',
      token: 'METRICS',
      arguments: [number('count'), metric('CPU'), metric('NET')],
    },
    option('COUNT', 'k'),
    option('DURATION', 'seconds'),
    option('SAMPLE', 'ratio'),
    {
      name: 'slots',
      type: 'block',
      token: 'SLOTS',
      flags: ['optional'],
      arguments: [number('count'), { ...number('slot'), flags: ['multiple'] }],
    },
  ],
  minTokens: 0,
  isVariable: true,
};

/** HOTKEYS, except HELP. */
export const hotKeysCommands = commandTable<HotKeysOperations>()([
  container({
    name: 'HOTKEYS',
    summary: 'Holds the commands that find out which keys are hot.',
    since: '8.6.0',
    group: 'server',
    complexity: 'Depends on subcommand.',
    flags: '',
  }),
  command({
    ...facts,
    name: 'HOTKEYS START',
    summary: 'Begins to find out which keys most of the time, or of the bytes on the wire, goes to.',
    complexity: 'O(1)',
    args: [startArguments],
    method: 'hotkeysStart',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'HOTKEYS STOP',
    summary: 'Ends that, and keeps what was found.',
    complexity: 'O(1)',
    args: [],
    method: 'hotkeysStop',
    reply: okOrNil,
  }),
  command({
    ...facts,
    name: 'HOTKEYS GET',
    summary: 'Tells what was found so far.',
    complexity: 'O(K) where K is the number of keys told of.',
    args: [],
    method: 'hotkeysGet',
    reply: tree,
  }),
  command({
    ...facts,
    name: 'HOTKEYS RESET',
    summary: 'Forgets what was found.',
    complexity: 'O(1)',
    args: [],
    method: 'hotkeysReset',
    reply: ok,
  }),
]);
