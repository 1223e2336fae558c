import type { Entry, Stored } from '../entry.ts';
import type { KeyEvent } from '../events.ts';

/**
 * Notes which keys are used, for a policy that asks for it: in {@link Entry.access}, which only it understands. While there
 * is one, all strings are in entries.
 */
export interface AccessTracker {
  /** A command has read what the entry holds. */
  read(entry: Entry): void;
  /** A command looks at what it holds in order to change that, if it comes to it. */
  usedToWrite(entry: Entry): void;
  /** A command has changed it, and says so by this event. */
  written(entry: Entry, event: KeyEvent): void;
  /** It is put under a key, in the place of that. {@link written} follows. */
  placed(entry: Entry, old: Stored | undefined): void;
  /** Text as what stands in the map, once it is placed, or started. */
  textEntry(text: string): Entry;
  /** From now on the entry is followed; it counts as used now. */
  start(entry: Entry): void;
  /** Where the entry stands among those that may have to go: the one with the lowest rank goes first. */
  rank(entry: Entry): number;
  /** For how many seconds nobody has used it, or `undefined` if that is not known. */
  idleSeconds(entry: Entry): number | undefined;
  /** Has it count as not used for so long, if that is what is noted. */
  setIdleSeconds(entry: Entry, seconds: number): void;
  /** How often it is used, from 0 to 255, or `undefined` if that is not known. */
  frequency(entry: Entry): number | undefined;
  /** Has it count as used so often, if that is what is noted. */
  setFrequency(entry: Entry, frequency: number): void;
  /** The clock has been moved. */
  clockMoved(): void;
}
