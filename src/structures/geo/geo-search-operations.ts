import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { requireOptions } from '../../keyspace/arguments.ts';
import { eventsOf } from '../../keyspace/events.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { ZSET } from '../sorted-sets/sorted-set-value.ts';
import {
  boxAround,
  circleAround,
  GEOSEARCH_DETAILS_OPTIONS,
  GEOSEARCH_OPTIONS,
  GEOSEARCHSTORE_OPTIONS,
  polygonOf,
  requireShape,
  requireShapeNumbers,
  resultRules,
  type SearchShape,
} from './geo-arguments.ts';
import type { GeoFound, GeosearchOptions, GeosearchstoreOptions } from './geo-options.ts';
import { detailsOf, type Found, NOTHING, search, storeFound } from './geo-results.ts';
import { latitudeOf, longitudeOf } from './geohash.ts';

const GEOSEARCHSTORE = eventsOf('z')('geosearchstore');

/** GEOSEARCH and GEOSEARCHSTORE. */
export abstract class GeoSearchOperations<O extends Output = Text> extends Operations<O> {
  /**
   * The members inside of an area. Unless `order` or `count` says otherwise they come in no order to rely on. O(log n + members
   * around the area + found · log found). Redis 6.2.0.
   *
   * @throws ReplyError if there is not exactly one center and one shape, a number or unit is wrong, or the member in the
   * center is not there; WRONGTYPE
   * @example
   * store.geosearch('cities', {
   *   fromlonlat: { longitude: 15, latitude: 37 },
   *   byradius: { radius: 200, unit: 'km' },
   *   order: 'asc',
   * });
   */
  geosearch(key: Bytes, options: GeosearchOptions): O['string'][] {
    requireOptions(options, GEOSEARCH_OPTIONS);
    return this.searchUnder(this.input(key), options, 'GEOSEARCH').collector.members.map((member) =>
      this.output(member),
    );
  }

  /** `geosearch`, with all there is to tell of each member. Redis 6.2.0. @throws ReplyError as `geosearch` does */
  geosearchWithDetails(key: Bytes, options: GeosearchOptions): GeoFound<O['string']>[] {
    requireOptions(options, GEOSEARCH_DETAILS_OPTIONS);
    const found = this.searchUnder(this.input(key), options, 'GEOSEARCH');
    return detailsOf(found, (member) => this.output(member));
  }

  /**
   * Makes `destination` an index of what `geosearch` finds in `source`, whatever it held; or removes it if that is nothing.
   * Returns how many members it has. With `storedist`, their scores are distances. O(log n + members around the area + found · log
   * found). Redis 6.2.0.
   *
   * @throws ReplyError as `geosearch` does; nothing is changed then
   */
  geosearchstore(destination: Bytes, source: Bytes, options: GeosearchstoreOptions): number {
    this.makeRoom();
    requireOptions(options, GEOSEARCHSTORE_OPTIONS);
    const to = this.input(destination);
    const found = this.searchUnder(this.input(source), options, 'GEOSEARCHSTORE');
    const isDistance = options.storedist === true;
    return storeFound(this.database, to, found, isDistance, this.keyspace.limits, GEOSEARCHSTORE);
  }

  /** What is found, in order. The member in the center is looked for before anything else is found wrong, as in Redis. */
  private searchUnder(name: ByteString, options: GeosearchOptions, command: string): Found {
    const value = this.database.getToRead(name, ZSET);
    const { frommember } = options;
    let center: number | undefined;
    if (frommember !== undefined) {
      const member = this.input(frommember);
      center = value?.score(member);
      if (value !== undefined && center === undefined) throw errors.noPositionOfMember();
    }
    const rules = resultRules(options);
    requireShape(options, command);
    requireShapeNumbers(options);
    return value === undefined ? NOTHING : search(value, shapeOf(options, center), rules);
  }
}

function shapeOf(
  { fromlonlat, byradius, bybox, bypolygon }: GeosearchOptions,
  center: number | undefined,
): SearchShape {
  if (bypolygon !== undefined) return polygonOf(bypolygon);
  const longitude = center === undefined ? fromlonlat!.longitude : longitudeOf(center);
  const latitude = center === undefined ? fromlonlat!.latitude : latitudeOf(center);
  return byradius !== undefined
    ? circleAround(longitude, latitude, byradius)
    : boxAround(longitude, latitude, bybox!);
}
