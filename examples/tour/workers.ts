import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'Workers that wait';
export const about =
  'BLPOP promises the next job. Who has waited longest is served first; who has waited long enough gets nothing.';

export async function play({ show }: Stage): Promise<void> {
  const store = new Store();
  const wait = { timeout: 30 }; // seconds
  const ada = store.blocking.blpop(['urgent', 'mail'], wait);
  const bob = store.blocking.blpop(['urgent', 'mail'], wait);

  store.rpush('mail', 'newsletter');
  show(await ada);

  store.rpush('urgent', 'invoice');
  show(await bob);

  const late = store.blocking.blpop('mail', wait);
  store.advance(30_000); // half a minute, and nobody slept
  show(await late);

  const closing = new AbortController();
  const idle = store.blocking.blpop('mail', { signal: closing.signal });
  closing.abort('we are closing');
  show(await idle.catch((reason) => reason));
}
