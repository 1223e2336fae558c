import { FixedDeque } from 'mnemonist';
import { Store } from '../src/index.ts';
import { formatCount, names } from './data.ts';
import { type Contestant, compare, type Section } from './harness.ts';
import { RatioTable } from './table.ts';

const TURNS = 100_000;
/** An array of a million moves all of them at each shift: it is given fewer turns. */
const TURNS_OF_LONG_ARRAYS = 200;
const LONG = 50_000;

export const lists: Section = {
  name: 'lists',
  title: 'Lists beside an array and mnemonist’s deque, each found by its key',
  async run(settings) {
    const table = new RatioTable('LPUSH, RPOP and LINDEX', ['Map of array', 'Map of FixedDeque']);
    for (const size of settings.isQuick ? [10, 10_000] : [10, 10_000, 1_000_000]) {
      const elements = names('element', size);
      const store = new Store();
      store.rpush('list', elements);
      const arrays = new Map([['list', [...elements]]]);
      const deques = new Map([['list', new FixedDeque<string>(Array, size + 1)]]);
      for (const element of elements) deques.get('list')!.push(element);
      const arrayTurns = size > LONG ? TURNS_OF_LONG_ARRAYS : TURNS;
      const add = async (name: string, contestants: Contestant[]) => {
        const label = `${name}, ${formatCount(size)} elements`;
        table.add(label, await compare(label, TURNS, contestants, settings));
      };

      await add('LPUSH and RPOP, a queue', [
        {
          name: 'lodis',
          run: () => {
            let sum = 0;
            for (let turn = 0; turn < TURNS; turn++) {
              sum += store.lpush('list', elements[turn % size]!);
              sum += store.rpop('list')!.length;
            }
            return sum;
          },
        },
        {
          name: 'Map of array',
          operations: arrayTurns,
          run: () => {
            let sum = 0;
            for (let turn = 0; turn < arrayTurns; turn++) {
              sum += arrays.get('list')!.unshift(elements[turn % size]!);
              sum += arrays.get('list')!.pop()!.length;
            }
            return sum;
          },
        },
        {
          name: 'Map of FixedDeque',
          run: () => {
            let sum = 0;
            for (let turn = 0; turn < TURNS; turn++) {
              sum += deques.get('list')!.unshift(elements[turn % size]!);
              sum += deques.get('list')!.pop()!.length;
            }
            return sum;
          },
        },
      ]);

      await add('RPUSH and RPOP, a stack', [
        {
          name: 'lodis',
          run: () => {
            let sum = 0;
            for (let turn = 0; turn < TURNS; turn++) {
              sum += store.rpush('list', elements[turn % size]!);
              sum += store.rpop('list')!.length;
            }
            return sum;
          },
        },
        {
          name: 'Map of array',
          run: () => {
            let sum = 0;
            for (let turn = 0; turn < TURNS; turn++) {
              sum += arrays.get('list')!.push(elements[turn % size]!);
              sum += arrays.get('list')!.pop()!.length;
            }
            return sum;
          },
        },
        {
          name: 'Map of FixedDeque',
          run: () => {
            let sum = 0;
            for (let turn = 0; turn < TURNS; turn++) {
              sum += deques.get('list')!.push(elements[turn % size]!);
              sum += deques.get('list')!.pop()!.length;
            }
            return sum;
          },
        },
      ]);

      await add('LINDEX, anywhere', [
        {
          name: 'lodis',
          run: () => {
            let sum = 0;
            for (let turn = 0; turn < TURNS; turn++)
              sum += store.lindex('list', (turn * 7919) % size)!.length;
            return sum;
          },
        },
        {
          name: 'Map of array',
          run: () => {
            let sum = 0;
            for (let turn = 0; turn < TURNS; turn++) sum += arrays.get('list')![(turn * 7919) % size]!.length;
            return sum;
          },
        },
        {
          name: 'Map of FixedDeque',
          run: () => {
            let sum = 0;
            for (let turn = 0; turn < TURNS; turn++)
              sum += deques.get('list')!.get((turn * 7919) % size)!.length;
            return sum;
          },
        },
      ]);
    }
    table.print();
  },
};
