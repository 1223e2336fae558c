import type { ByteString } from '../src/bytes/byte-string.ts';
import { Store } from '../src/index.ts';
import { startRedisServer } from '../test/support/redis-server.ts';
import { besideServer, printBesideServer } from './beside-server.ts';
import { freshString } from './data.ts';
import { encode, LocalEnd, ServerLink } from './ends.ts';
import { compare, type Section, type Settings } from './harness.ts';
import { printNote } from './table.ts';

/** Something that is done with HyperLogLogs: by commands, the same on both sides, and by methods. */
interface Job {
  readonly name: string;
  /** How many elements each of the keys `h0`, `h1`, `h2` has seen. */
  readonly size: number;
  readonly batch: readonly ByteString[][];
  /** What is put back before each round. */
  readonly again?: readonly ByteString[][];
  readonly run: (store: Store) => number;
}

const BATCH = 1000;
const FEW = 1000;
const MANY = 100_000;
const LARGEST_ADDITION = 10_000;
const turns = Array.from({ length: BATCH }, (_, turn) => turn);

function elements(count: number, prefix: string): ByteString[] {
  return Array.from({ length: count }, (_, at) => freshString(`${prefix}${at}`));
}

function filling(size: number): ByteString[][] {
  const commands: ByteString[][] = [];
  for (const key of ['h0', 'h1', 'h2']) {
    const all = elements(size, `${key}:user:`);
    for (let at = 0; at < size; at += LARGEST_ADDITION)
      commands.push(['PFADD', key, ...all.slice(at, at + LARGEST_ADDITION)]);
  }
  return commands;
}

/** Those that are there already, as most are in a counter that has run for some time. */
const known = elements(BATCH, 'h0:user:');
const knownTens = turns.map((turn) => turns.slice(0, 10).map((at) => known[(10 * turn + at) % BATCH]!));

function adding(size: number, kind: string): Job[] {
  return [
    {
      name: `PFADD 1 known element, ${kind}`,
      size,
      batch: known.map((element) => ['PFADD', 'h0', element]),
      run: (store) => {
        let sum = 0;
        for (const element of known) sum += store.pfadd('h0', element);
        return sum;
      },
    },
    {
      name: `PFADD 10 known elements, ${kind}`,
      size,
      batch: knownTens.map((ten) => ['PFADD', 'h0', ...ten]),
      run: (store) => {
        let sum = 0;
        for (const ten of knownTens) sum += store.pfadd('h0', ten);
        return sum;
      },
    },
  ];
}

const fresh = elements(BATCH, 'fresh:');

const jobs: readonly Job[] = [
  {
    name: 'PFADD 1 new element, from empty',
    size: 0,
    again: [['DEL', 'n']],
    batch: fresh.map((element) => ['PFADD', 'n', element]),
    run: (store) => {
      let sum = store.del('n');
      for (const element of fresh) sum += store.pfadd('n', element);
      return sum;
    },
  },
  ...adding(FEW, 'sparse'),
  ...adding(MANY, 'dense'),
  {
    name: 'PFCOUNT, remembered',
    size: MANY,
    batch: turns.map(() => ['PFCOUNT', 'h0']),
    run: (store) => {
      let sum = 0;
      for (let turn = 0; turn < BATCH; turn++) sum += store.pfcount('h0');
      return sum;
    },
  },
  ...[FEW, MANY].map(
    (size): Job => ({
      name: `PFCOUNT, not remembered, ${size === FEW ? 'sparse' : 'dense'}`,
      size,
      // The highest bit says that the estimate is stale.
      batch: turns.flatMap(() => [
        ['SETRANGE', 'h0', '15', '\udc80'],
        ['PFCOUNT', 'h0'],
      ]),
      run: (store) => {
        let sum = 0;
        const stale = Uint8Array.of(0x80);
        for (let turn = 0; turn < BATCH; turn++) {
          store.setrange('h0', 15, stale);
          sum += store.pfcount('h0');
        }
        return sum;
      },
    }),
  ),
  ...[FEW, MANY].flatMap((size): Job[] => [
    {
      name: `PFCOUNT of 3, ${size === FEW ? 'sparse' : 'dense'}`,
      size,
      batch: turns.map(() => ['PFCOUNT', 'h0', 'h1', 'h2']),
      run: (store) => {
        let sum = 0;
        for (let turn = 0; turn < BATCH; turn++) sum += store.pfcount(['h0', 'h1', 'h2']);
        return sum;
      },
    },
    {
      name: `PFMERGE of 3, ${size === FEW ? 'sparse' : 'dense'}`,
      size,
      batch: turns.map(() => ['PFMERGE', 'm', 'h0', 'h1', 'h2']),
      run: (store) => {
        let sum = 0;
        for (let turn = 0; turn < BATCH; turn++) sum += store.pfmerge('m', ['h0', 'h1', 'h2']).length;
        return sum;
      },
    },
  ]),
];

export const hyperloglogs: Section = {
  name: 'hyperloglogs',
  title: 'HyperLogLogs beside a redis-server',
  async run(settings) {
    const redis = await startRedisServer({ required: false });
    if (redis === undefined) return;
    const link = await ServerLink.connect(redis);
    const rows: string[][] = [];
    try {
      for (const job of jobs) rows.push(await compareJob(job, link, settings));
    } finally {
      link.close();
      await redis.stop();
    }
    printBesideServer(redis, rows);
    printNote(
      `Sparse ones have seen ${FEW} elements, dense ones ${MANY}. The server is given ${BATCH} requests at a time, encoded ` +
        'beforehand, and its replies are not parsed. “Requests to replies” reads the same bytes and writes the bytes of the ' +
        'replies; “execute alone” starts from tokens; “typed” are calls of methods. “Not remembered” has a SETRANGE each.',
    );
  },
};

async function compareJob(job: Job, link: ServerLink, settings: Settings): Promise<string[]> {
  const local = new LocalEnd();
  const store = new Store();
  const data: ByteString[][] = [['FLUSHALL'], ...filling(job.size)];
  local.executeAll(data);
  await link.send(encode(data));
  for (const [, key, ...added] of filling(job.size)) store.pfadd(key!, added);
  const request = encode(job.batch);
  const again = job.again ?? [];
  const { fastestNs } = await compare(
    job.name,
    BATCH,
    [
      { name: 'requests', prepare: () => void local.executeAll(again), run: () => local.answer(request) },
      {
        name: 'execute',
        prepare: () => void local.executeAll(again),
        run: () => local.executeAll(job.batch),
      },
      { name: 'typed', run: () => job.run(store) },
      {
        name: 'server',
        isWaiting: true,
        prepare: async () => {
          if (again.length > 0) await link.send(encode(again));
        },
        run: () => link.send(request),
      },
    ],
    settings,
  );
  return besideServer(job.name, fastestNs);
}
