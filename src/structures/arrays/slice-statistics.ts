import type { ArraySlice } from './array-slice.ts';

/** What its slices are like, as ARINFO FULL tells it besides. */
export interface SliceStatistics {
  readonly denseSlices: number;
  readonly sparseSlices: number;
  readonly averageDenseSize: number;
  readonly averageDenseFill: number;
  readonly averageSparseSize: number;
}

/** What these slices are like. O(slices). */
export function statisticsOf(slices: Iterable<ArraySlice>): SliceStatistics {
  let denseSlices = 0;
  let sparseSlices = 0;
  let windows = 0;
  let held = 0;
  let capacities = 0;
  for (const slice of slices) {
    if (slice.isDense) {
      denseSlices++;
      windows += slice.capacity;
      held += slice.count;
    } else {
      sparseSlices++;
      capacities += slice.capacity;
    }
  }
  return {
    denseSlices,
    sparseSlices,
    averageDenseSize: denseSlices === 0 ? 0 : windows / denseSlices,
    averageDenseFill: windows === 0 ? 0 : held / windows,
    averageSparseSize: sparseSlices === 0 ? 0 : capacities / sparseSlices,
  };
}
