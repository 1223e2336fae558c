import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type RedisServer, startRedisServer } from '../test/support/redis-server.ts';
import { formatCount } from './data.ts';
import { progress, type Section, type Settings } from './harness.ts';
import { type MemoryCase, memoryCases } from './memory-subjects.ts';
import { streamMemoryCases } from './stream-memory.ts';
import { formatFactor, printTable } from './table.ts';

const QUICK_SHARE = 10;
const PIPELINE = 10_000;

export const memory: Section = {
  name: 'memory',
  title: 'Bytes, beside plain structures and the server',
  run: (settings) => printMemory([...memoryCases, ...streamMemoryCases], settings),
};

/** Makes each subject in a process of its own, and on a server, and prints what they take. */
export async function printMemory(cases: readonly MemoryCase[], { isQuick }: Settings): Promise<void> {
  const server = await startRedisServer({ required: false });
  const rows: string[][] = [];
  try {
    for (const subject of cases) {
      const count = isQuick ? subject.count / QUICK_SHARE : subject.count;
      const title = `${formatCount(count)} ${subject.name}`;
      progress(title);
      const own = bytesInChild(subject, 'lodis', count) / count;
      const peer = bytesInChild(subject, 'peer', count) / count;
      const theirs = server === undefined ? undefined : (await bytesOnServer(server, subject, count)) / count;
      rows.push([
        count === 1 || subject.name.startsWith('one ')
          ? `${subject.name} of ${formatCount(count)} ${subject.units ?? `${subject.unit}s`}`
          : title,
        `${own.toFixed(0)} per ${subject.unit}`,
        peer.toFixed(0),
        theirs?.toFixed(0) ?? '',
        formatFactor(own / peer),
        theirs === undefined ? '' : formatFactor(own / theirs),
        subject.peer.name,
      ]);
    }
  } finally {
    await server?.stop();
  }
  printTable(
    'Bytes, names and values included',
    ['data', 'lodis', 'peer', 'server', 'lodis ÷ peer', 'lodis ÷ server', 'peer is'],
    rows,
  );
}

function bytesInChild(subject: MemoryCase, side: 'lodis' | 'peer', count: number): number {
  const file = fileURLToPath(new URL('./memory-child.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...process.execArgv, file, subject.name, side, String(count)],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${subject.name}, ${side}: ${stderr}`);
  return Number(stdout);
}

/** By the server's own account of what it uses. */
async function bytesOnServer(server: RedisServer, subject: MemoryCase, count: number): Promise<number> {
  const client = await server.connect();
  const usedBytes = async (): Promise<number> => {
    const info = await client.send(['INFO', 'memory']);
    return Number(/^used_memory:(\d+)/m.exec(info.type === '$' ? (info.value ?? '') : '')?.[1]);
  };
  await client.send(['FLUSHALL']);
  const before = await usedBytes();
  for (let from = 0; from < count; from += PIPELINE) {
    const length = Math.min(PIPELINE, count - from);
    const numbers = Array.from({ length }, (_, at) => from + at);
    const replies = await client.pipeline(numbers.flatMap((number) => commandsFor(subject, number)));
    const refused = replies.find((reply) => reply.type === '-');
    if (refused !== undefined) throw new Error(`the server refused: ${JSON.stringify(refused)}`);
  }
  const bytes = (await usedBytes()) - before;
  await client.close();
  return bytes;
}

function commandsFor({ server, parts = 1 }: MemoryCase, number: number): string[][] {
  return Array.from({ length: parts }, (_, part) => server(number, part));
}
