import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'A rate limit by the minute';
export const about =
  'A counter for each user that disappears a minute after its first request: three, and no more until then.';

export function play({ show }: Stage): void {
  const store = new Store();

  const allow = (user: string): boolean => {
    const used = store.incr(`requests:${user}`);
    if (used === 1) store.expire(`requests:${user}`, 60);
    return used <= 3;
  };

  show([1, 2, 3, 4].map(() => allow('ada')));
  show(allow('grace')); // counted apart
  show(store.ttl('requests:ada')); // seconds to go

  store.advance(60_000);
  show(allow('ada'));

  // Redis 8.8 has it in one command: count up to three, and set
  // the expiry if there is none. It answers [count, added].
  const limit = { ubound: 3, ex: 60, enx: true };
  for (let request = 1; request <= 4; request++) {
    show(store.increx('requests:alan', limit));
  }
}
