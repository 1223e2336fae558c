/**
 * Who pays for work that takes long and is done where no machine is at hand: hashing a text of a megabyte, comparing two of
 * them, reading a source. It is one for all machines, because only one runs at a time.
 */

/** A machine that runs, as far as it is asked for payment. */
export interface Meter {
  stepsLeft: number;
  spend(steps: number): void;
  allocate(bytes: number): void;
}

/** Where nothing runs, nobody pays. */
const NOBODY: Meter = { stepsLeft: 0, spend: () => {}, allocate: () => {} };

let meter: Meter = NOBODY;

/** Texts so long are worth paying for whenever they are looked at from end to end. */
export const LONG_TEXT = 4096;
/** Looking at so many bytes is one step: as a shift. */
const BYTES_PER_STEP_BITS = 6;

/** Lets a machine pay from now on. @returns who did before: to be told again when it has ended */
export function payFrom(machine: Meter | undefined): Meter {
  const before = meter;
  meter = machine ?? NOBODY;
  return before;
}

/** Notes that so many bytes were looked at. It never throws: the machine looks at its limits soon after. */
export function lookedAt(bytes: number): void {
  meter.stepsLeft -= bytes >>> BYTES_PER_STEP_BITS;
}

/**
 * To be called before work of so many steps, of which so many bytes come.
 *
 * @throws Interruption if the run may not have that much, or must end
 */
export function payFor(steps: number, bytes: number): void {
  meter.allocate(bytes);
  meter.spend(steps);
}
