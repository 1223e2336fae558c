import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Tree } from '../../wire/tree-codec.ts';
import type { Session } from '../session.ts';
import { SLOT_COUNT, slotOf } from './slots.ts';

/** Where the one node says it is: where clients of a cluster look first if they are told nothing else. */
const HOST = '127.0.0.1';
const PORT = 6379;
const BUS_PORT = PORT + 10_000;

/**
 * What a cluster of one node, which has all slots, tells of itself. Only to connections made for a cluster; to others
 * it says that this is none.
 */
export class ClusterOperations {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  private get nodeId(): string {
    return this.session.server.runId;
  }

  private requireCluster(): void {
    if (!this.session.isClusterNode) throw errors.clusterDisabled();
  }

  /** Facts and counters, a line each. */
  clusterInfo(): string {
    this.requireCluster();
    const facts = {
      cluster_state: 'ok',
      cluster_slots_assigned: SLOT_COUNT,
      cluster_slots_ok: SLOT_COUNT,
      cluster_slots_pfail: 0,
      cluster_slots_fail: 0,
      cluster_known_nodes: 1,
      cluster_size: 1,
      cluster_current_epoch: 0,
      cluster_my_epoch: 0,
      cluster_stats_messages_sent: 0,
      cluster_stats_messages_received: 0,
      total_cluster_links_buffer_limit_exceeded: 0,
    };
    return Object.entries(facts)
      .map(([name, value]) => `${name}:${value}\r\n`)
      .join('');
  }

  /** A key's slot. */
  clusterKeyslot(key: Bytes): number {
    this.requireCluster();
    return slotOf(key as ByteString);
  }

  clusterMyid(): string {
    this.requireCluster();
    return this.nodeId;
  }

  /** The nodes, a line each. */
  clusterNodes(): string {
    this.requireCluster();
    return `${this.nodeId} ${HOST}:${PORT}@${BUS_PORT} myself,master - 0 0 0 connected 0-${SLOT_COUNT - 1}\n`;
  }

  /** Ranges of slots, each with the nodes that have them. */
  clusterSlots(): Tree {
    this.requireCluster();
    return [[0, SLOT_COUNT - 1, [HOST, PORT, this.nodeId, []]]];
  }

  /** The same by groups of nodes. */
  clusterShards(): Tree {
    this.requireCluster();
    const node = new Map<string, Tree>([
      ['id', this.nodeId],
      ['port', PORT],
      ['ip', HOST],
      ['endpoint', HOST],
      ['role', 'master'],
      ['replication-offset', 0],
      ['health', 'online'],
    ]);
    return [
      new Map<string, Tree>([
        ['slots', [0, SLOT_COUNT - 1]],
        ['nodes', [node]],
      ]),
    ];
  }

  /** From now on reads may be asked of a replica: there is none. */
  readonly(): 'OK' {
    this.requireCluster();
    return 'OK';
  }

  readwrite(): 'OK' {
    this.requireCluster();
    return 'OK';
  }
}
