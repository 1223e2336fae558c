import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'Sessions';
export const about =
  'A hash for each visitor. Every visit puts its end off by half an hour; without one it is gone.';

export function play({ show }: Stage): void {
  const store = new Store();
  const lifetimeSeconds = 30 * 60;

  const signIn = (id: string, user: string): void => {
    store.hset(`session:${id}`, { user, visits: '1' });
    store.expire(`session:${id}`, lifetimeSeconds);
  };

  const visit = (id: string): Record<string, string> | null => {
    // Nothing to put off: the session has ended.
    if (store.expire(`session:${id}`, lifetimeSeconds) === 0) return null;
    store.hincrby(`session:${id}`, 'visits', 1);
    return store.hgetall(`session:${id}`);
  };

  signIn('7f3a', 'ada');
  store.hset('session:7f3a', { theme: 'dark' });

  store.advance(20 * 60_000); // twenty minutes later
  show(visit('7f3a'));
  show(store.ttl('session:7f3a'));

  store.advance(20 * 60_000); // forty minutes after signing in
  show(store.hget('session:7f3a', 'user'));

  store.advance(20 * 60_000); // forty minutes after the visit
  show(visit('7f3a'));
}
