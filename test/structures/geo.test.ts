import { describe, expect, test } from 'vitest';
import type { Observer } from '../../src/keyspace/observer.ts';
import { connect } from '../../src/session/connection.ts';
import { Store } from '../../src/store.ts';

function sicily(): Store {
  const store = new Store();
  store.geoadd('s', [
    { longitude: 13.361389, latitude: 38.115556, member: 'Palermo' },
    { longitude: 15.087269, latitude: 37.502669, member: 'Catania' },
    { longitude: 12.758489, latitude: 38.788135, member: 'edge1' },
    { longitude: 17.24151, latitude: 38.788135, member: 'edge2' },
  ]);
  return store;
}
const CENTER = { longitude: 15, latitude: 37 };

describe('typed calls', () => {
  test('positions, distances and geohashes', () => {
    const store = sicily();
    expect(store.geopos('s', ['Palermo', 'nobody'])).toEqual([
      { longitude: 13.361389338970184, latitude: 38.1155563954963 },
      null,
    ]);
    expect(store.geopos('s', [])).toEqual([]);
    expect(store.geodist('s', 'Palermo', 'Catania')).toBe(166274.1516);
    expect(store.geodist('s', 'Palermo', 'Catania', { unit: 'km' })).toBe(166.2742);
    expect(store.geodist('s', 'Palermo', 'nobody')).toBeNull();
    expect(store.geohash('s', 'Palermo')).toEqual(['sqc8b49rny0']);
    expect(store.bytes.geohash('s', 'Palermo')).toEqual([new TextEncoder().encode('sqc8b49rny0')]);
  });

  test('searches', () => {
    const store = sicily();
    expect(
      store.geosearch('s', { fromlonlat: CENTER, byradius: { radius: 200, unit: 'km' }, order: 'asc' }),
    ).toEqual(['Catania', 'Palermo']);
    expect(
      store.geosearchWithDetails('s', {
        fromlonlat: CENTER,
        bybox: { width: 400, height: 400, unit: 'km' },
        count: 1,
      }),
    ).toEqual([
      {
        member: 'Catania',
        distance: 56.4413,
        hash: 3479447370796909,
        longitude: 15.087267458438873,
        latitude: 37.50266842333162,
      },
    ]);
    expect(store.georadius('s', 15, 37, 200, 'km', { order: 'desc' })).toEqual(['Palermo', 'Catania']);
    expect(store.georadiusbymemberWithDetails('s', 'Palermo', 0, 'm')).toMatchObject([
      { member: 'Palermo', distance: 0 },
    ]);
    expect(
      store.geosearchstore('d', 's', {
        frommember: 'Palermo',
        byradius: { radius: 1, unit: 'km' },
        storedist: true,
      }),
    ).toBe(1);
    expect(store.zscore('d', 'Palermo')).toBe(0);
    expect(store.georadiusStore('s', 15, 37, 200, 'km', { storedist: 'd' })).toBe(2);
    expect(store.zrange('d', 0, -1)).toEqual(['Catania', 'Palermo']);
    expect(store.georadiusbymemberStore('none', 'Palermo', 200, 'km', { store: 'd' })).toBe(0);
    expect(store.exists('d')).toBe(0);
  });

  test('members on the edge of the map have scores beyond 2^53', () => {
    const store = new Store();
    store.geoadd('g', [{ longitude: 180, latitude: 0, member: 'east' }]);
    expect(store.geopos('g', 'east')).toMatchObject([{ longitude: 180 }]);
    expect(store.zscore('g', 'east')).toBeGreaterThan(2 ** 53);
  });

  test('what is wrong is refused, and nothing is done', () => {
    const store = sicily();
    const place = { longitude: 1, latitude: 1, member: 'new' };
    expect(() => store.geoadd('s', [place, { ...place, latitude: 86 }])).toThrow(
      'ERR invalid longitude,latitude pair 1.000000,86.000000',
    );
    expect(() => store.geoadd('s', [place, { ...place, latitude: Number.NaN }])).toThrow(
      'ERR value is not a valid float',
    );
    expect(() => store.geoadd('s', [place], { nx: true, xx: true })).toThrow('ERR syntax error');
    expect(() => store.geoadd('s', [])).toThrow("ERR wrong number of arguments for 'geoadd' command");
    expect(store.geoadd('alone', place)).toBe(1);
    for (const wrong of ['place', 13, null, undefined])
      expect(() => store.geoadd('s', wrong as never)).toThrow(TypeError);
    expect(() => store.geoadd('s', [place], { NX: true } as never)).toThrow('unknown option NX');
    for (const none of [undefined, null, 1])
      expect(() => store.geoadd('s', [place, none, place] as never)).toThrow(
        'expected { longitude, latitude, member }, got',
      );
    expect(store.zcard('s')).toBe(4);

    const byradius = { radius: 1, unit: 'km' } as const;
    const wrong = (options: object, message: string) =>
      expect(() => store.geosearch('s', options as never), message).toThrow(message);
    wrong({ byradius }, 'ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for GEOSEARCH');
    wrong({ fromlonlat: CENTER }, 'ERR exactly one of BYRADIUS and BYBOX can be specified for GEOSEARCH');
    wrong({ fromlonlat: CENTER, frommember: 'Palermo', byradius }, 'ERR syntax error');
    wrong({ fromlonlat: CENTER, bypolygon: [CENTER, CENTER, CENTER] }, 'ERR syntax error');
    wrong({ frommember: 'nobody', byradius }, 'ERR could not decode requested zset member');
    wrong({ fromlonlat: CENTER, byradius: { radius: -1, unit: 'km' } }, 'ERR radius cannot be negative');
    wrong({ fromlonlat: CENTER, byradius: { radius: '1', unit: 'km' } }, 'ERR need numeric radius');
    wrong({ fromlonlat: CENTER, byradius: { radius: 1, unit: 'KM' } }, 'ERR unsupported unit provided');
    wrong(
      { fromlonlat: CENTER, bybox: { width: 1, height: -1, unit: 'm' } },
      'ERR height or width cannot be negative',
    );
    wrong({ fromlonlat: CENTER, byradius, count: 0 }, 'ERR COUNT must be > 0');
    wrong({ fromlonlat: CENTER, byradius, count: 1.5 }, 'ERR value is not an integer or out of range');
    wrong({ fromlonlat: CENTER, byradius, any: true }, 'ERR the ANY argument requires COUNT argument');
    wrong({ fromlonlat: CENTER, byradius, order: 'up' }, 'ERR syntax error');
    wrong({ fromlonlat: CENTER, byradius, storedist: true }, 'unknown option storedist');
    // What chooses another method: this one would answer without.
    wrong({ fromlonlat: CENTER, byradius, withdist: true }, 'unknown option withdist; there are frommember');
    wrong({ bypolygon: [CENTER, CENTER] }, 'ERR GEOSEARCH BYPOLYGON must have at least 3 vertices');
    wrong({ fromlonlat: null, byradius }, 'expected { longitude, latitude } as fromlonlat, got null');
    wrong({ fromlonlat: CENTER, byradius: null }, 'expected { radius, unit } as byradius, got null');
    wrong({ fromlonlat: CENTER, bybox: 5 }, 'expected { width, height, unit } as bybox, got the number 5');
    wrong({ bypolygon: [CENTER, null, CENTER] }, 'expected { longitude, latitude } as a corner, got null');
    const none = undefined as never;
    for (const call of [
      () => store.geosearch('s', none),
      () => store.geosearchWithDetails('s', none),
      () => store.geosearchstore('s', 's', none),
      () => store.georadiusStore('s', 1, 1, 1, 'm', none),
      () => store.georadiusbymemberStore('s', 'Palermo', 1, 'm', none),
    ])
      expect(call).toThrow('expected an object of options, got undefined');
    expect(store.zcard('s')).toBe(4);
    expect(() => store.georadiusStore('s', 1, 1, 1, 'm', {})).toThrow('ERR syntax error');
    expect(() => store.geodist('s', 'Palermo', 'Catania', { unit: 'yd' } as never)).toThrow(
      'ERR unsupported unit',
    );
  });
});

// As Valkey 9.0 documents and tests it; no Redis has it.
describe('BYPOLYGON', () => {
  const corners = [
    ['12.41098696654226', '38.05033923003755'],
    ['15.107936245794182', '38.00616649901906'],
    ['18.148439288534455', '38.63804787603499'],
    ['17.80831874257693', '39.50316813110968'],
    ['12.458468633214036', '38.57719533463012'],
  ].flat();

  test('the documented example', () => {
    const client = connect(sicily());
    expect(client.call('GEOSEARCH', 's', 'BYPOLYGON', '5', ...corners)).toEqual(['Palermo', 'edge2']);
    expect(
      client.call('GEOSEARCH', 's', 'BYPOLYGON', '5', ...corners, 'ASC', 'WITHCOORD', 'WITHDIST'),
    ).toMatchObject([
      ['Palermo', '166482.0159', expect.anything()],
      ['edge2', '180861.7725', expect.anything()],
    ]);
    expect(client.call('GEOSEARCHSTORE', 'd', 's', 'BYPOLYGON', '5', ...corners, 'COUNT', '1')).toBe(1);
    expect(client.call('ZRANGE', 'd', '0', '-1')).toEqual(['Palermo']);
  });

  test('errors', () => {
    const client = connect(sicily());
    const refuses = (tokens: string, message: string) =>
      expect(() => client.call('GEOSEARCH', ...tokens.split(' ')), tokens).toThrow(message);
    refuses('s BYPOLYGON 2 1 1 2 2', 'ERR GEOSEARCH BYPOLYGON must have at least 3 vertices');
    refuses('s BYPOLYGON 3 1 1 2 2', 'ERR GEOSEARCH BYPOLYGON must have at least 3 vertices');
    refuses('s BYPOLYGON x 1 1 2 2', 'ERR invalid number of vertices');
    refuses('s BYPOLYGON 3 1 1 2 2 3 99', 'ERR invalid longitude,latitude pair 3.000000,99.000000');
    refuses('s BYPOLYGON 3 1 1 2 2 3 3 BYBOX 400 400 km', 'ERR syntax error');
    refuses('s BYBOX 400 400 km BYPOLYGON 3 1 1 2 2 3 3', 'ERR syntax error');
    refuses('s FROMLONLAT 1 1 BYPOLYGON 3 1 1 2 2 3 3', 'ERR syntax error');
    refuses('s BYPOLYGON 3 1 1 2 2 3 3 FROMMEMBER Palermo', 'ERR syntax error');
    refuses('s BYPOLYGON 3 1 1 2 2 3 3 COUNT -1', 'ERR COUNT must be > 0');
  });
});

test('effects name scores, not searches', () => {
  const store = sicily();
  const effects: unknown[] = [];
  const observer: Observer = { effect: (_database, command) => void effects.push([...command]) };
  store.keyspace.observe(observer);
  store.geoadd('s', [{ longitude: 0, latitude: 0, member: 'zero' }], { ch: true });
  store.geosearchstore('d', 's', { frommember: 'zero', byradius: { radius: 1, unit: 'm' } });
  store.geosearchstore('d', 's', { frommember: 'zero', byradius: { radius: 1, unit: 'm' }, storedist: true });
  store.geosearchstore('d', 'none', { frommember: 'zero', byradius: { radius: 1, unit: 'm' } });
  expect(effects).toEqual([
    ['ZADD', 's', '3377699720527872', 'zero'],
    ['ZADD', 'd', '3377699720527872', 'zero'],
    ['DEL', 'd'],
    ['ZADD', 'd', '0', 'zero'],
    ['DEL', 'd'],
  ]);
});
