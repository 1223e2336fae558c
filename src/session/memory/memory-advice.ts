import { humanBytes } from '../info/section.ts';
import type { Server } from '../server.ts';
import { type MemoryOverview, memoryOverview } from './memory-overview.ts';

/** With less than this there is nothing to say, as in Redis. */
const LITTLE_BYTES = 5 * 1024 * 1024;

/** A thing to be said, if it is so. */
type Remark = (overview: MemoryOverview, server: Server) => string | undefined;

/** What MEMORY DOCTOR says: what stands out in what a store uses, and what may be done. */
export function memoryAdvice(server: Server): string {
  const overview = memoryOverview(server);
  if (overview.usedBytes < LITTLE_BYTES) {
    return `The store is empty or uses very little memory (${humanBytes(overview.usedBytes)}): there is nothing to be said of it yet.`;
  }
  const remarks = REMARKS.flatMap((remark) => remark(overview, server) ?? []);
  const found = `${humanBytes(overview.usedBytes)} are used for ${overview.keyCount} keys.`;
  if (remarks.length === 0) return `${found} Nothing about that stands out.`;
  return `${found}\n\n${remarks.map((remark) => ` * ${remark}\n`).join('\n')}`;
}

const REMARKS: readonly Remark[] = [
  ({ usedBytes, peakBytes }) =>
    peakBytes > usedBytes * 1.5
      ? `Peak: there were ${humanBytes(peakBytes)} once, far more than now. The host may keep that memory for itself for a while; what counts for maxmemory is what is used now.`
      : undefined,
  ({ usedBytes }, { config }) => {
    const limit = config.number('maxmemory');
    if (limit === 0) return undefined;
    if (usedBytes < limit * 0.9) return undefined;
    const policy = config.text('maxmemory-policy');
    const then = policy === 'noeviction' ? 'writes are refused beyond it' : `keys go beyond it (${policy})`;
    return `Limit: more than nine tenths of maxmemory (${humanBytes(limit)}) are used; ${then}.`;
  },
  ({ clientsBytes }, { sessions }) =>
    sessions.size > 0 && clientsBytes / sessions.size > 200 * 1024
      ? `Clients: they take ${humanBytes(Math.round(clientsBytes / sessions.size))} each, on an average. Some do not read their replies fast enough, or have subscribed to, watch or queue very much. CLIENT LIST tells who (tot-mem); maxmemory-clients limits all of them together.`
      : undefined,
  (_overview, { gauges }) =>
    (gauges.get('number_of_cached_scripts')?.() ?? 0) > 1000
      ? 'Scripts: more than a thousand are kept. Whoever makes a script of its own for each call should pass what differs as arguments; SCRIPT FLUSH forgets those that SCRIPT LOAD has loaded.'
      : undefined,
  ({ overheadBytes, usedBytes, clientsBytes }) =>
    overheadBytes - clientsBytes > usedBytes / 2
      ? 'Overhead: more than half goes to what keeps track of the keys, not to what they hold. Many small values take less as the fields of few hashes.'
      : undefined,
];
