/**
 * Places as numbers of 52 bits, the scores of a geospatial index.
 *
 * The longitudes from -180 to 180 are divided into 2^26 columns, the latitudes that a Mercator map shows into 2^26 rows.
 * The number of a cell has the bits of its column and of its row by turns, the column's first:
 *
 *     column  x25 x24 … x0          score  x25 y25 x24 y24 … x0 y0
 *     row     y25 y24 … y0                 └── high 26 ──┘ └ low 26 ┘
 *
 * so that the cells of a larger cell are a range of numbers. A number of the host has 53 exact bits, and its bitwise
 * operators work on 32: scores are handled in halves of 26.
 *
 * Invariants:
 *
 * 1. The score of a place is an integer below 2^52, unless it lies on the eastern or northern edge of the map, which is
 *    the beginning of a column or row more: then it may be as great as 2^54, and is rounded as 64-bit integers are that
 *    become doubles.
 * 2. A decoded place is the middle of its cell, and lies on the map.
 */

/** The edges of the map, in degrees. What lies closer to a pole cannot be indexed. */
export const MOST_LONGITUDE = 180;
export const MOST_LATITUDE = 85.05112878;

/** Into how many columns and rows the map is divided most finely, as a power of two. */
export const MOST_STEPS = 26;

const COLUMNS = 2 ** MOST_STEPS;
const HALF = 2 ** 26;
const LEAST_UNUSUAL_SCORE = 2 ** 52;
const LONGITUDES = MOST_LONGITUDE - -MOST_LONGITUDE;
const LATITUDES = MOST_LATITUDE - -MOST_LATITUDE;

/** Whether a place lies on the map. */
export function isOnMap(longitude: number, latitude: number): boolean {
  return (
    longitude >= -MOST_LONGITUDE &&
    longitude <= MOST_LONGITUDE &&
    latitude >= -MOST_LATITUDE &&
    latitude <= MOST_LATITUDE
  );
}

/** The score of a place on the map. O(1). */
export function scoreOf(longitude: number, latitude: number): number {
  return interleave(columnAt(longitude, MOST_STEPS), rowAt(latitude, MOST_STEPS), 0);
}

/** The column in which a longitude lies, of 2^steps. On the eastern edge, it is one more than there are. */
export function columnAt(longitude: number, steps: number): number {
  return Math.floor(((longitude - -MOST_LONGITUDE) / LONGITUDES) * 2 ** steps);
}

/** The row in which a latitude lies, of 2^steps. On the northern edge, it is one more than there are. */
export function rowAt(latitude: number, steps: number): number {
  return Math.floor(((latitude - -MOST_LATITUDE) / LATITUDES) * 2 ** steps);
}

/** The longitude at which a column of 2^steps begins. */
export function columnStart(column: number, steps: number): number {
  return -MOST_LONGITUDE + (column / 2 ** steps) * LONGITUDES;
}

/** The latitude at which a row of 2^steps begins. */
export function rowStart(row: number, steps: number): number {
  return -MOST_LATITUDE + (row / 2 ** steps) * LATITUDES;
}

/**
 * The number of a cell, plus `more`. Exact but for one rounding at the end.
 *
 * @param column and `row` are below 2^27
 */
export function interleave(column: number, row: number, more: number): number {
  const high = (spread(column >>> 13) << 1) | spread(row >>> 13);
  const low = (spread(column & 0x1fff) << 1) | spread(row & 0x1fff);
  return high * HALF + (low + more);
}

/** The longitude of the place that a score means, whatever score it is. O(1). */
export function longitudeOf(score: number): number {
  let column: number;
  if (score >= 0 && score < LEAST_UNUSUAL_SCORE) {
    const high = Math.floor(score / HALF);
    column = gather(high >>> 1) * 0x2000 + gather((score - high * HALF) >>> 1);
  } else {
    column = unusualLane(score, 1n);
  }
  const start = -MOST_LONGITUDE + (column / COLUMNS) * LONGITUDES;
  const end = -MOST_LONGITUDE + (((column + 1) >>> 0) / COLUMNS) * LONGITUDES;
  return Math.max(-MOST_LONGITUDE, Math.min(MOST_LONGITUDE, (start + end) / 2));
}

/** The latitude of the place that a score means, whatever score it is. O(1). */
export function latitudeOf(score: number): number {
  let row: number;
  if (score >= 0 && score < LEAST_UNUSUAL_SCORE) {
    const high = Math.floor(score / HALF);
    row = gather(high) * 0x2000 + gather(score - high * HALF);
  } else {
    row = unusualLane(score, 0n);
  }
  const start = -MOST_LATITUDE + (row / COLUMNS) * LATITUDES;
  const end = -MOST_LATITUDE + (((row + 1) >>> 0) / COLUMNS) * LATITUDES;
  return Math.max(-MOST_LATITUDE, Math.min(MOST_LATITUDE, (start + end) / 2));
}

const ALPHABET = '0123456789bcdefghjkmnpqrstuvwxyz';
const GLOBE_LATITUDES = 180;
const TEXT_BITS_OF_HIGH = [21, 16, 11, 6, 1] as const;
const TEXT_BITS_OF_LOW = [17, 12, 7, 2] as const;

/**
 * The geohash of a score's place as everybody else writes it: eleven letters and digits. Its rows reach from pole to pole,
 * so the place is encoded anew. Of the 55 bits in it 50 are used; the last letter is always 0. O(1).
 */
export function geohashTextOf(score: number): string {
  const column = Math.floor(((longitudeOf(score) - -MOST_LONGITUDE) / LONGITUDES) * COLUMNS);
  const row = Math.floor(((latitudeOf(score) - -90) / GLOBE_LATITUDES) * COLUMNS);
  const high = (spread(column >>> 13) << 1) | spread(row >>> 13);
  const low = (spread(column & 0x1fff) << 1) | spread(row & 0x1fff);
  let text = '';
  for (const bits of TEXT_BITS_OF_HIGH) text += ALPHABET[(high >>> bits) & 31]!;
  text += ALPHABET[((high & 1) << 4) | (low >>> 22)]!;
  for (const bits of TEXT_BITS_OF_LOW) text += ALPHABET[(low >>> bits) & 31]!;
  return `${text}0`;
}

/** Sixteen bits moved apart to the even places of 32. */
function spread(bits: number): number {
  let x = (bits | (bits << 8)) & 0x00ff00ff;
  x = (x | (x << 4)) & 0x0f0f0f0f;
  x = (x | (x << 2)) & 0x33333333;
  return (x | (x << 1)) & 0x55555555;
}

/** The bits in the even places of 32, moved together. */
function gather(bits: number): number {
  let x = bits & 0x55555555;
  x = (x | (x >>> 1)) & 0x33333333;
  x = (x | (x >>> 2)) & 0x0f0f0f0f;
  x = (x | (x >>> 4)) & 0x00ff00ff;
  return (x | (x >>> 8)) & 0xffff;
}

/**
 * Any sorted set can be read as an index. A score that no place has is taken as processors take it that make an
 * unsigned 64-bit integer of a double: the fraction is cut off, negative numbers count from 2^64 down, and what is
 * beyond is one bit or none.
 *
 * @param lane 0 for the even bits, 1 for the odd ones
 */
function unusualLane(score: number, lane: bigint): number {
  let bits: bigint;
  if (score < 2 ** 63) bits = score >= -(2 ** 63) ? BigInt(Math.trunc(score)) : 2n ** 63n;
  else bits = score < 2 ** 64 ? BigInt(score) : 0n;
  bits = BigInt.asUintN(64, bits) >> lane;
  const low = gather(Number(bits & 0xffffffffn));
  const high = gather(Number((bits >> 32n) & 0xffffffffn));
  return high * 0x10000 + low;
}
