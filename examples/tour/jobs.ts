import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'A queue of jobs';
export const about =
  'LMOVE takes a job from one list and puts it on another in one step, so a worker that crashes loses nothing.';

export function play({ show }: Stage): void {
  const store = new Store();
  store.rpush('jobs', ['mail ada', 'mail grace', 'mail alan']);

  const take = (): string | null =>
    store.lmove('jobs', 'processing', 'left', 'right');
  const done = (job: string): number => store.lrem('processing', 1, job);

  const first = take();
  show(first);
  if (first !== null) done(first);

  show(take()); // ... and here the worker crashes

  show(store.lrange('jobs', 0, -1));
  show(store.lrange('processing', 0, -1));

  // At the next start, what was in process goes back to the front.
  while (store.lmove('processing', 'jobs', 'right', 'left') !== null);
  show(store.lrange('jobs', 0, -1));
}
