import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../support/requests.ts';

// The example server, looked into with the tools that come with Redis.

const root = fileURLToPath(new URL('../../', import.meta.url));
const ci = process.env['CI'];
const isCi = ci !== undefined && ci !== '' && ci !== 'false';

interface Outcome {
  readonly code: number;
  readonly output: string;
}

function run(program: string, args: readonly string[], input = ''): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { maxBuffer: 1 << 26, timeout: 100_000 },
      (error, stdout, stderr) => {
        if (error?.code === 'ENOENT') reject(error);
        else resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
      },
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

async function isInstalled(program: string): Promise<boolean> {
  try {
    await run(program, ['--version']);
    return true;
  } catch (error) {
    if (isCi) throw error;
    console.warn(`SKIPPED: no ${program} on the PATH`);
    return false;
  }
}

const hasCli = await isInstalled('redis-cli');
const hasBenchmark = await isInstalled('redis-benchmark');

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', 'examples/tcp-server.ts', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Everything that it has said, once that fits. */
async function said(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  let output = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk) => (output += String(chunk)));
  const closed = once(child, 'close').then(() => 'closed');
  for (;;) {
    const match = pattern.exec(output);
    if (match !== null) return match;
    const next = await Promise.race([once(child.stdout!, 'data'), once(child.stderr!, 'data'), closed]);
    if (next === 'closed' && !pattern.test(output)) throw new Error(`it ended with ${output}`);
  }
}

let server: ChildProcess;
let port: string;
beforeAll(async () => {
  server = start('--port', '0');
  port = (await said(server, /^Ready to accept connections on 127\.0\.0\.1:(\d+)$/m))[1]!;
});
afterAll(() => {
  server.kill('SIGKILL');
});

const cli = (...args: string[]) => run('redis-cli', ['-p', port, ...args]);

describe.skipIf(!hasCli)('redis-cli', () => {
  it.each<[string[], string]>([
    [['PING'], 'PONG\n'],
    [['SET', 'greeting', 'héllo wörld', 'EX', '100'], 'OK\n'],
    [['GET', 'greeting'], 'héllo wörld\n'],
    [['STRLEN', 'greeting'], '13\n'],
    [['RPUSH', 'list', 'a', 'b', 'c'], '3\n'],
    [['--no-raw', 'LRANGE', 'list', '0', '-1'], '1) "a"\n2) "b"\n3) "c"\n'],
    [['--no-raw', 'GET', 'missing'], '(nil)\n'],
    [
      ['--no-raw', 'INCR', 'list'],
      '(error) WRONGTYPE Operation against a key holding the wrong kind of value\n',
    ],
    [['HSET', 'hash', 'field', 'value'], '1\n'],
    [['--no-raw', 'HGETALL', 'hash'], '1) "field"\n2) "value"\n'],
    [['--no-raw', '-3', 'HGETALL', 'hash'], '1# "field" => "value"\n'],
    [['ZADD', 'board', '1.5', 'ada'], '1\n'],
    [['--no-raw', '-3', 'ZRANGE', 'board', '0', '-1', 'WITHSCORES'], '1) 1) "ada"\n   2) (double) 1.5\n'],
    [['--no-raw', '-3', 'GET', 'missing'], '(nil)\n'],
    [['-n', '3', 'SET', 'elsewhere', '1'], 'OK\n'],
    [['EXISTS', 'elsewhere'], '0\n'],
  ])('%j', async (args, output) => {
    expect(await cli(...args)).toMatchObject({ output: expect.stringContaining(output) });
  });

  it('runs what it reads, a transaction among it', async () => {
    const lines = 'MULTI\nINCR counter\nINCRBY counter 10\nEXEC\nGET counter\n';
    const { output } = await run('redis-cli', ['-p', port], lines);
    expect(output).toBe('OK\nQUEUED\nQUEUED\n1\n11\n11\n');
  });

  it.each([
    ['SUBSCRIBE', ['SUBSCRIBE', 'news'], 'news', 'message\nnews\nhello\n'],
    ['MONITOR', ['MONITOR'], 'OK', '"PUBLISH" "news" "hello"\n'],
  ])('shows what comes after %s', async (_name, command, first, then) => {
    const watching = spawn('redis-cli', ['-p', port, ...command], { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    watching.stdout.on('data', (chunk) => {
      output += String(chunk);
    });
    const until = async (text: string): Promise<void> => {
      while (!output.includes(text)) await once(watching.stdout, 'data');
    };
    await until(first);
    await cli('PUBLISH', 'news', 'hello');
    await until(then);
    watching.kill();
    await once(watching, 'close');
    expect(output).toContain(then);
  });

  it('is answered by INFO and CONFIG', async () => {
    expect((await cli('INFO', 'server')).output).toMatch(/^redis_version:8\./m);
    expect((await cli('CONFIG', 'GET', 'client-query-buffer-limit')).output).toBe(
      'client-query-buffer-limit\n1073741824\n',
    );
  });

  it('repeats a command', async () => {
    expect((await cli('-r', '1000', 'INCR', 'repeated')).output).toBe(
      Array.from({ length: 1000 }, (_, at) => `${at + 1}\n`).join(''),
    );
  });

  it('inserts a mass of data', async () => {
    const requests = Array.from({ length: 50_000 }, (_, at) => request('SET', `mass:${at}`, String(at * 7)));
    const { code, output } = await run('redis-cli', ['-p', port, '--pipe'], requests.join(''));
    expect(output).toContain('errors: 0, replies: 50000');
    expect(code).toBe(0);
    expect((await cli('GET', 'mass:49999')).output).toBe(`${49_999 * 7}\n`);
  });

  it('scans', async () => {
    const { output } = await cli('--scan', '--pattern', 'mass:123?');
    expect(output.trim().split('\n').sort()).toStrictEqual(
      Array.from({ length: 10 }, (_, at) => `mass:123${at}`),
    );
  });
});

describe.skipIf(!hasBenchmark)('redis-benchmark', () => {
  it.each([[['-P', '16']], [['-P', '16', '--threads', '2', '-c', '100']], [['-c', '10', '-3']]])(
    '%j',
    async (args) => {
      const tests = [
        ...[
          'PING_INLINE',
          'PING_MBULK',
          'SET',
          'GET',
          'INCR',
          'LPUSH',
          'RPUSH',
          'LPOP',
          'RPOP',
          'SADD',
          'HSET',
          'SPOP',
        ],
        ...['ZADD', 'ZPOPMIN', 'LPUSH', 'LRANGE_100', 'LRANGE_300', 'LRANGE_500', 'LRANGE_600', 'MSET'],
      ];
      const { code, output } = await run('redis-benchmark', ['-p', port, '-q', '-n', '2000', ...args]);
      const measured = [...output.matchAll(/^(\w+)[^\r\n]*: ([\d.]+) requests per second, p50=/gm)];
      expect(measured.map(([, name]) => name)).toStrictEqual(tests);
      for (const [line, , rate] of measured) expect(Number(rate), line).toBeGreaterThan(0);
      expect(output).not.toMatch(/error/i);
      expect(code).toBe(0);
    },
  );
});

describe('the server', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('ends with %s, though clients are connected', async (signal) => {
    const child = start('--port', '0');
    const [, at] = await said(child, /^Ready to accept connections on 127\.0\.0\.1:(\d+)$/m);
    const { connect } = await import('node:net');
    const client = connect(Number(at), '127.0.0.1');
    client.on('error', () => {});
    client.write('PING\r\n');
    await once(client, 'data');
    child.kill(signal);
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    client.destroy();
  });

  it('says so when it cannot listen', async () => {
    const taken = start('--port', port);
    await said(taken, /cannot listen on port \d+: .*EADDRINUSE/);
    const [code] = taken.exitCode === null ? await once(taken, 'close') : [taken.exitCode];
    expect(code).toBe(1);
    const wrong = start('--port', 'x');
    await said(wrong, /--port x is no port/);
  });
});
