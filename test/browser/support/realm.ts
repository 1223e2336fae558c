import type { Page } from 'playwright-core';
import type { Library } from '../pages/library.ts';

/** Where code runs: on a page, or in a worker of it. */
export type Realm = 'page' | 'worker';

/** Gives a page that was opened or reloaded the library. */
export async function prepare(page: Page): Promise<Page> {
  await page.addScriptTag({ url: '/library.js', type: 'module' });
  return page;
}

/**
 * Runs a function there, which sees the library, its argument and nothing else. Both it and the result are copied. Rejects
 * with what it throws.
 */
export function run<A, R>(
  page: Page,
  realm: Realm,
  run: (lodis: Library, argument: A) => R | Promise<R>,
  argument: A,
): Promise<R> {
  return page.evaluate(
    async ({ realm, code, argument }) => {
      const scope = globalThis as unknown as {
        lodis: Library;
        inWorker(code: string, argument: unknown): Promise<unknown>;
      };
      if (realm === 'worker') return scope.inWorker(code, argument);
      return new Function(`return (${code})`)()(scope.lodis, argument);
    },
    { realm, code: String(run), argument },
  ) as Promise<R>;
}
