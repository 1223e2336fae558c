import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONFORMANCE } from '../persistence/storage/conformance.ts';
import type { Kind } from './pages/library.ts';
import { type Chromium, newProfile } from './support/chromium.ts';
import { prepare, type Realm, run } from './support/realm.ts';
import { type Site, serveSite } from './support/site.ts';

// What every storage must do, done by the storages of a browser in a real one.

const profile = newProfile();

describe.skipIf(profile === undefined)('in Chromium', () => {
  let browser: Chromium;
  let site: Site;
  let page: Page;

  beforeAll(async () => {
    site = await serveSite(resolve('test/browser/pages/library.ts'));
    browser = await profile!.start();
    page = await browser.context.newPage();
    await page.goto(site.url);
    await prepare(page);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
    profile?.remove();
  });

  describe.each<{ kind: Kind; realm: Realm; without?: string }>([
    { kind: 'opfs', realm: 'page' },
    { kind: 'opfs', realm: 'worker' },
    { kind: 'indexed-db', realm: 'page' },
    { kind: 'indexed-db', realm: 'worker' },
    { kind: 'opfs', realm: 'page', without: 'move' },
  ])('$kind in a $realm, without $without', ({ kind, realm, without = '' }) => {
    beforeAll(() =>
      run(
        page,
        realm,
        (_lodis, without) => {
          const scope = globalThis as unknown as { FileSystemFileHandle: { prototype: object } };
          Reflect.deleteProperty(scope.FileSystemFileHandle.prototype, without);
        },
        without,
      ),
    );

    for (const [index, { title }] of CONFORMANCE.entries()) {
      test(title, async () => {
        const place = `case-${realm}-${without}-${index}`;
        const wrong = await run(
          page,
          realm,
          async ({ CONFORMANCE, storageOf, errorOf }, [kind, index, place]) => {
            const error = await errorOf(CONFORMANCE[index]!.run(() => storageOf(kind, place)));
            return error?.stack;
          },
          [kind, index, place] as const,
        );
        expect(wrong).toBeUndefined();
      });
    }
  });
});
