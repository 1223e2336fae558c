import type { ByteString } from '../src/bytes/byte-string.ts';
import { Store } from '../src/index.ts';
import { type RedisServer, startRedisServer } from '../test/support/redis-server.ts';
import { besideServer, printBesideServer } from './beside-server.ts';
import { encode, LocalEnd, ServerLink } from './ends.ts';
import { compare, type Section, type Settings } from './harness.ts';
import { formatFactor, printNote, printTable } from './table.ts';

const BATCH = 2000;
const MEGABYTE = 1_000_000;
const LARGE_BYTES = 100 * MEGABYTE;
const SMALL_BYTES = 1000;
const WHOLE_BYTES = 10 * MEGABYTE;

export const bitmaps: Section = {
  name: 'bitmaps',
  title: 'Bitmaps beside a redis-server, large beside small',
  async run(settings) {
    const redis = await startRedisServer({ required: false });
    if (redis !== undefined) await compareJobs(redis, settings);
    await compareSizes(settings);
  },
};

/** Something done with bitmaps: by commands, the same on both sides, and by methods. */
interface BitmapJob {
  readonly name: string;
  readonly batch: readonly ByteString[][];
  readonly run: (store: Store) => number;
}

/** Positions all over a bitmap, the same in each round. */
function positions(bytes: number): number[] {
  return Array.from({ length: BATCH }, (_, turn) => (turn * 2_654_435_761) % (bytes * 8));
}

const small = positions(SMALL_BYTES);
const large = positions(LARGE_BYTES);

function total(results: Iterable<number | null>): number {
  let sum = 0;
  for (const result of results) sum += result ?? 0;
  return sum;
}

/** Single bits and fields, a batch at a time. */
function bitJobs(key: string, label: string, at: readonly number[]): BitmapJob[] {
  return [
    {
      name: `SETBIT, ${label}`,
      batch: at.map((offset, turn) => ['SETBIT', key, String(offset), String(turn & 1)]),
      run: (store) => total(at.map((offset, turn) => store.setbit(key, offset, (turn & 1) as 0 | 1))),
    },
    {
      name: `GETBIT, ${label}`,
      batch: at.map((offset) => ['GETBIT', key, String(offset)]),
      run: (store) => total(at.map((offset) => store.getbit(key, offset))),
    },
    {
      name: `BITFIELD INCRBY u8, ${label}`,
      batch: at.map((offset) => ['BITFIELD', key, 'INCRBY', 'u8', `#${offset >> 3}`, '1']),
      run: (store) =>
        total(
          at.map(
            (offset) => store.bitfield(key, [{ incrby: 'u8', offset: `#${offset >> 3}`, increment: 1 }])[0]!,
          ),
        ),
    },
  ];
}

const jobs: readonly BitmapJob[] = [
  ...bitJobs('small', '1 KB', small),
  ...bitJobs('large', '100 MB', large),
  { name: 'BITCOUNT of 10 MB', batch: [['BITCOUNT', 'a']], run: (store) => store.bitcount('a') },
  {
    name: 'BITCOUNT of 10 MB but for a bit at each end',
    batch: [['BITCOUNT', 'a', '1', '-2', 'BIT']],
    run: (store) => store.bitcount('a', { start: 1, end: -2, bit: true }),
  },
  {
    name: 'BITPOS 1, past 10 MB of zeros',
    batch: [['BITPOS', 'zeros', '1']],
    run: (store) => store.bitpos('zeros', 1),
  },
  {
    name: 'BITPOS 0, past 10 MB of ones',
    batch: [['BITPOS', 'ones', '0']],
    run: (store) => store.bitpos('ones', 0),
  },
  ...(['and', 'or', 'xor'] as const).map((operation) => ({
    name: `BITOP ${operation.toUpperCase()} of two of 10 MB`,
    batch: [['BITOP', operation, 'd', 'a', 'b']],
    run: (store: Store) => store.bitop(operation, 'd', ['a', 'b']),
  })),
  {
    name: 'BITOP NOT of 10 MB',
    batch: [['BITOP', 'not', 'd', 'a']],
    run: (store) => store.bitop('not', 'd', 'a'),
  },
];

/** Bits of every kind, made by few commands. */
const data: readonly ByteString[][] = [
  ['FLUSHALL'],
  ['SETBIT', 'small', String(SMALL_BYTES * 8 - 1), '0'],
  ['SETBIT', 'large', String(LARGE_BYTES * 8 - 1), '0'],
  ['SETBIT', 'zeros', String(WHOLE_BYTES * 8 - 1), '1'],
  ['BITOP', 'not', 'ones', 'zeros'],
  ...['a', 'b'].map((key) => ['SETBIT', key, String(WHOLE_BYTES * 8 - 1), '1']),
  ...positions(WHOLE_BYTES).flatMap((offset, turn) => [
    ['SETBIT', 'a', String(offset), '1'],
    ['BITFIELD', 'b', 'SET', 'u32', String(offset), String(turn * 7919)],
  ]),
];

async function compareJobs(redis: RedisServer, settings: Settings): Promise<void> {
  const link = await ServerLink.connect(redis);
  const local = new LocalEnd();
  const typed = new LocalEnd();
  const rows: string[][] = [];
  try {
    for (const end of [local, typed]) end.executeAll(data);
    await link.send(encode(data));
    for (const { name, batch, run } of jobs) {
      const request = encode(batch);
      const { fastestNs } = await compare(
        name,
        batch.length,
        [
          { name: 'requests', run: () => local.answer(request) },
          { name: 'execute', run: () => local.executeAll(batch) },
          { name: 'typed', run: () => run(typed.store) },
          { name: 'server', isWaiting: true, run: () => link.send(request) },
        ],
        settings,
      );
      rows.push(besideServer(name, fastestNs));
    }
  } finally {
    link.close();
    await redis.stop();
  }
  printBesideServer(redis, rows);
  printNote(
    `Single bits and fields are asked for ${BATCH} at a time. “Requests to replies” reads the same bytes and writes the bytes of the ` +
      'replies; “execute alone” starts from tokens; “typed” are calls of methods.',
  );
}

async function compareSizes(settings: Settings): Promise<void> {
  const store = new Store();
  store.setbit('small', SMALL_BYTES * 8 - 1, 0);
  store.setbit('large', LARGE_BYTES * 8 - 1, 0);
  const rows: string[][] = [];
  const [smallJobs, largeJobs] = [bitJobs('small', '', small), bitJobs('large', '', large)];
  for (const [at, job] of largeJobs.entries()) {
    const { ratios } = await compare(
      job.name,
      BATCH,
      [
        { name: 'large', run: () => job.run(store) },
        { name: 'small', run: () => smallJobs[at]!.run(store) },
      ],
      settings,
    );
    rows.push([job.name.replace(', ', ''), formatFactor(ratios.get('small')!.median)]);
  }
  printTable('Time with 100 MB ÷ time with 1 KB', ['job', 'ratio'], rows);
}
