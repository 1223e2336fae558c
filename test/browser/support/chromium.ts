import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const SKIPPED = 'TESTS IN A BROWSER SKIPPED: no Chromium on the PATH';

/** A Chromium that is ours: with a profile of its own, which outlives it. */
export interface Chromium {
  readonly context: BrowserContext;
  /** Ends it as a power cut would, every process of it; resolves when it is gone. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** The profile of a Chromium: what its sites have stored. */
export interface Profile {
  start(): Promise<Chromium>;
  remove(): void;
}

/**
 * A new profile for the Chromium on the PATH; `undefined`, with a warning, where there is none. In CI that is an error, so that
 * these tests never pass by not running.
 */
export function newProfile(): Profile | undefined {
  const program = programOf();
  if (program === undefined) {
    const ci = process.env['CI'];
    if (ci !== undefined && ci !== '' && ci !== 'false') throw new Error(SKIPPED);
    console.warn(`\n${'!'.repeat(SKIPPED.length)}\n${SKIPPED}\n${'!'.repeat(SKIPPED.length)}\n`);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'lodis-chromium-'));
  return {
    start: () => start(program, folder),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function programOf(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function start(executablePath: string, folder: string): Promise<Chromium> {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath,
    headless: true,
    // Its sandbox does not work for root.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  return {
    context,
    kill: () => kill(context),
    close: () => context.close(),
  };
}

async function kill(context: BrowserContext): Promise<void> {
  const session = await context.browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const browser = processInfo.find(({ type }) => type === 'browser')!;
  const gone = new Promise<void>((resolve) => context.once('close', () => resolve()));
  process.kill(browser.id, 'SIGKILL');
  await gone;
}
