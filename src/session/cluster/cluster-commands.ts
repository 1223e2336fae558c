import { bulk, integer, ok } from '../../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../../wire/command.ts';
import { string } from '../../wire/grammar/pieces.ts';
import { tree } from '../../wire/tree-codec.ts';
import { verbatim } from '../../wire/verbatim.ts';
import type { ClusterOperations } from './cluster-operations.ts';

const { command, container } = commandsOf<ClusterOperations>();

const facts = {
  group: 'cluster',
  target: 'cluster',
  flags: 'stale',
} as const satisfies Partial<CommandFacts>;

const OF_NODES = 'O(N) where N is the number of nodes.';
const CHANGING = ['nondeterministic_output'];

/** What clients of a cluster ask of a node before they send it anything. */
export const clusterCommands = commandTable<ClusterOperations>()([
  container({
    name: 'CLUSTER',
    summary: 'A container for Redis Cluster commands.',
    since: '3.0.0',
    group: 'cluster',
    complexity: 'Depends on subcommand.',
    flags: '',
  }),
  command({
    ...facts,
    name: 'CLUSTER INFO',
    summary: 'Returns the state of the cluster as this node sees it.',
    since: '3.0.0',
    complexity: 'O(1)',
    tips: CHANGING,
    args: [],
    method: 'clusterInfo',
    reply: verbatim,
  }),
  command({
    ...facts,
    name: 'CLUSTER KEYSLOT',
    summary: 'Returns the slot of a key.',
    since: '3.0.0',
    complexity: 'O(N) where N is the length of the key.',
    args: [string('key')],
    method: 'clusterKeyslot',
    reply: integer,
  }),
  command({
    ...facts,
    name: 'CLUSTER MYID',
    summary: "Returns this node's id.",
    since: '3.0.0',
    complexity: 'O(1)',
    args: [],
    method: 'clusterMyid',
    reply: bulk,
  }),
  command({
    ...facts,
    name: 'CLUSTER NODES',
    summary: 'Returns the nodes, a line each.',
    since: '3.0.0',
    complexity: OF_NODES,
    tips: CHANGING,
    args: [],
    method: 'clusterNodes',
    reply: verbatim,
  }),
  command({
    ...facts,
    name: 'CLUSTER SHARDS',
    summary: 'Returns which groups of nodes have which slots.',
    since: '7.0.0',
    flags: 'loading stale',
    complexity: OF_NODES,
    tips: CHANGING,
    args: [],
    method: 'clusterShards',
    reply: tree,
  }),
  command({
    ...facts,
    name: 'CLUSTER SLOTS',
    summary: 'Returns which nodes have which slots.',
    since: '3.0.0',
    deprecatedSince: '7.0.0',
    replacedBy: '`CLUSTER SHARDS`',
    flags: 'loading stale',
    complexity: OF_NODES,
    tips: CHANGING,
    history: [
      ['4.0.0', 'The ids of the nodes are told.'],
      ['7.0.0', 'Further ways to reach a node are told.'],
    ],
    args: [],
    method: 'clusterSlots',
    reply: tree,
  }),
  command({
    ...facts,
    name: 'READONLY',
    summary: 'Lets this connection read from a replica.',
    since: '3.0.0',
    flags: 'fast loading stale',
    categories: 'connection',
    complexity: 'O(1)',
    args: [],
    method: 'readonly',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'READWRITE',
    summary: 'Ends READONLY.',
    since: '3.0.0',
    flags: 'fast loading stale',
    categories: 'connection',
    complexity: 'O(1)',
    args: [],
    method: 'readwrite',
    reply: ok,
  }),
]);
