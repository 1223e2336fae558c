import type { RedisServer } from '../test/support/redis-server.ts';
import { formatFactor, printTable } from './table.ts';

/** What is compared with the server: from bytes to bytes, from tokens, and as calls of methods. */
const SIDES = ['requests', 'execute', 'typed'];

/** One row: the name of the job, and the time of each side ÷ the server's. */
export function besideServer(name: string, fastestNs: ReadonlyMap<string, number>): string[] {
  const serverNs = fastestNs.get('server')!;
  return [name, ...SIDES.map((side) => formatFactor(fastestNs.get(side)! / serverNs))];
}

/** Prints such rows. */
export function printBesideServer({ version }: RedisServer, rows: readonly string[][]): void {
  printTable(
    `Time of lodis ÷ time of redis-server ${version}, pipelined over a loopback socket`,
    ['job', 'requests to replies', 'execute alone', 'typed'],
    rows,
  );
}
