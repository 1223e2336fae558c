import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connect, Store } from '../../../src/index.ts';
import { memoryFiles } from '../../../src/persistence/index.ts';
import { nodeFiles } from '../../../src/persistence/node.ts';

// In tests of others the clock and all timers are often a test runner's. Nothing here may wait for a real one.

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lodis-fake-timers-'));
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['memory', () => memoryFiles()],
  ['files of Node', () => nodeFiles(folder)],
])('in %s all is done while timers stand still', async (_where, place) => {
  const storage = place();
  const store = await Store.open({ storage, appendonly: true });
  for (let number = 0; number < 1000; number++) store.set(`key:${number}`, 'value');
  await store.save();
  store.bgrewriteaof();
  expect(await store.blocking.waitaof(1, 0, 1000)).toEqual([1, 0]);
  await connect(store).send('DEBUG', 'RELOAD');
  await store.close();
  const again = await Store.open({ storage, appendonly: true });
  expect(again.dbsize()).toBe(1000);
  await again.close();
});

test.each([
  ['fake timers', async () => void (await vi.advanceTimersByTimeAsync(61_000))],
  ['the store itself', async (store: Store) => void store.advance(61_000)],
])('a save point comes when %s advances the clock', async (_who, advance) => {
  const storage = memoryFiles();
  const store = await Store.open({ storage, save: [[60, 1]] });
  const openedAt = store.lastsave();
  store.set('key', 'value');
  expect(store.persistence?.isSaving).toBe(false);
  await advance(store);
  await vi.waitFor(() => expect(store.lastsave()).toBeGreaterThan(openedAt));
  expect(store.persistence?.changesSinceSave).toBe(0);
  await store.close({ save: false });
  const again = await Store.open({ storage });
  expect(again.get('key')).toBe('value');
  await again.close();
});
