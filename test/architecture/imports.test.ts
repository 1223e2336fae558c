import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const DEPCRUISE = [
  'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
  '--config',
  '.dependency-cruiser.cjs',
];

test('imports go in the directions that docs/design.md gives', async () => {
  const { stdout } = await run(process.execPath, [...DEPCRUISE, '--output-type', 'err', 'src']);
  expect(stdout).toContain('no dependency violations found');
});

test('and the check would notice if they did not', async () => {
  // The tests may import the wire as they like; by the rules of src they must not.
  const graph = await run(process.execPath, [...DEPCRUISE, '--output-type', 'json', 'src'], {
    maxBuffer: 2 ** 27,
  });
  const { modules } = JSON.parse(graph.stdout) as {
    modules: { source: string; dependencies: { resolved: string }[] }[];
  };
  const sources = modules.map(({ source }) => source);
  expect(sources).toContain('src/store.ts');
  expect(sources).toContain('src/session/session.ts');
  const reached = reachableFrom('src/store.ts', modules);
  expect([...reached].filter((path) => /^src\/(wire|session)\/|-commands\.ts$/.test(path))).toEqual([]);
});

/** What a program ships that imports this file, types aside. */
function reachableFrom(
  start: string,
  modules: { source: string; dependencies: { resolved: string; dependencyTypes?: string[] }[] }[],
): Set<string> {
  const bySource = new Map(modules.map((module) => [module.source, module]));
  const reached = new Set<string>();
  const open = [start];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    for (const dependency of bySource.get(path)?.dependencies ?? []) {
      if (dependency.dependencyTypes?.includes('type-only') !== true) open.push(dependency.resolved);
    }
  }
  return reached;
}
