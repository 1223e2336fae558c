import type { Page } from 'playwright-core';

/** Where code runs: on a page, or in a worker of it. */
export type Realm = 'page' | 'worker';

/**
 * Runs a function there, which sees the page's library, its argument and nothing else. Both that and the result are copied.
 * Rejects with what it throws.
 */
export type Run<L> = <A, R>(
  page: Page,
  realm: Realm,
  run: (library: L, argument: A) => R | Promise<R>,
  argument: A,
) => Promise<R>;

interface Scope {
  readonly library: unknown;
  inWorker(code: string, argument: unknown): Promise<unknown>;
}

/** For pages with a library of this type. */
export const runner =
  <L>(): Run<L> =>
  (page, realm, run, argument) =>
    page.evaluate(
      async ({ realm, code, argument }) => {
        const scope = globalThis as unknown as Scope;
        if (realm === 'worker') return scope.inWorker(code, argument);
        return new Function(`return (${code})`)()(scope.library, argument);
      },
      { realm, code: String(run), argument },
    );
