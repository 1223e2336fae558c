import { expect, test } from 'vitest';
import { MemoryStorage } from '../../../src/persistence/storage/memory-storage.ts';
import { keep } from './support.ts';

test('what was done is there again', async () => {
  const storage = new MemoryStorage();
  const first = await keep(storage);
  first.run((store) => store.set('k', 'v'));
  first.run((store) => store.rpush('l', ['a', 'b']));
  await first.aof.rewriter.start();
  first.run((store) => store.select(3).set('n', '1'));
  await first.aof.stop();
  expect((await storage.list()).sort()).toEqual([
    'appendonlydir/appendonly.aof.2.base.rdb',
    'appendonlydir/appendonly.aof.2.incr.aof',
    'appendonlydir/appendonly.aof.manifest',
  ]);
  const second = await keep(storage);
  expect(second.store.get('k')).toBe('v');
  expect(second.store.lrange('l', 0, -1)).toEqual(['a', 'b']);
  expect(second.store.select(3).get('n')).toBe('1');
  expect(second.warnings).toEqual([]);
});
