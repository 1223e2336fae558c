import type { Entry } from '../entry.ts';

/**
 * Notes which keys are used, for a policy that asks for it: in {@link Entry.access}, which only it understands. While there
 * is one, all strings are in entries.
 */
export interface AccessTracker {
  /** A command has read what the entry holds. */
  read(entry: Entry): void;
  /** A command has changed it, or put it under its key. */
  written(entry: Entry): void;
  /** Text as what stands in the map. */
  textEntry(text: string): Entry;
}
