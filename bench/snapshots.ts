import { type Snapshot, Store } from '../src/index.ts';
import { formatCount, freshString, names, shuffled } from './data.ts';
import { type Contestant, compare, progress, type Section, type Settings } from './harness.ts';
import { printTable, RatioTable } from './table.ts';

const ALONE = 'no snapshot';

export const snapshots: Section = {
  name: 'snapshots',
  title: 'Snapshots: to take, to hold and to restore them, and forks',
  async run(settings) {
    const size = settings.isQuick ? 100_000 : 1_000_000;
    measureTimes(size, settings);
    await compareHolding(size, settings);
  },
};

/** The best of a few: these are things that are done once. By the processor's time, unless it is too short for that. */
function bestMs(times: number, run: () => void, prepare: () => void = () => {}): number {
  let best = Number.POSITIVE_INFINITY;
  for (let time = 0; time < times; time++) {
    prepare();
    const started = performance.now();
    const before = process.cpuUsage();
    run();
    const elapsedMs = performance.now() - started;
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, elapsedMs < 5 ? elapsedMs : (user + system) / 1000);
  }
  return best;
}

function measureTimes(size: number, { isQuick }: Settings): void {
  const keys = names('key', size);
  const store = new Store();
  for (const key of keys) store.set(key, `value of ${key}`);
  const order = shuffled(keys);
  const times = isQuick ? 2 : 5;
  const rows: string[][] = [];
  const add = (what: string, ms: number): void => {
    rows.push([what, ms < 0.1 ? `${(1000 * ms).toFixed(1)} µs` : `${ms.toFixed(1)} ms`]);
  };
  let snapshot: Snapshot | undefined;
  progress('snapshot');
  add(
    'snapshot()',
    bestMs(
      times,
      () => {
        snapshot = store.snapshot();
      },
      () => snapshot?.release(),
    ),
  );
  const held = snapshot!;
  for (const count of [1, 1000, size]) {
    progress(`restore after ${count}`);
    const change = (): void => {
      for (let at = 0; at < count; at++) store.set(order[at]!, 'another');
    };
    add(
      `restore() after ${formatCount(count)} SETs`,
      bestMs(times, () => store.restore(held), change),
    );
  }
  add(
    'FLUSHALL while a snapshot is held',
    bestMs(
      times,
      () => store.flushall(),
      () => store.restore(held),
    ),
  );
  add(
    'restore() after it',
    bestMs(
      times,
      () => store.restore(held),
      () => store.flushall(),
    ),
  );
  store.restore(held);
  held.release();
  progress('fork');
  let fork: Store | undefined;
  add(
    'fork()',
    bestMs(Math.min(times, 3), () => {
      fork = store.fork();
    }),
  );
  if (fork?.dbsize() !== size) throw new Error('a fork without keys');
  printTable(`Of ${formatCount(size)} strings`, ['', 'time'], rows);
}

async function compareHolding(size: number, settings: Settings): Promise<void> {
  const table = new RatioTable('Writing while a snapshot is held', [ALONE]);
  const keys = names('key', Math.min(size, 100_000));
  const order = shuffled(keys);
  const value = freshString('another value');
  const filled = (): Store => {
    const store = new Store();
    for (const key of keys) store.set(key, `value of ${key}`);
    store.hset('hash', Object.fromEntries(keys.slice(0, 1000).map((key) => [key, key])));
    return store;
  };
  const writing = (name: string, store: Store, prepare: () => void): Contestant => ({
    name,
    prepare,
    run: () => {
      let sum = 0;
      for (const key of order) if (store.set(key, value) === 'OK') sum++;
      return sum;
    },
  });
  const nothing = (): void => {};
  const again = filled();
  const first = filled();
  const alone = filled();
  const held = again.snapshot();
  const kept = first.snapshot();
  const name = 'SET of a key that was saved before';
  const options = { ...settings, isBrief: false };
  table.add(
    name,
    await compare(
      name,
      order.length,
      [writing('held', again, nothing), writing(ALONE, alone, nothing)],
      options,
    ),
  );
  const saving = 'SET of a key for the first time since';
  table.add(
    saving,
    await compare(
      saving,
      order.length,
      [writing('held', first, () => first.restore(kept)), writing(ALONE, alone, nothing)],
      options,
    ),
  );
  table.print();
  held.release();
}
