import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Kind } from './pages/library.ts';
import { type Chromium, newProfile } from './support/chromium.ts';
import { prepare, type Realm, run } from './support/realm.ts';
import { type Site, serveSite } from './support/site.ts';

// What storages do in a browser when tabs come and go, when something is missing, and when there is no room.

const profile = newProfile();
const KINDS: readonly Kind[] = ['opfs', 'indexed-db'];
const REALMS: readonly Realm[] = ['page', 'worker'];
const EVERYWHERE = KINDS.flatMap((kind) => REALMS.map((realm) => ({ kind, realm })));

describe.skipIf(profile === undefined)('storages of a browser', () => {
  let browser: Chromium;
  let site: Site;

  beforeAll(async () => {
    site = await serveSite(resolve('test/browser/pages/library.ts'));
    browser = await profile!.start();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
    profile?.remove();
  });

  async function newPage(path = '/'): Promise<Page> {
    const page = await browser.context.newPage();
    await page.goto(site.url + path);
    return prepare(page);
  }

  /** Locks the place, and adds a line to its file. @returns the lines, or why not */
  const addLine = (page: Page, realm: Realm, kind: Kind, name: string) =>
    run(
      page,
      realm,
      async ({ storageOf, bytesOf, textOf, errorOf, kept }, [kind, name]) => {
        const storage = storageOf(kind, name);
        let lines = '';
        const error = await errorOf(
          (async () => {
            Object.assign(kept, { release: await storage.lock() });
            const file = await storage.append('folder/lines');
            await file.append(bytesOf('line\n'));
            await file.sync();
            const stored = (await storage.open('folder/lines'))!;
            lines = textOf(await stored.read(0, stored.sizeBytes));
          })(),
        );
        return error === undefined ? lines : `${error.name}: ${error.message}`;
      },
      [kind, name] as const,
    );

  describe.each(EVERYWHERE)('$kind in a $realm', ({ kind, realm }) => {
    const refused =
      `StorageLocked: ${kind.replace('-', '')}:tabs-${realm} is open in another tab, window or worker of this site: ` +
      'close it there, or use another name';

    test('a second tab is refused, and has it once the first is closed', async () => {
      const [first, second] = [await newPage(), await newPage()];
      expect(await addLine(first, realm, kind, `tabs-${realm}`)).toBe('line\n');
      expect(await addLine(second, realm, kind, `tabs-${realm}`)).toBe(refused);
      await first.close();
      expect(await addLine(second, realm, kind, `tabs-${realm}`)).toBe('line\n'.repeat(2));
      await second.close();
    });

    test('a tab that crashes loses nothing, and lets go', async () => {
      const [first, second] = [await newPage(), await newPage()];
      expect(await addLine(first, realm, kind, `crash-${realm}`)).toBe('line\n');
      const crashed = first.waitForEvent('crash');
      const session = await browser.context.newCDPSession(first);
      session.send('Page.crash').catch(() => {});
      await crashed;
      expect(await addLine(second, realm, kind, `crash-${realm}`)).toBe('line\n'.repeat(2));
      await first.close();
      await second.close();
    });

    test('a page that is reloaded again and again finds its own', async () => {
      const page = await newPage();
      for (let count = 1; count <= 5; count++) {
        expect(await addLine(page, realm, kind, `reload-${realm}`)).toBe('line\n'.repeat(count));
        await page.reload();
        await prepare(page);
      }
      await page.close();
    });
  });
});
