import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'A lock';
export const about =
  'One holder at a time, found out in one step. It ends by itself if its holder dies, and only its holder can let go.';

export function play({ show }: Stage): void {
  const store = new Store();

  const acquire = (owner: string): boolean =>
    store.set('lock:report', owner, { nx: true, px: 10_000 }) === 'OK';
  // Deletes the key if this is what it holds (Redis 8.4).
  const release = (owner: string): boolean =>
    store.delex('lock:report', { ifeq: owner }) === 1;

  show(acquire('worker 1'));
  show(acquire('worker 2')); // it is taken
  show(release('worker 2')); // by somebody else
  show(release('worker 1'));
  show(acquire('worker 2'));

  store.advance(11_000); // worker 2 never came back
  show(acquire('worker 3'));
  show(store.get('lock:report'));
}
