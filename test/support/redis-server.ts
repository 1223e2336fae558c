import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RawClient } from './raw-client.ts';

const STARTS_TO_TRY = 5;
const READY = 'Ready to accept connections';
const SKIPPED = 'DIFFERENTIAL TESTS SKIPPED: no redis-server on the PATH';

export interface RedisServer {
  readonly port: number;
  readonly pid: number;
  /** As it reports itself: `7.0.15`. */
  readonly version: string;
  /** Its working folder. */
  readonly dir: string;
  /** Opens a connection of its own. */
  connect(): Promise<RawClient>;
  /** Ends the server and removes its folder. May be called again. */
  stop(): Promise<void>;
}

export interface RedisServerOptions {
  /** Further arguments, such as `['--maxmemory', '10mb']`. */
  readonly args?: readonly string[];
  /** The program. `redis-server` from the PATH if omitted. */
  readonly program?: string;
  /** Whether its absence is an error. If omitted: where the environment says CI. */
  readonly required?: boolean;
}

/**
 * Starts a real Redis on a free loopback port, in memory only, with DEBUG allowed; resolves once it answers.
 *
 * Resolves to `undefined`, with a warning, where there is no such program; in CI that is an error, so that
 * differential tests never pass by not running. The server does not outlive this process, however that ends.
 */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer | undefined> {
  const { args = [], program = 'redis-server', required = isCi() } = options;
  for (let attempt = 1; ; attempt++) {
    // Somebody may take the port before the server does.
    const started = await tryToStart(program, args);
    if (started === 'absent') {
      if (required) throw new Error(SKIPPED);
      console.warn(`\n${'!'.repeat(SKIPPED.length)}\n${SKIPPED}\n${'!'.repeat(SKIPPED.length)}\n`);
      return undefined;
    }
    if (typeof started !== 'string') return started;
    if (attempt === STARTS_TO_TRY) throw new Error(`redis-server does not start:\n${started}`);
  }
}

function isCi(): boolean {
  const ci = process.env['CI'];
  return ci !== undefined && ci !== '' && ci !== 'false';
}

/** The running server, `'absent'`, or what it printed before it gave up. */
async function tryToStart(program: string, args: readonly string[]): Promise<RedisServer | string> {
  const port = await freePort();
  const dir = await mkdtemp(join(tmpdir(), 'lodis-redis-'));
  const child = spawn(
    program,
    [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir],
      ...['--save', '', '--appendonly', 'no', '--enable-debug-command', 'yes'],
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const stop = guard(child, dir);
  const outcome = await readiness(child);
  if (outcome !== 'ready') {
    await stop();
    return outcome;
  }
  try {
    const client = await RawClient.connect(port);
    const info = await client.send(['INFO', 'server']);
    await client.close();
    const text = info.type === '$' ? (info.value ?? '') : '';
    const version = /^redis_version:(\S+)/m.exec(text)?.[1];
    const pid = /^process_id:(\d+)/m.exec(text)?.[1];
    if (version === undefined || pid !== String(child.pid)) {
      throw new Error(`port ${port} is answered by another process`);
    }
    return { port, pid: Number(pid), version, dir, connect: () => RawClient.connect(port), stop };
  } catch (error) {
    await stop();
    return String(error);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  if (address === null || typeof address === 'string') throw new Error('a listening socket has no port');
  probe.close();
  await once(probe, 'close');
  return address.port;
}

/** Resolves when the server says that it is ready, or to what it said before it exited. */
function readiness(child: ChildProcess): Promise<'ready' | string> {
  return new Promise((resolve) => {
    let output = '';
    const listen = (chunk: Buffer) => {
      output += chunk.toString();
      if (!output.includes(READY)) return;
      // From here on nobody reads, but the pipes must not fill up, nor keep this process running.
      for (const stream of [child.stdout, child.stderr]) {
        stream?.off('data', listen);
        stream?.resume();
        if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
      }
      child.unref();
      resolve('ready');
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', (error) =>
      resolve('code' in error && error.code === 'ENOENT' ? 'absent' : String(error)),
    );
    child.once('close', () => resolve(output));
  });
}

/**
 * Sees to it that the server and its folder go when this process does: by an exit hook, and, for the ends that
 * run no hooks, by a shell that waits for its input to close. Answers the orderly way to stop the server.
 */
function guard(child: ChildProcess, dir: string): () => Promise<void> {
  const { pid } = child;
  if (pid === undefined) return () => rm(dir, { recursive: true, force: true });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const watchdog = spawn('sh', ['-c', 'read -r line; kill -9 "$1"; rm -rf "$2"', 'sh', String(pid), dir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.on('error', () => {}); // No shell: the exit hook has to do.
  watchdog.stdin.on('error', () => {});
  watchdog.unref();
  if ('unref' in watchdog.stdin && typeof watchdog.stdin.unref === 'function') watchdog.stdin.unref();
  const atExit = () => {
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  };
  process.once('exit', atExit);
  // The id of a server that is gone may become somebody else's.
  child.once('exit', () => watchdog.kill('SIGKILL'));
  return async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.ref();
      child.kill('SIGKILL');
      await exited;
    }
    process.off('exit', atExit);
    await rm(dir, { recursive: true, force: true });
  };
}
