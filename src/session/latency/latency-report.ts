import type { Server } from '../server.ts';
import type { LatencySeries } from './latency-monitor.ts';

/** What LATENCY DOCTOR says: the spikes of each event in figures, and what may help. */
export function latencyReport({ latency, slowLog }: Server): string {
  const all = [...latency.all];
  if (latency.thresholdMs === Number.POSITIVE_INFINITY && all.length === 0) {
    return 'Latency is not monitored. Say from how many milliseconds on something counts as slow: CONFIG SET latency-monitor-threshold <milliseconds>\n';
  }
  if (all.length === 0) return 'No latency spike was seen so far.\n';
  const lines = all.map((series, at) => `${at + 1}. ${describe(series)}`);
  const advice = [
    slowLog.thresholdMs === Number.POSITIVE_INFINITY
      ? 'The slow log is off. CONFIG SET slowlog-log-slower-than 1000 has it remember which commands were slow.'
      : 'SLOWLOG GET tells which commands were slow.',
    'Whatever else the program does in the same event loop delays commands, too, and is not seen here.',
  ];
  return `Latency spikes were seen:\n\n${lines.join('\n')}\n\n${advice.map((line) => `- ${line}`).join('\n')}\n`;
}

function describe({ event, samples, maxMs }: LatencySeries): string {
  const count = samples.length;
  const average = samples.reduce((sum, { latencyMs }) => sum + latencyMs, 0) / count;
  const deviation = samples.reduce((sum, { latencyMs }) => sum + Math.abs(latencyMs - average), 0) / count;
  const spanSeconds = samples.at(-1)!.atSeconds - samples[0]!.atSeconds;
  const period = count > 1 ? spanSeconds / (count - 1) : 0;
  return `${event}: ${count} latency spikes (average ${Math.round(average)}ms, mean deviation ${Math.round(deviation)}ms, period ${period.toFixed(2)} sec). Worst all time event ${maxMs}ms.`;
}
