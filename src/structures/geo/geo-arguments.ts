import { describe } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { requireOptions } from '../../keyspace/arguments.ts';
import type {
  GeoBox,
  GeoPosition,
  GeoRadius,
  GeoResultOptions,
  GeosearchOptions,
  GeoUnit,
} from './geo-options.ts';
import { isOnMap } from './geohash.ts';
import { Box, Circle, Polygon, type SearchArea } from './search-area.ts';

/** How many meters a unit is. */
const METERS: ReadonlyMap<unknown, number> = new Map([
  ['m', 1],
  ['km', 1000],
  ['ft', 0.3048],
  ['mi', 1609.34],
]);

/** The words of the wire that chose the method, which is told of them; a method without details knows none of them. */
const WITH = ['withcoord', 'withdist', 'withhash'] as const;
const RESULT = ['order', 'count', 'any'] as const;
const SHAPE = ['frommember', 'fromlonlat', 'byradius', 'bybox', 'bypolygon'] as const;
export const GEOADD_OPTIONS: ReadonlySet<string> = new Set(['nx', 'xx', 'ch']);
export const GEODIST_OPTIONS: ReadonlySet<string> = new Set(['unit']);
export const GEOSEARCH_OPTIONS: ReadonlySet<string> = new Set([...SHAPE, ...RESULT]);
export const GEOSEARCH_DETAILS_OPTIONS: ReadonlySet<string> = new Set([...SHAPE, ...RESULT, ...WITH]);
export const GEOSEARCHSTORE_OPTIONS: ReadonlySet<string> = new Set([...SHAPE, ...RESULT, 'storedist']);
export const GEORADIUS_OPTIONS: ReadonlySet<string> = new Set(RESULT);
export const GEORADIUS_DETAILS_OPTIONS: ReadonlySet<string> = new Set([...RESULT, ...WITH]);
export const GEORADIUS_STORE_OPTIONS: ReadonlySet<string> = new Set([...RESULT, 'store', 'storedist']);

/** @throws ReplyError if the unit is none */
export function metersIn(unit: GeoUnit): number {
  const meters = METERS.get(unit);
  if (meters === undefined) throw errors.unsupportedUnit();
  return meters;
}

/** @throws ReplyError if they are no numbers, or lie beyond the map */
export function requirePosition(longitude: number, latitude: number): void {
  requireNumber(longitude, errors.notAFloat);
  requireNumber(latitude, errors.notAFloat);
  if (!isOnMap(longitude, latitude)) throw errors.invalidPosition(longitude, latitude);
}

/** The radius in meters. @throws ReplyError if it is no number, or negative, or the unit is none */
export function requireRadius(radius: number): void {
  requireNumber(radius, errors.radiusNotNumeric);
  if (radius < 0) throw errors.radiusNegative();
}

/** @throws ReplyError if a side is no number, or negative */
export function requireSides(width: number, height: number): void {
  requireNumber(width, errors.widthNotNumeric);
  requireNumber(height, errors.heightNotNumeric);
  if (width < 0 || height < 0) throw errors.sideNegative();
}

/** @throws ReplyError if it is no positive integer */
export function requireSearchCount(count: number): void {
  if (!Number.isInteger(count)) throw errors.notAnInteger();
  if (count <= 0) throw errors.searchCountNotPositive();
}

function requireNumber(value: number, error: typeof errors.notAFloat): void {
  if (typeof value !== 'number' || Number.isNaN(value)) throw error();
}

/** What of the options is about the order and the number of results, as the search needs it. */
export interface ResultRules {
  readonly isSorted: boolean;
  readonly isDescending: boolean;
  /** Infinity for all. */
  readonly count: number;
  /** How many to find before it is enough; 0 for all. */
  readonly most: number;
}

/** @throws ReplyError if an option is none of its values, or `any` stands alone */
export function resultRules(options: GeoResultOptions): ResultRules {
  const { order, count, any } = options;
  if (order !== undefined && order !== 'asc' && order !== 'desc') throw errors.syntax();
  if (count !== undefined) requireSearchCount(count);
  if (any === true && count === undefined) throw errors.anyNeedsCount();
  return {
    // Of a part, it has to be known which: the nearest.
    isSorted: order !== undefined || (count !== undefined && any !== true),
    isDescending: order === 'desc',
    count: count ?? Number.POSITIVE_INFINITY,
    most: any === true ? count! : 0,
  };
}

/**
 * Whether the options say where to search, and once only.
 *
 * @param command its name, for the text of the error
 * @throws ReplyError otherwise
 */
export function requireShape(options: GeosearchOptions, command: string): void {
  const { frommember, fromlonlat, byradius, bybox, bypolygon } = options;
  const centers = count(frommember) + count(fromlonlat);
  const shapes = count(byradius) + count(bybox) + count(bypolygon);
  if (centers > 1 || shapes > 1 || (centers > 0 && bypolygon !== undefined)) throw errors.syntax();
  if (centers === 0 && bypolygon === undefined) throw errors.centerMissing(command);
  if (shapes === 0) throw errors.shapeMissing(command);
}

function count(option: unknown): number {
  return option === undefined ? 0 : 1;
}

/** @throws ReplyError if a number of the options is wrong, in the order in which they are named */
export function requireShapeNumbers({ fromlonlat, byradius, bybox, bypolygon }: GeosearchOptions): void {
  if (fromlonlat !== undefined) {
    requireObject(fromlonlat, '{ longitude, latitude } as fromlonlat');
    requirePosition(fromlonlat.longitude, fromlonlat.latitude);
  }
  if (byradius !== undefined) {
    requireObject(byradius, '{ radius, unit } as byradius');
    requireRadius(byradius.radius);
    metersIn(byradius.unit);
  }
  if (bybox !== undefined) {
    requireObject(bybox, '{ width, height, unit } as bybox');
    requireSides(bybox.width, bybox.height);
    metersIn(bybox.unit);
  }
  if (bypolygon !== undefined) requirePolygon(bypolygon);
}

/** @throws ReplyError if it has not three corners on the map; TypeError if it is no array */
export function requirePolygon(corners: readonly GeoPosition[]): void {
  if (!Array.isArray(corners))
    throw new TypeError('expected an array of { longitude, latitude } as bypolygon');
  if (corners.length < LEAST_CORNERS) throw errors.tooFewVertices();
  for (const corner of corners as readonly GeoPosition[]) {
    requireObject(corner, '{ longitude, latitude } as a corner');
    requirePosition(corner.longitude, corner.latitude);
  }
}

/** @throws TypeError if this is no object at all */
export function requireObject(value: object | null | undefined, what: string): void {
  if (typeof value !== 'object' || value === null)
    throw new TypeError(`expected ${what}, got ${describe(value)}`);
}

export const LEAST_CORNERS = 3;

/** An area, and how many meters its unit is. */
export interface SearchShape {
  readonly area: SearchArea;
  readonly unitM: number;
}

/** The circle around a place. */
export function circleAround(longitude: number, latitude: number, { radius, unit }: GeoRadius): SearchShape {
  const unitM = metersIn(unit);
  return { area: new Circle(longitude, latitude, radius * unitM), unitM };
}

/** The box around a place. */
export function boxAround(longitude: number, latitude: number, { width, height, unit }: GeoBox): SearchShape {
  const unitM = metersIn(unit);
  const reachM = Math.sqrt((width / 2) * (width / 2) + (height / 2) * (height / 2)) * unitM;
  return { area: new Box(longitude, latitude, width * unitM, height * unitM, reachM), unitM };
}

/** The polygon with these corners; its distances are in meters. */
export function polygonOf(corners: readonly GeoPosition[]): SearchShape {
  const longitudes = corners.map(({ longitude }) => longitude);
  const latitudes = corners.map(({ latitude }) => latitude);
  return { area: new Polygon(longitudes, latitudes), unitM: 1 };
}

/** @throws TypeError if options are misspelt */
export function requireKnown(options: object | undefined, known: ReadonlySet<string>): void {
  if (options !== undefined) requireOptions(options, known);
}

/** What was given, as an array; what is no array counts as one. */
export function oneOrMore<T extends object>(given: T | readonly T[]): readonly T[] {
  return Array.isArray(given) ? given : [given as T];
}
