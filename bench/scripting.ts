import { type Job, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { connectorFor } from '../src/clients/ioredis.ts';
import { Store } from '../src/index.ts';
import { lua } from '../src/scripting/index.ts';
import { type RedisServer, startRedisServer } from '../test/support/redis-server.ts';
import { besideServer, printBesideServer } from './beside-server.ts';
import { encode, LocalEnd, ServerLink } from './ends.ts';
import { compare, type Section, type Settings } from './harness.ts';
import { formatFactor, printNote, printTable } from './table.ts';

/** A script, and how often it is run in a round. */
interface ScriptJob {
  readonly name: string;
  readonly script: string;
  readonly runs: number;
  readonly keys?: readonly string[];
}

const jobs: readonly ScriptJob[] = [
  { name: 'an empty script', runs: 5000, script: 'return 1' },
  { name: 'one GET', runs: 5000, keys: ['k'], script: "return redis.call('GET', KEYS[1])" },
  {
    name: 'a token bucket',
    runs: 2000,
    keys: ['bucket'],
    script: `
      local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
      local now = tonumber(redis.call('TIME')[1])
      local tokens = math.min(100, (tonumber(bucket[1]) or 100) + (now - (tonumber(bucket[2]) or now)) * 10)
      local isAllowed = tokens >= 1
      if isAllowed then tokens = tokens - 1 end
      redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now)
      redis.call('PEXPIRE', KEYS[1], 10000)
      return { isAllowed and 1 or 0, tostring(tokens) }`,
  },
  {
    name: '200,000 redis.call',
    runs: 1,
    keys: ['n'],
    script: "for i = 1, 200000 do redis.call('INCR', KEYS[1]) end return redis.call('GET', KEYS[1])",
  },
  {
    name: 'fib(27)',
    runs: 1,
    script:
      'local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end return fib(27)',
  },
  {
    name: 'ten million additions',
    runs: 1,
    script: 'local sum = 0 for i = 1, 10000000 do sum = sum + i end return tostring(sum)',
  },
  {
    name: '100,000 table inserts',
    runs: 1,
    script: 'local t = {} for i = 1, 100000 do table.insert(t, i) end return #t',
  },
  {
    name: '100,000 string keys',
    runs: 1,
    script: "local t = {} for i = 1, 100000 do t['key' .. i] = i end return t.key777",
  },
  {
    name: 'gsub over 100 kB',
    runs: 5,
    script: "local s = ('hello world '):rep(8000) return #s:gsub('%w+', function(w) return w:upper() end)",
  },
  {
    name: 'sorting 20,000 numbers',
    runs: 1,
    script:
      'local t, x = {}, 42 for i = 1, 20000 do x = (x * 16807) % 2147483647 t[i] = x end table.sort(t, function(a, b) return a < b end) return t[1]',
  },
  {
    name: 'JSON of 1 kB, decoded and encoded',
    runs: 200,
    script: `local o = cjson.decode('${JSON.stringify({ list: Array.from({ length: 20 }, (_, id) => ({ id, name: `name ${id}`, on: id % 2 === 0 })) })}') return #cjson.encode(o)`,
  },
];

export const scripting: Section = {
  name: 'scripting',
  title: 'Lua scripts beside a redis-server, and BullMQ',
  async run(settings) {
    const redis = await startRedisServer({ required: false });
    if (redis === undefined) return;
    try {
      await compareScripts(redis, settings);
      await compareQueues(redis, settings);
    } finally {
      await redis.stop();
    }
  },
};

async function compareScripts(redis: RedisServer, settings: Settings): Promise<void> {
  const link = await ServerLink.connect(redis);
  const rows: string[][] = [];
  try {
    for (const job of jobs) rows.push(await compareScript(job, link, settings));
  } finally {
    link.close();
  }
  printBesideServer(redis, rows);
  printNote('Each is an EVAL of a script the server, and the store, has seen before.');
}

async function compareScript(
  { name, script, runs, keys = [] }: ScriptJob,
  link: ServerLink,
  settings: Settings,
): Promise<string[]> {
  const local = new LocalEnd({ scripting: lua() });
  const { store } = local;
  const data = [['FLUSHALL'], ['SET', 'k', 'some value or other']];
  local.executeAll(data);
  await link.send(encode(data));
  const batch = Array.from({ length: runs }, () => ['EVAL', script, String(keys.length), ...keys]);
  const request = encode(batch);
  const { fastestNs } = await compare(
    name,
    runs,
    [
      { name: 'requests', run: () => local.answer(request) },
      { name: 'execute', run: () => local.executeAll(batch) },
      {
        name: 'typed',
        run: () => {
          for (let run = 0; run < runs; run++) store.eval(script, keys);
          return runs;
        },
      },
      { name: 'server', isWaiting: true, run: () => link.send(request) },
    ],
    settings,
  );
  store.close();
  return besideServer(name, fastestNs);
}

// ── BullMQ ─────────────────────────────────────────────────────────────────────────────────────────────────

/** How so many jobs are added. */
type Add = (queue: Queue, count: number) => Promise<unknown>;

const inBulk: Add = (queue, count) =>
  queue.addBulk(Array.from({ length: count }, (_, n) => ({ name: 'job', data: { n } })));

const oneByOne: Add = async (queue, count) => {
  for (let n = 0; n < count; n++) await queue.add('job', { n });
};

/** Adds so many jobs, and resolves once the worker has done them all. */
async function workOff(queue: Queue, worker: Worker, add: Add, count: number): Promise<number> {
  const isOver = new Promise<void>((resolve) => {
    let left = count;
    const one = () => {
      if (--left > 0) return;
      worker.off('completed', one);
      resolve();
    };
    worker.on('completed', one);
  });
  await add(queue, count);
  await isOver;
  return count;
}

async function compareQueues(redis: RedisServer, settings: Settings): Promise<void> {
  const count = settings.isQuick ? 100 : 1000;
  const store = new Store({ scripting: lua() });
  const options = { maxRetriesPerRequest: null };
  const onStore = () => new Redis({ ...options, Connector: connectorFor(store) });
  const onServer = () => new Redis({ ...options, host: '127.0.0.1', port: redis.port });
  const rows: string[][] = [];
  for (const [name, concurrency, add] of [
    ['added in bulk, one at a time', 1, inBulk],
    ['added in bulk, 20 at a time', 20, inBulk],
    ['added one by one, 20 at a time', 20, oneByOne],
  ] as const) {
    const sides = [onStore, onServer].map((open) => {
      const clients = [open(), open()];
      const queue = new Queue('jobs', { connection: clients[0]! });
      const worker = new Worker('jobs', (job: Job) => Promise.resolve(job.data.n), {
        connection: clients[1]!,
        concurrency,
        removeOnComplete: { count: 0 },
      });
      worker.on('error', () => {});
      const close = async () => {
        await worker.close();
        await queue.close();
        for (const client of clients) client.disconnect();
      };
      return { queue, worker, close };
    });
    const [local, remote] = sides;
    const { fastestNs, ratios } = await compare(
      `BullMQ: ${name}`,
      count,
      [
        { name: 'store', isWaiting: true, run: () => workOff(local!.queue, local!.worker, add, count) },
        { name: 'server', isWaiting: true, run: () => workOff(remote!.queue, remote!.worker, add, count) },
      ],
      settings,
    );
    const perSecond = (side: string) => Math.round(1e9 / fastestNs.get(side)!).toLocaleString('en');
    rows.push([
      name,
      formatFactor(1 / ratios.get('server')!.median),
      perSecond('store'),
      perSecond('server'),
    ]);
    for (const { close } of sides) await close();
  }
  store.close();
  printTable(
    `BullMQ's jobs on a store ÷ the same over loopback to redis-server ${redis.version}`,
    ['jobs', 'times as many', 'a second on the store', 'over loopback'],
    rows,
  );
}
