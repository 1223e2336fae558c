import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { type Chromium, newProfile } from './chromium.ts';
import { type Site, serveSite } from './site.ts';

/** A Chromium with a site whose pages have a library, for the tests of a file. */
export interface ChromiumSite {
  readonly browser: Chromium;
  /** A new tab with a path of the site, or of another one, that the same server serves: `*.localhost`. */
  open(path?: string, host?: string): Promise<Page>;
  /** Loads the page anew. */
  reload(page: Page): Promise<void>;
  /** Ends the browser as a power cut would, and starts another one with the same profile. */
  restart(): Promise<void>;
}

/**
 * Starts them before the tests and ends them afterwards; `undefined`, loudly, where there is no Chromium.
 *
 * @param library the file in test/browser/pages
 */
export function chromiumSite(library: string): ChromiumSite | undefined {
  const profile = newProfile();
  if (profile === undefined) return undefined;
  let browser: Chromium;
  let site: Site;
  beforeAll(async () => {
    [site, browser] = await Promise.all([
      serveSite(resolve(`test/browser/pages/${library}.ts`)),
      profile.start(),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
    profile.remove();
  });
  const prepare = (page: Page) => page.addScriptTag({ url: `/${library}.js`, type: 'module' });
  return {
    get browser() {
      return browser;
    },
    async open(path = '/', host = '127.0.0.1') {
      const page = await browser.context.newPage();
      await page.goto(`http://${host}:${site.port}${path}`);
      await prepare(page);
      return page;
    },
    async reload(page) {
      await page.reload();
      await prepare(page);
    },
    async restart() {
      await browser.kill();
      browser = await profile.start();
    },
  };
}
