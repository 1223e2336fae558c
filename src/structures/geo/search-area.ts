import { latitudeOf, longitudeOf } from './geohash.ts';
import { distanceBetween, EARTH_RADIUS_M, latitudeDistance, toDegrees, toRadians } from './great-circle.ts';

/**
 * Where a search looks: a circle, a box or a polygon on the map.
 *
 * Every area has a center, from which distances are measured, a rectangle of longitudes and latitudes that it lies in,
 * and a radius within which all of it is supposed to be. Rectangle and radius choose the cells of the map to look into
 * (`search-cells.ts`); whether a place in them is inside, the area itself decides.
 *
 *     maxLatitude  ┌───────────────┐
 *                  │    ╭─────╮    │
 *                  │   │   +   │   │   + (longitude, latitude)
 *                  │    ╰─────╯    │
 *     minLatitude  └───────────────┘
 *             minLongitude    maxLongitude
 *
 * The rectangle may reach beyond the map, and near the poles it may be upside down, or no numbers at all: cells are
 * chosen by what compares false then, too.
 */
export abstract class SearchArea {
  /** The center, in degrees. */
  readonly longitude: number;
  readonly latitude: number;
  /** In meters. */
  readonly reachM: number;
  readonly minLongitude: number;
  readonly maxLongitude: number;
  readonly minLatitude: number;
  readonly maxLatitude: number;

  constructor(longitude: number, latitude: number, reachM: number, bounds: Bounds) {
    this.longitude = longitude;
    this.latitude = latitude;
    this.reachM = reachM;
    this.minLongitude = bounds.minLongitude;
    this.maxLongitude = bounds.maxLongitude;
    this.minLatitude = bounds.minLatitude;
    this.maxLatitude = bounds.maxLatitude;
  }

  /** How far from the center the place of a score is, in meters, or {@link OUTSIDE} of the area. Allocates nothing. */
  abstract distanceInside(score: number): number;
}

/** What is said instead of the distance of a place that is not inside. */
export const OUTSIDE = -1;

interface Bounds {
  readonly minLongitude: number;
  readonly maxLongitude: number;
  readonly minLatitude: number;
  readonly maxLatitude: number;
}

/** Far more than rounding can take a distance from what it is. */
const SAFELY_BEYOND = 1 + 1e-9;
const SAFELY_BEYOND_M = 1e-3;

/** The places at most so far from the center. */
export class Circle extends SearchArea {
  readonly #radiusM: number;
  /** A difference of latitudes, in degrees, that takes a place out of the circle whatever its longitude is. */
  readonly #latitudeOutside: number;

  constructor(longitude: number, latitude: number, radiusM: number) {
    super(longitude, latitude, radiusM, boundsAround(longitude, latitude, radiusM, radiusM));
    this.#radiusM = radiusM;
    this.#latitudeOutside = toDegrees((radiusM * SAFELY_BEYOND + SAFELY_BEYOND_M) / EARTH_RADIUS_M);
  }

  override distanceInside(score: number): number {
    const latitude = latitudeOf(score);
    if (Math.abs(latitude - this.latitude) > this.#latitudeOutside) return OUTSIDE;
    const distance = distanceBetween(this.longitude, this.latitude, longitudeOf(score), latitude);
    return distance > this.#radiusM ? OUTSIDE : distance;
  }
}

/** The places at most half a height north or south of the center, and half a width, along their own latitude, east or west. */
export class Box extends SearchArea {
  readonly #halfWidthM: number;
  readonly #halfHeightM: number;

  constructor(longitude: number, latitude: number, widthM: number, heightM: number, reachM: number) {
    super(longitude, latitude, reachM, boundsAround(longitude, latitude, widthM / 2, heightM / 2));
    this.#halfWidthM = widthM / 2;
    this.#halfHeightM = heightM / 2;
  }

  override distanceInside(score: number): number {
    const latitude = latitudeOf(score);
    if (latitudeDistance(latitude, this.latitude) > this.#halfHeightM) return OUTSIDE;
    const longitude = longitudeOf(score);
    if (distanceBetween(longitude, latitude, this.longitude, latitude) > this.#halfWidthM) return OUTSIDE;
    return distanceBetween(this.longitude, this.latitude, longitude, latitude);
  }
}

/** The places inside of a ring of straight lines on the map, by the parity of the lines that lie east of them. */
export class Polygon extends SearchArea {
  readonly #longitudes: readonly number[];
  readonly #latitudes: readonly number[];

  /** Of at least three corners, in degrees; the last is joined to the first. The center is the mean of them in space. */
  constructor(longitudes: readonly number[], latitudes: readonly number[]) {
    const center = meanPlace(longitudes, latitudes);
    const bounds = boundsOf(longitudes, latitudes);
    super(center.longitude, center.latitude, farthestCorner(center, bounds), bounds);
    this.#longitudes = longitudes;
    this.#latitudes = latitudes;
  }

  override distanceInside(score: number): number {
    const latitude = latitudeOf(score);
    const longitude = longitudeOf(score);
    const longitudes = this.#longitudes;
    const latitudes = this.#latitudes;
    let isInside = false;
    for (let at = 0, before = longitudes.length - 1; at < longitudes.length; before = at++) {
      const south = latitudes[at]!;
      const north = latitudes[before]!;
      if (south > latitude === north > latitude) continue;
      const west = longitudes[at]!;
      if (longitude < ((longitudes[before]! - west) * (latitude - south)) / (north - south) + west) {
        isInside = !isInside;
      }
    }
    return isInside ? distanceBetween(this.longitude, this.latitude, longitude, latitude) : OUTSIDE;
  }
}

/** The rectangle around what reaches so far to each side. The edge nearer to a pole is the longer one in degrees. */
function boundsAround(longitude: number, latitude: number, aside: number, upward: number): Bounds {
  const northward = toDegrees(upward / EARTH_RADIUS_M);
  const polar = latitude < 0 ? latitude - northward : latitude + northward;
  const eastward = toDegrees(aside / EARTH_RADIUS_M / Math.cos(toRadians(polar)));
  return {
    minLongitude: longitude - eastward,
    maxLongitude: longitude + eastward,
    minLatitude: latitude - northward,
    maxLatitude: latitude + northward,
  };
}

function boundsOf(longitudes: readonly number[], latitudes: readonly number[]): Bounds {
  const extreme = (choose: (a: number, b: number) => number, of: readonly number[]) =>
    of.reduce((a, b) => choose(a, b));
  return {
    minLongitude: extreme(Math.min, longitudes),
    maxLongitude: extreme(Math.max, longitudes),
    minLatitude: extreme(Math.min, latitudes),
    maxLatitude: extreme(Math.max, latitudes),
  };
}

interface Place {
  readonly longitude: number;
  readonly latitude: number;
}

/** The place beneath the mean of places taken as points in space. */
function meanPlace(longitudes: readonly number[], latitudes: readonly number[]): Place {
  let [x, y, z] = [0, 0, 0];
  for (let at = 0; at < longitudes.length; at++) {
    const east = toRadians(longitudes[at]!);
    const north = toRadians(latitudes[at]!);
    x += EARTH_RADIUS_M * Math.cos(north) * Math.cos(east);
    y += EARTH_RADIUS_M * Math.cos(north) * Math.sin(east);
    z += EARTH_RADIUS_M * Math.sin(north);
  }
  const count = longitudes.length;
  [x, y, z] = [x / count, y / count, z / count];
  return {
    longitude: toDegrees(Math.atan2(y, x)),
    latitude: toDegrees(Math.atan2(z, Math.sqrt(x * x + y * y))),
  };
}

function farthestCorner({ longitude, latitude }: Place, bounds: Bounds): number {
  const { minLongitude, maxLongitude, minLatitude, maxLatitude } = bounds;
  return Math.max(
    distanceBetween(longitude, latitude, minLongitude, maxLatitude),
    distanceBetween(longitude, latitude, maxLongitude, maxLatitude),
    distanceBetween(longitude, latitude, minLongitude, minLatitude),
    distanceBetween(longitude, latitude, maxLongitude, minLatitude),
  );
}
