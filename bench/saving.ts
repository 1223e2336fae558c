import { Store } from '../src/index.ts';
import { InstantWalk } from '../src/persistence/instant/instant-walk.ts';
import { Save } from '../src/persistence/instant/save.ts';
import { sliceOf } from '../src/persistence/instant/slice.ts';
import { beginRdb } from '../src/persistence/rdb/file/begin-rdb.ts';
import { CHUNK_BYTES } from '../src/persistence/rdb/file/rdb-writer.ts';
import { formatCount, names } from './data.ts';
import { progress, type Section } from './harness.ts';
import { HoldMeter } from './hold-meter.ts';
import { formatFactor, printNote, printTable } from './table.ts';

const KEYS = 1_000_000;
const QUICK_KEYS = 100_000;
/** Commands between two turns of the event loop. */
const BATCH = 200;

export const saving: Section = {
  name: 'saving',
  title: 'Saving while commands run',
  async run({ isQuick }) {
    const count = isQuick ? QUICK_KEYS : KEYS;
    await printHolds(count);
    await printCosts(count);
    await printLargeValues(count / 2);
  },
};

/** What is saved: texts, or a tenth as many small hashes. */
const KINDS: Readonly<Record<string, (store: Store, key: string, at: number) => unknown>> = {
  texts: (store, key, at) => store.set(key, `value:${at * 7}`),
  'hashes of five fields': (store, key, at) =>
    at % 10 === 0 && store.hset(key, { a: `${at}`, b: 'two', c: `3:${at}`, d: 'four', e: 'five' }),
};

function filled(kind: string, count: number): { store: Store; keys: string[] } {
  const store = new Store();
  const keys = names('key', count);
  keys.forEach((key, at) => {
    KINDS[kind]!(store, key, at);
  });
  // Keys that have waited for long are where the collector no longer moves them.
  globalThis.gc?.();
  return { store, keys };
}

/** The pieces of a save as `Save` makes them, each by itself. */
async function printHolds(count: number): Promise<void> {
  const rows: string[][] = [];
  for (const kind of Object.keys(KINDS)) {
    for (const writes of [0, BATCH]) {
      progress(`holds: ${kind}, ${writes} writes between slices`);
      const { store, keys } = filled(kind, count);
      const { keyspace } = store;
      const meter = new HoldMeter();
      const writer = beginRdb(keyspace);
      const walk = new InstantWalk(keyspace, (...key) => writer.key(...key));
      for (let isMore = true, at = 0; isMore; ) {
        isMore = meter.measure(() => {
          const left = walk.step(sliceOf(writer));
          if (writer.bufferedBytes >= CHUNK_BYTES) writer.take();
          return left;
        });
        for (let left = writes; left > 0; left--, at++)
          KINDS[kind]!(store, keys[(at * 7919 * 10) % count]!, at * 10);
        await turn();
      }
      const keyCount = walk.visitedCount;
      const what = `${kind}${writes === 0 ? '' : `, ${writes} writes after each slice`}`;
      rows.push([what, formatCount(keyCount), ...meter.cells(keyCount)]);
      store.close();
    }
  }
  printTable('Slices of a save', ['what', 'keys', ...HoldMeter.header], rows);
  printNote(
    `What a walk knows of the keys that it has passed takes ${rememberedBytes(count).toFixed(0)} bytes for each.`,
  );
}

/** Of the heap, for each key, when a walk is almost over. */
function rememberedBytes(count: number): number {
  const { store } = filled('texts', count);
  const walk = new InstantWalk(store.keyspace, () => {});
  const before = usedBytes();
  let left = count - 1;
  walk.step(() => --left === 0);
  const bytes = usedBytes() - before;
  walk.cancel();
  store.close();
  return bytes / count;
}

function usedBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** What a command costs while a save is under way, by the processor's time of the command alone. */
async function printCosts(count: number): Promise<void> {
  const rows: string[][] = [];
  const { store, keys } = filled('texts', count);
  const order = (at: number): string => keys[(at * 7919) % count]!;
  const commands: [string, (at: number) => unknown][] = [
    ['GET', (at) => store.get(order(at))],
    ['SET', (at) => store.set(order(at), 'another value')],
    ['INCR of one key', () => store.incr('counter')],
  ];
  const operations = count / 4;
  for (const [name, run] of commands) {
    progress(`cost of ${name}`);
    run(0);
    const alone = await timeBatches(operations, run, () => true);
    let isOver = false;
    const save = new Save(store.keyspace, beginRdb(store.keyspace));
    const startedMs = performance.now();
    const saving = save.writeTo({ append: async () => {} }).then(() => {
      isOver = true;
      return performance.now() - startedMs;
    });
    const during = await timeBatches(Number.POSITIVE_INFINITY, run, () => !isOver);
    rows.push([
      name,
      formatFactor(during.ns / alone.ns),
      formatCount(during.count),
      `${((await saving) / 1000).toFixed(2)} s`,
    ]);
  }
  store.close();
  printTable(
    `Commands during a save of ${formatCount(count)} texts`,
    ['command', 'its time ÷ without', 'for so many of them', 'the save took'],
    rows,
  );
}

async function timeBatches(
  most: number,
  run: (at: number) => unknown,
  mayGoOn: () => boolean,
): Promise<{ ns: number; count: number }> {
  let spentMs = 0;
  let at = 0;
  while (at < most && mayGoOn()) {
    const batchMs = performance.now();
    for (let left = BATCH; left > 0; left--) run(at++);
    spentMs += performance.now() - batchMs;
    await turn();
  }
  return { ns: (spentMs * 1e6) / at, count: at };
}

/** A value is written in one go: what that means for a large one. */
async function printLargeValues(count: number): Promise<void> {
  const portions = Array.from({ length: count / 1000 }, (_, portion) =>
    Array.from({ length: 1000 }, (_, at) => portion * 1000 + at),
  );
  const kinds: [string, (store: Store, numbers: readonly number[]) => unknown][] = [
    ['hash', (store, all) => store.hset('k', Object.fromEntries(all.map((at) => [`f:${at}`, `v:${at}`])))],
    [
      'set',
      (store, all) =>
        store.sadd(
          'k',
          all.map((at) => `member:${at}`),
        ),
    ],
    [
      'sorted set',
      (store, all) => store.zadd('k', Object.fromEntries(all.map((at) => [`m:${at}`, at * 1.5]))),
    ],
    [
      'list',
      (store, all) =>
        store.rpush(
          'k',
          all.map((at) => `element:${at}`),
        ),
    ],
    [
      'stream',
      (store, all) => {
        for (const at of all) store.xadd('k', { a: 'text', b: `${at}` }, { id: `${at + 1}-0` });
      },
    ],
  ];
  const rows = kinds.map(([name, add]) => {
    progress(`a large ${name}`);
    const store = new Store();
    for (const numbers of portions) add(store, numbers);
    globalThis.gc?.();
    let leastMs = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 5; round++) {
      const writer = beginRdb(store.keyspace);
      const walk = new InstantWalk(store.keyspace, (...key) => writer.key(...key));
      const started = process.cpuUsage();
      walk.finish();
      const { user, system } = process.cpuUsage(started);
      leastMs = Math.min(leastMs, (user + system) / 1000);
    }
    store.close();
    return [name, `${leastMs.toFixed(0)} ms`, ((leastMs * 1e6) / count).toFixed(0)];
  });
  printTable(
    `One value of ${formatCount(count)} elements holds the event loop`,
    ['value', 'for', 'ns each'],
    rows,
  );
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
