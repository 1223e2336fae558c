import { constants } from 'node:fs';
import {
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { LOCK_FOLDER } from './names.ts';
import { codeOf } from './node-folder.ts';
import { askGuard, type Guard, listenIn } from './node-guard.ts';
import {
  isThisProcess,
  kernelOf,
  newNonce,
  type Owner,
  parseOwner,
  processVerdict,
  thisOwner,
  type Verdict,
} from './node-owner.ts';
import { StorageLocked } from './storage.ts';

/**
 * A lock on a folder: one process, worker or store has it, and it is free the moment that process is gone, however it went.
 *
 * Node has no locks of files. Here the owner listens on a Unix socket, which nobody else can do in its place and which ends
 * with it; and who the owner is stands in claims, numbered names in the folder `lodis.lock`:
 *
 *     lodis.lock/
 *       7 -> {"pid":4711,"since":"…","socket":"5f3c….socket",…}     the claim with the highest number: the owner's
 *       5f3c….socket                                                 where it listens
 *
 * To take the folder: look at the highest claim. If its owner lives, the folder is taken. Else make the next claim, which
 * fails if somebody else has just made it; then look again: is there a higher one, this one has come too late.
 *
 * 1. A claim is made at once with what stands in it (a symbolic link), and by one only.
 * 2. Its owner listens before it is made, so a claim of which nobody listens is dead for good.
 * 3. The highest claim is never removed: whoever lets go makes a higher one first that says so.
 *
 * Two owners cannot be. Let A have claim a, having seen no higher one after it made that, and B make b > a later and live too. B
 * has seen the claim b-1 dead. It is not a, which lives. So it is one between, that was the highest when B looked; by 3 there
 * was one above a ever since that was made; the first such was made by somebody who saw a the highest, and not dead.
 * docs/decisions/0015-lock.md says what else could have been.
 *
 * @param folder the absolute path of a folder that is there
 * @returns what lets go of it, and does not fail
 * @throws StorageLocked if somebody has it, or may have it and cannot be asked from here
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const lock = join(folder, LOCK_FOLDER);
  await mkdir(lock, { recursive: true });
  if (process.platform === 'win32') return lockExclusively(folder, lock);
  const nonce = newNonce();
  const guard = await listenIn(lock, nonce);
  try {
    const inode = String((await lstat(lock)).ino);
    const owner = thisOwner(inode, guard?.name);
    const number = await makeClaim(folder, lock, owner);
    await tidy(lock, number, guard);
    return once(() => letGo(lock, number, guard));
  } catch (failure) {
    await guard?.close();
    if (guard !== undefined) await removeQuietly(join(lock, guard.name));
    throw failure;
  }
}

/** What says that the last owner has let go. */
const RELEASED = 'released';

/** Makes the next claim. @returns its number */
async function makeClaim(folder: string, lock: string, owner: Owner): Promise<number> {
  for (;;) {
    const highest = highestOf(await readdir(lock));
    if (highest > 0) {
      const text = await readClaim(join(lock, String(highest)));
      // Whoever removed it has made a higher one.
      if (text === undefined) continue;
      if (text !== RELEASED) await refuseUnlessDead(folder, lock, text);
    }
    const number = highest + 1;
    if (!(await writeClaim(join(lock, String(number)), JSON.stringify(owner)))) continue;
    if (highestOf(await readdir(lock)) === number) return number;
    await removeQuietly(join(lock, String(number)));
  }
}

async function refuseUnlessDead(folder: string, lock: string, text: string): Promise<void> {
  const owner = parseOwner(text);
  if (owner === undefined)
    throw new StorageLocked(
      `${folder} is locked, but by whom cannot be read. If no other process uses it, remove ${lock}`,
    );
  const verdict = await verdictOf(owner, lock);
  if (verdict === 'alive')
    throw new StorageLocked(
      isThisProcess(owner)
        ? `${folder} is used by another store of this process (${owner.pid}), since ${owner.since}: close that first`
        : `${folder} is used by process ${owner.pid} on ${owner.host}, since ${owner.since}: close its store first, or use another folder`,
    );
  if (verdict === 'unknown')
    throw new StorageLocked(
      `${folder} was taken by process ${owner.pid} on ${owner.host}, at ${owner.since}; whether that still runs cannot be seen from here. If it does not, remove ${lock}`,
    );
}

async function verdictOf(owner: Owner, lock: string): Promise<Verdict> {
  const kernel = await kernelOf(owner, lock);
  if (kernel !== 'same') return kernel === 'gone' ? 'dead' : 'unknown';
  if (owner.socket !== undefined) {
    const verdict = await askGuard(lock, owner.socket);
    if (verdict !== 'unknown') return verdict;
    // Copies of a folder often come without its sockets.
    if (String((await lstat(lock)).ino) !== owner.folder) return 'dead';
  }
  return processVerdict(owner);
}

/** Removes what owners before have left behind. */
async function tidy(lock: string, number: number, guard: Guard | undefined): Promise<void> {
  try {
    for (const name of await readdir(lock)) {
      const isOld = isNumber(name) && Number(name) < number;
      // Of those that listen there may be one who is about to make a claim.
      const isDead =
        name.endsWith('.socket') && name !== guard?.name && (await askGuard(lock, name)) === 'dead';
      if (isOld || isDead) await removeQuietly(join(lock, name));
    }
  } catch {
    // It is only for the looks.
  }
}

async function letGo(lock: string, number: number, guard: Guard | undefined): Promise<void> {
  let isMarked = false;
  try {
    isMarked = await writeClaim(join(lock, String(number + 1)), RELEASED);
  } catch {
    // The disk is full, or the folder gone. That nobody listens on the socket any more says the same.
  }
  await guard?.close();
  // Without a socket, the claim alone says that we have the folder.
  if (!isMarked && guard !== undefined) return;
  await removeQuietly(join(lock, String(number)));
  if (guard !== undefined) await removeQuietly(join(lock, guard.name));
}

function highestOf(names: readonly string[]): number {
  return names.filter(isNumber).reduce((highest, name) => Math.max(highest, Number(name)), 0);
}

function isNumber(name: string): boolean {
  return /^[1-9][0-9]{0,14}$/.test(name);
}

/** @returns what stands in the claim, or `undefined` if there is none */
async function readClaim(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (failure) {
    if (codeOf(failure) === 'ENOENT') return undefined;
    if (codeOf(failure) !== 'EINVAL') throw failure;
  }
  // No link: see writeClaim.
  try {
    return await readFile(path, 'utf8');
  } catch (failure) {
    if (codeOf(failure) === 'ENOENT') return undefined;
    throw failure;
  }
}

/** @returns whether it was made; not, if there is one */
async function writeClaim(path: string, text: string): Promise<boolean> {
  try {
    await symlink(text, path);
    return true;
  } catch (failure) {
    if (codeOf(failure) === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(String(codeOf(failure)))) throw failure;
  }
  // A file system without links (FAT, SMB). Who looks in the moment between the name and the text is refused.
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (failure) {
    if (codeOf(failure) === 'EEXIST') return false;
    throw failure;
  }
}

/** On Windows a file can be opened such that nobody else can open it: Node passes this flag on to libuv, which knows it there. */
const OPEN_EXCLUSIVELY = 0x10000000;

async function lockExclusively(folder: string, lock: string): Promise<() => Promise<void>> {
  const who = join(lock, 'owner');
  let held: FileHandle;
  try {
    held = await open(join(lock, 'held'), constants.O_RDWR | constants.O_CREAT | OPEN_EXCLUSIVELY);
  } catch (failure) {
    if (codeOf(failure) !== 'EBUSY') throw failure;
    const owner = parseOwner(await readFile(who, 'utf8').catch(() => ''));
    const by = owner === undefined ? 'another process' : `process ${owner.pid}, since ${owner.since}`;
    throw new StorageLocked(`${folder} is used by ${by}: close its store first, or use another folder`);
  }
  await writeFile(who, JSON.stringify(thisOwner('', undefined))).catch(() => {});
  return once(() => held.close());
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= run();
    return running;
  };
}

async function removeQuietly(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch {
    // Somebody else has removed it, or will.
  }
}
