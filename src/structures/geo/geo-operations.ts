import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import type { Many } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { putMembers } from '../sorted-sets/put-members.ts';
import { ZSET } from '../sorted-sets/sorted-set-value.ts';
import { roundDistance } from './distance-digits.ts';
import {
  GEOADD_OPTIONS,
  GEODIST_OPTIONS,
  metersIn,
  oneOrMore,
  requireKnown,
  requireObject,
  requirePosition,
} from './geo-arguments.ts';
import type { GeoaddOptions, GeodistOptions, GeoMember, GeoPosition } from './geo-options.ts';
import { geohashTextOf, latitudeOf, longitudeOf, scoreOf } from './geohash.ts';
import { distanceBetween } from './great-circle.ts';

const NO_OPTIONS: GeoaddOptions = {};

/** The commands on the members of a geospatial index, which is a sorted set: its scores are places. */
export abstract class GeoOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Puts a member, or several, at their places, adding those that are not there. A place is kept as the cell of the map it lies in, less
   * than a meter wide. O(log n) for each. Redis 3.2.0; `nx`, `xx` and `ch` 6.2.0.
   *
   * @returns how many members were added; with `ch`, how many were added or moved
   * @throws ReplyError if options exclude each other, no member is given, or a place is none on the map; WRONGTYPE.
   * Nothing is changed then
   * @example
   * store.geoadd('cities', { longitude: 13.361389, latitude: 38.115556, member: 'Palermo' });
   */
  geoadd(
    key: Bytes,
    members: GeoMember<Bytes> | readonly GeoMember<Bytes>[],
    options: GeoaddOptions = NO_OPTIONS,
  ): number {
    this.makeRoom();
    const name = this.input(key);
    requireKnown(options, GEOADD_OPTIONS);
    const { nx, xx } = options;
    if (nx === true && xx === true) throw errors.syntax();
    const given: ByteString[] = [];
    const scores: number[] = [];
    for (const each of oneOrMore(members)) {
      requireObject(each, '{ longitude, latitude, member }');
      const { longitude, latitude, member } = each;
      requirePosition(longitude, latitude);
      given.push(this.input(member));
      scores.push(scoreOf(longitude, latitude));
    }
    if (given.length === 0) throw errors.wrongArity('geoadd');
    return putMembers(this.database, name, given, scores, options, this.keyspace.limits);
  }

  /**
   * Where members are, `null` for each that is not there: the middle of the cell that its place was kept as.
   * O(members). Redis 3.2.0.
   *
   * @throws ReplyError WRONGTYPE
   */
  geopos(key: Bytes, members: Many): (GeoPosition | null)[] {
    const given = this.inputMany(members);
    const value = this.database.getToRead(this.input(key), ZSET);
    return given.map((member) => {
      const score = value?.score(member);
      return score === undefined ? null : { longitude: longitudeOf(score), latitude: latitudeOf(score) };
    });
  }

  /**
   * How far two members are from each other on a sphere of the earth's size, in meters or `unit`, to four digits behind the
   * point; `null` if one of them is not there. O(1). Redis 3.2.0.
   *
   * @throws ReplyError if the unit is none; WRONGTYPE
   */
  geodist(key: Bytes, member1: Bytes, member2: Bytes, options?: GeodistOptions): number | null {
    requireKnown(options, GEODIST_OPTIONS);
    const unitM = options?.unit === undefined ? 1 : metersIn(options.unit);
    const value = this.database.getToRead(this.input(key), ZSET);
    const first = value?.score(this.input(member1));
    const second = value?.score(this.input(member2));
    if (first === undefined || second === undefined) return null;
    const distance = distanceBetween(
      longitudeOf(first),
      latitudeOf(first),
      longitudeOf(second),
      latitudeOf(second),
    );
    return roundDistance(distance / unitM);
  }

  /**
   * The geohashes of members' places, as geohash.org and others write them, of eleven characters; `null` for each member that
   * is not there. What is cut off at the end makes the place less precise, not wrong. O(members). Redis 3.2.0.
   *
   * @throws ReplyError WRONGTYPE
   */
  geohash(key: Bytes, members: Many): (O['string'] | null)[] {
    const given = this.inputMany(members);
    const value = this.database.getToRead(this.input(key), ZSET);
    return given.map((member) => {
      const score = value?.score(member);
      return score === undefined ? null : this.outputText(geohashTextOf(score));
    });
  }
}
