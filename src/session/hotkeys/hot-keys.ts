import type { ByteString } from '../../bytes/byte-string.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import type { Command } from '../../wire/command.ts';
import { keyPositions } from '../../wire/key-positions.ts';
import type { ReplySink } from '../../wire/resp/reply-sink.ts';
import type { Tree } from '../../wire/tree-codec.ts';
import { nullSink } from '../client/null-sink.ts';
import { SLOT_COUNT, slotOf } from '../cluster/slots.ts';
import { CountingSink, requestBytes } from './counting-sink.ts';
import { HeavyHitters } from './heavy-hitters.ts';

/** What HOTKEYS START is asked for. */
export interface HotKeysOptions {
  readonly metrics: ReadonlySet<'cpu' | 'net'>;
  /** How many keys are told of. Default 10. */
  readonly count?: number;
  /** After so many seconds it ends by itself. Default: it does not. */
  readonly durationSeconds?: number;
  /** One command in so many is looked at. Default 1. */
  readonly sampleRatio?: number;
  /** Only keys of these slots, in order. Default: of all. */
  readonly slots?: readonly number[];
}

const DEFAULT_COUNT = 10;
/** So many keys are kept an eye on for each that is told of: the least of those are then known well. */
const COUNTERS_PER_KEY = 64;

/** The time and bytes of commands. */
class Sums {
  microseconds = 0;
  bytes = 0;

  add(microseconds: number, bytes: number): void {
    this.microseconds += microseconds;
    this.bytes += bytes;
  }
}

/**
 * One tracking of hot keys (HOTKEYS): which keys most of the time, and of the bytes on the wire, goes to, from START to
 * STOP. What a command took is shared between its keys in equal parts; a command without keys does not count, and what a
 * script runs counts as the script's.
 */
export class HotKeys {
  private readonly keyspace: Keyspace;
  private readonly options: HotKeysOptions;
  private readonly slots: ReadonlySet<number> | undefined;
  private readonly byTime: HeavyHitters | undefined;
  private readonly byBytes: HeavyHitters | undefined;
  private readonly startedAtMs: number;
  private endedAtMs = Number.POSITIVE_INFINITY;
  /** All commands; those of the selected slots; and of these those that were looked at. */
  private readonly all = new Sums();
  private readonly selected = new Sums();
  private readonly sampled = new Sums();

  constructor(keyspace: Keyspace, options: HotKeysOptions) {
    this.keyspace = keyspace;
    this.options = options;
    const { metrics, count = DEFAULT_COUNT, durationSeconds, slots } = options;
    this.slots = slots === undefined ? undefined : new Set(slots);
    this.byTime = metrics.has('cpu') ? new HeavyHitters(count * COUNTERS_PER_KEY) : undefined;
    this.byBytes = metrics.has('net') ? new HeavyHitters(count * COUNTERS_PER_KEY) : undefined;
    this.startedAtMs = keyspace.now();
    if (durationSeconds !== undefined) this.endedAtMs = this.startedAtMs + durationSeconds * 1000;
  }

  get isActive(): boolean {
    return this.endedAtMs === Number.POSITIVE_INFINITY || this.keyspace.now() < this.endedAtMs;
  }

  stop(): void {
    this.endedAtMs = Math.min(this.endedAtMs, this.keyspace.now());
  }

  /** Runs a command, and counts what it took and answered. */
  observe(
    server: { readonly lastDurationMs: number },
    command: Command,
    tokens: readonly ByteString[],
    sink: ReplySink,
    run: (counting: ReplySink) => void,
  ): void {
    const counting = new CountingSink(sink);
    run(counting);
    this.ran(command, tokens, server.lastDurationMs, sink === nullSink ? 0 : counting.count);
  }

  /** A command has run. */
  private ran(command: Command, tokens: readonly ByteString[], durationMs: number, replyBytes: number): void {
    if (command.keySpecs.length === 0 || !this.isActive) return;
    const positions = keyPositions(command.keySpecs, tokens);
    if (positions === undefined || positions.length === 0) return;
    const microseconds = durationMs * 1000;
    const bytes = requestBytes(tokens) + replyBytes;
    this.all.add(microseconds, bytes);
    // A cluster lets no command have keys of several slots.
    if (this.slots !== undefined && !this.slots.has(slotOf(tokens[positions[0]!.index]!))) return;
    this.selected.add(microseconds, bytes);
    const { sampleRatio = 1 } = this.options;
    if (sampleRatio > 1 && this.keyspace.random() * sampleRatio >= 1) return;
    this.sampled.add(microseconds, bytes);
    const { length } = positions;
    for (const { index } of positions) {
      if (microseconds > 0) this.byTime?.add(tokens[index]!, microseconds / length);
      this.byBytes?.add(tokens[index]!, bytes / length);
    }
  }

  /** What HOTKEYS GET answers. O(counters). */
  report(): Tree {
    const { all, selected, sampled, byTime, byBytes } = this;
    const { count = DEFAULT_COUNT, sampleRatio = 1, slots } = this.options;
    const isSelective = slots !== undefined;
    const isSampled = isSelective && sampleRatio > 1;
    const isActive = this.isActive;
    const endMs = isActive ? this.keyspace.now() : this.endedAtMs;
    const fields: (readonly [name: string, value: Tree, isTold?: boolean])[] = [
      ['tracking-active', isActive ? 1 : 0],
      ['sample-ratio', sampleRatio],
      ['selected-slots', rangesOf(slots)],
      ['sampled-commands-selected-slots-us', Math.floor(sampled.microseconds), isSampled],
      ['all-commands-selected-slots-us', Math.floor(selected.microseconds), isSelective],
      ['all-commands-all-slots-us', Math.floor(all.microseconds)],
      ['net-bytes-sampled-commands-selected-slots', sampled.bytes, isSampled],
      ['net-bytes-all-commands-selected-slots', selected.bytes, isSelective],
      ['net-bytes-all-commands-all-slots', all.bytes],
      ['collection-start-time-unix-ms', Math.floor(this.startedAtMs)],
      ['collection-duration-ms', Math.floor(endMs - this.startedAtMs)],
      // Of the process as a whole nothing is known: this is what its commands took.
      ['total-cpu-time-user-ms', Math.floor(all.microseconds / 1000), byTime !== undefined],
      ['total-cpu-time-sys-ms', 0, byTime !== undefined],
      ['total-net-bytes', all.bytes, byBytes !== undefined],
      ['by-cpu-time-us', byTime === undefined ? null : listOf(byTime, count), byTime !== undefined],
      ['by-net-bytes', byBytes === undefined ? null : listOf(byBytes, count), byBytes !== undefined],
    ];
    const told = fields.filter(([, , isTold = true]) => isTold);
    return [new Map(told.map(([name, value]): [string, Tree] => [name, value]))];
  }
}

/** Keys and what they weigh, one after the other. What is below one is not told. */
function listOf(hitters: HeavyHitters, count: number): Tree {
  return hitters
    .top(count)
    .map(([key, weight]): [string, number] => [key, Math.floor(weight)])
    .filter(([, weight]) => weight > 0)
    .flat();
}

/** Numbers in order as `[number]`, or `[first, last]` where they follow each other. */
function rangesOf(slots: readonly number[] | undefined): Tree {
  if (slots === undefined) return [[0, SLOT_COUNT - 1]];
  const ranges: number[][] = [];
  for (const slot of slots) {
    const range = ranges.at(-1);
    if (range !== undefined && range.at(-1) === slot - 1) range[1] = slot;
    else ranges.push([slot]);
  }
  return ranges;
}
