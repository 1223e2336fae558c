import type { Database } from '../../keyspace/database.ts';
import { NEVER, type Stored } from '../../keyspace/entry.ts';
import { entryBytes } from '../../keyspace/memory/memory.ts';
import { STRING } from '../../structures/strings/string-value.ts';
import type { Server } from '../server.ts';
import type { Field, Section } from './section.ts';

/** The types that are shown, in Redis's order, with the names of their fields: how many elements, and how many bytes. */
const SHOWN: readonly (readonly [type: string, elements: string, bytes: string | undefined])[] = [
  ['string', 'distrib_strings_sizes', undefined],
  ['list', 'distrib_lists_items', 'distrib_lists_sizes'],
  ['set', 'distrib_sets_items', 'distrib_sets_sizes'],
  ['zset', 'distrib_zsets_items', 'distrib_zsets_sizes'],
  ['hash', 'distrib_hashes_items', 'distrib_hashes_sizes'],
];

/** How many keys there are of each size, sizes being powers of two. The key is the power's exponent; -1 is nothing at all. */
type Histogram = Map<number, number>;

/**
 * How large the values of each type are, by database: in elements (strings in bytes), and with `key-memory-histograms` in
 * bytes of memory too. O(keys), so it is left out unless somebody asks for it.
 */
export const keysizesSection: Section = {
  name: 'keysizes',
  title: 'Keysizes',
  isDefault: false,
  fields: (server) => server.keyspace.databases.flatMap((database) => histogramFields(server, database)),
};

function histogramFields({ keyspace, config }: Server, database: Database): Field[] {
  if (database.size === 0) return [];
  const showsBytes = config.isOn('key-memory-histograms');
  const nowMs = keyspace.now();
  const elements = new Map<string, Histogram>();
  const bytes = new Map<string, Histogram>();
  for (const held of database.map.values()) {
    const stored = database.storedOf(held)!;
    if (typeof stored === 'object' && stored.expiresAtMs !== NEVER && stored.expiresAtMs <= nowMs) continue;
    const type = typeof stored === 'string' ? STRING.type : stored.kind.type;
    count(elements, type, sizeOf(stored));
    if (showsBytes && typeof stored === 'object') count(bytes, type, entryBytes(stored));
  }
  const prefix = `db${database.index}_`;
  return SHOWN.flatMap(([type, elementsName, bytesName]): Field[] => {
    const shown: Field[] = [];
    const ofElements = elements.get(type);
    if (ofElements !== undefined) shown.push([prefix + elementsName, histogramText(ofElements)]);
    const ofBytes = bytesName === undefined ? undefined : bytes.get(type);
    if (ofBytes !== undefined) shown.push([prefix + bytesName, histogramText(ofBytes)]);
    return shown;
  });
}

/** In elements, a string in bytes. */
function sizeOf(stored: Stored): number {
  return typeof stored === 'string' ? STRING.size(stored) : stored.kind.size(stored.value);
}

function count(histograms: Map<string, Histogram>, type: string, size: number): void {
  let histogram = histograms.get(type);
  if (histogram === undefined) {
    histogram = new Map();
    histograms.set(type, histogram);
  }
  // Of zero it is -1.
  const power = 31 - Math.clz32(size);
  histogram.set(power, (histogram.get(power) ?? 0) + 1);
}

function histogramText(histogram: Histogram): string {
  return [...histogram]
    .sort(([a], [b]) => a - b)
    .map(([power, keys]) => `${powerText(power)}=${keys}`)
    .join(',');
}

/** 2 to this power as people read it: `512`, `1K`, `2M`. */
function powerText(power: number): string {
  if (power < 0) return '0';
  return `${2 ** (power % 10)}${['', 'K', 'M', 'G', 'T', 'P'][Math.floor(power / 10)]}`;
}
