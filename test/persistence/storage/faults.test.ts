import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DIES,
  type Fault,
  FaultyStorage,
  failAt,
  ProcessDied,
} from '../../../src/persistence/storage/faults.ts';
import type { AppendedFile, Storage } from '../../../src/persistence/storage/storage.ts';
import { CONFORMANCE } from './conformance.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function contentOf(storage: Storage, name: string): Promise<string | undefined> {
  const file = await storage.open(name);
  return file && new TextDecoder().decode(await file.read(0, file.sizeBytes));
}

/** Everything in it, as an object. */
async function all(storage: Storage): Promise<Record<string, string | undefined>> {
  const found: Record<string, string | undefined> = {};
  for (const name of (await storage.list()).sort()) found[name] = await contentOf(storage, name);
  return found;
}

/** What may be left after power loss, each once, in order. */
async function leftOf(storage: FaultyStorage): Promise<string[]> {
  const states = new Set<string>();
  for (const found of storage.powerLosses()) states.add(JSON.stringify(await all(found)));
  return [...states].sort();
}

for (const immediate of [true, false])
  describe(`FaultyStorage without faults, ${immediate ? 'immediate' : 'waiting only'}`, () => {
    for (const { title, run } of CONFORMANCE)
      it(title, async () => {
        const storage = new FaultyStorage({ immediate });
        await run(() => storage);
        storage.disk.checkInvariants();
      });
  });

describe('power loss', () => {
  it('keeps what was synced, the name with it', async () => {
    const storage = new FaultyStorage();
    const file = await storage.append('folder/a');
    await file.append(bytes('synced'));
    await file.sync();
    expect(await leftOf(storage)).toEqual(['{"folder/a":"synced"}']);
  });

  it('cuts what was not synced at any byte, or leaves zeros there, or no file at all', async () => {
    const storage = new FaultyStorage();
    const file = await storage.append('a');
    await file.append(bytes('xy'));
    expect(await leftOf(storage)).toEqual(
      ['{}', '{"a":""}', '{"a":"x"}', '{"a":"xy"}', '{"a":"\\u0000\\u0000"}', '{"a":"x\\u0000"}'].sort(),
    );
    await file.sync();
    await file.append(bytes('z'));
    expect(await leftOf(storage)).toEqual(['{"a":"xy"}', '{"a":"xyz"}', '{"a":"xy\\u0000"}'].sort());
  });

  it('undoes a truncation that was not synced, and what was appended after it', async () => {
    const storage = new FaultyStorage();
    const file = await storage.append('a');
    await file.append(bytes('0123'));
    await file.sync();
    await file.truncate(1);
    await file.append(bytes('A'));
    expect(await leftOf(storage)).toEqual(
      ['{"a":"0123"}', '{"a":"0"}', '{"a":"0A"}', '{"a":"0\\u0000"}'].sort(),
    );
  });

  it('finds a rename done once it has resolved, but not the content that was not synced before', async () => {
    const storage = new FaultyStorage();
    for (const [name, content] of [
      ['dump.rdb', 'old'],
      ['temp.rdb', 'new'],
    ] as const) {
      const file = await storage.append(name);
      await file.append(bytes(content));
      if (name === 'dump.rdb') await file.sync();
    }
    await storage.rename('temp.rdb', 'dump.rdb');
    const cut = storage.afterPowerLoss();
    expect(await all(cut)).toEqual({ 'dump.rdb': '' });
  });

  it('finds a rename that failed done or not, never neither name', async () => {
    for (const done of ['nothing', 'all'] as const) {
      const storage = new FaultyStorage();
      for (const name of ['dump.rdb', 'temp.rdb']) {
        const file = await storage.append(name);
        await file.append(bytes(name));
        await file.sync();
      }
      storage.plan = (operation) => (operation.kind === 'rename' ? { code: 'EIO', done } : undefined);
      await expect(storage.rename('temp.rdb', 'dump.rdb')).rejects.toMatchObject({ code: 'EIO' });
      const before = '{"dump.rdb":"dump.rdb","temp.rdb":"temp.rdb"}';
      const after = '{"dump.rdb":"temp.rdb"}';
      expect(await leftOf(storage)).toEqual(done === 'all' ? [after, before].sort() : [before]);
    }
  });

  it('may bring back a removed file', async () => {
    const storage = new FaultyStorage();
    const file = await storage.append('a');
    await file.sync();
    await storage.remove('a');
    expect(await leftOf(storage)).toEqual(['{"a":""}', '{}']);
  });

  it('loses what was appended before a sync that failed, though the next one succeeds', async () => {
    const storage = new FaultyStorage();
    const file = await storage.append('a');
    await file.append(bytes('1'));
    await file.sync();
    await file.append(bytes('2'));
    storage.plan = failAt(storage.log.length, { code: 'EIO' });
    await expect(file.sync()).rejects.toMatchObject({ code: 'EIO' });
    await file.append(bytes('3'));
    await file.sync();
    expect(await contentOf(storage, 'a')).toBe('123');
    expect(await all(storage.afterPowerLoss())).toEqual({ a: '1' });
    expect(await leftOf(storage)).toContain('{"a":"12"}');
  });
});

describe('faults', () => {
  it('fail one operation before, in the middle of, or after it', async () => {
    for (const [done, left] of [
      ['nothing', 'ab'],
      [1, 'abc'],
      ['all', 'abcd'],
    ] as const) {
      const storage = new FaultyStorage();
      const file = await storage.append('a');
      file.now?.append(bytes('ab'));
      storage.plan = failAt(2, { code: 'ENOSPC', done });
      expect(() => file.now?.append(bytes('cd'))).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
      expect(file.sizeBytes).toBe(2);
      expect(await contentOf(storage, 'a')).toBe(left);
      await file.truncate(2);
      await file.append(bytes('!'));
      expect(await contentOf(storage, 'a')).toBe('ab!');
      expect(storage.log.slice(0, 3)).toEqual([
        { number: 0, kind: 'create', name: 'a', outcome: 'ok' },
        { number: 1, kind: 'append', name: 'a', bytes: 2, outcome: 'ok' },
        { number: 2, kind: 'append', name: 'a', bytes: 2, outcome: 'ENOSPC' },
      ]);
    }
  });

  it('can be put on every operation', async () => {
    const work = async (storage: FaultyStorage): Promise<void> => {
      const release = await storage.lock();
      const file = await storage.append('a');
      await file.append(bytes('1'));
      await file.sync();
      await file.truncate(0);
      await file.close();
      await storage.rename('a', 'b');
      await contentOf(storage, 'b');
      await storage.remove('b');
      await storage.list();
      await release();
    };
    const counted = new FaultyStorage();
    await work(counted);
    expect(counted.log.map((operation) => operation.kind)).toEqual(
      'lock create append sync truncate close rename open read remove list unlock'.split(' '),
    );
    for (let number = 0; number < counted.log.length; number++)
      for (const fault of [{ code: 'EACCES' }, { code: 'EIO', done: 'all' }] satisfies Fault[]) {
        const storage = new FaultyStorage();
        storage.plan = failAt(number, fault);
        await expect(work(storage)).rejects.toMatchObject({ code: fault.code });
        expect(storage.log.length).toBe(number + 1);
        storage.disk.checkInvariants();
      }
  });

  it('kill the process: nothing more is done, and another finds what was written', async () => {
    const storage = new FaultyStorage();
    await storage.lock();
    const file = await storage.append('a');
    storage.plan = failAt(2, { code: DIES, done: 2 });
    await expect(file.append(bytes('1234'))).rejects.toBeInstanceOf(ProcessDied);
    expect(storage.hasDied).toBe(true);
    await expect(file.append(bytes('more'))).rejects.toBeInstanceOf(ProcessDied);
    expect(() => file.now?.sync()).toThrow(ProcessDied);
    await expect(storage.list()).rejects.toBeInstanceOf(ProcessDied);
    const next = storage.afterProcessDied();
    await next.lock();
    expect(await all(next)).toEqual({ a: '12' });
    // What the first had not synced is not synced by its death.
    expect(await leftOf(next)).toContain('{}');
  });

  it('are a full disk, until there is room', async () => {
    const storage = new FaultyStorage();
    storage.capacityBytes = 5;
    const other = await storage.append('other');
    await other.append(bytes('12'));
    const file = await storage.append('a');
    await expect(file.append(bytes('abcd'))).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await contentOf(storage, 'a')).toBe('abc');
    await file.truncate(0);
    await storage.remove('other');
    await file.append(bytes('abcd'));
    await expect(file.append(bytes('efg'))).rejects.toMatchObject({ code: 'ENOSPC' });
    storage.capacityBytes = 100;
    await file.truncate(4);
    await file.append(bytes('efg'));
    expect(await contentOf(storage, 'a')).toBe('abcdefg');
  });

  it('wait, while the storage is held', async () => {
    const storage = new FaultyStorage({ immediate: false });
    const file = await storage.append('a');
    storage.hold();
    let isDone = false;
    const appended = file.append(bytes('1')).then(() => {
      isDone = true;
    });
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    expect(isDone).toBe(false);
    expect(storage.log.length).toBe(1);
    storage.release();
    await appended;
    expect(isDone).toBe(true);
  });
});

describe('the model of a disk', () => {
  const command = fc.oneof(
    fc.record({ kind: fc.constant('append'), file: fc.nat(2), size: fc.nat(6) }),
    fc.record({ kind: fc.constant('truncate'), file: fc.nat(2), size: fc.nat(10) }),
    fc.record({ kind: fc.constant('sync'), file: fc.nat(2), size: fc.constant(0) }),
    fc.record({ kind: fc.constant('rename'), file: fc.nat(2), size: fc.nat(2) }),
    fc.record({ kind: fc.constant('remove'), file: fc.nat(2), size: fc.constant(0) }),
    fc.record({ kind: fc.constant('failingRename'), file: fc.nat(2), size: fc.nat(2) }),
  );

  it('loses nothing that was synced, and invents nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 12 }), async (commands) => {
        const storage = new FaultyStorage();
        const open = new Map<string, AppendedFile>();
        // What a name must hold at least if it holds a file that was synced under it and never touched since.
        const surely = new Map<string, string>();
        // Of any file: what comes back under one name may have been cut when it had another.
        const everHeld = new Set(['']);
        let letter = 0;
        const note = async (): Promise<void> => {
          for (const content of Object.values(await all(storage))) everHeld.add(content ?? '');
        };
        for (const { kind, file: number, size } of commands) {
          const name = `f${number}`;
          const file = open.get(name) ?? (await storage.append(name));
          open.set(name, file);
          if (kind === 'append')
            await file.append(bytes(String.fromCharCode(97 + (letter++ % 26)).repeat(size)));
          else if (kind === 'truncate') await file.truncate(Math.min(size, file.sizeBytes));
          else if (kind === 'sync') await file.sync();
          else if (kind === 'remove') {
            await storage.remove(name);
            open.delete(name);
          } else {
            if (kind === 'failingRename')
              storage.plan = failAt(storage.log.length, { code: 'EIO', done: 'all' });
            await storage.rename(name, `f${size}`).catch(() => undefined);
            if (number !== size) {
              open.delete(name);
              open.set(`f${size}`, file);
              surely.delete(name);
            }
          }
          if (kind !== 'sync') surely.delete(name);
          if (kind.endsWith('ename')) surely.delete(`f${size}`);
          if (kind === 'sync') surely.set(name, (await contentOf(storage, name)) ?? '');
          await note();
          storage.disk.checkInvariants();
        }
        for (const found of storage.powerLosses()) {
          found.disk.checkInvariants();
          const left = await all(found);
          for (const [name, content] of surely) expect(left[name]).toBe(content);
          for (const content of Object.values(left)) {
            const real = (content ?? '').replaceAll('\0', '');
            expect([...everHeld].some((held) => held.startsWith(real))).toBe(true);
          }
        }
        const next = storage.afterProcessDied();
        next.disk.checkInvariants();
        expect(await all(next)).toEqual(await all(storage));
      }),
      { seed: 20260101, numRuns: 150 },
    );
  });
});
