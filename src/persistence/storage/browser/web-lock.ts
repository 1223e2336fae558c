import { StorageLocked } from '../storage.ts';
import { BrowserStorageError, failure } from './failure.ts';
import { browserHost } from './host.ts';

/**
 * A page that is being left, reloaded or has crashed lets go of what it holds a moment after the next one has begun. That
 * moment is waited for; an owner that goes on living is not.
 */
const GRACE_MS = 1000;

/** What is held here: another tab or worker does not have it. */
const heldHere = new Set<string>();

/**
 * Takes a name for this page or worker alone, among all of its site. Who dies lets go, however that happens.
 *
 * @param name of the lock
 * @param place for people: what is locked
 * @returns what releases it
 * @throws StorageLocked if somebody else has it; BrowserStorageError (ENOTSUP) where there are no Web Locks
 */
export async function lockByName(name: string, place: string): Promise<() => Promise<void>> {
  const { navigator, AbortController } = browserHost();
  const locks = navigator?.locks;
  if (locks === undefined || AbortController === undefined) {
    throw new BrowserStorageError(
      'ENOTSUP',
      `${place} cannot be locked: there are no Web Locks here (pages have them over https and on localhost). ` +
        'With { lock: false } it is opened all the same; then two tabs must never open it at once',
    );
  }
  if (heldHere.has(name)) throw new StorageLocked(`${place} is open here already: close that store first`);
  heldHere.add(name);
  try {
    return await granted(locks, new AbortController(), name, place);
  } catch (error) {
    heldHere.delete(name);
    throw error;
  }
}

function granted(
  locks: NonNullable<NonNullable<ReturnType<typeof browserHost>['navigator']>['locks']>,
  patience: { readonly signal: unknown; abort(): void },
  name: string,
  place: string,
): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    let hasEnded = false;
    const timer = setTimeout(() => {
      hasEnded = true;
      patience.abort();
    }, GRACE_MS);
    const ended = locks.request(name, { signal: patience.signal }, () => {
      clearTimeout(timer);
      return new Promise<void>((letGo) => {
        let isHeld = true;
        resolve(async () => {
          if (!isHeld) return;
          isHeld = false;
          letGo();
          await ended;
          heldHere.delete(name);
        });
      });
    });
    ended.catch((error: unknown) => {
      clearTimeout(timer);
      reject(
        hasEnded
          ? new StorageLocked(
              `${place} is open in another tab, window or worker of this site: close it there, or use another name`,
            )
          : failure(`lock ${place}`, error),
      );
    });
  });
}
