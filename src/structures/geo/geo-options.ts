import type { Bytes } from '../../bytes/byte-string.ts';

/** Meters, kilometers, feet, miles. */
export type GeoUnit = 'm' | 'km' | 'ft' | 'mi';

/** A place on the map. */
export interface GeoPosition {
  /** Degrees east, from -180 to 180. */
  readonly longitude: number;
  /** Degrees north, from -85.05112878 to 85.05112878. */
  readonly latitude: number;
}

/** A member of a geospatial index, and where it is. */
export interface GeoMember<S = string> extends GeoPosition {
  readonly member: S;
}

/** Options of `geoadd`. `nx` and `xx` exclude each other. */
export interface GeoaddOptions {
  /** Only add members. */
  nx?: boolean;
  /** Only move members that are there. */
  xx?: boolean;
  /** Count not only the members added, but also those that were moved. */
  ch?: boolean;
}

/** Options of `geodist`. */
export interface GeodistOptions {
  /** Default `'m'`. */
  unit?: GeoUnit;
}

/** A circle around the center of a search. */
export interface GeoRadius {
  /** In `unit`. */
  readonly radius: number;
  readonly unit: GeoUnit;
}

/** A box around the center of a search, its sides along the meridians and parallels. */
export interface GeoBox {
  /** From west to east, in `unit`. */
  readonly width: number;
  /** From south to north, in `unit`. */
  readonly height: number;
  readonly unit: GeoUnit;
}

/** How many places a search answers, and in which order. */
export interface GeoResultOptions {
  /** By distance from the center: the nearest first, or the farthest. Default: none, or `'asc'` with `count`. */
  order?: 'asc' | 'desc';
  /** How many at most, at least 1: the nearest, or with `order: 'desc'` the farthest. Default: all. */
  count?: number;
  /** Any `count` places will do: stop once there are so many. */
  any?: boolean;
}

/**
 * Options of `geosearch` and `geosearchWithDetails`: a center, `frommember` or `fromlonlat`, and around it a shape,
 * `byradius` or `bybox`; or `bypolygon`, which has a center of its own.
 */
export interface GeosearchOptions extends GeoResultOptions {
  /** The center is where this member is. */
  frommember?: Bytes;
  /** The center. */
  fromlonlat?: GeoPosition;
  byradius?: GeoRadius;
  bybox?: GeoBox;
  /** At least three corners; the last is joined to the first. Valkey 9.0 has it, Redis has not. */
  bypolygon?: readonly GeoPosition[];
}

/** Options of `geosearchstore`. */
export interface GeosearchstoreOptions extends GeosearchOptions {
  /** Store distances from the center as scores, in the unit of the shape, instead of places. */
  storedist?: boolean;
}

/** Options of `georadiusStore` and `georadiusbymemberStore`: one of `store` and `storedist`. */
export interface GeoradiusStoreOptions extends GeoResultOptions {
  /** The key that becomes an index of what is found. */
  store?: Bytes;
  /** The key that becomes a sorted set of what is found, distances from the center being the scores. */
  storedist?: Bytes;
}

/** A member that a search found. */
export interface GeoFound<S = string> extends GeoMember<S> {
  /** From the center, in the unit of the search, to four digits behind the point. */
  readonly distance: number;
  /** The score that stands for its place: 52 bits, two more on the edge of the map. */
  readonly hash: number;
}
