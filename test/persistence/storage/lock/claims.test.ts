import * as fs from 'node:fs';
import { createServer, type Server } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NodeStorage } from '../../../../src/persistence/storage/node-storage.ts';
import { StorageLocked } from '../../../../src/persistence/storage/storage.ts';

// What a claim says that was not made by a process of this machine, or not where there are sockets, or links.

const system = vi.hoisted(() => ({
  type: undefined as number | undefined,
  hasLinks: true,
  hasSockets: true,
}));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return {
    ...real,
    statfs: async (path: string) => {
      const found = await real.statfs(path);
      return system.type === undefined ? found : { ...found, type: system.type };
    },
    symlink: (target: string, path: string) => {
      if (system.hasLinks) return real.symlink(target, path);
      return Promise.reject(Object.assign(new Error('EPERM: symlink'), { code: 'EPERM' }));
    },
  };
});
vi.mock('node:net', async (original) => {
  const real = await original<typeof import('node:net')>();
  return {
    ...real,
    createServer: (...args: Parameters<typeof real.createServer>) => {
      const server = real.createServer(...args);
      if (!system.hasSockets)
        server.listen = () => {
          queueMicrotask(() =>
            server.emit('error', Object.assign(new Error('listen'), { code: 'EOPNOTSUPP' })),
          );
          return server;
        };
      return server;
    },
  };
});

let folder: string;
let lock: string;
/** The claim that was made last. */
let last: string;
const servers: Server[] = [];

beforeEach(() => {
  Object.assign(system, { type: undefined, hasLinks: true, hasSockets: true });
  folder = fs.mkdtempSync(join(tmpdir(), 'lodis-claims-'));
  lock = join(folder, 'lodis.lock');
});
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  fs.rmSync(folder, { recursive: true });
});

/** What is written down while the lock is held. */
async function ownClaim(): Promise<Record<string, string | number>> {
  const release = await new NodeStorage(folder).lock();
  const name = fs.readdirSync(lock).find((found) => /^\d+$/.test(found)) as string;
  const path = join(lock, name);
  const text = fs.lstatSync(path).isSymbolicLink() ? fs.readlinkSync(path) : fs.readFileSync(path, 'utf8');
  await release();
  return JSON.parse(text) as Record<string, string | number>;
}

/** As if this had been written by somebody else. */
async function claim(changes: Record<string, string | number | undefined>): Promise<void> {
  const text = JSON.stringify({ ...(await ownClaim()), socket: undefined, ...changes });
  last = join(lock, String(1 + Math.max(...fs.readdirSync(lock).map(Number).filter(Number.isInteger))));
  fs.symlinkSync(text, last);
}

async function listenAt(name: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(join(lock, name), resolve));
  servers.push(server);
  return server;
}

async function attempt(): Promise<string> {
  try {
    await (await new NodeStorage(folder).lock())();
    return 'free';
  } catch (failure) {
    if (!(failure instanceof StorageLocked)) throw failure;
    return failure.message;
  }
}

const NFS = 0x6969;
const CIFS_AS_THE_SYSTEM_SAYS_IT = 0xff534d42 | 0;

describe('an owner', () => {
  it('in another container, with the same number: its socket says whether it lives', async () => {
    await claim({ pid: process.pid, space: 'pid:[1]', started: '1', socket: 'other.socket' });
    const server = await listenAt('other.socket');
    expect(await attempt()).toContain(`is used by process ${process.pid} on ${hostname()}`);
    await new Promise((resolve) => server.close(resolve));
    servers.length = 0;
    fs.writeFileSync(join(lock, 'other.socket'), '');
    expect(await attempt()).toBe('free');
  });

  it('before a reboot is gone, also if another process has its number now', async () => {
    await claim({ boot: 'another', socket: 'gone.socket' });
    expect(await attempt()).toBe('free');
    await claim({ boot: 'another' });
    expect(await attempt()).toBe('free');
  });

  it('on another machine that has the same disk cannot be asked', async () => {
    await claim({ boot: 'another', host: 'elsewhere', pid: 12, socket: 'x.socket' });
    for (const type of [NFS, CIFS_AS_THE_SYSTEM_SAYS_IT]) {
      system.type = type;
      expect(await attempt()).toMatch(
        new RegExp(
          `^${folder} was taken by process 12 on elsewhere, at \\S+; whether that still runs cannot be seen from here. If it does not, remove ${lock}$`,
        ),
      );
    }
    // The same machine, started again.
    fs.unlinkSync(last);
    await claim({ boot: 'another', socket: 'x.socket' });
    expect(await attempt()).toBe('free');
  });

  it('on another machine that had this disk before is gone', async () => {
    await claim({ boot: 'another', host: 'elsewhere', socket: 'x.socket' });
    system.type = 0xef53;
    expect(await attempt()).toBe('free');
  });

  it('whose socket somebody has removed is looked for among the processes', async () => {
    await claim({ socket: 'removed.socket' });
    expect(await attempt()).toContain('is used by another store of this process');
    fs.unlinkSync(last);
    await claim({ socket: 'removed.socket', folder: 'another' });
    expect(await attempt()).toBe('free');
  });

  it('that cannot be read is not guessed', async () => {
    await ownClaim();
    for (const text of ['what', '{}', 'null', '{"pid":1}', '[]']) {
      fs.symlinkSync(text, join(lock, '1000'));
      expect(await attempt()).toBe(
        `${folder} is locked, but by whom cannot be read. If no other process uses it, remove ${lock}`,
      );
      fs.unlinkSync(join(lock, '1000'));
    }
  });
});

describe('where there are no sockets', () => {
  it('a process is known by its number and its start', async () => {
    system.hasSockets = false;
    const own = await ownClaim();
    expect(own['socket']).toBe(undefined);
    const release = await new NodeStorage(folder).lock();
    expect(await attempt()).toContain('is used by another store of this process');
    await release();
    expect(await attempt()).toBe('free');
    await claim({ started: '12345' });
    expect(await attempt()).toBe('free');
    await claim({ pid: 2 ** 22 + 1 });
    expect(await attempt()).toBe('free');
    await claim({ started: undefined });
    expect(await attempt()).toContain('is used by');
    fs.unlinkSync(last);
    await claim({ started: undefined, pid: 2 ** 22 + 1 });
    expect(await attempt()).toBe('free');
    await claim({ space: 'pid:[1]' });
    expect(await attempt()).toContain('whether that still runs cannot be seen from here');
  });
});

describe('where there are no links', () => {
  it('claims are files', async () => {
    system.hasLinks = false;
    const own = await ownClaim();
    expect(own['pid']).toBe(process.pid);
    const release = await new NodeStorage(folder).lock();
    expect(await attempt()).toContain('is used by another store of this process');
    await release();
    expect(await attempt()).toBe('free');
    // Its maker died between the name and the text, or is about to write that.
    fs.writeFileSync(join(lock, '1000'), '');
    expect(await attempt()).toContain('by whom cannot be read');
  });
});

it('one wins whenever several take over at once, whatever the last one has left behind', async () => {
  for (let round = 0; round < 60; round++) {
    if (round % 3 === 1)
      fs.symlinkSync(JSON.stringify({ ...(await ownClaim()), socket: 'x.socket' }), join(lock, '5000'));
    if (round % 3 === 1) fs.writeFileSync(join(lock, 'x.socket'), '');
    if (round % 3 === 2) fs.rmSync(lock, { recursive: true, force: true });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, () => new NodeStorage(folder).lock()),
    );
    const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(winners.length).toBe(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(StorageLocked);
    expect(await attempt()).toContain('is used by another store of this process');
    for (const winner of winners) await winner.value();
    if (round % 3 === 1) fs.rmSync(lock, { recursive: true });
  }
});
