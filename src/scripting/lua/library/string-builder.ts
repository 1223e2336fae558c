import { allocation } from '../values/allocation.ts';
import { LuaError } from '../values/lua-error.ts';
import type { MachineServices } from '../values/native-call.ts';

/** No string may be longer, in bytes: a little less than the shortest limit of the common engines. */
export const LONGEST_STRING = 2 ** 29 - 64;

/** Copying so many bytes is one step: as a shift. */
const BYTES_PER_STEP_BITS = 6;
/** What is told to the machine at a time. */
const LUMP_BYTES = 65_536;
/** What a string takes besides its bytes. */
const STRING_BYTES = 24;

/**
 * To be called before a string of so many bytes is made.
 *
 * @throws LuaError if no string can be so long
 * @throws Interruption if the run may not have that much, or must end
 */
export function willMakeString(machine: MachineServices, length: number): void {
  if (length >= LUMP_BYTES) {
    machine.allocate(length);
    if (length > LONGEST_STRING) throw new LuaError('not enough memory');
    machine.spend(length >>> BYTES_PER_STEP_BITS);
  } else {
    allocation.bytes += length + STRING_BYTES;
  }
}

/** A string made of pieces, whose length is minded. */
export class StringBuilder {
  text = '';
  private readonly machine: MachineServices;
  /** The length the machine was told. */
  private known = 0;
  /** The length from which on it has to be told again. */
  private limit = LUMP_BYTES;

  constructor(machine: MachineServices) {
    this.machine = machine;
  }

  /**
   * @throws LuaError if no string can be so long
   * @throws Interruption if the run may not have that much, or must end
   */
  add(piece: string): void {
    const length = this.text.length + piece.length;
    if (length > this.limit) this.tell(length);
    allocation.bytes += STRING_BYTES;
    this.text += piece;
  }

  finish(): string {
    allocation.bytes += this.text.length - this.known;
    return this.text;
  }

  private tell(length: number): void {
    // All of it, for nobody else sees it yet; therefore less often the longer it gets.
    this.machine.allocate(length);
    if (length > LONGEST_STRING) throw new LuaError('not enough memory');
    this.machine.spend((length - this.known) >>> BYTES_PER_STEP_BITS);
    this.known = length;
    this.limit = Math.min(length + Math.max(LUMP_BYTES, length >>> 1), LONGEST_STRING);
  }
}
