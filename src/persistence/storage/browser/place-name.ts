import { describe } from '../../../bytes/byte-string.ts';
import { requireOptions } from '../../../keyspace/arguments.ts';

/** What opens a place although nothing can guard it. */
export interface BrowserPlaceOptions {
  /**
   * Whether the place is locked for this tab or worker with the Web Locks of the browser. Without them (pages that are neither
   * https nor localhost have none) opening fails, unless this is `false`: then see to it yourself that nobody else opens it.
   * Default: true.
   */
  readonly lock?: boolean;
}

const OPTIONS: ReadonlySet<string> = new Set(['lock'] satisfies (keyof BrowserPlaceOptions)[]);

/** @throws TypeError if it cannot name a folder, or an option is not known */
export function requirePlace(name: string, options: BrowserPlaceOptions): void {
  if (typeof name !== 'string' || name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) {
    throw new TypeError(
      `expected a name without slashes, got ${typeof name === 'string' ? JSON.stringify(name) : describe(name)}`,
    );
  }
  requireOptions(options, OPTIONS);
  const { lock } = options;
  if (lock !== undefined && typeof lock !== 'boolean') {
    throw new TypeError(`lock must be true or false, got ${describe(lock)}`);
  }
}
