import { describe, expect, it } from 'vitest';
import { Store } from '../../src/index.ts';
import { persistent } from '../../src/persistence/index.ts';
import { DIES, FaultyStorage } from '../../src/persistence/storage/faults.ts';
import { turn } from '../support/turns.ts';
import { TestCarrier } from './support/test-carrier.ts';

// What a byte stream was told under `appendfsync always` is found again, whichever operation of the storage fails, whatever of
// it was done, and whether the process dies then or the machine does later.

const OPTIONS = { appendonly: true, appendfsync: 'always', save: false, onWarning: () => {} } as const;
const CHUNKS = 5;

/** Sends writes, three at a time; answers the keys of which a client was told that they are there. */
async function write(storage: FaultyStorage): Promise<string[]> {
  const store = await Store.open({ storage: persistent(storage), ...OPTIONS });
  const told: string[] = [];
  let client = new TestCarrier(store);
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    if (client.endpoint.session.isClosed) client = new TestCarrier(store);
    const keys = ['a', 'b', 'c'].map((letter) => `${letter}${chunk}`);
    client.send(keys.map((key) => `SET ${key} v\r\n`).join(''));
    for (let times = 0; times < 20; times++) await turn();
    const replies = client.received().split('\r\n');
    told.push(...keys.filter((_key, at) => replies[at] === '+OK'));
  }
  storage.die();
  await store.close().catch(() => {});
  return told;
}

async function keysIn(storage: FaultyStorage): Promise<string[]> {
  const store = await Store.open({ storage: persistent(storage), ...OPTIONS });
  const keys = store.keys('*');
  await store.close();
  return keys;
}

describe.each([
  ['at once', true],
  ['in its time', false],
] as const)('a storage that does it %s', (_name, immediate) => {
  it('all is told, and found, where nothing fails', async () => {
    const storage = new FaultyStorage({ immediate });
    const told = await write(storage);
    expect(told).toHaveLength(3 * CHUNKS);
    expect((await keysIn(storage.afterPowerLoss())).sort()).toStrictEqual([...told].sort());
  });

  it.each([
    ['ENOSPC', 'nothing'],
    ['ENOSPC', 7],
    ['EIO', 'all'],
    [DIES, 'nothing'],
    [DIES, 7],
  ] as const)('%s when %s of an operation was done', async (code, done) => {
    const clean = new FaultyStorage({ immediate });
    let first = 0;
    clean.plan = (operation) => {
      if (operation.kind === 'append' && operation.name.endsWith('.incr.aof') && first === 0)
        first = operation.number;
      return undefined;
    };
    await write(clean);
    const count = clean.log.length;
    expect(first).toBeGreaterThan(0);
    let toldInAll = 0;
    for (let number = first; number < count; number++) {
      const storage = new FaultyStorage({ immediate });
      storage.plan = (operation) => (operation.number === number ? { code, done } : undefined);
      const told = await write(storage);
      toldInAll += told.length;
      const found = new Set(await keysIn(storage.afterPowerLoss()));
      expect(
        told.filter((key) => !found.has(key)),
        `operation ${number} of ${count}`,
      ).toStrictEqual([]);
    }
    expect(toldInAll).toBeGreaterThan(count - first);
  });
});
