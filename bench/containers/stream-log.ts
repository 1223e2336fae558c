/**
 * The log of a stream: time per operation and bytes per entry, of a million entries with three short fields.
 *
 *     npx tsx --expose-gc bench/containers/stream-log.ts [entries]
 */
import { MAX_ID, MIN_ID, type StreamId } from '../../src/streams/stream-id.ts';
import { StreamLog } from '../../src/streams/stream-log.ts';
import { freshString } from '../data.ts';
import { usedBytes } from '../heap.ts';

const SIZE = Number(process.argv[2] ?? 1_000_000);
const SAMPLES = 20_000;
const SMALL_STREAMS = 100_000;
const LIMITS = { streamNodeMaxEntries: 100, streamNodeMaxBytes: 4096 };
const START_MS = 1_700_000_000_000;

let state = 1;
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

/** Nanoseconds of processor time per operation. */
function time(operations: number, run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1000) / operations;
}

function show(name: string, figure: number, unit: string): void {
  console.log(`${name.padEnd(58)} ${figure.toFixed(1).padStart(9)} ${unit}`);
}

let sink = 0;

/** Names and values of eight characters, made anew as a parser makes them. */
function entry(number: number): { fields: string[]; values: string[] } {
  const text = String(number).padStart(7, '0');
  return {
    fields: ['user', 'action', 'amount'],
    values: [freshString(`u${text}`), freshString(`a${text}`), freshString(`v${text}`)],
  };
}

/** Three milliseconds from entry to entry. */
function idOf(number: number): StreamId {
  return { ms: START_MS + 3 * number, seq: 0 };
}

function filled(count: number): StreamLog {
  const log = new StreamLog();
  for (let number = 0; number < count; number++) {
    const { fields, values } = entry(number);
    log.append(idOf(number), fields, values, LIMITS);
  }
  return log;
}

filled(20_000);

// ── memory ───────────────────────────────────────────────────────────────────────────────────────────────────

let before = usedBytes();
const log = filled(SIZE);
show(`memory, one stream of ${SIZE}`, (usedBytes() - before) / SIZE, 'bytes per entry');

before = usedBytes();
const small = Array.from({ length: SMALL_STREAMS }, () => filled(5));
show(`memory, ${SMALL_STREAMS} streams of 5`, (usedBytes() - before) / SMALL_STREAMS, 'bytes per stream');
sink += small.length;
small.length = 0;

// ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────

for (const round of ['first', 'second']) {
  const count = Math.min(SIZE, 300_000);
  const entries = Array.from({ length: count }, (_, number) => entry(number));
  const ids = Array.from({ length: count }, (_, number) => idOf(number));
  const fresh = new StreamLog();
  const ns = time(count, () => {
    for (let at = 0; at < count; at++)
      fresh.append(ids[at]!, entries[at]!.fields, entries[at]!.values, LIMITS);
  });
  show(`append (${round})`, ns, 'ns');
  sink += fresh.length;
}

const places = Array.from({ length: SAMPLES }, () => Math.floor(random() * (SIZE - 100)));
for (const round of ['first', 'second']) {
  show(
    `get, anywhere (${round})`,
    time(SAMPLES, () => {
      for (const place of places) sink += log.get(idOf(place))!.values.length;
    }),
    'ns',
  );
  show(
    `has, anywhere (${round})`,
    time(SAMPLES, () => {
      for (const place of places) sink += log.has(idOf(place)) ? 1 : 0;
    }),
    'ns',
  );
  show(
    `forEach over 100, anywhere (${round})`,
    time(SAMPLES, () => {
      for (const place of places) {
        log.forEach(idOf(place), idOf(place + 99), (one) => {
          sink += one.values.length;
        });
      }
    }),
    'ns',
  );
  show(
    `forEachReversed over 100, anywhere (${round})`,
    time(SAMPLES, () => {
      for (const place of places) {
        log.forEachReversed(idOf(place + 99), idOf(place), (one) => {
          sink += one.values.length;
        });
      }
    }),
    'ns',
  );
  show(
    `the last 10 (${round})`,
    time(SAMPLES, () => {
      for (let times = 0; times < SAMPLES; times++) {
        let left = 10;
        log.forEachReversed(MAX_ID, MIN_ID, () => --left > 0);
      }
    }),
    'ns',
  );
}
show(
  'clone',
  time(5, () => {
    for (let times = 0; times < 5; times++) sink += log.clone().length;
  }) / 1e6,
  'ms',
);
show(
  'radixNodeCount',
  time(5, () => {
    for (let times = 0; times < 5; times++) sink += log.radixNodeCount();
  }) / 1e6,
  'ms',
);
const gone = new Set(places);
show(
  'delete, anywhere',
  time(gone.size, () => {
    for (const place of gone) log.delete(idOf(place));
  }),
  'ns',
);
show(
  'append and trim to the same length, exactly',
  time(SAMPLES, () => {
    for (let times = 0; times < SAMPLES; times++) {
      const { fields, values } = entry(times);
      log.append(idOf(SIZE + times), fields, values, LIMITS);
      sink += log.trim({ maxLength: SIZE >> 1 });
    }
  }),
  'ns',
);
show(
  'delete from the front',
  time(SAMPLES, () => {
    for (let times = 0; times < SAMPLES; times++) log.delete(log.first!);
  }),
  'ns',
);
if (sink === 0) throw new Error('nothing was done');
