import type { ByteString } from '../../bytes/byte-string.ts';
import type { KeyEvent } from '../events.ts';

/**
 * Notes which keys are used, for a policy that asks for it: as a number from 1 to 2^30 for each key, which only the tracker
 * understands. It is kept with the key's entry, or beside its text (`TextSlots`); 0 is what was never noted.
 *
 * What is given here as `access` is what is noted of the key so far; what is returned takes its place.
 */
export interface AccessTracker {
  /** A command has read what the key holds. */
  read(access: number): number;
  /** A command looks at what it holds in order to change that, if it comes to it; if it does, {@link written} follows. */
  usedToWrite(access: number, key: ByteString): number;
  /** A command has changed it, and says so by this event. */
  written(access: number, key: ByteString, event: KeyEvent): number;
  /** It is put under a key, of which that was noted while it held something else, or 0. {@link written} follows. */
  placed(access: number, key: ByteString, oldAccess: number): number;
  /** It is followed from now on, and counts as used now. */
  start(): number;
  /** Where a key stands among those that may have to go: the one with the lowest rank goes first. */
  rank(access: number): number;
  /** For how many seconds nobody has used it, or `undefined` if that is not known. */
  idleSeconds(access: number): number | undefined;
  /** What is noted of a key that was not used for so long, or `undefined` if that is not what is noted. */
  idleFor(seconds: number): number | undefined;
  /** How often it is used, from 0 to 255, or `undefined` if that is not known. */
  frequency(access: number): number | undefined;
  /** What is noted of a key that is used so often, or `undefined` if that is not what is noted. */
  usedSoOften(frequency: number): number | undefined;
  /** The clock has been moved. */
  clockMoved(): void;
}
