import { describe } from '../bytes/byte-string.ts';
import type { Store } from '../store.ts';

/**
 * For callers without types, who may think of an address (`'redis://…'`).
 *
 * @throws TypeError if this is no store
 */
export function requireStore(store: Store): void {
  // Not `instanceof`: this may be the CommonJS copy of the library, and the store one of the other copy.
  if (typeof (store as Store | undefined | null)?.keyspace === 'object') return;
  throw new TypeError(`expected a Store, got ${describe(store)}`);
}
