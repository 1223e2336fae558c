import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import type { Settings } from './harness.ts';

const PEERS = ['lru-cache', 'sorted-btree', 'mnemonist', 'ioredis-mock', 'ioredis', 'ioredis-6', 'redis'];

/** Says on what machine, beside which versions, and how busy it was. */
export async function printHeader({ isQuick }: Settings): Promise<void> {
  const [cpu] = cpus();
  const peers = PEERS.map((name) => `${name} ${installedVersion(name)}`);
  console.log(
    [
      `CPU: ${cpu?.model ?? 'unknown'}, ${cpus().length} cores; ${Math.round(totalmem() / 2 ** 30)} GiB`,
      `Node ${process.version} (V8 ${process.versions.v8}), ${process.platform} ${process.arch}`,
      `Peers: ${[...peers, serverVersion()].join(', ')}`,
      `Load average: ${loadavg()
        .map((load) => load.toFixed(2))
        .join(' ')}`,
      ...(isQuick ? ['A quick run: the figures are not to be believed.'] : []),
    ].join('\n'),
  );
}

/** Read from the file, as packages need not export it. */
function installedVersion(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function serverVersion(): string {
  const { stdout } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  const version = /v=(\S+)/.exec(stdout ?? '')?.[1];
  return version === undefined ? 'no redis-server on the PATH' : `redis-server ${version}`;
}
