import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { type Many, manyOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import type { Command } from '../../wire/command.ts';
import type { Tree } from '../../wire/tree-codec.ts';
import type { CommandRegistry } from '../command/command-registry.ts';
import type { Session } from '../session.ts';
import type { LatencyHistogram } from '../statistics/latency-histogram.ts';
import { latencyGraph } from './latency-graph.ts';
import { latencyReport } from './latency-report.ts';

/** How long the calls of one command took. */
export interface CommandLatencies {
  readonly name: string;
  readonly histogram: LatencyHistogram;
}

/** LATENCY. Byte strings are in their inner form. */
export class LatencyOperations {
  private readonly session: Session;
  private readonly registry: CommandRegistry;

  constructor(session: Session, registry: CommandRegistry) {
    this.session = session;
    this.registry = registry;
  }

  /** Of each event its name, its latest spike, and its worst one. */
  latencyLatest(): Tree {
    return [...this.session.server.latency.all].map(({ event, samples, maxMs }) => {
      const { atSeconds, latencyMs } = samples.at(-1)!;
      return [event, atSeconds, latencyMs, maxMs];
    });
  }

  /** The spikes of an event, the oldest first. */
  latencyHistory(event: Bytes): Tree {
    const series = this.session.server.latency.of(event as ByteString);
    return (series?.samples ?? []).map(({ atSeconds, latencyMs }) => [atSeconds, latencyMs]);
  }

  /** The spikes of an event, drawn. */
  latencyGraph(event: Bytes): string {
    const { latency, keyspace } = this.session.server;
    const series = latency.of(event as ByteString);
    if (series === undefined) throw errors.noLatencySamples(event as ByteString);
    return latencyGraph(series, Math.floor(keyspace.now() / 1000));
  }

  /** Forgets these events, or all. */
  latencyReset(events?: Many): number {
    return this.session.server.latency.reset(
      events === undefined ? undefined : (manyOf(events) as ByteString[]),
    );
  }

  /** What is to be thought of it. */
  latencyDoctor(): string {
    return latencyReport(this.session.server);
  }

  /** How long the calls of these commands took, or of all that were called; of a container, its subcommands'. */
  latencyHistogram(names?: Many): readonly CommandLatencies[] {
    const { registry } = this;
    const asked: readonly Command[] =
      names === undefined
        ? registry.all
        : manyOf(names).flatMap((name) => {
            const command = registry.byFullName(name as ByteString);
            return command === undefined ? [] : [command, ...registry.subcommandsOf(command)];
          });
    const { commands } = this.session.server.statistics;
    return [...new Set(asked)].flatMap((command) => {
      const { latencies } = commands.of(command);
      return latencies === undefined ? [] : [{ name: command.fullName, histogram: latencies }];
    });
  }
}
