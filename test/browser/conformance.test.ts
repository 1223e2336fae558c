import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONFORMANCE } from '../persistence/storage/conformance.ts';
import type { Kind, Realm } from './pages/conformance.ts';
import { type Chromium, newProfile } from './support/chromium.ts';
import { type Site, serveSite } from './support/site.ts';

// What every storage must do, done by the storages of a browser in a real one.

const profile = newProfile();

describe.skipIf(profile === undefined)('in Chromium', () => {
  let browser: Chromium;
  let site: Site;
  let page: Page;

  beforeAll(async () => {
    site = await serveSite(resolve('test/browser/pages/conformance.ts'));
    browser = await profile!.start();
    page = await browser.context.newPage();
    await page.goto(site.url);
    await page.addScriptTag({ url: '/conformance.js', type: 'module' });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
    profile?.remove();
  });

  describe.each<{ kind: Kind; realm: Realm }>([
    { kind: 'opfs', realm: 'page' },
    { kind: 'opfs', realm: 'worker' },
    { kind: 'indexed-db', realm: 'page' },
    { kind: 'indexed-db', realm: 'worker' },
  ])('$kind in a $realm', ({ kind, realm }) => {
    for (const [index, { title }] of CONFORMANCE.entries()) {
      test(title, async () => {
        const wrong = await page.evaluate(
          ([kind, realm, index]) => {
            const scope = globalThis as unknown as Record<'runCase', (...what: unknown[]) => unknown>;
            return scope.runCase(realm, kind, index, `case-${realm}-${index}`);
          },
          [kind, realm, index] as const,
        );
        expect(wrong).toBeUndefined();
      });
    }
  });
});
