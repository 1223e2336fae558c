import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';

// The form of the code itself: what the core may not contain, whoever writes it.

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path: join('src', path), text: readFileSync(join('src', path), 'utf8') }));

/** Comments may speak of what the code must not do. */
const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');

test('nothing that some host lacks or forbids', () => {
  const forbidden =
    /\bBuffer\b|\beval\(|new Function\b|\bWebAssembly\b|\bprocess\.|\brequire\(|from 'node:|\b__dirname\b/;
  for (const { path, text } of sources) {
    if (/^src\/(persistence\/(?!rdb\/)|clients\/)/.test(path)) continue;
    // A method may be named as Redis's command is.
    const code = withoutComments(text).replace(/^ {2}eval\(script: /gm, '');
    expect(code.match(forbidden)?.[0], path).toBeUndefined();
  }
});

test('files stay small', () => {
  for (const { path, text } of sources) {
    // Tables may be longer than what has to be understood.
    const isTable = path.endsWith('-commands.ts') || path === 'src/errors.ts';
    // The run loop has to be one function: decision 11 says why.
    const limit = path === 'src/scripting/lua/machine/execute.ts' ? 900 : isTable ? 800 : 500;
    expect(text.split('\n').length, path).toBeLessThanOrEqual(limit);
  }
});

test('importing it and making a store starts nothing', async () => {
  const timers = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'] as const;
  const askedTheTime = vi.spyOn(Date, 'now');
  const spies = [
    ...timers.map((name) => vi.spyOn(globalThis, name)),
    vi.spyOn(Math, 'random'),
    vi.spyOn(globalThis.crypto, 'getRandomValues'),
  ];
  vi.resetModules();
  const { Store, connect } = await import('../../src/index.ts');
  for (const spy of [...spies, askedTheTime]) spy.mockClear();
  const store = new Store();
  store.set('k', 'v');
  store.get('k');
  expect(askedTheTime).not.toHaveBeenCalled();
  // A connection knows since when it exists.
  connect(store);
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});
