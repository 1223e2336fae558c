import type { ByteString } from '../src/bytes/byte-string.ts';
import { Store } from '../src/index.ts';
import { type RedisServer, startRedisServer } from '../test/support/redis-server.ts';
import { besideServer, printBesideServer } from './beside-server.ts';
import { formatCount } from './data.ts';
import { encode, LocalEnd, ServerLink } from './ends.ts';
import { compare, type Section, type Settings } from './harness.ts';
import { printMemory } from './memory.ts';
import { type StreamJob, streamJobs } from './stream-jobs.ts';
import { streamMemoryCases } from './stream-memory.ts';
import { formatFactor, printNote, printTable } from './table.ts';

export const streams: Section = {
  name: 'streams',
  title: 'Streams beside a redis-server, and how they grow',
  async run(settings) {
    const redis = await startRedisServer({ required: false });
    if (redis !== undefined) await compareJobs(redis, settings);
    await growStreams(settings);
    await printMemory(streamMemoryCases, settings);
  },
};

async function compareJobs(redis: RedisServer, settings: Settings): Promise<void> {
  const link = await ServerLink.connect(redis);
  const rows: string[][] = [];
  try {
    for (const job of streamJobs) rows.push(await compareJob(job, link, settings));
  } finally {
    link.close();
    await redis.stop();
  }
  printBesideServer(redis, rows);
  printNote(
    'The server is given some thousand requests at a time, encoded beforehand, and its replies are not parsed. “Requests to replies” ' +
      'reads the same bytes and writes the bytes of the replies; “execute alone” starts from tokens; “typed” are calls of methods.',
  );
}

async function compareJob(job: StreamJob, link: ServerLink, settings: Settings): Promise<string[]> {
  const local = new LocalEnd();
  const store = new Store();
  const data: ByteString[][] = [['FLUSHALL'], ...job.data];
  local.executeAll(data);
  await link.send(encode(data));
  job.fill(store);
  const request = encode(job.batch);
  const again = job.again ?? [];
  const againRequest = encode(again);
  const { fastestNs } = await compare(
    job.name,
    job.operations,
    [
      {
        name: 'requests',
        prepare: () => void local.executeAll(again),
        run: () => local.answer(request),
      },
      {
        name: 'execute',
        prepare: () => void local.executeAll(again),
        run: () => local.executeAll(job.batch),
      },
      { name: 'typed', prepare: () => job.fillAgain?.(store), run: () => job.run(store) },
      {
        name: 'server',
        isWaiting: true,
        prepare: async () => {
          if (again.length > 0) await link.send(againRequest);
        },
        run: () => link.send(request),
      },
    ],
    settings,
  );
  return besideServer(job.name, fastestNs);
}

// ── growth ─────────────────────────────────────────────────────────────────────────────────────────────────

const TURNS = 2000;
const PENDING = 1000;

/** Something done to a stream of `size` entries, 1-0, 2-0, …, of which a thousand are pending with `alice`. */
interface Growing {
  readonly name: string;
  readonly run: (store: Store, size: number, turn: number) => number;
}

const FIELDS = { user: 'v0000001', action: 'v1000001', page: 'v2000001' };

/** The id of one of the pending ones. */
function pendingId(size: number, turn: number): string {
  return `${1 + ((turn * 7919) % PENDING) * (size / PENDING)}-0`;
}

const growing: readonly Growing[] = [
  { name: 'XADD', run: (store) => store.xadd('log', FIELDS).length },
  {
    name: 'XADD MAXLEN = n',
    run: (store, size) => store.xadd('trimmed', FIELDS, { maxlen: size }).length,
  },
  {
    name: 'XADD MAXLEN ~ n',
    run: (store, size) => store.xadd('loose', FIELDS, { maxlen: size, approximate: true }).length,
  },
  {
    name: 'XADD MINID = id',
    run: (store, size, turn) => store.xadd('by-id', FIELDS, { minid: `${size + turn}-0` }).length,
  },
  {
    name: 'XRANGE of 10, anywhere',
    run: (store, size, turn) =>
      store.xrange('log', `${1 + ((turn * 7919) % (size - 10))}-0`, '+', { count: 10 }).length,
  },
  {
    name: 'XCLAIM of one',
    run: (store, size, turn) =>
      store.xclaim('work', 'workers', turn % 2 === 0 ? 'bob' : 'alice', 0, pendingId(size, turn)).length,
  },
  {
    name: 'XAUTOCLAIM of 10, anywhere',
    run: (store, size, turn) =>
      store.xautoclaim('work', 'workers', turn % 2 === 0 ? 'bob' : 'alice', 0, pendingId(size, turn), {
        count: 10,
      }).entries.length,
  },
  {
    name: 'XACK of one, and pending again',
    run: (store, size, turn) => {
      const id = pendingId(size, turn);
      return (
        store.xack('work', 'workers', id) +
        store.xclaimJustid('work', 'workers', 'alice', 0, id, { force: true }).length
      );
    },
  },
  {
    name: 'XREADGROUP CLAIM of one',
    run: (store) => store.xreadgroupClaim('workers', 'bob', 'work', 0, { count: 1 }).length,
  },
];

const KEYS = ['log', 'trimmed', 'loose', 'by-id', 'work'];

async function growStreams(settings: Settings): Promise<void> {
  const sizes = settings.isQuick ? [1000, 100_000] : [1000, 1_000_000];
  const names = sizes.map((size) => formatCount(size));
  const rows: string[][] = [];
  const stores = sizes.map(grownStore);
  for (const { name, run } of growing) {
    let turn = 0;
    const contestants = sizes.map((size, at) => ({
      name: names[at]!,
      run: () => {
        let sum = 0;
        for (const last = turn + TURNS; turn < last; turn++) sum += run(stores[at]!, size, turn);
        return sum;
      },
    }));
    const { medianNs } = await compare(name, TURNS, contestants, settings);
    rows.push([name, formatFactor(medianNs.get(names[1]!)! / medianNs.get(names[0]!)!)]);
  }
  rows.push(['log n', formatFactor(Math.log(sizes[1]!) / Math.log(sizes[0]!))]);
  printTable(
    `Times what it costs in a stream of ${names[0]}, a thousand entries pending in both`,
    ['operation', `${names[1]} entries`],
    rows,
  );
}

function grownStore(size: number): Store {
  const store = new Store();
  for (const key of KEYS) for (let ms = 1; ms <= size; ms++) store.xadd(key, FIELDS, { id: `${ms}-0` });
  store.xgroupCreate('work', 'workers', '$');
  const ids = Array.from({ length: PENDING }, (_, turn) => pendingId(size, turn));
  store.xclaimJustid('work', 'workers', 'alice', 0, ids, { force: true });
  return store;
}
