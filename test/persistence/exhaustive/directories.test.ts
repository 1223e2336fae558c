import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Store } from '../../../src/index.ts';
import { nodeFiles } from '../../../src/persistence/node.ts';

test.each([
  ['dump.rdb', false],
  ['dump.rdb', true],
  ['temp-lodis.rdb', false],
  ['appendonly.aof', true],
  ['appendonlydir/appendonly.aof.manifest', true],
  ['appendonlydir/temp-appendonly.aof.manifest', true],
  ['appendonlydir/appendonly.aof.1.incr.aof', true],
  ['appendonlydir/appendonly.aof.1.base.rdb', true],
])(
  'a directory where %s should be (appendonly: %s): an error that says so, and the lock is given back',
  async (name, appendonly) => {
    const folder = mkdtempSync(join(tmpdir(), 'lodis-directories-'));
    try {
      mkdirSync(join(folder, name, 'something in it'), { recursive: true });
      for (let times = 0; times < 2; times++) {
        let error: unknown;
        try {
          const store = await Store.open({ storage: nodeFiles(folder), appendonly, save: false });
          await store.close();
        } catch (thrown) {
          error = thrown;
        }
        expect(error).toBeInstanceOf(Error);
        expect((error as { code?: string }).code).toMatch(
          /^E(ISDIR|PERM|ACCES|NOTEMPTY|EXIST)$|^ERR_FS_EISDIR$/,
        );
      }
      expect(readdirSync(join(folder, name))).toEqual(['something in it']);
      rmSync(join(folder, name), { recursive: true });
      const store = await Store.open({ storage: nodeFiles(folder), appendonly, save: false });
      expect(store.set('works', '1')).toBe('OK');
      await store.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
