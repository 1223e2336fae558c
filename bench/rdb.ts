import { type ByteString, fromBytes } from '../src/bytes/byte-string.ts';
import { connect, Store } from '../src/index.ts';
import { type RedisServer, startRedisServer } from '../test/support/redis-server.ts';
import { besideServer, printBesideServer } from './beside-server.ts';
import { encode, LocalEnd, ServerLink } from './ends.ts';
import { compare, type Section, type Settings } from './harness.ts';
import { printNote } from './table.ts';

export const rdb: Section = {
  name: 'rdb',
  title: 'DUMP and RESTORE beside a redis-server',
  async run(settings) {
    const redis = await startRedisServer({ required: false });
    if (redis !== undefined) await compareValues(redis, settings);
  },
};

interface Value {
  readonly name: string;
  /** Commands that make it under `k`. */
  readonly making: readonly ByteString[][];
  /** How many times it is dumped, or restored, in a batch. */
  readonly count: number;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

const VALUES: readonly Value[] = [
  { name: 'string of 100 bytes', making: [['SET', 'k', `${'value:'.repeat(16)}1234`]], count: 2000 },
  {
    name: 'list of 1,000',
    making: [['RPUSH', 'k', ...numbers(1000).map((at) => `element:${at}`)]],
    count: 200,
  },
  {
    name: 'hash of 100',
    making: [['HSET', 'k', ...numbers(100).flatMap((at) => [`field:${at}`, `value:${at * 7}`])]],
    count: 1000,
  },
  {
    name: 'sorted set of 1,000',
    making: [['ZADD', 'k', ...numbers(1000).flatMap((at) => [String(at * 3), `member:${at}`])]],
    count: 200,
  },
  {
    name: 'stream of 1,000',
    making: numbers(1000).map((at) => [
      'XADD',
      'k',
      `${1_700_000_000_000 + at}-0`,
      'user',
      `u${at}`,
      'action',
      `a${at % 9}`,
    ]),
    count: 200,
  },
];

async function compareValues(redis: RedisServer, settings: Settings): Promise<void> {
  const link = await ServerLink.connect(redis);
  const rows: string[][] = [];
  try {
    for (const compression of ['yes', 'no']) {
      for (const value of VALUES) rows.push(...(await compareValue(value, compression, link, settings)));
    }
  } finally {
    link.close();
    await redis.stop();
  }
  printBesideServer(redis, rows);
  printNote('The server checks what it restores no further than by default; lodis checks all of it, always.');
}

async function compareValue(
  { name, making, count }: Value,
  compression: string,
  link: ServerLink,
  settings: Settings,
): Promise<string[][]> {
  const local = new LocalEnd();
  const data: ByteString[][] = [['FLUSHALL'], ['CONFIG', 'SET', 'rdbcompression', compression], ...making];
  local.executeAll(data);
  await link.send(encode(data));
  const store = new Store();
  const connection = connect(store);
  for (const [command, ...args] of data) connection.call(command!, ...args);
  const source = store.dump('k')!;
  const dumps = numbers(count).map(() => ['DUMP', 'k']);
  const payload = fromBytes(source);
  const restores = numbers(count).map(() => ['RESTORE', 'r', '0', payload, 'REPLACE']);
  const rows: string[][] = [];
  for (const [job, batch, run] of [
    ['DUMP', dumps, () => store.dump('k')!.length],
    ['RESTORE', restores, () => store.restore('r', 0, source, { replace: true }).length],
  ] as const) {
    const request = encode(batch);
    const { fastestNs } = await compare(
      `${job} ${name}`,
      count,
      [
        { name: 'requests', run: () => local.answer(request) },
        { name: 'execute', run: () => local.executeAll(batch) },
        {
          name: 'typed',
          run: () => {
            let sum = 0;
            for (let at = 0; at < count; at++) sum += run();
            return sum;
          },
        },
        { name: 'server', isWaiting: true, run: () => link.send(request) },
      ],
      settings,
    );
    rows.push(
      besideServer(`${job} of a ${name}${compression === 'yes' ? '' : ', not compressed'}`, fastestNs),
    );
  }
  return rows;
}
