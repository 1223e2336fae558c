import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import { nodeFiles } from '../../src/persistence/node.ts'; // from 'lodis/node'
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'Data that stays';
export const about =
  "What a store holds, in Redis's own files: the next process finds it, and so does a Redis server.";

export async function play({ show }: Stage): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lodis-tour-'));
  const options = { storage: nodeFiles(folder), appendonly: true };

  const store = await Store.open(options);
  store.hset('session:7f3a', { user: 'ada', visits: '1' });
  store.expire('session:7f3a', 30 * 60);
  await store.close(); // here the process may end ...

  const next = await Store.open(options); // ... and here another begin
  show(next.hgetall('session:7f3a'));
  show(next.ttl('session:7f3a') > 0);
  show(readdirSync(join(folder, 'appendonlydir')).sort());

  const before = next.snapshot(); // in memory, at once
  next.flushall();
  show(next.dbsize());
  next.restore(before);
  show(next.hget('session:7f3a', 'user'));

  await next.close();
  rmSync(folder, { recursive: true });
}
