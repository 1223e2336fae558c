import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failureText } from '../../../src/persistence/storage/failures.ts';
import { NodeStorage } from '../../../src/persistence/storage/node-storage.ts';

// What only files of a real system do: short writes, links, modes, failures with codes.

const system = vi.hoisted(() => ({
  /** How many bytes a write takes at most; it fails where that is a code. */
  writes: [] as (number | string)[],
  synced: [] as string[],
}));

function nextWrite(length: number): number {
  const next = system.writes.shift() ?? length;
  if (typeof next === 'string') throw Object.assign(new Error(`${next}: write`), { code: next });
  return Math.min(next, length);
}

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const paths = new Map<number, string>();
  const open: typeof real.promises.open = async (path, flags, mode) => {
    const handle = await real.promises.open(path, flags, mode);
    const write = handle.write.bind(handle) as (...args: unknown[]) => Promise<{ bytesWritten: number }>;
    const { sync, datasync } = { sync: handle.sync.bind(handle), datasync: handle.datasync.bind(handle) };
    return Object.assign(handle, {
      write: async (bytes: Uint8Array, offset: number, length: number, position: number) =>
        write(bytes, offset, nextWrite(length), position),
      sync: async () => {
        system.synced.push(String(path));
        await sync();
      },
      datasync: async () => {
        system.synced.push(String(path));
        await datasync();
      },
    }) as typeof handle;
  };
  return {
    ...real,
    promises: { ...real.promises, open },
    openSync: (path: string, flags: string) => {
      const descriptor = real.openSync(path, flags);
      paths.set(descriptor, path);
      return descriptor;
    },
    fsyncSync: (descriptor: number) => {
      system.synced.push(paths.get(descriptor) ?? '');
      real.fsyncSync(descriptor);
    },
    fdatasyncSync: (descriptor: number) => {
      system.synced.push('the file');
      real.fdatasyncSync(descriptor);
    },
    writeSync: (descriptor: number, bytes: Uint8Array, offset: number, length: number, position: number) =>
      real.writeSync(descriptor, bytes, offset, nextWrite(length), position),
  };
});

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'lodis-node-storage-'));
  system.writes = [];
  system.synced = [];
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const content = (name: string): string => fs.readFileSync(join(folder, name), 'utf8');

describe.each(['waiting', 'at once'])('a write (%s)', (word) => {
  const door = async (name: string) => {
    const file = await new NodeStorage(folder).append(name);
    return { file, written: word === 'waiting' ? file : file.now! };
  };

  it('that takes fewer bytes goes on', async () => {
    const { file, written } = await door('a');
    system.writes = [1, 3, 2];
    await written.append(bytes('0123456789'));
    expect(content('a')).toBe('0123456789');
    expect(file.sizeBytes).toBe(10);
    await file.close();
  });

  it('that fails half way leaves a part, which is cut off or written over', async () => {
    const { file, written } = await door('a');
    await written.append(bytes('good'));
    system.writes = [3, 'ENOSPC'];
    const failed = (async () => written.append(bytes('0123456789')))();
    await expect(failed).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(content('a')).toBe('good012');
    expect(file.sizeBytes).toBe(4);
    await written.append(bytes('ab'));
    expect(content('a')).toBe('goodab2');
    expect(file.sizeBytes).toBe(6);
    await written.truncate(6);
    expect(content('a')).toBe('goodab');
    await file.close();
  });

  it('that takes nothing fails, and does not go round for ever', async () => {
    const { file, written } = await door('a');
    system.writes = [0];
    const failed = (async () => written.append(bytes('x')))();
    await expect(failed).rejects.toMatchObject({ code: 'EIO' });
    await file.close();
  });

  it('to a closed file fails, and goes nowhere else', async () => {
    const { file, written } = await door('a');
    await file.close();
    const other = await door('b');
    await expect((async () => written.append(bytes('x')))()).rejects.toMatchObject({ code: 'EBADF' });
    await expect((async () => written.sync())()).rejects.toMatchObject({ code: 'EBADF' });
    await expect((async () => written.truncate(0))()).rejects.toMatchObject({ code: 'EBADF' });
    expect(content('b')).toBe('');
    await other.file.close();
  });

  it('is synced with the folders that have its name, these once', async () => {
    const { file, written } = await door('inner/a');
    system.synced = [];
    await written.append(bytes('x'));
    await written.sync();
    const itself = word === 'waiting' ? join(folder, 'inner/a') : 'the file';
    expect(system.synced).toEqual([itself, join(folder, 'inner'), folder]);
    await written.sync();
    expect(system.synced.slice(3)).toEqual([itself]);
    await file.close();
  });
});

it('a rename syncs the folders of both names, the new one first', async () => {
  const storage = new NodeStorage(folder);
  await (await storage.append('a')).close();
  await (await storage.append('inner/b')).close();
  system.synced = [];
  await storage.rename('a', 'inner/b');
  expect(system.synced).toEqual([join(folder, 'inner'), folder]);
});

it('a new folder is synced with all that was made for it', async () => {
  await (await new NodeStorage(join(folder, 'x/y')).append('a')).close();
  expect(system.synced).toEqual([join(folder, 'x'), folder]);
});

it('files and folders are made as Redis makes them', async () => {
  const storage = new NodeStorage(folder);
  await (await storage.append('inner/a')).close();
  const mask = process.umask();
  expect(fs.statSync(join(folder, 'inner/a')).mode & 0o777).toBe(0o644 & ~mask);
  expect(fs.statSync(join(folder, 'inner')).mode & 0o777).toBe(0o755 & ~mask);
});

it('links to folders and files are followed', async () => {
  const target = join(folder, 'target');
  fs.mkdirSync(join(target, 'real'), { recursive: true });
  fs.writeFileSync(join(target, 'file'), 'linked');
  const place = join(folder, 'place');
  fs.symlinkSync(target, place);
  fs.symlinkSync('file', join(target, 'link'));
  fs.symlinkSync('real', join(target, 'appendonlydir'));
  fs.symlinkSync('nowhere', join(target, 'broken'));
  const storage = new NodeStorage(place);
  await (await storage.append('appendonlydir/a')).close();
  expect((await storage.list()).sort()).toEqual(['appendonlydir/a', 'file', 'link', 'real/a']);
  expect(new TextDecoder().decode(await (await storage.open('link'))!.read(0, 9))).toBe('linked');
  await storage.rename('file', 'other');
  expect(fs.readFileSync(join(target, 'other'), 'utf8')).toBe('linked');
});

it('what is in folders of folders is nobody’s', async () => {
  fs.mkdirSync(join(folder, 'a/b'), { recursive: true });
  fs.writeFileSync(join(folder, 'a/b/c'), '');
  fs.writeFileSync(join(folder, 'a/d'), '');
  expect(await new NodeStorage(folder).list()).toEqual(['a/d']);
});

it('the place stays where it was when the process moves', async () => {
  const storage = new NodeStorage(folder);
  expect(storage.place).toBe(folder);
  expect(new NodeStorage('data').place).toBe(join(process.cwd(), 'data'));
});

it('failures keep the code of the system', async () => {
  fs.mkdirSync(join(folder, 'isfolder'));
  fs.writeFileSync(join(folder, 'isfile'), '');
  const storage = new NodeStorage(folder);
  for (const [run, code] of [
    [() => storage.open('isfolder'), 'EISDIR'],
    [() => storage.append('isfolder'), 'EISDIR'],
    [() => storage.open('isfile/a'), 'ENOTDIR'],
    [() => storage.append('isfile/a'), 'ENOTDIR'],
    [() => storage.rename('isfile', 'isfolder'), 'EISDIR'],
    [() => storage.rename('nobody', 'a'), 'ENOENT'],
    [() => storage.open('x'.repeat(300)), 'ENAMETOOLONG'],
    [() => new NodeStorage(join(folder, 'isfile')).lock(), 'EEXIST'],
  ] as const)
    await expect(run()).rejects.toMatchObject({ code });
});

it('failures are told as Redis tells them', () => {
  const coded = (code: string): Error => Object.assign(new Error(`${code}: whatever, write`), { code });
  expect(failureText(coded('ENOSPC'))).toBe('No space left on device');
  expect(failureText(coded('EIO'))).toBe('Input/output error');
  expect(failureText(coded('EACCES'))).toBe('Permission denied');
  expect(failureText(coded('EROFS'))).toBe('Read-only file system');
  expect(failureText(coded('EDQUOT'))).toBe('Disk quota exceeded');
  expect(failureText(coded('toString'))).toBe('toString: whatever, write');
  expect(failureText(new DOMException('too much', 'QuotaExceededError'))).toBe('No space left on device');
  expect(failureText(new Error('odd'))).toBe('odd');
  expect(failureText('text')).toBe('text');
  expect(failureText(undefined)).toBe('undefined');
  expect(failureText(null)).toBe('null');
});
