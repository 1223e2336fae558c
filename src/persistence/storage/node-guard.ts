import { mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from './node-folder.ts';
import type { Verdict } from './node-owner.ts';

/**
 * A socket in a folder that listens for as long as its process lives: however that ends, the kernel closes it at once, and who
 * tries to connect is refused. It is what a lock is made of where the host has no locks of files.
 */
export interface Guard {
  /** The socket's name in the folder. */
  readonly name: string;
  /** Listens no more. The socket stays in the folder. */
  close(): Promise<void>;
}

/** An address of a socket has 104 bytes on macOS, 108 on Linux, with a zero at the end. Node cuts longer ones without a word. */
const LONGEST_ADDRESS_BYTES = 103;

/**
 * Listens in a folder.
 *
 * @returns `undefined` where there can be no sockets: not on this file system, or by no path that is short enough
 */
export async function listenIn(folder: string, nonce: string): Promise<Guard | undefined> {
  // Under another name first: a server removes the name under which it was made when it closes, also when somebody else has
  // made a file there meanwhile. And once it has the name by which it is looked for, it listens.
  const [fresh, name] = [`${nonce}.new`, `${nonce}.socket`];
  const server = createServer((socket) => socket.destroy());
  try {
    await withShortPath(folder, fresh, (path) => listening(server, path));
  } catch (failure) {
    if (isNoSocket(failure)) return undefined;
    throw failure;
  }
  // It must not keep the process running. A connection that cannot be accepted is nobody's concern.
  server.unref();
  server.on('error', () => {});
  await rename(join(folder, fresh), join(folder, name));
  return { name, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Whether somebody listens on the socket of that name; `unknown` where there is none, or none can be asked. */
export async function askGuard(folder: string, name: string): Promise<Verdict> {
  try {
    return await withShortPath(folder, name, connected);
  } catch {
    return 'unknown';
  }
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Exclusive: else, in a cluster, the primary process would listen in our place. Everybody may ask, whoever we run as.
    server.listen({ path, exclusive: true, readableAll: true, writableAll: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function connected(path: string): Promise<Verdict> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve('alive');
    });
    socket.once('error', (failure) => {
      const code = codeOf(failure);
      if (code === 'ECONNREFUSED' || code === 'ENOTSOCK') resolve('dead');
      else if (code === 'ENOENT' || code === 'EINVAL' || code === 'EOPNOTSUPP') resolve('unknown');
      // Not allowed to ask, or too many do: there is somebody.
      else resolve('alive');
    });
  });
}

class NoShortPath extends Error {}

/** What a system answers that has no sockets there. */
function isNoSocket(failure: unknown): boolean {
  const codes = ['EPERM', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EAFNOSUPPORT', 'EPROTONOSUPPORT'];
  return failure instanceof NoShortPath || codes.includes(String(codeOf(failure)));
}

/** Uses a file by its path, or, if that is too long for a socket's address, by one that goes through a link to the folder. */
async function withShortPath<Result>(
  folder: string,
  name: string,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const path = join(folder, name);
  if (Buffer.byteLength(path) <= LONGEST_ADDRESS_BYTES) return use(path);
  const links = await mkdtemp(join(tmpdir(), 'lodis-'));
  try {
    const link = join(links, 'lock');
    await symlink(folder, link);
    const short = join(link, name);
    if (Buffer.byteLength(short) > LONGEST_ADDRESS_BYTES) throw new NoShortPath(short);
    return await use(short);
  } finally {
    await rm(links, { recursive: true, force: true });
  }
}
