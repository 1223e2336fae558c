import { Store } from '../src/index.ts';
import { Chance, formatCount, names, visits } from './data.ts';
import { type Contestant, compare, type Section } from './harness.ts';
import { ScoreMap } from './score-map.ts';
import { RatioTable } from './table.ts';

const TURNS = 20_000;
/** What walks over half a million members gets fewer turns. */
const WALKS = 4;
const PEER = 'sorted-btree and Map';

export const sortedSets: Section = {
  name: 'sorted-sets',
  title: 'Sorted sets beside sorted-btree',
  async run(settings) {
    const table = new RatioTable('ZADD, ZINCRBY, ZRANK, ZRANGE', [PEER]);
    for (const size of settings.isQuick ? [100, 100_000] : [100, 1_000_000]) {
      const members = names('member', size);
      const visited = visits(members, TURNS).slice(0, TURNS);
      const chance = new Chance(5);
      const scores = visited.map(() => chance.below(1e9) / 1000);
      const store = new Store();
      const tree = new ScoreMap();
      for (const member of members) {
        const score = chance.below(1e9) / 1000;
        store.zadd('zset', [{ member, score }]);
        tree.set(member, score);
      }
      const add = async (name: string, contestants: Contestant[]) => {
        const label = `${name}, ${formatCount(size)} members`;
        table.add(label, await compare(label, TURNS, contestants, settings));
      };
      /** Both must do real work in every round, so scores are not those of the round before. */
      let shift = 0;
      const given = [{ member: '', score: 0 }];

      await add('ZADD to any score', [
        {
          name: 'lodis',
          run: () => {
            let sum = 0;
            shift += 7;
            for (let at = 0; at < TURNS; at++) {
              given[0]!.member = visited[at]!;
              given[0]!.score = scores[(at + shift) % TURNS]!;
              sum += store.zadd('zset', given);
            }
            return sum;
          },
        },
        {
          name: PEER,
          run: () => {
            shift += 7;
            for (let at = 0; at < TURNS; at++) tree.set(visited[at]!, scores[(at + shift) % TURNS]!);
            return tree.scores.size;
          },
        },
      ]);
      await add('ZINCRBY', [
        {
          name: 'lodis',
          run: () => {
            let sum = 0;
            for (let at = 0; at < TURNS; at++) sum += store.zincrby('zset', (at & 15) - 7, visited[at]!);
            return sum;
          },
        },
        {
          name: PEER,
          run: () => {
            let sum = 0;
            for (let at = 0; at < TURNS; at++) {
              const score = tree.scores.get(visited[at]!)! + (at & 15) - 7;
              tree.set(visited[at]!, score);
              sum += score;
            }
            return sum;
          },
        },
      ]);
      await add('ZSCORE', [
        {
          name: 'lodis',
          run: () => {
            let sum = 0;
            for (const member of visited) sum += store.zscore('zset', member)!;
            return sum;
          },
        },
        {
          name: PEER,
          run: () => {
            let sum = 0;
            for (const member of visited) sum += tree.scores.get(member)!;
            return sum;
          },
        },
      ]);
      const walks = size > 1000 ? WALKS : TURNS;
      await add('ZRANK (the peer walks)', [
        {
          name: 'lodis',
          run: () => {
            let sum = 0;
            for (const member of visited) sum += store.zrank('zset', member)!;
            return sum;
          },
        },
        {
          name: PEER,
          operations: walks,
          run: () => {
            let sum = 0;
            for (let at = 0; at < walks; at++) sum += tree.rank(visited[at]!);
            return sum;
          },
        },
      ]);
      await add('ZRANGE, 10 by rank (the peer walks)', [
        {
          name: 'lodis',
          run: () => {
            let sum = 0;
            for (let at = 0; at < TURNS; at++) {
              const start = (at * 7919) % size;
              sum += store.zrange('zset', start, start + 9).length;
            }
            return sum;
          },
        },
        {
          name: PEER,
          operations: walks,
          run: () => {
            let sum = 0;
            for (let at = 0; at < walks; at++) {
              const start = (at * 7919 * 104_729) % size;
              sum += tree.range(start, start + 9).length;
            }
            return sum;
          },
        },
      ]);
      await add('ZRANGE, 10 from a score', [
        {
          name: 'lodis',
          run: () => {
            let sum = 0;
            for (let at = 0; at < TURNS; at++)
              sum += store.zrange('zset', scores[at]!, '+inf', {
                by: 'score',
                limit: { offset: 0, count: 10 },
              }).length;
            return sum;
          },
        },
        {
          name: PEER,
          run: () => {
            let sum = 0;
            for (let at = 0; at < TURNS; at++) sum += tree.from(scores[at]!, 10).length;
            return sum;
          },
        },
      ]);
    }
    table.print();
  },
};
