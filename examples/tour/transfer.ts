import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'A transfer that is undone';
export const about =
  'All or nothing: where something goes wrong half way, everything is as it was before. And nobody has seen the half.';

export function play({ show }: Stage): void {
  const store = new Store();
  store.mset({ 'balance:ada': '5', 'balance:bob': '0' });

  const pay = (from: string, to: string, amount: number): number =>
    store.transaction((tx) => {
      tx.rpush('payments', `${from} ${to} ${amount}`);
      const left = tx.decrby(`balance:${from}`, amount);
      if (left < 0) throw new Error(`${from} is short of ${-left}`);
      return tx.incrby(`balance:${to}`, amount);
    });

  show(pay('ada', 'bob', 3));

  try {
    pay('ada', 'bob', 3);
  } catch (error) {
    show((error as Error).message);
  }
  show(store.mget(['balance:ada', 'balance:bob']));
  show(store.lrange('payments', 0, -1));
}
