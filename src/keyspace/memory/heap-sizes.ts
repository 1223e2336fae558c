import { MAP_ENTRY_BYTES } from '../../bytes/heap-bytes.ts';

// What the parts of a database take in V8 on 64 bits, measured by `npm run bench -- --only honesty`.

/** A key's place in the map, on an average. */
export const KEY_BYTES = MAP_ENTRY_BYTES;
/** An entry, without its value: on an average, as its time is an object of its own once any key has ever expired. */
export const ENTRY_BYTES = 88;
/** The timer of a key that expires, and the time. */
export const TIMER_BYTES = 100;
/** A place among the candidates for eviction, on an average: two arrays, which grow by half when they are full. */
export const CANDIDATE_BYTES = 20;
/** A slot for text of which uses are noted, on an average: in three arrays. */
export const TEXT_SLOT_BYTES = 24;
/** A record in the order of SCAN, on an average, with what is known of former orders. */
export const SCAN_RECORD_BYTES = 12;
