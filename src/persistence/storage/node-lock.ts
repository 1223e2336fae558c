import { StorageLocked } from './storage.ts';

/** Within this process only, for now. */
const taken = new Set<string>();

export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  if (taken.has(folder)) throw new StorageLocked(`${folder} is used by another store of this process`);
  taken.add(folder);
  let isReleased = false;
  return async () => {
    if (!isReleased) taken.delete(folder);
    isReleased = true;
  };
}
