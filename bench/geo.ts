import type { ByteString } from '../src/bytes/byte-string.ts';
import { Store } from '../src/index.ts';
import { startRedisServer } from '../test/support/redis-server.ts';
import { besideServer, printBesideServer } from './beside-server.ts';
import { Chance, freshString } from './data.ts';
import { encode, LocalEnd, ServerLink } from './ends.ts';
import { compare, type Section } from './harness.ts';
import { printNote } from './table.ts';

const PLACES = 100_000;
const AT_ONCE = 1000;
const BATCH = 2000;
const SEARCHES = 200;

const chance = new Chance(7);
const within = (least: number, most: number): number => least + (chance.below(1e9) / 1e9) * (most - least);

/** Places of a country, a thousand kilometers wide. */
const places = Array.from({ length: PLACES }, (_, at) => ({
  longitude: within(5, 15),
  latitude: within(47, 55),
  member: freshString(`place:${at}`),
}));
const chosen = Array.from({ length: BATCH }, () => places[chance.below(PLACES)]!);

/** Something done with an index: by commands, the same on both sides, and by methods. */
interface Job {
  readonly name: string;
  readonly batch: readonly ByteString[][];
  readonly run: (store: Store) => number;
}

function search(
  name: string,
  radius: number,
  words: readonly string[],
  run: (store: Store, member: string) => number,
): Job {
  const centers = chosen.slice(0, SEARCHES);
  return {
    name,
    batch: centers.map(({ member }) => [
      'GEOSEARCH',
      'g',
      'FROMMEMBER',
      member,
      'BYRADIUS',
      String(radius),
      'km',
      ...words,
    ]),
    run: (store) => centers.reduce((sum, { member }) => sum + run(store, member), 0),
  };
}

const byradius = (radius: number) => ({ radius, unit: 'km' }) as const;

const jobs: readonly Job[] = [
  {
    name: 'GEOADD, one place',
    batch: chosen.map(({ longitude, latitude, member }, at) => [
      'GEOADD',
      'g',
      String(longitude + (at & 1) / 1e4),
      String(latitude),
      member,
    ]),
    run: (store) =>
      chosen.reduce(
        (sum, { longitude, latitude, member }, at) =>
          sum + store.geoadd('g', [{ longitude: longitude + (at & 1) / 1e4, latitude, member }]),
        0,
      ),
  },
  {
    name: 'GEODIST',
    batch: chosen.map(({ member }, at) => ['GEODIST', 'g', member, places[at]!.member]),
    run: (store) =>
      chosen.reduce((sum, { member }, at) => sum + store.geodist('g', member, places[at]!.member)!, 0),
  },
  {
    name: 'GEOPOS',
    batch: chosen.map(({ member }) => ['GEOPOS', 'g', member]),
    run: (store) => chosen.reduce((sum, { member }) => sum + store.geopos('g', member)[0]!.latitude, 0),
  },
  {
    name: 'GEOHASH',
    batch: chosen.map(({ member }) => ['GEOHASH', 'g', member]),
    run: (store) => chosen.reduce((sum, { member }) => sum + store.geohash('g', member)[0]!.length, 0),
  },
  search(
    'GEOSEARCH, 1 km, some 1',
    1,
    [],
    (store, frommember) => store.geosearch('g', { frommember, byradius: byradius(1) }).length,
  ),
  search(
    'GEOSEARCH, 10 km, some 50',
    10,
    [],
    (store, frommember) => store.geosearch('g', { frommember, byradius: byradius(10) }).length,
  ),
  search(
    'GEOSEARCH, 50 km, some 1200, ASC WITHDIST',
    50,
    ['ASC', 'WITHDIST'],
    (store, frommember) =>
      store.geosearchWithDetails('g', { frommember, byradius: byradius(50), order: 'asc' }).length,
  ),
  search(
    'GEOSEARCH, 50 km, COUNT 10',
    50,
    ['COUNT', '10'],
    (store, frommember) => store.geosearch('g', { frommember, byradius: byradius(50), count: 10 }).length,
  ),
  search(
    'GEOSEARCH, 50 km, COUNT 10 ANY',
    50,
    ['COUNT', '10', 'ANY'],
    (store, frommember) =>
      store.geosearch('g', { frommember, byradius: byradius(50), count: 10, any: true }).length,
  ),
];

export const geo: Section = {
  name: 'geo',
  title: `Places: ${PLACES} of them, beside a redis-server`,
  async run(settings) {
    const redis = await startRedisServer({ required: false });
    if (redis === undefined) return;
    const link = await ServerLink.connect(redis);
    const local = new LocalEnd();
    const store = new Store();
    const rows: string[][] = [];
    try {
      for (let at = 0; at < PLACES; at += AT_ONCE) {
        const some = places.slice(at, at + AT_ONCE);
        const tokens = some.flatMap(({ longitude, latitude, member }) => [
          String(longitude),
          String(latitude),
          member,
        ]);
        const command = ['GEOADD', 'g', ...tokens];
        local.executeAll([command]);
        await link.send(encode([command]));
        store.geoadd('g', some);
      }
      for (const { name, batch, run } of jobs) {
        const request = encode(batch);
        const { fastestNs } = await compare(
          name,
          batch.length,
          [
            { name: 'requests', run: () => local.answer(request) },
            { name: 'execute', run: () => local.executeAll(batch) },
            { name: 'typed', run: () => run(store) },
            { name: 'server', isWaiting: true, run: () => link.send(request) },
          ],
          settings,
        );
        rows.push(besideServer(name, fastestNs));
      }
    } finally {
      link.close();
      await redis.stop();
    }
    printBesideServer(redis, rows);
    printNote('The places of a search lie about evenly in a rectangle of 10 by 8 degrees.');
  },
};
