import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'A leaderboard';
export const about =
  'A sorted set keeps its members in the order of their scores, and knows the rank of each without counting.';

export function play({ show }: Stage): void {
  const store = new Store();
  store.zadd('game', { ada: 310, alan: 275, edsger: 190, grace: 305 });
  store.zadd('game', { barbara: 240, donald: 260 });

  show(store.zincrby('game', 20, 'grace'));
  show(store.zrangeWithScores('game', 0, 2, { rev: true }));

  const rank = store.zrevrank('game', 'donald') ?? 0;
  show(rank + 1); // ranks begin at 0
  show(store.zrange('game', rank - 1, rank + 1, { rev: true }));

  show(store.zcount('game', 250, '+inf')); // 250 or more
  show(store.zscore('game', 'linus'));
}
