import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

// Every ```ts snippet of the README and of docs/ is run. In it
//
//     store.get('k'); // → 'v'         must be equal to the value behind the arrow
//     store.incr('k'); // throws ERR …  must throw an error with this text
//
// Snippets of one file share nothing, nor do their folders: './data' is one of the snippet's own. Blocks marked otherwise
// (text, sh, js) are not run.

const FOLDER = resolve('node_modules/.cache/lodis-snippets');
/** What a snippet imports, and where that is. */
const MODULES: Readonly<Record<string, string>> = {
  lodis: resolve('src/index.ts'),
  'lodis/ioredis': resolve('src/clients/ioredis.ts'),
  'lodis/node-redis': resolve('src/clients/node-redis.ts'),
  'lodis/browser': resolve('src/persistence/browser.ts'),
  'lodis/node': resolve('src/persistence/node.ts'),
  'lodis/persistence': resolve('src/persistence/index.ts'),
  'lodis/scripting': resolve('src/scripting/index.ts'),
};
const pages = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((path) => join('docs', path)),
];

interface Snippet {
  readonly line: number;
  readonly code: string;
}

function snippetsOf(page: string): Snippet[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length + 1,
    code: match[1]!,
  }));
}

/** Arrows become checks. An expression may stand over several lines, up to the one with the arrow. */
function program(code: string, folder = ''): string {
  return code
    .replace(
      /nodeFiles\('\.\/(\w+)'\)/g,
      (_all, name: string) => `nodeFiles(${JSON.stringify(join(folder, name))})`,
    )
    .replace(/from '([^']+)'/g, (_all, name: string) => `from ${JSON.stringify(MODULES[name] ?? name)}`)
    .replace(/^(?!import|const|let|\s|\}|\/\/)(.*?);[ ]*\/\/ → (.*)$/gm, 'expect($1).toEqual($2);')
    .replace(/^const (\w+) = (.*?);[ ]*\/\/ → (.*)$/gm, 'const $1 = $2; expect($1).toEqual($3);')
    .replace(/^(?!import|const|let|\s|\}|\/\/)(.*?);[ ]*\/\/ throws (.*)$/gm, (_all, expression, message) => {
      return `expect(() => ${expression}).toThrow(${JSON.stringify(message)});`;
    });
}

mkdirSync(FOLDER, { recursive: true });
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

for (const page of pages.filter((path) => path.endsWith('.md'))) {
  const snippets = snippetsOf(page);
  if (snippets.length === 0) continue;
  describe(page, () => {
    for (const { line, code } of snippets) {
      test(`line ${line}`, async () => {
        const own = join(FOLDER, `${page.replaceAll(/\W/g, '-')}-${line}`);
        const file = `${own}.ts`;
        writeFileSync(file, `import { expect } from 'vitest';\n${program(code, own)}\nexport {};\n`);
        const checks = program(code).split('expect(').length - 1;
        const arrows = code.split(/\/\/ (?:→|throws) /).length - 1;
        expect(checks, 'every arrow is checked').toBe(arrows);
        await import(/* @vite-ignore */ file);
      });
    }
  });
}

test('the README has a snippet', () => {
  expect(snippetsOf('README.md').length).toBeGreaterThan(0);
});
