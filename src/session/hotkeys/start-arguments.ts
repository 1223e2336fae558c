import type { ByteString } from '../../bytes/byte-string.ts';
import { errors, type ReplyError } from '../../errors.ts';
import { parseInteger } from '../../numbers/integer.ts';
import { TokenReader, upperCase } from '../../wire/grammar/token-reader.ts';
import { SLOT_COUNT } from '../cluster/slots.ts';
import type { HotKeysOptions } from './hot-keys.ts';

const METRICS = ['cpu', 'net'] as const;
const MOST_KEYS = 64;
const LONGEST_SECONDS = 1_000_000;
const GREATEST_RATIO = 2 ** 31 - 1;

type Options = { -readonly [N in keyof HotKeysOptions]: HotKeysOptions[N] };

/**
 * What HOTKEYS START is asked for: `METRICS count name … [COUNT k] [DURATION seconds] [SAMPLE ratio] [SLOTS count slot …]`,
 * the options in any order. Metrics that nobody knows are passed over, as long as one is known.
 *
 * @throws ReplyError what Redis says of the first thing that is wrong
 */
export function readStart(tokens: readonly ByteString[], isClusterNode: boolean): HotKeysOptions {
  const reader = new TokenReader('hotkeys|start', tokens, 0);
  if (reader.remaining < 2 || !reader.accept('METRICS')) throw errors.hotKeysNeedMetrics();
  const options: Options = { metrics: readMetrics(reader) };
  while (reader.remaining > 0) {
    const name = upperCase(reader.next());
    if (reader.remaining === 0) throw errors.syntax();
    if (name === 'COUNT') {
      options.count = readWithin(reader, 1, MOST_KEYS, errors.hotKeysCount);
    } else if (name === 'DURATION') {
      options.durationSeconds = readWithin(reader, 1, LONGEST_SECONDS, errors.hotKeysDuration);
    } else if (name === 'SAMPLE') {
      options.sampleRatio = readWithin(reader, 1, GREATEST_RATIO, errors.hotKeysSample);
    } else if (name === 'SLOTS') {
      if (!isClusterNode) throw errors.hotKeysWithoutCluster();
      if (options.slots !== undefined) throw errors.hotKeysSlotsTwice();
      options.slots = readSlots(reader);
    } else throw errors.syntax();
  }
  return options;
}

function readMetrics(reader: TokenReader): ReadonlySet<'cpu' | 'net'> {
  const count = readWithin(reader, 1, METRICS.length, errors.hotKeysMetricsCount);
  const found = new Set<'cpu' | 'net'>();
  if (reader.remaining < count) {
    // What there is of them is looked at first.
    while (reader.remaining > 0) readMetric(reader, found);
    throw errors.hotKeysMetricsMissing();
  }
  for (let at = 0; at < count; at++) readMetric(reader, found);
  if (found.size === 0) throw errors.hotKeysMetricsUnknown();
  return found;
}

function readMetric(reader: TokenReader, found: Set<'cpu' | 'net'>): void {
  const name = upperCase(reader.next());
  const metric = METRICS.find((known) => known.toUpperCase() === name);
  if (metric === undefined) return;
  if (found.has(metric)) throw errors.hotKeysMetricTwice(name);
  found.add(metric);
}

function readSlots(reader: TokenReader): readonly number[] {
  const count = readWithin(reader, 1, SLOT_COUNT, errors.hotKeysSlotCount);
  if (reader.remaining < count) throw errors.hotKeysSlotsMissing();
  const slots = new Set<number>();
  for (let at = 0; at < count; at++) {
    const slot = readWithin(reader, 0, SLOT_COUNT - 1, errors.slotOutOfRange);
    if (slots.has(slot)) throw errors.hotKeysSlotRepeated();
    slots.add(slot);
  }
  return [...slots].sort((a, b) => a - b);
}

function readWithin(reader: TokenReader, least: number, greatest: number, error: () => ReplyError): number {
  const value = parseInteger(reader.next());
  if (value === undefined || value < least || value > greatest) throw error();
  return Number(value);
}
