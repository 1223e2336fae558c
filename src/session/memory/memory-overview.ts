import { ENTRY_BYTES, KEY_BYTES, TIMER_BYTES } from '../../keyspace/memory/heap-sizes.ts';
import type { Server } from '../server.ts';
import { estimateBytes } from './memory-estimate.ts';

/** What keeps track of the keys of a database, in bytes. */
export interface DatabaseOverhead {
  readonly index: number;
  /** The keys' places, without their names. */
  readonly mainBytes: number;
  /** What has those expire that do. */
  readonly expiresBytes: number;
}

/** What a store uses, and for what: INFO's section `memory` and MEMORY STATS show it. In bytes of the host's memory, about. */
export interface MemoryOverview {
  readonly usedBytes: number;
  readonly peakBytes: number;
  readonly peakAtSeconds: number;
  readonly clientsBytes: number;
  readonly scriptsBytes: number;
  readonly functionsBytes: number;
  /** Of those databases that hold something. */
  readonly databases: readonly DatabaseOverhead[];
  /** Everything that is no data: clients, subscriptions, scripts, and what keeps track of the keys. */
  readonly overheadBytes: number;
  readonly datasetBytes: number;
  /** Of what is used. */
  readonly datasetPercent: number;
  readonly peakPercent: number;
  readonly keyCount: number;
  readonly bytesPerKey: number;
}

/** What is used, and the most there ever was. */
interface Usage {
  readonly usedBytes: number;
  readonly overheadBytes: number;
  readonly peakBytes: number;
  readonly peakAtMs: number;
}

/** Looks at what a store uses. The keys are counted if nobody has asked before: O(keys), then O(databases). */
export function memoryOverview(server: Server): MemoryOverview {
  return overviewOf(server, server.keyspace.countMemory());
}

/** The same, but if nobody has asked before, it is estimated from a few keys, and writes go on uncounted. O(clients). */
export function estimatedOverview(server: Server): MemoryOverview {
  const { keyspace, clients } = server;
  if (keyspace.memory !== undefined) return overviewOf(server, keyspace.memory);
  const dataBytes = keyspace.databases.reduce((sum, database) => sum + estimateBytes(database), 0);
  const overheadBytes = keyspace.overheadBytes + (clients.isCounting ? 0 : clients.presentBytes);
  const usedBytes = dataBytes + overheadBytes;
  return overviewOf(server, { usedBytes, overheadBytes, peakBytes: usedBytes, peakAtMs: keyspace.now() });
}

function overviewOf(server: Server, memory: Usage): MemoryOverview {
  const { keyspace, clients } = server;
  const gauge = (name: string): number => server.gauges.get(name)?.() ?? 0;
  const filled = keyspace.databases.filter(({ size }) => size > 0);
  const databases = filled.map(({ index, size, entryCount, expiringCount }) => ({
    index,
    mainBytes: size * KEY_BYTES + entryCount * ENTRY_BYTES,
    expiresBytes: expiringCount * TIMER_BYTES,
  }));
  const keyCount = filled.reduce((sum, { size }) => sum + size, 0);
  const ofKeys = databases.reduce((sum, { mainBytes, expiresBytes }) => sum + mainBytes + expiresBytes, 0);
  const { usedBytes } = memory;
  const overheadBytes = memory.overheadBytes + ofKeys;
  const datasetBytes = usedBytes - overheadBytes;
  return {
    usedBytes,
    peakBytes: memory.peakBytes,
    peakAtSeconds: Math.floor(memory.peakAtMs / 1000),
    clientsBytes: clients.presentBytes,
    scriptsBytes: gauge('used_memory_scripts_eval'),
    functionsBytes: gauge('used_memory_functions'),
    databases,
    overheadBytes,
    datasetBytes,
    datasetPercent: percentOf(datasetBytes, usedBytes),
    peakPercent: percentOf(usedBytes, memory.peakBytes),
    keyCount,
    bytesPerKey: keyCount === 0 ? 0 : Math.floor(usedBytes / keyCount),
  };
}

function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : (part / whole) * 100;
}
