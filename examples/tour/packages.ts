import { Store } from '../../src/index.ts'; // in your program: from 'lodis'
import { rate, readPackages } from './corpus.ts';
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'Real data: the packages in package-lock.json';
export const about =
  'A hash for each package, a set for each keyword, counters for the licences, and who is depended on most.';

export function play({ show, board }: Stage): void {
  const packages = readPackages();
  show(packages.length);

  const store = new Store();
  let commands = 0;
  const started = performance.now();
  for (const { name, version, license, keywords, dependencies } of packages) {
    store.hset(`package:${name}`, { version, license });
    store.hincrby('licences', license, 1);
    for (const keyword of keywords) {
      store.sadd(`keyword:${keyword}`, name);
      store.zincrby('keywords', 1, keyword);
    }
    for (const other of dependencies) store.zincrby('depended on', 1, other);
    commands += 2 + 2 * keywords.length + dependencies.length;
  }
  show(rate(commands, performance.now() - started));
  show(store.dbsize()); // keys

  show(store.hgetall('package:typescript'));
  board(store.hgetall('licences'));
  board(store.zrangeWithScores('depended on', 0, 4, { rev: true }));
  board(store.zrangeWithScores('keywords', 0, 4, { rev: true }));

  show(store.smembers('keyword:redis'));
  show(store.sinter(['keyword:cli', 'keyword:string']));
  show(store.sintercard(['keyword:cli', 'keyword:terminal']));
}
