import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'A cache';
export const about =
  'What was worked out once is remembered for a minute, or until somebody says that it is no longer true.';

export function play({ show }: Stage): void {
  const store = new Store();

  let lookups = 0;
  const slowPrice = (item: string): string => {
    lookups += 1; // a database, another service, a long sum
    return `${item.length}.50`;
  };

  const price = (item: string): string => {
    const known = store.get(`price:${item}`);
    if (known !== null) return known;
    const found = slowPrice(item);
    store.set(`price:${item}`, found, { ex: 60 });
    return found;
  };

  show(price('tea'));
  show(price('tea'));
  show(lookups); // the second was remembered
  show(store.ttl('price:tea')); // seconds left

  store.advance(60_000); // a minute later, and nobody slept
  show(store.exists('price:tea'));
  show(price('tea'));
  show(lookups);

  store.del('price:tea'); // the price has changed
  show(price('tea'));
  show(lookups);
}
