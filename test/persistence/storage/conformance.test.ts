import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'vitest';
import { MemoryStorage } from '../../../src/persistence/storage/memory-storage.ts';
import { NodeStorage } from '../../../src/persistence/storage/node-storage.ts';
import type { Storage } from '../../../src/persistence/storage/storage.ts';
import { CONFORMANCE } from './conformance.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lodis-storage-'));
  folders.push(folder);
  return folder;
}

const PLACES: Record<string, () => () => Storage> = {
  MemoryStorage: () => {
    const storage = new MemoryStorage();
    return () => storage;
  },
  'NodeStorage in a folder': () => {
    const folder = temporaryFolder();
    return () => new NodeStorage(folder);
  },
  'NodeStorage in a folder that is not there yet': () => {
    const folder = join(temporaryFolder(), 'not', 'yet');
    return () => new NodeStorage(folder);
  },
};

for (const [place, make] of Object.entries(PLACES))
  describe(place, () => {
    for (const { title, run } of CONFORMANCE) it(title, () => run(make()));
  });
