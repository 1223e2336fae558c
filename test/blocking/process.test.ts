import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
let folder: string;
let library: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lodis-process-'));
  const outfile = join(folder, 'lodis.mjs');
  await build({ entryPoints: ['src/index.ts'], bundle: true, format: 'esm', outfile });
  library = pathToFileURL(outfile).href;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a program prints that does this with a store, and then has nothing left to do. */
async function printed(code: string): Promise<string> {
  const program = `
    import { Store } from ${JSON.stringify(library)};
    const store = new Store();
    const say = (popped) => console.log(popped === null ? 'null' : popped.element);
    ${code}
    process.once('exit', () => console.log('exit'));
  `;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program]);
  return stdout.trim().replaceAll('\n', ' ');
}

const pushLater = (delayMs: number): string => `setTimeout(() => store.rpush('k', 'a'), ${delayMs}).unref();`;

test.concurrent.each([
  ['a waiting call does not keep the process running', `store.blocking.blpop('k').then(say);`, 'exit'],
  ['nor does its timeout', `store.blocking.blpop('k', { timeout: 3600 }).then(say);`, 'exit'],
  [
    'nor what would end the wait',
    `store.blocking.blpop('k', { keepAlive: false }).then(say); ${pushLater(3_600_000)}`,
    'exit',
  ],
  [
    'unless asked: until it is served',
    `store.blocking.blpop('k', { keepAlive: true }).then(say); ${pushLater(30)}`,
    'a exit',
  ],
  [
    'until its time is over',
    `store.blocking.blpop('k', { keepAlive: true, timeout: 0.03 }).then(say);`,
    'null exit',
  ],
  [
    'until it is aborted',
    `const signal = AbortSignal.timeout(30);
     store.blocking.blpop('k', { keepAlive: true, signal }).catch((error) => console.log(error.name));`,
    'TimeoutError exit',
  ],
  [
    'until the store is closed',
    `store.blocking.blpop('k', { keepAlive: true }).catch((error) => console.log(error.message));
     setTimeout(() => store.close(), 30).unref();`,
    'the store was closed exit',
  ],
  [
    'and not where it need not wait',
    `store.rpush('k', 'a'); store.blocking.blpop('k', { keepAlive: true }).then(say);`,
    'a exit',
  ],
])('%s', async (_name, code, expected) => {
  expect(await printed(code)).toBe(expected);
});
