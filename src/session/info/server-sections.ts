import { REDIS_VERSION } from '../server/version.ts';
import type { Server } from '../server.ts';
import type { Session } from '../session.ts';
import { type Field, gauges, type Section } from './section.ts';

const SECONDS_PER_DAY = 24 * 60 * 60;
/** Redis's clock of accesses counts seconds in so many bits. */
const LRU_CLOCK_MASK = 2 ** 24 - 1;

/** What is asked of: `server`. */
export const serverSection: Section = {
  name: 'server',
  title: 'Server',
  isDefault: true,
  fields: (server) => {
    const nowMs = server.keyspace.now();
    const uptime = Math.floor((nowMs - server.startedAtMs) / 1000);
    return [
      ['redis_version', REDIS_VERSION],
      ['redis_git_sha1', '00000000'],
      ['redis_git_dirty', 0],
      ['redis_build_id', '0000000000000000'],
      ['redis_mode', 'standalone'],
      ['os', 'JavaScript'],
      ['arch_bits', 64],
      ['monotonic_clock', 'performance.now'],
      ['multiplexing_api', 'none'],
      ['atomicvar_api', 'none'],
      ['gcc_version', '0.0.0'],
      ['process_id', 0],
      ['process_supervised', 'no'],
      ['run_id', server.runId],
      ['tcp_port', 0],
      ['server_time_usec', String(BigInt(nowMs) * 1000n)],
      ['uptime_in_seconds', uptime],
      ['uptime_in_days', Math.floor(uptime / SECONDS_PER_DAY)],
      ['hz', server.config.text('hz')],
      ['configured_hz', server.config.text('hz')],
      ['lru_clock', Math.floor(nowMs / 1000) & LRU_CLOCK_MASK],
      ['executable', ''],
      ['config_file', ''],
      ['io_threads_active', 0],
    ];
  },
};

export const clientsSection: Section = {
  name: 'clients',
  title: 'Clients',
  isDefault: true,
  fields: (server) => {
    const sessions = [...server.sessions.values()];
    return [
      ['connected_clients', sessions.length],
      ['cluster_connections', 0],
      ['maxclients', server.config.text('maxclients')],
      ['client_recent_max_input_buffer', largest(sessions, 'received')],
      ['client_recent_max_output_buffer', largest(sessions, 'written')],
      ...gauges(server, 'blocked_clients', 'tracking_clients'),
      ['pubsub_clients', sessions.filter(({ isSubscribed }) => isSubscribed).length],
      ['watching_clients', sessions.filter(({ watch }) => watch.size > 0).length],
      ...gauges(server, 'clients_in_timeout_table'),
      ['total_watched_keys', sessions.reduce((sum, { watch }) => sum + watch.size, 0)],
      ...gauges(server, 'total_blocking_keys', 'total_blocking_keys_on_nokey'),
    ];
  },
};

/** The largest of the buffers that clients have now. */
function largest(sessions: readonly Session[], buffer: 'received' | 'written'): number {
  return sessions.reduce((most, { peer }) => Math.max(most, peer.pendingBytes?.[buffer] ?? 0), 0);
}

/** All clients are served in one thread, which runs their commands too. */
export const threadsSection: Section = {
  name: 'threads',
  title: 'Threads',
  isDefault: true,
  fields: ({ sessions, statistics: { reads, writes } }) => [
    ['io_thread_0', `clients=${sessions.size},reads=${reads},writes=${writes}`],
  ],
};

export const replicationSection: Section = {
  name: 'replication',
  title: 'Replication',
  isDefault: true,
  fields: (server) => [
    ['role', 'master'],
    ['connected_slaves', 0],
    ['master_failover_state', 'no-failover'],
    ['master_replid', server.replicationId],
    ['master_replid2', '0'.repeat(40)],
    ['master_repl_offset', 0],
    ['second_repl_offset', -1],
    ['repl_backlog_active', 0],
    ['repl_backlog_size', server.config.text('repl-backlog-size')],
    ['repl_backlog_first_byte_offset', 0],
    ['repl_backlog_histlen', 0],
  ],
};

export const cpuSection: Section = {
  name: 'cpu',
  title: 'CPU',
  isDefault: true,
  fields: () =>
    ['', '_children', '_main_thread'].flatMap((of): Field[] => [
      [`used_cpu_sys${of}`, '0.000000'],
      [`used_cpu_user${of}`, '0.000000'],
    ]),
};

export const modulesSection: Section = {
  name: 'modules',
  title: 'Modules',
  isDefault: true,
  fields: () => [],
};

export const clusterSection: Section = {
  name: 'cluster',
  title: 'Cluster',
  isDefault: true,
  fields: () => [['cluster_enabled', 0]],
};

/** Looked at for the average TTL: so many keys of a database. */
const SAMPLED_KEYS = 64;

export const keyspaceSection: Section = {
  name: 'keyspace',
  title: 'Keyspace',
  isDefault: true,
  fields: (server) =>
    server.keyspace.databases
      .filter(({ size }) => size > 0)
      .map((database): Field => {
        const { index, size, expiringCount, home } = database;
        const ttl = expiringCount === 0 ? 0 : averageTtlMs(server, index);
        return [
          `db${index}`,
          `keys=${size},expires=${expiringCount},avg_ttl=${ttl},subexpiry=${home.expiringHashCount}`,
        ];
      }),
};

/** The average of the first keys that expire: an estimate, as Redis's own is. */
function averageTtlMs({ keyspace }: Server, index: number): number {
  const nowMs = keyspace.now();
  let total = 0;
  let expiring = 0;
  let seen = 0;
  for (const stored of keyspace.databases[index]!.map.values()) {
    if (typeof stored === 'object' && stored.expiresAtMs !== 0) {
      total += Math.max(stored.expiresAtMs - nowMs, 0);
      expiring++;
    }
    if (++seen === SAMPLED_KEYS) break;
  }
  return expiring === 0 ? 0 : Math.floor(total / expiring);
}
