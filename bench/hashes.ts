import { Store } from '../src/index.ts';
import { formatCount, freshString, names, visits } from './data.ts';
import { compare, type Section } from './harness.ts';
import { RatioTable } from './table.ts';

const values = names('value', 1024);

export const hashes: Section = {
  name: 'hashes',
  title: 'Hashes beside Maps of Maps and of objects',
  async run(settings) {
    const table = new RatioTable('HSET and HGET', ['Map of Map', 'Map of object']);
    for (const [hashCount, fieldCount] of [
      [1, 8],
      [10_000, 8],
      [1, settings.isQuick ? 10_000 : 1_000_000],
    ] as const) {
      const keys = visits(names('hash', hashCount));
      const fieldNames = names('field', fieldCount);
      const fields = visits(fieldNames, keys.length);
      const turns = Math.max(keys.length, fields.length);
      const store = new Store();
      const maps = new Map<string, Map<string, string>>();
      const objects = new Map<string, Record<string, string>>();
      for (const key of new Set(keys)) {
        const pairs = fieldNames.map((field, at): [string, string] => [field, freshString(`${at}`)]);
        store.hset(key, pairs);
        maps.set(key, new Map(pairs));
        objects.set(key, Object.fromEntries(pairs));
      }
      const label = (command: string) =>
        `${command}, ${formatCount(hashCount)} of ${formatCount(fieldCount)} fields`;

      table.add(
        label('HGET'),
        await compare(
          label('HGET'),
          turns,
          [
            {
              name: 'lodis',
              run: () => {
                let sum = 0;
                for (let at = 0; at < turns; at++)
                  sum += store.hget(keys[at % keys.length]!, fields[at % fields.length]!)!.length;
                return sum;
              },
            },
            {
              name: 'Map of Map',
              run: () => {
                let sum = 0;
                for (let at = 0; at < turns; at++)
                  sum += maps.get(keys[at % keys.length]!)!.get(fields[at % fields.length]!)!.length;
                return sum;
              },
            },
            {
              name: 'Map of object',
              run: () => {
                let sum = 0;
                for (let at = 0; at < turns; at++)
                  sum += objects.get(keys[at % keys.length]!)![fields[at % fields.length]!]!.length;
                return sum;
              },
            },
          ],
          settings,
        ),
      );
      const one: [[string, string]] = [['', '']];
      table.add(
        label('HSET'),
        await compare(
          label('HSET'),
          turns,
          [
            {
              name: 'lodis',
              run: () => {
                let sum = 0;
                for (let at = 0; at < turns; at++) {
                  one[0][0] = fields[at % fields.length]!;
                  one[0][1] = values[at & 1023]!;
                  sum += store.hset(keys[at % keys.length]!, one);
                }
                return sum;
              },
            },
            {
              name: 'Map of Map',
              run: () => {
                let sum = 0;
                for (let at = 0; at < turns; at++)
                  sum += maps
                    .get(keys[at % keys.length]!)!
                    .set(fields[at % fields.length]!, values[at & 1023]!).size;
                return sum;
              },
            },
            {
              name: 'Map of object',
              run: () => {
                let sum = 0;
                for (let at = 0; at < turns; at++) {
                  objects.get(keys[at % keys.length]!)![fields[at % fields.length]!] = values[at & 1023]!;
                  sum++;
                }
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
