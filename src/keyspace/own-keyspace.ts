import { describe } from '../bytes/byte-string.ts';
import { Keyspace } from './keyspace.ts';

/**
 * A program that imports one entry of this package and requires another has two copies of it, whose containers are not
 * of the same classes: one would take the other's values for some of another type. So the entries refuse each other's stores.
 *
 * @throws TypeError if the keyspace was not made by this copy
 */
export function requireOwnKeyspace(keyspace: unknown): void {
  if (keyspace instanceof Keyspace) return;
  const isStranger =
    (keyspace as { constructor?: { name?: string } } | undefined)?.constructor?.name === 'Keyspace';
  throw new TypeError(
    isStranger
      ? 'this store is of another copy of lodis: either import all of its entries, or require all of them'
      : `expected a Store, got ${describe(keyspace)}`,
  );
}
