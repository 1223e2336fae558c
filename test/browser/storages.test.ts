import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Kind, Library } from './pages/storages.ts';
import { chromiumSite } from './support/chromium-site.ts';
import { type Realm, runner } from './support/realm.ts';

// What storages do in a browser when tabs come and go, when something is missing, and when there is no room.

const site = chromiumSite('storages');
const run = runner<Library>();
const KINDS: readonly Kind[] = ['opfs', 'indexed-db'];
const REALMS: readonly Realm[] = ['page', 'worker'];
const EVERYWHERE = KINDS.flatMap((kind) => REALMS.map((realm) => ({ kind, realm })));

/** Locks the place, and adds a line to its file. @returns the lines, or why not */
const addLine = (page: Page, realm: Realm, kind: Kind, name: string) =>
  run(
    page,
    realm,
    async ({ storageOf, bytesOf, contentOf, errorOf, kept }, [kind, name]) => {
      const storage = storageOf(kind, name);
      let lines: string | undefined;
      const error = await errorOf(
        (async () => {
          kept.release = await storage.lock();
          kept.file = await storage.append('folder/lines');
          await kept.file.append(bytesOf('line\n'));
          await kept.file.sync();
          lines = await contentOf(storage, 'folder/lines');
        })(),
      );
      return error === undefined ? lines : `${error.name}: ${error.message}`;
    },
    [kind, name] as const,
  );

/** What only a browser has. */
interface BrowserScope {
  readonly navigator: object;
}

describe.skipIf(site === undefined)('storages of a browser', () => {
  describe.each(EVERYWHERE)('$kind in a $realm', ({ kind, realm }) => {
    test('a second tab is refused, and has it once the first is closed', async () => {
      const [first, second] = [await site!.open(), await site!.open()];
      const name = `tabs-${realm}`;
      expect(await addLine(first, realm, kind, name)).toBe('line\n');
      expect(await addLine(second, realm, kind, name)).toBe(
        `StorageLocked: ${kind.replace('-', '')}:${name} is open in another tab, window or worker of this site: close it there, or use another name`,
      );
      await first.close();
      expect(await addLine(second, realm, kind, name)).toBe('line\n'.repeat(2));
      await second.close();
    });

    test('a tab that crashes loses nothing, and lets go', async () => {
      const [first, second] = [await site!.open(), await site!.open()];
      expect(await addLine(first, realm, kind, `crash-${realm}`)).toBe('line\n');
      const crashed = first.waitForEvent('crash');
      const session = await site!.browser.context.newCDPSession(first);
      session.send('Page.crash').catch(() => {});
      await crashed;
      expect(await addLine(second, realm, kind, `crash-${realm}`)).toBe('line\n'.repeat(2));
      await first.close();
      await second.close();
    });

    test('a page that is reloaded again and again finds its own', async () => {
      const page = await site!.open();
      for (let count = 1; count <= 5; count++) {
        expect(await addLine(page, realm, kind, `reload-${realm}`)).toBe('line\n'.repeat(count));
        await site!.reload(page);
      }
      await page.close();
    });

    test('when there is no room, what was appended is cut off again, and goes in when there is', async () => {
      // A site of its own, with room of its own.
      const page = await site!.open('/', `${kind}-${realm}.localhost`);
      const session = await site!.browser.context.newCDPSession(page);
      const limit = (quotaSize?: number) =>
        session.send('Storage.overrideQuotaForOrigin', {
          origin: new URL(page.url()).origin,
          ...(quotaSize !== undefined && { quotaSize }),
        });
      const append = () =>
        run(
          page,
          realm,
          async ({ errorOf, kept: { file } }) => {
            const { sizeBytes } = file;
            // Bytes that cannot be compressed: where they are, they count as what they take.
            const bytes = new Uint8Array(40 * 2 ** 20);
            for (let at = 0; at < bytes.length; at += 2 ** 16)
              crypto.getRandomValues(bytes.subarray(at, at + 2 ** 16));
            const error = await errorOf(file.append(bytes));
            if (error !== undefined) await file.truncate(sizeBytes);
            return { code: error?.code, lines: file.sizeBytes };
          },
          undefined,
        );
      await limit(10 * 2 ** 20);
      expect(await addLine(page, realm, kind, `full-${realm}`)).toBe('line\n');
      expect(await append()).toEqual({ code: 'ENOSPC', lines: 5 });
      await limit();
      expect(await append()).toEqual({ code: undefined, lines: 5 + 40 * 2 ** 20 });
      await page.close();
    });
  });

  test('two stores of one page are told that it is open here', async () => {
    const page = await site!.open();
    await addLine(page, 'page', 'opfs', 'here');
    expect(await addLine(page, 'page', 'opfs', 'here')).toBe(
      'StorageLocked: opfs:here is open here already: close that store first',
    );
    await page.close();
  });

  test('a page that may start no worker is told what to do, and IndexedDB works there', async () => {
    const page = await site!.open('/strict');
    // Evaluated as the page's own: its policy forbids to evaluate texts.
    const outcome = await page.evaluate(async () => {
      const { library } = globalThis as unknown as { library: Library };
      const { storageOf, errorOf, bytesOf, contentOf } = library;
      const error = await errorOf(storageOf('opfs', 'strict').append('file'));
      const other = storageOf('indexed-db', 'strict');
      await (await other.append('file')).append(bytesOf('content'));
      return [error?.code, error?.message, await contentOf(other, 'file')];
    });
    expect(outcome).toEqual([
      'EACCES',
      'opfsFiles could not start the worker that writes files. If the page has a Content-Security-Policy, its worker-src ' +
        'must allow blob:. Otherwise open the store in a worker of yours, which needs no other, or use indexedDbFiles',
      'content',
    ]);
    await page.close();
  });

  test.each(KINDS)('without Web Locks %s is refused, unless one says so', async (kind) => {
    const page = await site!.open();
    const outcome = await run(
      page,
      'page',
      async ({ storageOf, errorOf }, kind) => {
        const { navigator } = globalThis as unknown as BrowserScope;
        Object.defineProperty(navigator, 'locks', { value: undefined });
        const refused = await errorOf(storageOf(kind, 'lockless').lock());
        const release = await storageOf(kind, 'lockless', false).lock();
        await release();
        return [refused?.code, refused?.message];
      },
      kind,
    );
    expect(outcome).toEqual([
      'ENOTSUP',
      `${kind.replace('-', '')}:lockless cannot be locked: there are no Web Locks here (pages have them over https and on ` +
        'localhost). With { lock: false } it is opened all the same; then two tabs must never open it at once',
    ]);
    await page.close();
  });

  test('where there is no file system, nor a database, that is said', async () => {
    const page = await site!.open();
    const outcome = await run(
      page,
      'page',
      async ({ storageOf, errorOf }) => {
        const { navigator } = globalThis as unknown as BrowserScope;
        Object.defineProperty(navigator, 'storage', { value: {} });
        Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
        const errors = [
          await errorOf(storageOf('opfs', 'x').list()),
          await errorOf(storageOf('indexed-db', 'x').list()),
        ];
        return errors.map((error) => `${error?.code} ${error?.message}`);
      },
      undefined,
    );
    expect(outcome).toEqual([
      'ENOTSUP there is no origin private file system here (pages have it over https and on localhost): try indexedDbFiles',
      'ENOTSUP there is no IndexedDB here',
    ]);
    await page.close();
  });

  describe('a database of IndexedDB', () => {
    interface Host {
      indexedDB: {
        open(name: string, version: number): DbRequest;
        deleteDatabase(name: string): DbRequest;
      };
    }
    interface DbRequest {
      onsuccess: () => void;
      onerror: () => void;
      result: { close(): void };
    }

    test('that is deleted while it is open is let go, and nothing is written into a new one', async () => {
      const page = await site!.open();
      await addLine(page, 'page', 'indexed-db', 'deleted');
      const outcome = await run(
        page,
        'page',
        async ({ kept: { file }, bytesOf, errorOf, storageOf }) => {
          const { indexedDB } = globalThis as unknown as Host;
          await new Promise<void>((resolve, reject) => {
            const request = indexedDB.deleteDatabase('lodis:deleted');
            request.onsuccess = resolve;
            request.onerror = reject;
          });
          const error = await errorOf(file.append(bytesOf('more')));
          return [error?.code, error?.message, await storageOf('indexed-db', 'deleted').list()];
        },
        undefined,
      );
      expect(outcome).toEqual(['ENOENT', 'there is no folder/lines in the storage (any longer)', []]);
      await page.close();
    });

    test('of a newer version is refused', async () => {
      const page = await site!.open();
      const message = await run(
        page,
        'page',
        async ({ errorOf, storageOf }) => {
          const { indexedDB } = globalThis as unknown as Host;
          await new Promise<void>((resolve, reject) => {
            const request = indexedDB.open('lodis:newer', 99);
            request.onsuccess = () => {
              request.result.close();
              resolve();
            };
            request.onerror = reject;
          });
          return (await errorOf(storageOf('indexed-db', 'newer').list()))?.message;
        },
        undefined,
      );
      expect(message).toBe('the database lodis:newer was written by a newer lodis');
      await page.close();
    });
  });
});
