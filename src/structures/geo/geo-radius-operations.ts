import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { requireOptions } from '../../keyspace/arguments.ts';
import { eventsOf } from '../../keyspace/events.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { ZSET } from '../sorted-sets/sorted-set-value.ts';
import {
  circleAround,
  GEORADIUS_DETAILS_OPTIONS,
  GEORADIUS_OPTIONS,
  GEORADIUS_STORE_OPTIONS,
  metersIn,
  requireKnown,
  requirePosition,
  requireRadius,
  resultRules,
} from './geo-arguments.ts';
import type { GeoFound, GeoRadius, GeoResultOptions, GeoradiusStoreOptions, GeoUnit } from './geo-options.ts';
import { detailsOf, type Found, NOTHING, search, storeFound } from './geo-results.ts';
import { latitudeOf, longitudeOf } from './geohash.ts';

const GEORADIUSSTORE = eventsOf('z')('georadiusstore');
const NO_OPTIONS: GeoResultOptions = {};

/** GEORADIUS and GEORADIUSBYMEMBER, in place of which Redis advises to use GEOSEARCH. */
export abstract class GeoRadiusOperations<O extends Output = Text> extends Operations<O> {
  /**
   * The members at most `radius` from a place. O(log n + members around the circle + found · log found). Redis 3.2.0;
   * `geosearch` does the same.
   *
   * @throws ReplyError if a number or the unit is wrong, or `any` stands without `count`; WRONGTYPE
   */
  georadius(
    key: Bytes,
    longitude: number,
    latitude: number,
    radius: number,
    unit: GeoUnit,
    options: GeoResultOptions = NO_OPTIONS,
  ): O['string'][] {
    this.makeRoom();
    return this.georadiusRo(key, longitude, latitude, radius, unit, options);
  }

  /** `georadius`, with all there is to tell of each member. Redis 3.2.0. @throws ReplyError as `georadius` does */
  georadiusWithDetails(
    key: Bytes,
    longitude: number,
    latitude: number,
    radius: number,
    unit: GeoUnit,
    options: GeoResultOptions = NO_OPTIONS,
  ): GeoFound<O['string']>[] {
    this.makeRoom();
    return this.georadiusRoWithDetails(key, longitude, latitude, radius, unit, options);
  }

  /** `georadius`, for those who may only read. Redis 3.2.10. @throws ReplyError as `georadius` does */
  georadiusRo(
    key: Bytes,
    longitude: number,
    latitude: number,
    radius: number,
    unit: GeoUnit,
    options: GeoResultOptions = NO_OPTIONS,
  ): O['string'][] {
    requireKnown(options, GEORADIUS_OPTIONS);
    return this.membersFound(
      this.searchAround(this.input(key), longitude, latitude, { radius, unit }, options),
    );
  }

  /** `georadiusWithDetails`, for those who may only read. Redis 3.2.10. @throws ReplyError as `georadius` does */
  georadiusRoWithDetails(
    key: Bytes,
    longitude: number,
    latitude: number,
    radius: number,
    unit: GeoUnit,
    options: GeoResultOptions = NO_OPTIONS,
  ): GeoFound<O['string']>[] {
    requireKnown(options, GEORADIUS_DETAILS_OPTIONS);
    const found = this.searchAround(this.input(key), longitude, latitude, { radius, unit }, options);
    return detailsOf(found, (member) => this.output(member));
  }

  /**
   * Makes the key that `store` or `storedist` names an index, or a sorted set by distance, of what `georadius` finds, whatever
   * it held; or removes it if that is nothing. Returns how many members it has. O(log n + members around the circle + found ·
   * log found). Redis 3.2.0.
   *
   * @throws ReplyError as `georadius` does, or if not exactly one key is named; nothing is changed then
   */
  georadiusStore(
    key: Bytes,
    longitude: number,
    latitude: number,
    radius: number,
    unit: GeoUnit,
    options: GeoradiusStoreOptions,
  ): number {
    this.makeRoom();
    const to = this.destinationIn(options);
    const found = this.searchAround(this.input(key), longitude, latitude, { radius, unit }, options);
    return this.storeUnder(to, found, options);
  }

  /**
   * The members at most `radius` from another one, itself among them. O(log n + members around the circle + found · log found).
   * Redis 3.2.0; `geosearch` does the same.
   *
   * @throws ReplyError if the member is not there, although the key is; if a number or the unit is wrong, or `any` stands
   * without `count`; WRONGTYPE
   */
  georadiusbymember(
    key: Bytes,
    member: Bytes,
    radius: number,
    unit: GeoUnit,
    options: GeoResultOptions = NO_OPTIONS,
  ): O['string'][] {
    this.makeRoom();
    return this.georadiusbymemberRo(key, member, radius, unit, options);
  }

  /** `georadiusbymember`, with all there is to tell of each member. Redis 3.2.0. @throws ReplyError as it does */
  georadiusbymemberWithDetails(
    key: Bytes,
    member: Bytes,
    radius: number,
    unit: GeoUnit,
    options: GeoResultOptions = NO_OPTIONS,
  ): GeoFound<O['string']>[] {
    this.makeRoom();
    return this.georadiusbymemberRoWithDetails(key, member, radius, unit, options);
  }

  /** `georadiusbymember`, for those who may only read. Redis 3.2.10. @throws ReplyError as it does */
  georadiusbymemberRo(
    key: Bytes,
    member: Bytes,
    radius: number,
    unit: GeoUnit,
    options: GeoResultOptions = NO_OPTIONS,
  ): O['string'][] {
    requireKnown(options, GEORADIUS_OPTIONS);
    return this.membersFound(this.searchAroundMember(this.input(key), member, { radius, unit }, options));
  }

  /** `georadiusbymemberWithDetails`, for those who may only read. Redis 3.2.10. @throws ReplyError as it does */
  georadiusbymemberRoWithDetails(
    key: Bytes,
    member: Bytes,
    radius: number,
    unit: GeoUnit,
    options: GeoResultOptions = NO_OPTIONS,
  ): GeoFound<O['string']>[] {
    requireKnown(options, GEORADIUS_DETAILS_OPTIONS);
    const found = this.searchAroundMember(this.input(key), member, { radius, unit }, options);
    return detailsOf(found, (name) => this.output(name));
  }

  /** What `georadiusStore` does with what `georadiusbymember` finds. Redis 3.2.0. @throws ReplyError as both do */
  georadiusbymemberStore(
    key: Bytes,
    member: Bytes,
    radius: number,
    unit: GeoUnit,
    options: GeoradiusStoreOptions,
  ): number {
    this.makeRoom();
    const to = this.destinationIn(options);
    const found = this.searchAroundMember(this.input(key), member, { radius, unit }, options);
    return this.storeUnder(to, found, options);
  }

  private searchAround(
    name: ByteString,
    longitude: number,
    latitude: number,
    circle: GeoRadius,
    options: GeoResultOptions,
  ): Found {
    const value = this.database.getToRead(name, ZSET);
    requirePosition(longitude, latitude);
    requireRadius(circle.radius);
    metersIn(circle.unit);
    const rules = resultRules(options);
    return value === undefined ? NOTHING : search(value, circleAround(longitude, latitude, circle), rules);
  }

  /** Redis looks for the member before it looks at the radius, and at the radius only if there is something to search. */
  private searchAroundMember(
    name: ByteString,
    member: Bytes,
    circle: GeoRadius,
    options: GeoResultOptions,
  ): Found {
    const center = this.input(member);
    const value = this.database.getToRead(name, ZSET);
    if (value === undefined) {
      resultRules(options);
      return NOTHING;
    }
    const score = value.score(center);
    if (score === undefined) throw errors.noPositionOfMember();
    requireRadius(circle.radius);
    const shape = circleAround(longitudeOf(score), latitudeOf(score), circle);
    return search(value, shape, resultRules(options));
  }

  private membersFound({ collector }: Found): O['string'][] {
    return collector.members.map((member) => this.output(member));
  }

  private destinationIn(options: GeoradiusStoreOptions): ByteString {
    requireOptions(options, GEORADIUS_STORE_OPTIONS);
    const { store, storedist } = options;
    if ((store === undefined) === (storedist === undefined)) throw errors.syntax();
    return this.input((store ?? storedist)!);
  }

  private storeUnder(to: ByteString, found: Found, { storedist }: GeoradiusStoreOptions): number {
    const isDistance = storedist !== undefined;
    return storeFound(this.database, to, found, isDistance, this.keyspace.limits, GEORADIUSSTORE);
  }
}
