import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'A rate limit over the last minute';
export const about =
  'A sorted set of requests, scored by their time. Those older than a minute are dropped, the rest are counted.';

export function play({ show }: Stage): void {
  const store = new Store();

  const nowMs = (): number => {
    const [seconds, microseconds] = store.time();
    return seconds * 1000 + Math.floor(microseconds / 1000);
  };

  const allow = (user: string): boolean => {
    const key = `requests:${user}`;
    const now = nowMs();
    store.zremrangebyscore(key, 0, now - 60_000);
    if (store.zcard(key) >= 3) return false;
    store.zadd(key, { [`request ${store.incr('requests')}`]: now });
    store.pexpire(key, 60_000); // idle users cost nothing
    return true;
  };

  show(allow('ada')); // at 0 seconds
  store.advance(20_000);
  show(allow('ada')); // at 20
  store.advance(20_000);
  show(allow('ada')); // at 40
  store.advance(15_000);
  show(allow('ada')); // at 55: that was three
  store.advance(10_000);
  show(allow('ada')); // at 65: the first is past
  show(store.zrange('requests:ada', 0, -1));
}
