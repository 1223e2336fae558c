import { columnAt, columnStart, interleave, MOST_STEPS, rowAt, rowStart } from './geohash.ts';
import type { SearchArea } from './search-area.ts';

/**
 * Which cells of the map a search looks into: the one that its center lies in, and the eight around it, of a size that
 * should let them cover the area; those that the area does not reach are left out.
 *
 *     6  1  5
 *     4  0  3      in this order, in which Redis answers
 *     8  2  7
 *
 * Beyond an edge of the map lies its other edge, the poles not excepted.
 */

/** Half of the earth's circumference on the map, in meters. */
const MERCATOR_MOST_M = 20_037_726.37;

/** Columns and rows of the nine cells, seen from the first. */
const EASTWARD = [0, 0, 0, 1, -1, 1, -1, 1, -1] as const;
const NORTHWARD = [0, 1, -1, 0, 0, 1, 1, -1, -1] as const;

/**
 * The ranges of scores to look through, one after the other: in even places where they begin, behind that where
 * they have ended. No range directly repeats one before. O(1).
 */
export function scoreRangesOf(area: SearchArea): number[] {
  const { longitude, latitude, minLongitude, maxLongitude, minLatitude, maxLatitude } = area;
  let steps = estimateSteps(area.reachM, latitude);
  if (steps > 1 && !isCovered(area, steps)) steps--;

  const column = columnAt(longitude, steps);
  const row = rowAt(latitude, steps);
  // Only cells of some fineness are few enough for leaving one out to matter.
  const leavesOut = steps >= 2;
  const noSouth = leavesOut && rowStart(row, steps) < minLatitude;
  const noNorth = leavesOut && rowStart(row + 1, steps) > maxLatitude;
  const noWest = leavesOut && columnStart(column, steps) < minLongitude;
  const noEast = leavesOut && columnStart(column + 1, steps) > maxLongitude;

  const ranges: number[] = [];
  const scale = 4 ** (MOST_STEPS - steps);
  let lastStart = Number.NaN;
  for (let at = 0; at < EASTWARD.length; at++) {
    const east = EASTWARD[at]!;
    const north = NORTHWARD[at]!;
    if ((noNorth && north > 0) || (noSouth && north < 0) || (noEast && east > 0) || (noWest && east < 0)) {
      continue;
    }
    const x = moved(column, east, steps);
    const y = moved(row, north, steps);
    const start = interleave(x, y, 0) * scale;
    if (start === lastStart) continue;
    ranges.push(start, interleave(x, y, 1) * scale);
    lastStart = start;
  }
  return ranges;
}

/** How finely to divide the map for nine cells to cover what reaches so far: one cell as large as that is wide, or larger. */
function estimateSteps(reachM: number, latitude: number): number {
  if (reachM === 0) return MOST_STEPS;
  let steps = -1;
  for (let sizeM = reachM; sizeM < MERCATOR_MOST_M; sizeM *= 2) steps++;
  // Towards the poles degrees become short.
  const poleward = Math.abs(latitude);
  if (poleward > 66) steps--;
  if (poleward > 80) steps--;
  return Math.max(1, Math.min(MOST_STEPS, steps));
}

/** Whether the cells around the center's reach as far as the area does, on each side. */
function isCovered(area: SearchArea, steps: number): boolean {
  const column = columnAt(area.longitude, steps);
  const row = rowAt(area.latitude, steps);
  return !(
    rowStart(moved(row, 1, steps) + 1, steps) < area.maxLatitude ||
    rowStart(moved(row, -1, steps), steps) > area.minLatitude ||
    columnStart(moved(column, 1, steps) + 1, steps) < area.maxLongitude ||
    columnStart(moved(column, -1, steps), steps) > area.minLongitude
  );
}

/** The column or row a step further, around the map. Where no step is made, an edge stays the edge. */
function moved(position: number, by: number, steps: number): number {
  return by === 0 ? position : (position + by) & (2 ** steps - 1);
}
