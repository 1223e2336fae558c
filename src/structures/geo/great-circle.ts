/**
 * Distances on a sphere of the size of the earth, by the haversine formula, in meters.
 *
 *     a = sin²(Δlatitude / 2) + cos latitude₁ · cos latitude₂ · sin²(Δlongitude / 2)
 *     distance = 2 · radius · asin √a
 */

/** The earth's quadratic mean radius, in meters. */
export const EARTH_RADIUS_M = 6_372_797.560856;

const DEGREE = Math.PI / 180;

export function toRadians(degrees: number): number {
  return degrees * DEGREE;
}

export function toDegrees(radians: number): number {
  return radians / DEGREE;
}

/** The distance between two places of one longitude. */
export function latitudeDistance(latitude1: number, latitude2: number): number {
  return EARTH_RADIUS_M * Math.abs(toRadians(latitude2) - toRadians(latitude1));
}

/** The distance between two places. */
export function distanceBetween(
  longitude1: number,
  latitude1: number,
  longitude2: number,
  latitude2: number,
): number {
  const v = Math.sin((toRadians(longitude2) - toRadians(longitude1)) / 2);
  if (v === 0) return latitudeDistance(latitude1, latitude2);
  const north1 = toRadians(latitude1);
  const north2 = toRadians(latitude2);
  const u = Math.sin((north2 - north1) / 2);
  const a = u * u + Math.cos(north1) * Math.cos(north2) * v * v;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(a));
}
