import type { Codec } from '../../wire/codec.ts';
import type { ReplySink } from '../../wire/resp/reply-sink.ts';
import type { MemoryOverview } from './memory-overview.ts';

/** A figure, or figures under names of their own. */
type Stat = number | Ratio | Stats;
type Stats = readonly (readonly [name: string, value: Stat])[];

/** A figure that is shown as a double. */
interface Ratio {
  readonly ratio: number;
}

/** What MEMORY STATS answers: Redis's figures in its order. Those of its allocator, replicas and files are 0: nothing of it is here. */
export const memoryStats: Codec<MemoryOverview> = {
  write: (overview, sink) => writeStats(statsOf(overview), sink),
  read: (reply) => reply,
};

const NONE: Ratio = { ratio: 0 };

function statsOf(overview: MemoryOverview): Stats {
  return [
    ['peak.allocated', overview.peakBytes],
    ['total.allocated', overview.usedBytes],
    ['startup.allocated', 0],
    ['replication.backlog', 0],
    ['replica.fullsync.buffer', 0],
    ['clients.slaves', 0],
    ['clients.normal', overview.clientsBytes],
    ['cluster.links', 0],
    ['aof.buffer', 0],
    ['lua.caches', overview.scriptsBytes],
    ['functions.caches', overview.functionsBytes],
    ['script.VMs', 0],
    ...overview.databases.map(({ index, mainBytes, expiresBytes }): readonly [string, Stats] => [
      `db.${index}`,
      [
        ['overhead.hashtable.main', mainBytes],
        ['overhead.hashtable.expires', expiresBytes],
      ],
    ]),
    ['overhead.db.hashtable.lut', 0],
    ['overhead.db.hashtable.rehashing', 0],
    ['overhead.total', overview.overheadBytes],
    ['db.dict.rehashing.count', 0],
    ['keys.count', overview.keyCount],
    ['keys.bytes-per-key', overview.bytesPerKey],
    ['dataset.bytes', overview.datasetBytes],
    ['dataset.percentage', { ratio: overview.datasetPercent }],
    ['peak.percentage', { ratio: overview.peakPercent }],
    ['allocator.allocated', 0],
    ['allocator.active', 0],
    ['allocator.resident', 0],
    ['allocator.muzzy', 0],
    ['allocator-fragmentation.ratio', NONE],
    ['allocator-fragmentation.bytes', 0],
    ['allocator-rss.ratio', NONE],
    ['allocator-rss.bytes', 0],
    ['rss-overhead.ratio', NONE],
    ['rss-overhead.bytes', 0],
    ['fragmentation', NONE],
    ['fragmentation.bytes', 0],
  ];
}

function writeStats(stats: Stats, sink: ReplySink): void {
  sink.map(stats.length);
  for (const [name, value] of stats) {
    sink.bulk(name);
    if (typeof value === 'number') sink.integer(value);
    else if ('ratio' in value) sink.double(value.ratio);
    else writeStats(value, sink);
  }
}
