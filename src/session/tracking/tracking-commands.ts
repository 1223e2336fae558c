import type { Bytes } from '../../bytes/byte-string.ts';
import { integer, ok } from '../../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../../wire/command.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { string } from '../../wire/grammar/pieces.ts';
import { tree } from '../../wire/tree-codec.ts';
import { trackingRequest } from './tracking-grammar.ts';
import type { TrackingOperations } from './tracking-operations.ts';

const { command } = commandsOf<TrackingOperations>();

const facts = {
  group: 'connection',
  complexity: 'O(1)',
  flags: 'noscript loading stale sentinel',
  target: 'tracking',
} as const satisfies Partial<CommandFacts>;

/** YES or NO: the method looks at the state of the client first. */
const mode: Piece<Bytes> = {
  ...string('mode'),
  sample: (sampler, out) => out.push(sampler.below(2) === 0 ? 'YES' : 'NO'),
  docs: [
    {
      name: 'mode',
      type: 'oneof',
      arguments: [
        { name: 'yes', type: 'pure-token', token: 'YES' },
        { name: 'no', type: 'pure-token', token: 'NO' },
      ],
    },
  ],
};

/** The subcommands of CLIENT for client-side caching. */
export const trackingCommands = commandTable<TrackingOperations>()([
  command({
    ...facts,
    name: 'CLIENT TRACKING',
    summary: 'Controls server-assisted client-side caching for the connection.',
    since: '6.0.0',
    complexity: 'O(1). Some options may introduce additional complexity.',
    args: [trackingRequest],
    method: 'clientTracking',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'CLIENT TRACKINGINFO',
    summary: 'Returns information about server-assisted client-side caching for the connection.',
    since: '6.2.0',
    args: [],
    method: 'clientTrackinginfo',
    reply: tree,
  }),
  command({
    ...facts,
    name: 'CLIENT CACHING',
    summary: 'Instructs the server whether to track the keys in the next request.',
    since: '6.0.0',
    args: [mode],
    method: 'clientCaching',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'CLIENT GETREDIR',
    summary: "Returns the client ID to which the connection's tracking notifications are redirected.",
    since: '6.0.0',
    args: [],
    method: 'clientGetredir',
    reply: integer,
  }),
]);
