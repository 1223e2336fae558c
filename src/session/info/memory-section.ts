import { estimatedOverview, memoryOverview } from '../memory/memory-overview.ts';
import { type Field, gauges, humanBytes, type Section } from './section.ts';

/**
 * What is used, and for what. Where nobody has asked for that before, and nobody does by name now, it is an estimate:
 * most clients ask for INFO when they connect, and writes need not be counted for that. What only the operating system
 * knows (resident memory, the allocator, how much there is) is 0.
 */
export const memorySection: Section = {
  name: 'memory',
  title: 'Memory',
  isDefault: true,
  fields: (server, isNamed) => {
    const gauge = (name: string): number => server.gauges.get(name)?.() ?? 0;
    const overview = isNamed ? memoryOverview(server) : estimatedOverview(server);
    const vmEval = isNamed ? gauge('used_memory_vm_eval') : 0;
    const vmFunctions = isNamed ? gauge('used_memory_vm_functions') : 0;
    return [
      ...bytes('used_memory', overview.usedBytes),
      ...bytes('used_memory_rss', gauge('used_memory_rss')),
      ...bytes('used_memory_peak', overview.peakBytes),
      ['used_memory_peak_time', overview.peakAtSeconds],
      ['used_memory_peak_perc', percent(overview.peakPercent)],
      ['used_memory_overhead', overview.overheadBytes],
      ['used_memory_startup', 0],
      ['used_memory_dataset', overview.datasetBytes],
      ['used_memory_dataset_perc', percent(overview.datasetPercent)],
      ...gauges(server, 'allocator_allocated', 'allocator_active', 'allocator_resident', 'allocator_muzzy'),
      ...bytes('total_system_memory', gauge('total_system_memory')),
      ['used_memory_lua', vmEval],
      ['used_memory_vm_eval', vmEval],
      ['used_memory_lua_human', humanBytes(vmEval)],
      ['used_memory_scripts_eval', overview.scriptsBytes],
      ...gauges(server, 'number_of_cached_scripts', 'number_of_functions', 'number_of_libraries'),
      ['used_memory_vm_functions', vmFunctions],
      ...bytes('used_memory_vm_total', vmEval + vmFunctions),
      ['used_memory_functions', overview.functionsBytes],
      ...bytes('used_memory_scripts', overview.scriptsBytes + overview.functionsBytes),
      ...bytes('maxmemory', server.config.number('maxmemory')),
      ['maxmemory_policy', server.config.text('maxmemory-policy')],
      ['allocator_frag_ratio', '0.00'],
      ['allocator_frag_bytes', 0],
      ['allocator_rss_ratio', '0.00'],
      ['allocator_rss_bytes', 0],
      ['rss_overhead_ratio', '0.00'],
      ['rss_overhead_bytes', 0],
      ['mem_fragmentation_ratio', '0.00'],
      ['mem_fragmentation_bytes', 0],
      ...gauges(server, 'mem_not_counted_for_evict', 'mem_replication_backlog'),
      ...gauges(server, 'mem_total_replication_buffers', 'mem_replica_full_sync_buffer'),
      ...gauges(server, 'mem_clients_slaves'),
      ['mem_clients_normal', overview.clientsBytes],
      ...gauges(server, 'mem_cluster_links', 'mem_aof_buffer'),
      ['mem_allocator', 'javascript'],
      ...gauges(server, 'mem_overhead_db_hashtable_rehashing', 'active_defrag_running'),
      ...gauges(server, 'lazyfree_pending_objects', 'lazyfreed_objects'),
    ];
  },
};

/** A number of bytes, and the same as people read it. */
function bytes(name: string, value: number): Field[] {
  return [
    [name, value],
    [`${name}_human`, humanBytes(value)],
  ];
}

function percent(value: number): string {
  return `${value.toFixed(2)}%`;
}
