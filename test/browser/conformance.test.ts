import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { CONFORMANCE } from '../persistence/storage/conformance.ts';
import type { Kind, Library } from './pages/storages.ts';
import { chromiumSite } from './support/chromium-site.ts';
import { type Realm, runner } from './support/realm.ts';

// What every storage must do, done by the storages of a browser in a real one.

const site = chromiumSite('storages');
const run = runner<Library>();

const PLACES: readonly { kind: Kind; realm: Realm; without: string }[] = [
  { kind: 'opfs', realm: 'page', without: 'nothing' },
  { kind: 'opfs', realm: 'worker', without: 'nothing' },
  { kind: 'indexed-db', realm: 'page', without: 'nothing' },
  { kind: 'indexed-db', realm: 'worker', without: 'nothing' },
  // Renames are copies then. The last, as it stays missing.
  { kind: 'opfs', realm: 'page', without: 'move' },
];

describe.skipIf(site === undefined)('in Chromium', () => {
  let page: Page;
  beforeAll(async () => {
    page = await site!.open();
  });

  describe.each(PLACES)('$kind in a $realm, without $without', ({ kind, realm, without }) => {
    beforeAll(() =>
      run(
        page,
        realm,
        (_library, without) => {
          const scope = globalThis as unknown as { FileSystemFileHandle: { prototype: object } };
          Reflect.deleteProperty(scope.FileSystemFileHandle.prototype, without);
        },
        without,
      ),
    );

    for (const [index, { title }] of CONFORMANCE.entries()) {
      test(title, async () => {
        const wrong = await run(
          page,
          realm,
          async ({ CONFORMANCE, storageOf, errorOf }, [kind, index, place]) => {
            const error = await errorOf(CONFORMANCE[index]!.run(() => storageOf(kind, place)));
            return error?.stack;
          },
          [kind, index, `case-${realm}-${without}-${index}`] as const,
        );
        expect(wrong).toBeUndefined();
      });
    }
  });
});
