import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { codeOf } from './node-folder.ts';

/** Who has a folder, as it is written down there for others. */
export interface Owner {
  readonly pid: number;
  /** When the process was started, in the kernel's ticks since it booted; none where the system does not say. */
  readonly started?: string;
  /** Which start of the kernel it runs in. Containers of one machine have it in common. */
  readonly boot?: string;
  /** In which space of process numbers: each container has its own. */
  readonly space?: string;
  readonly host: string;
  /** When it took the folder: ISO 8601. */
  readonly since: string;
  /** The number of the lock's folder in its file system: a copy of the folder has another. */
  readonly folder: string;
  /** The name of the socket on which it listens, for as long as it has the folder; none where there are no sockets. */
  readonly socket?: string;
}

/** This process. */
export function thisOwner(folder: string, socket: string | undefined): Owner {
  const started = startOf('self');
  const boot = bootOf();
  const space = spaceOf();
  return {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    folder,
    ...(started !== undefined && { started }),
    ...(boot !== undefined && { boot }),
    ...(space !== undefined && { space }),
    ...(socket !== undefined && { socket }),
  };
}

/** What was written down, or `undefined` if it is none of ours. */
export function parseOwner(text: string): Owner | undefined {
  try {
    const found = JSON.parse(text) as Partial<Record<keyof Owner, unknown>> | null;
    const isOwner =
      typeof found?.pid === 'number' &&
      [found.host, found.since, found.folder].every((part) => typeof part === 'string') &&
      [found.started, found.boot, found.space, found.socket].every(
        (part) => part === undefined || typeof part === 'string',
      );
    return isOwner ? (found as unknown as Owner) : undefined;
  } catch {
    return undefined;
  }
}

/** A name that nobody else has. */
export function newNonce(): string {
  return randomBytes(8).toString('hex');
}

export type Verdict = 'alive' | 'dead' | 'unknown';

/**
 * Whether the owner can be asked from here: a socket is known only to the kernel that made it, and another kernel's processes
 * are not in our table.
 */
export async function kernelOf(owner: Owner, folder: string): Promise<'same' | 'gone' | 'other'> {
  const boot = bootOf();
  if (owner.boot === boot) return 'same';
  // Before a reboot, or of a machine that had this disk before. The same name is taken for the same machine.
  if (owner.host === hostname() || !(await isShared(folder))) return 'gone';
  return 'other';
}

/** What the table of processes says of an owner under the same kernel. */
export function processVerdict(owner: Owner): Verdict {
  if (owner.space !== spaceOf()) return 'unknown';
  if (owner.started !== undefined) return startOf(owner.pid) === owner.started ? 'alive' : 'dead';
  try {
    process.kill(owner.pid, 0);
    return 'alive';
  } catch (failure) {
    return codeOf(failure) === 'ESRCH' ? 'dead' : 'alive';
  }
}

/** Whether an owner is this very process. */
export function isThisProcess(owner: Owner): boolean {
  return (
    owner.pid === process.pid &&
    owner.boot === bootOf() &&
    owner.space === spaceOf() &&
    owner.started === startOf('self')
  );
}

/**
 * When the process was started: the 22nd field of /proc/…/stat. The second, the program's name, may hold blanks and
 * parentheses. The third says of a process that has ended but that nobody has asked for its end that it is a zombie.
 */
function startOf(pid: number | 'self'): string | undefined {
  const stat = contentOf(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

function bootOf(): string | undefined {
  return contentOf('/proc/sys/kernel/random/boot_id');
}

function spaceOf(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1').trim();
  } catch {
    return undefined;
  }
}

/** Linux's numbers of file systems that several machines may have at once. FUSE may be one; what is mounted there is not told. */
const SHARED_FILE_SYSTEMS = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB 2
  0x65735546, // FUSE, virtiofs
  0x01021997, // 9P
  0x00c36400, // Ceph
  0x0bd00bd0, // Lustre
  0x01161970, // GFS2
  0x7461636f, // OCFS2
  0x5346414f, // AFS
  0x6b414653, // AFS
  0x47504653, // GPFS
  0xaad7aaea, // PanFS
  0x19830326, // BeeGFS
  0x786f4256, // VirtualBox
  0xbacbacbc, // VMware
]);

async function isShared(folder: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  // Some are negative as the system's word is signed.
  return SHARED_FILE_SYSTEMS.has((await statfs(folder)).type >>> 0);
}
