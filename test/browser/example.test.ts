import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Chromium, newProfile } from './support/chromium.ts';
import { type Site, serveSite } from './support/site.ts';

// examples/browser, as a visitor sees it.

const profile = newProfile();

describe.skipIf(profile === undefined)('the example', () => {
  let browser: Chromium;
  let site: Site;
  beforeAll(async () => {
    site = await serveSite(resolve('examples/browser/main.ts'));
    browser = await profile!.start();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
    profile?.remove();
  });

  test('remembers its items over reloads, and has one tab', async () => {
    const { context } = browser;
    const html = readFileSync('examples/browser/index.html', 'utf8');
    await context.route(/\/list$/, (route) => route.fulfill({ contentType: 'text/html', body: html }));
    const url = `http://127.0.0.1:${site.port}/list`;
    const page = await context.newPage();
    await page.goto(url);
    await page.getByText('Visit 1.').waitFor();
    for (const item of ['milk', 'brød']) {
      await page.getByRole('textbox').fill(item);
      await page.getByRole('button').click();
      await page.getByRole('listitem').filter({ hasText: item }).waitFor();
    }
    await page.reload();
    await page.getByText('Visit 2.').waitFor();
    expect(await page.getByRole('listitem').allTextContents()).toEqual(['milk', 'brød']);

    const second = await context.newPage();
    await second.goto(url);
    await second.getByText('opfs:example is open in another tab').waitFor();
    await page.close();
    await second.reload();
    await second.getByText('Visit 3.').waitFor();
    expect(await second.getByRole('listitem').allTextContents()).toEqual(['milk', 'brød']);
  });
});
