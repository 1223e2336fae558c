import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startRedisServer } from './redis-server.ts';

const server = await startRedisServer();
await server?.stop();

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Whether the connection to a port is refused. */
function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}

describe.skipIf(server === undefined)('startRedisServer', () => {
  it('starts a server in memory that allows DEBUG, and stops it without a trace', async () => {
    const running = (await startRedisServer())!;
    const client = await running.connect();
    expect(running.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(existsSync(running.dir)).toBe(true);
    expect(await client.send(['DEBUG', 'SET-ACTIVE-EXPIRE', '1'])).toStrictEqual({ type: '+', value: 'OK' });
    expect(await client.send(['CONFIG', 'GET', 'dir'])).toMatchObject({
      items: [{ value: 'dir' }, { value: running.dir }],
    });
    expect(await client.send(['CONFIG', 'GET', 'save'])).toMatchObject({ items: [{}, { value: '' }] });
    await running.stop();
    await running.stop();
    await client.close();
    expect(isAlive(running.pid)).toBe(false);
    expect(await isRefused(running.port)).toBe(true);
    expect(existsSync(running.dir)).toBe(false);
  });

  it('runs several at once, with further arguments', async () => {
    const [one, two] = await Promise.all([
      startRedisServer(),
      startRedisServer({ args: ['--databases', '3'] }),
    ]);
    expect(one!.port).not.toBe(two!.port);
    const client = await two!.connect();
    expect(await client.send(['SELECT', '2'])).toStrictEqual({ type: '+', value: 'OK' });
    expect(await client.send(['SELECT', '3'])).toMatchObject({ type: '-' });
    await Promise.all([client.close(), one!.stop(), two!.stop()]);
  });

  it('says what the server said when it does not start', async () => {
    await expect(startRedisServer({ args: ['--no-such-option', '1'] })).rejects.toThrow('no-such-option');
  });

  it.each(['SIGKILL', 'SIGTERM', 'exit'] as const)(
    'takes the server along when its process ends by %s',
    async (way) => {
      const module = new URL('./redis-server.ts', import.meta.url).href;
      const program = `
      const { startRedisServer } = await import(${JSON.stringify(module)});
      const server = await startRedisServer();
      process.stdin.once('data', () => process.exit());
      console.log(JSON.stringify({ port: server.port, pid: server.pid, dir: server.dir }));
    `;
      const root = fileURLToPath(new URL('../..', import.meta.url));
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
        cwd: root,
      });
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const { port, pid, dir } = JSON.parse(line.toString()) as { port: number; pid: number; dir: string };
      // The server closes this connection when it dies.
      const watcher = connect(port, '127.0.0.1');
      watcher.on('error', () => {});
      await once(watcher, 'connect');
      const gone = once(watcher, 'close');
      watcher.resume();
      if (way === 'exit') child.stdin.write('\n');
      else child.kill(way);
      await gone;
      await vi.waitUntil(() => !existsSync(dir), { timeout: 10_000 });
      // Not whether the port is refused: somebody else may have it by now.
      await vi.waitUntil(() => !isRunning(pid), { timeout: 10_000 });
    },
  );
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('without a redis-server', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  const program = 'no-such-redis-server';

  it('warns and answers undefined', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    vi.stubEnv('CI', '');
    expect(await startRedisServer({ program })).toBeUndefined();
    expect(warn).toHaveBeenCalledOnce();
    expect(warn.mock.calls[0]?.[0]).toContain('DIFFERENTIAL TESTS SKIPPED: no redis-server on the PATH');
  });

  it('fails in CI', async () => {
    vi.stubEnv('CI', 'true');
    await expect(startRedisServer({ program })).rejects.toThrow('no redis-server on the PATH');
  });
});
