import type { TraceSize } from './traces.ts';

/** The traces of the tests, and of the server's recorded rates. */
export const TEST_SIZE: TraceSize = { requests: 200_000, keys: 20_000, capacity: 2000 };
/** How many keys there are before the limit is halved. */
export const SHRINK_KEYS = 4000;
