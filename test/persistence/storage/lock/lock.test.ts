import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NodeStorage } from '../../../../src/persistence/storage/node-storage.ts';
import { StorageLocked } from '../../../../src/persistence/storage/storage.ts';
import { type Child, type Program, program } from '../child.ts';

let lockProgram: Program;
let root: string;
const children: Child[] = [];

beforeAll(async () => {
  lockProgram = await program(join(import.meta.dirname, 'lock-program.ts'));
  root = mkdtempSync(join(tmpdir(), 'lodis-lock-'));
  chmodSync(root, 0o755);
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill();
    await child.ended;
  }
});
afterAll(async () => {
  rmSync(root, { recursive: true, force: true });
  await lockProgram.remove();
});

let folders = 0;
function newFolder(): string {
  const folder = join(root, `data-${++folders}`);
  mkdirSync(folder);
  return folder;
}

function start(...args: Parameters<Program['start']>): Child {
  const child = lockProgram.start(...args);
  children.push(child);
  return child;
}

async function holder(folder: string): Promise<Child> {
  const child = start(['hold', folder]);
  expect(await child.line()).toBe('locked');
  return child;
}

async function refusal(folder: string): Promise<string> {
  const error = await new NodeStorage(folder).lock().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StorageLocked);
  return (error as StorageLocked).message;
}

describe('another process', () => {
  it('is refused, and told who has the folder since when', async () => {
    const folder = newFolder();
    const child = await holder(folder);
    expect(await refusal(folder)).toMatch(
      new RegExp(
        `^${folder} is used by process ${child.process.pid} on \\S+, since \\d{4}-\\d\\d-\\d\\dT\\S+Z: close its store first, or use another folder$`,
      ),
    );
  });

  it('gets it at once when the owner was killed', async () => {
    const folder = newFolder();
    for (let round = 0; round < 5; round++) {
      const child = await holder(folder);
      child.kill('SIGKILL');
      await child.ended;
    }
    await (await new NodeStorage(folder).lock())();
  });

  it('is refused while the owner is too busy to answer, or stopped', async () => {
    const folder = newFolder();
    const child = await holder(folder);
    child.say('block');
    expect(await refusal(folder)).toContain(`process ${child.process.pid}`);
    child.kill('SIGSTOP');
    expect(await refusal(folder)).toContain(`process ${child.process.pid}`);
  });

  it('gets it when the owner has ended without letting go', async () => {
    const folder = newFolder();
    const child = start(['once', folder]);
    expect(await child.line()).toBe('locked');
    // The lock does not keep the process running.
    expect(await child.ended).toEqual({ code: 0, signal: null, complaint: '' });
    await (await new NodeStorage(folder).lock())();
  });
});

/** Runs a program in its own space of processes and its own network, as a container does. */
const CONTAINER = ['--pid', '--net', '--fork', '--kill-child', '--mount-proc'];
const hasContainers = spawnSync('unshare', [...CONTAINER, 'true']).status === 0;

it.skipIf(!hasContainers)('in containers, each of them process 1, they see each other', async () => {
  const folder = newFolder();
  const first = start(['hold', folder], { under: ['unshare', ...CONTAINER] });
  expect(await first.line()).toBe('locked');
  const second = start(['once', folder], { under: ['unshare', ...CONTAINER] });
  expect(await second.line()).toContain(`StorageLocked: ${folder} is used by process 1 on `);
  expect(await refusal(folder)).toContain(`${folder} is used by process 1 on `);
  first.kill();
  await first.ended;
  const third = start(['once', folder], { under: ['unshare', ...CONTAINER] });
  expect(await third.line()).toBe('locked');
});

describe('many at once', () => {
  it('who take over a dead owner’s lock: one at a time has it, each until it dies', async () => {
    const folder = newFolder();
    const racers = Array.from({ length: 8 }, () => start(['race', folder, 'die']));
    for (const racer of racers) expect(await racer.line()).toBe('ready');
    for (const racer of racers) racer.say('go');
    for (const racer of racers)
      expect(await racer.ended).toEqual({ code: null, signal: 'SIGKILL', complaint: '' });
    const won = readdirSync(root).filter((name) => name.includes('.won.'));
    expect(won.length).toBe(racers.length);
    for (const name of won) rmSync(join(root, name));
  });

  it('who let go again and again: one at a time has it', async () => {
    const folder = newFolder();
    const times = 12;
    const racers = Array.from({ length: 4 }, () => start(['race', folder, 'release', String(times)]));
    for (const racer of racers) expect(await racer.line()).toBe('ready');
    for (const racer of racers) racer.say('go');
    for (const racer of racers) expect(await racer.ended).toEqual({ code: 0, signal: null, complaint: '' });
    const won = readdirSync(root).filter((name) => name.includes('.won.'));
    expect(won.length).toBe(racers.length * times);
    for (const name of won) rmSync(join(root, name));
    // What is left of all that: that it is free.
    const left = readdirSync(join(folder, 'lodis.lock'));
    expect(left.length).toBe(1);
    expect(readlinkSync(join(folder, 'lodis.lock', left[0] as string))).toBe('released');
  });
});

describe('within a process', () => {
  it('workers have it or not like processes', async () => {
    const folder = newFolder();
    const child = start(['workers', folder]);
    const pid = child.process.pid;
    expect(await child.line()).toBe('locked');
    const refused = `StorageLocked: ${folder} is used by another store of this process (${pid})`;
    expect(await child.line()).toContain(refused);
    expect(await child.line()).toContain(refused);
    expect(await child.line()).toBe('locked');
  });

  it('a worker of a cluster has it itself, not the primary process', async () => {
    const folder = newFolder();
    const child = start(['cluster', folder]);
    expect(await child.line()).toBe('locked');
    expect(await child.line()).toBe('locked');
  });

  it('it is the same folder by any path', async () => {
    const folder = newFolder();
    const link = `${folder}.link`;
    symlinkSync(folder, link);
    const release = await new NodeStorage(link).lock();
    expect(await refusal(folder)).toContain('is used by another store of this process');
    expect(await refusal(`${folder}/../${folder.slice(root.length + 1)}`)).toContain('another store');
    await release();
    await (await new NodeStorage(folder).lock())();
  });

  it('paths may be longer than those of sockets', async () => {
    const folder = join(newFolder(), 'x'.repeat(120), 'y'.repeat(120));
    const release = await new NodeStorage(folder).lock();
    expect(readdirSync(join(folder, 'lodis.lock')).some((name) => name.endsWith('.socket'))).toBe(true);
    expect(await refusal(folder)).toContain('another store');
    const child = start(['once', folder]);
    expect(await child.line()).toContain('StorageLocked');
    await release();
    const dying = await holder(folder);
    dying.kill();
    await dying.ended;
    await (await new NodeStorage(folder).lock())();
  });

  it('a folder that is removed while it is locked is let go of in silence', async () => {
    const folder = newFolder();
    const release = await new NodeStorage(folder).lock();
    rmSync(folder, { recursive: true });
    await release();
    await (await new NodeStorage(folder).lock())();
  });

  it('a copy of a folder that is in use is free', async () => {
    const folder = newFolder();
    const release = await new NodeStorage(folder).lock();
    const copy = newFolder();
    cpSync(folder, copy, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('.socket'),
    });
    expect(readdirSync(join(copy, 'lodis.lock')).length).toBe(1);
    await (await new NodeStorage(copy).lock())();
    await release();
  });
});

it('fails as the system says where nothing may be written', async () => {
  const folder = newFolder();
  chmodSync(folder, 0o555);
  // Who runs the tests may be allowed everything: then somebody else tries.
  const child = start(['once', folder], process.getuid?.() === 0 ? { uid: 65_534 } : {});
  expect(await child.line()).toMatch(/^EACCES: EACCES: permission denied, mkdir '.*lodis.lock'$/);
});
