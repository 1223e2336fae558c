import { StorageFailure } from './failures.ts';

/** The folder where a storage keeps who uses it. No file of a store may be there. */
export const LOCK_FOLDER = 'lodis.lock';

/** What no name of a file or folder may hold on one system or another: separators, zero, what Windows reserves. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: names with control characters are what is refused.
const FORBIDDEN = /[\\/:\u0000-\u001f]/;

/**
 * A name of a file of a storage: the file's own, or a folder and the file's own.
 *
 * @throws StorageFailure EINVAL if it leads elsewhere: out of the storage, into a folder of a folder, nowhere
 */
export function splitName(name: string): { readonly folder: string; readonly file: string } {
  const slash = name.indexOf('/');
  const folder = slash < 0 ? '' : name.slice(0, slash);
  const file = name.slice(slash + 1);
  if ((slash >= 0 && !isPlain(folder)) || !isPlain(file) || (folder || file) === LOCK_FOLDER)
    throw new StorageFailure('EINVAL', 'name', name);
  return { folder, file };
}

function isPlain(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..' && !FORBIDDEN.test(part);
}
