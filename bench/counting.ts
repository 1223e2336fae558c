import { Store } from '../src/index.ts';
import { Chance, names } from './data.ts';
import { compare, type Section } from './harness.ts';
import { RatioTable } from './table.ts';

const COUNT = 20_000;
const KEYS = 50;

/** One command, on a store that holds what earlier rounds have left. */
const writes: readonly [
  name: string,
  write: (store: Store, key: string, member: string, at: number) => unknown,
][] = [
  ['GET', (store, _key, member) => store.get(member)],
  ['SET', (store, _key, member) => store.set(member, member)],
  ['SET with EX', (store, _key, member) => store.set(member, member, { ex: 1000 })],
  ['INCR', (store, key) => store.incr(`${key} of counters`)],
  ['HSET', (store, key, member, at) => store.hset(`${key} of fields`, [[member, String(at)]])],
  [
    'SADD',
    (store, key, member, at) =>
      at < KEYS ? store.del(`${key} of members`) : store.sadd(`${key} of members`, member),
  ],
  ['ZADD', (store, key, member, at) => store.zadd(`${key} of scores`, [{ member, score: at }])],
  [
    'LPUSH',
    (store, key, member, at) =>
      at < KEYS ? store.del(`${key} of elements`) : store.lpush(`${key} of elements`, member),
  ],
];

export const counting: Section = {
  name: 'counting',
  title: 'Commands while memory is counted, beside the same while it is not',
  async run(settings) {
    const table = new RatioTable('Counted', ['not counted']);
    const keys = names('key', KEYS);
    const members = names('member', COUNT);
    for (const [name, write] of writes) {
      const contestant = (called: string, isCounted: boolean) => {
        const store = new Store();
        if (isCounted) store.keyspace.countMemory();
        for (const member of members) store.set(member, member);
        const chance = new Chance(5);
        const run = (): number => {
          const first = chance.below(COUNT);
          for (let at = 0; at < COUNT; at++)
            write(store, keys[at % KEYS]!, members[(first + at) % COUNT]!, at);
          return store.dbsize();
        };
        return { name: called, run };
      };
      table.add(
        name,
        await compare(name, COUNT, [contestant('counted', true), contestant('not counted', false)], settings),
      );
    }
    table.print();
  },
};
