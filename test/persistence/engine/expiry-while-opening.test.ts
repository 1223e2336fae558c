import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Store } from '../../../src/index.ts';
import { persistent } from '../../../src/persistence/index.ts';
import { MemoryStorage } from '../../../src/persistence/storage/memory-storage.ts';
import type { AppendedFile } from '../../../src/persistence/storage/storage.ts';

/** A storage that takes its time to open files: whatever the host's timers do then is done. */
class SlowStorage extends MemoryStorage {
  override async append(name: string): Promise<AppendedFile> {
    await vi.advanceTimersByTimeAsync(5000);
    return super.append(name);
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('nothing expires before it can be written down that it has', async () => {
  const storage = new SlowStorage();
  let now = 1_900_000_000_000;
  const open = (): Promise<Store> =>
    Store.open({ storage: persistent(storage), appendonly: true, save: false, clock: { now: () => now } });
  const first = await open();
  first.set('k', 'old', { px: 100 });
  await first.close();
  now += 200;
  const second = await open();
  expect(second.append('k', 'new')).toBe(3);
  await second.close();
  const third = await open();
  expect(third.get('k')).toBe('new');
  await third.close();
});
