import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { Store, serve } from '../src/index.ts';
import { RespWriter } from '../src/wire/resp/resp-writer.ts';
import { type RedisServer, startRedisServer } from '../test/support/redis-server.ts';
import { compare, progress, type Section, type Settings } from './harness.ts';
import { formatFactor, printNote, printTable } from './table.ts';

const PIPELINES = [1, 16, 100];
const CONNECTIONS = 1000;
/** How often a big chunk is sent. */
const ROUNDS = 5;
const LF = '\n'.charCodeAt(0);

/** What is asked, and how many lines each answer has. */
interface Job {
  readonly name: string;
  readonly lines: number;
  readonly request: (at: number) => readonly string[];
}

const key = (at: number): string => `key:${(at * 7919) % 10_000}`;

const jobs: readonly Job[] = [
  { name: 'PING', lines: 1, request: () => ['PING'] },
  { name: 'SET', lines: 1, request: (at) => ['SET', key(at), `value ${at}`] },
  { name: 'GET', lines: 2, request: (at) => ['GET', key(at)] },
  { name: 'INCR', lines: 1, request: (at) => ['INCR', `counter:${at % 100}`] },
  { name: 'LPUSH', lines: 1, request: (at) => ['LPUSH', 'list', `element ${at}`] },
  { name: 'LRANGE of 10', lines: 21, request: () => ['LRANGE', 'ten', '0', '9'] },
  {
    name: 'HSET',
    lines: 1,
    request: (at) => ['HSET', `hash:${at % 100}`, `field ${at % 50}`, `value ${at}`],
  },
  { name: 'HGET', lines: 2, request: (at) => ['HGET', 'hash', `field ${at % 50}`] },
  {
    name: 'ZADD',
    lines: 1,
    request: (at) => ['ZADD', 'board', String((at * 31) % 1000), `member ${at % 2000}`],
  },
  { name: 'ZSCORE', lines: 2, request: (at) => ['ZSCORE', 'board', `member ${at % 2000}`] },
];

/** What the jobs that read expect to be there. */
const data: readonly (readonly string[])[] = [
  ...Array.from({ length: 10_000 }, (_, at) => ['SET', `key:${at}`, `value ${at}`]),
  ['RPUSH', 'ten', ...Array.from({ length: 10 }, (_, at) => `element ${at}`)],
  ['HSET', 'hash', ...Array.from({ length: 50 }, (_, at) => [`field ${at}`, `value ${at}`]).flat()],
  ['ZADD', 'board', ...Array.from({ length: 2000 }, (_, at) => [String(at), `member ${at}`]).flat()],
];

/** One connection: bytes of requests out, and a count of the lines that come back. */
interface Link {
  /** Resolves once so many lines have come. */
  send(bytes: Uint8Array, lines: number): Promise<number> | number;
  close(): void;
}

class Lines {
  private missing = 0;
  private bytes = 0;
  private resolve: ((bytes: number) => void) | undefined = undefined;

  expect(lines: number): void {
    this.missing = lines;
    this.bytes = 0;
  }

  read(chunk: Buffer): void {
    this.bytes += chunk.length;
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) this.missing--;
    if (this.missing > 0) return;
    this.resolve?.(this.bytes);
    this.resolve = undefined;
  }

  done(): Promise<number> | number {
    if (this.missing <= 0) return this.bytes;
    return new Promise((resolve) => {
      this.resolve = resolve;
    });
  }
}

/** A stream of Node's in memory with a store behind it. */
function memoryLink(store: Store): Link {
  const lines = new Lines();
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      lines.read(chunk);
      done();
    },
  });
  serve(store, stream);
  return {
    send(bytes, count) {
      lines.expect(count);
      stream.push(bytes);
      return lines.done();
    },
    close: () => stream.destroy(),
  };
}

async function socketLink({ port }: RedisServer): Promise<Link> {
  const lines = new Lines();
  const socket: Socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.setNoDelay(true);
  socket.on('data', (chunk) => lines.read(chunk));
  return {
    send(bytes, count) {
      lines.expect(count);
      socket.write(bytes);
      return lines.done();
    },
    close: () => void socket.destroy(),
  };
}

/** The requests of a job, encoded, so many to a chunk. */
function chunksOf(job: Job, count: number, pipeline: number): Uint8Array[] {
  const writer = new RespWriter();
  return Array.from({ length: count / pipeline }, (_, chunk) => {
    for (let at = 0; at < pipeline; at++) writer.writeCommand(job.request(chunk * pipeline + at));
    return Buffer.from(writer.take());
  });
}

async function sendAll(link: Link, chunks: readonly Uint8Array[], lines: number): Promise<number> {
  let bytes = 0;
  for (const chunk of chunks) {
    const answered = link.send(chunk, lines);
    bytes += typeof answered === 'number' ? answered : await answered;
  }
  return bytes;
}

function encode(commands: readonly (readonly string[])[]): Uint8Array {
  const writer = new RespWriter();
  for (const command of commands) writer.writeCommand(command);
  return writer.take();
}

export const serving: Section = {
  name: 'serve',
  title: 'A store behind a byte stream',
  async run(settings) {
    const redis = await startRedisServer({ required: false });
    if (redis === undefined) return;
    try {
      await throughput(redis, settings);
      await manyConnections(redis, settings);
    } finally {
      await redis.stop();
    }
    await holds(settings);
  },
};

async function throughput(redis: RedisServer, settings: Settings): Promise<void> {
  const near = memoryLink(new Store());
  const far = await socketLink(redis);
  for (const link of [near, far]) await link.send(encode(data), data.length);
  const count = settings.isQuick ? 400 : 4000;
  const rows: string[][] = [];
  for (const job of jobs) {
    const row = [job.name];
    for (const pipeline of PIPELINES) {
      const chunks = chunksOf(job, count, pipeline);
      const lines = job.lines * pipeline;
      const { fastestNs } = await compare(
        `${job.name}, ${pipeline} at a time`,
        count,
        [
          { name: 'serve', isWaiting: true, run: () => sendAll(near, chunks, lines) },
          { name: 'server', isWaiting: true, run: () => sendAll(far, chunks, lines) },
        ],
        { ...settings, isBrief: true },
      );
      row.push(formatFactor(fastestNs.get('serve')! / fastestNs.get('server')!));
    }
    rows.push(row);
  }
  near.close();
  far.close();
  printTable(
    `Time of a store behind a stream in memory ÷ time of redis-server ${redis.version} over a loopback socket`,
    ['requests sent at a time', ...PIPELINES.map(String)],
    rows,
  );
  printNote(
    'Requests are encoded beforehand, and the lines of the replies are counted, not parsed. The fastest rounds are compared.',
  );
}

async function manyConnections(redis: RedisServer, settings: Settings): Promise<void> {
  const store = new Store();
  const near = Array.from({ length: CONNECTIONS }, () => memoryLink(store));
  const [alone] = near;
  const far: Link[] = [];
  for (let at = 0; at < CONNECTIONS; at++) far.push(await socketLink(redis));
  const chunk = encode([['INCR', 'counter']]);
  const askAll = async (links: readonly Link[]): Promise<number> => {
    const answers = links.map((link) => link.send(chunk, 1));
    return (await Promise.all(answers)).length;
  };
  const askOne = async (): Promise<number> => {
    const answers: (number | Promise<number>)[] = [];
    for (let at = 0; at < CONNECTIONS; at++) answers.push(alone!.send(chunk, 1));
    return (await Promise.all(answers)).length;
  };
  const { fastestNs } = await compare(
    `${CONNECTIONS} connections`,
    CONNECTIONS,
    [
      { name: 'serve', isWaiting: true, run: () => askAll(near) },
      { name: 'one', isWaiting: true, run: askOne },
      { name: 'server', isWaiting: true, run: () => askAll(far) },
    ],
    settings,
  );
  for (const link of [...near, ...far]) link.close();
  const all = fastestNs.get('serve')!;
  printTable(
    `${CONNECTIONS} connections at once, an INCR from each`,
    ['time of lodis ÷ time of', 'lodis, all on one connection', `redis-server, ${CONNECTIONS} sockets`],
    [['INCR', formatFactor(all / fastestNs.get('one')!), formatFactor(all / fastestNs.get('server')!)]],
  );
}

/** How long one chunk keeps everybody else waiting. */
async function holds(settings: Settings): Promise<void> {
  const count = settings.isQuick ? 10_000 : 100_000;
  const rows: string[][] = [];
  for (const job of jobs.slice(0, 5)) {
    progress(`${count} × ${job.name} in one chunk`);
    const link = memoryLink(new Store());
    const [chunk] = chunksOf(job, count, count);
    await link.send(encode(data), data.length);
    const gapsMs: number[] = [];
    let turns = 0;
    let preempted = 0;
    for (let round = 0; round < ROUNDS; round++) {
      let isDone = false;
      let before = { ms: performance.now(), switches: switches() };
      const look = (): void => {
        turns++;
        const now = { ms: performance.now(), switches: switches() };
        // The system took the processor away: that is not our doing.
        if (now.switches === before.switches) gapsMs.push(now.ms - before.ms);
        else preempted++;
        before = now;
      };
      const answered = Promise.resolve(link.send(chunk!, job.lines * count)).then(() => {
        isDone = true;
      });
      look();
      while (!isDone) {
        await new Promise((resolve) => setImmediate(resolve));
        look();
      }
      await answered;
    }
    link.close();
    gapsMs.sort((a, b) => b - a);
    const longest = gapsMs.slice(0, 3).map((ms) => ms.toFixed(1));
    rows.push([job.name, (turns / ROUNDS).toFixed(0), String(preempted), longest.join(' ')]);
  }
  printTable(
    `${count} commands in one chunk, ${ROUNDS} times: how the event loop turns meanwhile`,
    ['commands', 'turns each', 'preempted', 'longest others, ms'],
    rows,
  );
}

function switches(): number {
  return process.resourceUsage().involuntaryContextSwitches;
}
