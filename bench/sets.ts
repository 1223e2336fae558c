import { Store } from '../src/index.ts';
import { formatCount, names, visits } from './data.ts';
import { compare, type Section } from './harness.ts';
import { RatioTable } from './table.ts';

export const sets: Section = {
  name: 'sets',
  title: 'Sets beside Set, found by its key',
  async run(settings) {
    const table = new RatioTable('SADD, SISMEMBER, SREM', ['Map of Set']);
    for (const size of settings.isQuick ? [10, 10_000] : [10, 10_000, 1_000_000]) {
      const members = names('member', size);
      const visited = visits(members);
      const store = new Store();
      store.sadd('set', members);
      const byKey = new Map([['set', new Set(members)]]);
      const label = (command: string) => `${command}, ${formatCount(size)} members`;

      table.add(
        label('SISMEMBER'),
        await compare(
          label('SISMEMBER'),
          visited.length,
          [
            {
              name: 'lodis',
              run: () => {
                let sum = 0;
                for (const member of visited) sum += store.sismember('set', member);
                return sum;
              },
            },
            {
              name: 'Map of Set',
              run: () => {
                let sum = 0;
                for (const member of visited) sum += byKey.get('set')!.has(member) ? 1 : 0;
                return sum;
              },
            },
          ],
          settings,
        ),
      );
      // One always stays, so that the set is emptied on neither side.
      const moving = visited.slice(0, 100_000).filter((member) => member !== members[0]);
      table.add(
        label('SREM and SADD of a member'),
        await compare(
          label('SREM and SADD'),
          moving.length,
          [
            {
              name: 'lodis',
              run: () => {
                let sum = 0;
                for (const member of moving) sum += store.srem('set', member) + store.sadd('set', member);
                return sum;
              },
            },
            {
              name: 'Map of Set',
              run: () => {
                let sum = 0;
                for (const member of moving)
                  sum += (byKey.get('set')!.delete(member) ? 1 : 0) + byKey.get('set')!.add(member).size;
                return sum;
              },
            },
          ],
          settings,
        ),
      );
    }
    table.print();
  },
};
