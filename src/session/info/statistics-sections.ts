import { formatDouble } from '../../numbers/double.ts';
import { registry } from '../registry.ts';
import type { Server } from '../server.ts';
import { type Field, gauges, type Section } from './section.ts';

export const statsSection: Section = {
  name: 'stats',
  title: 'Stats',
  isDefault: true,
  fields: (server) => {
    const { statistics, keyspace } = server;
    const { hub } = keyspace;
    const rates = statistics.ratesAt(server.clockMs);
    return [
      ['total_connections_received', statistics.connections],
      ['total_commands_processed', statistics.commandCount],
      ['instantaneous_ops_per_sec', rates.commands],
      ['total_net_input_bytes', statistics.inputBytes],
      ['total_net_output_bytes', statistics.outputBytes],
      ...gauges(server, 'total_net_repl_input_bytes', 'total_net_repl_output_bytes'),
      ['instantaneous_input_kbps', rates.inputKb.toFixed(2)],
      ['instantaneous_output_kbps', rates.outputKb.toFixed(2)],
      ...['instantaneous_input_repl_kbps', 'instantaneous_output_repl_kbps'].map(
        (name): Field => [name, '0.00'],
      ),
      ...gauges(server, 'rejected_connections', 'sync_full', 'sync_partial_ok', 'sync_partial_err'),
      ['expired_subkeys', keyspace.expiredFieldCount],
      ['expired_keys', keyspace.expiredCount],
      ['expired_stale_perc', '0.00'],
      ...gauges(server, 'expired_time_cap_reached_count', 'expire_cycle_cpu_milliseconds'),
      ['evicted_keys', keyspace.evictedCount],
      ['evicted_clients', server.clients.evictedCount],
      ...gauges(server, 'evicted_scripts'),
      ...gauges(server, 'total_eviction_exceeded_time', 'current_eviction_exceeded_time'),
      ['keyspace_hits', keyspace.hitCount],
      ['keyspace_misses', keyspace.missCount],
      ['pubsub_channels', hub.channelNames().length],
      ['pubsub_patterns', hub.patternCount],
      ['pubsubshard_channels', hub.shardChannelNames().length],
      ...gauges(server, 'latest_fork_usec', 'total_forks', 'migrate_cached_sockets'),
      ...gauges(server, 'slave_expires_tracked_keys', 'active_defrag_hits', 'active_defrag_misses'),
      ...gauges(server, 'active_defrag_key_hits', 'active_defrag_key_misses'),
      ...gauges(server, 'total_active_defrag_time', 'current_active_defrag_time'),
      ...gauges(server, 'tracking_total_keys', 'tracking_total_items', 'tracking_total_prefixes'),
      ...gauges(server, 'unexpected_error_replies'),
      ['total_error_replies', statistics.errorCount],
      ...gauges(server, 'dump_payload_sanitizations'),
      ['total_reads_processed', statistics.reads],
      ['total_writes_processed', statistics.writes],
      ...gauges(server, 'io_threaded_reads_processed', 'io_threaded_writes_processed'),
      ...gauges(server, 'io_threaded_total_prefetch_batches', 'io_threaded_total_prefetch_entries'),
      ['client_query_buffer_limit_disconnections', statistics.inputLimitCutOffs],
      ['client_output_buffer_limit_disconnections', statistics.outputLimitCutOffs],
      ...gauges(server, 'reply_buffer_shrinks', 'reply_buffer_expands'),
      ...gauges(server, 'eventloop_cycles', 'eventloop_duration_sum', 'eventloop_duration_cmd_sum'),
      ...gauges(server, 'instantaneous_eventloop_cycles_per_sec', 'instantaneous_eventloop_duration_usec'),
      ...gauges(server, 'acl_access_denied_auth', 'acl_access_denied_cmd', 'acl_access_denied_key'),
      ...gauges(server, 'acl_access_denied_channel'),
    ];
  },
};

export const commandStatsSection: Section = {
  name: 'commandstats',
  title: 'Commandstats',
  isDefault: false,
  fields: (server) =>
    registry.all.flatMap((command): Field[] => {
      const { calls, durationMs, rejectedCalls, failedCalls } = server.statistics.commands.of(command);
      if (calls === 0 && rejectedCalls === 0 && failedCalls === 0) return [];
      const durationUs = Math.round(durationMs * 1000);
      const perCall = calls === 0 ? 0 : durationUs / calls;
      return [
        [
          `cmdstat_${command.fullName}`,
          `calls=${calls},usec=${durationUs},usec_per_call=${perCall.toFixed(2)},rejected_calls=${rejectedCalls},failed_calls=${failedCalls}`,
        ],
      ];
    }),
};

export const errorStatsSection: Section = {
  name: 'errorstats',
  title: 'Errorstats',
  isDefault: true,
  fields: ({ statistics }) =>
    [...statistics.errors]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, count]) => [`errorstat_${code}`, `count=${count}`]),
};

export const latencyStatsSection: Section = {
  name: 'latencystats',
  title: 'Latencystats',
  isDefault: false,
  fields: latencyFields,
};

function latencyFields(server: Server): Field[] {
  const { commands } = server.statistics;
  if (!commands.isTracking) return [];
  const percentiles = server.config
    .text('latency-tracking-info-percentiles')
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);
  return registry.all.flatMap((command): Field[] => {
    const { latencies } = commands.of(command);
    if (latencies === undefined) return [];
    const shown = percentiles.map(
      (percent) => `p${formatDouble(percent)}=${latencies.percentileUs(percent).toFixed(3)}`,
    );
    return [[`latency_percentiles_usec_${command.fullName}`, shown.join(',')]];
  });
}
