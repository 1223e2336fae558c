import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'A log that many read';
export const about =
  'A stream keeps what was added to it. A group shares the entries; what one took and did not acknowledge, another can claim.';

export function play({ show }: Stage): void {
  const store = new Store();
  for (const order of ['tea', 'coffee', 'cake'])
    store.xadd('orders', { order });
  show(store.xrange('orders', '-', '+').map(({ fields }) => fields));

  // All of it, from the beginning, shared by those in the kitchen.
  store.xgroupCreate('orders', 'kitchen', '0');
  const take = (cook: string) =>
    store.xreadgroup('kitchen', cook, 'orders', { count: 1 })[0]!.entries[0]!;

  const first = take('ada');
  show(first.fields);
  show(take('bob').fields);
  show(store.xack('orders', 'kitchen', first.id)); // it is done

  store.advance(60_000); // ... and bob has not been seen since
  show(store.xpending('orders', 'kitchen').consumers);
  const late = store.xautoclaim('orders', 'kitchen', 'ada', 30_000, '0');
  show(late.entries.map(({ fields }) => fields));

  // Who only reads the log need not be in any group, and takes nothing away.
  const [read] = store.xread({ orders: '0' });
  show(read!.entries.length);
}
