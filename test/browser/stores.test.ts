import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Kind, Library } from './pages/stores.ts';
import { chromiumSite } from './support/chromium-site.ts';
import { type Realm, runner } from './support/realm.ts';

// A store that lives in a browser: what it finds when its page is reloaded, crashes, or all of the browser is killed.

const site = chromiumSite('stores');
const run = runner<Library>();
const KINDS: readonly Kind[] = ['opfs', 'indexed-db'];
const REALMS: readonly Realm[] = ['page', 'worker'];
const EVERYWHERE = KINDS.flatMap((kind) => REALMS.map((realm) => ({ kind, realm })));

/** Opens a new store, fills it, waits until that is on the disk, and does not close it. @returns what it holds */
const fill = (page: Page, realm: Realm, kind: Kind, name: string) =>
  run(
    page,
    realm,
    async ({ open, fill, contentOf }, [kind, name]) => {
      const store = await open(kind, name, { appendonly: true });
      await fill(store);
      return contentOf(store);
    },
    [kind, name] as const,
  );

/** Opens the store, adds a key to it, and does not close it. @returns what it held */
const find = (page: Page, realm: Realm, kind: Kind, name: string) =>
  run(
    page,
    realm,
    async ({ open, contentOf }, [kind, name]) => {
      const store = await open(kind, name, { appendonly: true });
      const content = contentOf(store);
      if (store.fcall('f', []) !== 'of a function') throw new Error('the function is not there');
      return content;
    },
    [kind, name] as const,
  );

describe.skipIf(site === undefined)('stores in a browser', () => {
  describe.each(EVERYWHERE)('$kind in a $realm', ({ kind, realm }) => {
    test('a reloaded page finds what was there, of every type', async () => {
      const page = await site!.open();
      const content = await fill(page, realm, kind, `reload-${realm}`);
      expect(Object.keys(content)).toHaveLength(15);
      await site!.reload(page);
      expect(await find(page, realm, kind, `reload-${realm}`)).toEqual(content);
      await page.close();
    });

    test('a second tab is refused; it opens the store once the first has closed it', async () => {
      const [first, second] = [await site!.open(), await site!.open()];
      const name = `tabs-${realm}`;
      const content = await fill(first, realm, kind, name);
      await expect(find(second, realm, kind, name)).rejects.toThrow(
        'is open in another tab, window or worker',
      );
      await run(first, realm, ({ current }) => current().close(), undefined);
      expect(await find(second, realm, kind, name)).toEqual(content);
      await first.close();
      await second.close();
    });

    test('an RDB file is saved, and loaded by the next', async () => {
      const page = await site!.open();
      const [before, after] = await run(
        page,
        realm,
        async ({ open, contentOf }, [kind, name]) => {
          const store = await open(kind, name, { save: false });
          store.rpush(
            'list',
            Array.from({ length: 1000 }, (_, i) => `item ${i}`),
          );
          store.set('lost', 'when it is not saved');
          const saving = store.save();
          // The state at the moment of the call is saved.
          store.del('list');
          await saving;
          store.set('lost', 'this is');
          await store.close();
          const again = await open(kind, name, { save: false });
          const outcome = [again.get('lost'), again.llen('list')];
          await again.close();
          return [outcome, contentOf(again)];
        },
        [kind, `rdb-${realm}`] as const,
      );
      expect(before).toEqual(['when it is not saved', 1000]);
      expect(Object.keys(after as object)).toEqual(['0 list', '0 lost', 'function']);
      await page.close();
    });

    test('the append-only file is rewritten, and goes on', async () => {
      const page = await site!.open();
      const found = await run(
        page,
        realm,
        async ({ open }, [kind, name]) => {
          const store = await open(kind, name, { appendonly: true });
          for (let i = 0; i < 100; i++) store.incr('n');
          await store.blocking.waitaof(1, 0, 0);
          const sizeBefore = store.persistence!.appendedBytes;
          if (store.bgrewriteaof() !== 'started') throw new Error('it was to be rewritten now');
          store.incr('n');
          // Closing waits for it.
          await store.close({ save: false });
          const again = await open(kind, name, { appendonly: true });
          return [again.get('n'), again.persistence!.appendedBytes < sizeBefore];
        },
        [kind, `rewrite-${realm}`] as const,
      );
      expect(found).toEqual(['101', true]);
      await page.close();
    });
  });

  test.each(EVERYWHERE)(
    'a page that crashes has lost nothing that was answered: $kind in a $realm',
    async ({ kind, realm }) => {
      const [page, next] = [await site!.open(), await site!.open()];
      const answered: string[] = [];
      const name = `crash-${realm}`;
      await run(
        page,
        realm,
        ({ open }, [kind, name]) => open(kind, name, { appendonly: true }).then(() => {}),
        [kind, name] as const,
      );
      // Writes one after the other, and tells of each once it is on the disk, until there is no page.
      const crashed = page.waitForEvent('crash');
      const session = await site!.browser.context.newCDPSession(page);
      for (let batch = 0; batch < 3; batch++) {
        const values = await run(
          page,
          realm,
          async ({ current }) => {
            const values: string[] = [];
            for (let i = 0; i < 20; i++) {
              values.push(String(current().incr('n')));
              await current().blocking.waitaof(1, 0, 0);
            }
            return values;
          },
          undefined,
        );
        answered.push(...values);
      }
      session.send('Page.crash').catch(() => {});
      await crashed;
      const found = await run(
        next,
        realm,
        async ({ open }, [kind, name]) => (await open(kind, name, { appendonly: true })).get('n'),
        [kind, name] as const,
      );
      expect(found).toBe(answered.at(-1));
      await page.close();
      await next.close();
    },
  );

  test('a client of the wire is answered once what it did is on the disk', async () => {
    const page = await site!.open();
    const name = 'wire';
    const reply = await run(
      page,
      'worker',
      async ({ open, connect }, name) => {
        const store = await open('opfs', name, { appendonly: true });
        return connect(store).call('SET', 'k', 'v');
      },
      name,
    );
    expect(reply).toBe('OK');
    await site!.reload(page);
    const found = await run(
      page,
      'worker',
      async ({ open }, name) => (await open('opfs', name, { appendonly: true })).get('k'),
      name,
    );
    expect(found).toBe('v');
    await page.close();
  });

  test('a browser that is killed has lost nothing that was answered', async () => {
    const page = await site!.open();
    const contents: unknown[] = [];
    for (const { kind, realm } of EVERYWHERE) contents.push(await fill(page, realm, kind, `kill-${realm}`));
    await site!.restart();
    const next = await site!.open();
    for (const [i, { kind, realm }] of EVERYWHERE.entries()) {
      expect(await find(next, realm, kind, `kill-${realm}`)).toEqual(contents[i]);
    }
    await next.close();
  });
});
