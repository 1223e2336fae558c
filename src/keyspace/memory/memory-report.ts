import { NEVER } from '../entry.ts';
import type { Keyspace } from '../keyspace.ts';
import { elementsOf } from './big-keys.ts';
import { storedBytes } from './memory.ts';
import type { MemoryReport, MemoryRow } from './memory-options.ts';

type Sums = { -readonly [N in 'db' | 'type' | 'keys' | 'elements' | 'bytes']: MemoryRow[N] };

/** What all keys take, by database and type. Touches nothing; keys whose time is over are passed by. O(keys). */
export function memoryReport(keyspace: Keyspace): MemoryReport {
  const { hitCount, missCount, expiredCount, evictedCount, overheadBytes, memoryLimit } = keyspace;
  const sums: Sums[] = [];
  let expiringKeys = 0;
  for (const database of keyspace.databases) {
    const byType = new Map<string, Sums>();
    const nowMs = database.expiringCount === 0 ? 0 : keyspace.now();
    for (const [key, held] of database.map) {
      const stored = database.storedOf(held)!;
      let type = 'string';
      if (typeof stored === 'object') {
        if (stored.expiresAtMs !== NEVER) {
          if (nowMs >= stored.expiresAtMs) continue;
          expiringKeys++;
        }
        type = stored.kind.type;
      }
      let sum = byType.get(type);
      if (sum === undefined) {
        sum = { db: database.index, type, keys: 0, elements: 0, bytes: 0 };
        byType.set(type, sum);
      }
      sum.keys++;
      sum.elements += elementsOf(database, key, stored);
      sum.bytes += storedBytes(database, key, stored);
    }
    sums.push(...byType.values());
  }
  const dataBytes = sums.reduce((total, { bytes }) => total + bytes, 0);
  return {
    rows: sums
      .sort((a, b) => b.bytes - a.bytes)
      .map((sum) => ({
        ...sum,
        meanBytes: Math.round(sum.bytes / sum.keys),
        percent: Math.round((sum.bytes / dataBytes) * 1000) / 10,
      })),
    usedBytes: dataBytes + overheadBytes,
    dataBytes,
    overheadBytes,
    peakBytes:
      keyspace.memory === undefined ? null : Math.max(keyspace.memory.peakBytes, dataBytes + overheadBytes),
    maxBytes: Number(memoryLimit.maxBytes) || null,
    policy: memoryLimit.policy,
    keys: sums.reduce((total, { keys }) => total + keys, 0),
    expiringKeys,
    expired: expiredCount,
    evicted: evictedCount,
    hits: hitCount,
    misses: missCount,
  };
}
