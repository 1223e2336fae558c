import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'The last hundred things that happened';
export const about =
  'The newest goes to the front of a list, and whatever lies behind the hundredth is cut off.';

export function play({ show }: Stage): void {
  const store = new Store();

  const happened = (what: string): void => {
    store.lpush('activity', what);
    store.ltrim('activity', 0, 99);
  };

  for (let order = 1; order <= 250; order++) happened(`order ${order}`);

  show(store.llen('activity'));
  show(store.lrange('activity', 0, 2)); // the newest
  show(store.lindex('activity', -1)); // the oldest
}
