/** A spike: the worst latency of one second. */
export interface LatencySample {
  readonly atSeconds: number;
  /** In whole milliseconds. */
  latencyMs: number;
}

/** What is known of one kind of event. */
export interface LatencySeries {
  readonly event: string;
  /** The oldest first; at most {@link LATENCY_SERIES_LENGTH}. */
  readonly samples: LatencySample[];
  /** The worst since the last reset, in milliseconds. */
  maxMs: number;
}

/** So many spikes of an event are remembered. */
const LATENCY_SERIES_LENGTH = 160;

/** Remembers what took too long, by kinds of events (`command`, `fast-command`): LATENCY. Off until a threshold is set. */
export class LatencyMonitor {
  /** From how long on an event counts, in milliseconds; infinite while nothing is monitored. */
  thresholdMs = Number.POSITIVE_INFINITY;
  private readonly series = new Map<string, LatencySeries>();

  /** All kinds of events of which there is something to tell. */
  get all(): Iterable<LatencySeries> {
    return this.series.values();
  }

  of(event: string): LatencySeries | undefined {
    return this.series.get(event);
  }

  /** Something took so long. */
  add(event: string, nowMs: number, durationMs: number): void {
    const latencyMs = Math.floor(durationMs);
    const atSeconds = Math.floor(nowMs / 1000);
    let series = this.series.get(event);
    if (series === undefined) {
      series = { event, samples: [], maxMs: 0 };
      this.series.set(event, series);
    }
    series.maxMs = Math.max(series.maxMs, latencyMs);
    const last = series.samples.at(-1);
    if (last?.atSeconds === atSeconds) {
      last.latencyMs = Math.max(last.latencyMs, latencyMs);
      return;
    }
    series.samples.push({ atSeconds, latencyMs });
    if (series.samples.length > LATENCY_SERIES_LENGTH) series.samples.shift();
  }

  /** Forgets these events, or all. Returns how many there were. */
  reset(events?: readonly string[]): number {
    let count = 0;
    for (const event of events ?? [...this.series.keys()]) if (this.series.delete(event)) count++;
    return count;
  }
}
