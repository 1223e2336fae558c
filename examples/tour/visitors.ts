import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'Visitors, counted exactly and nearly';
export const about =
  'A bitmap has a bit for each user: exact, and days can be combined. A HyperLogLog estimates in 12 KB at most.';

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** The users who came on a day, by their numbers. Some come often, most now and then; in a given week always the same. */
function visitorsOn(day: number): number[] {
  const users = Array.from({ length: 50_000 }, (_, user) => user);
  const chance = (seed: number) =>
    (Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) >>> 8) / 2 ** 24;
  return users.filter((user) => {
    const habit = chance(user * 31 + 11) ** 3;
    return chance(user * 613 + day * 7919) < habit * (day < 5 ? 1 : 0.6);
  });
}

export function play({ show, board }: Stage): void {
  const store = new Store();
  for (const [number, day] of days.entries()) {
    for (const user of visitorsOn(number)) {
      store.setbit(`here:${day}`, user, 1);
      store.pfadd(`about:${day}`, `user ${user}`);
    }
  }
  const here = days.map((day) => `here:${day}`);
  const about = days.map((day) => `about:${day}`);

  const counts = days.map((day) => store.bitcount(`here:${day}`));
  board(days.map((member, at) => ({ member, score: counts[at]! })));
  show(store.pfcount('about:mon')); // estimated
  show(store.getbit('here:mon', 42)); // one user

  store.bitop('or', 'here:week', here); // some day or other
  show(store.bitcount('here:week'));
  show(store.pfcount(about)); // estimated

  store.bitop('and', 'here:daily', here);
  show(store.bitcount('here:daily'));
  store.bitop('diff', 'here:lost', here); // on Monday, then never again
  show(store.bitcount('here:lost'));
  show(store.bitpos('here:lost', 1)); // the first user

  // In bytes: a bit for each user there is; the same for any number.
  show(store.strlen('here:week'));
  store.pfmerge('about:week', about);
  show(store.strlen('about:week'));
}
