import { type GeoMember, Store } from '../../src/index.ts'; // in your program: from 'lodis'
import type { Stage } from './stage/stage.ts';

export const url = import.meta.url;
export const title = 'Places';
export const about =
  'The railway termini of London on a map: what is nearest, how far apart, and what lies in a circle, a box or a polygon.';

const termini: GeoMember[] = [
  { longitude: -0.0779, latitude: 51.5116, member: 'Fenchurch Street' },
  { longitude: -0.0814, latitude: 51.5178, member: 'Liverpool Street' },
  { longitude: -0.0857, latitude: 51.5052, member: 'London Bridge' },
  { longitude: -0.1038, latitude: 51.5118, member: 'Blackfriars' },
  { longitude: -0.1133, latitude: 51.5031, member: 'Waterloo' },
  { longitude: -0.123, latitude: 51.532, member: "King's Cross" },
  { longitude: -0.1247, latitude: 51.508, member: 'Charing Cross' },
  { longitude: -0.126, latitude: 51.5305, member: 'St Pancras' },
  { longitude: -0.1337, latitude: 51.5282, member: 'Euston' },
  { longitude: -0.144, latitude: 51.4952, member: 'Victoria' },
  { longitude: -0.1634, latitude: 51.5225, member: 'Marylebone' },
  { longitude: -0.1755, latitude: 51.5166, member: 'Paddington' },
];

export function play({ show, board }: Stage): void {
  const store = new Store();
  show(store.geoadd('termini', termini));
  show(store.geodist('termini', 'Euston', "King's Cross")); // meters

  // The British Museum.
  const museum = { longitude: -0.127, latitude: 51.5194 };
  const nearest = store.geosearchWithDetails('termini', {
    fromlonlat: museum,
    byradius: { radius: 3, unit: 'km' },
    count: 3,
  });
  show(nearest.map(({ member, distance }) => ({ member, km: distance })));

  // On a sheet of the map.
  const onTheSheet = store.geosearch('termini', {
    frommember: 'Waterloo',
    bybox: { width: 4, height: 2, unit: 'km' },
    order: 'asc',
  });
  show(onTheSheet);

  const walk = { radius: 1.5, unit: 'mi' } as const;
  const around = { fromlonlat: museum, byradius: walk, storedist: true };
  show(store.geosearchstore('on foot', 'termini', around));
  board(store.zrangeWithScores('on foot', 0, -1)); // miles, in a sorted set

  show(store.geohash('termini', 'Victoria')); // for other people's maps
  show(store.zrem('termini', 'Victoria')); // an index is a sorted set
}
